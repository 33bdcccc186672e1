"""The overview for readers abroad, made from the English columns of the tables."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.pages.environment import Renderer
from scripts.pages.views import Views


def pages(render: Renderer, views: Views) -> Iterator[tuple[str, str]]:
    """The page, when goals and bands have English names."""
    goals = [goal for goal in views.current_goals if goal.current.goal.title_en]
    if goals and all(band.label_en for band in views.bands):
        yield "en/index.md", render("english", "../", goals=goals)
