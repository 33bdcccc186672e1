"""Files made from the charts: pictures to take along, specs, frames, cards, the bundle."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from scripts.charts import KpiCharts
from scripts.charts.cache import forget
from scripts.charts.cards import (
    HEIGHT,
    WIDTH,
    default_card,
    goal_card,
    kpi_card,
    newest_items,
    sheet,
)
from scripts.charts.embed import SHEET, embed_page, style_sheet
from scripts.charts.interactive import bundle, public_spec
from scripts.charts.pixels import MISSING, japanese_font, to_pngs
from scripts.charts.standalone import origin_of, standalone_svg
from scripts.model import Package, Site, site_of
from scripts.progress import Progress, counts

BUNDLE = "assets/js/vega.js"
"""Beside ``charts.js``, which loads it on demand."""

CARDS = "assets/cards"


def chart_files(
    package: Package,
    judged: Sequence[Progress],
    charts: Mapping[str, KpiCharts],
    *,
    today: date,
    say: Callable[[str], object],
    pngs: bool = True,
) -> dict[str, bytes]:
    """All files of the charts as ``{path: bytes}``; ``say`` is told when no font was found.

    Without ``pngs`` there are no pictures in pixels, which take most of the time of a first build.
    """
    site = site_of(package.descriptor)
    files = {
        BUNDLE: bundle(),
        SHEET: style_sheet(site.accent),
    }
    pictures: dict[str, tuple[str, float]] = {}
    for kpi_id, drawn in charts.items():
        origin = origin_of(package, site, drawn.subject, today)
        spec = json.dumps(public_spec(drawn.subject, origin), ensure_ascii=False, indent=1)
        svg = standalone_svg(drawn.subject, drawn.speech, origin)
        files[f"data/kpis/{kpi_id}.vl.json"] = (spec + "\n").encode()
        files[f"data/kpis/{kpi_id}.svg"] = svg.encode()
        files[f"embed/{kpi_id}/index.html"] = embed_page(
            drawn.subject, drawn.wide, drawn.narrow, origin
        )
        if pngs:
            pictures[f"data/kpis/{kpi_id}.png"] = svg, 2
            pictures[f"{CARDS}/{kpi_id}.png"] = kpi_card(drawn.subject, site), 1
    if pngs:
        pictures |= card_pictures(package, judged, site)
    if pngs and japanese_font() is None:
        say(MISSING)
        blank = sheet(site)
        blank.parts = [part for part in blank.parts if not part.startswith("<text")]
        pictures = {f"{CARDS}/default.png": (blank.finish(HEIGHT, site.title, ""), 1)}
    files |= to_pngs(pictures)
    forget()
    return files


def card_pictures(
    package: Package, judged: Sequence[Progress], site: Site
) -> dict[str, tuple[str, float]]:
    """The cards of the goals and of the whole site."""
    found = {}
    newest = newest_items(judged)
    by_start = sorted(package.strategies, key=lambda s: s.start_year, reverse=True)
    for number, goal_id in enumerate(package.goal_ids, 1):
        goal = next(
            g
            for strategy in by_start
            for g in package.goals
            if (g.strategy_id, g.goal_id) == (strategy.strategy_id, goal_id)
        )
        items = [
            p
            for p in judged
            if (p.target.strategy_id, p.target.goal_id) == (goal.strategy_id, goal_id)
        ]
        card = goal_card(goal, number, items, counts(items, package.status_bands), site)
        found[f"{CARDS}/{goal_id}.png"] = card, 1.0
    found[f"{CARDS}/default.png"] = (
        default_card(site, counts(newest, package.status_bands)),
        1.0,
    )
    return found


__all__ = ["HEIGHT", "WIDTH", "chart_files"]
