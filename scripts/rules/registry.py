"""The list of rules and how a rule says what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, cast

from scripts.model import TABLES, Package, Problem, Record

Rule = Callable[[Package], Iterator[Problem]]
DatedRule = Callable[[Package, date], Iterator[Problem]]
RULES: list[Rule | DatedRule] = []
_DATED: dict[str, DatedRule] = {}

MAX_FOUND = 2_000
"""Problems of one rule after which looking on is of no use to anybody."""


def rule(function: Rule) -> Rule:
    """Register a rule; its name with hyphens is the code of its problems."""
    RULES.append(function)
    return function


def dated_rule(function: DatedRule) -> DatedRule:
    """Register a rule that depends on the day it is asked."""
    RULES.append(function)
    _DATED[function.__name__] = function
    return function


def code_of(function: Rule | DatedRule) -> str:
    """``target_direction`` → ``target-direction``."""
    return function.__name__.replace("_", "-")


def check_package(package: Package, today: date | None = None) -> tuple[Problem, ...]:
    """Run every rule and return what they found, in file and row order.

    Without ``today`` the rules that depend on it are left out.
    """
    return tuple(sorted({p for function in RULES for p in run(function, package, today)}))


def check_readable(
    package: Package, broken: frozenset[str], today: date | None = None
) -> tuple[Problem, ...]:
    """Run the rules that need only the tables that could be read.

    A rule that asks for a broken table, or trips over a reference that is known to be wrong, says
    nothing: its turn comes when the table is mended.
    """
    watched = cast(Package, Watched(package, broken))
    found: set[Problem] = set()
    for function in RULES:
        try:
            found |= set(run(function, watched, today))
        except LookupError:
            continue
    return tuple(sorted(found))


def run(function: Rule | DatedRule, package: Package, today: date | None) -> Iterator[Problem]:
    """One rule on a package, as far as anybody would read."""
    if dated := _DATED.get(function.__name__):
        return islice(dated(package, today), MAX_FOUND) if today else iter(())
    return islice(cast(Rule, function)(package), MAX_FOUND)


class BrokenTableError(LookupError):
    """A rule asked for a table that could not be read."""


class Watched:
    """A package that refuses to show its broken tables."""

    def __init__(self, package: Package, broken: frozenset[str]) -> None:
        self._package = package
        self._broken = broken & set(TABLES)

    def __getattr__(self, name: str) -> Any:
        """What the package has; a broken table raises :class:`BrokenTableError`."""
        if name in self._broken:
            raise BrokenTableError(name)
        return getattr(self._package, name)


def at(
    package: Package,
    table: str,
    record: Record | None,
    field: str,
    code: str,
    message: str,
    fix: str,
    level: str = "error",
) -> Problem:
    """A problem in a cell of a record (or in a whole table when there is no record)."""
    value = None if record is None else getattr(record, field)
    return Problem(
        path=package.path(table),
        row=record.row if record is not None else 0,
        field=field,
        code=code,
        message=message,
        fix=fix,
        value=as_written(value),
        level=level,
    )


def as_written(value: object) -> str:
    """A value as it stands in the file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def digits(value: Decimal) -> int:
    """Digits after the point, zeros as printed."""
    return max(0, -int(value.as_tuple().exponent))
