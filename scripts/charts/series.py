"""Small columns for figures that have no target: one column per year, gaps left open."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from scripts.charts.spec import Drawing
from scripts.charts.svg import Speech, to_svg
from scripts.charts.template import AXIS_FONT, INK, LABEL_FONT, LINE_COLOUR, MUTED, era_expression

WIDTH, PLOT, ABOVE, BELOW = 240, 64, 20, 38
"""Pixels: the picture is ``WIDTH`` wide; the plot is ``PLOT`` high with room for words around."""


@cache
def series_template() -> dict[str, Any]:
    """Columns with their values above and their years below, without data."""
    import altair as alt  # slow to import

    def layer(name: str) -> alt.Chart:
        return alt.Chart(alt.NamedData(name=name))

    axis = alt.Axis(
        title=None,
        values=[0],
        labelExpr=f"[toString(datum.value), {era_expression()}]",
        labelFontSize=AXIS_FONT,
        labelColor=INK,
        labelPadding=4,
        labelLineHeight=14,
        labelOverlap=False,
        labelFlush=False,
        domainColor=MUTED,
        ticks=False,
        grid=False,
    )
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 1], nice=False, zero=False), axis=axis)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    chart = alt.layer(
        layer("columns")
        .mark_rect(color=LINE_COLOUR, opacity=1)
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q"),
        layer("words")
        .mark_text(color=INK, fontSize=LABEL_FONT, fontWeight="bold", baseline="bottom", dy=-3)
        .encode(x="x:Q", y="y:Q", text="t:N"),
    ).configure(background="transparent", view=alt.ViewConfig(stroke=None))
    spec: dict[str, Any] = chart.to_dict()
    padding = {"left": 0, "right": 0, "top": ABOVE, "bottom": BELOW}
    spec.update({"autosize": "none", "width": WIDTH, "height": PLOT, "padding": padding})
    return spec


def series_svg(values: Sequence[tuple[int, Decimal]], speech: Speech) -> str:
    """The picture of pairs of year and value; columns stand on zero, one place for every year."""
    years = [year for year, _ in values]
    x0, x1 = min(years) - 0.75, max(years) + 0.75
    half = min(0.3, 20 * (x1 - x0) / WIDTH)
    spec = copy.deepcopy(series_template())
    columns = spec["layer"][0]["encoding"]
    columns["x"]["scale"]["domain"] = [x0, x1]
    columns["x"]["axis"]["values"] = years
    columns["y"]["scale"]["domain"] = [0, float(max(value for _, value in values)) or 1.0]
    spec["datasets"] = {
        "columns": [
            {"x": year - half, "x2": year + half, "y": float(value), "y2": 0}
            for year, value in values
        ],
        "words": [
            {"x": year, "y": float(value), "t": f"#{at}"} for at, (year, value) in enumerate(values)
        ],
    }
    return to_svg(Drawing(spec, [f"{value:,}" for _, value in values]), speech)
