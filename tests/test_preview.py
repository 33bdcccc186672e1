"""What the preview shows is what a full build makes, to the byte: at once and in the end."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.serve import Preview, settings
from tests.helpers import ROOT, TODAY, Copy
from tests.test_history import Repository


def previewed(town: Copy, place: Path) -> Preview:
    """A preview of a package with everything made."""
    preview = Preview(town.descriptor, ROOT / "docs", place / "docs", TODAY, ROOT / "mkdocs.yml")
    _, preview.theme = settings(preview.config, preview.docs)
    preview.refresh()
    return preview


def tree_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def edited(town: Copy, table: str, kpi_id: str, field: str, change: str) -> None:
    """Write something else into a field of the last row of an indicator."""
    rows = town.rows(table)
    key, at = rows[0].index("kpi_id"), rows[0].index(field)
    row = [row for row in rows if row[key] == kpi_id][-1]
    assert row[at] != change
    row[at] = change
    town.write(table, rows)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment as it was before: the generator is told the day through it."""
    with monkeypatch.context() as patch:
        patch.chdir(ROOT)
        before = dict(os.environ)
        yield
        os.environ.clear()
        os.environ.update(before)


@pytest.mark.usefixtures("home")
def test_the_preview_shows_what_a_full_build_makes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town = Repository(tmp_path / "town")
    preview = previewed(town, tmp_path / "one")
    kpi_id = town.rows("evaluations")[-1][town.rows("evaluations")[0].index("kpi_id")]
    page = preview.site / "kpis" / kpi_id / "index.html"
    old = page.read_bytes()

    edited(town, "evaluations", kpi_id, "finding", "１２月に、数え方を確かめました。")
    edited(town, "targets", kpi_id, "target_value", "四")
    preview.refresh()
    assert "「四」は数値として読めません" in capsys.readouterr().out
    assert page.read_bytes() == old, "nothing of data that fail the check is shown"
    assert not preview.rest

    edited(town, "targets", kpi_id, "target_value", "77000")
    preview.refresh()
    while preview.process is None:
        time.sleep(0.01)
    stopped = preview.process
    town.commit("目標値を改めました")
    edited(town, "observations", kpi_id, "note", "ここを直しました。")
    preview.refresh()
    assert stopped.poll(), "what was being made for the edit before is not wanted any more"
    first = tree_of(preview.site)
    assert "ここを直しました。" in page.read_text(encoding="utf-8")
    assert "目標値を改めました" in page.read_text(encoding="utf-8"), "the commit is told at once"
    assert preview.rest, "the lists follow by themselves"
    preview.rest.join()
    done = tree_of(preview.site)
    assert [*(tmp_path / "one").glob(".*")] == [], "nothing is left of it"

    full = tree_of(previewed(town, tmp_path / "two").site)
    assert done == full
    ahead = [path for path in full if first[path] != full[path]]
    own = [f"kpis/{kpi_id}/index.html", f"embed/{kpi_id}/index.html"]
    own += [path for path in full if path.startswith(f"data/kpis/{kpi_id}.")]
    assert len(own) >= 6
    assert not {*own} & {*ahead}, "the page and the files of the indicator are the first to be new"
    assert "kpis/index.html" in ahead, "so it was not by making everything"


def test_an_edit_lets_the_rest_wait_and_not_for_ever(town: Copy, tmp_path: Path) -> None:
    preview = Preview(town.descriptor, ROOT / "docs", tmp_path / "docs", TODAY, ROOT / "mkdocs.yml")
    answers: list[bool] = []
    asking = threading.Thread(target=lambda: answers.append(preview.halted()))
    preview.pause()
    asking.start()
    asking.join(0.1)
    assert asking.is_alive()
    preview.resume()
    asking.join(30)
    assert answers == [False]
    preview.pause()
    preview.rest = threading.Thread(target=lambda: answers.append(preview.halted()))
    preview.rest.start()
    preview.stop()
    assert answers == [False, True]
    assert not preview.halted(), "what comes next is not stopped"
