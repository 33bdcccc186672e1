"""The 30 public rules: each bites on a planted fault, and what is kept stays kept."""

from __future__ import annotations

import html
import io
import json
from collections.abc import Mapping
from typing import Any

import pytest
from xlsxwriter import Workbook

from scripts import record as command
from scripts.build import main as build_main
from scripts.exports import stock
from scripts.exports.cells import BOM
from scripts.exports.table import Table
from scripts.model import Package
from scripts.progress import judge_all
from scripts.readability import (
    EXEMPTIONS,
    FAILED,
    RECORD,
    Report,
    measure,
    reason_of,
    record_of,
    regressions,
)
from scripts.readability.rules import RULES, valid_area
from scripts.readability.sheets import Sheet, book_sheets
from tests.helpers import FIXTURE, ROOT, TODAY, Copy


@pytest.fixture(scope="module")
def report(real: Package) -> Report:
    """The report of the real package."""
    shelf = stock(real, judge_all(real), data_date=TODAY)
    return measure(shelf.files, shelf.tables, shelf.series)


def test_there_are_30_rules() -> None:
    ids = [rule.rule_id for rule in RULES]
    wanted = {"L1": 15, "L2": 6, "L3": 9}
    assert ids == [f"{level}-{n:02}" for level, last in wanted.items() for n in range(1, last + 1)]
    assert all(rule.title and rule.how.endswith("。") for rule in RULES)


def test_the_committed_record_is_that_of_the_data(report: Report) -> None:
    """A rule that is kept better than recorded must be recorded, too."""
    record = (ROOT / RECORD).read_bytes()
    assert regressions(report, record) == []
    assert record_of(report) == record, "python -m scripts.record --write"
    assert report.summary[FAILED] == 0


def test_every_exemption_is_needed(report: Report, real: Package) -> None:
    """An exception that no file needs any more is taken out."""
    used = {reason for rule in RULES for reason in report.reasons(rule.rule_id)}
    drawn = [e for e in EXEMPTIONS if "kpis/*.[sp][vn]g" in e.files]
    assert {e.reason for e in EXEMPTIONS if e not in drawn} <= used
    assert reason_of("L1-01", "kpis/a.svg", "形式はsvgです") == drawn[0].reason
    assert reason_of("L1-01", "a.pdf", "形式はpdfです") == ""


def field(name: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    return {"name": name, "title": f"{name}の列", "description": "説明。", "type": kind, **more}


FIELDS = (
    field("area_code"),
    field("year", "integer", title="年度"),
    field("value", "number", unit="人"),
    field("kind", constraints={"enum": ["a", "b"]}, categories=[{"value": "a", "label": "A"}]),
)
MARKED = ("objects", "fills", "colours", "merges", "formulas", "conditions", "hidden")
MARKS = dict.fromkeys(MARKED, 0)


def sheet(
    rows: tuple[tuple[str, ...], ...] = (("012025", "2021", "12.5", "a"),),
    kind: str = "table",
    fields: tuple[Mapping[str, Any], ...] = FIELDS,
    **changes: Any,
) -> Sheet:
    """A small sheet that keeps every rule."""
    header = tuple(str(f["name"]) for f in fields)
    if kind == "book":
        header = tuple(str(f["title"]) + ("(人)" if "unit" in f else "") for f in fields)
    lines = [",".join(row) for row in (header, *rows)]
    values: dict[str, Any] = {
        "path": "x.csv",
        "kind": kind,
        "name": "x",
        "header": header,
        "rows": rows,
        "fields": fields,
        "raw": BOM + "".join(f"{line}\n" for line in lines).encode(),
        "marks": MARKS,
    }
    return Sheet(**values | changes)


def broken(made: Sheet) -> set[str]:
    """The rules that a sheet breaks."""
    return {r.rule_id for r in RULES if made.kind in r.kinds and list(r.find(made))}


def row(**changes: str) -> tuple[tuple[str, ...], ...]:
    good = {"area_code": "012025", "year": "2021", "value": "12.5", "kind": "a"}
    return (tuple((good | changes).values()),)


def test_a_sound_sheet_breaks_nothing() -> None:
    assert broken(sheet()) == set()
    assert broken(sheet(kind="book")) - {"L3-08"} == set()


FAULTS = [
    ("L1-01", sheet(header=())),
    ("L1-02", sheet(rows=(*row(), ("area_code", "year", "value", "kind")))),
    ("L1-03", sheet(rows=(("", "", "", ""), *row()))),
    ("L1-04", sheet(rows=(("012025", "2021", "1", "a", "メモ"),))),
    ("L1-05", sheet(header=("area_code", "year", "1", "kind"))),
    ("L1-06", sheet(row(kind="a "))),
    ("L1-06", sheet(row(area_code="氏 名 欄"))),
    ("L1-07", sheet(row(kind="a、b"))),
    ("L1-08", sheet(row(area_code="①"))),
    ("L1-08", sheet(row(area_code="〜"))),
    ("L1-09", sheet(row(value="－"))),
    ("L1-10", sheet(kind="book", marks=MARKS | {"objects": 1})),
    ("L1-11", sheet(kind="book", marks=MARKS | {"fills": 1})),
    ("L1-12", sheet(kind="book", marks=MARKS | {"merges": 1})),
    ("L1-13", sheet(kind="book", marks=MARKS | {"hidden": 1})),
    ("L1-14", sheet(raw=BOM + b'area_code,year,value,kind\n"012\n025",2021,1,a\n')),
    ("L1-15", sheet(raw=BOM + b"area_code,year,value,kind\n012025,2021,1,000,a\n")),
    ("L2-01", sheet(row(value="1,234"))),
    ("L2-01", sheet(row(), kind="book", loose=frozenset({(2, 1)}))),
    ("L2-02", sheet(row(kind="同上"))),
    ("L2-03", sheet(header=("area_code", "year", "year", "kind"))),
    ("L2-04", sheet(row(kind="c"))),
    ("L2-05", sheet(row(kind="その他（具体的に）"))),
    ("L2-06", sheet(row(kind="=1+1"))),
    ("L2-06", sheet(kind="book", marks=MARKS | {"formulas": 2})),
    ("L3-01", sheet(header=("表題", "", "", ""))),
    ("L3-02", sheet(row(kind="b"))),
    ("L3-03", sheet(row(value="X"))),
    ("L3-04", sheet(fields=(*FIELDS[:2], field("value", "number"), FIELDS[3]))),
    ("L3-05", sheet(row(year="R3"))),
    ("L3-06", sheet(row(area_code="012026"))),
    ("L3-07", sheet(header=("area_code", "year", "2021年度", "kind"))),
    ("L3-08", sheet(raw=b"area_code,year,value,kind\n012025,2021,1,a\n")),
    ("L3-09", sheet(header=("area_code", "令和3年度", "令和4年度", "kind"))),
]


@pytest.mark.parametrize(("rule_id", "made"), FAULTS, ids=[f[0] for f in FAULTS])
def test_each_rule_notices_its_fault(rule_id: str, made: Sheet) -> None:
    assert rule_id in broken(made)


def test_a_workbook_is_read_as_it_was_written() -> None:
    """Places, kinds of cells and what is hidden, merged or computed, straight from the file."""
    target = io.BytesIO()
    book = Workbook(target, {"in_memory": True})
    one, two = book.add_worksheet("一"), book.add_worksheet("二")
    one.write_row(0, 0, ["名", "年", "値", "真偽"])
    one.write_row(1, 0, ["あ", 2021, "12", True])
    one.write_row(3, 1, [2022, 1.5])
    one.write_formula(3, 3, "=1+1", None, 2)
    one.set_row(1, None, None, {"hidden": True})
    two.merge_range("A1:B1", "題")
    two.hide()
    book.close()
    fields = (field("a"), field("y", "integer"), field("v", "number"), field("b", "boolean"))
    known = Table(name="x", path="x.csv", title="一", description="", fields=fields, rows=())
    first, second = book_sheets("x.xlsx", target.getvalue(), {"一": known})
    assert (first.kind, first.label, first.header) == ("book", "一：", ("名", "年", "値", "真偽"))
    assert first.rows == (
        ("あ", "2021", "12", "true"),
        ("", "", "", ""),
        ("", "2022", "1.5", "2"),
    )
    assert first.loose == {(2, 2)}
    assert (first.marks["hidden"], first.marks["formulas"], first.marks["merges"]) == (1, 1, 0)
    assert (second.kind, second.header) == ("words", ("題",))
    assert (second.marks["hidden"], second.marks["merges"]) == (1, 1)


def test_findings_stand_in_the_order_of_the_file() -> None:
    rows = [("012025", "2021", "1", kind) for kind in ("a", "c", "b", "d", "c")]
    found = {r.rule_id: list(r.find(sheet(tuple(rows)))) for r in RULES}
    assert found["L2-04"] == ["3行のkindの列「c」", "5行のkindの列「d」", "6行のkindの列「c」"]


def test_all_rules_have_a_fault() -> None:
    assert {rule_id for rule_id, _ in FAULTS} == {rule.rule_id for rule in RULES}


def test_check_digits() -> None:
    assert valid_area("131016") and valid_area("012025")
    assert not valid_area("131017") and not valid_area("1310") and not valid_area("１３１０１６")


def test_a_rule_that_was_kept_must_stay_kept(
    town: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    """The build stops, names rule, file and finding, and leaves the old pages."""
    assert command.main([str(town.descriptor), "--write"]) == 0
    record = json.loads((town.folder / RECORD).read_bytes())
    assert record["L1-08"] == "passed"
    assert command.main([str(town.descriptor)]) == 0
    rows = town.rows("sources")
    title = rows[0].index("title")
    rows[1][title] += "①"
    town.write("sources", rows)
    capsys.readouterr()
    out = town.folder / "out"
    arguments = [str(town.descriptor), "--docs", str(FIXTURE / "docs"), "--out", str(out)]
    assert build_main([*arguments, "--today", TODAY.isoformat()]) == 1
    said = capsys.readouterr().out
    assert "L1-08" in said and "①" in said and RECORD in said
    assert not out.exists()
    assert command.main([str(town.descriptor)]) == 1


def test_without_a_record_nothing_is_refused(report: Report) -> None:
    """Another municipality starts without one; a broken one is a problem of its own."""
    assert regressions(report, None) == []
    assert regressions(report, b"{")[0].path == RECORD
    worse = Report(report.rules, {})
    assert regressions(worse, record_of(report)) == []


def test_the_page_shows_rules_files_and_reasons(built: dict[str, bytes]) -> None:
    text = html.unescape(built["data/readability.md"].decode())
    assert all(rule.rule_id in text and rule.how[:8] in text for rule in RULES)
    assert "このサイトが公開のルールを読んで決めたもの" in text
    tables = [path.removeprefix("data/") for path in built if path.endswith(".csv")]
    assert all(path in text for path in tables if "/" not in path)
    assert "kpis/*.csv" in text
