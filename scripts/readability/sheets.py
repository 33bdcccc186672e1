"""Published files as the rules see them: cells, columns, and what a workbook says beside them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import chain, repeat, zip_longest
from typing import IO, Any, TypeVar
from xml.etree import ElementTree
from xml.parsers import expat
from zipfile import ZipFile

from scripts.exports.table import Table, heading

NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SPACE = NS.removeprefix("{")
CELL, VALUE, ROW = (SPACE + name for name in ("c", "v", "row"))

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One table of a published file.

    ``kind`` is ``table`` (CSV with physical names), ``kpi`` (CSV of one indicator), ``book`` (a
    sheet of a workbook) or ``words`` (a sheet of definitions). ``fields`` are the columns as the
    schema has them, empty for ``words``. ``loose`` are the places (line, column) of cells below
    headings of numbers that are not stored as numbers, ``label`` stands before findings.
    """

    path: str
    kind: str
    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    fields: tuple[Mapping[str, Any], ...] = ()
    raw: bytes = b""
    label: str = ""
    loose: frozenset[tuple[int, int]] = frozenset()
    marks: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def columns(self) -> tuple[tuple[Mapping[str, Any], tuple[str, ...]], ...]:
        """Each known column with its cells."""
        cells = chain(zip_longest(*self.rows, fillvalue=""), repeat(("",) * len(self.rows)))
        return tuple(zip(self.fields, cells, strict=False))

    @cached_property
    def texts(self) -> frozenset[str]:
        """Every different text in the cells, the header included."""
        return frozenset(self.header).union(*self.rows) - {""}


def cells(sheet: Sheet, look: Callable[[str], T | None]) -> Iterator[tuple[str, str, T]]:
    """Cells in which a look at the text finds something: place, text, what; header included.

    Each text is looked at once, however often it stands there.
    """
    odd = {text: found for text in sheet.texts if (found := look(text))}
    for number, row in enumerate((sheet.header, *sheet.rows) if odd else (), 1):
        for name, cell in zip_longest(sheet.header, row, fillvalue=""):
            if cell in odd:
                yield f"{number}行の{name}", cell, odd[cell]


def lines(values: Iterable[str], look: Callable[[str], object]) -> Iterator[tuple[int, str]]:
    """Cells of a column in which a look at the text finds something, with their line."""
    odd = {cell for cell in set(values) if look(cell)}
    for number, cell in enumerate(values if odd else (), 2):
        if cell in odd:
            yield number, cell


def numbers(sheet: Sheet) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Columns of numbers: position, heading, cells."""
    for index, (column, values) in enumerate(sheet.columns):
        if column["type"] in ("number", "integer"):
            yield index, heading(column), values


def csv_sheet(path: str, content: bytes, table: Table, kind: str) -> Sheet:
    """A published CSV."""
    share: dict[str, str] = {}
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")
    lines = (tuple([share.setdefault(cell, cell) for cell in line]) for line in csv.reader(text))
    return Sheet(
        path=path,
        kind=kind,
        name=table.name,
        header=next(lines),
        rows=tuple(lines),
        fields=table.fields,
        raw=content,
    )


def book_sheets(path: str, content: bytes, tables: Mapping[str, Table]) -> Iterator[Sheet]:
    """The sheets of a workbook, one at a time, from its XML; ``tables`` by the sheets' names."""
    with ZipFile(io.BytesIO(content)) as parts:
        names = parts.namelist()
        objects = sum(bool(re.match(r"xl/(drawings|media|comments|charts|ctrl)", n)) for n in names)
        marks = {"objects": objects, **style_marks(parts.read("xl/styles.xml"))}
        shared = shared_texts(parts)
        entries = list(ElementTree.fromstring(parts.read("xl/workbook.xml")).iter(f"{NS}sheet"))
        for number, entry in enumerate(entries, 1):
            name = entry.get("name", "")
            table = tables.get(name)
            with parts.open(f"xl/worksheets/sheet{number}.xml") as xml:
                read = Reader(shared, table.fields if table else ()).read(xml)
            hidden = read.hidden + (entry.get("state", "visible") != "visible")
            yield Sheet(
                path=path,
                kind="book" if table else "words",
                name=name,
                label=f"{name}：" if len(entries) > 1 else "",
                header=read.rows[0] if read.rows else (),
                rows=tuple(read.full_rows()),
                fields=table.fields if table else (),
                loose=frozenset(read.loose),
                marks={**marks, **read.counts, "hidden": hidden},
            )


def shared_texts(parts: ZipFile) -> list[str]:
    """The texts of a workbook that its sheets point to."""
    name = "xl/sharedStrings.xml"
    if name not in parts.namelist():
        return []
    root = ElementTree.fromstring(parts.read(name))
    return ["".join(t.text or "" for t in si.iter(f"{NS}t")) for si in root]


def style_marks(content: bytes) -> dict[str, int]:
    """How many fills and coloured fonts a workbook has beyond those every workbook has."""
    root = ElementTree.fromstring(content)
    fills = root.find(f"{NS}fills")
    plain = sum(
        1 for p in root.iter(f"{NS}patternFill") if p.get("patternType") in ("none", "gray125")
    )
    colours = sum(
        1 for font in root.iter(f"{NS}font") for c in font.iter(f"{NS}color") if c.get("rgb")
    )
    return {"fills": (0 if fills is None else len(fills)) - plain, "colours": colours}


COUNTED = {"mergeCell": "merges", "f": "formulas", "conditionalFormatting": "conditions"}
"""What is counted in a sheet, by the name of its element."""


class Reader:
    """Reads the XML of a sheet as it comes, without ever holding it.

    ``rows`` are its cells from the first line, ``loose`` the places (line from 1, column from 0) of
    cells below headings of numbers that are not stored as numbers.
    """

    def __init__(self, shared: Sequence[str], fields: Sequence[Mapping[str, Any]]) -> None:
        self.rows: list[tuple[str, ...]] = []
        self.loose: list[tuple[int, int]] = []
        self.hidden = 0
        self.counts = dict.fromkeys(COUNTED.values(), 0)
        self._shared, self._share = shared, dict[str, str]()
        self._numbers = {n for n, f in enumerate(fields) if f["type"] in ("number", "integer")}
        self._line: list[str] = []
        self._at, self._kind, self._value = "", "", ""
        self._inside = False

    def read(self, xml: IO[bytes]) -> Reader:
        """Read a sheet to its end."""
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.CharacterDataHandler = self._text
        parser.EndElementHandler = self._end
        parser.ParseFile(xml)
        return self

    def full_rows(self) -> Iterator[tuple[str, ...]]:
        """The rows below the first, as long as that at least."""
        width = len(self.rows[0]) if self.rows else 0
        return (row + ("",) * (width - len(row)) for row in self.rows[1:])

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == VALUE:
            self._inside = True
        elif name == CELL:
            self._at, self._kind = attributes.get("r", "A1"), attributes.get("t", "n")
            self._value = ""
        else:
            if name == ROW:
                at = int(attributes.get("r", len(self.rows) + 1))
                self.rows += [()] * (at - 1 - len(self.rows))
                self._line = []
            elif kind := COUNTED.get(name.removeprefix(SPACE)):
                self.counts[kind] += 1
            if attributes.get("hidden") == "1" or attributes.get("outlineLevel"):
                self.hidden += 1

    def _text(self, text: str) -> None:
        if self._inside:
            self._value += text

    def _end(self, name: str) -> None:
        if name == VALUE:
            self._inside = False
        elif name == CELL:
            self._cell()
        elif name == ROW:
            self.rows.append(tuple(self._line))

    def _cell(self) -> None:
        value, column = self._value, column_of(self._at.rstrip("0123456789"))
        if column > len(self._line):
            self._line += [""] * (column - len(self._line))
        if self._kind == "s":
            value = self._shared[int(value)]
        elif self._kind == "b":
            value = "true" if value == "1" else "false"
        else:
            value = self._share.setdefault(value, value)
        if self._kind in ("s", "b") and column in self._numbers and self.rows:
            self.loose.append((len(self.rows) + 1, column))
        self._line.append(value)


@cache
def column_of(letters: str) -> int:
    """``"C"`` → 2."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
