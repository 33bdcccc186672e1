"""What the templates show, looked up once: records by id, and the views of a goal and a KPI."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from scripts.charts import KpiCharts, series_of
from scripts.model import (
    Evaluation,
    Goal,
    Kpi,
    KpiRelation,
    Measure,
    Observation,
    Package,
    StatusBand,
    Strategy,
    terms_of,
)
from scripts.pages.plan_views import PlanView
from scripts.progress import Progress, attention_order, counts, current_of
from scripts.years import fiscal_year_of


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiView:
    """Everything the page of one indicator shows; ``terms`` newest first."""

    kpi: Kpi
    terms: tuple[Progress, ...]
    observations: tuple[Observation, ...]
    evaluations: tuple[Evaluation, ...]
    relations: tuple[tuple[Kpi, KpiRelation, bool], ...]
    charts: KpiCharts | None

    @property
    def current(self) -> Progress | None:
        """The judgement in the latest term."""
        return self.terms[0] if self.terms else None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureView:
    """A measure of a term with its judged indicators and its numbered parts."""

    measure: Measure
    items: tuple[Progress, ...]
    parts: tuple[MeasureView, ...]

    @property
    def all_items(self) -> tuple[Progress, ...]:
        """Its own indicators and those of its parts."""
        return self.items + tuple(item for part in self.parts for item in part.all_items)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalTerm:
    """A goal in one term: its words, its goal-level targets and its measures."""

    strategy: Strategy
    goal: Goal
    targets: tuple[Progress, ...]
    measures: tuple[MeasureView, ...]
    items: tuple[Progress, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalView:
    """A goal over all terms, newest first; ``current`` is what its page and lists tell of."""

    goal_id: str
    terms: tuple[GoalTerm, ...]
    current: GoalTerm


MAX_CARDS = 1024
"""Cards that are held for the next list, some 5 KB each."""


class Views:
    """Lookups shared by all templates; every property is computed once."""

    def __init__(
        self,
        package: Package,
        judged: Sequence[Progress],
        charts: Mapping[str, KpiCharts],
        today: date,
        rules: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.package = package
        self.judged = tuple(judged)
        self.charts = charts
        self.today = today
        self.rules = rules
        terms = terms_of(package.descriptor)
        self.fiscal_year = fiscal_year_of(today) if terms.year_type == "fiscal" else today.year
        self.series = series_of(package)
        self.kpis = {k.kpi_id: k for k in package.kpis}
        self.sources = {s.source_id: s for s in package.sources}
        self.measures = {m.measure_id: m for m in package.measures}
        self.strategies_by_id = {s.strategy_id: s for s in package.strategies}
        self.ratings = {r.rating_id: r for r in package.ratings}
        self.strategies = sorted(package.strategies, key=lambda s: s.start_year, reverse=True)
        self.bands = sorted(package.status_bands, key=lambda b: b.position)
        self._cards: dict[tuple[str, int], tuple[Progress, str]] = {}

    def card(self, draw: Callable[[str, Progress], str], root: str, item: Progress) -> str:
        """The card of a judgement as ``draw`` makes it: most stand in several lists alike."""
        known = self._cards.get((root, id(item)))
        if known:
            return known[1]
        made = draw(root, item)
        if len(self._cards) < MAX_CARDS:  # with the judgement, so that no other one gets its id
            self._cards[root, id(item)] = item, made
        return made

    @cached_property
    def plan(self) -> PlanView:
        """Projects, budgets and what stands beside the indicators."""
        return PlanView(self.package)

    @cached_property
    def latest_strategy(self) -> Strategy:
        """The latest term that has targets; before there are any, the latest term."""
        return self.package.latest_strategy

    @cached_property
    def latest_items(self) -> tuple[Progress, ...]:
        """The judgements of the latest term."""
        return tuple(
            p for p in self.judged if p.strategy.strategy_id == self.latest_strategy.strategy_id
        )

    @cached_property
    def attention(self) -> list[Progress]:
        """Judgements of the latest term that are behind or worse, worst first."""
        return [p for p in attention_order(self.latest_items) if p.status.tone in ("bad", "warn")]

    @cached_property
    def good(self) -> list[Progress]:
        """Judgements of the latest term that are on the good side, best first."""
        return sorted(
            (p for p in self.latest_items if p.status.tone == "good"),
            key=lambda p: (p.status.position, p.kpi.kpi_id),
        )

    @cached_property
    def latest_year(self) -> int | None:
        """The newest year with an observation; ``None`` before the first value is published."""
        return max((o.year for o in self.package.observations), default=None)

    @cached_property
    def currents(self) -> list[Progress]:
        """The judgement of each indicator in its last term, in the order of the goals and terms."""
        last = current_of(self.judged)
        return [
            item
            for goal in self.goals
            for term in goal.terms
            for item in term.items
            if last[item.kpi.kpi_id] is item
        ]

    @cached_property
    def untargeted(self) -> list[Kpi]:
        """Indicators without a target in any term (their caution says why)."""
        targeted = {t.kpi_id for t in self.package.targets}
        return [k for k in self.package.kpis if k.kpi_id not in targeted]

    @cached_property
    def newest(self) -> list[Progress]:
        """Judgements of the latest term whose latest value is of the newest year."""
        return [p for p in self.latest_items if p.latest and p.latest.year == self.latest_year]

    def counts(self, items: Sequence[Progress]) -> list[tuple[StatusBand, int]]:
        """Bands and how many items are in each; bands without items are left out."""
        return [(b, n) for b, n in counts(items, self.package.status_bands).items() if n]

    def ordered(self, items: Sequence[Progress]) -> list[Progress]:
        """Those that need attention first."""
        return attention_order(items)

    def chart(self, kpi_id: str) -> KpiCharts | None:
        """The pictures of an indicator."""
        return self.charts.get(kpi_id)

    def evaluation(self, strategy_id: str, kpi_id: str) -> Evaluation | None:
        """The city's newest evaluation of an indicator in a term."""
        found = [
            e for e in self.package.of_kpi("evaluations", kpi_id) if e.strategy_id == strategy_id
        ]
        return max(found, key=lambda e: e.evaluated_year, default=None)

    def kpi(self, kpi_id: str) -> KpiView:
        """The view of one indicator."""
        relations = [
            (self.kpis[r.related_kpi_id], r, True)
            for r in self.package.kpi_relations
            if r.kpi_id == kpi_id
        ] + [
            (self.kpis[r.kpi_id], r, False)
            for r in self.package.kpi_relations
            if r.related_kpi_id == kpi_id
        ]
        return KpiView(
            kpi=self.kpis[kpi_id],
            terms=tuple(
                sorted(
                    self._terms.get(kpi_id, ()),
                    key=lambda p: -p.strategy.start_year,
                )
            ),
            observations=self.series.get(kpi_id, ()),
            evaluations=self.package.of_kpi("evaluations", kpi_id),
            relations=tuple(relations),
            charts=self.charts.get(kpi_id),
        )

    @cached_property
    def _terms(self) -> dict[str, list[Progress]]:
        """The judgements of each indicator."""
        terms: dict[str, list[Progress]] = {}
        for item in self.judged:
            terms.setdefault(item.kpi.kpi_id, []).append(item)
        return terms

    @cached_property
    def neighbours(self) -> dict[tuple[str, str], tuple[Progress | None, Progress | None]]:
        """By strategy and indicator: those before and after it in its goal."""
        around = {}
        for goal in self.goals:
            for term in goal.terms:
                parts = (item for measure in term.measures for item in measure.all_items)
                order = [None, *term.targets, *parts, None]
                for before, item, after in zip(order, order[1:], order[2:], strict=False):
                    if item:
                        around[item.strategy.strategy_id, item.kpi.kpi_id] = before, after
        return around

    @cached_property
    def attention_rank(self) -> dict[str, int]:
        """The place of each indicator when those that need attention come first."""
        return {p.kpi.kpi_id: i for i, p in enumerate(attention_order(self.currents))}

    @cached_property
    def goals(self) -> tuple[GoalView, ...]:
        """All goals in their order."""
        return tuple(self._goal(goal_id) for goal_id in self.package.goal_ids)

    @cached_property
    def current_goals(self) -> tuple[GoalView, ...]:
        """The goals of the latest term; all when it has none."""
        found = [g for g in self.goals if g.current.strategy == self.latest_strategy]
        return tuple(found) or self.goals

    @cached_property
    def former_goals(self) -> tuple[GoalView, ...]:
        """The goals that the latest term has no more."""
        return tuple(g for g in self.goals if g not in self.current_goals)

    def goal_name(self, goal_id: str) -> str:
        """The short name of a goal in its latest term."""
        return next(g.current.goal.short_title for g in self.goals if g.goal_id == goal_id)

    def _goal(self, goal_id: str) -> GoalView:
        terms = []
        for strategy in self.strategies:
            for goal in self.package.goals:
                if (goal.strategy_id, goal.goal_id) != (strategy.strategy_id, goal_id):
                    continue
                items = tuple(
                    p
                    for p in self.judged
                    if (p.target.strategy_id, p.target.goal_id) == (strategy.strategy_id, goal_id)
                )
                terms.append(
                    GoalTerm(
                        strategy=strategy,
                        goal=goal,
                        targets=tuple(p for p in items if not p.target.measure_id),
                        measures=self._measures(strategy.strategy_id, goal_id, items, ""),
                        items=items,
                    )
                )
        latest = self.latest_strategy.strategy_id
        current = next((t for t in terms if t.strategy.strategy_id == latest), terms[0])
        return GoalView(goal_id=goal_id, terms=tuple(terms), current=current)

    def _measures(
        self, strategy_id: str, goal_id: str, items: Sequence[Progress], parent_id: str
    ) -> tuple[MeasureView, ...]:
        """Measures below a parent (``""``: the top ones), in their printed order."""
        found = [
            m
            for m in self.package.measures
            if (m.strategy_id, m.goal_id, m.parent_id) == (strategy_id, goal_id, parent_id)
        ]
        return tuple(
            MeasureView(
                measure=m,
                items=tuple(p for p in items if p.target.measure_id == m.measure_id),
                parts=self._measures(strategy_id, goal_id, items, m.measure_id),
            )
            for m in sorted(found, key=lambda m: m.position)
        )

    @cached_property
    def evaluated_years(self) -> list[int]:
        """Years the city evaluated, newest first."""
        return sorted({e.evaluated_year for e in self.package.evaluations}, reverse=True)

    def evaluated(self, year: int) -> list[tuple[Evaluation, Progress]]:
        """Evaluations of a year beside our judgements, in the order of the plan."""
        by_key = {(p.strategy.strategy_id, p.kpi.kpi_id): p for p in self.judged}
        pairs = [
            (e, by_key[e.strategy_id, e.kpi_id])
            for e in self.package.evaluations
            if e.evaluated_year == year
        ]
        order = {goal_id: at for at, goal_id in enumerate(self.package.goal_ids)}
        return sorted(
            pairs,
            key=lambda pair: (
                order[pair[1].target.goal_id],
                self.measures[pair[1].target.measure_id].position
                if pair[1].target.measure_id
                else 0,
                pair[1].target.row,
            ),
        )

    def differences(self, year: int) -> list[tuple[Evaluation, Progress]]:
        """Where the city's grade and ours point different ways.

        Ours is on the bad side while the city's grade is not below the middle of its scale, or
        ours is not while the city's is.
        """
        positions = [r.position for r in self.package.ratings] or [0]
        middle = (min(positions) + max(positions)) / 2
        return [
            (e, p)
            for e, p in self.evaluated(year)
            if (self.ratings[e.rating].position > middle) != (p.status.tone == "bad")
            and p.status.tone != "none"
        ]

    @cached_property
    def harsh_grades(self) -> str:
        """The words for the lower half of the city's scale."""
        return "最も厳しい区分" if len(self.package.ratings) <= 3 else "厳しいほうの区分"

    def source_uses(self, source_id: str) -> dict[str, int]:
        """How many rows of each table point to a source."""
        uses = {}
        for table in self.package.paths:
            if table == "sources":
                continue
            rows = getattr(self.package, table)
            count = sum(getattr(row, "source_id", None) == source_id for row in rows)
            if count:
                uses[table] = count
        return uses

    def rows(self, table: str) -> int:
        """Number of rows of a table."""
        return len(getattr(self.package, table))

    def table_title(self, table: str) -> str:
        """The Japanese title of a table."""
        resources = self.package.descriptor["resources"]
        title = next(str(r.get("title", table)) for r in resources if r["name"] == table)
        return terms_of(self.package.descriptor).say(title)
