"""Typed records from raw cells that passed every check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from scripts.load.again import NOTHING, Before
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


def renewed_records(kind: type[R], table: Table, before: Before = NOTHING) -> tuple[R, ...]:
    """What :func:`make_records` gives; rows that stand where they stood keep their records."""

    def make() -> tuple[R, ...]:
        known = before.last("records", table.name)
        if known is None or known[0][0].resource != table.resource:
            return make_records(kind, table)
        rows, old_rows = (list(zip(t.lines, *t.columns, strict=True)) for t in (table, known[0][0]))
        records: list[R] = list(known[1][: len(rows)])
        kept = len(records)
        new = [at for at in range(len(rows)) if at >= kept or rows[at] != old_rows[at]]
        part = replace(
            table,
            lines=[table.lines[at] for at in new],
            columns=[[column[at] for at in new] for column in table.columns],
        )
        for at, record in zip(new, make_records(kind, part), strict=True):
            records[at : at + 1] = [record]
        return tuple(records)

    return before.once("records", table.name, (table,), make)
