"""The only reader of ``data/``: bytes → cells → Frictionless schema → typed records.

:func:`load_package` answers with the package and every problem found; the package is ``None``
when it must not be published. It never raises for bad data, whatever the bytes are.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.load.again import NOTHING, Before
from scripts.load.cells import Table, read_table
from scripts.load.descriptor import read_descriptor
from scripts.load.files import too_much, undeclared_files
from scripts.load.limits import MAX_COLLECTED, MAX_PROBLEMS
from scripts.load.records import renewed_records
from scripts.load.schema import check_schema
from scripts.model import TABLES, Package, Problem, Record

__all__ = ["Before", "Loaded", "limited", "load_package", "read_descriptor", "uncollected"]

BLOCKING = (
    "required-cell",
    "out-of-range",
    "primary-key",
    "foreign-key",
    "type-error",
    "schema-error",
)
"""Findings of the schema that make the records of a table unfit for the rules."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading gives.

    ``package`` is ``None`` when anything is wrong; ``readable`` then still holds the tables that
    could be read for certain, and ``broken`` names the others, which are empty in it.
    """

    package: Package | None
    problems: tuple[Problem, ...]
    readable: Package | None = None
    broken: frozenset[str] = frozenset()


def load_package(descriptor_path: Path, *, raw: bool = True, before: Before = NOTHING) -> Loaded:
    """Read a ``datapackage.json`` and its tables.

    Without ``raw`` the bytes of the files are not kept: enough for whoever only checks. Who loads
    the same package again gives the same ``before`` each time.
    """
    with uncollected():
        return read_package(descriptor_path, raw=raw, before=before)


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for circles among millions of cells and records that hold none."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def read_package(descriptor_path: Path, *, raw: bool, before: Before) -> Loaded:
    """What :func:`load_package` says it does."""
    descriptor, problems = read_descriptor(descriptor_path)
    if descriptor is None:
        return Loaded(None, in_order(problems))
    base = descriptor_path.parent
    resources = descriptor["resources"]
    paths = {resource["name"]: resource["path"] for resource in resources}
    if fault := too_much(base, paths.values()):
        return Loaded(None, in_order([*problems, fault]))
    problems += undeclared_files(base, paths.values())
    tables: list[Table] = []
    for resource in resources:
        table, found = read_table(base, resource, raw=raw, before=before)
        problems += found
        if table is not None:
            tables.append(table)
    found = check_schema(tables, before)
    problems += found
    bad_paths = {p.path for p in found if p.code in BLOCKING}
    paths = {t.name: t.path for t in tables}
    contents = {t.name: t.raw for t in tables}
    records: dict[str, tuple[Record, ...]] = {}
    while tables:  # so that the cells of a table go when its records come
        table = tables.pop()
        if table.sound and table.path not in bad_paths:
            records[table.name] = renewed_records(TABLES[table.name], table, before)
    readable = Package(descriptor=descriptor, paths=paths, raw=contents, **records)  # type: ignore[arg-type]
    wrong = any(p.level == "error" for p in problems)
    return Loaded(
        package=None if wrong else readable,
        problems=in_order(problems),
        readable=readable,
        broken=frozenset(r["name"] for r in resources) - set(records),
    )


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems in file and row order, each once."""
    return tuple(sorted(set(problems)))


def limited(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems in file and row order; of a file with very many, the first and their number."""
    by_path: dict[str, list[Problem]] = {}
    for problem in in_order(problems):
        by_path.setdefault(problem.path, []).append(problem)
    kept: list[Problem] = []
    for path, found in by_path.items():
        errors_first = sorted(found, key=lambda p: p.level != "error")
        kept += errors_first[:MAX_PROBLEMS]
        if len(found) > MAX_PROBLEMS:
            kept.append(
                Problem(
                    path,
                    0,
                    "",
                    "too-many-problems",
                    f"直すところが{len(found):,}件"
                    f"{'以上' if len(found) >= MAX_COLLECTED else ''}あり、"
                    f"{MAX_PROBLEMS}件だけを示しました。",
                    "同じ間違いが続いていないか、ファイルを取り違えていないか確かめてください。",
                    level=max((p.level for p in found), key=lambda level: level == "error"),
                )
            )
    return tuple(sorted(kept))
