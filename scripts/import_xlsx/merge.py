"""Put the rows of a workbook into the tables of a package, in memory, with every change named."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from scripts.import_xlsx.rows import Book, Sheet
from scripts.load.tidying import Change, Line, order_rows, quoted, write_lines
from scripts.messages import shown
from scripts.model import Package, Problem

SETTLING = ("provisional", "final")
"""A provisional value that becomes final needs no reason."""


@dataclass(slots=True)
class Merged:
    """The files that change, what changes in them, and where in the workbook rows came from."""

    files: dict[str, bytes] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    places: dict[tuple[str, tuple[str, ...]], tuple[str, int, Mapping[str, str]]] = field(
        default_factory=dict
    )


def merge_book(name: str, book: Book, package: Package) -> Merged:
    """All sheets of a workbook into the package."""
    merged = Merged()
    resources = {r["name"]: r for r in package.descriptor["resources"]}
    for table in dict.fromkeys(sheet.table for sheet in book.sheets):
        sheets = [sheet for sheet in book.sheets if sheet.table == table]
        merge_table(shown(name), resources[table], sheets, package, merged)
    return merged


def merge_table(
    name: str,
    resource: dict[str, Any],
    sheets: Sequence[Sheet],
    package: Package,
    merged: Merged,
) -> None:
    """The rows of the sheets of one table into its file."""
    path = package.path(resource["name"])
    fields = resource["schema"]["fields"]
    header = [column["name"] for column in fields]
    keys = resource["schema"]["primaryKey"]
    lines = read_lines(package.raw[resource["name"]])
    by_key = {tuple(row.cells[header.index(k)] for k in keys): row for row in lines[1:]}
    before = len(merged.changes)
    for sheet in sheets:
        for number, given in sheet.rows:
            key = tuple(given.get(k, "") for k in keys)
            if not all(key):
                merged.problems += blank_key(name, sheet, number, given, keys)
                continue
            place = (f"{name}:{sheet.title}", number, sheet.columns)
            if (path, key) in merged.places:
                merged.problems.append(twice(place, keys, key, merged.places[path, key]))
                continue
            merged.places[path, key] = place
            row = by_key.get(key)
            if row is None:
                row = Line(0, [given.get(column, "") for column in header], None)
                lines.append(row)
                merged.changes.append(
                    Change(
                        path, 0, "", quoted("・".join(key)), "新しい行 " + facts(row, header, keys)
                    )
                )
            else:
                update_row(path, fields, key, row, given, place, merged)
    if len(merged.changes) > before:
        ordered, _ = order_rows(path, resource["schema"], fields, lines)
        merged.files[path] = write_lines(ordered)


def read_lines(raw: bytes) -> list[Line]:
    """A sound table with the text of each line."""
    text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    source = text.removesuffix("\n").split("\n")
    rows = csv.reader(io.StringIO(text, newline=""))
    return [Line(n, row, source[n - 1]) for n, row in enumerate(rows, 1)]


def facts(row: Line, header: Sequence[str], keys: Sequence[str]) -> str:
    """The cells of a new row that say something."""
    cells = zip(header, row.cells, strict=True)
    return "、".join(f"{name}={shown(cell)}" for name, cell in cells if cell and name not in keys)


def update_row(
    path: str,
    fields: Sequence[Mapping[str, Any]],
    key: tuple[str, ...],
    row: Line,
    given: Mapping[str, str],
    place: tuple[str, int, Mapping[str, str]],
    merged: Merged,
) -> None:
    """Cells of a row that is there already; a published number changes only with a reason."""
    header = [str(column["name"]) for column in fields]
    old = dict(zip(header, row.cells, strict=True))
    new = old | dict(given)
    kinds = {str(column["name"]): column["type"] for column in fields}
    for name, kind in kinds.items():
        both = kind in ("number", "integer") and old[name] and new[name]
        if both and Decimal(old[name]) == Decimal(new[name]):
            new[name] = old[name]  # the printed digits stay as they are
    numbers = [n for n in header if kinds[n] in ("number", "integer") and old[n] != new[n]]
    notes = [name for name in header if name.endswith("note")]
    explained = any(new[note] and new[note] != old[note] for note in notes)
    settled = (old.get("status"), new.get("status")) == SETTLING
    if numbers and not explained and not settled:
        for name in numbers:
            merged.problems.append(needs_reason(place, name, old[name], new[name], notes))
        return
    for name in header:
        if old[name] != new[name]:
            words = f"{'・'.join(key)} {name}"
            merged.changes.append(
                Change(path, row.number, shown(words), quoted(old[name]), quoted(new[name]))
            )
            row.cells[header.index(name)], row.text = new[name], None


def at(place: tuple[str, int, Mapping[str, str]], name: str) -> str:
    """``book.xlsx:sheet!C5``."""
    title, number, columns = place
    return f"{title}!{columns.get(name, 'A')}{number}"


def needs_reason(
    place: tuple[str, int, Mapping[str, str]], name: str, old: str, new: str, notes: Sequence[str]
) -> Problem:
    """A correction of a published number without a reason."""
    where = notes[-1] if notes else ""
    return Problem(
        at(place, name),
        0,
        name,
        "correction-reason",
        f"公開している値「{shown(old)}」を「{shown(new)}」に変えようとしています。",
        f"訂正なら、理由を {where} に書いてください。間違いなら、値を元に戻してください。"
        if where
        else "訂正なら、理由を確かめてから CSV を直してください。",
        shown(new),
    )


def blank_key(
    name: str, sheet: Sheet, number: int, given: Mapping[str, str], keys: Sequence[str]
) -> Iterator[Problem]:
    """A row that does not say what it is about."""
    for key in keys:
        if not given.get(key):
            place = (f"{name}:{sheet.title}", number, sheet.columns)
            yield Problem(
                at(place, key),
                0,
                key,
                "required-cell",
                "空か、読めない値です。どの行を表すか分かりません。",
                "結合を解き、上と同じでも省かずに書いてください。",
            )


def twice(
    place: tuple[str, int, Mapping[str, str]],
    keys: Sequence[str],
    key: tuple[str, ...],
    first: tuple[str, int, Mapping[str, str]],
) -> Problem:
    """The same key in two rows of the workbook."""
    return Problem(
        at(place, keys[-1]),
        0,
        keys[-1],
        "primary-key",
        f"「{shown('・'.join(key))}」の行は {at(first, keys[-1])} にもあります。",
        "1行にまとめてください。",
        shown("・".join(key)),
    )
