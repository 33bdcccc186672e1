"""The records around the indicators: projects and budgets, the draft, figures, voices."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from scripts.model.records import Record


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
