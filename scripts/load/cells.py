"""From bytes to raw cells, with the mistakes that a schema checker would let pass.

Frictionless guesses encodings and accepts full-width digits, ``1_000``, NaN and much else, so the
bytes and the raw cells are looked at here first.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.model import Problem
from scripts.years import parse_year

TIDY = "「nox -s tidy」で直せます。"

PLAIN = {
    "number": re.compile(r"-?\d+(\.\d+)?\Z", re.ASCII),
    "integer": re.compile(r"-?\d+\Z", re.ASCII),
    "boolean": re.compile(r"(true|false)\Z"),
}
"""What a cell of each type may look like, tighter than Frictionless."""


@dataclass(frozen=True, slots=True)
class Table:
    """The raw cells of one file; ``rows[i]`` stands on line ``i + 2``."""

    name: str
    path: str
    raw: bytes
    resource: dict[str, Any]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    reported: frozenset[tuple[int, str]]


def read_table(base: Path, resource: dict[str, Any]) -> tuple[Table | None, list[Problem]]:
    """Read one table; ``None`` when its cells cannot be told apart."""
    path = resource["path"]
    file = base / path

    def at(row: int, field: str, code: str, message: str, fix: str, value: str = "") -> Problem:
        return Problem(path, row, field, code, message, fix, value)

    try:
        if not file.resolve().is_relative_to(base.resolve()):
            return None, [
                at(
                    0,
                    "",
                    "unsafe-path",
                    "パッケージの外のファイルを指しています。",
                    "data/ の中に置いてください。",
                )
            ]
        raw = file.read_bytes()
    except OSError:
        return None, [
            at(
                0,
                "",
                "file-missing",
                "ファイルが見つからないか、読めません。",
                "名前と場所を確かめてください。",
            )
        ]
    text, problems = decode(path, raw)
    if text is None:
        return None, problems
    lines, found = split_rows(path, text)
    problems += found
    if not lines:
        return None, problems
    names = [field["name"] for field in resource["schema"]["fields"]]
    found = check_header(path, lines[0], names)
    if found:
        return None, problems + found
    rows = lines[1:]
    cells = list(check_cells(path, resource["schema"]["fields"], rows))
    problems += cells
    return (
        Table(
            name=resource["name"],
            path=path,
            raw=raw,
            resource=resource,
            header=tuple(lines[0]),
            rows=tuple(tuple(row) for row in rows),
            reported=frozenset((p.row, p.field) for p in cells if p.level == "error"),
        ),
        problems,
    )


def decode(path: str, raw: bytes) -> tuple[str | None, list[Problem]]:
    """Decode strictly as UTF-8; say what the bytes probably are when they are something else."""

    def refuse(code: str, message: str, fix: str) -> tuple[None, list[Problem]]:
        return None, [Problem(path, 0, "", code, message, fix)]

    if not raw.strip():
        return refuse("file-empty", "ファイルが空です。", "元のファイルを取り戻してください。")
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return refuse("encoding-error", "UTF-16 で保存されています。", TIDY)
    if b"\0" in raw:
        return refuse(
            "nul-byte",
            "文字ではないデータ（NUL）が入っています。",
            "元のファイルから保存し直してください。",
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        try:
            raw.decode("cp932")
        except UnicodeDecodeError:
            return None, [
                Problem(
                    path,
                    row,
                    "",
                    "encoding-error",
                    "UTF-8 として読めない文字があります。",
                    "「CSV UTF-8」の形式で保存し直してください。",
                )
            ]
        return refuse(
            "encoding-error",
            "Excel の旧い文字コード（Shift_JIS）で保存されています。",
            "Excel で「CSV UTF-8」を選んで保存し直してください。" + TIDY,
        )
    problems = []
    if text.startswith("\ufeff"):
        text = text[1:]
        problems.append(
            Problem(path, 0, "", "bom", "先頭に BOM が付いています。", TIDY, level="warning")
        )
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        problems.append(
            Problem(path, 0, "", "line-ending", "改行が LF ではありません。", TIDY, level="warning")
        )
    return text, problems


def split_rows(path: str, text: str) -> tuple[list[list[str]], list[Problem]]:
    """Split into rows of cells; a record is one line of the file."""
    for number, line in enumerate(text.split("\n"), 1):
        if re.match(r"(<{7}|={7}|>{7})( |$)", line):
            return [], [
                Problem(
                    path,
                    number,
                    "",
                    "merge-conflict",
                    "変更の衝突の印（<<<<<<< など）が残っています。",
                    "正しい行だけを残し、印の行を消してください。",
                    line[:20],
                )
            ]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    problems: list[Problem] = []
    try:
        for row in reader:
            rows.append(row)
            if reader.line_num != len(rows):
                problems.append(
                    Problem(
                        path,
                        len(rows),
                        "",
                        "line-break",
                        'セルの中に改行があるか、引用符「"」が閉じていません。',
                        '1件を1行にし、「"」を対にしてください。',
                    )
                )
                return [], problems
    except csv.Error:
        problems.append(
            Problem(
                path,
                len(rows) + 1,
                "",
                "quote-error",
                '引用符「"」の使い方が正しくありません。',
                '「"」を対にするか、消してください。',
            )
        )
        return [], problems
    width = len(rows[0])
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            problems.append(
                Problem(path, number, "", "blank-row", "空の行です。", "行を消してください。")
            )
        elif len(row) != width:
            few = len(row) < width
            problems.append(
                Problem(
                    path,
                    number,
                    "",
                    "missing-cell" if few else "extra-cell",
                    f"列の数が{len(row)}で、見出しの{width}より{'少ない' if few else '多い'}です。",
                    'コンマの数を確かめてください。コンマを含む文は「"」で囲みます。',
                )
            )
    return ([] if problems else rows), problems


def check_header(path: str, header: list[str], names: list[str]) -> list[Problem]:
    """The header must be the declared columns in the declared order."""
    if header == names:
        return []

    def at(field: str, code: str, message: str, fix: str) -> Problem:
        return Problem(path, 1, field, code, message, fix, field)

    problems = []
    fix = f"1行目は {','.join(names)} です。"
    folded = [unicodedata.normalize("NFKC", h).strip().lower() for h in header]
    for found, plain in zip(header, folded, strict=True):
        if header.count(found) > 1:
            problems.append(at(found, "duplicate-label", f"列「{found}」が2回以上あります。", fix))
        elif found not in names:
            near = f"「{plain}」の書き違いかもしれません。" if plain in names else ""
            problems.append(
                at(found, "extra-label", f"列「{found}」は決められた列ではありません。{near}", fix)
            )
    for name in names:
        if name not in folded:
            problems.append(at(name, "missing-label", f"列「{name}」がありません。", fix))
    if not problems:
        problems.append(at("", "incorrect-label", "列の順番が違います。", fix))
    return sorted(set(problems))


def check_cells(
    path: str, fields: list[dict[str, Any]], rows: list[list[str]]
) -> Iterator[Problem]:
    """Look at every raw cell: stray spaces, control characters, numbers that are not plain."""
    for number, row in enumerate(rows, 2):
        for field, cell in zip(fields, row, strict=True):
            if not cell:
                continue
            name = field["name"]
            if any(unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs") for c in cell):
                yield Problem(
                    path,
                    number,
                    name,
                    "control-character",
                    "目に見えない制御文字が入っています。",
                    "セルを入力し直してください。",
                    cell,
                )
            elif cell != cell.strip() or cell != cell.strip("\u3000"):
                yield Problem(
                    path,
                    number,
                    name,
                    "stray-space",
                    f"「{cell}」の前後に空白があります。",
                    "空白を消してください。" + TIDY,
                    cell,
                )
            elif (plain := PLAIN.get(field["type"])) and not plain.match(cell):
                message, fix = explain_number(cell, field)
                yield Problem(path, number, name, "type-error", message, fix, cell)


def explain_number(cell: str, field: dict[str, Any]) -> tuple[str, str]:
    """Why a cell is not the plain number, integer or true/false it should be."""
    kind = field["type"]
    folded = unicodedata.normalize("NFKC", cell).replace(",", "").strip()
    if kind == "boolean":
        return f"「{cell}」は true か false ではありません。", "true か false と書いてください。"
    if field["name"].endswith("year"):
        fix = "西暦4けたの半角数字で書いてください（例: 2021）。"
        try:
            year = parse_year(cell)
        except ValueError as error:
            return f"{error}。", fix
        return (
            f"「{cell}」は年の書き方が違います。",
            f"西暦4けたの半角数字で書いてください（例: {year}）。",
        )
    wanted = "整数" if kind == "integer" else "数値"
    if PLAIN[kind].match(folded):
        return (
            f"「{cell}」は{wanted}として読めません。",
            f"半角数字で、桁区切りなしで書いてください（例: {folded}）。",
        )
    if match := re.match(r"[▲△▼−–]\s*(\d+(?:\.\d+)?)\Z", folded):
        return (
            f"「{cell}」は{wanted}として読めません。",
            f"負の数は半角のハイフンで書いてください（例: -{match[1]}）。",
        )
    if re.match(r"-?\d+(\.\d+)?[eE][+-]?\d+\Z", folded):
        return (
            f"「{cell}」は Excel が桁を省いた表示です。",
            "元の資料の数字をすべて書いてください（例: 100000）。",
        )
    if re.fullmatch(r"#+", folded):
        return (
            f"「{cell}」は Excel の列の幅が足りないときの表示です。",
            "元の資料の数字を書いてください。",
        )
    if match := re.match(r"(-?\d+(?:\.\d+)?)\s*\D+\Z", folded):
        return (
            f"「{cell}」に数字以外の文字が付いています。",
            f"単位や記号を除き、数字だけを書いてください（例: {match[1]}）。",
        )
    return (
        f"「{cell}」は{wanted}として読めません。",
        (
            f"半角数字だけで書いてください（例: {'12' if kind == 'integer' else '12.5'}）。"
            "分からないときは空欄にします。"
        ),
    )
