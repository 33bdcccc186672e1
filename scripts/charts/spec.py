"""Vega-Lite specs of the charts, built and validated once per kind with Altair.

A spec is made once as a template; for each indicator only its data, domains and sizes are filled
in (building and validating with Altair costs a thousand times more than filling).
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Literal

from scripts.charts.layout import (
    LINE,
    Box,
    Label,
    along,
    around,
    place,
    text_width,
    value_scale,
    year_ticks,
)
from scripts.model import Observation
from scripts.progress import Progress
from scripts.years import ERAS

INK, MUTED, GRID = "var(--chart-ink)", "var(--chart-muted)", "var(--chart-grid)"
LINE_COLOUR, TARGET_COLOUR, BAND = "var(--chart-line)", "var(--chart-target)", "var(--chart-band)"
PAPER = "var(--chart-paper)"


@dataclass(frozen=True, slots=True)
class Size:
    """Outer size of a picture in pixels and its font size."""

    width: int
    height: int
    font: int


def era_expression() -> str:
    """Vega expression for the second line of a year label, from the table of eras."""
    expression = "''"
    for _, letter, first in reversed(ERAS):
        expression = f"datum.value>={first}?'{letter}'+(datum.value-{first - 1}):({expression})"
    return expression


@cache
def kpi_template() -> dict[str, Any]:
    """The chart of an indicator, without its data."""
    import altair as alt

    def data(name: str) -> alt.NamedData:
        return alt.NamedData(name=name)

    axis_x = alt.Axis(
        title=None,
        values=[0],
        labelExpr=f"[toString(datum.value), {era_expression()}]",
        labelFontSize=12,
        labelColor=INK,
        labelPadding=6,
        domainColor=MUTED,
        tickColor=MUTED,
        labelFlush=False,
        labelOverlap=False,
        labelLineHeight=15,
        grid=False,
    )
    axis_y = alt.Axis(
        title=None,
        values=[0],
        labelFontSize=12,
        labelColor=INK,
        gridColor=GRID,
        domain=False,
        ticks=False,
        labelPadding=6,
        labelOverlap=False,
        labelExpr="format(datum.value, ',')",
    )
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 1], nice=False, zero=False), axis=axis_x)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, 1], nice=False, zero=False), axis=axis_y)
    bands = alt.Chart(data("bands")).mark_rect(color=BAND).encode(x=x, x2="x2:Q")
    path = (
        alt.Chart(data("path"))
        .mark_line(color=MUTED, strokeWidth=1.5, strokeDash=[2, 3])
        .encode(x="x:Q", y=y, detail="k:N")
    )
    targets = (
        alt.Chart(data("targets"))
        .mark_rule(color=TARGET_COLOUR, strokeWidth=2, strokeDash=[7, 4])
        .encode(x="x:Q", x2="x2:Q", y="y:Q")
    )
    ends = (
        alt.Chart(data("targets"))
        .mark_point(
            shape="diamond", size=130, filled=True, color=TARGET_COLOUR, opacity=1, strokeWidth=0
        )
        .encode(x="x2:Q", y="y:Q")
    )
    starts = (
        alt.Chart(data("starts"))
        .mark_point(
            shape="square",
            size=110,
            filled=True,
            fill=PAPER,
            stroke=MUTED,
            strokeWidth=2,
            opacity=1,
        )
        .encode(x="x:Q", y="y:Q")
    )
    solid = (
        alt.Chart(data("solid"))
        .mark_line(color=LINE_COLOUR, strokeWidth=3)
        .encode(x="x:Q", y="y:Q", detail="k:N")
    )
    gaps = (
        alt.Chart(data("gaps"))
        .mark_line(color=LINE_COLOUR, strokeWidth=2, strokeDash=[4, 4])
        .encode(x="x:Q", y="y:Q", detail="k:N")
    )
    bars = (
        alt.Chart(data("bars"))
        .mark_rule(color=LINE_COLOUR, strokeWidth=18, opacity=1)
        .encode(x="x:Q", y="y:Q", y2="y2:Q")
    )
    points = (
        alt.Chart(data("points"))
        .mark_point(filled=True, size=80, color=LINE_COLOUR, opacity=1, strokeWidth=0)
        .encode(x="x:Q", y="y:Q")
    )
    open_points = (
        alt.Chart(data("open"))
        .mark_point(
            filled=True, size=80, fill=PAPER, stroke=LINE_COLOUR, strokeWidth=2.5, opacity=1
        )
        .encode(x="x:Q", y="y:Q")
    )
    weights: tuple[tuple[str, str, Literal["normal", "bold"]], ...] = (
        ("words", INK, "normal"),
        ("strong", LINE_COLOUR, "bold"),
        ("goal", TARGET_COLOUR, "bold"),
    )
    words = [
        alt.Chart(data(name))
        .mark_text(
            color=colour,
            fontSize=13,
            fontWeight=weight,
            align="center",
            baseline="middle",
            stroke=PAPER,
            strokeWidth=3,
        )
        .encode(x="x:Q", y="y:Q", text="t:N")
        for name, colour, weight in weights
    ]
    chart = alt.layer(
        bands, path, targets, starts, bars, gaps, solid, points, open_points, ends, *words
    ).configure(
        background="transparent",
        view=alt.ViewConfig(stroke=None),
    )
    spec: dict[str, Any] = chart.to_dict()
    spec["autosize"] = "none"
    return spec


def number(value: float, decimals: int) -> str:
    """Digits with thousands separators."""
    return f"{value:,.{decimals}f}"


def kpi_spec(
    terms: Sequence[Progress], observations: Sequence[Observation], size: Size
) -> dict[str, Any]:
    """The chart of one indicator: observations, baseline, path, target and terms.

    ``terms`` are the judgements of the indicator, one per term; ``observations`` are in the order
    of years. Values are in the unit of the indicator.
    """
    kpi = terms[0].kpi
    cumulative = any(t.target.window_start_year is not None for t in terms)
    values = [float(o.value) for o in observations]
    for term in terms:
        values += [float(v) for v in (term.baseline, term.target.target_value) if v is not None]
    bottom, top, ticks = value_scale(
        values or [0.0, 1.0],
        zero=cumulative,
        count=4 if size.width > 500 else 3,
        decimals=kpi.decimals,
    )
    first = min(
        [t.strategy.start_year for t in terms]
        + [o.year for o in observations]
        + [t.baseline_year for t in terms if t.baseline_year is not None]
    )
    last = max([t.strategy.end_year for t in terms] + [o.year for o in observations])
    tick_digits = (
        0 if all(t == int(t) for t in ticks) else 2 if any(round(t, 1) != t for t in ticks) else 1
    )
    left = max(text_width(number(t, tick_digits), 12) for t in ticks) + 12
    right, above, below = 14.0, 10.0, 42.0
    width, height = size.width - left - right, size.height - above - below
    x0, x1 = first - 0.6, last + 0.6
    per_year, per_unit = width / (x1 - x0), height / (top - bottom)

    def px(year: float) -> float:
        return (year - x0) * per_year

    def py(value: float) -> float:
        return (top - value) * per_unit

    important = [t.target.target_year for t in terms] + [o.year for o in observations[-1:]]
    important += [t.baseline_year for t in terms if t.baseline_year is not None]
    important += [o.year for o in observations]
    years = year_ticks(
        range(last, first - 1, -1),
        [y for y in dict.fromkeys(important) if first <= y <= last],
        per_year,
        text_width("0000", 12) + 6,
    )
    goal_labels: list[Label] = []
    point_labels: list[Label] = []
    for term in terms:
        goal = term.target.target_value
        if goal is None:
            continue
        goal_labels.append(
            Label(
                f"{goal:,}",
                px(term.target.target_year),
                py(float(goal)),
                size.font,
                True,
                term.latest is None or term.latest.value <= goal,
            )
        )
    pairs = list(observations)
    for index, item in enumerate(pairs):
        neighbours = [p.value for p in pairs[max(0, index - 1) : index + 2] if p is not item]
        up = (
            not neighbours
            or item.value >= max(neighbours)
            or (item.value > min(neighbours) and index > 0 and item.value >= pairs[index - 1].value)
        )
        point_labels.append(
            Label(
                f"{item.value:,}",
                px(item.year),
                py(float(item.value)),
                size.font,
                item is pairs[-1],
                up,
            )
        )
    ordered = point_labels[-1:] + list(reversed(goal_labels)) + list(reversed(point_labels[:-1]))
    marks = [around(px(o.year), py(float(o.value)), 11, 11) for o in observations]
    marks += [
        around(px(t.target.target_year), py(float(t.target.target_value)), 13, 13)
        for t in terms
        if t.target.target_value is not None
    ]
    marks += [
        around(px(t.baseline_year), py(float(t.baseline)), 11, 11)
        for t in terms
        if t.baseline_year is not None and t.baseline is not None
    ]
    for before, after in pairwise(observations):
        if not cumulative:
            marks += along(
                px(before.year), py(float(before.value)), px(after.year), py(float(after.value))
            )
    for term in terms:
        goal = term.target.target_value
        if goal is not None:
            end = px(term.target.target_year), py(float(goal))
            marks += along(px(term.strategy.start_year - 0.45), end[1], *end)
            if term.baseline_year is not None and term.baseline is not None:
                marks += along(px(term.baseline_year), py(float(term.baseline)), *end)
    placed = place(ordered, Box(0, -above, width + right, height), marks)
    goal_set = {id(g) for g in goal_labels}

    def words(pick: Any) -> list[dict[str, Any]]:
        return [
            {"x": p.x / per_year + x0, "y": top - p.y / per_unit, "t": p.label.text}
            for p in placed
            if pick(p.label)
        ]

    spec = copy.deepcopy(kpi_template())
    spec["width"], spec["height"] = round(width, 2), round(height, 2)
    spec["padding"] = {"left": round(left, 2), "right": right, "top": above, "bottom": below}
    scale_x = spec["layer"][0]["encoding"]["x"]
    scale_x["scale"]["domain"] = [x0, x1]
    scale_x["axis"]["values"] = years
    scale_y = spec["layer"][1]["encoding"]["y"]
    scale_y["scale"]["domain"] = [bottom, top]
    scale_y["axis"]["values"] = ticks
    if tick_digits:
        scale_y["axis"]["labelExpr"] = f"format(datum.value, ',.{tick_digits}f')"
    steps = list(pairwise(observations))
    bars = cumulative
    spec["datasets"] = {
        "bands": [
            {"x": t.strategy.start_year - 0.45, "x2": t.strategy.end_year + 0.45} for t in terms
        ],
        "path": [
            point
            for i, t in enumerate(terms)
            if t.baseline_year is not None
            and t.baseline is not None
            and t.target.target_value is not None
            for point in (
                {"x": t.baseline_year, "y": float(t.baseline), "k": i},
                {"x": t.target.target_year, "y": float(t.target.target_value), "k": i},
            )
        ],
        "targets": [
            {
                "x": t.strategy.start_year - 0.45,
                "x2": t.target.target_year,
                "y": float(t.target.target_value),
            }
            for t in terms
            if t.target.target_value is not None
        ],
        "starts": [
            {"x": t.baseline_year, "y": float(t.baseline)}
            for t in terms
            if t.baseline_year is not None and t.baseline is not None
        ],
        "solid": [
            {"x": o.year, "y": float(o.value), "k": i}
            for i, pair in enumerate(steps)
            if pair[1].year - pair[0].year == 1 and not bars
            for o in pair
        ],
        "gaps": [
            {"x": o.year, "y": float(o.value), "k": i}
            for i, pair in enumerate(steps)
            if pair[1].year - pair[0].year > 1 and not bars
            for o in pair
        ],
        "bars": [
            {"x": o.year, "y": float(o.value), "y2": max(0.0, bottom)} for o in observations if bars
        ],
        "points": [
            {"x": o.year, "y": float(o.value)}
            for o in observations
            if o.status == "final" and not bars
        ],
        "open": [{"x": o.year, "y": float(o.value)} for o in observations if o.status != "final"],
        "words": words(lambda w: id(w) not in goal_set and not w.strong),
        "strong": words(lambda w: id(w) not in goal_set and w.strong),
        "goal": words(lambda w: id(w) in goal_set),
    }
    return spec


@cache
def spark_template() -> dict[str, Any]:
    """The small chart of lists: line, last point and target, no axes."""
    import altair as alt

    def layer(name: str) -> alt.Chart:
        return alt.Chart(alt.NamedData(name=name))

    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 1], nice=False, zero=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, 1], nice=False, zero=False), axis=None)
    chart = alt.layer(
        layer("targets")
        .mark_rule(color=TARGET_COLOUR, strokeWidth=1.5, strokeDash=[4, 3])
        .encode(x=x, x2="x2:Q", y=y),
        layer("line").mark_line(color=LINE_COLOUR, strokeWidth=2).encode(x="x:Q", y="y:Q"),
        layer("points")
        .mark_point(filled=True, size=22, color=LINE_COLOUR, opacity=1, strokeWidth=0)
        .encode(x="x:Q", y="y:Q"),
        layer("last")
        .mark_point(filled=True, size=60, color=LINE_COLOUR, opacity=1, strokeWidth=0)
        .encode(x="x:Q", y="y:Q"),
        layer("targets")
        .mark_point(
            shape="diamond", size=70, filled=True, color=TARGET_COLOUR, opacity=1, strokeWidth=0
        )
        .encode(x="x2:Q", y="y:Q"),
    ).configure(background="transparent", view=alt.ViewConfig(stroke=None))
    spec: dict[str, Any] = chart.to_dict()
    spec.update({"autosize": "none", "width": 128, "height": 36, "padding": 6})
    return spec


def spark_spec(terms: Sequence[Progress], observations: Sequence[Observation]) -> dict[str, Any]:
    """The small chart of one indicator: its observations and the target of its last term."""
    term = terms[-1]
    points = [{"x": o.year, "y": float(o.value)} for o in observations]
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
    return spec


__all__ = ["LINE", "Size", "kpi_spec", "spark_spec"]
