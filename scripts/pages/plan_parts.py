"""Parts of the plan pages: series of figures, and what moved between two terms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scripts.model import Achievement, Goal, Measure, Package, Strategy, terms_of

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
    """A measure in an earlier and a later term; one of them may be missing.

    ``unsure``: the other term has measures of its title, and nothing tells which it is.
    """

    old: Measure | None
    new: Measure | None
    words: str
    note: str = ""
    unsure: bool = False


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


def plain(title: str) -> str:
    """A printed title without what differs by width and punctuation only."""
    return unicodedata.normalize("NFKC", title).replace("、", ",").replace(" ", "")


def same(one: str, other: str) -> bool:
    """Whether two printed titles differ in width and punctuation only."""
    return plain(one) == plain(other)


@dataclass(frozen=True, slots=True)
class Links:
    """Which measures of two terms follow each other: ``pairs`` in the order of the earlier term.

    ``unsure`` has the plain titles that cannot tell which follows which, with how many measures
    have one in the earlier and in the later term.
    """

    pairs: tuple[tuple[Measure, Measure, str], ...]
    unsure: Mapping[str, tuple[int, int]]


def links(package: Package, old: Strategy, new: Strategy) -> Links:
    """Measures that follow each other: as the table says, else by titles that are equal.

    A title tells it only where one measure of each term has it: within the same goal first, then
    in all of the plan. Otherwise nothing is linked.
    """
    by_id = {m.measure_id: m for m in package.measures}
    found = [
        (by_id[r.measure_id], by_id[r.related_measure_id], r.note)
        for r in package.measure_relations
        if by_id[r.measure_id].strategy_id == old.strategy_id
        and by_id[r.related_measure_id].strategy_id == new.strategy_id
    ]
    taken = {r.measure_id for r in package.measure_relations}
    taken |= {r.related_measure_id for r in package.measure_relations}
    both: dict[str, tuple[list[Measure], list[Measure]]] = {}
    for within_goal in (True, False):
        both = {}
        for m in package.measures:
            if m.measure_id not in taken and m.strategy_id in (old.strategy_id, new.strategy_id):
                key = f"{m.goal_id if within_goal else ''}\n{plain(m.title)}"
                both.setdefault(key, ([], []))[m.strategy_id == new.strategy_id].append(m)
        for before, after in both.values():
            if len(before) == len(after) == 1:
                found.append((before[0], after[0], ""))
                taken |= {before[0].measure_id, after[0].measure_id}
    place = {m.measure_id: i for i, m in enumerate(package.measures)}
    found.sort(key=lambda pair: (place[pair[0].measure_id], place[pair[1].measure_id]))
    several = {
        key.removeprefix("\n"): (len(before), len(after))
        for key, (before, after) in both.items()
        if before and after and len(before) + len(after) > 2
    }
    return Links(tuple(found), several)


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
    linked = links(package, old, new)
    arrived: dict[str, list[tuple[Measure, str]]] = {}
    for one, other, note in linked.pairs:
        arrived.setdefault(other.measure_id, []).append((one, note))
    gone = {one.measure_id for one, _, _ in linked.pairs}
    terms = terms_of(package.descriptor)

    def alone(measure: Measure, other: Strategy, otherwise: str) -> Move:
        """The line of a measure that nothing in the other term is linked to."""
        count = linked.unsure.get(plain(measure.title), (0, 0))[other is new]
        several = f"同じ題の施策が{other.short_title}に{count}つあり、どれか分からない"
        return Move(
            old=measure if other is new else None,
            new=measure if other is old else None,
            words=terms.say(several if count else otherwise),
            unsure=bool(count),
        )

    result = []
    for goal_id in package.goal_ids:
        before, after = ((s.strategy_id, goal_id) for s in (old, new))
        if before not in goals and after not in goals:
            continue
        lines = []
        for measure in _measures(package, new, goal_id):
            lines += [
                Move(old=one, new=measure, words=change_words(one, measure, names), note=note)
                for one, note in arrived.get(measure.measure_id, [])
            ] or [alone(measure, old, "新しい施策")]
        lines += [
            alone(measure, new, "引き継ぐ施策は見当たらない")
            for measure in _measures(package, old, goal_id)
            if measure.measure_id not in gone
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
