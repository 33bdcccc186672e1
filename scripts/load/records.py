"""Typed records from raw cells that passed every check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    fields = table.resource["schema"]["fields"]
    names: list[str] = ["row"]
    columns: list[Sequence[Any]] = [table.lines]
    for field, column in zip(fields, table.columns, strict=True):
        if field["name"] not in known:
            continue
        convert = CONVERT[field["type"]]
        blank = "" if field["type"] == "string" else None
        values = {cell: convert(cell) if cell else blank for cell in set(column)}
        names.append(field["name"])
        columns.append([values[cell] for cell in column])  # equal cells share one value
    return tuple(kind(**dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True))
