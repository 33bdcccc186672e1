"""Parts of the plan pages: series of figures, and what moved between two terms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scripts.model import Achievement, Goal, Measure, Package, Strategy, Terms, terms_of

SAME = "そのまま"
"""What is said of a measure that kept goal, label and title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Figures that belong together: ``groups`` are the figures of one name, ratios last."""

    groups: tuple[tuple[str, tuple[Achievement, ...]], ...]
    notes: tuple[str, ...]
    first: Achievement


def series_in(achievements: Iterable[Achievement]) -> list[Series]:
    """Figures as series, in the order of the document."""
    found: dict[str, list[Achievement]] = {}
    for item in sorted(achievements, key=lambda a: a.position):
        found.setdefault(item.series_id, []).append(item)
    return [_series(items) for items in found.values()]


def _series(items: list[Achievement]) -> Series:
    groups: dict[str, list[Achievement]] = {}
    for item in sorted(items, key=lambda a: (a.nature == "ratio", a.position)):
        groups.setdefault(item.indicator, []).append(item)
    return Series(
        groups=tuple((name, tuple(rows)) for name, rows in groups.items()),
        notes=shared_notes(groups),
        first=items[0],
    )


PLAIN_YEAR = re.compile(r"(令和|平成|R|H)(\d+|元)(年度?)?(から)?|\d{4}(年度?)?")
"""A period that is one whole year, or a state from a year on: such figures can stand in a row."""

UNLIKE = "比べられない"
"""How a note says that the figures of a series must not be compared."""


def column_values(series: Series, rows: Sequence[Achievement]) -> list[tuple[int, Decimal]]:
    """Year and value of figures that may stand side by side as columns; empty when they may not.

    Only results of whole years in one unit, of at least two years, that no note warns of.
    """
    values = {row.year: row.value for row in rows if row.year is not None}
    alike = (
        len(values) == len(rows) > 1
        and len({row.unit for row in rows}) == 1
        and all(row.nature == "result" and PLAIN_YEAR.fullmatch(row.period) for row in rows)
        and not any(UNLIKE in note for note in series.notes)
    )
    return sorted(values.items()) if alike else []


def shared_notes(groups: dict[str, list[Achievement]]) -> tuple[str, ...]:
    """The sentences of all notes, each once: many figures of a series carry the same ones."""
    notes = (item.note for rows in groups.values() for item in rows)
    sentences = (part for note in notes for part in note.split("。") if part)
    return tuple(f"{sentence}。" for sentence in dict.fromkeys(sentences))


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A measure in an earlier and a later term; one of them may be missing."""

    old: Measure | None
    new: Measure | None
    words: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalMoves:
    """What became of the measures of one goal."""

    goal_id: str
    old: Goal | None
    new: Goal | None
    moves: tuple[Move, ...]

    @property
    def renamed(self) -> bool:
        """Whether the title of the goal changed in more than its punctuation."""
        return bool(self.old and self.new) and not same(self.old.title, self.new.title)  # type: ignore[union-attr]


def same(one: str, other: str) -> bool:
    """Whether two printed titles differ in width and punctuation only."""

    def plain(text: str) -> str:
        return unicodedata.normalize("NFKC", text).replace("、", ",").replace(" ", "")

    return plain(one) == plain(other)


def pairs(package: Package, old: Strategy, new: Strategy) -> list[tuple[Measure, Measure, str]]:
    """Measures of two terms that follow each other: as the table says, else by equal titles."""
    before = [m for m in package.measures if m.strategy_id == old.strategy_id]
    after = {m.measure_id: m for m in package.measures if m.strategy_id == new.strategy_id}
    stated = {(r.measure_id, r.related_measure_id): r.note for r in package.measure_relations}
    taken = {one for one, _ in stated} | {other for _, other in stated}
    found = []
    for one in before:
        for other in after.values():
            if (one.measure_id, other.measure_id) in stated:
                found.append((one, other, stated[one.measure_id, other.measure_id]))
            elif not {one.measure_id, other.measure_id} & taken and same(one.title, other.title):
                found.append((one, other, ""))
    return found


def change_words(one: Measure, other: Measure, goals: dict[str, str]) -> str:
    """What changed between two measures, in a few words."""
    parts = []
    if one.goal_id != other.goal_id:
        parts.append(f"「{goals[one.goal_id]}」から移った")
    elif one.label != other.label:
        parts.append(f"{one.label}から{other.label}へ")
    if not same(one.title, other.title):
        parts.append("題が変わった")
    return "、".join(parts) or SAME


def moves(package: Package, old: Strategy, new: Strategy) -> list[GoalMoves]:
    """Goal by goal: the measures of the later term with their predecessors, then what ended."""
    names = {g.goal_id: g.short_title for g in package.goals}
    goals = {(g.strategy_id, g.goal_id): g for g in package.goals}
    linked = pairs(package, old, new)
    terms = terms_of(package.descriptor)
    result = []
    for goal_id in package.goal_ids:
        before, after = ((s.strategy_id, goal_id) for s in (old, new))
        if before not in goals and after not in goals:
            continue
        lines = [
            line
            for measure in _measures(package, new, goal_id)
            for line in _arrivals(measure, linked, names, terms)
        ]
        lines += [
            Move(old=measure, new=None, words=terms.say("引き継ぐ施策は見当たらない"), note="")
            for measure in _measures(package, old, goal_id)
            if measure not in [one for one, _, _ in linked]
        ]
        result.append(
            GoalMoves(
                goal_id=goal_id,
                old=goals.get(before),
                new=goals.get(after),
                moves=tuple(lines),
            )
        )
    return result


def _measures(package: Package, strategy: Strategy, goal_id: str) -> list[Measure]:
    found = [
        m for m in package.measures if (m.strategy_id, m.goal_id) == (strategy.strategy_id, goal_id)
    ]
    return sorted(found, key=lambda m: m.position)


def _arrivals(
    measure: Measure,
    linked: list[tuple[Measure, Measure, str]],
    names: dict[str, str],
    terms: Terms,
) -> list[Move]:
    """The lines of one measure of the later term: one per predecessor, or one as new."""
    lines = [
        Move(old=one, new=other, words=change_words(one, other, names), note=note)
        for one, other, note in linked
        if other.measure_id == measure.measure_id
    ]
    return lines or [Move(old=None, new=measure, words=terms.say("新しい施策"), note="")]
