"""Vega-Lite templates of the charts, built and validated once per kind with Altair.

For each indicator only data, domains and sizes are filled in: building and validating with Altair
costs a thousand times more than filling. Colours are custom properties of the page, so one picture
serves light, dark and print.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from scripts.years import ERAS

if TYPE_CHECKING:
    import altair as alt

INK, MUTED, GRID = "var(--chart-ink)", "var(--chart-muted)", "var(--chart-grid)"
LINE_COLOUR, TARGET_COLOUR, BAND = "var(--chart-line)", "var(--chart-target)", "var(--chart-band)"
PAPER = "var(--chart-paper)"

AXIS_FONT = 12
LABEL_FONT = 13

WORDS: dict[str, tuple[str, int, Literal["normal", "bold"]]] = {
    "term": (MUTED, 12, "normal"),
    "plain": (INK, LABEL_FONT, "normal"),
    "last": (LINE_COLOUR, LABEL_FONT + 1, "bold"),
    "goal": (TARGET_COLOUR, LABEL_FONT, "bold"),
}
"""Kinds of labels in a chart: colour, size in pixels, weight."""


def era_expression() -> str:
    """Vega expression for the second line of a year label, from the table of eras."""
    expression = "''"
    for _, letter, first in reversed(ERAS):
        expression = f"datum.value>={first}?'{letter}'+(datum.value-{first - 1}):({expression})"
    return expression


@cache
def kpi_template() -> dict[str, Any]:
    """The chart of an indicator, without its data."""
    import altair as alt  # slow to import

    def layer(name: str) -> alt.Chart:
        return alt.Chart(alt.NamedData(name=name))

    axis_x = alt.Axis(
        title=None,
        values=[0],
        labelExpr=f"[toString(datum.value), {era_expression()}]",
        labelFontSize=AXIS_FONT,
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
        labelFontSize=AXIS_FONT,
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
    bands = layer("bands").mark_rect(color=BAND).encode(x=x, x2="x2:Q")
    path = (
        layer("path")
        .mark_line(color=MUTED, strokeWidth=1.5, strokeDash=[2, 3])
        .encode(x="x:Q", y=y, detail="k:N")
    )
    breaks = (
        layer("breaks")
        .mark_line(color=MUTED, strokeWidth=1.5)
        .encode(x="x:Q", y="y:Q", detail="k:N", order="o:Q")
    )
    targets = (
        layer("targets")
        .mark_rule(color=TARGET_COLOUR, strokeWidth=2, strokeDash=[7, 4])
        .encode(x="x:Q", x2="x2:Q", y="y:Q")
    )
    ends = (
        layer("targets")
        .mark_point(
            shape="diamond", size=140, filled=True, color=TARGET_COLOUR, opacity=1, strokeWidth=0
        )
        .encode(x="x2:Q", y="y:Q")
    )
    starts = (
        layer("starts")
        .mark_point(
            shape="square",
            size=170,
            filled=True,
            fill=PAPER,
            stroke=MUTED,
            strokeWidth=2,
            opacity=1,
        )
        .encode(x="x:Q", y="y:Q")
    )
    lines = [
        layer(name).mark_line(color=LINE_COLOUR, **style).encode(x="x:Q", y="y:Q", detail="k:N")
        for name, style in (
            ("solid", {"strokeWidth": 3}),
            ("gaps", {"strokeWidth": 2, "strokeDash": [5, 4]}),
            ("surveys", {"strokeWidth": 2}),
        )
    ]
    bars = (
        layer("bars")
        .mark_rect(color=LINE_COLOUR, opacity=1)
        .encode(x="x:Q", x2="x2:Q", y="y:Q", y2="y2:Q")
    )
    open_bars = (
        layer("openbars")
        .mark_rect(fill=PAPER, stroke=LINE_COLOUR, strokeWidth=2.5, strokeDash=[4, 2], opacity=1)
        .encode(x="x:Q", x2="x2:Q", y="y:Q", y2="y2:Q")
    )
    points = (
        layer("points")
        .mark_point(filled=True, size=80, color=LINE_COLOUR, opacity=1, strokeWidth=0)
        .encode(x="x:Q", y="y:Q")
    )
    open_points = (
        layer("open")
        .mark_point(
            filled=True, size=85, fill=PAPER, stroke=LINE_COLOUR, strokeWidth=2.5, opacity=1
        )
        .encode(x="x:Q", y="y:Q")
    )
    words = [
        layer(kind)
        .mark_text(
            color=colour,
            fontSize=size,
            fontWeight=weight,
            align="center",
            baseline="middle",
            stroke=PAPER,
            strokeWidth=0 if kind == "term" else 3,
        )
        .encode(x="x:Q", y="y:Q", text="t:N")
        for kind, (colour, size, weight) in WORDS.items()
    ]
    chart = alt.layer(
        bands,
        path,
        breaks,
        targets,
        starts,
        bars,
        open_bars,
        *lines,
        points,
        open_points,
        ends,
        *words,
    ).configure(background="transparent", view=alt.ViewConfig(stroke=None))
    spec: dict[str, Any] = chart.to_dict()
    spec["autosize"] = "none"
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
