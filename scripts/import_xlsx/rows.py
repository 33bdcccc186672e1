"""What is read from a workbook: rows for tables, and where each cell of them stood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scripts.model import Package, Problem

SEARCHED_LINES = 10
"""Lines of a sheet among which the headings are looked for."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows that a sheet gives to a table: cells by column, and where each cell stood."""

    table: str
    title: str
    columns: Mapping[str, str]
    rows: tuple[tuple[int, dict[str, str]], ...]


@dataclass(slots=True)
class Book:
    """What was read from a workbook, and what was passed over."""

    sheets: list[Sheet] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def source_of(text: str, package: Package) -> str:
    """The id of a source given by its title; the text itself otherwise."""
    titles = {s.title: s.source_id for s in package.sources}
    return titles.get(text, text)


def name_sources(book: Book, package: Package) -> None:
    """Sources given by their titles become ids; titles may be those of the workbook itself."""
    titles = {s.title: s.source_id for s in package.sources}
    for sheet in book.sheets:
        if sheet.table == "sources":
            titles |= {r.get("title", ""): r.get("source_id", "") for _, r in sheet.rows}
    for sheet in book.sheets:
        if sheet.table == "observations":
            for _, row in sheet.rows:
                if given := row.get("source_id"):
                    row["source_id"] = titles.get(given, given)
