"""The records of the data package, one frozen dataclass per table, and the words for years.

A record mirrors one row of its table: a field of the class is a column of the file, blank cells are
``None`` (or ``""`` for text), numbers keep the printed digits as :class:`~decimal.Decimal`.
``row`` is the line of the file the record came from, so that every later message can point at it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in the data, said so that its owner can mend it.

    ``path`` is relative to the package, ``row`` a line of that file (0: the file as a whole),
    ``value`` what was found, ``message`` why it is wrong and ``fix`` what to write instead.
    ``level`` is ``error`` (nothing is published) or ``warning`` (publishable but suspicious).
    """

    path: str
    row: int
    field: str
    code: str
    message: str
    fix: str = ""
    value: str = ""
    level: str = "error"

    def line(self) -> str:
        """``path:row: field: message fix [code]``, leaving out what does not apply."""
        place = f"{self.path}:{self.row}:" if self.row else f"{self.path}:"
        name = f" {self.field}:" if self.field else ""
        mark = "（確認）" if self.level == "warning" else ""
        return f"{place}{name} {mark}{self.message}{self.fix} [{self.code}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What all records share: the line they came from."""

    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Record):
    """A document that values were taken from."""

    source_id: str
    title: str
    publisher: str
    published: str = ""
    description: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy(Record):
    """One term of the plan; years are fiscal years, both inclusive."""

    strategy_id: str
    title: str
    short_title: str
    start_year: int
    end_year: int
    source_id: str
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFact(Record):
    """What the text of a plan says about itself, summarised; ``kind`` groups it on the page."""

    fact_id: str
    strategy_id: str
    kind: str
    position: int
    title: str
    text: str
    source_id: str
    locator: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal(Record):
    """A goal as printed in one term; ``goal_id`` names the same promise in every term."""

    strategy_id: str
    goal_id: str
    title: str
    short_title: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Record):
    """A measure below a goal; ``parent_id`` is set for the numbered parts of a measure."""

    measure_id: str
    strategy_id: str
    goal_id: str
    label: str
    title: str
    summary: str
    position: int
    parent_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRelation(Record):
    """A measure of an earlier term and the later one that takes it up, as this site reads them."""

    measure_id: str
    related_measure_id: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit(Record):
    """A unit that indicators and achievements may use."""

    unit: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi(Record):
    """The definition of an indicator. ``unit`` may be blank for a pure number."""

    kpi_id: str
    name: str
    short_name: str
    name_en: str
    reading: str
    unit: str
    direction: str
    accumulation: str
    year_type: str
    decimals: int
    definition: str
    as_of: str = ""
    caution: str = ""
    keywords: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiRelation(Record):
    """How two indicators hang together and what changed between them."""

    kpi_id: str
    related_kpi_id: str
    relation: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic(Record):
    """A topic of daily life; ``words`` are what people call it, separated by ``、``."""

    topic_id: str
    label: str
    reading: str
    position: int
    description: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiTopic(Record):
    """An indicator that belongs to a topic."""

    topic_id: str
    kpi_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Record):
    """What one term promises for one indicator, in the unit of the indicator."""

    strategy_id: str
    kpi_id: str
    role: str
    goal_id: str
    measure_id: str
    printed_name: str
    target_year: int
    source_id: str
    locator: str
    baseline_year: int | None = None
    baseline_value: Decimal | None = None
    baseline_note: str = ""
    target_value: Decimal | None = None
    target_text: str = ""
    target_note: str = ""
    window_start_year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation(Record):
    """A value of an indicator in the year it belongs to."""

    kpi_id: str
    year: int
    value: Decimal
    status: str
    source_id: str
    locator: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation(Record):
    """The city's own evaluation of an indicator, summarised."""

    strategy_id: str
    evaluated_year: int
    kpi_id: str
    rating: str
    source_id: str
    finding: str = ""
    outlook: str = ""
    viewpoint: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating(Record):
    """A grade of the city's own scale."""

    rating_id: str
    label: str
    description: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusBand(Record):
    """A grade that this site computes; ``min_pace`` is set for those that depend on the pace."""

    status_id: str
    label: str
    symbol: str
    tone: str
    description: str
    position: int
    min_pace: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Department(Record):
    """A department of the city hall."""

    department_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Project(Record):
    """A project of the yearly list; budgets in thousand yen."""

    fiscal_year: int
    measure_id: str
    project_no: int
    name: str
    is_new: bool
    is_repeat: bool
    department_id: str
    relevance: str
    budget_thousand_yen: int
    summary: str
    source_id: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlTotal(Record):
    """A printed subtotal of the project list; ``goal_id`` is ``total`` for the sum of all."""

    fiscal_year: int
    goal_id: str
    budget_thousand_yen: int
    source_id: str
    locator: str
    rows: int | None = None
    repeat_rows: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionElement(Record):
    """An element of the draft revision."""

    element_id: str
    source_id: str
    goal_id: str
    measure_id: str
    kind: str
    text: str
    projects: str
    is_new: bool
    position: int
    locator: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Achievement(Record):
    """A figure of what was done, in the unit printed; never part of a judgement."""

    achievement_id: str
    field: str
    topic: str
    goal_id: str
    series_id: str
    indicator: str
    value: Decimal
    unit: str
    nature: str
    position: int
    source_id: str
    locator: str
    year: int | None = None
    period: str = ""
    qualifier: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal(Record):
    """A proposal of the staff working group."""

    proposal_id: str
    group: str
    title: str
    sub_title: str
    position: int
    goal_id: str
    source_id: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue(Record):
    """An opinion of a citizens' dialogue and what became of it."""

    dialogue_id: str
    field: str
    sessions: int
    goal_id: str
    source_id: str
    opinion: str = ""
    response: str = ""
    note: str = ""


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
    departments: tuple[Department, ...] = ()
    projects: tuple[Project, ...] = ()
    control_totals: tuple[ControlTotal, ...] = ()
    revision_elements: tuple[RevisionElement, ...] = ()
    achievements: tuple[Achievement, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    dialogues: tuple[Dialogue, ...] = ()

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

    def url(self, path: str = "") -> str:
        """Absolute address of a page or file of the site."""
        return self.homepage.rstrip("/") + "/" + path.lstrip("/")


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
        contact=descriptor.get("contact", ""),
        licence=licence.get("title", licence.get("name", "")),
        licence_name=licence.get("name", ""),
        licence_path=licence.get("path", ""),
        version=descriptor.get("version", ""),
    )
