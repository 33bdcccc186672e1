"""Cells that try to be something else: whatever they hold, a page shows those characters."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from html import escape as html_escape
from html.parser import HTMLParser
from typing import Any

import markdown
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from mkdocs.config import load_config
from mkdocs.utils import meta

from scripts.pages.environment import escape, finalize, front, make_environment
from tests.helpers import FIXTURE, ROOT, Copy
from tests.test_pages import built_from

HOSTILE = {
    400: "<script>alert(1)</script> *x* [a](javascript:b) | # {{ 7*7 }} {#id .c} `q` &lt; \"'",
    30: "<b>*y* [a](b:c) _z_ `q`|#",
    15: "<i>_w_|`q`&#",
    2: "*<",
}
"""Text that would be an element, emphasis, a link, a table, a heading, or code, by its length."""

PLAIN = "語"
"""What a harmless author writes in the same places."""


def hostile_for(limit: int) -> str:
    """The longest hostile text that a field takes."""
    return next(text for text in HOSTILE.values() if len(text) <= limit)


def filled(town: Copy, choose: Callable[[int], str]) -> None:
    """Put a text into every free text of the package: cells, titles, names, settings."""
    descriptor = json.loads(town.descriptor.read_bytes())
    for resource in descriptor["resources"]:
        header, *rows = town.rows(resource["name"])
        for index, field in enumerate(resource["schema"]["fields"]):
            constraints = field.get("constraints", {})
            free = not {"pattern", "enum"} & set(constraints) and field["type"] == "string"
            for row in rows:
                # blank cells stay blank: a note where there is none makes another page
                if free and row[index]:
                    row[index] = choose(constraints.get("maxLength", 400))
        # a text that is a key (a unit) is now the same everywhere, and stands in its table once
        keys = [header.index(name) for name in resource["schema"]["primaryKey"]]
        once = {tuple(row[key] for key in keys): row for row in rows}
        town.write(resource["name"], [header, *once.values()])

    def settings(descriptor: dict[str, Any]) -> None:
        for name in ("title", "description", "version"):
            descriptor[name] = choose(400)
        descriptor["contact"] = choose(400)
        descriptor["municipality"].update(name=choose(400), prefecture=choose(400))
        descriptor["licenses"][0]["title"] = choose(400)
        descriptor["contributors"][0]["title"] = choose(400)
        for resource in descriptor["resources"]:
            resource.update(title=choose(400), description=choose(400))

    town.describe(settings)


SIZE = re.compile(r"[\d.]+(?:バイト| KB| MB)")
"""Sizes of files differ with their texts."""


class Events(HTMLParser):
    """An HTML document as a list of elements and texts.

    What stands in ``script`` and ``pre`` has an escape of its own and is kept in ``literal``.
    """

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.events: list[tuple[str, ...]] = []
        self.literal: list[tuple[str, str]] = []
        self._literal = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element with its attributes.

        The id of a first heading is left out where it is made from the words of the heading.
        """
        shown = [f"{name}={value}" for name, value in attrs if (tag, name) != ("h1", "id")]
        self.events.append((tag, *shown))
        if tag in ("script", "pre"):
            self._literal = " ".join((tag, *shown))

    def handle_endtag(self, tag: str) -> None:
        """The end of an element."""
        if tag in ("script", "pre"):
            self._literal = ""
        self.events.append((f"/{tag}",))

    def handle_data(self, data: str) -> None:
        """A text, joined to the text before it."""
        words = SIZE.sub("大きさ", " ".join(data.split()))
        if self._literal:
            self.literal.append((self._literal, data))
            words = "（プログラムの文字）"
        if not words:
            return
        if self.events and self.events[-1][0] == "#text":
            words = self.events.pop()[1] + words
        self.events.append(("#text", words))

    def handle_comment(self, data: str) -> None:
        """Nothing of ours is a comment."""
        raise AssertionError(f"a comment: {data}")


@cache
def extensions() -> dict[str, Any]:
    """The Markdown extensions of ``mkdocs.yml`` as the site generator uses them."""
    config = load_config(str(ROOT / "mkdocs.yml"), docs_dir=str(FIXTURE / "docs"))
    return {"extensions": config["markdown_extensions"], "extension_configs": config["mdx_configs"]}


def as_html(page: bytes) -> tuple[str, dict[str, Any]]:
    """A staged page as the site generator renders it, and its front matter."""
    text, front_matter = meta.get_data(page.decode())
    return markdown.Markdown(**extensions()).convert(text), front_matter


def softened(value: str) -> str:
    """A text with every hostile part replaced by the harmless one."""
    for text in HOSTILE.values():
        value = value.replace(text, PLAIN)
    return value


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The pages of a package full of hostile texts, and of one full of harmless ones."""
    made = []
    for name, choose in (("hostile", hostile_for), ("plain", lambda _: PLAIN)):
        town = Copy(tmp_path_factory.mktemp(name) / "town")
        filled(town, choose)
        made.append(built_from(town))
    return made[0], made[1]


DRAWN = {
    "svg",
    "g",
    "path",
    "line",
    "rect",
    "circle",
    "text",
    "tspan",
    "title",
    "desc",
    "defs",
    "clippath",
}
"""What a picture is made of."""


def around_pictures(events: list[tuple[str, ...]]) -> tuple[list[tuple[str, ...]], set[str]]:
    """The events outside pictures, and the kinds of elements inside them."""
    outside, inside, depth = [], set(), 0
    for event in events:
        depth += event[0] == "svg"
        if depth == 0:
            outside.append(event)
        elif event[0] != "#text":
            inside.add(event[0].removeprefix("/"))
        depth -= event[0] == "/svg"
    return outside, inside


def staged(pages: dict[str, bytes]) -> Iterator[str]:
    """The generated pages."""
    return (path for path in pages if path.endswith(".md") and path != "about.md")


def test_hostile_cells_stay_text(pair: tuple[dict[str, bytes], dict[str, bytes]]) -> None:
    """A page of hostile texts has the very elements of a page of harmless ones.

    Compared are all elements with all attributes and all texts, in order, after replacing each
    hostile text by the harmless one: so each arrives literally, and nothing else comes of it.
    Inside pictures, whose labels come and go with the room they need, only the kinds of elements
    are looked at.
    """
    hostile, plain = pair
    assert set(hostile) == set(plain)
    seen = 0
    for path in staged(hostile):
        if path == "data/readability.md":  # it counts what hostile cells break
            continue
        made, _ = as_html(hostile[path])
        wanted, _ = as_html(plain[path])
        read = Events(made)
        everything = [tuple(softened(part) for part in event) for event in read.events]
        events, drawn = around_pictures(everything)
        assert events == around_pictures(Events(wanted).events)[0], path
        assert drawn <= DRAWN, path
        for kind, text in read.literal:
            if kind.startswith("script"):
                assert kind == "script type=application/ld+json", path
                assert json.loads(text)["@context"] == "https://schema.org", path
                assert not set(text) & set("<>&"), path
        assert not [e for e in everything if any("javascript:" in part for part in e[1:])], path
        seen += made.count("alert(1)")
    assert seen > 100  # the texts did reach the pages


def test_hostile_cells_stay_text_in_the_front_matter(
    pair: tuple[dict[str, bytes], dict[str, bytes]],
) -> None:
    """Titles and descriptions are printed by the theme as they are: escaped once, and valid."""
    hostile, plain = pair
    for path in staged(hostile):
        _, made = as_html(hostile[path])
        _, wanted = as_html(plain[path])
        for text in HOSTILE.values():
            made = {
                name: value.replace(html_escape(text), PLAIN) if isinstance(value, str) else value
                for name, value in made.items()
            }
        assert made == wanted, path


SPECIAL = st.text(
    st.one_of(
        st.sampled_from("<>&\"'*_`[]()\\|~{}#!^$-+=:.1 @/;%?a。\n"), st.characters(categories=["L"])
    ),
    max_size=30,
).filter(str.strip)
HOLE = "\ue000"
"""Stands where the text will stand; no text holds it."""

AROUND = {
    "paragraph": "{}",
    "after text": "前{}後",
    "heading": "## {} {{#id}}",
    "list": "- {}",
    "cell": "<table><tr><td>{}</td></tr></table>",
    "attribute": '<p title="{}"></p>',
    "link": "[{}](index.md)",
    "strong": "あ**{}**い",
}


@pytest.mark.parametrize("place", AROUND)
@given(text=SPECIAL)
def test_any_text_means_itself(place: str, text: str) -> None:
    """Whatever a cell holds, wherever a template puts it, a reader sees those characters."""
    line = " ".join(text.split())
    made = Events(markdown.markdown(AROUND[place].format(escape(text)), **extensions())).events
    wanted = Events(markdown.markdown(AROUND[place].format(HOLE), **extensions())).events

    def put(part: str) -> str:
        return " ".join(part.replace(HOLE, line).split())

    expected = [tuple(put(part) for part in event) for event in wanted]
    assert [tuple(" ".join(part.split()) for part in event) for event in made] == expected


@given(SPECIAL)
def test_any_title_is_a_line_of_yaml(text: str) -> None:
    """The front matter can hold any text without ending or changing it."""
    loaded = yaml.safe_load(f"title: {front(escape(text))}\n")
    assert loaded == {"title": html_escape(" ".join(text.split()))}


def test_templates_refuse_what_is_not_there() -> None:
    """A misspelt name or a value that is not known stops the build instead of leaving a hole."""
    environment = make_environment()
    with pytest.raises(Exception, match="undefined"):
        environment.from_string("{{ nothing_of_that_name }}").render()
    with pytest.raises(ValueError, match="None"):
        finalize(None)
    assert finalize(Markup("<b>")) == "<b>"
