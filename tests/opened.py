"""Parts of a page that a reader opens, and how: a look does not see what is closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import Page

from scripts.accessibility import OPENED

QUERY = "空"
"""A letter that many pages have: the list of results is long."""


@dataclass(frozen=True)
class Part:
    """Something closed: its mark in the HTML, what can be seen there, and how to open it."""

    mark: str
    handle: str
    open: Callable[[Page], object]


def unfold(page: Page) -> None:
    """Open everything folded, as a reader does who opens one after another."""
    page.evaluate("document.querySelectorAll('article details').forEach(d => d.open = true)")


def open_menu(page: Page) -> None:
    """The menu of a phone, by its button."""
    page.locator('.md-header label[for="__drawer"]').click()
    page.locator(".md-nav--primary .md-nav__link:visible").first.wait_for()


def search(page: Page) -> None:
    """The search with a long list of results."""
    page.locator("#finder-input").focus()
    page.locator(".finder [role=option]").first.wait_for()
    page.locator("#finder-input").fill(QUERY)


def search_in_vain(page: Page) -> None:
    """The search with nothing found."""
    search(page)
    page.locator("#finder-input").fill("zzzqqq")


def explore(page: Page) -> None:
    """The chart that can be moved."""
    page.locator(".chart__explore").first.click()
    page.locator(".chart__live canvas").first.wait_for()


def explain(page: Page) -> None:
    """The note of a term."""
    page.locator("button.term:visible").first.click()
    page.locator(".term__note:popover-open").wait_for()


PARTS: Mapping[str, Part] = {
    "folded": Part("<details", "article details:not([open])", unfold),
    "menu": Part('for="__drawer"', '.md-header label[for="__drawer"]:visible', open_menu),
    "search": Part('id="finder-input"', "#finder-input", search),
    "nothing": Part('id="finder-input"', "#finder-input", search_in_vain),
    "chart": Part("chart__explore", ".chart__explore", explore),
    "term": Part('class="term"', "button.term:visible", explain),
}
assert PARTS.keys() == OPENED.keys()
