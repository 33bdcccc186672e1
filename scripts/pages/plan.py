"""What the plan does and spends, changes and hears: projects and their neighbours.

The pages are always made, also when a package has none of the tables behind them: the menu is
written by hand, and an address must not come and go with a table. They then say so.
"""

from __future__ import annotations

from collections.abc import Iterator

from scripts.pages.environment import Pieces, Renderer
from scripts.pages.views import Views


def pages(render: Renderer, views: Views) -> Iterator[tuple[str, Pieces]]:
    """Paths and texts of the pages of the plan."""
    for name in ("strategy", "projects", "revision", "achievements", "voices"):
        yield f"{name}.md", render(name, "../", plan=views.plan)
