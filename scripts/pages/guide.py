"""The generated page of the staff guide: every message of the check, explained."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.messages import by_group
from scripts.pages.environment import Pieces, Renderer
from scripts.pages.views import Views


def pages(render: Renderer, _: Views) -> Iterator[tuple[str, Pieces]]:
    """The page that explains the messages, chapter by chapter."""
    yield "guide/messages.md", render("messages", "../../", chapters=by_group())
