"""The site as a reader meets it, with JavaScript and without, on a phone and in the dark."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page

from scripts.words import number, sentence
from tests.browser import Built, Visitor, built, visitor

__all__ = ["built", "visitor"]

JS = pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])

OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  const contained = e => {
    for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) {
      const style = getComputedStyle(p);
      if (style.overflowX !== 'visible' || style.position === 'fixed') return true;
    }
    return getComputedStyle(e).position === 'fixed';
  };
  const found = [...document.body.querySelectorAll('*')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width > 1 && box.right > width + 1 && !contained(e);
  }).map(e => e.outerHTML.slice(0, 120));
  if (document.documentElement.scrollWidth > width)
    found.unshift(`${document.documentElement.scrollWidth} px wide`);
  return found;
}"""
"""Elements that stick out of the page to the right and that nothing around them can scroll."""

CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = colour => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = 'rgba(0,0,0,0)';
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => top.slice(0, 3)
    .map((c, i) => c * top[3] + below[i] * (1 - top[3])).concat(1);
  const light = c => {
    const [r, g, b] = c.map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = element => {
    const layers = [];
    for (let e = element; e; e = e.parentElement)
      layers.push(rgba(getComputedStyle(e).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = {};
  let checked = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || element.closest('script, style, noscript, template, title')) continue;
    if (!element.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    const box = element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2 || box.right < 0) continue;
    const style = getComputedStyle(element);
    const paint = element.closest('svg') ? style.fill : style.color;
    const back = ground(element);
    const front = over(rgba(paint), back);
    const [high, low] = [light(front), light(back)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    checked += 1;
    if (ratio < (large ? 3 : 4.5)) {
      const name = element.tagName.toLowerCase() + '.' + (element.getAttribute('class') || '');
      const place = `${name} ${paint} on ${back.slice(0, 3).map(Math.round)}`;
      found[`${place}: ${ratio.toFixed(2)}`] = text.slice(0, 30);
    }
  }
  return {checked, found};
}"""
"""Visible texts whose colour is too near to what lies behind them (WCAG 1.4.3)."""


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


def test_no_page_scrolls_sideways_on_a_phone(built: Built, visitor: Visitor) -> None:
    wide = {}
    with visitor(width=360, height=740) as visit:
        for path in built.kinds:
            found = visit.go(path).evaluate(OVERFLOW)
            if found:
                wide[path] = found[:5]
    assert not wide


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_text_stands_out(built: Built, visitor: Visitor, dark: bool, width: int) -> None:
    faint = {}
    with visitor(dark=dark, width=width) as visit:
        for path in built.kinds:
            page = visit.go(path)
            scheme = page.locator("body").get_attribute("data-md-color-scheme")
            assert scheme == ("slate" if dark else "default")
            result = page.evaluate(CONTRAST)
            assert result["checked"] > 5
            if result["found"]:
                faint[path] = result["found"]
    assert not faint


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


def test_the_way_with_the_keyboard_alone(visitor: Visitor) -> None:
    with visitor() as visit:
        page = visit.go("")
        page.keyboard.press("Tab")
        skip = page.evaluate("document.activeElement.getAttribute('href')")
        assert skip is not None
        assert skip.startswith("#")
        page.keyboard.press("Enter")
        assert unquote(page.evaluate("location.hash")) == unquote(skip)


def test_the_missing_page_is_ours(visitor: Visitor) -> None:
    with visitor() as visit:
        response = visit.page.goto(visit.base + "no/such/page/")
        assert response is not None
        assert response.status == 404
        assert visit.page.locator("h1").inner_text().strip()
        assert visit.strangers == []


def test_every_kind_of_page_is_quiet(built: Built, visitor: Visitor) -> None:
    with visitor() as visit:
        for path in built.kinds:
            visit.go(path)
        assert visit.strangers == []
        assert visit.errors == []
