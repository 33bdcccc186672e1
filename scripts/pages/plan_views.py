"""What the pages of the plan show: projects and their budgets, by goal, measure and department."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from scripts.charts.budget import bar
from scripts.model import Goal, Measure, Package, Project
from scripts.plan import (
    TOTAL,
    Reconciliation,
    gross,
    home_measure,
    in_print_order,
    net,
    reconcile,
    repeats,
)

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A group of projects as one row of a budget table; amounts in thousand yen.

    ``address`` is relative to the top of the site, blank when the group has no page.
    """

    label: str
    address: str
    rows: int
    repeats: int
    gross: int
    net: int
    picture: str


class PlanView:
    """Lookups of the plan pages; every property is computed once."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.measures = {m.measure_id: m for m in package.measures}
        self.departments = {d.department_id: d.name for d in package.departments}
        self.projects = in_print_order(package, package.projects)
        self._goals = {(g.strategy_id, g.goal_id): g for g in package.goals}

    @cached_property
    def years(self) -> list[int]:
        """Fiscal years with a project list, newest first."""
        return sorted({p.fiscal_year for p in self.projects}, reverse=True)

    def rows(self, year: int) -> list[Project]:
        """Projects of a year as printed."""
        return [p for p in self.projects if p.fiscal_year == year]

    def reconciled(self, year: int) -> list[Reconciliation]:
        """The sums of a year beside the printed totals, goal by goal, then all."""
        return [r for r in reconcile(self.package) if r.fiscal_year == year]

    def total(self, year: int) -> Reconciliation:
        """The sum of a year over all goals."""
        return next(r for r in self.reconciled(year) if r.goal_id == TOTAL)

    def goal(self, measure: Measure) -> Goal:
        """The goal of a measure in its term."""
        return self._goals[measure.strategy_id, measure.goal_id]

    def anchor(self, project: Project) -> str:
        """Id of the row of a project on the projects page."""
        return f"p-{project.fiscal_year}-{project.measure_id}-{project.project_no}"

    def place(self, project: Project) -> str:
        """Where a project is printed: ``人の流れ ア``."""
        measure = self.measures[project.measure_id]
        return f"{self.goal(measure).short_title} {measure.label}"

    def repeated(self, year: int) -> list[tuple[Project, list[Project]]]:
        """Projects that are printed more than once: the first row and the others."""
        rows = self.rows(year)
        again: dict[str, list[Project]] = {}
        for project in rows:
            if project.is_repeat:
                again.setdefault(project.name, []).append(project)
        pairs = [(p, again[p.name]) for p in rows if not p.is_repeat and p.name in again]
        return sorted(pairs, key=lambda pair: -gross(pair[1]))

    def by_goal(self, year: int) -> list[Share]:
        """Budget of each goal."""
        return self._shares(
            self.rows(year),
            lambda p: self.goal(self.measures[p.measure_id]),
            lambda g: (g.title, f"goals/{g.goal_id}/"),
        )

    def by_measure(self, year: int) -> list[Share]:
        """Budget of each measure, in the order of the plan."""
        return self._shares(
            self.rows(year),
            lambda p: self.measures[p.measure_id],
            lambda m: (
                f"{self.goal(m).short_title} {m.label} {m.title}",
                f"goals/{m.goal_id}/#{m.measure_id}",
            ),
        )

    def by_department(self, year: int) -> list[Share]:
        """Budget of each department, the largest first."""
        shares = self._shares(
            self.rows(year), lambda p: self.departments[p.department_id], lambda name: (name, "")
        )
        return sorted(shares, key=lambda s: -s.net)

    def _shares(
        self,
        projects: Iterable[Project],
        key: Callable[[Project], K],
        say: Callable[[K], tuple[str, str]],
    ) -> list[Share]:
        """Projects grouped by ``key`` in the order of first appearance, with bars to one scale."""
        groups: dict[K, list[Project]] = {}
        for project in projects:
            groups.setdefault(key(project), []).append(project)
        largest = max((gross(rows) for rows in groups.values()), default=0)
        return [
            Share(
                label=say(group)[0],
                address=say(group)[1],
                rows=len(rows),
                repeats=repeats(rows),
                gross=gross(rows),
                net=net(rows),
                picture=bar(net(rows), gross(rows), largest),
            )
            for group, rows in groups.items()
        ]

    def listed(self, measure: Measure) -> tuple[Measure, Sequence[Project]]:
        """The measure whose list applies here (itself or its parent) and the projects of it."""
        home = home_measure(measure, self.measures, {p.measure_id for p in self.projects})
        return home, [p for p in self.projects if p.measure_id == home.measure_id]
