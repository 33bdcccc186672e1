"""A table as it is published, whatever it is published as.

CSV, XLSX, SQLite, the descriptor and the data dictionary are all made from this one shape, so that
they cannot tell different stories.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scripts.exports.cells import guard, to_csv
from scripts.model import Package

Field = Mapping[str, Any]
"""A field of a Frictionless schema: ``name``, ``title``, ``description``, ``type``, …"""


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
    rows: tuple[tuple[str, ...], ...]
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
        text = package.raw[resource["name"]].decode("utf-8-sig")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        lines = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
        schema = resource["schema"]
        by_name = {column["name"]: column for column in schema["fields"]}
        tables.append(
            Table(
                name=resource["name"],
                path=f"{resource['name']}.csv",
                title=resource.get("title", resource["name"]),
                description=resource.get("description", ""),
                fields=tuple(by_name[name] for name in lines[0]),
                rows=tuple(tuple(row) for row in lines[1:]),
                primary_key=tuple(as_list(schema.get("primaryKey"))),
                keys=tuple(schema.get("foreignKeys", ())),
            )
        )
    return tuple(tables)


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
