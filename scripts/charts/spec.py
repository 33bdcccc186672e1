"""What a chart of an indicator shows and where: marks for the template, words with their places.

The renderer draws marks and axes. Words, the years and values at the axes among them, are laid out
here and :func:`scripts.charts.svg.to_svg` puts them into the picture: the renderer would read the
fonts of the machine to measure them, which is slow and differs between machines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from scripts.charts.labels import place_labels, term_labels
from scripts.charts.layout import Box, Placed, text_width, value_scale, year_ticks
from scripts.charts.scene import (
    EDGE,
    Frame,
    Size,
    Subject,
    break_years,
    goals,
    paths,
    starts,
    values_of,
    years_of,
)
from scripts.charts.template import AXIS_FONT, INK, WORDS
from scripts.years import era_code

Row = dict[str, Any]


BASELINE = 0.3
"""From the middle of a line of text down to its baseline, in font sizes."""

TICK, GAP = 5, 6
"""Length of a tick and room to the label, in pixels."""

LINE_HEIGHT = 15
"""From a year to its era below, in pixels."""


class Word(NamedTuple):
    """Text in a picture: its baseline in pixels of the plot; further ``lines`` stand below."""

    x: float
    y: float
    lines: tuple[str, ...]
    size: int
    colour: str
    anchor: str = "middle"
    weight: str = ""
    halo: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is filled into the template of a ``kind``, and the words with their places."""

    kind: str
    spec: dict[str, Any]
    texts: list[Word] = field(default_factory=list)


def number(value: float, decimals: int) -> str:
    """Digits with thousands separators."""
    return f"{value:,.{decimals}f}"


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
    years = labelled_years(subject, frame)
    spec = {
        "width": round(frame.width, 2),
        "height": round(frame.height, 2),
        "padding": {"left": round(left, 2), "right": right, "top": above, "bottom": below},
        "domains": {"x": [frame.x0, frame.x1], "y": [bottom, top]},
        "ticks": {"x": years, "y": ticks},
        "datasets": datasets(subject, frame),
    }
    return Drawing("kpi", spec, [*axis_words(frame, years, ticks, digits), *label_words(placed)])


def axis_words(
    frame: Frame, years: Sequence[int], ticks: Sequence[float], digits: int
) -> list[Word]:
    """Years with their eras below the plot, values beside it."""
    low = frame.height + TICK + GAP + round(0.79 * AXIS_FONT)
    below = [
        Word(frame.px(y) + 0.5, low + 0.5, (str(y), era_code(y)), AXIS_FONT, INK) for y in years
    ]
    down = round(BASELINE * AXIS_FONT) + 0.5
    beside = [
        Word(0.5 - GAP, frame.py(t) + down, (number(t, digits),), AXIS_FONT, INK, "end")
        for t in ticks
    ]
    return below + beside


def label_words(placed: Sequence[Placed]) -> list[Word]:
    """Labels at their places, those of the plan's terms without a halo; kind by kind."""
    return [
        Word(
            p.x,
            p.y + round(BASELINE * size),
            (p.text,),
            size,
            colour,
            weight="" if weight == "normal" else weight,
            halo=kind != "term",
        )
        for kind, (colour, size, weight) in WORDS.items()
        for p in placed
        if p.label.kind == kind
    ]


def labelled_years(subject: Subject, frame: Frame) -> list[int]:
    """Years with a label: those of values and targets first, then as many as fit."""
    first, last = years_of(subject)
    bases = [t.baseline_year for t in subject.terms if t.baseline_year is not None]
    wanted = [subject.terms[-1].target.target_year]
    wanted += [o.year for o in subject.observations[-1:]]
    wanted += [*reversed(bases), *(t.target.target_year for t in subject.terms)]
    wanted += [o.year for o in subject.observations]
    return year_ticks(
        range(last, first - 1, -1),
        [y for y in dict.fromkeys(wanted) if first <= y <= last],
        frame.per_year,
        text_width("0000", AXIS_FONT) + 6,
    )


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


def torn_edge(year: float, frame: Frame) -> list[tuple[float, float]]:
    """A zigzag from the bottom to the top of the plot, as years and values."""
    teeth = max(2, round(frame.height / 7))
    shift = 3 / frame.per_year
    return [
        (year + (shift if i % 2 else -shift), frame.bottom + (frame.top - frame.bottom) * i / teeth)
        for i in range(teeth + 1)
    ]


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
    targets = [{"x": term.strategy.start_year, "x2": term.target.target_year, "y": goal}]
    spec = {
        "domains": {"x": [first - 0.3, last + 0.3], "y": [low - pad, high + pad]},
        "datasets": {
            "targets": [{**row, "y": float(row["y"])} for row in targets if row["y"] is not None],
            "line": points,
            "points": points[:-1],
            "last": points[-1:],
        },
    }
    return Drawing("spark", spec)
