"""Pages: Markdown files made from records, judgements and charts through templates.

Each section of the site is a module with a ``pages(render, views)`` function that yields paths and
pages in pieces; a new section is one more module in :data:`SECTIONS`. The pages of the indicators
are many, so each is remembered by itself (:mod:`scripts.pages.kpi_page`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from scripts.accessibility import Audit
from scripts.charts import KpiCharts
from scripts.exports.shelf import Shelf
from scripts.history import History
from scripts.memory import NOTHING, Files, Memory
from scripts.model import Package, site_of
from scripts.pages import access, core, english, freshness, glossary, guide, plan, reuse, topics
from scripts.pages.environment import Renderer
from scripts.pages.kpi_page import kpi_pages
from scripts.pages.views import Views
from scripts.progress import Progress
from scripts.readability import Report

SECTIONS = (
    core.pages,
    topics.pages,
    plan.pages,
    reuse.pages,
    freshness.pages,
    guide.pages,
    glossary.pages,
    english.pages,
    access.pages,
)


def render_pages(  # noqa: PLR0913 - each is something that pages show
    package: Package,
    judged: Sequence[Progress],
    charts: Mapping[str, KpiCharts],
    *,
    rules: Sequence[tuple[str, str]],
    today: date,
    shelf: Shelf,
    report: Report,
    history: History | None,
    audit: Audit | None = None,
    memory: Memory = NOTHING,
) -> Files:
    """All generated pages by path. ``rules`` are pairs of code and published rule.

    ``shelf`` are the published files, ``report`` how they keep the public rules of machine
    readability, ``history`` what changed in them, ``audit`` the recorded test of accessibility
    (``None`` where there is none).
    """
    views = Views(package, judged, charts, today, rules)
    render = Renderer(
        site=site_of(package.descriptor),
        views=views,
        shelf=shelf,
        report=report,
        history=history,
        audit=audit,
    )
    pages = Files()
    for section in SECTIONS:
        for path, pieces in section(render, views):
            pages.fill(path, pieces)
    for path, bundle in kpi_pages(render, views, shelf, history, memory):
        pages.put(path, bundle, "page")
    return pages
