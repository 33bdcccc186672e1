"""The theme's style sheets and ours as one small file, without what we never show of the theme.

Two thirds of the theme are for things that these pages do not have: its search, notes, tabs, the
marks on code. A page that has nothing of them asks for the joined file (:data:`JOINED`) instead of
three; a page that has, whoever wrote it, keeps the three. So nothing is ever shown without its
style, whatever stands in a page or in the settings.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import tinycss2

from scripts.cache import fetch, keep

OWN, JOINED = "assets/site.css", "assets/page.css"
SCRIPTS = ("assets/js/scheme.js", "assets/js/site.js")
"""The scripts that are known to add none of the words that are left out."""

PLACES = ("assets/stylesheets", "assets/stylesheets/classic")
"""Where the theme's sheets are: those of Material, those of Zensical in its classic look."""

WORDS = Path(__file__).resolve().parent / "assets" / "theme-words.txt"
SHOWN = frozenset(WORDS.read_text(encoding="utf-8").split())
"""Words of the theme that our pages have; a test says which are missing and which are too many."""

VALUED = ("dir", "data-md-color-scheme", "data-md-color-primary", "data-md-color-accent")
"""Attributes whose values are such words, too: ``dir=ltr``."""

HOLDING = ("media", "supports", "layer", "container", "keyframes", "-webkit-keyframes")
"""At-rules with rules inside, not declarations."""

_LINK = re.compile(r"<link\b[^>]*\bstylesheet\b[^>]*>", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b[^>]*\ssrc\b[^>]*>", re.IGNORECASE)
_NAME = re.compile(r'(?:href|src)="([^"]*?)(assets/[^"]+)"')
_WORDS = re.compile(
    rf"""\s(class|{"|".join(VALUED)})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)
_PROPERTY = re.compile(r"var\(\s*(--[\w-]+)")
_THEMES = "--md-"
"""How the theme's custom properties begin."""


@dataclass(frozen=True, slots=True)
class Sheets:
    """The joined style sheet, what it stands for, and the words a page must not have for it."""

    names: tuple[str, ...]
    css: bytes
    without: frozenset[str]

    def join(self, page: str, parts: Sequence[str] = ()) -> str:
        """A page that asks for one sheet, if it can; ``parts`` are to come into it later."""
        texts = (page, *parts)
        links = [link for text in texts for link in _LINK.findall(text)]
        asked = [name_in(link) for link in links]
        scripts = {name_in(tag)[1] for text in texts for tag in _SCRIPT.findall(text)}
        if tuple(name for _, name in asked) != self.names or not scripts <= {*SCRIPTS}:
            return page
        for text in texts:  # one after the other: a list may be of many megabytes
            if f"var({_THEMES}" in text or not self.without.isdisjoint(words_of(text)):
                return page
        for link in links[1:]:
            page = page.replace(link, "", 1)
        return page.replace(links[0], f'<link rel="stylesheet" href="{asked[0][0]}{JOINED}">', 1)


def name_in(tag: str) -> tuple[str, str]:
    """The way to the top and the name of the asset that a tag asks for; blank for others."""
    found = _NAME.search(tag)
    return (found[1], found[2]) if found else ("", "")


def words_of(page: str) -> set[str]:
    """Classes, and the values of :data:`VALUED`, that stand in a page."""
    found: set[str] = set()
    for match in _WORDS.finditer(page):
        name, *values = (group or "" for group in match.groups())
        words = "".join(values).split()
        found.update(words if name.lower() == "class" else (f"{name.lower()}={w}" for w in words))
    return found


def find_sheets(folders: Sequence[Path], own: Path) -> Sheets | None:
    """The joined sheet of a theme (the first folder counts) and of the file ``own``."""
    if not own.is_file():
        return None
    for place in PLACES:
        found = [
            next((f for folder in folders for f in folder.glob(f"{place}/{name}.*.css")), None)
            for name in ("main", "palette")
        ]
        files = [file for file in found if file]
        if len(files) == len(found):
            names = (*(f"{place}/{file.name}" for file in files), OWN)
            return joined(names, [file.read_text(encoding="utf-8") for file in (*files, own)])
    return None


def joined(names: tuple[str, ...], texts: Sequence[str]) -> Sheets | None:
    """The sheets as one, remembered; ``None`` if one of them cannot be taken apart."""
    digest = hashlib.sha256(version("tinycss2").encode() + Path(__file__).read_bytes())
    for text in (*sorted(SHOWN), *texts):
        digest.update(hashlib.sha256(text.encode()).digest())
    place = f"{digest.hexdigest()}.sheets"
    if (kept := fetch(place)) is None:
        *theme, own = texts
        try:
            css, without = trimmed("".join(theme), own)
        except ValueError:
            return None
        kept = keep(place, json.dumps(sorted(without)).encode() + b"\n" + css.encode())
    facts, _, sheet = kept.partition(b"\n")
    return Sheets(names, sheet, frozenset(json.loads(facts)))


def trimmed(theme: str, own: str) -> tuple[str, set[str]]:
    """The needed rules of a theme with all of ours behind, and the words that were left out.

    Raises ``ValueError`` for what is no style sheet, and for one that needs other files.
    """
    if re.search(r"@import|url\((?!\s*[\"']?data:)", theme + own):
        raise ValueError("a style sheet that asks for other files")
    without: set[str] = set()
    rules = [*needed(parsed(theme), without), *parsed(own)]
    css = "".join(map(written, rules))
    while True:  # a property may have been needed by one that is not needed itself
        used = set(_PROPERTY.findall(css))
        fewer = "".join(written(rule, used) for rule in parsed(css))
        if fewer == css:
            return f'@charset "UTF-8";{css}', without
        css = fewer


def parsed(css: str) -> list[Any]:
    """The rules of a sheet, but for what only tells its encoding. Raises ``ValueError``."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    if bad := [rule for rule in rules if rule.type == "error"]:
        raise ValueError(bad[0].message)
    return [rule for rule in rules if getattr(rule, "at_keyword", "") != "charset"]


def inside(rule: Any) -> Sequence[Any]:
    """Declarations and rules inside a rule. Raises ``ValueError``."""
    rules = rule.type == "at-rule" and rule.lower_at_keyword in HOLDING
    parse = tinycss2.parse_rule_list if rules else tinycss2.parse_blocks_contents
    found = parse(rule.content, skip_comments=True, skip_whitespace=True)
    if bad := [node for node in found if node.type == "error"]:
        raise ValueError(bad[0].message)
    return list(found)


def needed(rules: Iterable[Any], without: set[str]) -> Iterator[Any]:
    """The rules that can match a page with no words but :data:`SHOWN`; adds the others' words."""
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [s for s in split(rule.prelude) if possible(s, without)]
            if selectors:
                rule.prelude = [part for selector in selectors for part in (*selector, COMMA)][:-1]
                yield rule
        elif rule.type == "at-rule" and rule.lower_at_keyword in HOLDING[:4]:
            within = list(needed(inside(rule), without))
            if within:
                rule.content = tinycss2.parse_component_value_list("".join(map(written, within)))
                yield rule
        else:
            yield rule


COMMA = tinycss2.parse_one_component_value(",")


def split(tokens: Iterable[Any]) -> Iterator[list[Any]]:
    """The selectors of a list."""
    selector: list[Any] = []
    for part in tokens:
        if part == ",":
            yield selector
            selector = []
        else:
            selector.append(part)
    yield selector


def possible(selector: Sequence[Any], without: set[str]) -> bool:
    """Whether a selector can match; if not, adds the words that rule it out."""
    missing = [word for word in required(selector) if word not in SHOWN]
    without.update(missing)
    return not missing


def required(selector: Sequence[Any]) -> Iterator[str]:
    """The words without which a selector matches nothing. Functions like ``:not()`` need none."""
    for before, part in zip((None, *selector), selector, strict=False):
        if before == "." and part.type == "ident":
            yield part.value
        elif part.type == "[] block":
            name, *rest = (node for node in part.content if node.type != "whitespace")
            if name.value in VALUED and len(rest) == 2 and rest[0] == "=":
                yield f"{name.value}={rest[1].value}"


def written(node: Any, used: Collection[str] | None = None) -> str:
    """A rule or declaration in few letters; with ``used``, without the theme's other properties."""
    if node.type == "declaration":
        important = "!important" if node.important else ""
        return f"{node.name}:{short(node.value)}{important}"
    name = f"@{node.at_keyword}" if node.type == "at-rule" else ""
    prelude = short(node.prelude)
    head = f"{name} {prelude}" if name and prelude else name or prelude
    if node.content is None:
        return f"{head};"
    parts = [part for part in inside(node) if not unused(part, used)]
    body = ""
    for part in parts:
        text = written(part, used)
        body += f"{text};" if part.type == "declaration" else text
    body = body.removesuffix(";") if parts and parts[-1].type == "declaration" else body
    return f"{head}{{{body}}}" if body else ""


def unused(node: Any, used: Collection[str] | None) -> bool:
    """Whether a declaration gives a value that nobody asks for."""
    if used is None or node.type != "declaration":
        return False
    return node.name.startswith(_THEMES) and node.name not in used


def short(tokens: Iterable[Any]) -> str:
    """Tokens as text without comments and with no more blanks than they need."""
    kept = [token for token in tokens if token.type != "comment"]
    text = "".join(" " if token.type == "whitespace" else token.serialize() for token in kept)
    return text.strip()
