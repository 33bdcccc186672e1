"""The same staged pages on Zensical: as complete as on MkDocs, and saying the same."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from filelock import FileLock
from lxml import html

from scripts.engines import ENGINES, Order, as_seen_from_file, missing_pages
from scripts.site import environment, generate
from tests.browser import Built, visitor
from tests.browser import built as mkdocs
from tests.helpers import ROOT, TODAY
from tests.published import resolve
from tests.test_browser import (
    test_an_indicator_gives_the_answer_the_chart_and_the_table,
    test_home_answers_at_once,
    test_the_missing_page_is_ours,
    test_the_way_from_home_to_a_file,
)
from tests.test_search_browser import test_enter_opens_the_first_result
from tests.test_site import (
    test_every_menu_entry_resolves_and_is_reached_from_home,
    test_every_staged_file_was_published,
    test_every_staged_page_became_html,
    test_ids_are_unique,
    test_internal_links_resolve,
    test_nothing_is_loaded_from_another_host,
    test_pages_name_themselves,
    test_sitemap_names_every_page,
    test_style_sheets_load_nothing_from_another_host,
)

# What a reader of the MkDocs site is promised is promised here, too: ``built`` below is the site
# that Zensical made, and the tests named here run on it.
__all__ = [
    "mkdocs",
    "test_an_indicator_gives_the_answer_the_chart_and_the_table",
    "test_enter_opens_the_first_result",
    "test_every_menu_entry_resolves_and_is_reached_from_home",
    "test_every_staged_file_was_published",
    "test_every_staged_page_became_html",
    "test_home_answers_at_once",
    "test_ids_are_unique",
    "test_internal_links_resolve",
    "test_nothing_is_loaded_from_another_host",
    "test_pages_name_themselves",
    "test_sitemap_names_every_page",
    "test_style_sheets_load_nothing_from_another_host",
    "test_the_missing_page_is_ours",
    "test_the_way_from_home_to_a_file",
    "visitor",
]

LISTED = (ROOT / "docs" / "contributing" / "engines.md").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def built(mkdocs: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The staged pages of the real site, made into HTML by Zensical once for all workers."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    site = shared / "zensical" / "site"
    with FileLock(shared / "zensical.lock"):
        if not site.exists():
            config = ROOT / "mkdocs.yml"
            assert generate(config, mkdocs.staged, site, TODAY, lock=None, engine="zensical")
    return Built(mkdocs.staged, site)


def paths(built: Built) -> dict[str, Path]:
    """Every published file by its path."""
    files = (file for file in built.site.rglob("*") if file.is_file())
    return {file.relative_to(built.site).as_posix(): file for file in files}


@cache
def tree(page: Path) -> html.HtmlElement:
    """A page as a tree."""
    return html.fromstring(page.read_bytes())


def words(element: html.HtmlElement) -> str:
    """Its text in one line."""
    return " ".join(element.text_content().split())


def leads_to(built: Built, page: Path, link: str) -> str:
    """Where a link leads, written the same whatever way it is written in the page."""
    file, anchor = resolve(built, page, link)
    return f"{file.relative_to(built.site)}#{anchor}" if file else link


def said(built: Built, page: Path) -> dict[str, object]:
    """What a page says: names, headings with their anchors, links, tables and the words of main."""
    root = tree(page)
    (main,) = root.iter("main")
    links = [a.get("href") for a in main.find(".//article").iter("a") if a.get("href")]
    return {
        "title": root.findtext(".//title"),
        "meta": sorted(
            (meta.get("name") or meta.get("property") or "", meta.get("content") or "")
            for meta in root.iter("meta")
            if meta.get("name") != "generator"
        ),
        "headings": [(h.tag, h.get("id"), words(h)) for h in main.iter("h1", "h2", "h3", "h4")],
        "links": [leads_to(built, page, link) for link in links],
        "tables": [
            [words(cell) for cell in table.iter("th", "td")] for table in main.iter("table")
        ],
        "pictures": [words(figure) for figure in main.iter("figure", "svg")],
        "words": words(main.find(".//article")),
    }


def test_every_page_says_the_same(mkdocs: Built, built: Built) -> None:
    """Page by page: title, metadata, headings, links, tables, charts and text."""
    ours, theirs = paths(mkdocs), paths(built)
    pages = [p for p in ours if p.endswith(".html") and not p.startswith("embed/")]
    assert len(pages) == len(mkdocs.pages) + 1
    for path in pages:
        wanted, made = said(mkdocs, ours[path]), said(built, theirs[path])
        for part, value in wanted.items():
            assert made[part] == value, f"{path}: {part}"


def test_the_differences_are_those_that_are_listed(mkdocs: Built, built: Built) -> None:
    """What one has and the other has not: the parts of the themes, and what the page names."""
    ours, theirs = paths(mkdocs), paths(built)
    parts = re.compile(r"assets/(javascripts/|stylesheets/|images/|page\.)")
    assert {p for p in ours.keys() - theirs.keys() if not parts.match(p)} == {"sitemap.xml.gz"}
    assert {p for p in theirs.keys() - ours.keys() if not parts.match(p)} == {"search.json"}
    for path in ours.keys() & theirs.keys():
        if path != "sitemap.xml" and not path.endswith(".html"):
            assert ours[path].read_bytes() == theirs[path].read_bytes(), path
    sitemap = ElementTree.parse(theirs["sitemap.xml"])
    assert not list(sitemap.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}lastmod"))
    for name in ("search.json", "sitemap.xml.gz", "lastmod"):
        assert f"`{name}`" in LISTED, name


OVERRIDES = sorted(
    file.relative_to(ROOT).as_posix() for file in (ROOT / "overrides").rglob("*") if file.is_file()
)


@pytest.mark.parametrize("path", OVERRIDES)
def test_every_override_is_small_and_has_its_reason(path: str) -> None:
    """Each part of the theme that is ours is something to mend when the theme changes."""
    assert f"`{path}`" in LISTED
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= 40


def test_no_override_is_listed_that_is_gone() -> None:
    assert set(re.findall(r"`(overrides/[^`]+\.\w+)`", LISTED)) == set(OVERRIDES)


SEEN = [
    ('<a href="../b/">', '<a href="b/">'),
    ('<a href="../../b/#c">', '<a href="../b/#c">'),
    ('<a href="../">', '<a href="./">'),
    ('<a href="c.csv">', '<a href="name/c.csv">'),
    (
        '<img alt="a" src="../p.png" srcset="../q.png 2x">',
        '<img alt="a" src="p.png" srcset="q.png 2x">',
    ),
    ('<a href="#c"> <a href="?q"> <a href="/b/">', None),
    ('<a href="https://example.jp/"> <a href="mailto:a@example.jp">', None),
    ("[b](../b.md)", None),
    ('`<a href="../b/">`', None),
    ('```html\n<a href="../b/">\n```', None),
    ('<form action="../b/">', None),
]


@pytest.mark.parametrize(("ours", "theirs"), SEEN)
def test_addresses_as_zensical_wants_them(ours: str, theirs: str | None) -> None:
    assert as_seen_from_file(f"前\n{ours}\n後", "name") == f"前\n{theirs or ours}\n後"


@pytest.fixture(params=list(ENGINES))
def small(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Order]:
    """A site of two pages, to be broken."""
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "index.md").write_text("# 表紙\n\n[次](next.md#top)\n", encoding="utf-8")
    (pages / "next.md").write_text("# 次 {#top}\n", encoding="utf-8")
    config = tmp_path / "mkdocs.yml"
    config.write_text(
        "site_name: 例\ntheme: {name: material, font: false}\nplugins: []\n"
        "markdown_extensions: [attr_list]\nvalidation: {links: {anchors: warn}}\n"
        "nav: [index.md, next.md]\n",
        encoding="utf-8",
    )
    made = tmp_path / "made"
    made.mkdir()
    return request.param, Order(config, pages, made, TODAY, True, environment(TODAY))


@pytest.mark.parametrize("link", ["nowhere.md", "next.md#nowhere", ""])
def test_a_broken_link_stops_every_engine(small: tuple[str, Order], link: str) -> None:
    """An empty link stands for a sound site: that one is made."""
    engine, order = small
    page = order.pages / "index.md"
    page.write_text(f"# 表紙\n\n[次]({link or 'next.md'})\n", encoding="utf-8")
    site = ENGINES[engine](order)
    assert (site is None) == bool(link)
    if site is not None:
        assert missing_pages(order.pages, site) == []
        (site / "next" / "index.html").unlink()
        assert missing_pages(order.pages, site) == ["next.md"]
