"""Published files as the rules see them: cells, columns, and what a workbook says beside them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, repeat, zip_longest
from typing import Any
from xml.etree import ElementTree

from scripts.exports.archive import unpack
from scripts.exports.cells import BOM
from scripts.exports.table import Table

NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One table of a published file.

    ``kind`` is ``table`` (CSV with physical names), ``kpi`` (CSV of one indicator), ``book`` (a
    sheet of a workbook) or ``words`` (a sheet of definitions). ``fields`` are the columns as the
    schema has them, empty for ``words``. ``numeric`` marks cells that are stored as numbers.
    """

    path: str
    kind: str
    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    fields: tuple[Mapping[str, Any], ...] = ()
    raw: bytes = b""
    numeric: frozenset[tuple[int, int]] = frozenset()
    marks: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def columns(self) -> tuple[tuple[Mapping[str, Any], tuple[str, ...]], ...]:
        """Each known column with its cells."""
        cells = chain(zip_longest(*self.rows, fillvalue=""), repeat(("",) * len(self.rows)))
        return tuple(zip(self.fields, cells, strict=False))


def csv_sheet(path: str, content: bytes, table: Table, kind: str) -> Sheet:
    """A published CSV."""
    lines = list(csv.reader(io.StringIO(content.removeprefix(BOM).decode(), newline="")))
    return Sheet(
        path=path,
        kind=kind,
        name=table.name,
        header=tuple(lines[0]),
        rows=tuple(tuple(line) for line in lines[1:]),
        fields=table.fields,
        raw=content,
    )


def book_sheets(path: str, content: bytes, tables: Mapping[str, Table]) -> list[Sheet]:
    """The sheets of a workbook, read from its XML; ``tables`` by the name of the sheet."""
    parts = unpack(content)
    shared: list[str] = []
    if "xl/sharedStrings.xml" in parts:
        root = ElementTree.fromstring(parts["xl/sharedStrings.xml"])
        shared = ["".join(t.text or "" for t in si.iter(f"{NS}t")) for si in root]
    objects = sum(bool(re.match(r"xl/(drawings|media|comments|charts|ctrl)", n)) for n in parts)
    marks = {"objects": objects, **style_marks(parts["xl/styles.xml"])}
    book = ElementTree.fromstring(parts["xl/workbook.xml"])
    return [
        book_sheet(path, entry, parts[f"xl/worksheets/sheet{number}.xml"], shared, tables, marks)
        for number, entry in enumerate(book.iter(f"{NS}sheet"), 1)
    ]


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


def book_sheet(
    path: str,
    entry: ElementTree.Element,
    text: bytes,
    shared: list[str],
    tables: Mapping[str, Table],
    marks: Mapping[str, int],
) -> Sheet:
    """One sheet with its cells and what it hides, merges or computes."""
    root = ElementTree.fromstring(text)
    name = entry.get("name", "")
    table = tables.get(name)
    grid: list[tuple[str, ...]] = []
    numeric: set[tuple[int, int]] = set()
    for row in root.iter(f"{NS}row"):
        line: list[str] = []
        at = int(row.get("r", len(grid) + 1))
        grid += [()] * (at - 1 - len(grid))
        for cell in row:
            column = column_of(cell.get("r", "A1"))
            line += [""] * (column - len(line))
            value = cell.findtext(f"{NS}v") or ""
            kind = cell.get("t", "n")
            if kind == "s":
                value = shared[int(value)]
            elif kind == "b":
                value = "true" if value == "1" else "false"
            elif value:
                numeric.add((at, column))
            line.append(value)
        grid.append(tuple(line))
    width = len(grid[0]) if grid else 0
    hidden = sum(1 for e in root.iter() if e.get("hidden") == "1" or e.get("outlineLevel"))
    return Sheet(
        path=path,
        kind="book" if table else "words",
        name=name,
        header=grid[0] if grid else (),
        rows=tuple(row + ("",) * (width - len(row)) for row in grid[1:]),
        fields=table.fields if table else (),
        numeric=frozenset(numeric),
        marks={
            **marks,
            "merges": sum(1 for _ in root.iter(f"{NS}mergeCell")),
            "formulas": sum(1 for _ in root.iter(f"{NS}f")),
            "conditions": sum(1 for _ in root.iter(f"{NS}conditionalFormatting")),
            "hidden": hidden + (entry.get("state", "visible") != "visible"),
        },
    )


def column_of(place: str) -> int:
    """``"C7"`` → 2."""
    number = 0
    for letter in place.rstrip("0123456789"):
        number = number * 26 + ord(letter) - 64
    return number - 1
