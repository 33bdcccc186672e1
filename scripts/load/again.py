"""Loading the same package again and again, as the preview does: what did not change is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Before:
    """What the last load made of each table, with all that it was made from.

    A step is done again unless what it is made from is the same: equal texts and bytes, or the very
    objects of before. So a load with a :class:`Before` gives what one without it gives.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[tuple[Any, ...], Any]] = {}

    def last(self, step: str, table: str) -> tuple[tuple[Any, ...], Any] | None:
        """What a step was made from the last time, and what came out."""
        return self._kept.get((step, table))

    def once(self, step: str, table: str, made_from: tuple[Any, ...], make: Callable[[], T]) -> T:
        """The result of a step: that of before, or made now. ``make`` depends on nothing else."""
        known = self._kept.get((step, table))
        if known and len(known[0]) == len(made_from) and all(map(same, known[0], made_from)):
            result: T = known[1]
            return result
        result = make()
        self._kept[step, table] = made_from, result
        return result


class Never(Before):
    """Keeps nothing: each load for itself."""

    def once(self, step: str, table: str, made_from: tuple[Any, ...], make: Callable[[], T]) -> T:
        """The result of a step, made now."""
        del step, table, made_from
        return make()


def same(one: Any, other: Any) -> bool:
    """Whether two things are the same, to the bit. Numbers that are equal (1 and 1.0) are not."""
    return one is other or (type(one) is type(other) and type(one) in (str, bytes) and one == other)


NOTHING = Never()
"""Nothing was loaded before, and nothing will be after."""
