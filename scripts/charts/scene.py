"""What a chart of an indicator is about: its terms and values, and the scales they are drawn on."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from scripts.model import Observation
from scripts.progress import Progress

EDGE = 0.45
"""How far the band of a term reaches beyond the middle of its first and last year, in years."""


@dataclass(frozen=True, slots=True)
class Size:
    """Outer size of a picture in pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Subject:
    """What is drawn: the terms of one indicator (oldest first) and its observations by year.

    ``follows`` and ``followed`` say that another series with another definition comes before or
    after: the two are never joined, the edge is marked as a break.
    """

    terms: tuple[Progress, ...]
    observations: tuple[Observation, ...]
    follows: bool = False
    followed: bool = False

    @property
    def as_bars(self) -> bool:
        """Sums counted from the start of a term stand on zero as bars."""
        return any(t.target.window_start_year is not None for t in self.terms)

    @property
    def has_gaps(self) -> bool:
        """Whether years between two values are missing and the line is broken there."""
        survey = self.terms[0].kpi.accumulation == "survey"
        pairs = pairwise(self.observations)
        return not (survey or self.as_bars) and any(b.year - a.year > 1 for a, b in pairs)


@dataclass(frozen=True, slots=True)
class Frame:
    """Scales of a chart: from years and values to pixels of the inner plot and back."""

    width: float
    height: float
    x0: float
    x1: float
    bottom: float
    top: float

    @property
    def per_year(self) -> float:
        """Pixels of one year."""
        return self.width / (self.x1 - self.x0)

    @property
    def per_unit(self) -> float:
        """Pixels of one unit of the value."""
        return self.height / (self.top - self.bottom)

    def px(self, year: float) -> float:
        """Pixel of a year."""
        return (year - self.x0) * self.per_year

    def py(self, value: float) -> float:
        """Pixel of a value."""
        return (self.top - value) * self.per_unit

    def data(self, x: float, y: float) -> tuple[float, float]:
        """Year and value of a pixel."""
        return x / self.per_year + self.x0, self.top - y / self.per_unit


def years_of(subject: Subject) -> tuple[int, int]:
    """First and last year of the axis."""
    terms, seen = subject.terms, [o.year for o in subject.observations]
    starts = [t.baseline_year for t in terms if t.baseline_year is not None]
    first = min([t.strategy.start_year for t in terms] + starts + seen)
    last = max([t.strategy.end_year for t in terms] + [t.target.target_year for t in terms] + seen)
    return first, last


def values_of(subject: Subject) -> list[float]:
    """Every value that must be inside the chart; two of them if there is none."""
    values = [float(o.value) for o in subject.observations]
    for term in subject.terms:
        values += [float(v) for v in (term.baseline, term.target.target_value) if v is not None]
    return values or [0.0, 1.0]


def paths(subject: Subject) -> list[tuple[float, float, float, float]]:
    """From baseline to target of each term: year, value, year, value."""
    return [
        (t.baseline_year, float(t.baseline), t.target.target_year, float(t.target.target_value))
        for t in subject.terms
        if t.baseline_year is not None
        and t.baseline is not None
        and t.target.target_value is not None
    ]


def goals(subject: Subject) -> list[Progress]:
    """The terms whose target is a number."""
    return [t for t in subject.terms if t.target.target_value is not None]


def targets_of(subject: Subject) -> list[tuple[Progress, float]]:
    """The terms whose target is a number, with the number."""
    return [(t, float(t.target.target_value or 0)) for t in goals(subject)]


def starts(subject: Subject) -> list[tuple[Progress, float, float]]:
    """The terms with a baseline: term, year, value."""
    return [
        (t, t.baseline_year, float(t.baseline))
        for t in subject.terms
        if t.baseline_year is not None and t.baseline is not None
    ]


def break_years(subject: Subject, frame: Frame) -> list[float]:
    """Where the definition changes: at the ends of the axis that another series adjoins."""
    return [frame.x0 + 0.14] * subject.follows + [frame.x1 - 0.14] * subject.followed
