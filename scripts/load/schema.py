"""The cells against the declared schema: Frictionless judges, the findings are said in Japanese.

Frictionless is given the declarations of fields, known keys only, and cells that were read: it
opens no path, guesses no encoding and no dialect. It judges every different cell of a column once;
patterns, which it would try without end, and keys, which need whole columns, are looked at here.
"""

from __future__ import annotations

import difflib
import json
import re
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import cache, lru_cache, partial
from itertools import islice, pairwise
from typing import Any

from scripts.load.again import NOTHING, Before
from scripts.load.cells import Table
from scripts.load.limits import MAX_COLLECTED, MAX_PROBLEMS
from scripts.load.pattern import matcher
from scripts.messages import shown
from scripts.model import Problem

_TITLES = {"string": "文字", "number": "数値", "integer": "整数", "boolean": "true か false"}
EXAMPLES = {
    "published": "2017-03",
    "reading": "にゅうえんしゃすう",
    "url": "https://example.jp/plan.pdf",
}
"""Columns whose pattern needs an example."""

MAX_COMPARED = 5_000
"""Rows of a table up to which the nearest value is looked for."""

FIELD_PARTS = ("name", "type", "constraints", "trueValues", "falseValues")

Read = Callable[[str], tuple[Any, Mapping[str, str] | None]]
"""A cell → its value, and what is wrong with it by kind (``type``, ``required``, ``enum`` …)."""

Key = tuple[Hashable, ...]


def check_schema(tables: list[Table], before: Before = NOTHING) -> list[Problem]:
    """Validate types, constraints and keys.

    A foreign key is looked up only in a table of which every row could be read.
    """
    by_name = {table.name: table for table in tables}
    problems: list[Problem] = []
    for table in tables:
        others = [by_name.get(name) for name in referred(table)]
        problems += before.once(
            "schema", table.name, (table, *others), partial(check_table, table, by_name)
        )
    return problems


def foreign_keys(table: Table) -> list[dict[str, Any]]:
    """The foreign keys of a table as declared."""
    keys: list[dict[str, Any]] = table.resource["schema"].get("foreignKeys", [])
    return keys


def referred(table: Table) -> list[str]:
    """The table that each foreign key of a table points into."""
    return [key["reference"].get("resource") or table.name for key in foreign_keys(table)]


def check_table(table: Table, tables: Mapping[str, Table]) -> list[Problem]:
    """Validate one table; of the others only those count that it refers to."""
    problems: list[Problem] = []
    try:
        problems += islice(check_columns(table), MAX_COLLECTED)
        problems += islice(check_unique(table), MAX_COLLECTED)
        problems += islice(check_references(table, tables), MAX_COLLECTED)
    except UnfitFieldError as error:
        problems.append(
            Problem("datapackage.json", 0, "", "schema-error", f"表の定義の誤りです（{error}）。")
        )
    return problems


class UnfitFieldError(Exception):
    """Frictionless refuses the declaration of a field."""


def reader_of(field: Mapping[str, Any]) -> Read:
    """What Frictionless reads a cell of a field with; raises :class:`UnfitFieldError`."""
    return _reader(json.dumps({part: field[part] for part in FIELD_PARTS if part in field}))


@lru_cache(1_000)  # a declaration is judged once, however often its table is read
def _reader(declared: str) -> Read:
    from frictionless import Field, FrictionlessException  # slow to import; check fails quickly

    field = json.loads(declared)
    pattern = field.get("constraints", {}).pop("pattern", None)
    try:
        read: Read = Field.from_descriptor(field).create_cell_reader()
    except FrictionlessException as error:
        raise UnfitFieldError("、".join(e.note for e in error.reasons or [error.error])) from error
    if pattern is None:
        return read
    fits = matcher(pattern)

    def read_and_match(cell: str) -> tuple[Any, Mapping[str, str] | None]:
        value, notes = read(cell)
        return value, notes if value is None or fits(cell) else {**(notes or {}), "pattern": ""}

    return read_and_match


def check_columns(table: Table) -> Iterator[Problem]:
    """Cells that are not of their type or break a constraint; what was reported is not repeated."""
    fields = table.resource["schema"]["fields"]
    wrong: list[tuple[int, dict[str, Any], dict[str, Mapping[str, str]]]] = []
    for place, field in enumerate(fields):
        read = reader_of(field)
        if field["name"] in table.missing:
            continue
        different = dict.fromkeys(table.columns[place])
        broken = ((cell, note) for cell in different if (note := read(cell)[1]))
        notes = dict(islice(broken, MAX_COLLECTED))
        if notes:
            wrong.append((place, field, notes))
    if not wrong:
        return
    for at, row in enumerate(table.lines):
        for place, field, notes in wrong:
            cell, name = table.columns[place][at], field["name"]
            if cell not in notes or (row, name) in table.reported:
                continue
            for kind in notes[cell]:
                code, message, fix = explain(field, cell, kind)
                yield Problem(table.path, row, name, code, message, fix, shown(cell))


def key_columns(table: Table, names: Iterable[str]) -> Iterator[list[Hashable]]:
    """The values of some columns; ``None`` for blanks and for numbers that were misread."""
    for name in names:
        place = table.header.index(name)
        field, column = table.resource["schema"]["fields"][place], table.columns[place]
        if field["type"] == "string":
            yield [cell or None for cell in column]
            continue
        read = reader_of(field)
        values: dict[str, Hashable] = {cell: read(cell)[0] for cell in set(column)}
        typed = [values[cell] for cell in column]
        for row, reported in table.reported:
            if reported == name:
                typed[bisect_left(table.lines, row)] = None
        yield typed


def keys_of(table: Table, names: Iterable[str]) -> Iterator[Key]:
    """The values of some columns, row by row."""
    return zip(*key_columns(table, names), strict=True)


def check_unique(table: Table) -> Iterator[Problem]:
    """Rows that repeat a primary key, and cells that repeat a value in a column of different ones.

    Rows in the order of the key, as they should be, need no memory of those before.
    """
    schema = table.resource["schema"]
    keys = schema["primaryKey"]
    for at, first in repeated(list(keys_of(table, keys))):
        row = table.lines[at]
        if any((row, key) in table.reported for key in keys):
            continue
        values = "・".join(table.cell(at, key) for key in keys)
        yield Problem(
            table.path,
            row,
            keys[-1],
            "primary-key",
            f"「{shown(values)}」の行は{table.lines[first]}行目にもあります。",
            "同じものを表す行は1行にまとめ、余分な行を消してください。",
            shown(values),
        )
    for field in schema["fields"]:
        name = field["name"]
        if not field.get("constraints", {}).get("unique") or name in table.missing:
            continue
        for at, _ in repeated(list(keys_of(table, [name]))):
            row, cell = table.lines[at], table.cell(at, name)
            if (row, name) not in table.reported:
                code, message, fix = explain(field, cell, "unique")
                yield Problem(table.path, row, name, code, message, fix, shown(cell))


def repeated(keys: list[Key]) -> Iterator[tuple[int, int]]:
    """Places of complete keys that stand before, each with the first place of its key."""
    if not any(None in key for key in keys) and all(a < b for a, b in pairwise(keys)):
        return
    first: dict[Key, int] = {}
    for at, key in enumerate(keys):
        if None not in key and first.setdefault(key, at) != at:
            yield at, first[key]


def check_references(table: Table, tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Values that another table (or the table itself) should have and does not."""
    for where, key in zip(referred(table), foreign_keys(table), strict=True):
        other = tables.get(where)
        fields, theirs = key["fields"], key["reference"]["fields"]
        if other is None or not other.sound or table.missing & set(fields):
            continue
        known = set(keys_of(other, theirs))
        nearest = nearest_in(other, theirs[-1])
        for at, values in enumerate(keys_of(table, fields)):
            if values in known or not any(value is not None for value in values):
                continue
            row = table.lines[at]
            if any((row, field) in table.reported for field in fields):
                continue
            near = nearest(table.cell(at, fields[-1]))
            hint = f"「{near}」の書き違いなら直してください。" if near else ""
            cells = shown("・".join(table.cell(at, field) for field in fields))
            yield Problem(
                table.path,
                row,
                fields[-1],
                "foreign-key",
                f"「{cells}」が表「{where}」にありません。",
                f"{hint}新しいものなら、先に {other.path} に行を足してください。",
                cells,
            )


def nearest_in(table: Table, name: str) -> Callable[[str], str]:
    """A function cell → the nearest other cell of a column, blank when there is none.

    Only a table of ordinary size is looked through, and only for as many cells as are shown.
    """
    asked = 0

    @cache
    def known() -> list[str]:
        return sorted(set(table.columns[table.header.index(name)]))

    @cache
    def nearest(cell: str) -> str:
        nonlocal asked
        asked += 1
        if len(table.lines) > MAX_COMPARED or asked > MAX_PROBLEMS:
            return ""
        near = difflib.get_close_matches(cell, known(), cutoff=0.85)
        return near[0] if near and near[0] != cell else ""

    return nearest


def explain(field: dict[str, Any], cell: str, kind: str) -> tuple[str, str, str]:
    """Code, message and mend for a cell that is not of its type or breaks a constraint."""
    if kind == "type":
        wanted = _TITLES[field["type"]]
        return "type-error", f"「{shown(cell)}」は{wanted}として読めません。", ""
    message, fix = explain_constraint(field, cell, kind)
    code = {
        "required": "required-cell",
        "minimum": "out-of-range",
        "maximum": "out-of-range",
    }.get(kind, "constraint-error")
    return code, message, fix


def explain_constraint(field: dict[str, Any], cell: str, kind: str) -> tuple[str, str]:
    """Why a cell breaks a constraint of its field, and what to write."""
    limit = field.get("constraints", {}).get(kind)
    name = field["name"]
    title, seen = field.get("title", name), shown(cell)
    if kind == "required":
        return f"「{title}」が空です。", "資料を見て、値を書いてください。"
    if kind == "enum":
        near = difflib.get_close_matches(cell, limit, cutoff=0.5)
        return (
            f"「{seen}」は選べる値ではありません。",
            f"{'、'.join(limit)} のどれかを書いてください（例: {near[0] if near else limit[0]}）。",
        )
    if kind in ("minimum", "maximum"):
        word, side = ("小さ", "以上") if kind == "minimum" else ("大き", "以下")
        serial = name.endswith("year") and re.fullmatch(r"[34]\d{4}", cell)
        return (
            f"「{seen}」は{word}すぎます。"
            + ("Excel が日付を数に変えたものかもしれません。" if serial else ""),
            f"{limit} {side}の値を書いてください"
            + ("（例: 2021）。" if name.endswith("year") else f"（例: {limit}）。"),
        )
    if kind in ("maxLength", "minLength"):
        word, side = ("長", "まで") if kind == "maxLength" else ("短", "以上")
        return f"{len(cell)}文字あり、{word}すぎます。", f"{limit}文字{side}で書いてください。"
    if kind == "pattern" and name.endswith(("_id", "rating")):
        return (
            f"「{seen}」は記号（ID）の形ではありません。",
            "半角の英小文字、数字、ハイフンだけで書いてください（例: child-care-2021）。",
        )
    if kind == "pattern":
        sample = EXAMPLES.get(name)
        return (
            f"「{seen}」は「{title}」の書き方ではありません。",
            field.get("description", "") + (f"（例: {sample}）。" if sample else ""),
        )
    if kind == "unique":
        return f"「{seen}」が2回以上あります。", "同じ値は1回だけ書けます。"
    return f"「{seen}」は決まりに合いません。", field.get("description", "")
