"""Charts: Vega-Lite specs made with Altair, rendered to SVG by vl-convert.

The pictures contain digits and ASCII only; Japanese titles, legends and notes stand around them as
HTML. Colours are CSS custom properties, so one picture serves light, dark and print.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from scripts.charts.spec import Size, kpi_spec, spark_spec
from scripts.charts.svg import to_svg
from scripts.model import Observation, Package
from scripts.progress import Progress

WIDE, NARROW = Size(720, 320, 13), Size(360, 280, 13)


@dataclass(frozen=True, slots=True)
class KpiCharts:
    """The pictures of one indicator: full chart for wide and narrow places, and a sparkline."""

    wide: str
    narrow: str
    spark: str


def series_of(package: Package) -> dict[str, tuple[Observation, ...]]:
    """Observations of each indicator in the order of years."""
    found: dict[str, list[Observation]] = {}
    for observation in package.observations:
        found.setdefault(observation.kpi_id, []).append(observation)
    return {k: tuple(sorted(v, key=lambda o: o.year)) for k, v in found.items()}


def draw_all(
    package: Package, judged: Sequence[Progress], tell: Callable[[str, int, int], None]
) -> dict[str, KpiCharts]:
    """Draw every indicator; ``tell(name, done, total)`` reports progress."""
    series = series_of(package)
    terms: dict[str, list[Progress]] = {}
    for item in judged:
        terms.setdefault(item.kpi.kpi_id, []).append(item)
    charts = {}
    for done, (kpi_id, items) in enumerate(terms.items(), 1):
        charts[kpi_id] = draw(items, series.get(kpi_id, ()))
        tell("図", done, len(terms))
    return charts


def draw(items: Iterable[Progress], observations: Sequence[Observation]) -> KpiCharts:
    """The pictures of one indicator from its judgements (one per term) and its observations."""
    terms = sorted(items, key=lambda p: p.strategy.start_year)
    return KpiCharts(
        wide=to_svg(kpi_spec(terms, observations, WIDE)),
        narrow=to_svg(kpi_spec(terms, observations, NARROW)),
        spark=to_svg(spark_spec(terms, observations)),
    )
