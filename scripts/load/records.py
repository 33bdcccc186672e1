"""Typed records from raw cells that passed every check."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from scripts.load.cells import Table
from scripts.model import Record

R = TypeVar("R", bound=Record)

CONVERT: dict[str, Callable[[str], Any]] = {
    "string": str,
    "integer": int,
    "number": Decimal,
    "boolean": lambda text: text == "true",
}


def make_records(kind: type[R], table: Table) -> tuple[R, ...]:
    """One record per row. Blank cells become ``""`` in text fields and ``None`` elsewhere.

    Columns that the record does not know are left alone: a package may carry more than we show.
    """
    known = set(kind.__dataclass_fields__)
    columns = [
        (index, field["name"], CONVERT[field["type"]], field["type"] == "string")
        for index, field in enumerate(table.resource["schema"]["fields"])
        if field["name"] in known
    ]
    return tuple(
        kind(
            row=number,
            **{
                name: convert(cells[index]) if cells[index] else ("" if is_text else None)
                for index, name, convert, is_text in columns
            },
        )
        for number, cells in zip(table.lines, table.rows, strict=True)
    )
