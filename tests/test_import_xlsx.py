"""From Excel: what we publish and what we hand out comes back whole; the rest is explained."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from scripts.exports.long_book import all_workbook
from scripts.exports.table import curated
from scripts.import_xlsx.__main__ import main
from scripts.import_xlsx.book import open_book
from scripts.import_xlsx.sheets import read_book
from scripts.import_xlsx.template import COLUMNS, indicators, make_template
from scripts.load.limits import MAX_DIGITS
from scripts.model import Package
from tests.helpers import Copy

HEAD = [title for title, _ in COLUMNS]
GOOD = ["farm-persons", "新規就農者数", "人", 2025, 18, 2024, 16, "確定値", None, "33ページ", None]
"""A filled row of the template; the source is put in by :func:`filled`."""

SOURCE = "みなもと市統計書_2025年版_"


def contents(town: Copy) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (town.folder / "data").iterdir()}


def filled(path: Path, *changes: tuple[str, Any], sheet: str = "実績の入力") -> Path:
    """A small workbook like the template, with one good row and some cells changed."""
    workbook = Workbook()
    page = workbook.worksheets[0]
    page.title = sheet
    page.append(HEAD)
    page.append(
        [SOURCE if title == "出典" else cell for title, cell in zip(HEAD, GOOD, strict=True)]
    )
    for place, value in changes:
        page[place] = value
    workbook.save(path)
    return path


@pytest.fixture
def run(town: Copy, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, list[str]]]:
    """Import a workbook into the copy; exit code and what was said."""

    def import_it(file: Path, *more: str) -> tuple[int, list[str]]:
        code = main([str(file), str(town.descriptor), *more])
        return code, capsys.readouterr().out.splitlines()

    return import_it


# --- there and back -----------------------------------------------------------------------------


def published(package: Package) -> bytes:
    """``all.xlsx`` of a package, made of its own tables."""
    return all_workbook(curated(package), [("項目", "内容")], "題", "市", "")


def emptied(town: Copy) -> None:
    """Take out every row that can be brought back from the workbook."""
    for table in ("observations", "projects", "achievements"):
        town.write(table, town.rows(table)[:1])


@pytest.mark.parametrize("which", ["fixture", "real"])
def test_all_tables_come_back_from_the_published_workbook(
    which: str, town: Copy, real: Package, package: Package, tmp_path: Path
) -> None:
    """Every table, every row, every cell with its printed digits."""
    source = package if which == "fixture" else real
    file = tmp_path / "all.xlsx"
    file.write_bytes(published(source))
    workbook, _ = open_book(file)
    assert workbook is not None
    book = read_book("all.xlsx", workbook, source)
    assert book.problems == []
    tables = {table.name: table for table in curated(source)}
    assert {sheet.table for sheet in book.sheets} == {n for n, t in tables.items() if t.rows}
    for sheet in book.sheets:
        table = tables[sheet.table]
        rows = [tuple(row.get(name, "") for name in table.header) for _, row in sheet.rows]
        assert rows == list(table.rows)


def test_the_published_workbook_changes_nothing(
    package: Package, town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    file = tmp_path / "all.xlsx"
    file.write_bytes(published(package))
    before = contents(town)
    code, said = run(file)
    assert (code, said[-1]) == (0, "新しい値はありませんでした。")
    assert contents(town) == before


def test_lost_rows_come_back(
    package: Package, town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    """CSV → XLSX → CSV: the same bytes, the order of the rows included."""
    file = tmp_path / "all.xlsx"
    file.write_bytes(published(package))
    before = contents(town)
    for key in ("library-loans,2019", "library-loans,2023", "clinic-satisfaction,2023"):
        town.drop("observations", key)
    assert run(file)[0] == 0
    assert contents(town) == before


def test_the_workbook_of_one_indicator_comes_back(
    built: dict[str, bytes], town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    """Japanese titles, labels and the title of the source instead of codes."""
    file = tmp_path / "clinic-satisfaction.xlsx"
    file.write_bytes(built["data/kpis/clinic-satisfaction.xlsx"])
    before = contents(town)
    assert run(file)[1][-1] == "新しい値はありませんでした。"
    town.drop("observations", "clinic-satisfaction,2023")
    assert run(file)[0] == 0
    assert contents(town) == before


DIGITS = st.decimals(
    min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=3
).filter(lambda d: len(d.as_tuple().digits) <= MAX_DIGITS)
TEXT = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Z")),
    max_size=20,
)


@given(
    values=st.lists(st.tuples(DIGITS, st.integers(0, 3), TEXT), min_size=1, max_size=5),
)
def test_values_and_texts_survive_the_round_trip(
    tmp_path_factory: pytest.TempPathFactory,
    package: Package,
    values: list[tuple[Decimal, int, str]],
) -> None:
    """Any number with its decimals and any text, formulas and all, is the same afterwards."""
    (table,) = [t for t in curated(package) if t.name == "observations"]
    rows = tuple(
        (
            *("farm-persons", str(2000 + n)),
            format(value, f".{places}f").replace("-0", "0", 1)
            if not round(value, places)
            else format(round(value, places), f".{places}f"),
            *("final", "yearbook-2025", "1ページ", text),
        )
        for n, (value, places, text) in enumerate(values)
    )
    from dataclasses import replace

    file = tmp_path_factory.mktemp("book") / "all.xlsx"
    file.write_bytes(all_workbook([replace(table, rows=rows)], [], "題", "市", ""))
    workbook, _ = open_book(file)
    assert workbook is not None
    (sheet,) = read_book("all.xlsx", workbook, package).sheets
    assert [tuple(row[name] for name in table.header) for _, row in sheet.rows] == list(rows)


# --- the template -------------------------------------------------------------------------------


def template(package: Package, year: int) -> Worksheet:
    workbook = load_workbook(io.BytesIO(make_template(package, year)))
    return workbook.worksheets[0]


def test_the_template_has_a_row_per_indicator(package: Package) -> None:
    """The last value with its printed digits stands beside the empty cell; nothing is locked."""
    sheet = template(package, 2026)
    assert [cell.value for cell in sheet[1]] == HEAD
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    assert set(rows) == {t.kpi_id for t in package.targets if t.strategy_id == "plan-2"}
    row = rows["clinic-satisfaction"]
    assert [cell.value for cell in row[3:7]] == [2025, 58.9, 2026, None]
    assert (row[4].number_format, row[6].number_format) == ("0.0", "0.0")
    assert sheet.freeze_panes == "C2"
    assert not sheet.protection.sheet
    lists = [v for v in sheet.data_validations.dataValidation if v.type == "list"]
    assert len(lists) == 2


def test_a_year_outside_every_term_gets_all_indicators(package: Package) -> None:
    assert list(indicators(package, 2050)) == list(package.kpis)


def test_an_empty_template_changes_nothing(
    town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    file = tmp_path / "2026.xlsx"
    assert run(file, "--template", "2026")[0] == 0
    before = contents(town)
    code, said = run(file)
    assert (code, said[-1]) == (0, "新しい値はありませんでした。")
    assert contents(town) == before


def test_a_template_of_a_published_year_changes_nothing(
    town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    """What is published stands in it already, and is the same when it comes back."""
    file = tmp_path / "2025.xlsx"
    run(file, "--template", "2025")
    before = contents(town)
    assert run(file)[1][-1] == "新しい値はありませんでした。"
    assert contents(town) == before


def test_a_filled_template_is_imported(
    town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    """The year's path: make the template, fill a cell, choose from the lists, import, check."""
    file = tmp_path / "2026.xlsx"
    run(file, "--template", "2026")
    workbook = load_workbook(file)
    sheet = workbook.worksheets[0]
    (row,) = [r for r in sheet.iter_rows(min_row=2) if r[0].value == "clinic-satisfaction"]
    for cell, value in zip(row[6:], (60, "速報値", SOURCE, "21ページ", "速報。"), strict=True):
        cell.value = value
    workbook.save(file)
    code, said = run(file)
    assert code == 0
    assert said[-2:] == [
        "data/observations.csv: 「clinic-satisfaction・2026」 → 新しい行 value=60.0、"
        "status=provisional、source_id=yearbook-2025、locator=21ページ、note=速報。",
        "data/observations.csv の1か所を変えました。",
    ]
    rows = [",".join(row) for row in town.rows("observations")]
    new = "clinic-satisfaction,2026,60.0,provisional,yearbook-2025,21ページ,速報。"
    assert rows.index(new) == rows.index(next(r for r in rows if r.startswith("clinic-"))) + 3
    assert [line for line in town.problems() if "（確認）" not in line] == []


def test_a_new_document_comes_in_with_its_values(
    town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    """Typed into the same workbook, chosen by its title like those that are there already."""
    file = tmp_path / "2026.xlsx"
    run(file, "--template", "2026")
    workbook = load_workbook(file)
    sources = workbook["出典資料"]
    empty = next(row for row in sources.iter_rows(min_row=2) if row[0].value is None)
    assert empty[3].number_format == "@"
    facts = ("yearbook-2026", "統計書（2026年版）", "みなもと市", "2026-10", "2025年度の実績。")
    for cell, value in zip(empty, facts, strict=False):
        cell.value = value
    sheet = workbook.worksheets[0]
    choice = next(v for v in sheet.data_validations.dataValidation if "I2" in str(v.sqref))
    assert choice.formula1.startswith("'出典資料'!$B$2:$B$")
    assert int(choice.formula1.rpartition("$")[2]) >= empty[0].row
    (row,) = [r for r in sheet.iter_rows(min_row=2) if r[0].value == "clinic-satisfaction"]
    for cell, typed in zip(row[6:], (60, "確定値", facts[1], "21ページ"), strict=False):
        cell.value = typed
    workbook.save(file)
    code, said = run(file)
    assert code == 0, said
    assert town.rows("observations").count(
        ["clinic-satisfaction", "2026", "60.0", "final", "yearbook-2026", "21ページ", ""]
    )
    assert "yearbook-2026" in {row[0] for row in town.rows("sources")}


def test_the_template_runs_from_the_command_line_only_with_a_year(tmp_path: Path) -> None:
    for arguments in (["--template", "R8"], ["--template", "20"]):
        with pytest.raises(SystemExit) as stop:
            main([str(tmp_path / "x.xlsx"), *arguments])
        assert stop.value.code == 2
