"""Pages: Markdown files made from records, judgements and charts through templates.

Each section of the site is a module with a ``pages(render, views)`` function that yields
``(path, text)``; a new section is one more module in :data:`SECTIONS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from scripts.charts import KpiCharts
from scripts.model import Package, site_of
from scripts.pages import core, freshness, topics
from scripts.pages.environment import Renderer
from scripts.pages.views import Views
from scripts.progress import Progress

SECTIONS = (core.pages, topics.pages, freshness.pages)


def render_pages(
    package: Package,
    judged: Sequence[Progress],
    charts: Mapping[str, KpiCharts],
    *,
    rules: Sequence[tuple[str, str]],
    today: date,
) -> dict[str, bytes]:
    """All generated pages as ``{path: bytes}``. ``rules`` are pairs of code and published rule."""
    views = Views(package, judged, charts, today, rules)
    render = Renderer(site=site_of(package.descriptor), views=views)
    return {path: text.encode() for section in SECTIONS for path, text in section(render, views)}
