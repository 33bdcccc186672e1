"""What ``tidy`` does to one table: bytes in, mended bytes and every change out.

Only what is certain is mended (see :mod:`scripts.load.mend`); a clean file comes back byte for
byte, and lines that need no mending keep their own writing.
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scripts.load.files import decode
from scripts.load.header import Header, check_header
from scripts.load.mend import SPACES, is_plain, mend_cell
from scripts.load.rows import Split, split_rows
from scripts.messages import shown
from scripts.model import Problem

ENCODINGS = {"encoding-error", "byte-order-mark", "line-ending"}
"""Findings about the bytes that rewriting as UTF-8 with LF mends."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was mended: ``row`` is the line before (0: the file as a whole)."""

    path: str
    row: int
    field: str
    before: str
    after: str

    def line(self) -> str:
        """``path:row: field: 「before」→「after」``."""
        place = f"{self.path}:{self.row}:" if self.row else f"{self.path}:"
        name = f" {self.field}:" if self.field else ""
        return f"{place}{name} {self.before} → {self.after}"


@dataclass(slots=True)
class Line:
    """A line of the table: where it stood, its cells, and its own text while nothing changed."""

    number: int
    cells: list[str]
    text: str | None


def tidy_table(path: str, resource: dict[str, Any], raw: bytes) -> tuple[bytes, list[Change]]:
    """The mended bytes of a table and what was changed; the same bytes when nothing was."""
    text, problems = decode(path, raw)
    if text is None:
        return raw, []
    changes = list(encoding_changes(path, raw, problems))
    fields = resource["schema"]["fields"]
    split = split_rows(path, text, len(fields))
    if split is None:
        return text.encode(), changes
    comma = split.delimiter == ","
    header, problems = check_header(path, fields, split.rows)
    if header is None or (not comma and not (header.complete and even(split, header))):
        return text.encode(), changes
    if not comma:
        changes.append(Change(path, 1, "", "コンマ以外の区切り", "コンマ"))
    lines = list(numbered(split, text.split("\n"), comma))
    found, columns = mend_header(path, fields, header, lines[0], {p.code for p in problems})
    changes += found
    lines, found = mend_lines(path, lines)
    changes += found
    changes += mend_cells(path, fields, header, lines[1:])
    if columns is not None:
        for line in lines[1:]:
            line.cells = [line.cells[place] for place in columns]
            line.text = None
    if header.complete:
        ordered, found = order_rows(path, resource["schema"], fields, lines)
        changes += found
        lines = ordered
    return (write_lines(lines) if changes else raw), changes


def even(split: Split, header: Header) -> bool:
    """Whether every row has as many cells as the header; otherwise the marks are not certain."""
    return all(len(row) == header.width for row in split.rows if any(map(str.strip, row)))


def encoding_changes(path: str, raw: bytes, problems: list[Problem]) -> Iterator[Change]:
    """What rewriting the text as UTF-8 with LF changes."""
    names = {p.code for p in problems}
    if "encoding-error" in names:
        utf16 = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
        yield Change(path, 0, "", f"文字コード {'UTF-16' if utf16 else 'Shift_JIS'}", "UTF-8")
    if "byte-order-mark" in names:
        yield Change(path, 0, "", "先頭の BOM", "なし")
    if "line-ending" in names:
        ends = "CRLF" if b"\n" in raw else "CR"
        yield Change(path, 0, "", f"改行 {ends}", "LF")


def numbered(split: Split, source: list[str], comma: bool) -> Iterator[Line]:
    """The rows with their own text, as long as it is one line written with commas."""
    for number, cells in zip(split.lines, split.rows, strict=True):
        kept = comma and not any("\n" in cell for cell in cells)
        yield Line(number, list(cells), source[number - 1] if kept else None)


def mend_header(
    path: str, fields: list[dict[str, Any]], header: Header, line: Line, codes: set[str]
) -> tuple[list[Change], list[int] | None]:
    """Spell the names as declared and put the columns in order, when it is certain which is which.

    Returns the changes and, when columns move, where each comes from.
    """
    names = [field["name"] for field in fields]
    changes: list[Change] = []
    for name, place in zip(names, header.places, strict=True):
        if place is not None and line.cells[place] != name:
            changes.append(Change(path, 1, "", quoted(line.cells[place]), quoted(name)))
            line.cells[place], line.text = name, None
    if codes - {"label-spelling", "incorrect-label"} or not header.complete:
        return changes, None
    places = [place for place in header.places if place is not None]
    if places == list(range(header.width)):
        return changes, None
    line.cells, line.text = names, None
    return [*changes, Change(path, 1, "", "列の順番", "決められた順")], places


def mend_lines(path: str, lines: list[Line]) -> tuple[list[Line], list[Change]]:
    """Take out blank rows."""
    kept = [lines[0]]
    changes: list[Change] = []
    for line in lines[1:]:
        if any(cell.strip() for cell in line.cells):
            kept.append(line)
        else:
            changes.append(Change(path, line.number, "", "空の行", "なし"))
    return kept, changes


def mend_cells(
    path: str, fields: list[dict[str, Any]], header: Header, lines: list[Line]
) -> Iterator[Change]:
    """Mend the cells of rows that have as many as the header; ragged rows are left to people."""
    for line in lines:
        if len(line.cells) != header.width:
            continue
        for field, place in zip(fields, header.places, strict=True):
            if place is None:
                continue
            before = line.cells[place]
            after = mended(before, field)
            if after != before:
                yield Change(path, line.number, field["name"], quoted(before), quoted(after))
                line.cells[place], line.text = after, None


def mended(cell: str, field: dict[str, Any]) -> str:
    """A cell as it should be written; the same where that is not certain or not needed."""
    kind = field["type"]
    if not cell.strip(SPACES):
        return ""
    if kind != "string" and is_plain(cell, kind):
        return cell
    after = mend_cell(cell, kind, field["name"])
    return cell if after is None else after


def order_rows(
    path: str, schema: dict[str, Any], fields: list[dict[str, Any]], lines: list[Line]
) -> tuple[list[Line], list[Change]]:
    """Sort by primary key, when every row has a key that can be compared."""
    names = [field["name"] for field in fields]
    kinds = {field["name"]: field["type"] for field in fields}
    places = [(names.index(key), kinds[key]) for key in schema["primaryKey"]]
    head, *rows = lines
    if any(len(row.cells) != len(names) for row in rows):
        return lines, []
    if any(
        not row.cells[place] or (kind != "string" and not is_plain(row.cells[place], kind))
        for row in rows
        for place, kind in places
    ):
        return lines, []

    def key(row: Line) -> tuple[Any, ...]:
        return tuple(
            Decimal(row.cells[place]) if kind in ("integer", "number") else row.cells[place]
            for place, kind in places
        )

    ordered = sorted(rows, key=key)
    moved = [rows[place] for place in out_of_order([key(row) for row in rows])]
    changes = []
    for row in moved:
        words = "・".join(row.cells[place] for place, _ in places)
        target = next(n for n, other in enumerate(ordered, 2) if other is row)
        changes.append(Change(path, row.number, "", f"{quoted(words)}の行の場所", f"{target}行目"))
    return [head, *ordered], changes


def out_of_order(keys: list[tuple[Any, ...]]) -> list[int]:
    """The fewest places whose rows must move for the rest to be in order."""
    tails: list[tuple[Any, ...]] = []
    ends: list[int] = []
    before: list[int | None] = []
    """For each place the one that comes before it in the longest order that ends there."""
    for place, key in enumerate(keys):
        length = bisect_right(tails, key)
        before.append(ends[length - 1] if length else None)
        tails[length : length + 1] = [key]
        ends[length : length + 1] = [place]
    stays: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        stays.add(last)
        last = before[last]
    return [place for place in range(len(keys)) if place not in stays]


def write_lines(lines: list[Line]) -> bytes:
    """The file: unchanged lines as they were, the others written anew."""
    made: list[str] = []
    for line in lines:
        if line.text is not None:
            made.append(line.text)
            continue
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow(line.cells)  # or line breaks go unquoted
        made.append(text.getvalue().removesuffix("\n"))
    return ("\n".join(made) + "\n").encode()


def quoted(cell: str) -> str:
    """A cell as messages show it."""
    return f"「{shown(cell)}」"
