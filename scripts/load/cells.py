"""From bytes to cells, with the mistakes that a schema checker would let pass.

Frictionless guesses encodings and accepts full-width digits, ``1_000``, NaN and much else, so the
bytes and the raw cells are looked at here first.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.load.files import TIDY, decode, read_bytes
from scripts.load.header import Header, check_header
from scripts.load.limits import MAX_COLLECTED, MAX_LINE_CHARS, MAX_ROWS
from scripts.load.mend import is_plain
from scripts.load.numbers import explain_number
from scripts.load.text import check_text
from scripts.messages import shown
from scripts.model import Problem

CONFLICT = re.compile(r"(<{7}|\|{7}|={7}|>{7})( |$)")


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of one file by declared column; the ``i``-th of each stands in line ``lines[i]``.

    Cells that were mistaken but certain stand here as they should have been; ``reported`` names
    every cell with an error. ``whole`` says that no row is missing; ``sound`` that, besides, every
    error was read through, so that records can be made.
    """

    name: str
    path: str
    raw: bytes
    resource: dict[str, Any]
    header: tuple[str, ...]
    lines: Sequence[int]
    columns: tuple[list[str], ...]
    reported: frozenset[tuple[int, str]]
    missing: frozenset[str]
    whole: bool
    sound: bool

    def cell(self, at: int, name: str) -> str:
        """The cell of a column in the row at a place."""
        return self.columns[self.header.index(name)][at]


def read_table(base: Path, resource: dict[str, Any]) -> tuple[Table | None, list[Problem]]:
    """Read one table; ``None`` when its cells cannot be told apart."""
    path = resource["path"]
    raw, problems = read_bytes(base, path)
    if raw is None:
        return None, problems
    text, problems = decode(path, raw)
    if text is None:
        return None, problems
    split, found = split_rows(path, text)
    problems += found
    if split is None:
        return None, problems
    fields = resource["schema"]["fields"]
    header, found = check_header(path, fields, split.rows)
    problems += found
    if header is None:
        return None, problems
    lines, rows, found = check_widths(path, split, header)
    problems += found
    whole = split.whole and len(rows) == sum(any(map(str.strip, r)) for r in split.rows[1:])
    cells = [[cell.replace("\n", " ") for cell in header.pick(row)] for row in rows]
    found, unclear = check_cells(path, resource["schema"], header, lines, cells)
    problems += found
    return (
        Table(
            name=resource["name"],
            path=path,
            raw=raw,
            resource=resource,
            header=tuple(field["name"] for field in fields),
            lines=tuple(lines),
            columns=tuple(list(column) for column in zip(*cells, strict=True))
            or tuple([] for _ in fields),
            reported=frozenset((p.row, p.field) for p in found if p.level == "error"),
            missing=header.missing,
            whole=whole and header.complete,
            sound=whole and header.complete and not unclear,
        ),
        problems,
    )


@dataclass(frozen=True, slots=True)
class Split:
    """Rows as they stand in the file; ``whole`` is false when reading stopped early."""

    lines: list[int]
    rows: list[list[str]]
    whole: bool


def split_rows(path: str, text: str) -> tuple[Split | None, list[Problem]]:
    """Split into rows of cells; a record is one line of the file."""

    def problem(row: int, code: str, message: str, fix: str, value: str = "") -> Problem:
        return Problem(path, row, "", code, message, fix, shown(value))

    count = text.count("\n") + 1
    if count > MAX_ROWS:  # counted first: ten million short lines would fill the memory
        return None, [
            problem(
                0,
                "file-too-large",
                f"{count:,}行あり、多すぎます（上限は{MAX_ROWS:,}行）。",
                "別のファイルを置いていないか、空の行が続いていないか確かめてください。",
            )
        ]
    source = text.split("\n")
    for number, line in enumerate(source, 1):
        if len(line) > MAX_LINE_CHARS:
            return None, [
                problem(
                    number,
                    "line-too-long",
                    f"1行が{len(line):,}文字あり、長すぎます（上限は{MAX_LINE_CHARS:,}文字）。",
                    '引用符「"」の閉じ忘れや、余分なコンマの連続がないか確かめてください。',
                )
            ]
    if conflicts := [n for n, line in enumerate(source, 1) if CONFLICT.match(line)]:
        return None, [
            problem(
                conflicts[0],
                "merge-conflict",
                "変更の衝突の印（<<<<<<< など）が残っています"
                f"（{'、'.join(map(str, conflicts[:9]))}行目）。",
                "2つの書き方のうち正しい行だけを残し、印の行を消してください。",
                source[conflicts[0] - 1],
            )
        ]
    delimiter, problems = find_delimiter(path, source[0])
    reader = csv.reader((line + "\n" for line in source), delimiter=delimiter, strict=True)
    split = Split([], [], True)
    start = 1
    try:
        for row in reader:
            split.lines.append(start)
            split.rows.append(row)
            if reader.line_num != start:
                problems.append(
                    problem(
                        start,
                        "line-break",
                        "セルの中に改行があります（Excel の Alt+Enter）。",
                        "改行を消し、1件を1行にしてください。",
                    )
                )
            start = reader.line_num + 1
    except csv.Error:
        problems.append(
            problem(
                start,
                "quote-error",
                '引用符「"」の使い方が正しくありません。この行より後は読めていません。',
                '「"」を対にするか、消してください（例: "1行目、2行目"）。',
                source[start - 1],
            )
        )
        split = Split(split.lines, split.rows, False)
    return (split if split.rows else None), problems


def find_delimiter(path: str, first: str) -> tuple[str, list[Problem]]:
    """The comma, or what somebody used instead of it (reported)."""
    for mark, name in (("\t", "タブ"), (";", "セミコロン「;」")):
        if "," not in first and mark in first:
            return mark, [
                Problem(
                    path,
                    1,
                    "",
                    "wrong-delimiter",
                    f"列の区切りがコンマではなく{name}です。",
                    "Excel では「CSV UTF-8（コンマ区切り）」を選んで保存し直してください。" + TIDY,
                )
            ]
    return ",", []


def check_widths(
    path: str, split: Split, header: Header
) -> tuple[list[int], list[list[str]], list[Problem]]:
    """The rows that have as many cells as the header; blank and ragged ones are reported."""
    lines: list[int] = []
    rows: list[list[str]] = []
    problems: list[Problem] = []
    for number, row in zip(split.lines[1:], split.rows[1:], strict=True):
        if number == split.lines[-1] and not row:
            continue  # what follows the last line end
        if len(problems) >= MAX_COLLECTED:
            break
        if not any(cell.strip() for cell in row):
            problems.append(
                Problem(
                    path, number, "", "blank-row", "空の行です。", "行を消してください。" + TIDY
                )
            )
        elif len(row) == header.width:
            lines.append(number)
            rows.append(row)
        else:
            few = len(row) < header.width
            problems.append(
                Problem(
                    path,
                    number,
                    "",
                    "missing-cell" if few else "extra-cell",
                    f"列の数が{len(row)}で、見出しの{header.width}より"
                    f"{'少ない' if few else '多い'}です。",
                    'コンマの数を確かめてください。コンマを含む文は「"」で囲みます'
                    '（例: "北1条、2条"）。',
                    shown(",".join(row)),
                )
            )
    return lines, rows, problems


def check_cells(
    path: str, schema: dict[str, Any], header: Header, lines: list[int], rows: list[list[str]]
) -> tuple[list[Problem], bool]:
    """Look at every cell, and put what it certainly means in its place.

    Returns the problems and whether a cell was left whose meaning is not certain.
    """
    problems: list[Problem] = []
    unclear = False
    keys = set(schema.get("primaryKey", ()))
    for column, field in enumerate(schema["fields"]):
        name, kind = field["name"], field["type"]
        if name in header.missing:
            continue
        required = bool(field.get("constraints", {}).get("required"))
        above = ""
        for number, row in zip(lines, rows, strict=True):
            if len(problems) >= MAX_COLLECTED:
                return problems, True
            cell = row[column]
            if not cell.strip():
                if cell and kind == "string":
                    problems.append(blank_spaces(path, number, name, cell))
                if required and above and name in keys:
                    problems.append(merged_blank(path, number, name, above))
                    unclear = True
                row[column] = ""
                continue
            above = cell
            if kind != "string" and is_plain(cell, kind):
                continue
            for finding in (
                check_text(cell, field)
                if kind == "string"
                else [explain_number(cell, kind, name, required=required)]
            ):
                code, message, fix, mended, level = finding
                value = "" if code == "personal-data" else shown(cell)
                problems.append(Problem(path, number, name, code, message, fix, value, level))
                if mended is not None:
                    row[column] = mended
                elif level == "error":
                    unclear = unclear or kind != "string" or name in keys
    return problems, unclear


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
