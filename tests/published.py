"""Reading a published site: its pages, what they hold, and where their links lead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from tests.browser import Built

NEVER_LOADED = {"a", "area", "base"}
"""Elements whose addresses are followed by the reader, not fetched by the page."""

NOT_FETCHED = {"canonical", "prev", "next", "alternate", "author", "license", "help", "edit"}
"""``link`` relations that fetch nothing."""

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass
class Html(HTMLParser):
    """What one page holds: ids, links with the element that has them, headings, metadata."""

    text: str
    ids: list[str] = field(default_factory=list)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    lang: str = ""
    title: str = ""
    headings: list[str] = field(default_factory=list)
    styles: str = ""

    def __post_init__(self) -> None:
        """Read the text."""
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self.feed(self.text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note everything that points somewhere."""
        values = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append(tag)
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "html":
            self.lang = values.get("lang", "")
        if tag == "meta" and "name" in values:
            self.meta[values["name"]] = values.get("content", "")
        if tag == "h1":
            self.headings.append("")
        self.styles += values.get("style", "") + "\n"
        relation = values.get("rel", "")
        for name in ("href", "src", "data", "poster", "action", "xlink:href"):
            if values.get(name):
                self.links.append((tag, relation, values[name]))
        for part in values.get("srcset", "").split(","):
            if part.strip():
                self.links.append((tag, relation, part.split()[0]))

    def handle_endtag(self, tag: str) -> None:
        """Close up to the matching element."""
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Collect the words that name the page."""
        inside = self._open[-1] if self._open else ""
        if inside == "title" and "svg" not in self._open:
            self.title += data
        if "h1" in self._open and self.headings:
            self.headings[-1] += data
        if inside == "style":
            self.styles += data

    @property
    def fetched(self) -> Iterator[str]:
        """Addresses that a browser loads without being asked."""
        for tag, relation, link in self.links:
            if tag not in NEVER_LOADED and not (
                tag == "link" and set(relation.split()) <= NOT_FETCHED
            ):
                yield link
        yield from css_links(self.styles)


def css_links(text: str) -> list[str]:
    """Addresses in a style sheet."""
    found = re.findall(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""", text)
    return [first or second for first, second in found]


@cache
def parse(page: Path) -> Html:
    """A page of the site."""
    return Html(page.read_text(encoding="utf-8"))


def html_pages(built: Built) -> list[Path]:
    """All pages of the site."""
    return sorted(built.site.rglob("*.html"))


def url_of(built: Built, page: Path) -> str:
    """The public address of a page."""
    path = page.relative_to(built.site).as_posix().removesuffix("index.html")
    return urljoin(built.homepage, built.base + path)


def resolve(built: Built, page: Path, link: str) -> tuple[Path | None, str]:
    """The file and anchor a link points to; ``None`` for a link to another site."""
    whole = urlsplit(urljoin(url_of(built, page), link))
    home = urlsplit(built.homepage)
    if (whole.scheme, whole.netloc) != (home.scheme, home.netloc):
        return None, ""
    assert whole.path.startswith(built.base), f"{link} leaves the base path"
    file = built.site / unquote(whole.path.removeprefix(built.base))
    if whole.path.endswith("/"):
        file /= "index.html"
    return file, unquote(whole.fragment)


def nav_paths(entry: object) -> Iterator[str]:
    """Every page that the menu of mkdocs.yml names."""
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, dict):
        yield from (path for part in entry.values() for path in nav_paths(part))
    elif isinstance(entry, list):
        yield from (path for part in entry for path in nav_paths(part))
