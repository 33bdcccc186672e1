"""Small columns for figures that have no target: one column per year, gaps left open."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from scripts.charts.spec import Drawing, Word
from scripts.charts.svg import Speech, to_svg
from scripts.charts.template import AXIS_FONT, INK, LABEL_FONT, SERIES_HEIGHT, SERIES_WIDTH
from scripts.years import era_code

ABOVE, BELOW = 6, 13
"""Pixels from the top of a column up to its value, from the axis down to the year."""


def series_svg(values: Sequence[tuple[int, Decimal]], speech: Speech) -> str:
    """The picture of pairs of year and value; columns stand on zero, one place for every year."""
    years = [year for year, _ in values]
    x0, x1 = min(years) - 0.75, max(years) + 0.75
    largest = float(max(value for _, value in values)) or 1.0
    half = min(0.3, 20 * (x1 - x0) / SERIES_WIDTH)
    spec = {
        "domains": {"x": [x0, x1], "y": [0, largest]},
        "ticks": {"x": years},
        "datasets": {
            "columns": [
                {"x": year - half, "x2": year + half, "y": float(value), "y2": 0}
                for year, value in values
            ]
        },
    }
    words = []
    for year, value in values:
        x = (year - x0) / (x1 - x0) * SERIES_WIDTH
        top = SERIES_HEIGHT * (1 - float(value) / largest)
        words += [
            Word(x, top - ABOVE, (f"{value:,}",), LABEL_FONT, INK, weight="bold"),
            Word(x, SERIES_HEIGHT + BELOW, (str(year), era_code(year)), AXIS_FONT, INK),
        ]
    return to_svg(Drawing("series", spec, words), speech)
