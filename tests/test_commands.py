"""``scripts.check`` and ``scripts.build``: what they print, how they exit, what they leave."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from scripts.build import main as build_main
from scripts.build import render
from scripts.check import main as check_main
from tests.conftest import sound
from tests.helpers import FIXTURE, TODAY, Copy, run

DOCS = ["--docs", str(FIXTURE / "docs"), "--today", TODAY.isoformat()]

GOOD = "問題は見つかりませんでした。"


@pytest.fixture
def town(town: Copy) -> Copy:
    """A copy about which the check has nothing to ask."""
    town.calm()
    return town


def two_mistakes(town: Copy) -> None:
    """One mistake in each of two files."""
    town.cell("observations", "farm-persons,2025", "value", "１８")
    town.cell("sources", "plan-first", "title", "")


def check(town: Copy, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str]:
    """Exit code and output of a check."""
    code = check_main([str(town.descriptor), *more])
    return code, capsys.readouterr().out


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Content and time of every file."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder with the pages of an earlier build."""
    folder = tmp_path / "build" / "docs"
    (folder / "kpis").mkdir(parents=True)
    (folder / "index.md").write_bytes(b"old home")
    (folder / "kpis" / "a.md").write_bytes(b"old indicator")
    for file in folder.rglob("*.md"):
        os.utime(file, (1_000_000_000, 1_000_000_000))
    return folder


def test_check_counts_the_rows_of_every_table(
    town: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    """A good package: its tables with their counts, then the verdict, exit 0."""
    code, output = check(town, capsys)
    assert code == 0
    lines = output.splitlines()
    assert "observations（実績）: 25行" in lines
    assert "targets（目標）: 10行" in lines
    tables = [line for line in lines if re.match("[a-z_]+（", line)]
    assert len(tables) == len(list((FIXTURE / "data").glob("*.csv")))
    # then the project list beside its printed totals, year by year
    assert lines[len(tables) :] == [
        "関連事業の突き合わせ（予算は千円）",
        "年度  基本目標  行      印字  再掲      印字  予算の和     印字  差  再掲を除く",
        "2019    goal-1   4         4     1         1    37,400   37,400   0      36,200",
        "2019      全体   4  印字なし     1  印字なし    37,400   37,400   0      36,200",
        "2023    goal-1   2         2     0         0     8,450    8,450   0       8,450",
        "2023    goal-2   2         2     1         1   123,906  123,906   0     123,456",
        "2023      全体   4         4     1         1   132,356  132,356   0     131,906",
        GOOD,
    ]
    assert lines[-1] == GOOD


def test_check_tells_everything_at_once(town: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    """A bad package: every problem on its line, how many there are, exit 1, and no counts."""
    two_mistakes(town)
    code, output = check(town, capsys)
    assert code == 1
    assert output.splitlines() == [
        "data/observations.csv:12: value: 「１８」は数値として読めません。"
        "半角数字で、桁区切りなしで書いてください（例: 18）。 [type-error]",
        "data/sources.csv:2: title: 「資料名」が空です。資料を見て、値を書いてください。"
        " [required-cell]",
        "2件の直すところがあります。直すまで公開されません。",
    ]


def test_check_with_a_warning_is_good(town: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    """A warning is said and counted; publishing goes on, exit 0."""
    town.bytes("observations", lambda text: b"\xef\xbb\xbf" + text)
    code, output = check(town, capsys)
    assert code == 0
    assert output.startswith(
        "data/observations.csv: （確認）先頭に BOM（見えない印）が付いています。"
    )
    assert output.splitlines()[-1] == "公開できます。1件の確認するところがあります。"


def test_check_as_json(town: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    """The same as a list of objects and nothing else, for programs."""
    two_mistakes(town)
    code, output = check(town, capsys, "--format", "json")
    assert code == 1
    first, second = json.loads(output)
    assert first == {
        "path": "data/observations.csv",
        "row": 12,
        "field": "value",
        "code": "type-error",
        "message": "「１８」は数値として読めません。",
        "fix": "半角数字で、桁区切りなしで書いてください（例: 18）。",
        "value": "１８",
        "level": "error",
    }
    assert (second["path"], second["row"], second["field"]) == ("data/sources.csv", 2, "title")


def test_check_as_json_without_problems(town: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    """Programs get an empty list, not a sentence."""
    code, output = check(town, capsys, "--format", "json")
    assert (code, json.loads(output)) == (0, [])


def test_check_as_annotations(town: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    """GitHub marks the line; its special characters are escaped, a file as a whole is line 1."""
    town.cell("observations", "clinic-satisfaction,2023", "value", "100.5")
    town.bytes("ratings", lambda text: text.replace(b"\n", b"\r\n"))
    code, output = check(town, capsys, "--format", "github")
    assert code == 1
    assert output.splitlines()[:2] == [
        "::error file=data/observations.csv,line=5::value: 「100.5」は割合（%25）として"
        "0から100の外です。小数点の位置と単位を資料と見比べてください。正しければ、kpis.csv の"
        " caution に「マイナスになることがある」か「100%25を超えることがある」と書いてください。"
        " [percentage-range]",
        "::warning file=data/ratings.csv,line=1::改行が LF ではなく CRLF です。"
        "「nox -s tidy」で直せます。 [line-ending]",
    ]


def test_problems_are_the_same_in_every_format(
    town: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    """Text, JSON and annotations tell one story."""
    two_mistakes(town)
    text = check(town, capsys)[1].splitlines()[:-1]
    listed = json.loads(check(town, capsys, "--format", "json")[1])
    marked = check(town, capsys, "--format", "github")[1].splitlines()[:-1]
    assert [f"{p['path']}:{p['row']}: {p['field']}: {p['message']}{p['fix']}" for p in listed] == [
        line.rpartition(" [")[0] for line in text
    ]
    assert [line.rpartition("::")[2].partition(": ")[2] for line in marked] == [
        line.split(": ", 2)[2] for line in text
    ]


def test_build_stages_the_pages(town: Copy, old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A good package takes the place of the old tree, says what it made, exit 0.

    The copy stands outside any repository: the history of ours is not that of the town.
    """
    built = render(sound(town.descriptor), FIXTURE / "docs", TODAY)
    assert build_main([str(town.descriptor), *DOCS, "--out", str(old)]) == 0
    made = snapshot(old)
    assert {path: content for path, (content, _) in made.items()} == built
    pages = sum(path.endswith(".md") for path in built)
    assert f"{len(built)} ファイル（ページ {pages}、指標 9、実績 25）" in capsys.readouterr().out


def test_build_of_a_broken_package_leaves_the_old_tree(
    town: Copy, old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every byte and every time stays, nothing is left beside it, the problems are said, exit 1."""
    before = snapshot(old)
    two_mistakes(town)
    assert build_main([str(town.descriptor), *DOCS, "--out", str(old)]) == 1
    assert snapshot(old) == before
    assert [path.name for path in old.parent.iterdir()] == ["docs"]
    output = capsys.readouterr().out
    assert "data/observations.csv:12: value: " in output and "data/sources.csv:2: " in output
    assert "前に作ったページはそのまま残しています。" in output


def test_build_that_fails_while_rendering_leaves_the_old_tree(
    town: Copy, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even a fault of ours takes nothing away."""
    before = snapshot(old)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("scripts.build.stock", fail)
    with pytest.raises(RuntimeError, match="a fault of ours"):
        build_main([str(town.descriptor), *DOCS, "--out", str(old)])
    assert snapshot(old) == before


WRONG_USE = [
    ("build", ["--today", "yesterday"]),
    ("build", ["--today", "2026-02-30"]),
    ("build", ["--docs", "no-such-folder"]),
    ("build", ["--no-such-option"]),
    ("build", ["one.json", "two.json"]),
    ("check", ["--format", "xml"]),
    ("check", ["--no-such-option"]),
    ("check", ["one.json", "two.json"]),
]


@pytest.mark.parametrize(("command", "arguments"), WRONG_USE)
def test_wrong_use_exits_2(
    command: str, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong use is not a problem of the data: exit 2 and the usage, before anything is read."""
    with pytest.raises(SystemExit) as stopped:
        {"build": build_main, "check": check_main}[command](arguments)
    assert stopped.value.code == 2
    assert f"使い方: python -m scripts.{command}" in capsys.readouterr().err


def test_commands_run_as_modules(town: Copy, old: Path) -> None:
    """``python -m`` hands the exit code on, from any folder, in a process of its own."""
    good = run("-m", "scripts.check", str(town.descriptor), cwd=old)
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.endswith(GOOD + "\n")
    two_mistakes(town)
    broken = run("-m", "scripts.build", str(town.descriptor), *DOCS, "--out", str(old))
    assert (broken.returncode, broken.stderr) == (1, "")
    assert run("-m", "scripts.check", "--format", "xml").returncode == 2


def test_the_default_package_is_the_one_in_this_folder(town: Copy) -> None:
    """Staff type no arguments."""
    done = run("-m", "scripts.check", cwd=town.folder)
    assert done.returncode == 0 and "observations（実績）: 25行" in done.stdout


def test_a_package_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A wrong folder ends in a sentence."""
    done = run("-m", "scripts.check", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert "datapackage.json が見つかりません。" in done.stdout


def test_a_build_never_writes_over_what_it_reads(
    town: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    """A write empties its folder: the tables, the package and the documents are out of bounds."""
    docs = town.folder / "docs"
    before = snapshot(town.folder)
    for out in (town.folder / "data", town.folder, docs, docs / "pages"):
        with pytest.raises(SystemExit) as end:
            build_main([str(town.descriptor), "--docs", str(docs), "--out", str(out)])
        assert end.value.code == 2
        assert "もとのファイルと重なっています" in capsys.readouterr().err
    assert snapshot(town.folder) == before
