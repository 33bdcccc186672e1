"""The helps of pages: copying, reading from a folder, long lists in groups, the foot."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, Route, expect

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


def shown(page: Page, what: str) -> list[str]:
    """Texts of elements that can be seen."""
    return [e.inner_text() for e in page.locator(what).all() if e.is_visible()]


def test_a_long_list_is_short_until_something_is_asked(built: Built, visitor: Visitor) -> None:
    projects = built.package.projects
    word = max(projects, key=lambda p: len(p.name)).name
    with visitor(width=360, height=740) as visit:
        page = visit.go("projects/")
        rows = ".groups tbody tr"
        assert page.locator(rows).count() == len(projects)
        assert shown(page, rows) == []
        page.get_by_label("言葉でさがす").fill(word)
        found = shown(page, rows)
        assert found
        assert all(word in row for row in found)
        assert len(shown(page, "details.group")) <= len(found)
        page.get_by_role("button", name="条件を消す").click()
        assert shown(page, rows) == []
        page.locator(".tools select").last.select_option("-budget")
        sorted_rows = page.locator(f"{rows}:visible")
        budgets = sorted_rows.evaluate_all("all => all.map(r => Number(r.dataset.budget))")
        assert budgets == sorted((p.budget_thousand_yen for p in projects), reverse=True)
        assert shown(page, "details.group") == []
        page.locator(".tools select").last.select_option("order")
        assert shown(page, rows) == []
        page.get_by_role("button", name="すべて開く").click()
        assert len(shown(page, rows)) == len(projects)
        assert visit.errors == []


def test_an_address_of_a_row_opens_its_group(built: Built, visitor: Visitor) -> None:
    project = built.package.projects[-1]
    anchor = f"p-{project.fiscal_year}-{project.measure_id}-{project.project_no}"
    with visitor() as visit:
        page = visit.go(f"projects/#{anchor}")
        expect(page.locator(f"#{anchor}")).to_be_in_viewport()


@pytest.mark.parametrize(("path", "item"), [("revision/", "tbody tr"), ("data/", "tbody tr")])
def test_a_long_page_is_short_until_something_is_asked(
    visitor: Visitor, path: str, item: str
) -> None:
    """Its groups tell how much they hold; a word, a link and paper open them."""
    with visitor(width=360, height=740) as visit:
        page = visit.go(path)
        assert page.evaluate("document.documentElement.scrollHeight") < 8 * 740
        rows = page.locator(f".groups {item}")
        assert shown(page, f".groups {item}") == []
        word = rows.last.evaluate("e => e.querySelector('th').textContent.trim().slice(0, 8)")
        page.get_by_label("言葉でさがす").fill(word)
        assert shown(page, f".groups {item}")
        last = page.locator("details.group").last.get_attribute("id")
        page.goto("about:blank")
        visit.go(f"{path}#{last}")
        group = page.locator(f"details[id='{last}']")
        expect(group).to_have_attribute("open", "")
        expect(group).to_be_in_viewport()
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert all(rows.nth(i).is_visible() for i in range(rows.count()))


def test_achievements_are_found_by_field_and_word(built: Built, visitor: Visitor) -> None:
    achievement = built.package.achievements[0]
    with visitor(width=360) as visit:
        page = visit.go("achievements/")
        assert shown(page, ".series") == []
        page.get_by_label("言葉でさがす").fill(achievement.indicator)
        found = shown(page, ".series")
        assert found
        assert all(achievement.indicator in text for text in found)
        heads = shown(page, ".groupset > h2")
        assert heads == [achievement.field]


def test_on_paper_all_is_unfolded_in_ink_with_its_origin(built: Built, visitor: Visitor) -> None:
    kpi_id = next(iter(built.current))
    with visitor(js=False, dark=True) as visit:
        page = visit.go("projects/")
        rows = page.locator(".groups tbody tr")
        assert not rows.first.is_visible()
        page.emulate_media(media="print")
        assert all(rows.nth(i).is_visible() for i in range(rows.count()))
        page = visit.go(f"kpis/{kpi_id}/")
        for hidden in ("header", "footer", ".finder", ".chart__tools", "#feedback", ".around"):
            assert shown(page, hidden) == [], hidden
        stamp = page.locator(".printed").inner_text()
        assert f"{built.homepage}kpis/{kpi_id}/" in stamp
        assert re.search(r"20\d\d年\d+月\d+日", stamp)
        table = page.locator("article table").first.inner_text()
        assert "出典" in table
    with visitor(dark=True) as visit:
        page = visit.go(f"kpis/{kpi_id}/")
        page.emulate_media(media="print", color_scheme="dark")
        style = "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]"
        assert page.locator("body").evaluate(style) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
        paper = page.pdf(format="A4", prefer_css_page_size=True)
        assert 1 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 8


FIRST = """requestAnimationFrame(() => {
  window.firstScheme = document.body.getAttribute('data-md-color-scheme');
});"""


def test_the_chosen_colours_are_there_in_the_first_frame(built: Built, visitor: Visitor) -> None:
    """However late the script that knows them comes, and without the other one."""

    def late(route: Route) -> None:
        time.sleep(0.4)
        route.continue_()

    with visitor() as visit:
        page = visit.go("")
        assert page.locator("body").get_attribute("data-md-color-scheme") == "default"
        page.get_by_title("暗い画面にする").click()
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
        page.add_init_script(FIRST)
        page.route("**/site.*.js", lambda route: route.abort())
        page.route("**/scheme.*.js", late)
        visit.go(f"kpis/{next(iter(built.current))}/")
        assert page.evaluate("window.firstScheme") == "slate"
        page.unroute_all()
        visit.go("about/").get_by_title("明るい画面にする").click()
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "default")


@pytest.mark.parametrize("place", ["projects", "history", "feedback"])
def test_an_address_leads_to_what_was_not_laid_out_yet(
    place: str, built: Built, visitor: Visitor
) -> None:
    """What is below a chart is laid out when it is near: also when one jumps to it."""
    with visitor(width=360) as visit:
        page = visit.go(f"kpis/{next(iter(built.current))}/#{place}")
        expect(page.locator(f"#{place}")).to_be_in_viewport()
        page.wait_for_timeout(200)  # and stays there while what is near gets its size
        expect(page.locator(f"#{place}")).to_be_in_viewport()
