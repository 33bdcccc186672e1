"""Frictionless validation of the tables, its findings said in Japanese.

Frictionless is given the very cells that were read, so that it cannot guess an encoding or a
dialect of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from scripts.load.cells import Table
from scripts.model import Problem

_TITLES = {"string": "文字", "number": "数値", "integer": "整数", "boolean": "true か false"}


def check_schema(tables: list[Table], *, complete: bool) -> list[Problem]:
    """Validate types, constraints and keys; with ``complete`` also foreign keys across tables."""
    from frictionless import (  # slow to import, and check must stay quick to fail
        Package,
        system,
    )

    by_name = {table.name: table for table in tables}
    resources = []
    for table in tables:
        schema = dict(table.resource["schema"])
        if not complete:
            schema.pop("foreignKeys", None)
        resources.append(
            {
                "name": table.name,
                "type": "table",
                "data": [list(table.header), *(list(row) for row in table.rows)],
                "schema": schema,
            }
        )
    if not resources:
        return []
    with system.use_context(trusted=True):
        report = Package.from_descriptor({"name": "package", "resources": resources}).validate()
    problems: list[Problem] = []
    for task in report.tasks:
        found = by_name.get(task.name)
        path = found.path if found else "datapackage.json"
        for error in task.errors:
            problems += translate(path, found, error)
    for error in report.errors:
        problems.append(
            Problem("datapackage.json", 0, "", error.type, f"定義の誤りです（{error.message}）。")
        )
    return problems


def translate(path: str, table: Table | None, error: Any) -> Iterator[Problem]:
    """One finding of Frictionless as problems of ours."""
    row = getattr(error, "row_number", None) or 0
    name = getattr(error, "field_name", "") or ""
    cell = str(getattr(error, "cell", "") or "")
    if table and ((row, name) in table.reported):
        return
    if table is None:
        yield Problem(path, 0, name, error.type, f"定義の誤りです（{error.note}）。")
    elif error.type == "type-error":
        kind = _TITLES.get(field_of(table, name).get("type", ""), "")
        yield Problem(
            path, row, name, "type-error", f"「{cell}」は{kind}として読めません。", "", cell
        )
    elif error.type == "constraint-error":
        message, fix = explain_constraint(field_of(table, name), cell, error.note)
        yield Problem(path, row, name, "constraint-error", message, fix, cell)
    elif error.type == "primary-key":
        keys = table.resource["schema"]["primaryKey"]
        values = "・".join(cell_of(table, row, key) for key in keys)
        yield Problem(
            path,
            row,
            keys[-1],
            "primary-key",
            f"「{values}」の行が2回以上あります。",
            "同じものを表す行は1行にまとめてください。",
            values,
        )
    elif error.type == "foreign-key":
        fields = list(error.field_names)
        values = "・".join(cell_of(table, row, field) for field in fields)
        where = error.reference_name or table.name
        yield Problem(
            path,
            row,
            fields[-1],
            "foreign-key",
            f"「{values}」が表「{where}」にありません。",
            f"{where}.csv に行を足すか、綴りを直してください。",
            values,
        )
    else:
        yield Problem(path, row, name, error.type, f"表の形が正しくありません（{error.note}）。")


def field_of(table: Table, name: str) -> dict[str, Any]:
    """The declaration of a field, empty when there is none of that name."""
    fields: list[dict[str, Any]] = table.resource["schema"]["fields"]
    return next((f for f in fields if f["name"] == name), {})


def cell_of(table: Table, row: int, name: str) -> str:
    """The raw cell on a line of the file."""
    return table.rows[row - 2][table.header.index(name)]


def explain_constraint(field: dict[str, Any], cell: str, note: str) -> tuple[str, str]:
    """Why a cell breaks a constraint of its field, and what to write."""
    match = re.search(r'constraint "(\w+)"', note)
    kind = match[1] if match else ""
    limit = field.get("constraints", {}).get(kind)
    title = field.get("title", field.get("name", ""))
    if kind == "required":
        return f"「{title}」が空です。", "値を書いてください。"
    if kind == "enum":
        return (
            f"「{cell}」は選べる値ではありません。",
            f"{'、'.join(limit)} のどれかを書いてください。",
        )
    if kind == "minimum":
        return f"「{cell}」は小さすぎます。", f"{limit} 以上の値を書いてください。"
    if kind == "maximum":
        return f"「{cell}」は大きすぎます。", f"{limit} 以下の値を書いてください。"
    if kind == "maxLength":
        return f"{len(cell)}文字あり、長すぎます。", f"{limit}文字までで書いてください。"
    if kind == "pattern" and field.get("name", "").endswith(("_id", "rating")):
        return (
            f"「{cell}」は記号（ID）の形ではありません。",
            "半角の英小文字、数字、ハイフンだけで書いてください（例: airport-passengers）。",
        )
    if kind == "pattern":
        return (
            f"「{cell}」は「{title}」の形ではありません。",
            field.get("description", ""),
        )
    return f"「{cell}」は決まりに合いません（{note}）。", ""
