"""What the pages of the plan show: projects and their budgets, by goal, measure and department."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from scripts.charts.budget import bar
from scripts.charts.series import series_svg
from scripts.charts.svg import Speech
from scripts.model import (
    Achievement,
    Dialogue,
    Evaluation,
    Goal,
    Measure,
    Package,
    PlanFact,
    Project,
    Proposal,
    RevisionElement,
    Strategy,
    terms_of,
)
from scripts.pages.plan_parts import SAME, GoalMoves, Move, Series, column_values, moves, series_in
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
from scripts.words import qualified

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

    def grouped(self, year: int) -> list[tuple[Goal, list[tuple[Measure, list[Project]]]]]:
        """Projects of a year by goal and measure, in the order of the plan."""
        found: dict[Goal, dict[str, list[Project]]] = {}
        for project in self.rows(year):
            goal = self.goal(self.measures[project.measure_id])
            found.setdefault(goal, {}).setdefault(project.measure_id, []).append(project)
        return [
            (goal, [(self.measures[measure_id], rows) for measure_id, rows in parts.items()])
            for goal, parts in found.items()
        ]

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
        """Where a project is printed: ``しごと ア``."""
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

    def below(self, measure: Measure) -> list[Project]:
        """Projects listed under this very measure."""
        return [p for p in self.projects if p.measure_id == measure.measure_id]

    def listed_in(self, strategy: Strategy) -> bool:
        """Whether any project of a term is listed."""
        terms = {self.measures[p.measure_id].strategy_id for p in self.projects}
        return strategy.strategy_id in terms

    @cached_property
    def _targets(self) -> dict[str, dict[str, int]]:
        """The indicators of each measure and the rows of their targets."""
        found: dict[str, dict[str, int]] = {}
        for target in self.package.targets:
            found.setdefault(target.measure_id, {})[target.kpi_id] = target.row
        return found

    def evaluations(self, measure: Measure) -> list[Evaluation]:
        """The newest evaluations of the indicators of a measure; one of several alike."""
        kpis = self._targets.get(measure.measure_id, {})
        found = [
            e
            for kpi_id in kpis
            for e in self.package.of_kpi("evaluations", kpi_id)
            if e.strategy_id == measure.strategy_id
        ]
        newest = max((e.evaluated_year for e in found), default=0)
        found = sorted(
            (e for e in found if e.evaluated_year == newest), key=lambda e: kpis[e.kpi_id]
        )
        return list({(e.rating, e.finding, e.outlook): e for e in reversed(found)}.values())[::-1]

    def draft(self, goal_id: str) -> list[tuple[str, list[RevisionElement]]]:
        """What the draft adds to a goal beyond single measures of the plan."""
        keywords = [e for e in self.elements("keyword", goal_id) if not e.measure_id]
        blocks = [
            ("加える要素", self.elements("element", goal_id)),
            ("考え方に加える視点", self.elements("viewpoint", goal_id)),
            (terms_of(self.package.descriptor).say("新しい施策の案"), keywords),
            ("デジタルの取組", self.elements("digital", goal_id)),
        ]
        return [(title, items) for title, items in blocks if items]

    def heard(self, goal_id: str) -> list[Dialogue]:
        """Dialogues with an opinion about a goal."""
        return [d for d in self.answered if d.goal_id == goal_id]

    def predecessors(self, measure: Measure) -> list[Measure]:
        """Measures of the term before that this one (else its parent) takes up, with projects."""
        for here in (measure.measure_id, measure.parent_id):
            found = [
                self.measures[r.measure_id]
                for r in self.package.measure_relations
                if r.related_measure_id == here
            ]
            if found:
                return [m for m in found if self.listed(m)[1]]
        return []

    def gross(self, projects: Sequence[Project]) -> int:
        """Budget with every row counted."""
        return gross(projects)

    def net(self, projects: Sequence[Project]) -> int:
        """Budget with repeats left out."""
        return net(projects)

    def sources_of(
        self, records: Iterable[Achievement | RevisionElement | Dialogue | Proposal]
    ) -> list[str]:
        """Ids of the documents behind records."""
        return list(dict.fromkeys(r.source_id for r in records))

    def count(self, goals: Iterable[GoalMoves], what: str) -> int:
        """How many measures stayed (``both``, ``same``), came (``new``), went (``gone``).

        ``unsure`` counts the lines of measures that may have stayed.
        """
        tests: dict[str, Callable[[Move], bool]] = {
            "both": lambda m: bool(m.old and m.new),
            "same": lambda m: m.words == SAME,
            "new": lambda m: m.old is None and not m.unsure,
            "gone": lambda m: m.new is None and not m.unsure,
            "unsure": lambda m: m.unsure,
        }
        return sum(tests[what](move) for goal in goals for move in goal.moves)

    def facts(self, kind: str) -> list[PlanFact]:
        """What the text of the plan says about itself, in its order."""
        found = [f for f in self.package.plan_facts if f.kind == kind]
        return sorted(found, key=lambda f: (f.strategy_id, f.position))

    @cached_property
    def terms(self) -> list[Strategy]:
        """Terms, oldest first."""
        return sorted(self.package.strategies, key=lambda s: s.start_year)

    @cached_property
    def changes(self) -> list[tuple[Strategy, Strategy, list[GoalMoves]]]:
        """Each pair of following terms with what moved between them."""
        return [
            (old, new, moves(self.package, old, new))
            for old, new in zip(self.terms, self.terms[1:], strict=False)
        ]

    def topics(self, goal_id: str = "") -> list[tuple[str, list[tuple[str, list[Series]]]]]:
        """Fields with their topics and series in the order of the document; of one goal or all."""
        found: dict[str, dict[str, list[Series]]] = {}
        items = [a for a in self.package.achievements if not goal_id or a.goal_id == goal_id]
        for series in series_in(items):
            found.setdefault(series.first.field, {}).setdefault(series.first.topic, []).append(
                series
            )
        return [(field, list(topics.items())) for field, topics in found.items()]

    def columns(self, series: Series, rows: Sequence[Achievement]) -> str:
        """A small picture of figures of one name by year; blank when they cannot be compared."""
        values = column_values(series, rows)
        if not values:
            return ""
        spoken = "、".join(
            f"{row.period}{qualified(row.value, row.unit, row.qualifier)}" for row in rows
        )
        key = f"s-{rows[0].achievement_id}"
        return series_svg(values, Speech(key, f"{rows[0].indicator}の図", f"{spoken}。"))

    def size(self, series: Iterable[Series]) -> int:
        """Number of figures in some series."""
        return sum(len(rows) for item in series for _, rows in item.groups)

    def figures(self, goal_id: str) -> int:
        """Number of figures beside a goal."""
        return sum(a.goal_id == goal_id for a in self.package.achievements)

    def elements(self, kind: str, goal_id: str = "", measure_id: str = "") -> list[RevisionElement]:
        """Elements of the draft of one kind; of a goal, and of a measure when one is given."""
        found = [
            e
            for e in self.package.revision_elements
            if e.kind == kind
            and e.goal_id == goal_id
            and (not measure_id or e.measure_id == measure_id)
        ]
        return sorted(found, key=lambda e: e.position)

    def shared_note(self, elements: Sequence[RevisionElement]) -> str:
        """The note that all elements carry, blank when they differ or there is only one."""
        notes = {e.note for e in elements}
        return notes.pop() if len(notes) == 1 and len(elements) > 1 else ""

    @cached_property
    def answered(self) -> list[Dialogue]:
        """Dialogues with a printed opinion."""
        return [d for d in self.package.dialogues if d.opinion]

    @cached_property
    def unanswered(self) -> list[Dialogue]:
        """Dialogues without one."""
        return [d for d in self.package.dialogues if not d.opinion]

    @cached_property
    def proposals(self) -> list[tuple[str, list[tuple[str, list[Proposal]]]]]:
        """Proposals by group and title, in their printed order."""
        found: dict[str, dict[str, list[Proposal]]] = {}
        for proposal in sorted(self.package.proposals, key=lambda p: p.position):
            titles = found.setdefault(proposal.group, {})
            titles.setdefault(proposal.title, []).append(proposal)
        return [(group, list(titles.items())) for group, titles in found.items()]
