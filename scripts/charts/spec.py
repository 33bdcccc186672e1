"""What a chart of an indicator shows and where: marks and labels, filled into a Vega-Lite template.

Labels are laid out here and drawn at their places. The renderer sees only ``#0``, ``#1``, … in
their stead (Japanese text would make it read the fonts of the machine, which is slow and differs
between machines); :func:`scripts.charts.svg.to_svg` puts the words back.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from scripts.charts.layout import (
    Box,
    Label,
    Placed,
    along,
    around,
    place,
    text_width,
    value_scale,
    year_ticks,
)
from scripts.charts.template import AXIS_FONT, WORDS, kpi_template, spark_template
from scripts.model import Observation
from scripts.progress import Progress
from scripts.words import with_unit

Row = dict[str, Any]
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


@dataclass(frozen=True, slots=True)
class Drawing:
    """A filled spec and the words behind its ``#0``, ``#1``, …"""

    spec: dict[str, Any]
    texts: list[str] = field(default_factory=list)


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


def number(value: float, decimals: int) -> str:
    """Digits with thousands separators."""
    return f"{value:,.{decimals}f}"


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


def tick_decimals(ticks: Sequence[float]) -> int:
    """The decimals that tell the ticks apart."""
    return next((d for d in (0, 1, 2, 3) if all(abs(round(t, d) - t) < 1e-9 for t in ticks)), 4)


def starts_at_zero(subject: Subject) -> bool:
    """Whether the value axis includes zero; the page says so when it does not."""
    bottom, top, _ = value_scale(values_of(subject), zero=subject.as_bars)
    return bottom <= 0 <= top


def kpi_drawing(subject: Subject, size: Size) -> Drawing:
    """The chart of one indicator: observations, baseline, path, target, terms and breaks."""
    first, last = years_of(subject)
    bottom, top, ticks = value_scale(
        values_of(subject),
        zero=subject.as_bars,
        count=5 if size.height > 300 else 4,
        decimals=subject.terms[0].kpi.decimals,
    )
    digits = tick_decimals(ticks)
    left = max(text_width(number(t, digits), AXIS_FONT) for t in ticks) + 12
    right, above, below = 12.0, 24.0, 42.0
    frame = Frame(
        width=size.width - left - right,
        height=size.height - above - below,
        x0=first - (0.85 if subject.follows else 0.6),
        x1=last + (0.85 if subject.followed else 0.6),
        bottom=bottom,
        top=top,
    )
    placed = place_labels(subject, frame, Box(0, 0, frame.width + right - 2, frame.height))
    placed += term_labels(subject, frame)
    texts = [p.text for p in placed]
    spec = copy.deepcopy(kpi_template())
    spec["width"], spec["height"] = round(frame.width, 2), round(frame.height, 2)
    spec["padding"] = {"left": round(left, 2), "right": right, "top": above, "bottom": below}
    scale_x, scale_y = spec["layer"][0]["encoding"]["x"], spec["layer"][1]["encoding"]["y"]
    scale_x["scale"]["domain"] = [frame.x0, frame.x1]
    scale_x["axis"]["values"] = labelled_years(subject, frame)
    scale_y["scale"]["domain"] = [bottom, top]
    scale_y["axis"]["values"] = ticks
    scale_y["axis"]["labelExpr"] = f"format(datum.value, ',.{digits}f')"
    spec["datasets"] = datasets(subject, frame)
    for kind in WORDS:
        spec["datasets"][kind] = [
            dict(zip("xy", frame.data(p.x, p.y), strict=True)) | {"t": f"#{i}"}
            for i, p in enumerate(placed)
            if p.label.kind == kind
        ]
    return Drawing(spec, texts)


def labelled_years(subject: Subject, frame: Frame) -> list[int]:
    """Years with a label: those of values and targets first, then as many as fit."""
    first, last = years_of(subject)
    wanted = [t.target.target_year for t in subject.terms]
    wanted += [o.year for o in subject.observations[-1:]]
    wanted += [t.baseline_year for t in subject.terms if t.baseline_year is not None]
    wanted += [o.year for o in subject.observations]
    return year_ticks(
        range(last, first - 1, -1),
        [y for y in dict.fromkeys(wanted) if first <= y <= last],
        frame.per_year,
        text_width("0000", AXIS_FONT) + 6,
    )


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


def starts(subject: Subject) -> list[tuple[Progress, float, float]]:
    """The terms with a baseline: term, year, value."""
    return [
        (t, t.baseline_year, float(t.baseline))
        for t in subject.terms
        if t.baseline_year is not None and t.baseline is not None
    ]


def datasets(subject: Subject, frame: Frame) -> dict[str, list[Row]]:
    """The rows of every mark of the template, in years and values."""
    seen, bars = subject.observations, subject.as_bars
    survey = subject.terms[0].kpi.accumulation == "survey"
    half = min(0.32, 16 / frame.per_year)
    floor = max(0.0, frame.bottom)

    def line(gap: bool) -> list[Row]:
        return [
            {"x": o.year, "y": float(o.value), "k": i}
            for i, pair in enumerate(pairwise(seen))
            if not bars and (pair[1].year - pair[0].year > 1) == gap
            for o in pair
        ]

    def columns(final: bool) -> list[Row]:
        return [
            {"x": o.year - half, "x2": o.year + half, "y": float(o.value), "y2": floor}
            for o in seen
            if bars and (o.status == "final") == final
        ]

    def dots(final: bool) -> list[Row]:
        return [
            {"x": o.year, "y": float(o.value)}
            for o in seen
            if not bars and (o.status == "final") == final
        ]

    return {
        "bands": [
            {"x": t.strategy.start_year - EDGE, "x2": t.strategy.end_year + EDGE}
            for t in subject.terms
        ],
        "path": [
            {"x": x, "y": y, "k": i}
            for i, (x1, y1, x2, y2) in enumerate(paths(subject))
            for x, y in ((x1, y1), (x2, y2))
        ],
        "breaks": [
            {"x": x, "y": y, "k": k, "o": i}
            for k, edge in enumerate(break_years(subject, frame))
            for i, (x, y) in enumerate(torn_edge(edge, frame))
        ],
        "targets": [
            {
                "x": t.strategy.start_year - EDGE,
                "x2": t.target.target_year,
                "y": float(t.target.target_value or 0),
            }
            for t in goals(subject)
        ],
        "starts": [{"x": x, "y": y} for _, x, y in starts(subject)],
        "solid": [] if survey else line(gap=False),
        "gaps": [] if survey else line(gap=True),
        "surveys": line(gap=False) + line(gap=True) if survey else [],
        "bars": columns(final=True),
        "openbars": columns(final=False),
        "points": dots(final=True),
        "open": dots(final=False),
    }


def break_years(subject: Subject, frame: Frame) -> list[float]:
    """Where the definition changes: at the ends of the axis that another series adjoins."""
    return [frame.x0 + 0.14] * subject.follows + [frame.x1 - 0.14] * subject.followed


def torn_edge(year: float, frame: Frame) -> list[tuple[float, float]]:
    """A zigzag from the bottom to the top of the plot, as years and values."""
    teeth = max(2, round(frame.height / 7))
    shift = 3 / frame.per_year
    return [
        (year + (shift if i % 2 else -shift), frame.bottom + (frame.top - frame.bottom) * i / teeth)
        for i in range(teeth + 1)
    ]


def term_labels(subject: Subject, frame: Frame) -> list[Placed]:
    """The name of each term above its band, as far as it fits."""
    placed = []
    for term in subject.terms:
        size = float(WORDS["term"][1])
        start, end = term.strategy.start_year - EDGE, term.strategy.end_year + EDGE
        middle, room = frame.px((start + end) / 2), (end - start) * frame.per_year
        name = term.strategy.short_title
        texts = (f"{name} {term.strategy.start_year}–{term.strategy.end_year}", name)
        for text in texts:
            if text_width(text, size) <= room:
                label = Label(texts, middle, -10, size, "term", True)
                placed.append(Placed(label, text, middle, -10))
                break
    return placed


def place_labels(subject: Subject, frame: Frame, room: Box) -> list[Placed]:
    """The labels of values and targets at places where they collide with nothing."""
    px, py = frame.px, frame.py
    half = min(0.32 * frame.per_year, 16)
    solid = [around(px(t.target.target_year), py(y), 15, 15) for t, y in targets_of(subject)]
    solid += [around(px(x), py(y), 14, 14) for _, x, y in starts(subject)]
    soft: list[Box] = []
    for o in subject.observations:
        x, y = px(o.year), py(float(o.value))
        if subject.as_bars:
            solid.append(Box(x - half, y, x + half, frame.height))
        else:
            solid.append(around(x, y, 12, 12))
    if not subject.as_bars:
        for one, two in pairwise(subject.observations):
            soft += along(px(one.year), py(float(one.value)), px(two.year), py(float(two.value)))
    for term, value in targets_of(subject):
        left, right = px(term.strategy.start_year - EDGE), px(term.target.target_year)
        soft += along(left, py(value), right, py(value))
    for x1, y1, x2, y2 in paths(subject):
        soft += along(px(x1), py(y1), px(x2), py(y2))
    solid += [
        Box(px(x) - 5, 0, px(x) + 5, frame.height) for x in break_years(subject, frame)
    ]
    ordered = goal_labels(subject, frame) + value_labels(subject, frame)
    rank = {"last": 0, "goal": 1, "plain": 2}
    return place(sorted(ordered, key=lambda label: rank[label.kind]), room, solid, soft)


def targets_of(subject: Subject) -> list[tuple[Progress, float]]:
    """The terms whose target is a number, with the number."""
    return [(t, float(t.target.target_value or 0)) for t in goals(subject)]


def goal_labels(subject: Subject, frame: Frame) -> list[Label]:
    """Target labels, the newest first, on the side of the target away from the values."""
    labels = []
    for term, value in reversed(targets_of(subject)):
        text = f"{term.target.target_value:,}"
        up = term.baseline is None or float(term.baseline) <= value
        labels.append(
            Label(
                (f"目標 {text}", text), frame.px(term.target.target_year), frame.py(value),
                WORDS["goal"][1], "goal", up,
            )
        )
    return labels


def value_labels(subject: Subject, frame: Frame) -> list[Label]:
    """Labels of observations and of baselines without one, the newest first."""
    seen, labels = list(subject.observations), []
    bases = {x: (t, y) for t, x, y in starts(subject)}
    for index, item in reversed(list(enumerate(seen))):
        value, last = float(item.value), item is seen[-1]
        others = [float(p.value) for p in seen[max(0, index - 1) : index + 2] if p is not item]
        rising = index == 0 or value >= float(seen[index - 1].value)
        up = subject.as_bars or not others or value >= max(others) or (value > min(others) and rising)
        text = f"{item.value:,}"
        texts: tuple[str, ...] = (with_unit(item.value, subject.terms[0].kpi), text) if last else (text,)
        base = bases.pop(item.year, None)
        if base and base[1] == value and base[0] is subject.terms[-1]:
            texts = (f"基準値 {text}", text)
        labels.append(
            Label(
                texts, frame.px(item.year), frame.py(value),
                WORDS["last" if last else "plain"][1], "last" if last else "plain", up,
            )
        )
    for year, (term, value) in bases.items():
        if term.target.baseline_value is not None:
            text = f"{term.target.baseline_value:,}"
            labels.append(
                Label(
                    (f"基準値 {text}", text), frame.px(year), frame.py(value),
                    WORDS["plain"][1], "plain", False,
                )
            )
    return labels


def spark_drawing(subject: Subject) -> Drawing:
    """The small chart of one indicator: its observations and the target of its last term."""
    term = subject.terms[-1]
    points = [{"x": o.year, "y": float(o.value)} for o in subject.observations]
    goal = term.target.target_value
    values = [p["y"] for p in points] + ([float(goal)] if goal is not None else []) or [0.0]
    low, high = min(values), max(values)
    pad = (high - low) * 0.1 or 1.0
    first = min([p["x"] for p in points] + [term.strategy.start_year])
    last = max([p["x"] for p in points] + [term.target.target_year])
    spec = copy.deepcopy(spark_template())
    encoding = spec["layer"][0]["encoding"]
    encoding["x"]["scale"]["domain"] = [first - 0.3, last + 0.3]
    encoding["y"]["scale"]["domain"] = [low - pad, high + pad]
    spec["datasets"] = {
        "targets": []
        if goal is None
        else [{"x": term.strategy.start_year, "x2": term.target.target_year, "y": float(goal)}],
        "line": points,
        "points": points[:-1],
        "last": points[-1:],
    }
    return Drawing(spec)
