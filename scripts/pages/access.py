"""The page about accessibility: the policy and the results of the recorded test."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.accessibility import CHECKS, OPENED
from scripts.pages.environment import Pieces, Renderer
from scripts.pages.views import Views


def pages(render: Renderer, _: Views) -> Iterator[tuple[str, Pieces]]:
    """The one page."""
    yield "accessibility.md", render("accessibility", "../", CHECKS=CHECKS, OPENED=OPENED)
