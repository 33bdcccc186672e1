"""Three readers on their way, with their actions counted: docs/contributing/walkthroughs.md."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser import Built, Visitor, built, visitor
from tests.helpers import ROOT

__all__ = ["built", "visitor"]


class Walk:
    """Counts what a reader does; every target must be on the screen without scrolling."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions = 0

    def click(self, target: Locator, *, far: bool = False) -> None:
        """One tap or click; ``far`` allows to scroll there."""
        if not far:
            expect(target).to_be_in_viewport()
        target.click()
        self.actions += 1

    def type(self, words: str) -> None:
        """Type some words, which count as one action."""
        self.page.keyboard.type(words)
        self.actions += 1

    def sees(self, target: Locator, words: str | re.Pattern[str] = "") -> None:
        """The whole element is on the screen."""
        expect(target).to_be_in_viewport(ratio=1)
        if words:
            expect(target).to_have_text(words)


def test_a_citizen_learns_how_childcare_stands(visitor: Visitor) -> None:
    """On a phone, with one tap and without scrolling, in sentences."""
    with visitor(width=360, height=740) as visit:
        page = visit.go("")
        walk = Walk(page)
        walk.sees(page.locator(".lead b"), re.compile("うまく進んで"))
        walk.click(page.locator("article a", has_text="子育て").first)
        page.wait_for_url("**/goals/goal-1/")
        walk.sees(page.locator(".overview__words"), re.compile("うまく進んで|遅れている"))
        assert walk.actions == 1


def test_a_citizen_finds_what_is_late(built: Built, visitor: Visitor) -> None:
    with visitor(width=360, height=740) as visit:
        page = visit.go("")
        walk = Walk(page)
        walk.click(page.get_by_role("link", name="遅れている目標を見る"), far=True)
        page.wait_for_url("**/kpis/status/")
        first = page.locator(".kpicard__name").first.inner_text()
        worst = {i.kpi.name for i in built.current.values() if i.status.tone == "bad"}
        assert first in worst
        assert walk.actions == 1


def test_a_journalist_checks_and_cites_a_number(visitor: Visitor) -> None:
    """Value, place in the source, citation and file: five actions."""
    with visitor() as visit:
        visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = visit.go("")
        walk = Walk(page)
        walk.click(page.locator("#finder-input"))
        walk.type("空港")
        walk.click(page.locator(".finder__list a").first)
        page.wait_for_url("**/kpis/airport-passengers/*")
        walk.sees(page.locator(".answer__sentence"))
        assert "（" in page.locator('td[data-label="出典"]').first.inner_text()
        walk.click(page.locator("p.citation + .copy").first, far=True)
        assert "出典" in page.evaluate("navigator.clipboard.readText()")
        with page.expect_download():
            walk.click(page.locator('.downloads a[href$=".csv"]').first, far=True)
        assert walk.actions == 5


def test_a_member_of_staff_finds_how_to_enter_a_year(visitor: Visitor) -> None:
    with visitor() as visit:
        page = visit.go("")
        walk = Walk(page)
        walk.click(page.locator("footer").get_by_role("link", name="職員の手引き"), far=True)
        walk.click(
            page.get_by_role("link", name="新しい年度の実績をまとめて入れる").first, far=True
        )
        expect(page.locator("article")).to_contain_text("nox -s import_xlsx -- --template")
        assert walk.actions == 2


def test_the_page_tells_the_counts_that_are_counted() -> None:
    """What the page claims is what the tests above allow."""
    text = (ROOT / "docs" / "contributing" / "walkthroughs.md").read_text(encoding="utf-8")
    totals = [line for line in text.splitlines() if line.startswith("| 合計 ")]
    assert totals[0].endswith("| 1タップ |")
    assert totals[1].endswith("| 5 |")
    assert "| 2クリック" in text
