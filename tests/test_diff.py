"""The comparison with a revision: whole outputs, corrections and their reasons, wrong use."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scripts.diff.__main__ import main
from scripts.diff.compare import compare
from scripts.diff.pages import compare_pages, staged_pages
from scripts.diff.report import cell
from scripts.load import load_package
from scripts.model import Package
from tests.helpers import FIXTURE, TODAY, Copy, run

Compare = Callable[[str, bytes], None]


class History(Copy):
    """A copy of the fixture package under git, its first state committed on ``main``."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit()

    def git(self, *arguments: str) -> str:
        """Run git in the copy, as nobody in particular on a fixed day."""
        settings = ["-c", "user.name=test", "-c", "user.email=test@example.jp"]
        done = subprocess.run(
            ["git", *settings, *arguments],
            cwd=self.folder,
            env={
                "GIT_AUTHOR_DATE": "2026-11-20T09:00:00+09:00",
                "GIT_COMMITTER_DATE": "2026-11-20T09:00:00+09:00",
                "GIT_CONFIG_GLOBAL": "/dev/null",
                "PATH": "/usr/bin:/bin:/usr/local/bin",
            },
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def commit(self) -> None:
        """Commit all that is there."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "data")

    def diff(self, *arguments: str) -> tuple[int, str]:
        """Exit code and output of the command, hashes blanked out."""
        said = io.StringIO()
        with chdir(self.folder), redirect_stdout(said), redirect_stderr(said):
            try:
                code = main(["--today", str(TODAY), *arguments])
            except SystemExit as end:
                code = int(end.code or 0)
        return code, re.sub(r"（[0-9a-f]{7,}、", "（0000000、", said.getvalue())


@pytest.fixture
def history(tmp_path: Path) -> History:
    """The fixture package with a history."""
    return History(tmp_path / "town")


def a_year_of_work(town: Copy) -> None:
    """One of each kind of change, every correction with its reason."""
    town.add("observations", "waste-per-person,2025,825.0,final,yearbook-2025,40ページ,")
    rows = town.rows("observations")
    town.write("observations", [rows[0], *sorted(rows[1:], key=lambda r: (r[0], int(r[1])))])
    town.cell("observations", "library-loans,2025", "value", "61000")
    town.cell("observations", "library-loans,2025", "note", "年鑑の | 正誤表に合わせた。")
    town.cell("observations", "clinic-satisfaction,2025", "value", "59.1")
    town.cell("observations", "clinic-satisfaction,2025", "status", "final")
    town.cell("observations", "town-residents,2022", "locator", "4ページ")
    town.drop("observations", "company-visits-2022,2023")
    town.cell(
        "kpis", "company-visits-2022", "caution", "2023年度の値は、資料の取り下げで取り消した。"
    )
    town.cell("targets", "plan-2,waste-per-person", "target_value", "780")
    town.cell("targets", "plan-2,waste-per-person", "target_note", "中間見直しで下げた。")
    town.cell("evaluations", "plan-2,2025,farm-persons", "rating", "keep")
    town.cell("evaluations", "plan-2,2025,farm-persons", "note", "読み違いを直した。")
    town.cell("sources", "yearbook-2025", "published", "2025-12")
    (town.folder / "docs" / "help.md").write_text("# 使い方 {#help}\n", encoding="utf-8")


REPORTS = {"text": "diff/diff.txt", "markdown": "diff/diff.md"}


@pytest.mark.parametrize(("form", "name"), REPORTS.items())
def test_everything_the_public_will_see_change_is_told(
    history: History, same_as_expected: Compare, form: str, name: str
) -> None:
    a_year_of_work(history)
    code, text = history.diff("main", "--format", form)
    assert code == 0, text
    same_as_expected(name, text.encode())


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_nothing_changed_is_said(history: History, form: str) -> None:
    code, text = history.diff("--format", form)
    assert code == 0
    assert "公開されるものに、変わるところはありません。" in text
    assert "main（0000000、2026-11-20）" in text


def test_the_markdown_also_goes_to_a_file(history: History, tmp_path: Path) -> None:
    a_year_of_work(history)
    summary = tmp_path / "summary.md"
    summary.write_text("前の行\n", encoding="utf-8")
    code, text = history.diff("main", "--summary", str(summary))
    assert code == 0, text
    written = summary.read_text(encoding="utf-8")
    assert written.startswith("前の行\n## 公開されるものの変わるところ\n")
    assert (
        "| 訂正 2025年度の実績 | 57,800冊 | 61,000冊 | 年鑑の &#124; 正誤表に合わせた。 |"
        in written
    )


def correct_value(town: Copy) -> None:
    town.cell("observations", "library-loans,2024", "value", "55900")


def correct_value_with_old_note(town: Copy) -> None:
    """The row has a note, but it was there before and explains nothing."""
    town.cell("observations", "library-loans,2019", "value", "46600")


def withdraw_value(town: Copy) -> None:
    town.drop("observations", "library-loans,2023")


def move_value(town: Copy) -> None:
    town.cell("observations", "waste-per-person,2022", "year", "2023")


def correct_target(town: Copy) -> None:
    town.cell("targets", "plan-2,library-loans", "target_value", "61000")


def correct_baseline(town: Copy) -> None:
    """The year moves; the rules of the package itself are content."""
    town.cell("targets", "plan-2,waste-per-person", "baseline_value", "850.0")


def correct_grade(town: Copy) -> None:
    town.cell("evaluations", "plan-2,2025,library-loans", "rating", "grow")


def withdraw_grade(town: Copy) -> None:
    town.drop("evaluations", "plan-2,2025,library-loans")


LIBRARY = "公開済みの「図書館の貸出冊数」の"
WASTE = "公開済みの「1人1日あたりのごみの量」の"
UNEXPLAINED = [
    (correct_value, f"observations.csv:19: note: {LIBRARY}2024年度の実績が 55,800冊 から 55,900冊"),
    (
        correct_value_with_old_note,
        f"observations.csv:15: note: {LIBRARY}2019年度の実績が 46,500冊 から 46,600冊",
    ),
    (withdraw_value, f"kpis.csv:8: caution: {LIBRARY}2023年度の実績（53,600冊）がなくなります"),
    (move_value, f"kpis.csv:10: caution: {WASTE}2022年度の実績（841.0 g）がなくなります"),
    (
        correct_target,
        f"targets.csv:9: target_note: {LIBRARY}第2期の目標が 60,000冊（2026年度） から 61,000冊",
    ),
    (
        correct_baseline,
        f"targets.csv:11: baseline_note: {WASTE}第2期の基準値が 850.5 g（2020年度） から 850.0 g",
    ),
    (correct_grade, f"evaluations.csv:5: note: {LIBRARY}2025年度の市の評価が 継続 から 拡大"),
    (withdraw_grade, f"kpis.csv:8: caution: {LIBRARY}2025年度の市の評価（継続）がなくなります"),
]


@pytest.mark.parametrize(("change", "line"), UNEXPLAINED, ids=[c.__name__ for c, _ in UNEXPLAINED])
def test_a_correction_without_a_reason_stops(
    history: History, change: Callable[[Copy], None], line: str
) -> None:
    change(history)
    assert history.problems() == [], "the check itself must be content"
    code, text = history.diff("main")
    assert code == 1
    assert f"\ndata/{line}" in text
    assert text.endswith("公開済みの値の訂正に、理由のないものが1件あります。\n")


def test_annotations_mark_the_row(history: History) -> None:
    correct_value(history)
    code, text = history.diff("main", "--format", "github")
    assert code == 1
    assert "\n::error file=data/observations.csv,line=19::note: " in text


@pytest.mark.parametrize(
    ("change", "table", "key", "field"),
    [
        (correct_value, "observations", "library-loans,2024", "note"),
        (correct_value_with_old_note, "observations", "library-loans,2019", "note"),
        (withdraw_value, "kpis", "library-loans", "caution"),
        (move_value, "observations", "waste-per-person,2023", "note"),
        (correct_target, "targets", "plan-2,library-loans", "target_note"),
        (correct_baseline, "targets", "plan-2,waste-per-person", "baseline_note"),
        (correct_grade, "evaluations", "plan-2,2025,library-loans", "note"),
        (withdraw_grade, "kpis", "library-loans", "caution"),
    ],
)
def test_a_reason_in_the_note_is_enough(
    history: History, change: Callable[[Copy], None], table: str, key: str, field: str
) -> None:
    change(history)
    history.cell(table, key, field, "資料の正誤表に合わせた。")
    code, text = history.diff("main")
    assert code == 0, text
    assert "       理由: 資料の正誤表に合わせた。" in text


def test_a_published_address_must_stay(package: Package) -> None:
    gone = "bright-index"
    tables = ("kpis", "targets", "observations", "evaluations")
    kept: dict[str, Any] = {
        table: tuple(r for r in getattr(package, table) if r.kpi_id != gone) for table in tables
    }
    without = replace(package, **kept)
    (problem,) = compare(package, without).problems
    assert problem.code == "kpi-removed"
    assert f"ページ /kpis/{gone}/ を開けなくなります" in problem.message


def test_another_municipality_starts_anew(package: Package) -> None:
    """Whoever takes the site over for another plan corrects nothing of the old one."""
    other = {**package.descriptor, "municipality": {"code": "999999", "name": "別の町"}}
    moved = replace(
        package,
        descriptor=other,
        observations=tuple(replace(o, value=o.value + 1) for o in package.observations),
    )
    found = compare(package, moved)
    assert found.foreign
    assert found.problems == []
    assert any(change.kind == "訂正" for _, change in found.changes)


def test_a_shifted_row_is_no_change(history: History, package: Package) -> None:
    """Line numbers are not for the public: a row more above changes nothing below."""
    history.add("observations", "waste-per-person,2025,825.0,final,yearbook-2025,40ページ,")
    rows = history.rows("observations")
    history.write("observations", [rows[0], rows[-1], *rows[1:-1]])
    loaded = load_package(history.descriptor).package
    assert loaded is not None
    assert {kpi.kpi_id for kpi in compare(package, loaded).kpis} == {"waste-per-person"}
    docs = FIXTURE / "docs"
    changed = dict(
        compare_pages(staged_pages(package, docs, TODAY), staged_pages(loaded, docs, TODAY)).changed
    )
    assert "/kpis/waste-per-person/" in changed
    assert "/kpis/library-loans/" not in changed


def test_the_default_is_where_the_branch_left_main(history: History) -> None:
    history.git("switch", "--quiet", "--create", "work")
    correct_value(history)
    history.commit()
    code, text = history.diff()
    assert code == 1
    assert text.startswith("main（0000000、2026-11-20）と比べて")
    assert "訂正 2024年度の実績: 55,800冊 → 55,900冊" in text


def test_without_a_main_branch_head_is_the_default(history: History) -> None:
    history.git("branch", "--move", "other")
    code, text = history.diff()
    assert code == 0
    assert text.startswith("HEAD（0000000、2026-11-20）と比べて")


def test_the_work_tree_is_not_touched(history: History) -> None:
    correct_value(history)
    history.file("measures").write_bytes(history.file("measures").read_bytes())
    before = {p: p.read_bytes() for p in history.folder.rglob("*") if p.is_file()}
    history.git("add", "data/kpis.csv")
    status = history.git("status", "--porcelain")
    history.diff("main")
    after = {p: p.read_bytes() for p in history.folder.rglob("*") if p.is_file()}
    assert history.git("status", "--porcelain") == status
    assert {p for p in before.keys() | after.keys() if before.get(p) != after.get(p)} <= {
        history.folder / ".git" / "index"
    }


def test_bad_data_come_first(history: History) -> None:
    history.cell("observations", "library-loans,2024", "value", "５５８００")
    code, text = history.diff("main")
    assert code == 1
    assert "「５５８００」は数値として読めません" in text
    assert "直すまで公開されません" in text


def test_an_unknown_revision_is_wrong_use(history: History) -> None:
    code, text = history.diff("no-such-branch")
    assert code == 2
    assert text == (
        "「no-such-branch」という版が見つかりません。"
        "枝の名前、タグ、または git log に出るコミットの番号を書いてください（例: main）。\n"
    )


def test_a_revision_is_never_an_option(history: History) -> None:
    """A name that begins with a dash reaches git as a name."""
    code, text = history.diff("--", "--output=stolen")
    assert code == 2
    assert "という版が見つかりません" in text
    assert not (history.folder / "stolen").exists()


def test_outside_of_a_repository_is_wrong_use(tmp_path: Path) -> None:
    town = Copy(tmp_path / "town")
    done = run("-m", "scripts.diff", "main", cwd=town.folder, GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert done.returncode == 2
    assert "は git のリポジトリーの中にありません。" in done.stderr


def test_a_repository_without_commits_is_wrong_use(tmp_path: Path) -> None:
    town = Copy(tmp_path / "town")
    subprocess.run(["git", "init", "--quiet"], cwd=town.folder, check=True)
    done = run("-m", "scripts.diff", cwd=town.folder)
    assert done.returncode == 2
    assert "まだコミットがありません" in done.stderr


def test_a_revision_without_a_package_is_wrong_use(history: History) -> None:
    history.git("switch", "--quiet", "--orphan", "empty")
    history.git("commit", "--quiet", "--allow-empty", "--message", "nothing")
    history.git("checkout", "--quiet", "main", "--", ".")
    code, text = history.diff("empty")
    assert code == 2
    assert text.startswith("empty（0000000、2026-11-20） には datapackage.json がありません。")


def test_a_revision_that_cannot_be_read_is_wrong_use(history: History) -> None:
    good = history.file("observations").read_bytes()
    history.cell("observations", "library-loans,2024", "value", "約5万")
    history.commit()
    history.file("observations").write_bytes(good)
    code, text = history.diff("HEAD")
    assert code == 2
    assert "のデータは、今の決まりでは読めないため、比べられません。" in text
    assert "「約5万」" in text


def test_the_package_may_stand_in_a_folder(tmp_path: Path) -> None:
    """The town below a repository of its region, named from outside."""
    region = History(tmp_path / "region")
    region.git("rm", "--quiet", "-r", ".")
    town = Copy(region.folder / "towns" / "minamoto")
    region.commit()
    correct_value(town)
    done = run(
        "-m",
        "scripts.diff",
        "main",
        "towns/minamoto/datapackage.json",
        "--docs",
        "towns/minamoto/docs",
        cwd=region.folder,
    )
    assert done.returncode == 1
    assert "訂正 2024年度の実績: 55,800冊 → 55,900冊" in done.stdout


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<img src=x>|*a*", "&lt;img src=x&gt;&#124;&#42;a&#42;"),
        ("@team #12 `x`", "&#64;team &#35;12 &#96;x&#96;"),
        ("二行\nの 文", "二行 の 文"),
        ("", "（なし）"),
    ],
)
def test_values_are_text_in_markdown(text: str, shown: str) -> None:
    assert cell(text) == shown
