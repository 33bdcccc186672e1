"""Problems, and the records of the spine: plans, goals, measures, indicators, values, bands."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal


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
    title_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal(Record):
    """A goal as printed in one term; ``goal_id`` names the same promise in every term."""

    strategy_id: str
    goal_id: str
    title: str
    short_title: str
    summary: str
    plain: str = ""
    title_en: str = ""
    position: int | None = None


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
    unit_en: str = ""


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
    label_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term(Record):
    """A word of the glossary; ``see`` is the id of a term to read with it."""

    term_id: str
    term: str
    reading: str
    definition: str
    see: str = ""
