"""The spine of the site: home, goals, lists, evaluation, method and sources."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.pages.environment import Pieces, Renderer
from scripts.pages.views import Views


def pages(render: Renderer, views: Views) -> Iterator[tuple[str, Pieces]]:
    """Paths and texts of the core pages."""
    yield "index.md", render("home", "")
    yield "goals/index.md", render("goals", "../")
    yield "kpis/index.md", render("kpis", "../")
    yield "evaluation/index.md", render("evaluations", "../")
    yield "method.md", render("method", "../")
    yield "sources.md", render("sources", "../")
    for goal in views.goals:
        yield f"goals/{goal.goal_id}.md", render("goal", "../../", goal=goal)
    for year in views.evaluated_years:
        yield f"evaluation/{year}.md", render("evaluation", "../../", year=year)
