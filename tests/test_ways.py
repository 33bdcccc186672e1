"""The ways of readers who use keys, no scripts, their own colours, or want nothing to move."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote

from playwright.sync_api import Page, expect

from tests.audit import CONTRAST
from tests.browser import Built, Visitor, built, visitor

__all__ = ["built", "visitor"]

FOCUS = """() => {
  const focused = document.activeElement;
  // the switch of the colours is drawn by its label
  const element = focused.matches('.md-option') ? focused.nextElementSibling : focused;
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  const x = box.left + Math.min(box.width / 2, 40), y = box.top + box.height / 2;
  const top = document.elementFromPoint(x, y);
  return {
    tag: element.tagName, href: element.getAttribute('href') || '', id: element.id,
    what: element.outerHTML.slice(0, 90),
    outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.left < innerWidth
      && box.right > 0,
    covered: !!top && top !== element && !element.contains(top) && !top.contains(element),
  };
}"""
"""Where the focus is, whether a line is drawn around it and whether it can be seen."""


def press_until(page: Page, wanted: str, limit: int = 80) -> list[dict[str, Any]]:
    """Press Tab until the focus is on something that matches; every stop on the way."""
    stops = []
    for _ in range(limit):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUS))
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return stops
    raise AssertionError(f"{wanted} is not reached in {limit} steps: {stops[-1]}")


def faults_of(stops: list[dict[str, Any]]) -> list[str]:
    """Stops that cannot be seen."""
    return [
        f"{stop['what']}: {fault}"
        for stop in stops
        for fault, found in (
            ("no outline", not stop["outline"]),
            ("outside the window", not stop["inside"]),
            ("covered", stop["covered"]),
        )
        if found
    ]


def test_from_home_to_a_file_with_keys_alone(
    built: Built, visitor: Visitor, tmp_path: Path
) -> None:
    """Skip link, search, a result, its downloads: each stop is seen, and a file arrives."""
    item = next(iter(built.current.values()))
    with visitor() as visit:
        page = visit.go("")
        page.keyboard.press("Tab")
        skip = page.evaluate(FOCUS)
        assert skip["href"].startswith("#") and skip["inside"]
        page.keyboard.press("Enter")
        assert unquote(page.evaluate("location.hash")) == unquote(skip["href"])
        visit.go("")
        stops = press_until(page, "#finder-input")
        page.keyboard.type(item.kpi.name)
        page.get_by_role("option").first.wait_for()
        page.keyboard.press("ArrowDown")
        chosen = page.get_by_role("option", selected=True)
        assert (chosen.get_attribute("href") or "").endswith(f"kpis/{item.kpi.kpi_id}/")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/kpis/{item.kpi.kpi_id}/")
        stops += press_until(page, 'a[download][href$=".csv"]', limit=160)
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        file = tmp_path / "file.csv"
        download.value.save_as(file)
        assert file.read_bytes().startswith(b"\xef\xbb\xbf")
        assert faults_of(stops) == []
        assert visit.errors == []


def test_the_menu_of_a_narrow_screen_opens_with_keys(visitor: Visitor) -> None:
    with visitor(width=360, height=740) as visit:
        page = visit.go("")
        stops = press_until(page, 'label[for="__drawer"]')
        assert faults_of(stops[1:]) == []
        expect(page.locator(":focus")).to_have_text("メニュー")
        inside = page.locator(".md-sidebar--primary .md-nav__link").first
        assert not inside.evaluate("link => link.checkVisibility()")
        page.keyboard.press("Enter")
        assert inside.evaluate("link => link.checkVisibility()")
        menu = page.locator(".md-nav--primary .md-nav__link:visible").first
        expect(menu).to_be_in_viewport()


def test_nothing_moves_for_those_who_asked(built: Built, visitor: Visitor) -> None:
    moving = """() => [...document.querySelectorAll('*')].filter(e => {
      const style = getComputedStyle(e), long = t => t.split(',').some(s => parseFloat(s) > 0.01);
      return long(style.transitionDuration) || style.scrollBehavior === 'smooth'
        || (style.animationName !== 'none' && long(style.animationDuration));
    }).map(e => e.outerHTML.slice(0, 90))"""
    kpi = f"kpis/{next(iter(built.current))}/"
    with visitor() as visit:
        for path in ("", kpi, "kpis/", f"embed/{kpi.split('/')[1]}/"):
            assert visit.go(path).evaluate(moving) == [], path


def test_a_status_is_told_without_our_colours(built: Built, visitor: Visitor) -> None:
    """In forced colours: symbol, word and frame are seen on the ground of the reader."""
    seen = """() => [...document.querySelectorAll('.badge')].filter(e => e.checkVisibility())
      .map(e => {
        const style = getComputedStyle(e);
        return {words: e.innerText.trim(), colour: style.color, ground: style.backgroundColor,
          page: getComputedStyle(document.body).backgroundColor};
      })"""
    with visitor(dark=True) as visit:
        visit.page.emulate_media(forced_colors="active")
        page = visit.go("kpis/")
        assert page.evaluate("matchMedia('(forced-colors: active)').matches")
        badges = page.evaluate(seen)
        labels = {band.label: band.symbol for band in built.package.status_bands}
        told = {badge["words"].replace("\n", "") for badge in badges}
        assert len(told) > 2
        assert told <= {symbol + label for label, symbol in labels.items()}
        assert len(set(labels.values())) == len(labels)
        assert all(badge["colour"] != badge["ground"] for badge in badges)
        visit.go(f"kpis/{next(iter(built.current))}/")
        shapes = page.locator(".chart__picture svg:visible")
        expect(shapes).to_have_count(1)
        # the reader's own ground is black; the page may have been switched to its light colours
        for name in ("slate", "default"):
            page.locator(f'input[data-md-color-scheme="{name}"]').evaluate("e => e.click()")
            expect(page.locator("body")).to_have_attribute("data-md-color-scheme", name)
            assert page.evaluate(CONTRAST) == []


def test_without_scripts_no_word_is_missing(built: Built, visitor: Visitor) -> None:
    """Every kind of page says the same words, tables, pictures and links with and without."""
    told = """() => {
      const article = document.querySelector('article');
      const all = (what) => [...article.querySelectorAll(what)].filter(e => e.checkVisibility());
      return {
        tables: all('table').length, pictures: all('svg').length,
        links: all('a[href]').map(a => a.getAttribute('href')),
        words: all('h1, h2, h3, p, td, th, dd, li').map(e => e.textContent.trim())
          .filter(Boolean).length,
      };
    }"""
    found: dict[bool, dict[str, Any]] = {}
    for js in (True, False):
        with visitor(js=js) as visit:
            found[js] = {path: visit.go(path).evaluate(told) for path in built.kinds}
    for path, with_js in found[True].items():
        without = found[False][path]
        for part in ("tables", "pictures", "words"):
            assert without[part] >= with_js[part] * 0.98 - 2, (path, part)
        assert set(with_js["links"]) <= set(without["links"]), path
