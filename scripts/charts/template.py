"""Vega-Lite templates of the charts, built, validated and compiled once per kind.

For each indicator only data, domains, ticks and sizes are filled into the compiled template:
building with Altair costs a thousand times more than filling, compiling as much as drawing. There
is no text in the pictures of the renderer: measuring letters was two thirds of its time, and all
places are known here (:mod:`scripts.charts.spec`). Colours are custom properties of the page, so
one picture serves light, dark and print.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from scripts.cache import remember

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


def layer(name: str) -> alt.Chart:
    """An empty layer over the rows of that name."""
    import altair as alt  # slow to import

    return alt.Chart(alt.NamedData(name=name))


def kpi_template() -> dict[str, Any]:
    """The chart of an indicator, without its data."""
    import altair as alt

    below, ends = plan_layers()
    chart = alt.layer(*below, *value_layers(), ends)
    return settled(chart)


def plan_layers() -> tuple[list[alt.Chart], alt.Chart]:
    """What the plan says, with the axes: terms, the straight path, breaks, targets, baselines.

    The marks at the end of the targets come apart: they lie above the values.
    """
    import altair as alt

    axis_x = alt.Axis(
        title=None, values=[0], labels=False, domainColor=MUTED, tickColor=MUTED, grid=False
    )
    axis_y = alt.Axis(
        title=None, values=[0], labels=False, gridColor=GRID, domain=False, ticks=False
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
    return [bands, path, breaks, targets, starts], target_ends(140)


def target_ends(size: int) -> alt.Chart:
    """The marks where targets end."""
    chart: alt.Chart = (
        layer("targets")
        .mark_point(
            shape="diamond", size=size, filled=True, color=TARGET_COLOUR, opacity=1, strokeWidth=0
        )
        .encode(x="x2:Q", y="y:Q")
    )
    return chart


def value_layers() -> list[alt.Chart]:
    """The values: bars, lines and points; what is not final is open."""
    bars = layer("bars").mark_rect(color=LINE_COLOUR, opacity=1)
    open_bars = layer("openbars").mark_rect(
        fill=PAPER, stroke=LINE_COLOUR, strokeWidth=2.5, strokeDash=[4, 2], opacity=1
    )
    lines = [
        layer(name).mark_line(color=LINE_COLOUR, **style).encode(x="x:Q", y="y:Q", detail="k:N")
        for name, style in (
            ("solid", {"strokeWidth": 3}),
            ("gaps", {"strokeWidth": 2, "strokeDash": [5, 4]}),
            ("surveys", {"strokeWidth": 2}),
        )
    ]
    open_points = layer("open").mark_point(
        filled=True, size=85, fill=PAPER, stroke=LINE_COLOUR, strokeWidth=2.5, opacity=1
    )
    return [
        bars.encode(x="x:Q", x2="x2:Q", y="y:Q", y2="y2:Q"),
        open_bars.encode(x="x:Q", x2="x2:Q", y="y:Q", y2="y2:Q"),
        *lines,
        points("points", 80),
        open_points.encode(x="x:Q", y="y:Q"),
    ]


def points(name: str, size: int) -> alt.Chart:
    """Full points for the rows of that name."""
    chart: alt.Chart = (
        layer(name)
        .mark_point(filled=True, size=size, color=LINE_COLOUR, opacity=1, strokeWidth=0)
        .encode(x="x:Q", y="y:Q")
    )
    return chart


def settled(chart: alt.LayerChart | alt.FacetChart) -> dict[str, Any]:
    """The specification: no ground and no frame of its own, sizes as given."""
    import altair as alt

    bare = chart.configure(background="transparent", view=alt.ViewConfig(stroke=None))
    spec: dict[str, Any] = bare.to_dict()
    return spec | {"autosize": "none"}


def spark_template() -> dict[str, Any]:
    """The small chart of lists: line, last point and target, no axes."""
    import altair as alt

    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 1], nice=False, zero=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, 1], nice=False, zero=False), axis=None)
    chart = alt.layer(
        layer("targets")
        .mark_rule(color=TARGET_COLOUR, strokeWidth=1.5, strokeDash=[4, 3])
        .encode(x=x, x2="x2:Q", y=y),
        layer("line").mark_line(color=LINE_COLOUR, strokeWidth=2).encode(x="x:Q", y="y:Q"),
        points("points", 22),
        points("last", 60),
        target_ends(70),
    )
    return settled(chart) | {"width": 128, "height": 36, "padding": 6}


SERIES_WIDTH, SERIES_HEIGHT = 240, 64
"""Pixels of the plot of columns; room for words is left around it."""


def series_template() -> dict[str, Any]:
    """Columns, one per year, without data."""
    import altair as alt

    axis = alt.Axis(
        title=None, values=[0], labels=False, domainColor=MUTED, ticks=False, grid=False
    )
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 1], nice=False, zero=False), axis=axis)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    columns = alt.Chart(alt.NamedData(name="columns"))
    chart = (
        alt.layer(
            columns.mark_rect(color=LINE_COLOUR, opacity=1).encode(x=x, x2="x2:Q", y=y, y2="y2:Q")
        )
    ).configure(background="transparent", view=alt.ViewConfig(stroke=None))
    spec: dict[str, Any] = chart.to_dict()
    padding = {"left": 0, "right": 0, "top": 20, "bottom": 38}
    spec.update(
        {"autosize": "none", "width": SERIES_WIDTH, "height": SERIES_HEIGHT, "padding": padding}
    )
    return spec


TEMPLATES: dict[str, Callable[[], dict[str, Any]]] = {
    "kpi": kpi_template,
    "spark": spark_template,
    "series": series_template,
}


@cache
def compiled(kind: str) -> dict[str, Any]:
    """The template of a kind in the renderer's own language (Vega), without spoken English."""

    def make() -> bytes:
        import vl_convert  # slow to start

        spec = vl_convert.vegalite_to_vega(vl_spec=TEMPLATES[kind]())
        return json.dumps(_silent(spec)).encode()

    stamp = f"{kind}\n{version('altair')}\n{Path(__file__).read_text(encoding='utf-8')}"
    found: dict[str, Any] = json.loads(remember("vega", stamp, make))
    return found


def _silent(part: Any) -> Any:
    """A spec without the words that are spoken for its marks; the page has its own."""
    if isinstance(part, list):
        return [_silent(item) for item in part]
    if isinstance(part, dict):
        spoken = ("description", "ariaRoleDescription")
        return {key: _silent(value) for key, value in part.items() if key not in spoken}
    return part


def filled(kind: str, fill: dict[str, Any]) -> dict[str, Any]:
    """A compiled template with the numbers of one indicator; marks without data are left out.

    ``fill``: ``width``, ``height`` and ``padding`` in pixels, ``domains`` by scale, ``ticks`` by
    scale and ``datasets`` by name.
    """
    template, datasets = compiled(kind), fill["datasets"]
    used = {name for name, rows in datasets.items() if rows}
    used |= {d["name"] for d in template["data"] if d.get("source") in used}
    return {
        **template,
        **{key: fill[key] for key in ("width", "height", "padding") if key in fill},
        "data": [
            {**data, "values": datasets[data["name"]]} if data["name"] in datasets else data
            for data in template["data"]
            if data["name"] in used
        ],
        "scales": [{**s, "domain": fill["domains"][s["name"]]} for s in template["scales"]],
        "axes": [{**a, "values": fill["ticks"][a["scale"]]} for a in template.get("axes", [])],
        "marks": [mark for mark in template["marks"] if _source(mark) in used],
    }


def _source(mark: dict[str, Any]) -> str:
    """The name of the data a mark or a group of lines is drawn from."""
    origin = mark["from"]
    return str(origin["data"] if "data" in origin else origin["facet"]["data"])
