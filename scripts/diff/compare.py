"""Two packages side by side: what changes for the public, indicator by indicator. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scripts import words
from scripts.diff.changes import NOTHING, Change, changes_of, loss_of, rows_of
from scripts.model import Package, Problem, Record
from scripts.progress import Progress, judge_all

OWN_TABLES = ("kpis", "observations", "targets", "evaluations")
"""Tables whose rows are told indicator by indicator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A judgement before and after; blank where there is none."""

    term: str
    before: str
    after: str
    sentence_before: str
    sentence_after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiChange:
    """All differences of one indicator; ``state`` is 新しい指標, なくなる指標 or blank."""

    kpi_id: str
    name: str
    state: str
    changes: tuple[Change, ...]
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts of one goal in one term that differ: (band, before, after)."""

    term: str
    goal: str
    bands: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableChange:
    """Rows of a table that is not about one indicator, named by their keys."""

    title: str
    path: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changes between two packages; ``foreign`` when they belong to different places."""

    kpis: tuple[KpiChange, ...]
    tallies: tuple[Tally, ...]
    tables: tuple[TableChange, ...]
    foreign: bool

    @property
    def changes(self) -> list[tuple[KpiChange, Change]]:
        """All differences with the indicator they belong to."""
        return [(kpi, change) for kpi in self.kpis for change in kpi.changes]

    @property
    def problems(self) -> list[Problem]:
        """Corrections without a reason."""
        return sorted({c.problem for _, c in self.changes if c.problem})


def compare(old: Package, new: Package) -> Comparison:
    """Everything that differs between the published and the working package.

    Where the packages belong to different municipalities nothing counts as a correction: the new
    one publishes its own plan for the first time.
    """
    foreign = place_of(old) != place_of(new)
    before, after = by_kpi(judge_all(old)), by_kpi(judge_all(new))
    one, two = rows_of(old), rows_of(new)
    found = []
    for kpi_id in [*two, *(k for k in one if k not in two)]:
        changes = (
            changes_of(one.get(kpi_id), two[kpi_id]) if kpi_id in two else loss_of(one[kpi_id])
        )
        if foreign:
            changes = tuple(replace(change, problem=None) for change in changes)
        verdicts = tuple(verdict_changes(before.get(kpi_id, {}), after.get(kpi_id, {})))
        state = (
            ""
            if kpi_id in one and kpi_id in two
            else ("新しい指標" if kpi_id in two else "なくなる指標")
        )
        if state or changes or verdicts:
            found.append(
                KpiChange(
                    kpi_id=kpi_id,
                    name=(two.get(kpi_id) or one[kpi_id]).kpi.name,
                    state=state,
                    changes=changes,
                    verdicts=verdicts,
                )
            )
    return Comparison(
        kpis=tuple(found),
        tallies=tuple(tallies(old, new, before, after)),
        tables=tuple(table_changes(old, new)),
        foreign=foreign,
    )


def place_of(package: Package) -> str:
    """The code of the municipality a package belongs to."""
    place = package.descriptor.get("municipality") or {}
    return str(place.get("code", ""))


Judged = dict[str, dict[str, Progress]]


def by_kpi(judged: Iterable[Progress]) -> Judged:
    """Judgements by indicator and term."""
    found: Judged = {}
    for item in judged:
        found.setdefault(item.kpi.kpi_id, {})[item.strategy.strategy_id] = item
    return found


def verdict_changes(old: dict[str, Progress], new: dict[str, Progress]) -> Iterator[Verdict]:
    """Judgements of one indicator whose status or sentence differs, newest term first."""
    for term in sorted(old.keys() | new.keys(), reverse=True):
        one, two = old.get(term), new.get(term)
        before, after = (
            (band_words(p), words.sentence(p)) if p else (NOTHING, NOTHING) for p in (one, two)
        )
        shown = two or one
        if before != after and shown:
            yield Verdict(
                term=shown.strategy.short_title,
                before=before[0],
                after=after[0],
                sentence_before=before[1],
                sentence_after=after[1],
            )


def tallies(old: Package, new: Package, before: Judged, after: Judged) -> Iterator[Tally]:
    """Counts of statuses that differ, per term and goal, newest term first."""
    goals = {(g.strategy_id, g.goal_id): g.short_title for p in (old, new) for g in p.goals}
    terms = {s.strategy_id: s for p in (old, new) for s in p.strategies}
    bands = sorted((*old.status_bands, *new.status_bands), key=lambda b: b.position)
    labels = {b.status_id: f"{b.symbol} {b.label}" for b in bands}
    one, two = (
        Counter(
            (item.target.strategy_id, item.target.goal_id, item.status.status_id)
            for items in judged.values()
            for item in items.values()
        )
        for judged in (before, after)
    )
    for key in sorted(goals, key=lambda key: (-terms[key[0]].start_year, key[1])):
        differing = tuple(
            (label, one[*key, band], two[*key, band])
            for band, label in labels.items()
            if one[*key, band] != two[*key, band]
        )
        if differing:
            yield Tally(term=terms[key[0]].short_title, goal=goals[key], bands=differing)


def table_changes(old: Package, new: Package) -> Iterator[TableChange]:
    """Rows of the other tables, with the columns that differ."""
    for resource in new.descriptor["resources"]:
        table = resource["name"]
        if table in OWN_TABLES:
            continue
        keys = resource["schema"].get("primaryKey", [])
        names = [field["name"] for field in resource["schema"]["fields"]]
        one, two = (keyed(getattr(p, table), keys) for p in (old, new))
        added = tuple(key for key in two if key not in one)
        removed = tuple(key for key in one if key not in two)
        changed = tuple(
            f"{key}：{'、'.join(cells_changed(one[key], two[key], names))}"
            for key in two
            if key in one and one[key] != two[key]
        )
        if added or changed or removed:
            yield TableChange(
                title=resource.get("title", table),
                path=new.path(table),
                added=added,
                changed=changed,
                removed=removed,
            )


def keyed(records: Iterable[Record], keys: Sequence[str]) -> dict[str, Record]:
    """Records by their primary key as one text."""
    return {"・".join(str(getattr(r, key, "")) for key in keys): r for r in records}


def cells_changed(one: Record, two: Record, names: Iterable[str]) -> list[str]:
    """``列 前 → 後`` for each column that differs; long texts are cut."""

    def brief(value: Any) -> str:
        text = NOTHING if value in (None, "") else str(value)
        return text if len(text) <= 24 else text[:23] + "…"

    return [
        f"{name} {brief(getattr(one, name))} → {brief(getattr(two, name))}"
        for name in names
        if hasattr(two, name) and getattr(one, name) != getattr(two, name)
    ]


def band_words(item: Progress) -> str:
    """``▼ 後退``."""
    return f"{item.status.symbol} {item.status.label}"
