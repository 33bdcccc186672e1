"""Workbooks: a sheet of data, a sheet of definitions; real numbers, no merges, no formulas.

The same tables give the same bytes: the time of creation is a setting of the package, and the
parts of the file carry no clock.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from scripts.exports.cells import guard
from scripts.exports.table import Field, Table, field, heading

NEVER = datetime(2000, 1, 1, tzinfo=UTC)
"""The time of creation when the package does not say one."""

WIDTHS = (9, 44)
"""Least and greatest width of a column, in characters of the sheet."""


def created_of(text: str) -> datetime:
    """The time of creation from the descriptor, without a zone, as workbooks want it."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return NEVER.replace(tzinfo=None)


class Book:
    """A workbook in the making; :meth:`finished` closes it."""

    def __init__(self, title: str, author: str, created: str) -> None:
        self._target = io.BytesIO()
        self._book = Workbook(self._target, {"in_memory": True})
        self._book.set_properties(
            {"title": title, "author": author, "created": created_of(created)}
        )
        self._formats: dict[str, Format] = {}
        self._head = self._book.add_format({"bold": True, "bottom": 1})
        self._quoted = self._book.add_format({"quote_prefix": True})
        self._names: set[str] = set()

    def sheet(self, title: str, fields: Sequence[Field], rows: Iterable[Sequence[str]]) -> None:
        """Add a sheet: titles with units in line 1 (kept in view), data from line 2."""
        sheet = self._book.add_worksheet(self._name(title))
        sheet.freeze_panes(1, 0)
        titles = unique([heading(column) for column in fields], fields)
        widths = [breadth(text) for text in titles]
        for column, text in enumerate(titles):
            sheet.write_string(0, column, text, self._head)
        last = self._fill(sheet, fields, rows, widths)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(max(width + 2, WIDTHS[0]), WIDTHS[1]))
        if last:
            sheet.autofilter(0, 0, last, len(titles) - 1)

    def finished(self) -> bytes:
        """The finished file."""
        self._book.close()
        return self._target.getvalue()

    def _fill(
        self,
        sheet: Worksheet,
        fields: Sequence[Field],
        rows: Iterable[Sequence[str]],
        widths: list[int],
    ) -> int:
        """Write the rows of a sheet; how many there are. ``widths`` grow with the cells."""
        last = 0
        for last, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                widths[column] = max(widths[column], breadth(cell))
                if cell:
                    self._cell(sheet, last, column, cell, fields[column])
        return last

    def _cell(self, sheet: Worksheet, row: int, column: int, cell: str, kind: Field) -> None:
        if kind["type"] in ("number", "integer"):
            sheet.write_number(row, column, float(cell), self._number(cell))
        elif kind["type"] == "boolean":
            sheet.write_boolean(row, column, cell == "true")
        elif guard(cell) != cell:
            sheet.write_string(row, column, cell, self._quoted)
        else:
            sheet.write_string(row, column, cell)

    def _number(self, cell: str) -> Format:
        """A number format with as many decimals as are printed."""
        decimals = len(cell.partition(".")[2])
        form = "0." + "0" * decimals if decimals else "0"
        if form not in self._formats:
            self._formats[form] = self._book.add_format({"num_format": form})
        return self._formats[form]

    def _name(self, title: str) -> str:
        """A name that a sheet may have and no other sheet has."""
        base = re.sub(r"[\[\]:*?/\\]", " ", title).strip("' ")[:31] or "表"
        name, number = base, 2
        while name.lower() in self._names:
            name, number = f"{base[:27]} {number}", number + 1
        self._names.add(name.lower())
        return name


def breadth(text: str) -> int:
    """Width of a text in characters, wide ones twice."""
    return 2 * len(text) - len(text.encode("ascii", "ignore"))


def unique(titles: Sequence[str], fields: Sequence[Field]) -> list[str]:
    """Titles that tell the columns apart, with the physical name where two are the same."""
    return [
        f"{title} {column['name']}" if titles.count(title) > 1 else title
        for title, column in zip(titles, fields, strict=True)
    ]


DEFINITION_FIELDS: tuple[Field, ...] = (
    field("table", "表名", "表の名称。"),
    field("column", "列名", "列の見出し。"),
    field("name", "項目名", "CSVとデータベースでの列の名前。"),
    field("kind", "値の型", "値の種類。"),
    field("unit", "単位", "値の単位。"),
    field("description", "説明", "列の意味。"),
)

KINDS = {"string": "文字", "number": "数値", "integer": "整数", "boolean": "真偽（true か false）"}


def definition_rows(table: Table) -> list[tuple[str, ...]]:
    """One row per column of a table."""
    return [
        (
            table.title,
            heading(column),
            str(column["name"]),
            KINDS.get(str(column["type"]), str(column["type"])),
            str(column.get("unit", "")),
            str(column.get("description", "")),
        )
        for column in table.fields
    ]


ABOUT_FIELDS: tuple[Field, ...] = (
    field("item", "項目", "説明の項目。"),
    field("text", "内容", "説明の内容。"),
)

CODE_FIELDS: tuple[Field, ...] = (
    field("table", "表名", "表の名称。"),
    field("column", "列名", "列の見出し。"),
    field("code", "コード", "セルに書かれる記号。"),
    field("label", "意味", "記号の意味。"),
)


def code_rows(table: Table) -> list[tuple[str, ...]]:
    """One row per code of the coded columns of a table."""
    return [
        (table.title, heading(column), str(code["value"]), str(code["label"]))
        for column in table.fields
        for code in categories(column)
    ]


def categories(column: Field) -> list[dict[str, Any]]:
    """The codes of a column with their labels, in the order of the schema."""
    return [dict(code) for code in column.get("categories", ()) if isinstance(code, dict)]


def kpi_workbook(
    table: Table, facts: Sequence[tuple[str, str]], author: str, created: str
) -> bytes:
    """One indicator: its series, and beside it what it means, where it is from, how to cite it."""
    book = Book(table.title, author, created)
    book.sheet("データ", table.fields, table.rows)
    columns = [(f"列「{heading(c)}」", str(c.get("description", ""))) for c in table.fields]
    book.sheet("定義", ABOUT_FIELDS, [*facts, *columns])
    return book.finished()
