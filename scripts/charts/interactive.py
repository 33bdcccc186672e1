"""The chart as a Vega-Lite spec with its data inside: for the public editor and for our own page.

Tooltips and titles are Japanese; the parameter ``chosen`` holds the year under the data cursor.
Colours are those of the light scheme; ``usermeta`` says which custom property each of them is, so
that the page can put in those of the reader's scheme.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from scripts import words
from scripts.cache import remember
from scripts.charts.layout import value_scale
from scripts.charts.scene import EDGE, Subject, goals, starts, values_of, years_of
from scripts.charts.standalone import Origin, subtitle
from scripts.charts.team import ALONE, Team
from scripts.charts.theme import FONTS, LIGHT, tokens
from scripts.years import ERAS

BUNDLE = "export { vegaEmbed };"
"""What the bundle of Vega hands out, as an ES module."""

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"

COLOURS = {
    "ink": "--chart-ink",
    "muted": "--chart-muted",
    "grid": "--chart-grid",
    "line": "--chart-line",
    "target": "--chart-target",
    "band": "--chart-band",
    "paper": "--chart-paper",
}


def era_expression() -> str:
    """Vega expression for the second line of a year label, from the table of eras."""
    expression = "''"
    for _, letter, first in reversed(ERAS):
        expression = f"datum.value>={first}?'{letter}'+(datum.value-{first - 1}):({expression})"
    return expression


def bundle(team: Team = ALONE) -> bytes:
    """Vega, Vega-Lite and Vega-Embed as one ES module (about 0.9 MB before compression)."""
    return remember("js", BUNDLE, lambda: team.apart(_bundled))


def _bundled() -> bytes:
    import vl_convert  # slow to start

    return vl_convert.javascript_bundle(BUNDLE).encode()


def palette(accent: str = "") -> dict[str, str]:
    """The colours of the light scheme, made different from each other where two are the same."""
    light, taken = tokens(LIGHT, accent), dict[str, str]()
    for name, token in COLOURS.items():
        colour = light[token]
        while colour in taken.values():
            colour = f"#{int(colour[1:], 16) ^ 1:06x}"
        taken[name] = colour
    return taken


def rows(subject: Subject) -> list[dict[str, Any]]:
    """Observations with the words that a tooltip shows."""
    kpi = subject.terms[-1].kpi
    return [
        {
            "year": o.year,
            "value": float(o.value),
            "label": words.kpi_year(o.year, kpi),
            "shown": words.with_unit(o.value, kpi),
            "status": words.OBSERVATION_STATUS[o.status],
            "final": o.status == "final",
        }
        for o in subject.observations
    ]


def public_spec(subject: Subject, origin: Origin) -> dict[str, Any]:
    """The spec of one indicator."""
    kpi, colours = subject.terms[-1].kpi, palette(origin.site.accent)
    bottom, top, _ = value_scale(values_of(subject), zero=subject.as_bars, decimals=kpi.decimals)
    first, last = years_of(subject)
    y = {
        "field": "value",
        "type": "quantitative",
        "axis": {"title": kpi.unit or None, "titleAngle": 0, "titleAlign": "left",
                 "titleAnchor": "end", "titleY": -8, "titleX": 0, "tickCount": 5},
        "scale": {"domain": [bottom, top], "nice": False, "zero": False},
    }  # fmt: skip
    return {
        "$schema": SCHEMA,
        "description": kpi.name,
        "title": {
            "text": kpi.name,
            "subtitle": [words.headline(subject.terms[-1]), subtitle(subject)],
            "anchor": "start",
        },
        "width": 640,
        "height": 300,
        "autosize": {"type": "fit", "contains": "padding"},
        "background": colours["paper"],
        "params": [{"name": "chosen", "value": None}],
        "data": {"values": rows(subject)},
        "encoding": {
            "x": {
                "type": "quantitative",
                "axis": {
                    "title": None,
                    "grid": False,
                    "tickMinStep": 1,
                    "labelExpr": f"[toString(datum.value), {era_expression()}]",
                },
                "scale": {"domain": [first - 0.6, last + 0.6], "nice": False, "zero": False},
            },
        },
        "layer": [*_frame_layers(subject, colours, y), *_value_layers(subject, colours, y)],
        "config": {
            "font": FONTS.replace("'", ""),
            "locale": {"number": {"decimal": ".", "thousands": ",", "grouping": [3],
                                  "currency": ["", "円"]}},
            "axis": {"labelFontSize": 12, "labelColor": colours["ink"],
                     "titleColor": colours["ink"], "gridColor": colours["grid"],
                     "domainColor": colours["muted"], "tickColor": colours["muted"]},
            "axisY": {"domain": False, "ticks": False},
            "title": {"color": colours["ink"], "subtitleColor": colours["muted"],
                      "fontSize": 16, "subtitleFontSize": 12, "offset": 18},
            "view": {"stroke": None},
        },
        "usermeta": {
            "tokens": {colours[name]: token for name, token in COLOURS.items()},
            "source": origin.lines(kpi.kpi_id),
            "embedOptions": {"actions": False},
        },
    }  # fmt: skip


def _frame_layers(
    subject: Subject, colours: dict[str, str], y: dict[str, Any]
) -> list[dict[str, Any]]:
    """Terms, paths and targets."""
    bands = [
        {"from": t.strategy.start_year - EDGE, "to": t.strategy.end_year + EDGE}
        for t in subject.terms
    ]
    targets = [
        {
            "from": t.strategy.start_year - EDGE,
            "year": t.target.target_year,
            "value": float(t.target.target_value or 0),
            "label": words.kpi_year(t.target.target_year, t.kpi),
            "shown": words.target_words(t.target, t.kpi),
            "status": f"{t.strategy.short_title}の目標",
        }
        for t in goals(subject)
    ]
    bases = [{"year": x, "value": y} for _, x, y in starts(subject)]
    path = [
        {"term": t.strategy.short_title, "year": year, "value": value}
        for t, x, y in starts(subject)
        if t.target.target_value is not None
        for year, value in ((x, y), (t.target.target_year, float(t.target.target_value)))
    ]
    return [
        {
            "data": {"values": bands},
            "mark": {"type": "rect", "color": colours["band"], "tooltip": None},
            "encoding": {"x": {"field": "from"}, "x2": {"field": "to"}},
        },
        {
            "data": {"values": path},
            "mark": {"type": "line", "color": colours["muted"], "strokeDash": [2, 3],
                     "strokeWidth": 1.5},
            "encoding": {"x": {"field": "year"}, "y": y,
                         "detail": {"field": "term"}},
        },
        {
            "data": {"values": targets},
            "mark": {"type": "rule", "color": colours["target"], "strokeDash": [7, 4],
                     "strokeWidth": 2},
            "encoding": {"x": {"field": "from"}, "x2": {"field": "year"},
                         "y": y},
        },
        {
            "data": {"values": bases},
            "mark": {"type": "point", "shape": "square", "filled": True, "size": 190,
                     "color": colours["paper"], "stroke": colours["muted"], "strokeWidth": 2,
                     "opacity": 1},
            "encoding": {"x": {"field": "year"}, "y": y},
        },
        {
            "data": {"values": targets},
            "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 140,
                     "color": colours["target"], "opacity": 1},
            "encoding": {"x": {"field": "year"}, "y": y, "tooltip": TOOLTIP},
        },
    ]  # fmt: skip


TOOLTIP = [
    {"field": "label", "title": "年"},
    {"field": "shown", "title": "値"},
    {"field": "status", "title": "種類"},
]


def _value_layers(
    subject: Subject, colours: dict[str, str], y: dict[str, Any]
) -> list[dict[str, Any]]:
    """The observations, the last value in letters, and the data cursor."""
    place = {"x": {"field": "year"}, "y": y}
    marks: list[dict[str, Any]]
    if subject.as_bars:
        marks = [
            {
                "mark": {"type": "bar", "width": 24, "stroke": colours["line"]},
                "encoding": {**place, "y2": {"datum": 0}, "tooltip": TOOLTIP,
                             "color": _by_status(colours)},
            }
        ]  # fmt: skip
    else:
        marks = [
            {
                "data": {"values": segments(subject)},
                "mark": {"type": "line", "color": colours["line"], "strokeWidth": 2.5},
                "encoding": {
                    **place,
                    "detail": {"field": "part"},
                    "strokeDash": {"field": "gap", "type": "nominal", "legend": None,
                                   "scale": {"domain": [False, True], "range": [[1, 0], [5, 4]]}},
                },
            },
            {
                "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1,
                         "stroke": colours["line"], "strokeWidth": 2},
                "encoding": {**place, "tooltip": TOOLTIP, "color": _by_status(colours)},
            },
        ]  # fmt: skip
    last = subject.observations[-1].year if subject.observations else None
    return [
        *marks,
        {
            "transform": [{"filter": f"datum.year === {json.dumps(last)}"}],
            "mark": {"type": "text", "dy": 18 if falling(subject) else -15,
                     "fontSize": 14, "fontWeight": "bold",
                     "color": colours["line"]},
            "encoding": {**place, "text": {"field": "shown"}},
        },
        {
            "transform": [{"filter": "datum.year === chosen"}],
            "mark": {"type": "rule", "color": colours["ink"], "strokeWidth": 1.5},
            "encoding": {"x": {"field": "year"}},
        },
        {
            "transform": [{"filter": "datum.year === chosen"}],
            "mark": {"type": "point", "filled": False, "size": 320, "strokeWidth": 3,
                     "opacity": 1, "color": colours["ink"]},
            "encoding": place,
        },
    ]  # fmt: skip


def segments(subject: Subject) -> list[dict[str, Any]]:
    """The line in pieces from value to value; ``gap`` where years between are not known."""
    survey = subject.terms[-1].kpi.accumulation == "survey"
    return [
        {"part": i, "year": o.year, "value": float(o.value),
         "gap": not survey and pair[1].year - pair[0].year > 1}
        for i, pair in enumerate(pairwise(subject.observations))
        for o in pair
    ]  # fmt: skip


def falling(subject: Subject) -> bool:
    """Whether the line comes down to its last value."""
    last = [o.value for o in subject.observations[-2:]]
    return not subject.as_bars and len(last) == 2 and last[1] < last[0]


def _by_status(colours: dict[str, str]) -> dict[str, Any]:
    """Final values are filled, others are open."""
    return {
        "condition": {"test": "datum.final", "value": colours["line"]},
        "value": colours["paper"],
    }
