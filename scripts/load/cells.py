"""From bytes to cells, with the mistakes that a schema checker would let pass.

Frictionless guesses encodings and accepts full-width digits, ``1_000``, NaN and much else, so the
bytes and the raw cells are looked at here first: every different cell of a column once.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from scripts.load.again import NOTHING, Before
from scripts.load.files import TIDY, decode, read_bytes
from scripts.load.header import SEARCHED_LINES, Header, check_header
from scripts.load.limits import MAX_COLLECTED, MAX_KNOWN
from scripts.load.mend import SPACES, is_plain
from scripts.load.numbers import Finding, explain_number
from scripts.load.rows import Rows, refused, unread_row
from scripts.load.text import check_private, check_text, is_ordinary
from scripts.messages import shown
from scripts.model import Problem


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of one file by declared column; the ``i``-th of each stands in line ``lines[i]``.

    Cells that were mistaken but certain stand here as they should have been; ``reported`` names
    every cell with an error. ``sound`` says that no row is missing and that every error was read
    through, so that records can be made and other tables may refer to them.
    """

    name: str
    path: str
    raw: bytes
    resource: dict[str, Any]
    header: tuple[str, ...]
    lines: Sequence[int]
    columns: list[list[str]]
    reported: frozenset[tuple[int, str]]
    missing: frozenset[str]
    sound: bool

    def cell(self, at: int, name: str) -> str:
        """The cell of a column in the row at a place."""
        return self.columns[self.header.index(name)][at]


def read_table(
    base: Path, resource: dict[str, Any], *, raw: bool, before: Before = NOTHING
) -> tuple[Table | None, list[Problem]]:
    """Read one table, with its bytes if wanted; ``None`` when its cells cannot be told apart."""
    path = resource["path"]
    content, problems = read_bytes(base, path)
    if content is None:
        return None, problems
    text, problems = decode(path, content)
    content = content if raw else b""
    if text is None:
        return None, problems
    table, found = before.once(
        *("cells", resource["name"], (json.dumps(resource), text, content)),
        lambda: table_of(resource, text, content),
    )
    return table, [*problems, *found]


def table_of(resource: dict[str, Any], text: str, raw: bytes) -> tuple[Table | None, list[Problem]]:
    """The cells that stand in the text of a table, and what is wrong with them."""
    path, fields = resource["path"], resource["schema"]["fields"]
    if fault := refused(path, text, len(fields)):
        return None, [fault]
    rows = Rows(path, text)
    blocks = iter(rows)
    numbers, first = next(blocks)
    header, problems = check_header(path, fields, first[:SEARCHED_LINES]) if first else (None, [])
    if header is None:
        for _ in blocks:
            pass  # what is wrong with the rows is said all the same
        return None, [*problems, *rows.problems]
    lines, columns, found, unread = gather(path, header, chain([(numbers[1:], first[1:])], blocks))
    problems += rows.problems
    problems += found
    found, unclear = check_cells(path, resource["schema"], lines, columns)
    problems += found
    return (
        Table(
            name=resource["name"],
            path=path,
            raw=raw,
            resource=resource,
            header=tuple(field["name"] for field in fields),
            lines=lines,
            columns=columns,
            reported=frozenset((p.row, p.field) for p in found if p.level == "error"),
            missing=header.missing,
            sound=rows.whole and header.complete and not (unread or unclear),
        ),
        problems,
    )


Block = tuple[Sequence[int], list[list[str]]]


def gather(
    path: str, header: Header, blocks: Iterable[Block]
) -> tuple[Sequence[int], list[list[str]], list[Problem], bool]:
    """The declared columns of the rows that have as many cells as the header.

    Equal cells are one string. Returns also the lines of the rows, the problems, and whether a row
    that is not blank was left out.
    """
    lines = array("L")
    columns: list[list[str]] = [[] for _ in header.places]
    known: list[dict[str, str]] = [{} for _ in header.places]
    problems: list[Problem] = []
    unread = False
    for block in blocks:
        if len(problems) >= MAX_COLLECTED:
            return lines, columns, problems, True
        numbers, rows = block
        if {*map(len, rows)} != {header.width} or not all(row[0].strip() for row in rows):
            numbers, rows, found = check_widths(path, block, header.width, problems)
            unread = unread or found
        cells = list(zip(*rows, strict=True))
        lines.extend(numbers)
        for column, seen, place in zip(columns, known, header.places, strict=True):
            if place is None or not rows:
                column.extend("" for _ in rows)
                continue
            if not isinstance(numbers, range):  # read by the rules of quotes
                cells[place] = tuple(cell.replace("\n", " ") for cell in cells[place])
            column.extend(map(seen.setdefault, cells[place], cells[place]))
            if len(seen) > MAX_KNOWN:
                seen.clear()
    return lines, columns, problems, unread


def check_widths(
    path: str, block: Block, width: int, problems: list[Problem]
) -> tuple[list[int], list[list[str]], bool]:
    """The rows of a block that are as wide as the header; blank and ragged ones are reported.

    The last value says whether a row was left out that is not blank.
    """
    lines: list[int] = []
    rows: list[list[str]] = []
    unread = False
    for number, row in zip(*block, strict=True):
        if len(problems) >= MAX_COLLECTED:
            return lines, rows, True
        if not any(cell.strip() for cell in row):
            problems.append(
                Problem(
                    path, number, "", "blank-row", "空の行です。", "行を消してください。" + TIDY
                )
            )
        elif len(row) == width:
            lines.append(number)
            rows.append(row)
        else:
            few = len(row) < width
            unread = True
            problems += unread_row(
                path,
                number,
                row,
                "missing-cell" if few else "extra-cell",
                f"列の数が{len(row)}で、見出しの{width}より{'少ない' if few else '多い'}です。",
                'コンマの数を確かめてください。コンマを含む文は「"」で囲みます'
                '（例: "北1条、2条"）。',
            )
    return lines, rows, unread


def check_cells(
    path: str, schema: dict[str, Any], lines: Sequence[int], columns: list[list[str]]
) -> tuple[list[Problem], bool]:
    """Look at every cell, and put what it certainly means in its place.

    Returns the problems and whether a cell was left whose meaning is not certain.
    """
    problems: list[Problem] = []
    unclear = False
    keys = set(schema["primaryKey"])
    for column, field in zip(columns, schema["fields"], strict=True):
        name, kind = field["name"], field["type"]
        required = bool(field.get("constraints", {}).get("required"))
        odd, blanks = odd_cells(column, field, required=required)
        merged = required and name in keys and bool(blanks)
        if not (odd or merged or blanks - {""}):
            continue
        above = ""
        for at, (number, cell) in enumerate(zip(lines, column, strict=True)):
            if len(problems) >= MAX_COLLECTED:
                return problems, True
            if cell in blanks:
                if cell and kind == "string":
                    problems.append(blank_spaces(path, number, name, cell))
                if merged and above:
                    problems.append(merged_blank(path, number, name, above))
                    unclear = True
                column[at] = ""
                continue
            above = cell
            for code, message, fix, mended, level in odd.get(cell, ()):
                value = "" if code == "personal-data" else shown(cell)
                problems.append(Problem(path, number, name, code, message, fix, value, level))
                if mended is not None:
                    column[at] = mended
                elif level == "error":
                    unclear = unclear or kind != "string" or name in keys
    return problems, unclear


def odd_cells(
    column: list[str], field: dict[str, Any], *, required: bool
) -> tuple[dict[str, list[Finding]], set[str]]:
    """What is to be said of the different cells of a column, and the blank ones among them.

    No more are looked for than will be said, in the order of the rows.
    """
    name, kind = field["name"], field["type"]
    odd: dict[str, list[Finding]] = {}
    blanks: set[str] = set()
    for cell in dict.fromkeys(column):
        if not cell.strip(SPACES):
            blanks.add(cell)
        elif kind == "string":
            if not is_ordinary(cell) and (found := list(check_text(cell, field))):
                odd[cell] = found
        elif not is_plain(cell, kind):
            explained = explain_number(cell, kind, name, required=required)
            odd[cell] = list(check_private(cell)) or [explained]
        if len(odd) >= MAX_COLLECTED:
            break
    return odd, blanks


def blank_spaces(path: str, row: int, name: str, cell: str) -> Problem:
    """A cell that looks blank and is not."""
    return Problem(
        path,
        row,
        name,
        "stray-space",
        "空に見えますが、空白の文字が入っています。",
        "空白を消して、本当の空欄にしてください。" + TIDY,
        shown(cell),
    )


def merged_blank(path: str, row: int, name: str, above: str) -> Problem:
    """A key left blank below a filled one: what Excel leaves of merged cells."""
    return Problem(
        path,
        row,
        name,
        "merged-cell",
        "空です。Excel の結合したセルは、CSV にすると2行目から空になります。",
        f"結合を解き、上と同じならその値を書いてください（例: {shown(above)}）。",
    )
