"""The glossary: words of the site in plain Japanese, in the order of their readings."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.pages.environment import Pieces, Renderer
from scripts.pages.views import Views


def pages(render: Renderer, views: Views) -> Iterator[tuple[str, Pieces]]:
    """The page; without terms it says so."""
    terms = {term.term_id: term for term in views.package.glossary}
    ordered = sorted(terms.values(), key=lambda term: term.reading)
    yield "glossary.md", render("glossary", "../", entries=ordered, by_id=terms)
