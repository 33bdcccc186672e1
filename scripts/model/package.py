"""The tables of a data package, the package as a whole, and the settings of the site."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from scripts.model.plan import (
    Achievement,
    ControlTotal,
    Department,
    Dialogue,
    MeasureRelation,
    PlanFact,
    Project,
    Proposal,
    RevisionElement,
    Unit,
)
from scripts.model.records import (
    Evaluation,
    Goal,
    Kpi,
    KpiRelation,
    KpiTopic,
    Measure,
    Observation,
    Rating,
    Record,
    Source,
    StatusBand,
    Strategy,
    Target,
    Term,
    Topic,
)
from scripts.model.terms import DEFAULT, Terms, terms_of

TABLES: dict[str, type[Record]] = {
    "sources": Source,
    "strategies": Strategy,
    "plan_facts": PlanFact,
    "goals": Goal,
    "measures": Measure,
    "measure_relations": MeasureRelation,
    "kpis": Kpi,
    "units": Unit,
    "kpi_relations": KpiRelation,
    "topics": Topic,
    "kpi_topics": KpiTopic,
    "targets": Target,
    "observations": Observation,
    "evaluations": Evaluation,
    "ratings": Rating,
    "status_bands": StatusBand,
    "glossary": Term,
    "departments": Department,
    "projects": Project,
    "control_totals": ControlTotal,
    "revision_elements": RevisionElement,
    "achievements": Achievement,
    "proposals": Proposal,
    "dialogues": Dialogue,
}
"""The record class of each table, in reading order."""

REQUIRED_TABLES = (
    "sources",
    "strategies",
    "goals",
    "measures",
    "kpis",
    "targets",
    "observations",
    "status_bands",
)
"""Tables without which there is no site; the others may be left out of a package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A whole data package: its descriptor, its records and the bytes they were read from."""

    descriptor: Mapping[str, Any]
    paths: Mapping[str, str]
    raw: Mapping[str, bytes]
    sources: tuple[Source, ...] = ()
    strategies: tuple[Strategy, ...] = ()
    plan_facts: tuple[PlanFact, ...] = ()
    goals: tuple[Goal, ...] = ()
    measures: tuple[Measure, ...] = ()
    measure_relations: tuple[MeasureRelation, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    units: tuple[Unit, ...] = ()
    kpi_relations: tuple[KpiRelation, ...] = ()
    topics: tuple[Topic, ...] = ()
    kpi_topics: tuple[KpiTopic, ...] = ()
    targets: tuple[Target, ...] = ()
    observations: tuple[Observation, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    ratings: tuple[Rating, ...] = ()
    status_bands: tuple[StatusBand, ...] = ()
    glossary: tuple[Term, ...] = ()
    departments: tuple[Department, ...] = ()
    projects: tuple[Project, ...] = ()
    control_totals: tuple[ControlTotal, ...] = ()
    revision_elements: tuple[RevisionElement, ...] = ()
    achievements: tuple[Achievement, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    dialogues: tuple[Dialogue, ...] = ()
    _by_kpi: dict[str, dict[str, list[Any]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def of_kpi(
        self, table: Literal["targets", "observations", "evaluations"], kpi_id: str
    ) -> tuple[Any, ...]:
        """The records of a table about one indicator, in their order; indexed at the first call."""
        if table not in self._by_kpi:
            index = self._by_kpi[table] = {}
            for record in getattr(self, table):
                index.setdefault(record.kpi_id, []).append(record)
        return tuple(self._by_kpi[table].get(kpi_id, ()))

    @property
    def latest_strategy(self) -> Strategy:
        """The newest term that has targets; before there are any, the newest term."""
        newest = sorted(self.strategies, key=lambda s: s.start_year, reverse=True)
        with_targets = {target.strategy_id for target in self.targets}
        return next((s for s in newest if s.strategy_id in with_targets), newest[0])

    @property
    def goal_ids(self) -> tuple[str, ...]:
        """Ids of the goals in their order, those that the latest term has no more at the end.

        By position in the newest term that has them, then by id, numbers as numbers
        (``goal-2`` before ``goal-10``).
        """
        start = {s.strategy_id: s.start_year for s in self.strategies}
        newest = {
            g.goal_id: g for g in sorted(self.goals, key=lambda g: start.get(g.strategy_id, 0))
        }
        latest = self.latest_strategy.strategy_id
        now = {g.goal_id for g in self.goals if g.strategy_id == latest}

        def order(goal: Goal) -> tuple[bool, bool, int, list[tuple[int, str]]]:
            parts = [(int(p), "") if p.isdecimal() else (0, p) for p in goal.goal_id.split("-")]
            ended = goal.goal_id not in now
            return ended, goal.position is None, goal.position or 0, parts

        return tuple(goal.goal_id for goal in sorted(newest.values(), key=order))

    def path(self, table: str) -> str:
        """Path of the table's file relative to the package."""
        return self.paths.get(table, f"data/{table}.csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Who publishes what under which terms, from the descriptor; nothing else claims it."""

    title: str
    description: str
    homepage: str
    municipality: str
    prefecture: str
    code: str
    publisher: str
    official: bool
    contact: str
    licence: str
    licence_name: str
    licence_path: str
    version: str
    repository: str = ""
    title_en: str = ""
    municipality_en: str = ""
    accent: str = ""
    terms: Terms = DEFAULT

    def url(self, path: str = "") -> str:
        """Absolute address of a page or file of the site."""
        return self.homepage.rstrip("/") + "/" + path.lstrip("/")


_WEB = re.compile(r"https?://[^\s\"'<>\\^`|]+", re.IGNORECASE)
_MAIL = re.compile(r"(mailto:)?[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)


def web_address(text: object) -> str:
    """The text when a reader may follow it as a link (http, https), blank otherwise."""
    return text if isinstance(text, str) and _WEB.fullmatch(text) else ""


def contact_address(text: object) -> str:
    """The text when it is an e-mail address or a web address, blank otherwise."""
    return text if isinstance(text, str) and _MAIL.fullmatch(text) else web_address(text)


def site_of(descriptor: Mapping[str, Any]) -> Site:
    """The settings of the site; what the descriptor leaves out is blank, never guessed."""
    place = descriptor.get("municipality") or {}
    licence = (descriptor.get("licenses") or [{}])[0]
    publisher = (descriptor.get("contributors") or [{}])[0]
    return Site(
        title=descriptor.get("title", ""),
        description=descriptor.get("description", ""),
        homepage=descriptor.get("homepage", ""),
        municipality=place.get("name", ""),
        prefecture=place.get("prefecture", ""),
        code=place.get("code", ""),
        publisher=publisher.get("title", ""),
        official=bool(descriptor.get("official", False)),
        contact=contact_address(descriptor.get("contact", "")),
        licence=licence.get("title", licence.get("name", "")),
        licence_name=licence.get("name", ""),
        licence_path=web_address(licence.get("path", "")),
        version=descriptor.get("version", ""),
        repository=web_address(descriptor.get("repository", "")),
        title_en=descriptor.get("title_en", ""),
        municipality_en=place.get("name_en", ""),
        accent=descriptor.get("accent", ""),
        terms=terms_of(descriptor),
    )
