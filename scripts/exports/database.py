"""The tables as one SQLite file with keys and views, for those who would import them anyway.

Numbers are REAL; because a database cannot keep the printed digits of 60.0, every number column
has a twin ``…_text`` with the digits as printed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import chain

from scripts.exports.table import Table, as_list
from scripts.memory import cut

TYPES = {"string": "TEXT", "number": "REAL", "integer": "INTEGER", "boolean": "INTEGER"}

VIEWS = {
    "observations_view": (
        ("observations", "kpis", "sources"),
        """SELECT o.kpi_id, k.name, o.year, o.value, o.value_text, k.unit, k.year_type, o.status,
       s.title AS source_title, o.locator, o.note
FROM observations AS o
JOIN kpis AS k USING (kpi_id)
JOIN sources AS s USING (source_id)""",
    ),
    "progress_view": (
        ("progress", "kpis", "strategies", "goals"),
        """SELECT p.strategy_id, st.short_title AS strategy, p.goal_id, g.short_title AS goal,
       p.kpi_id, k.name, p.unit, p.baseline_year, p.baseline_value, p.target_year,
       p.target_value, p.target_text, p.latest_year, p.latest_value, p.progress, p.elapsed,
       p.pace, p.status_label, p.reason
FROM progress AS p
JOIN kpis AS k USING (kpi_id)
JOIN strategies AS st USING (strategy_id)
JOIN goals AS g USING (strategy_id, goal_id)""",
    ),
    "latest_view": (
        ("observations", "kpis"),
        """SELECT o.kpi_id, k.name, o.year, o.value, o.value_text, k.unit
FROM observations AS o
JOIN kpis AS k USING (kpi_id)
WHERE o.year = (SELECT max(year) FROM observations WHERE kpi_id = o.kpi_id)""",
    ),
}
"""Name of a view → the tables it needs and its query."""


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def names(columns: Sequence[str]) -> str:
    """A list of SQL identifiers."""
    return ", ".join(quoted(column) for column in columns)


def columns_of(table: Table) -> Iterator[str]:
    """The definitions of the columns."""
    for field in table.fields:
        required = (
            field.get("constraints", {}).get("required") or field["name"] in table.primary_key
        )
        yield f"{quoted(field['name'])} {TYPES[field['type']]}{' NOT NULL' if required else ''}"
        if field["type"] == "number":
            yield f"{quoted(field['name'] + '_text')} TEXT"


def create(table: Table, known: frozenset[str]) -> str:
    """The statement that makes a table with its keys."""
    parts = list(columns_of(table))
    if table.primary_key:
        parts.append(f"PRIMARY KEY ({names(table.primary_key)})")
    for key in table.keys:
        other = key["reference"].get("resource") or table.name
        if other in known:
            parts.append(
                f"FOREIGN KEY ({names(as_list(key['fields']))}) "
                f"REFERENCES {quoted(other)} ({names(as_list(key['reference']['fields']))})"
            )
    return f"CREATE TABLE {quoted(table.name)} (\n  " + ",\n  ".join(parts) + "\n)"


def values(table: Table, row: Sequence[str]) -> list[str | int | float | None]:
    """The cells of a row as the database holds them; blank becomes NULL."""
    cells: list[str | int | float | None] = []
    for field, cell in zip(table.fields, row, strict=True):
        if field["type"] == "number":
            cells += [float(cell), cell] if cell else [None, None]
        elif not cell:
            cells.append(None)
        elif field["type"] == "integer":
            cells.append(int(cell))
        elif field["type"] == "boolean":
            cells.append(int(cell == "true"))
        else:
            cells.append(cell)
    return cells


COUNTERS = (slice(24, 28), slice(92, 100))
"""Where the file says how often and by which version it was written: nothing that readers need."""


def database(tables: Sequence[Table]) -> Iterator[bytes]:
    """The SQLite file, in pieces.

    Raises :class:`sqlite3.IntegrityError` when a key does not hold.
    """
    known = frozenset(table.name for table in tables)
    connection = sqlite3.connect("")  # a file that has no name
    try:
        connection.execute("PRAGMA page_size = 4096")
        for table in tables:
            connection.execute(create(table, known))
            width = sum(2 if field["type"] == "number" else 1 for field in table.fields)
            marks = ", ".join("?" * width)
            connection.executemany(
                f"INSERT INTO {quoted(table.name)} VALUES ({marks})",  # noqa: S608
                (values(table, row) for row in table.rows),
            )
        connection.execute(create(DICTIONARY, known))
        connection.executemany(
            'INSERT INTO "data_dictionary" VALUES (?, ?, ?, ?, ?)',
            chain.from_iterable(dictionary_rows(table) for table in tables),
        )
        for view, (needs, query) in VIEWS.items():
            if known.issuperset(needs):
                connection.execute(f"CREATE VIEW {quoted(view)} AS {query}")
        connection.commit()
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise sqlite3.IntegrityError(f"foreign keys do not hold: {broken[:5]}")
        connection.execute("VACUUM")
        whole = connection.serialize()
        head = bytearray(whole[:100])
        for place in COUNTERS:
            head[place] = bytes(place.stop - place.start)
        yield bytes(head)
        yield from cut(whole, len(head), len(whole))
    finally:
        connection.close()


DICTIONARY = Table(
    name="data_dictionary",
    path="",
    title="データ辞書",
    description="すべての表の列の意味。",
    fields=tuple(
        {"name": name, "type": "string"}
        for name in ("table_name", "column_name", "title", "unit", "description")
    ),
    rows=(),
    primary_key=("table_name", "column_name"),
)


def dictionary_rows(table: Table) -> Iterator[tuple[str, str, str, str, str]]:
    """What each column of a table means, inside the database itself."""
    for field in table.fields:
        name, title = str(field["name"]), str(field.get("title", ""))
        unit, text = str(field.get("unit", "")), str(field.get("description", ""))
        yield table.name, name, title, unit, text
        if field["type"] == "number":
            yield (
                table.name,
                f"{name}_text",
                f"{title}（印字のまま）",
                unit,
                "資料に印字された数字。",
            )
