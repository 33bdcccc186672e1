"""The same workbook for any number of rows: they lie on disk until it is closed.

The writer of workbooks holds every cell until the end, some 200 bytes each, and looks at it three
times. Here it makes the frame only (styles, headings, texts); the rows become XML as they come, and
are set into the frame at the end: byte for byte what the writer itself would have made of them (a
test compares the two).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from zipfile import ZipFile, ZipInfo

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from scripts.exports.cells import guard
from scripts.exports.table import Field, Table
from scripts.exports.workbook import (
    ABOUT_FIELDS,
    CODE_FIELDS,
    DEFINITION_FIELDS,
    WIDTHS,
    Book,
    breadth,
    code_rows,
    definition_rows,
)
from scripts.memory import Files

MAX_ROWS = 1 << 20
"""Rows of a sheet; the writer leaves out those below."""

MAX_TEXT = 32_767
"""UTF-16 units of a cell; the writer leaves out the rest."""

BLOCK = 16
"""Rows that say together which columns they use."""

Row = tuple[int, list[int], list[str]]
"""A row's number in the sheet, the columns that it uses, and their cells as XML."""


class LongBook(Book):
    """A :class:`Book` for long tables."""

    def __init__(self, title: str, author: str, created: str) -> None:
        super().__init__(title, author, created)
        self._laid = Files()  # the rows of a sheet by its part of the file
        self._size: dict[str, str] = {}
        self._tails: dict[str, str] = {}
        style(self._head)  # is the first: styles are numbered in the order of their use

    def finished(self) -> bytes:
        """The finished file."""
        target = io.BytesIO()
        with ZipFile(io.BytesIO(super().finished())) as frame, ZipFile(target, "w") as whole:
            for part in frame.infolist():
                entry = ZipInfo(part.filename, part.date_time)
                entry.compress_type = part.compress_type
                with whole.open(entry, "w") as stream:
                    stream.writelines(self._filled(part.filename, frame.read(part)))
        return target.getvalue()

    def _filled(self, part: str, frame: bytes) -> Iterator[bytes]:
        """A part of the file with its rows, in pieces."""
        if part not in self._laid:
            yield frame
            return
        size = f'<dimension ref="{self._size[part]}"'.encode()
        before, end, after = frame.partition(b"</sheetData>")
        yield re.sub(rb'<dimension ref="[^"]*"', size, before)
        yield from self._laid.pieces(part)
        yield end + after

    def _fill(
        self,
        sheet: Worksheet,
        fields: Sequence[Field],
        rows: Iterable[Sequence[str]],
        widths: list[int],
    ) -> int:
        part, letters = f"xl/worksheets/sheet{sheet.index + 1}.xml", names(len(fields))
        count, last = 1, 1

        def made() -> Iterator[Row]:
            nonlocal count, last
            for count, row in enumerate(rows, 2):
                used, cells = [], []
                for column, cell in enumerate(row):
                    if widths[column] < WIDTHS[1]:
                        widths[column] = max(widths[column], breadth(cell))
                    if cell:
                        used.append(column)
                        tail = self._tail(cell, fields[column])
                        cells.append(f'<c r="{letters[column]}{count}"{tail}')
                if used and count <= MAX_ROWS:
                    last = count
                    yield count, used, cells

        self._laid.fill(part, xml_of(made(), len(fields)))
        if last > 1:
            self._size[part] = f"A1:{letters[-1]}{last}"
        else:
            del self._laid[part]
        return count - 1

    def _tail(self, cell: str, kind: Field) -> str:
        """The XML of a cell behind its place."""
        if kind["type"] in ("number", "integer"):
            return f' s="{style(self._number(cell))}"><v>{float(cell):.16G}</v></c>'
        if kind["type"] == "boolean":
            return f' t="b"><v>{int(cell == "true")}</v></c>'
        if cell in self._tails:
            self._book.str_table.count += 1
        else:
            quoted = f' s="{style(self._quoted)}"' if guard(cell) != cell else ""
            text = cell.encode("utf-16-le")[: 2 * MAX_TEXT].decode("utf-16-le", "ignore")
            place = self._book.str_table._get_shared_string_index(text)  # noqa: SLF001
            self._tails[cell] = f'{quoted} t="s"><v>{place}</v></c>'
        return self._tails[cell]


def style(form: Format) -> int:
    """The number of a style in the file, given when it is first asked for."""
    return int(form._get_xf_index())  # noqa: SLF001 - as the writer does when it writes a cell


def names(count: int) -> list[str]:
    """The letters of the first columns."""
    return [xl_col_to_name(column) for column in range(count)]


def xml_of(rows: Iterable[Row], width: int) -> Iterator[bytes]:
    """Rows as XML, block by block; the first block has the headings, so it uses every column."""
    for block, some in groupby(rows, key=lambda row: (row[0] - 1) // BLOCK):
        held = list(some)
        first = min(used[0] for _, used, _ in held) if block else 0
        last = max(used[-1] for _, used, _ in held) if block else width - 1
        yield "".join(
            f'<row r="{number}" spans="{first + 1}:{last + 1}">{"".join(cells)}</row>'
            for number, _, cells in held
        ).encode()


def all_workbook(
    tables: Sequence[Table], about: Sequence[tuple[str, str]], title: str, author: str, created: str
) -> bytes:
    """Every table as a sheet, then the definitions of all columns, the codes and the terms."""
    book = LongBook(title, author, created)
    for table in tables:
        book.sheet(table.title, table.fields, table.rows)
    book.sheet("定義", DEFINITION_FIELDS, [r for t in tables for r in definition_rows(t)])
    book.sheet("コード表", CODE_FIELDS, [r for t in tables for r in code_rows(t)])
    book.sheet("利用条件", ABOUT_FIELDS, about)
    return book.finished()
