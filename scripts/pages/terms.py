"""Explains terms where they are first used on a page: a button and its note, without JavaScript.

The note is a popover of HTML: it opens by click, tap or key, closes by Escape, and is not printed.
Only running text is touched: no headings, links, tables, buttons or pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial

from scripts.memory import NOTHING, Files, Made, Memory, cut, stamp_of
from scripts.model import Term
from scripts.pages.environment import escape

SKIPPED = frozenset(
    {"a", "button", "caption", "code", "figcaption", "label", "nav", "pre", "script", "select"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "style", "summary", "svg", "table", "title"}
)
"""Elements whose text stays as it is."""

SKIPPED_CLASSES = frozenset(
    {"answer__term", "citation", "city__texts", "facts", "figures", "feedback__subject"}
    | {"changes", "kpicards", "legend", "tally", "update"}
)

_PIECES = re.compile(
    rb"\A---\n.*?\n---\n"  # front matter
    rb"|<!--.*?-->|<(svg|script|tr)[ >].*?</\1>|<[^>]+>"
    rb"|^#{1,6} [^\n]*|^\|[^\n]*"  # headings and tables of Markdown
    rb"|`[^`\n]*`|!?\[[^\]\n]*\]\([^)\n]*\)|\{[#.:][^}\n]*\}",
    re.DOTALL | re.MULTILINE,
)
"""What is left as it is. A page is taken apart as bytes: a long list as a text takes twice them."""
_TAG = re.compile(rb"<(/?)([a-z][a-z0-9]*)([^>]*?)(/?)>", re.IGNORECASE)
_CLASS = re.compile(rb'class="([^"]*)"')
_LANGUAGE = re.compile(rb"\A---\n(?:.*\n)*?lang: (?!ja)")


def explain_terms(
    pages: Mapping[str, bytes], terms: Sequence[Term], memory: Memory = NOTHING
) -> Files:
    """The pages with their terms explained; the glossary and pages in other languages stay."""
    given, found = Files(pages), Files()
    known = stamp_of(list(terms))
    for path in given if terms else ():
        if path.endswith(".md") and path != "glossary.md":
            depends_on = given.stamp(path), depth_of(path), known
            make = partial(_explained, given, path, terms)
            found.put(path, memory.recall("explained", depends_on, make), "page")
    return given.lay(found)


def _explained(pages: Files, path: str, terms: Sequence[Term]) -> Made:
    made = Files()
    made.fill("page", explained(pages[path], terms, "../" * depth_of(path)))
    return Made(made)


def depth_of(path: str) -> int:
    """How many folders deep a staged page is published: ``kpis/x.md`` is served at ``kpis/x/``."""
    stem = path.removesuffix(".md")
    return stem.count("/") + (stem != "index" and not stem.endswith("/index"))


def explain(text: str, terms: Sequence[Term], root: str) -> str:
    """One page; ``root`` is the relative address of the site's top."""
    return b"".join(explained(text.encode(), terms, root)).decode()


def explained(text: bytes, terms: Sequence[Term], root: str) -> Iterator[bytes]:
    """The same in UTF-8, piece by piece."""
    if _LANGUAGE.match(text):
        yield text
        return
    by_name, wanted = _finder(tuple(terms))
    seen: set[str] = set()

    def first_use(match: re.Match[str]) -> str:
        term = by_name[match[0]]
        if term.term_id in seen:
            return match[0]
        seen.add(term.term_id)
        return _button(match[0], term, root)

    end = 0
    while piece := _PIECES.search(text, end):
        yield wanted.sub(first_use, text[end : piece.start()].decode()).encode()
        tag = _TAG.fullmatch(piece[0])
        start, end = piece.span()
        if tag and not tag[1] and not tag[4] and _is_skipped(tag[2].lower(), tag[3]):
            end = _end_of(tag[2].lower(), text, end)
        yield from cut(text, start, end)
    yield wanted.sub(first_use, text[end:].decode()).encode()


def _end_of(name: bytes, text: bytes, start: int) -> int:
    """Where an element ends whose content starts somewhere: all of it is passed over at once."""
    depth = 1
    for tag in _tags(name).finditer(text, start):
        if tag["close"] is not None and not tag["alone"]:
            depth += -1 if tag["close"] else 1
            if not depth:
                return tag.end()
    return len(text)


@cache
def _tags(name: bytes) -> re.Pattern[bytes]:
    """What finds the tags of a name, and what may hold other ones that do not count."""
    return re.compile(
        rb"<!--.*?-->|<(?P<whole>svg|script|tr)[ >].*?</(?P=whole)>"
        rb"|(?i:<(?P<close>/?)%s(?![a-z0-9])[^>]*?(?P<alone>/?)>)" % name,
        re.DOTALL,
    )


@cache
def _finder(terms: tuple[Term, ...]) -> tuple[dict[str, Term], re.Pattern[str]]:
    """The terms by how they stand in a page, and what finds them, the longest first."""
    by_name = {str(escape(term.term)): term for term in terms}
    names = sorted(by_name, key=len, reverse=True)
    return by_name, re.compile("|".join(map(_bounded, names)))


_WORD = "一-龠々ァ-ヺーA-Za-z0-9"


def _bounded(name: str) -> str:
    """A term stands alone: not inside a longer word of Latin letters, kanji or katakana."""
    word = re.compile(f"[{_WORD}]")
    before = f"(?<![{_WORD}&#_])" if word.match(name[0]) else ""
    after = f"(?![{_WORD}_])" if word.match(name[-1]) else ""
    if re.match("[一-龠々ァ-ヺー]", name[-1]):
        after = after.replace("0-9", "")
    return before + re.escape(name) + after


def _is_skipped(name: bytes, attributes: bytes) -> bool:
    """Whether the text of an element stays as it is."""
    classes = _CLASS.search(attributes)
    return name.decode() in SKIPPED or bool(
        classes and SKIPPED_CLASSES & set(classes[1].decode().split())
    )


def _button(name: str, term: Term, root: str) -> str:
    """The term as a button, followed by its note."""
    note = f"term-{term.term_id}"
    return (
        f'<button type="button" class="term" popovertarget="{note}">{name}</button>'
        f'<span class="term__note" id="{note}" popover><b>{name}</b>'
        f"（{escape(term.reading)}）<br>{escape(term.definition)}"
        f'<a href="{root}glossary/#{term.term_id}">用語集</a></span>'
    )
