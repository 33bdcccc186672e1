"""The small helps of every page: copying, reading from a folder, paper, the foot of the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import Built, Visitor, built, visitor

__all__ = ["built", "visitor"]


@pytest.fixture
def path(built: Built) -> str:
    """The page of an indicator."""
    return f"kpis/{next(iter(built.current))}/"


@pytest.mark.parametrize("open_clipboard", [True, False], ids=["clipboard", "no-clipboard"])
def test_a_citation_is_copied_with_the_keyboard(
    visitor: Visitor, path: str, open_clipboard: bool
) -> None:
    with visitor() as visit:
        page = visit.page
        if open_clipboard:
            page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        else:
            page.add_init_script("delete Navigator.prototype.clipboard")
        visit.go(path)
        place = page.locator("p.citation").first
        button = page.locator("p.citation + .copy").first
        button.focus()
        page.keyboard.press("Enter")
        expect(page.locator("body > .sr-only[role=status]")).to_contain_text("コピー")
        expect(button).to_be_focused()
        words = place.inner_text().strip()
        assert page.evaluate("getSelection().toString().trim()") == words
        if open_clipboard:
            expect(button).to_have_text("コピーしました")
            assert page.evaluate("navigator.clipboard.readText()") == words
        page.locator(".chart__take summary").click()
        page.locator(".chart__snippet .copy").click()
        chosen = page.evaluate("getSelection().toString().trim()")
        assert chosen.startswith("<iframe src=")
        assert chosen.endswith("</iframe>")
        assert visit.errors == []


def test_without_scripts_no_button_stands_there(visitor: Visitor, path: str) -> None:
    with visitor(js=False) as visit:
        assert visit.go(path).locator(".copy").count() == 0


def test_from_a_folder_links_and_search_lead_to_pages(built: Built, visitor: Visitor) -> None:
    with visitor() as visit:
        page = visit.page
        page.goto((built.site / "index.html").as_uri())
        page.locator('article a[href*="goals/"]').first.click()
        page.wait_for_url("file:///**/goals/*/index.html")
        page.locator('article a[href*="kpis/"]').first.click()
        page.wait_for_url("file:///**/kpis/*/index.html")
        expect(page.locator(".chart__picture svg:visible")).to_have_count(1)
        page.locator("#finder-input").click()
        page.keyboard.type("子育て")
        page.locator(".finder__list a").first.click()
        page.wait_for_url("file:///**/index.html*")
        expect(page.locator("h1")).to_be_visible()


def test_the_foot_and_the_head_speak_japanese(built: Built, visitor: Visitor, path: str) -> None:
    with visitor() as visit:
        page = visit.go(path)
        foot = page.locator("footer").inner_text()
        assert "Made with" not in foot
        for link in built.config.extra["footer"]:
            assert link["title"] in foot
        feed = page.locator('head link[type="application/atom+xml"]').get_attribute("href")
        assert feed is not None
        assert (built.site / path / feed).resolve() == (built.site / "feed.xml").resolve()
        named = page.locator("header img").evaluate_all("all => all.map(e => e.alt)")
        assert set(named) == {""}
