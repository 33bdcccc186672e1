"""Files made from the charts: pictures to take along, specs, frames, cards, the bundle."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

from scripts.charts import MANY, KpiCharts, draw
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
from scripts.charts.pixels import MISSING, Source, japanese_font, to_pngs
from scripts.charts.scene import Subject
from scripts.charts.standalone import Origin, origin_of, standalone_svg
from scripts.charts.team import ALONE, Team
from scripts.memory import NOTHING, Bundle, Files, Made, Memory, stamp_of
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
    memory: Memory = NOTHING,
    team: Team = ALONE,
) -> Files:
    """All files of the charts by path; ``say`` is told when no font was found.

    Without ``pngs`` there are no pictures in pixels, which take most of the time of a first build.
    ``team`` makes what is many and new.
    """
    site = site_of(package.descriptor)
    files = Files({BUNDLE: bundle(team), SHEET: style_sheet(site.accent)})
    pictures: dict[str, Source] = {}
    origins = {k: origin_of(package, site, c.subject, today) for k, c in charts.items()}
    shared = stamp_of((site, today, pngs))
    stamps = {k: (c.stamp, origins[k].sources, shared) for k, c in charts.items()}
    new = [
        (memory.code, charts[kpi_id].subject, origins[kpi_id], pngs, stamp)
        for kpi_id, stamp in stamps.items()
        if memory.lacks("chart-files", stamp)
    ]
    together = team.run if team.pays(len(new), MANY) else team.aside
    for _ in together(prepare, new):
        pass
    for kpi_id, drawn in charts.items():
        origin = origins[kpi_id]
        made = memory.recall("chart-files", stamps[kpi_id], partial(_of_kpi, drawn, origin, pngs))
        files.put(f"data/kpis/{kpi_id}.vl.json", made, "spec")
        files.put(f"data/kpis/{kpi_id}.svg", made, "svg")
        files.put(f"embed/{kpi_id}/index.html", made, "embed")
        if pngs:
            pictures[f"data/kpis/{kpi_id}.png"] = partial(_text, made, "svg"), 2
            pictures[f"{CARDS}/{kpi_id}.png"] = partial(_text, made, "card"), 1
    if pngs:
        pictures |= card_pictures(package, judged, site)
    if pngs and japanese_font() is None:
        say(MISSING)
        blank = sheet(site)
        blank.parts = [part for part in blank.parts if not part.startswith("<text")]
        card = blank.finish(HEIGHT, site.title, "")
        pictures = {f"{CARDS}/default.png": (partial(str, card), 1)}
    files.lay(to_pngs(pictures, team))
    return files


def prepare(
    code: str, subject: Subject, origin: Origin, pngs: bool, stamp: tuple[object, ...]
) -> None:
    """Make the files of an indicator into the cache, in a process of a team."""
    memory = Memory(code)
    drawn = draw(subject, pngs=False, memory=memory)
    memory.recall("chart-files", stamp, partial(_of_kpi, drawn, origin, pngs))


def _of_kpi(drawn: KpiCharts, origin: Origin, pngs: bool) -> Made:
    """The files of one indicator, and the card that becomes a picture in pixels."""
    subject = drawn.subject
    spec = json.dumps(public_spec(subject, origin), ensure_ascii=False, indent=1)
    files = {
        "spec": (spec + "\n").encode(),
        "svg": standalone_svg(subject, drawn.speech, origin).encode(),
        "embed": embed_page(subject, drawn.wide, drawn.narrow, origin),
    }
    if pngs:
        files["card"] = kpi_card(subject, origin.site).encode()
    return Made(files)


def _text(bundle: Bundle, name: str) -> str:
    return bundle[name].decode()


def card_pictures(package: Package, judged: Sequence[Progress], site: Site) -> dict[str, Source]:
    """The cards of the goals and of the whole site."""
    found: dict[str, str] = {}
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
        found[goal_id] = card
    found["default"] = default_card(site, counts(newest, package.status_bands))
    return {f"{CARDS}/{name}.png": (partial(str, card), 1.0) for name, card in found.items()}


__all__ = ["HEIGHT", "WIDTH", "chart_files"]
