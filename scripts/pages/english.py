"""The overview for readers abroad, made from the English columns of the tables.

What has no English name stands there in Japanese: an address must not come and go with a cell.
"""

from __future__ import annotations

from collections.abc import Iterator

from scripts.pages.environment import Pieces, Renderer
from scripts.pages.views import Views


def pages(render: Renderer, views: Views) -> Iterator[tuple[str, Pieces]]:
    """The page."""
    yield "en/index.md", render("english", "../", goals=views.current_goals)
