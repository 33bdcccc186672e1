"""The list of rules and how a rule says what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scripts.model import Package, Problem, Record

Rule = Callable[[Package], Iterator[Problem]]
RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    """Register a rule; its name with hyphens is the code of its problems."""
    RULES.append(function)
    return function


def code_of(function: Rule) -> str:
    """``target_direction`` → ``target-direction``."""
    return function.__name__.replace("_", "-")


def check_package(package: Package) -> tuple[Problem, ...]:
    """Run every rule and return what they found, in file and row order."""
    return tuple(sorted({problem for function in RULES for problem in function(package)}))


def at(
    package: Package,
    table: str,
    record: Record | None,
    field: str,
    code: str,
    message: str,
    fix: str = "",
    level: str = "error",
) -> Problem:
    """A problem in a cell of a record (or in a whole table when there is no record)."""
    value = getattr(record, field, "") if record is not None and field else ""
    return Problem(
        path=package.path(table),
        row=record.row if record is not None else 0,
        field=field,
        code=code,
        message=message,
        fix=fix,
        value="" if value is None else str(value),
        level=level,
    )
