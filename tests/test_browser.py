"""The site as a reader meets it, with JavaScript and without, on a phone and in the dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from scripts.words import number, sentence
from tests.browser import Built, Visitor, built, visitor

__all__ = ["built", "visitor"]

JS = pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])


def pages_of(built: Built) -> dict[str, str]:
    """A page of each of the three kinds a citizen meets first."""
    kpi = next(k for k, p in built.current.items() if p.progress is not None and p.pace is not None)
    goal = built.current[kpi].target.goal_id
    return {"home": "", "goal": f"goals/{goal}/", "kpi": f"kpis/{kpi}/"}


def words_of(page: Page) -> str:
    """The visible words of the article, in one line."""
    return " ".join(page.locator("article").inner_text().split())


def check_visible(page: Page, locator: str) -> None:
    """At least one such element is on the screen and not empty."""
    found = page.locator(f"{locator}:visible").first
    found.wait_for()
    box = found.bounding_box()
    assert box is not None
    assert box["width"] > 20
    assert box["height"] > 20


@JS
def test_home_answers_at_once(built: Built, visitor: Visitor, js: bool) -> None:
    with visitor(js=js) as visit:
        page = visit.go("")
        words = words_of(page)
        assert any(band.label in words for band in built.package.status_bands)
        for goal_id in {goal.goal_id for goal in built.package.goals}:
            assert page.locator(f'article a[href*="goals/{goal_id}/"]:visible').count() > 0
        check_visible(page, "article svg")
        assert visit.strangers == []
        assert visit.errors == []


@JS
def test_a_goal_shows_its_indicators(built: Built, visitor: Visitor, js: bool) -> None:
    path = pages_of(built)["goal"]
    goal_id = path.split("/")[1]
    with visitor(js=js) as visit:
        page = visit.go(path)
        words = words_of(page)
        newest = max(built.package.strategies, key=lambda s: s.start_year).strategy_id
        items = [
            p
            for p in built.current.values()
            if (p.target.goal_id, p.target.strategy_id) == (goal_id, newest)
        ]
        assert items
        for item in items:
            assert item.kpi.name in words or item.kpi.short_name in words
            assert item.status.label in words
            assert page.locator(f'article a[href*="kpis/{item.kpi.kpi_id}/"]:visible').count() > 0
        check_visible(page, "article svg")
        assert visit.strangers == []
        assert visit.errors == []


@JS
def test_an_indicator_gives_the_answer_the_chart_and_the_table(
    built: Built, visitor: Visitor, js: bool
) -> None:
    path = pages_of(built)["kpi"]
    item = built.current[path.split("/")[1]]
    with visitor(js=js) as visit:
        page = visit.go(path)
        words = words_of(page)
        assert item.status.label in words
        assert " ".join(sentence(item).split()) in words
        check_visible(page, "article figure svg")
        figures = page.locator("article figure svg:visible text").all_text_contents()
        assert str(item.target.target_year) in " ".join(figures)
        check_visible(page, "article table")
        table = page.locator("article table:visible").first.inner_text()
        for observation in built.package.observations:
            if observation.kpi_id == item.kpi.kpi_id:
                assert number(observation.value) in table
        assert visit.strangers == []
        assert visit.errors == []


@JS
def test_one_chart_is_shown_at_each_width(built: Built, visitor: Visitor, js: bool) -> None:
    for width in (360, 1280):
        with visitor(js=js, width=width) as visit:
            page = visit.go(pages_of(built)["kpi"])
            drawn = page.locator("article figure svg:visible")
            assert drawn.count() == 1
            box = drawn.bounding_box()
            assert box is not None
            assert box["width"] > 250
            sizes = drawn.locator("text").evaluate_all(
                "all => all.map(t => t.getBoundingClientRect().height)"
            )
            assert sizes
            assert min(sizes) > 9


def test_a_textual_target_is_shown_as_words(built: Built, visitor: Visitor) -> None:
    textual = [p for p in built.current.values() if p.target.target_value is None]
    if not textual:
        pytest.skip("this strategy has numbers only")
    for item in textual:
        with visitor() as visit:
            words = words_of(visit.go(f"kpis/{item.kpi.kpi_id}/"))
            assert item.target.target_text in words
            assert item.status.label in words


def test_the_way_from_home_to_a_file(built: Built, visitor: Visitor, tmp_path: Path) -> None:
    _, goal, kpi = pages_of(built).values()
    item = built.current[kpi.split("/")[1]]
    with visitor() as visit:
        page = visit.go("")
        page.locator(f'article a[href*="{goal}"]:visible').first.click()
        page.wait_for_url(f"**/{goal}")
        page.locator(f'article a[href*="{kpi}"]:visible').first.click()
        page.wait_for_url(f"**/{kpi}")
        assert page.locator("h1").inner_text().strip() == item.kpi.name
        with page.expect_download() as download:
            page.locator('article a[href$=".csv"][download]').first.click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        assert visit.strangers == []
        assert visit.errors == []
    content = file.read_bytes()
    assert file.name == f"{item.kpi.kpi_id}.csv"
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").splitlines()
    values = [o for o in built.package.observations if o.kpi_id == item.kpi.kpi_id]
    assert len(lines) == len(values) + 1
    assert all(f",{o.value}," in "\n".join(lines) for o in values)


def test_the_missing_page_is_ours(visitor: Visitor) -> None:
    with visitor() as visit:
        response = visit.page.goto(visit.base + "no/such/page/")
        assert response is not None
        assert response.status == 404
        assert visit.page.locator("h1").inner_text().strip()
        assert visit.strangers == []
