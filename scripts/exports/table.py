"""A table as it is published, whatever it is published as.

CSV, XLSX, SQLite, the descriptor and the data dictionary are all made from this one shape, so that
they cannot tell different stories.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from scripts.exports.cells import guard, to_csv
from scripts.model import Package

Field = Mapping[str, Any]
"""A field of a Frictionless schema: ``name``, ``title``, ``description``, ``type``, …"""


class Rows:
    """The rows of a table, made anew each time they are gone through, so that nobody holds them."""

    def __init__(self, make: Callable[[], Iterable[tuple[str, ...]]], count: int) -> None:
        self._make, self._count = make, count

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        """The rows in their order."""
        return iter(self._make())

    def __len__(self) -> int:
        """How many there are."""
        return self._count


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: ``rows`` hold plain text cells as in the curated files, blank = not known.

    ``path`` is relative to the published ``data/``; ``keys`` are foreign keys in the form of the
    schema; ``missing`` is the text of a blank cell.
    """

    name: str
    path: str
    title: str
    description: str
    fields: tuple[Field, ...]
    rows: Rows | tuple[tuple[str, ...], ...]
    primary_key: tuple[str, ...] = ()
    keys: tuple[Mapping[str, Any], ...] = ()

    @property
    def header(self) -> tuple[str, ...]:
        """The physical names of the columns."""
        return tuple(str(field["name"]) for field in self.fields)


def field(name: str, title: str, description: str, kind: str = "string", **more: Any) -> Field:
    """A field of a schema; ``more`` are further properties such as ``unit`` or ``constraints``."""
    return {"name": name, "title": title, "description": description, "type": kind, **more}


def heading(column: Field) -> str:
    """What a person reads above a column: the Japanese title with the unit."""
    unit = f"({column['unit']})" if column.get("unit") else ""
    return f"{column.get('title') or column['name']}{unit}"


def is_text(column: Field) -> bool:
    """Whether the cells of a column are words (numbers and booleans are never altered)."""
    return column["type"] not in ("number", "integer", "boolean")


def csv_of(table: Table) -> bytes:
    """The table as published CSV: physical names, guarded text, BOM, LF."""
    texts = [is_text(column) for column in table.fields]
    return to_csv(
        table.header,
        (
            [guard(cell) if text else cell for cell, text in zip(row, texts, strict=True)]
            for row in table.rows
        ),
    )


def curated(package: Package) -> tuple[Table, ...]:
    """The tables of the package as they are, in the order of the descriptor."""
    tables = []
    for resource in package.descriptor["resources"]:
        name = resource["name"]
        schema = resource["schema"]
        by_name = {column["name"]: column for column in schema["fields"]}
        tables.append(
            Table(
                name=name,
                path=f"{name}.csv",
                title=resource.get("title", name),
                description=resource.get("description", ""),
                fields=tuple(by_name[cell] for cell in next(lines_of(package.raw[name]))),
                rows=Rows(
                    partial(_below_header, package.raw[name]),
                    sum(1 for _ in _below_header(package.raw[name])),
                ),
                primary_key=tuple(as_list(schema.get("primaryKey"))),
                keys=tuple(schema.get("foreignKeys", ())),
            )
        )
    return tuple(tables)


def lines_of(raw: bytes) -> Iterator[tuple[str, ...]]:
    """The lines of a curated file as cells, the header first; blank lines are left out."""
    text = io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8-sig", newline=None)
    return (tuple(row) for row in csv.reader(text) if row)


def _below_header(raw: bytes) -> Iterator[tuple[str, ...]]:
    return islice(lines_of(raw), 1, None)


def as_list(value: Any) -> list[str]:
    """A key may be written as one name or a list of names."""
    if not value:
        return []
    return [value] if isinstance(value, str) else list(value)


def by_stem(paths: Iterable[str]) -> dict[str, list[str]]:
    """Paths by what they are without their ending: ``kpis/a.csv`` under ``kpis/a``."""
    stems: dict[str, list[str]] = {}
    for path in paths:
        name = path.rpartition("/")[2]
        stems.setdefault(path.removesuffix(name) + name.partition(".")[0], []).append(path)
    return stems
