"""The search box in a real browser: what people type, and the page that must come first."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Built, Visit, Visitor, built, visitor

__all__ = ["built", "visitor"]

QUERIES = Path(__file__).with_name("search_queries.csv")

FOLDED = [
    ("ＫＰＩ", "kpi"),
    ("ｸｳｺｳ", "くうこう"),
    ("クウコウ", "くうこう"),
    ("ｶﾞｯｼｭｸ", "がっしゅく"),
    ("ワーク・ライフ・バランス", "わーくらいふばらんす"),
    ("ワ－ク−ライフ", "わーくーらいふ"),
    ("Wi-Fi", "wifi"),
    ("令和3年度", "2021年度"),
    ("令和３年度", "2021年度"),
    ("令和元年度・平成31年度", "2019年度2019年度"),
    ("R3", "2021"),
    ("Ｒ３年度", "2021年度"),
    ("H30", "2018"),
    ("昭和64年", "1989年"),
    ("1,963百万円", "1963百万円"),
    ("45.9万人。", "45.9万人"),
    ("H2O", "h2o"),
    ("5歳児s2-g1", "5歳児s2g1"),
    ("　空港　", "空港"),
]


@pytest.fixture(scope="module")
def visit(visitor: Visitor) -> Iterator[Visit]:
    """The home page with the search open, for queries one after another."""
    with visitor() as visit:
        page = visit.go("")
        page.get_by_role("combobox").focus()
        page.get_by_role("option").first.wait_for()
        yield visit


def found(page: Page, base: str) -> list[str]:
    """Addresses of the results, relative to the base."""
    links = page.get_by_role("option").evaluate_all("all => all.map(a => a.href)")
    return [str(link).removeprefix(base) for link in links]


def queries() -> list[tuple[str, str]]:
    """Pairs of query and address, from the table beside this file."""
    with QUERIES.open(encoding="utf-8", newline="") as file:
        return [(row["query"], row["address"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("query", "address"), queries())
def test_the_best_page_comes_first(visit: Visit, query: str, address: str) -> None:
    box = visit.page.get_by_role("combobox")
    box.fill(query)
    assert found(visit.page, visit.base)[:1] == [address]


@pytest.mark.parametrize(("text", "folded"), FOLDED)
def test_spellings_of_a_word_become_one(visit: Visit, text: str, folded: str) -> None:
    assert visit.page.evaluate("text => siteSearch.fold(text)", text) == folded


def test_every_indicator_is_found_by_its_name_and_its_reading(visit: Visit, built: Built) -> None:
    missing = []
    for kpi in built.package.kpis:
        for query in (kpi.name, kpi.reading):
            visit.page.get_by_role("combobox").fill(query)
            if f"kpis/{kpi.kpi_id}/" not in found(visit.page, visit.base)[:3]:
                missing.append(query)
    assert missing == []


def test_every_result_leads_somewhere(visit: Visit, built: Built) -> None:
    entries = visit.page.evaluate("siteSearchIndex.entries.map(e => [e[2], e[8] || []])")
    missing = []
    for address, heads in entries:
        path, _, anchor = address.partition("#")
        page = built.site / path / "index.html"
        if not page.is_file():
            missing.append(address)
            continue
        text = page.read_text(encoding="utf-8")
        anchors = [anchor, *(head[0] for head in heads)]
        missing += [f"{path}#{a}" for a in anchors if a and f'id="{a}"' not in text]
    assert missing == []


def test_all_words_must_be_on_the_page(visit: Visit) -> None:
    page = visit.page
    counts = {}
    for query in ("観光", "観光 冬", "冬　観光"):
        page.get_by_role("combobox").fill(query)
        counts[query] = len(found(page, visit.base))
    assert 0 < counts["観光 冬"] < counts["観光"]
    assert counts["冬　観光"] == counts["観光 冬"]


def test_nothing_of_the_search_is_loaded_before_it_is_touched(visitor: Visitor) -> None:
    with visitor() as visit:
        page = visit.go("")
        page.wait_for_load_state("networkidle")
        before = [url for url in visit.requests if "/search/" in url or "search" in url.lower()]
        assert [url.rpartition("/")[2] for url in before] == []
        page.get_by_role("combobox").focus()
        page.get_by_role("option").first.wait_for()
        after = [url.rpartition("/")[2] for url in visit.requests if url not in before]
        assert {"index.js", "search.js"} <= set(after)
        assert visit.strangers == []
        assert visit.errors == []


def test_keys_and_what_a_screen_reader_is_told(visitor: Visitor) -> None:
    with visitor() as visit:
        page = visit.go("method/")
        box = page.get_by_role("combobox", name="サイトの中を検索")
        box.focus()
        page.get_by_role("option").first.wait_for()
        box.fill("バス")
        expect(page.get_by_role("status")).to_contain_text("件見つかりました")
        expect(box).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        second = page.get_by_role("option").nth(1)
        expect(second).to_have_attribute("aria-selected", "true")
        expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "false")
        active = box.get_attribute("aria-activedescendant")
        assert active == second.get_attribute("id")
        address = str(second.get_attribute("href"))
        page.keyboard.press("Escape")
        expect(box).to_have_attribute("aria-expanded", "false")
        expect(page.get_by_role("listbox")).to_be_hidden()
        for key in ("ArrowDown", "ArrowDown", "Enter"):
            page.keyboard.press(key)
        page.wait_for_url(address)
        assert visit.errors == []


def test_enter_opens_the_first_result(visitor: Visitor) -> None:
    with visitor() as visit:
        page = visit.go("")
        page.get_by_role("combobox").click()
        page.keyboard.type("空港")
        page.get_by_role("option").first.wait_for()
        expect(page.get_by_role("option").first).to_contain_text("空港")
        address = str(page.get_by_role("option").first.get_attribute("href"))
        page.keyboard.press("Enter")
        page.wait_for_url(address)


def test_no_result_is_said_plainly(visit: Visit) -> None:
    visit.page.get_by_role("combobox").fill("zzzqqq")
    assert found(visit.page, visit.base) == []
    expect(visit.page.get_by_role("status")).to_contain_text("見つかりません")


def test_on_a_phone_the_box_opens_by_a_tap(visitor: Visitor) -> None:
    with visitor(width=360, height=740) as visit:
        page = visit.go("")
        page.locator(".finder__label").click()
        page.get_by_role("option").first.wait_for()
        box = page.get_by_role("combobox").bounding_box()
        assert box is not None
        assert box["width"] > 300
        page.keyboard.type("くうこう")
        expect(page.get_by_role("option").first).to_contain_text("空港")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_javascript_the_list_of_indicators_is_one_link_away(visitor: Visitor) -> None:
    for width in (360, 1280):
        with visitor(js=False, width=width) as visit:
            page = visit.go("method/")
            link = page.get_by_role("link", name="指標の一覧から探す")
            expect(link).to_be_visible()
            link.click()
            page.wait_for_url("**/kpis/")


def test_works_under_a_strict_policy(visitor: Visitor) -> None:
    policy = "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'"
    with visitor() as visit:

        def answer(route: object) -> None:
            response = route.fetch()  # type: ignore[attr-defined]
            headers = {**response.headers, "content-security-policy": policy}
            route.fulfill(response=response, headers=headers)  # type: ignore[attr-defined]

        visit.page.route(lambda url: url.endswith("/"), answer)
        page = visit.go("method/")
        page.get_by_role("combobox").focus()
        page.get_by_role("option").first.wait_for()
        page.get_by_role("combobox").fill("くうこう")
        expect(page.get_by_role("option").first).to_contain_text("空港")
        assert not [e for e in visit.errors if "assets/search" in e]


def test_terms_open_without_javascript(visitor: Visitor, built: Built) -> None:
    path = f"kpis/{built.package.kpis[0].kpi_id}/"
    for js in (True, False):
        with visitor(js=js, width=360, height=740) as visit:
            page = visit.go(path)
            term = page.locator("button.term:visible").first
            note = page.locator(".term__note:popover-open")
            expect(note).to_have_count(0)
            term.click()
            expect(note).to_be_visible()
            expect(note).to_contain_text(term.inner_text())
            box = note.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 360
            page.keyboard.press("Escape")
            expect(note).to_have_count(0)


def test_the_page_for_lost_readers_is_japanese_and_finds_its_way(visitor: Visitor) -> None:
    with visitor() as visit:
        response = visit.page.goto(visit.base + "no/such/page/")
        assert response is not None
        assert response.status == 404
        expect(visit.page.get_by_role("heading", level=1)).to_have_text("ページが見つかりません")
        visit.page.get_by_role("combobox").fill("空港")
        visit.page.get_by_role("option").first.wait_for()
        visit.page.get_by_role("link", name="指標の一覧から探す").first.click()
        visit.page.wait_for_url(visit.base + "kpis/")


def test_the_english_page_says_its_language_and_names_everything(
    visitor: Visitor, built: Built
) -> None:
    with visitor() as visit:
        page = visit.go("en/")
        article = page.locator("article")
        assert article.locator("h1").evaluate("e => e.closest('[lang]').lang") == "en"
        text = article.inner_text()
        latest = max(built.package.strategies, key=lambda s: s.start_year).strategy_id
        ids = {t.kpi_id for t in built.package.targets if t.strategy_id == latest}
        for kpi in built.package.kpis:
            if kpi.kpi_id in ids:
                assert kpi.name_en in text
