"""Frictionless validation of the tables, its findings said in Japanese.

Frictionless is given the very cells that were read and a schema of known keys only: it opens no
path, guesses no encoding and no dialect.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from scripts.load.cells import Table
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


def check_schema(tables: list[Table]) -> list[Problem]:
    """Validate types, constraints and keys.

    A foreign key is looked up only in a table of which every row could be read.
    """
    if not tables:
        return []
    from frictionless import Package  # slow to import, and check must stay quick to fail

    by_name = {table.name: table for table in tables}
    resources = [
        {"name": t.name, "type": "table", "data": cells_of(t), "schema": schema_of(t, by_name)}
        for t in tables
    ]
    report = Package.from_descriptor({"name": "package", "resources": resources}).validate()
    problems: list[Problem] = []
    for task in report.tasks:
        for error in task.errors:
            problems += translate(by_name, by_name[task.name], error)
    for error in report.errors:
        problems.append(
            Problem(
                "datapackage.json", 0, "", "schema-error", f"表の定義の誤りです（{error.note}）。"
            )
        )
    return problems


def cells_of(table: Table) -> list[list[str]]:
    """Header and rows; a number that was already reported is handed on as blank."""
    texts = [f["type"] == "string" for f in table.resource["schema"]["fields"]]
    reported = {row for row, _ in table.reported}
    return [
        list(table.header),
        *(
            [
                cell if text or (line, name) not in table.reported else ""
                for cell, text, name in zip(row, texts, table.header, strict=True)
            ]
            if line in reported
            else list(row)
            for line, row in zip(table.lines, table.rows, strict=True)
        ),
    ]


def schema_of(table: Table, tables: Mapping[str, Table]) -> dict[str, Any]:
    """The parts of the declared schema that judge cells."""
    schema = table.resource["schema"]
    keys = [
        key
        for key in schema.get("foreignKeys", [])
        if (other := tables.get(key["reference"].get("resource") or table.name))
        and other.sound
        and other.whole
    ]
    return {
        "fields": [{k: f[k] for k in FIELD_PARTS if k in f} for f in schema["fields"]],
        "missingValues": [""],
        "primaryKey": schema["primaryKey"],
        "foreignKeys": [
            {
                "fields": key["fields"],
                "reference": {
                    "resource": key["reference"].get("resource", ""),
                    "fields": key["reference"]["fields"],
                },
            }
            for key in keys
        ],
    }


def translate(tables: Mapping[str, Table], table: Table, error: Any) -> Iterator[Problem]:
    """One finding of Frictionless as problems of ours."""
    position = getattr(error, "row_number", None) or 0
    row = table.lines[position - 2] if 2 <= position < len(table.lines) + 2 else 0
    name = getattr(error, "field_name", "") or ""
    cell = cell_of(table, position, name) if row and name in table.header else ""

    def problem(field: str, code: str, message: str, fix: str, value: str = cell) -> Problem:
        return Problem(table.path, row, field, code, message, fix, shown(value))

    if (row, name) in table.reported or name in table.missing:
        return
    if error.type == "type-error":
        kind = _TITLES.get(field_of(table, name).get("type", ""), "")
        yield problem(name, "type-error", f"「{shown(cell)}」は{kind}として読めません。", "")
    elif error.type == "constraint-error":
        message, fix = explain_constraint(field_of(table, name), cell, error.note)
        yield problem(name, code_of_constraint(error.note), message, fix)
    elif error.type == "primary-key":
        keys = table.resource["schema"]["primaryKey"]
        values = [cell_of(table, position, key) for key in keys]
        if not all(values) or any((row, key) in table.reported for key in keys):
            return
        places = [table.header.index(key) for key in keys]
        first = next(
            line
            for line, cells in zip(table.lines, table.rows, strict=True)
            if [cells[place] for place in places] == values
        )
        yield problem(
            keys[-1],
            "primary-key",
            f"「{shown('・'.join(values))}」の行は{first}行目にもあります。",
            "同じものを表す行は1行にまとめ、余分な行を消してください。",
            "・".join(values),
        )
    elif error.type == "foreign-key":
        yield from explain_reference(tables, table, error, position, row)
    else:
        yield problem(name, "schema-error", f"表の形が正しくありません（{error.note}）。", "")


def explain_reference(
    tables: Mapping[str, Table], table: Table, error: Any, position: int, row: int
) -> Iterator[Problem]:
    """A value that the other table does not have, with the nearest one it has."""
    fields = list(error.field_names)
    if any((row, field) in table.reported for field in fields):
        return
    cells = [cell_of(table, position, field) for field in fields]
    where = error.reference_name or table.name
    other = tables.get(where, table)
    theirs = list(getattr(error, "reference_field_names", []) or [])
    hint = ""
    if theirs and theirs[-1] in other.header and len(other.rows) <= MAX_COMPARED:
        place = other.header.index(theirs[-1])
        known = {cells[place] for cells in other.rows}
        near = difflib.get_close_matches(cells[-1], sorted(known), 1, 0.85)
        if near and near[0] != cells[-1]:
            hint = f"「{near[0]}」の書き違いなら直してください。"
    values = "・".join(cells)
    yield Problem(
        table.path,
        row,
        fields[-1],
        "foreign-key",
        f"「{shown(values)}」が表「{where}」にありません。",
        f"{hint}新しいものなら、先に {other.path} に行を足してください。",
        shown(values),
    )


def field_of(table: Table, name: str) -> dict[str, Any]:
    """The declaration of a field, empty when there is none of that name."""
    fields: list[dict[str, Any]] = table.resource["schema"]["fields"]
    return next((f for f in fields if f["name"] == name), {})


def cell_of(table: Table, position: int, name: str) -> str:
    """The cell in the row that Frictionless counts as ``position`` (the header is 1)."""
    return table.rows[position - 2][table.header.index(name)]


def code_of_constraint(note: str) -> str:
    """The code for a broken constraint, by its kind."""
    if 'constraint "required"' in note:
        return "required-cell"
    return "out-of-range" if re.search(r'constraint "(min|max)imum"', note) else "constraint-error"


def explain_constraint(field: dict[str, Any], cell: str, note: str) -> tuple[str, str]:
    """Why a cell breaks a constraint of its field, and what to write."""
    match = re.search(r'constraint "(\w+)"', note)
    kind = match[1] if match else ""
    limit = field.get("constraints", {}).get(kind)
    name = str(field.get("name", ""))
    title, seen = field.get("title", name), shown(cell)
    if kind == "required":
        return f"「{title}」が空です。", "資料を見て、値を書いてください。"
    if kind == "enum":
        near = difflib.get_close_matches(cell, limit, 1, 0.5)
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
        sample = EXAMPLES.get(name, "")
        return (
            f"「{seen}」は「{title}」の書き方ではありません。",
            field.get("description", "") + (f"（例: {sample}）。" if sample else ""),
        )
    if kind == "unique":
        return f"「{seen}」が2回以上あります。", "同じ値は1回だけ書けます。"
    return f"「{seen}」は決まりに合いません。", field.get("description", "")
