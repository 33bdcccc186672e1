"""Pages: Markdown files made from records, judgements and charts through templates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from scripts.charts import KpiCharts
from scripts.model import Package, Site, site_of
from scripts.pages.environment import make_environment
from scripts.pages.views import Views
from scripts.progress import Progress


def render_pages(
    package: Package,
    judged: Sequence[Progress],
    charts: Mapping[str, KpiCharts],
    *,
    rules: Sequence[tuple[str, str]],
    today: date,
) -> dict[str, bytes]:
    """All generated pages as ``{path: bytes}``. ``rules`` are pairs of code and published rule."""
    site = site_of(package.descriptor)
    views = Views(package, judged, charts, today)
    render = Renderer(site, views)
    pages = {
        "index.md": render("home", ""),
        "goals/index.md": render("goals", "../"),
        "kpis/index.md": render("kpis", "../"),
        "evaluation/index.md": render("evaluations", "../"),
        "method.md": render("method", "../", rules=rules),
        "sources.md": render("sources", "../"),
        "data/index.md": render("data", "../"),
    }
    for goal in views.goals:
        pages[f"goals/{goal.goal_id}.md"] = render("goal", "../../", goal=goal)
    for kpi in package.kpis:
        pages[f"kpis/{kpi.kpi_id}.md"] = render("kpi", "../../", view=views.kpi(kpi.kpi_id))
    for year in views.evaluated_years:
        pages[f"evaluation/{year}.md"] = render("evaluation", "../../", year=year)
    return {path: text.encode() for path, text in pages.items()}


class Renderer:
    """Renders a template with what every page needs."""

    def __init__(self, site: Site, views: Views) -> None:
        self._environment = make_environment()
        self._shared: dict[str, Any] = {"site": site, "views": views}

    def __call__(self, template: str, root: str, **values: Any) -> str:
        """Render ``template``; ``root`` is the relative address of the site's top."""
        text = self._environment.get_template(f"{template}.md.jinja").render(
            **self._shared, root=root, **values
        )
        return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
