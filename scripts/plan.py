"""What a plan does and spends: the reconciliation with printed totals and the join to indicators.

Pure arithmetic on records; budgets are whole numbers in thousand yen. A project that the list
prints again below another measure is a repeat (再掲): the printed totals count it every time, the
net amount counts it once, where it is printed first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scripts.model import ControlTotal, Kpi, Measure, Package, Project, Target

TOTAL = "total"
"""The ``goal_id`` of the printed sum over all goals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """The rows of one goal (or of all: ``total``) in a year, beside what is printed.

    ``gross`` counts repeats every time, ``net`` once. ``control`` is ``None`` when no total is
    printed for these rows.
    """

    fiscal_year: int
    goal_id: str
    rows: int
    repeats: int
    gross: int
    net: int
    control: ControlTotal | None

    @property
    def difference(self) -> int:
        """Sum of the rows minus the printed total; 0 when nothing is printed."""
        return self.gross - self.control.budget_thousand_yen if self.control else 0

    @property
    def agrees(self) -> bool:
        """Whether everything that is printed equals the rows."""
        control = self.control
        return control is None or (
            self.difference == 0
            and control.rows in (None, self.rows)
            and control.repeat_rows in (None, self.repeats)
        )


def gross(projects: Iterable[Project]) -> int:
    """Budget with every printed row counted."""
    return sum(p.budget_thousand_yen for p in projects)


def net(projects: Iterable[Project]) -> int:
    """Budget with every project counted once, where it is printed first."""
    return sum(p.budget_thousand_yen for p in projects if not p.is_repeat)


def repeats(projects: Iterable[Project]) -> int:
    """Number of rows that are printed again."""
    return sum(p.is_repeat for p in projects)


def reconcile(package: Package) -> list[Reconciliation]:
    """Per year: each goal that has rows or a printed total, then all goals together."""
    goals = {m.measure_id: m.goal_id for m in package.measures}
    place = {goal_id: number for number, goal_id in enumerate(package.goal_ids)}
    place[TOTAL] = len(place) + 1
    printed = {(c.fiscal_year, c.goal_id): c for c in package.control_totals}
    found: dict[tuple[int, str], list[Project]] = {key: [] for key in printed}
    for project in package.projects:
        for goal_id in (goals[project.measure_id], TOTAL):
            found.setdefault((project.fiscal_year, goal_id), []).append(project)

    def order(key: tuple[int, str]) -> tuple[int, int]:
        return key[0], place.get(key[1], len(place))

    return [
        Reconciliation(
            fiscal_year=year,
            goal_id=goal_id,
            rows=len(rows),
            repeats=repeats(rows),
            gross=gross(rows),
            net=net(rows),
            control=printed.get((year, goal_id)),
        )
        for (year, goal_id), rows in sorted(found.items(), key=lambda item: order(item[0]))
    ]


def in_print_order(package: Package, projects: Iterable[Project]) -> list[Project]:
    """Newest year first, then as printed: by measure, then by number."""
    position = {m.measure_id: m.position for m in package.measures}
    return sorted(projects, key=lambda p: (-p.fiscal_year, position[p.measure_id], p.project_no))


def first_appearances(projects: Iterable[Project]) -> dict[tuple[int, str], Project]:
    """The row of each project that is not a repeat, by year and name."""
    return {(p.fiscal_year, p.name): p for p in projects if not p.is_repeat}


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiProject:
    """One line of the join: an indicator of a term, its measure, and one project (or none).

    ``home`` is the measure that the list prints the project under: ``measure`` itself or, for a
    numbered part of a measure, its parent.
    """

    target: Target
    kpi: Kpi
    measure: Measure
    home: Measure
    project: Project | None


def home_measure(
    measure: Measure, measures: dict[str, Measure], with_projects: set[str]
) -> Measure:
    """The nearest measure from here upwards that projects are listed under, else ``measure``."""
    here: Measure | None = measure
    while here is not None:
        if here.measure_id in with_projects:
            return here
        here = measures.get(here.parent_id)
    return measure


def kpi_projects(package: Package) -> list[KpiProject]:
    """Every indicator of a measure with the projects listed under that measure.

    Ordered by term, indicator and the printed order of projects. An indicator whose measure has no
    listed project gives one line without a project, so that no indicator is silently left out.
    """
    kpis = {k.kpi_id: k for k in package.kpis}
    measures = {m.measure_id: m for m in package.measures}
    below: dict[str, list[Project]] = {}
    for project in in_print_order(package, package.projects):
        below.setdefault(project.measure_id, []).append(project)
    lines: list[KpiProject] = []
    for target in package.targets:
        measure = measures.get(target.measure_id)
        if measure is None:
            continue
        home = home_measure(measure, measures, set(below))
        projects: Sequence[Project | None] = below.get(home.measure_id) or [None]
        lines += [
            KpiProject(
                target=target,
                kpi=kpis[target.kpi_id],
                measure=measure,
                home=home,
                project=project,
            )
            for project in projects
        ]
    return lines
