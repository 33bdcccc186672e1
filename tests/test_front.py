"""The pages that come first in the preview are those of the build; only they are made anew."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from scripts.engines import Order
from scripts.front import FEW, Past, front_pages, touched
from scripts.memory import NOTHING
from scripts.model import Package
from scripts.reprint import Reprint
from scripts.site import environment
from tests.conftest import sound
from tests.helpers import TODAY
from tests.test_history import Repository


def revalued(package: Package, numbers: set[int]) -> Package:
    """The package with other values in some observations."""
    rows = tuple(
        replace(row, value=row.value + Decimal(1)) if number in numbers else row
        for number, row in enumerate(package.observations)
    )
    return replace(package, observations=rows)


def test_an_edited_value_touches_its_indicator(package: Package) -> None:
    assert touched(package, package) == set()
    assert touched(package, revalued(package, {0})) == {package.observations[0].kpi_id}
    fewer = replace(package, targets=package.targets[1:])
    assert touched(package, fewer) == {package.targets[0].kpi_id}


def test_other_edits_are_not_quick(package: Package) -> None:
    """What stands on many pages, and what makes pages come and go."""
    assert touched(package, replace(package, kpis=package.kpis[1:])) is None
    assert touched(package, replace(package, goals=package.goals[1:])) is None
    named = replace(package, descriptor={**package.descriptor, "title": "x"})
    assert touched(package, named) is None
    assert FEW < 50


def test_the_pages_ahead_are_those_of_the_build(package: Package, tmp_path: Path) -> None:
    from scripts.build import render

    only = {kpi.kpi_id for kpi in package.kpis[:2]}
    ahead = front_pages(package, only, TODAY, None, NOTHING)
    (tmp_path / "docs").mkdir()
    whole = render(package, tmp_path / "docs", TODAY, pngs=False)
    assert set(ahead) == {
        path
        for path in whole
        if path.startswith(("kpis/", "data/kpis/", "embed/"))
        and path.split("/")[-1 - path.startswith("embed/")].partition(".")[0] in only
    }
    for path, content in ahead.items():
        assert whole[path] == content, path


def test_the_history_is_read_again_after_a_commit_or_for_other_words(tmp_path: Path) -> None:
    town = Repository(tmp_path / "town")
    past = Past(town.descriptor)
    package = sound(town.descriptor)
    first = past.now(package)
    assert first == town.history()
    assert first
    assert past.now(sound(town.descriptor)) is first
    town.column("observations", "note", "見直しました。")
    assert past.now(sound(town.descriptor)) is first, "not committed yet"
    town.commit("注を改めました")
    second = past.now(sound(town.descriptor))
    assert second == town.history() != first
    kpi = replace(package.kpis[0], name="別の名前")
    assert past.now(replace(package, kpis=(kpi, *package.kpis[1:]))) != second
    cut = tmp_path / "cut"
    town.git("clone", "--quiet", "--depth=1", f"file://{town.folder}", str(cut))
    past = Past(cut / "datapackage.json")
    assert past.now(package) is not past.now(package), "it can be deepened without a commit"


SETTINGS = """
site_name: 町
site_url: https://example.jp/
theme: {name: material, language: ja, font: false}
plugins: []
not_in_nav: /kpis/*
nav: [index.md]
"""


def page(title: str, text: str) -> str:
    return f"---\ntitle: {title}\n---\n\n# {title}\n\n{text}\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of staged pages, with a memory of its own."""
    monkeypatch.setattr("scripts.cache.FOLDER", tmp_path / "cache")
    (tmp_path / "docs" / "kpis").mkdir(parents=True)
    (tmp_path / "mkdocs.yml").write_text(SETTINGS, encoding="utf-8")
    for name in ("index", "kpis/a", "kpis/b"):
        (tmp_path / f"docs/{name}.md").write_text(page(name, "一"), encoding="utf-8")
    (tmp_path / "docs" / "a.csv").write_text("一", encoding="utf-8")
    return tmp_path


def test_only_what_changed_is_made_anew(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And it is what making everything gives."""
    for name, value in environment(TODAY).items():
        monkeypatch.setenv(name, value)
    docs, site = place / "docs", place / "preview"
    reprint = Reprint(docs, site)

    def order(folder: Path) -> Order:
        return Order(place / "mkdocs.yml", docs, folder, TODAY, False, environment(TODAY))

    assert reprint.stale() is None
    assert reprint.whole(order(site))
    assert reprint.stale() == set()
    before = (site / "kpis/b/index.html").stat()
    (docs / "kpis/a.md").unlink()
    (docs / "kpis/a.md").write_text(page("別の題", "[二](b.md)"), encoding="utf-8")
    (docs / "a.csv").unlink()
    (docs / "a.csv").write_text("二", encoding="utf-8")
    stale = reprint.stale()
    assert stale == {"kpis/a.md", "a.csv"}
    assert reprint.follow(stale)
    assert reprint.stale() == set()
    assert (site / "a.csv").read_text(encoding="utf-8") == "二"
    assert (site / "kpis/b/index.html").stat() == before
    fresh = place / "fresh"
    assert Reprint(docs, fresh).whole(order(fresh))
    for file in (f for f in fresh.rglob("*") if f.is_file()):
        assert (site / file.relative_to(fresh)).read_bytes() == file.read_bytes(), file
    (docs / "index.md").write_text(page("題", "一"), encoding="utf-8")
    assert reprint.stale() is None, "the menu shows it on every page"
    (docs / "kpis/c.md").write_text(page("c", "一"), encoding="utf-8")
    assert reprint.stale() is None
