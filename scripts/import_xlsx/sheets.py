"""From sheets to rows: which table a sheet holds, which column is which, what its cells say."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from scripts.import_xlsx.cells import read_cell
from scripts.import_xlsx.rows import SEARCHED_LINES, Book, Sheet, name_sources
from scripts.import_xlsx.wide import layout_of, read_wide
from scripts.load.header import fold
from scripts.load.limits import MAX_COLUMNS
from scripts.messages import shown
from scripts.model import Package, Problem

MAX_SHEET_ROWS = 20_000
MAX_SHEETS = 200

ALIASES = {
    "observations": {"年度": "year", "年": "year", "実績値": "value", "値": "value"}
    | {"値の状態": "status", "出典": "source_id", "出典の箇所": "locator", "注記": "note"}
}
"""What the workbooks for people call the columns of a table, besides titles and names."""


def read_book(name: str, workbook: Workbook, package: Package) -> Book:
    """The rows of every sheet that holds a table of the package."""
    book = Book()
    resources = {r["name"]: r for r in package.descriptor["resources"]}
    for sheet in workbook.worksheets[:MAX_SHEETS]:
        if not isinstance(sheet, Worksheet) or sheet.dimensions == "A1:A1":
            book.skipped.append(shown(sheet.title))
            continue
        read_sheet(name, sheet, resources, package, book)
    name_sources(book, package)
    if not book.sheets and not book.problems:
        book.problems.append(
            Problem(
                shown(name),
                0,
                "",
                "sheet-unknown",
                "取り込める表のシートがありません。",
                "公開しているブックか、--template で作ったひな形を使ってください。",
            )
        )
    return book


def read_sheet(
    name: str,
    sheet: Worksheet,
    resources: Mapping[str, dict[str, Any]],
    package: Package,
    book: Book,
) -> None:
    """Read one sheet into ``book``."""
    title = shown(sheet.title)
    place = f"{shown(name)}:{title}"
    if sheet.max_column > MAX_COLUMNS or sheet.max_row > MAX_SHEET_ROWS:
        book.problems.append(
            Problem(
                place,
                0,
                "",
                "file-too-large",
                f"{sheet.max_row:,}行{sheet.max_column:,}列まで使われていて、大きすぎます。",
                "表の外のセルを行や列ごと削除して、保存し直してください。",
            )
        )
        return
    wanted = wanted_table(sheet, resources)
    if not wanted and (layout := layout_of(sheet)):
        read_wide(place, sheet, layout, package, book)
        return
    found = recognise(sheet, resources, wanted)
    if found is None and wanted:
        keys = "、".join(resources[wanted]["schema"]["primaryKey"])
        book.problems.append(
            Problem(
                f"{place}!A1",
                0,
                "",
                "header-missing",
                "見出し（列の名前）の行が見つかりません。",
                f"1行目を列の名前にしてください（{keys} の列は必ず要ります）。",
            )
        )
    if found is None:
        book.skipped.append(title)
        return
    table, line, columns = found
    resource = resources[table]
    book.problems += merged_cells(place, sheet, line, columns)
    book.problems += header_problems(place, sheet, line, resource, columns)
    rows = tuple(read_rows(place, sheet, line, resource, columns, book.problems))
    letters = {column: get_column_letter(number) for column, number in columns.items()}
    book.sheets.append(Sheet(table, title, letters, rows))


def wanted_table(sheet: Worksheet, resources: Mapping[str, dict[str, Any]]) -> str:
    """The table that the title of a sheet names; blank when it names none."""
    titles = {str(r.get("title", n))[:31]: n for n, r in resources.items()}
    return (titles | {n: n for n in resources}).get(sheet.title.strip(), "")


def recognise(
    sheet: Worksheet, resources: Mapping[str, dict[str, Any]], wanted: str
) -> tuple[str, int, dict[str, int]] | None:
    """The table of a sheet, the line of its header, and the number of each column.

    A sheet of an unknown title is taken for observations when it has an indicator, a year and a
    value (the workbook of one indicator, the template of a year).
    """
    table = wanted or "observations"
    needed = set(resources[table]["schema"]["primaryKey"]) | (set() if wanted else {"value"})
    for line in range(1, min(sheet.max_row, SEARCHED_LINES) + 1):
        columns = match_columns(sheet, line, resources[table], table)
        if needed <= set(columns):
            return table, line, columns
    return None


def match_columns(
    sheet: Worksheet, line: int, resource: dict[str, Any], table: str
) -> dict[str, int]:
    """Physical name → number of the column, by name, title, or title with its unit."""
    names = labels_of(resource, table)
    columns: dict[str, int] = {}
    for cell in sheet[line]:
        label = fold(str(cell.value)) if cell.value is not None else ""
        found = names.get(label) or names.get(re.sub(r"\([^()]*\)\Z", "", label))
        if found and found not in columns:
            columns[found] = cell.column
    return columns


def labels_of(resource: dict[str, Any], table: str) -> dict[str, str]:
    """What may stand above a column, folded → its physical name."""
    names: dict[str, str] = {}
    for column in resource["schema"]["fields"]:
        title = str(column.get("title", column["name"]))
        unit = f"({column['unit']})" if column.get("unit") else ""
        for label in (column["name"], title, f"{title}{unit}", f"{title} {column['name']}"):
            names[fold(label)] = column["name"]
    return {fold(k): v for k, v in ALIASES.get(table, {}).items()} | names


def header_problems(
    place: str, sheet: Worksheet, line: int, resource: dict[str, Any], columns: Mapping[str, int]
) -> Iterator[Problem]:
    """A header that is not on the first line, and columns that nobody declared but are near one."""
    if line > 1:
        yield Problem(
            f"{place}!A1",
            0,
            "",
            "header-missing",
            f"1行目が見出しではありません。見出しは{line}行目にあります。",
            "見出しより上の行（題名や注）を削除してください。",
        )
    labels = labels_of(resource, resource["name"])
    absent = [label for label, name in labels.items() if name not in columns]
    for cell in sheet[line]:
        if cell.value is None or cell.column in columns.values():
            continue
        near = difflib.get_close_matches(fold(str(cell.value)), absent, 1, 0.75)
        if near:
            yield Problem(
                f"{place}!{cell.coordinate}",
                0,
                "",
                "extra-label",
                f"列「{shown(str(cell.value))}」は決められた列ではありません。",
                f"「{near[0]}」の書き違いなら直してください。",
                shown(str(cell.value)),
            )


def merged_cells(
    place: str, sheet: Worksheet, line: int, columns: Mapping[str, int]
) -> Iterator[Problem]:
    """Merged cells inside the table: only their first cell has a value."""
    used = set(columns.values())
    for area in sheet.merged_cells.ranges:
        if area.max_row >= line and used & set(range(area.min_col, area.max_col + 1)):
            yield Problem(
                f"{place}!{area.coord}",
                0,
                "",
                "merged-cell",
                "セルが結合されています。左上のほかのセルは空として読まれます。",
                "結合を解き、空いたセルにも同じ値を書いてください。",
            )


def read_rows(
    place: str,
    sheet: Worksheet,
    line: int,
    resource: dict[str, Any],
    columns: Mapping[str, int],
    problems: list[Problem],
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows below the header that say anything; findings go to ``problems``."""
    fields = {f["name"]: f for f in resource["schema"]["fields"]}
    blank_value = resource["name"] == "observations"
    for number in range(line + 1, sheet.max_row + 1):
        row: dict[str, str] = {}
        found: list[Problem] = []
        for name, column in columns.items():
            cell = sheet.cell(number, column)
            row[name], finding = read_cell(cell, fields[name])
            if finding:
                found.append(
                    Problem(
                        f"{place}!{cell.coordinate}",
                        0,
                        name,
                        finding.code,
                        finding.message,
                        finding.fix,
                        shown(str(cell.value)),
                        finding.level,
                    )
                )
        if blank_value and not row.get("value") and not any(p.field == "value" for p in found):
            continue  # an indicator of the template that has no value yet
        if any(row.values()) or found:
            problems += found
            yield number, row
