"""An Open SDG data repository as tables: what is carried, what is not, what a person must write.

``tests/open_sdg/kaede-data`` is of a town that does not exist. It is written from the public
documentation of Open SDG (data format, metadata format, indicator configuration) with breakdowns,
several units and series, targets in all the places where they may stand, and mistakes.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from scripts.build import render
from scripts.check import check
from scripts.import_open_sdg.__main__ import main
from scripts.import_open_sdg.report import Note, Report, to_markdown
from scripts.import_open_sdg.repository import flattened, translated
from tests.helpers import FIXTURE, ROOT, TODAY

KAEDE = ROOT / "tests" / "open_sdg" / "kaede-data"
BASE = str(FIXTURE / "datapackage.json")

SAID = [
    *("--title", "カエデ市の計画", "--first-year", "2016", "--last-year", "2030"),
    *("--publisher", "カエデ市", "--year-type", "fiscal", "--accumulation", "annual"),
    *("--status", "final"),
]
"""What a person says once for all rows."""

WRITTEN = {
    ("goals", "title"): "めざすこと",
    ("goals", "short_title"): "めざすこと",
    ("goals", "summary"): "めざすことの要約。",
    ("measures", "title"): "すること",
    ("measures", "summary"): "することの要約。",
    ("kpis", "definition"): "数えた値。",
    ("kpis", "direction"): "increase",
    ("kpis", "name_en"): "Indicator",
    ("kpis", "reading"): "よみ",
    ("sources", "description"): "調査の結果。",
    ("targets", "target_year"): "2030",
    ("units", "description"): "単位。",
}
"""What a person writes into the cells that the report names."""

BASELINES = {
    "3-1-1-s1-u1": ("2018", "1200"),
    "3-1-1-s1-u2": ("2022", "40.0"),
    "4-1-1": ("2017", "80"),
}
"""The baselines that the person found in the documents, years after the start with a reason."""


def run(out: Path, *more: str) -> int:
    """Import the repository of the test."""
    arguments = [str(KAEDE), BASE, "--out", str(out), "--today", TODAY.isoformat()]
    return main([*arguments, *more])


def rows(file: Path) -> list[dict[str, str]]:
    """The rows of a table."""
    return list(csv.DictReader(StringIO(file.read_text(encoding="utf-8"))))


WHOLE = ("report.md", "report.json", "data/kpis.csv", "data/targets.csv", "data/observations.csv")
IMPORTED = [f"open_sdg/{name}" for name in WHOLE]


def test_the_whole_import(tmp_path: Path, same_as_expected: Callable[[str, bytes], None]) -> None:
    """Without a word from a person: everything that is not in the repository stays blank."""
    assert run(tmp_path / "made") == 1
    for name in WHOLE:
        same_as_expected(f"open_sdg/{name}", (tmp_path / "made" / name).read_bytes())


def test_what_is_named_is_all_that_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the named cells written the package passes the check and its pages are made."""
    made = tmp_path / "made"
    assert run(made, *SAID, "--format", "json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads((made / "report.json").read_text(encoding="utf-8"))
    assert told["problems"] == []
    for note in told["fill"]:
        path, column = note["place"].split()
        file = made / path
        table = rows(file)
        for row in table:
            if column.startswith("baseline"):
                found = BASELINES.get(row["kpi_id"], ("", ""))
                row["baseline_note"] = row["baseline_note"] or "見直しのときの値。"
                row[column] = row[column] or found[column == "baseline_value"]
            else:
                row[column] = row[column] or WRITTEN[file.stem, column]
        with file.open("w", encoding="utf-8", newline="") as text:
            writer = csv.DictWriter(text, list(table[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(table)
    package, problems = check(made / "datapackage.json", TODAY)
    assert package is not None, [problem.line() for problem in problems]
    pages = render(package, FIXTURE / "docs", TODAY)
    page = pages["kpis/1-2-1.md"].decode()
    assert "生活に困っている世帯の割合" in page and "6.4%" in page and "4.6%" in page
    assert {"kpis/3-1-1-s1-u1.md", "kpis/3-1-1-s1-u2.md", "goals/goal-6.md"} <= set(pages)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere"], "nowhere に data フォルダーがありません。"),
        ([str(KAEDE), "--out", str(ROOT / "docs")], "は空ではありません。"),
        ([str(KAEDE), "--out", str(KAEDE / "made")], "の中です。"),
        ([str(KAEDE), "--first-year", "R6"], "「R6」は西暦4けたの年ではありません。"),
        ([str(KAEDE), "--status", "確定"], "「確定」は選べません。"),
    ],
)
def test_wrong_use_exits_2(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert sentence in capsys.readouterr().err
    assert not (KAEDE / "made").exists()


def test_nothing_is_written_when_nothing_can_be_carried(tmp_path: Path) -> None:
    """A repository of breakdowns alone leaves no half package behind."""
    source = tmp_path / "source"
    (source / "data").mkdir(parents=True)
    (source / "data" / "indicator_1-1-1.csv").write_text("Year,Sex,Value\n2020,female,1\n")
    assert main([str(source), BASE, "--out", str(tmp_path / "made")]) == 1
    assert not (tmp_path / "made").exists()


def test_the_source_stays_as_it_is(tmp_path: Path) -> None:
    before = {file: file.read_bytes() for file in KAEDE.rglob("*") if file.is_file()}
    run(tmp_path / "made", *SAID)
    assert {file: file.read_bytes() for file in KAEDE.rglob("*") if file.is_file()} == before


WORDS = {"data.female": "女性", "global_goals.1-title": "貧困"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("global_goals.1-title", "貧困"),
        ("female", "女性"),
        ("data.female", "女性"),
        ("global_goals.2-title", ""),
        ("1.2.1", "1.2.1"),
        ("女性 の\n割合", "女性 の 割合"),
        (4.5, "4.5"),
        (None, ""),
        (["a"], ""),
    ],
)
def test_texts_behind_keys(value: object, text: str) -> None:
    assert translated(value, WORDS) == text


def test_keys_of_nested_texts() -> None:
    assert dict(flattened("a", {"b": {"c": "x"}, 1: 2})) == {"a.b.c": "x", "a.1": "2"}


def test_the_report_is_sound_markdown() -> None:
    report = Report("x", left=[Note("a|b", "<b>", "1\n2")])
    assert "| a\\|b | &lt;b> | 1 2 |" in to_markdown(report)
