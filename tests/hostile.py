"""A town whose every word is an attack, and its twin whose words are harmless.

Both are made from the fixture: every cell of text, every word of ``datapackage.json`` and every
word of the git history is replaced. ``TEXTS[number]`` gives back what stands at ``zq<number>``.
The check refuses such a package; here it is loaded past the check, because a page must be safe even
where a rule has a hole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scripts.build import render
from scripts.history import Log
from scripts.history.model import Revision
from scripts.load import load_package
from scripts.model import Package
from tests.helpers import TODAY, Copy

STARTS = (
    *('=HYPERLINK("http://evil.example","x")', "+1+1", "-1+cmd|' /C calc'!A0", "@SUM(1)", "\t=1"),
    *("# ", "> ", "- ", "+ ", "1. ", "| a | b |", "---", "    ", "```", "~~~", ":::", "!!! note"),
    *("[TOC]", "[x]: javascript:alert(20) ", "*[KPI]: x", "{: onclick=alert(21) }", "???+ x"),
    *("::error file=x::", "%0A::error::", "<!--", "<?php", "&lt;script&gt;", "\\", "$x$", "'", '"'),
    *("{{ 7*7 }}", "{% raw %}", "{# x #}", "--8<-- 'x'", "\u202e", "\u2066", "《", "Ｘ"),
)
"""What is special at the beginning of a cell, a line or a paragraph."""

ANYWHERE = (
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(2)>",
    "<svg/onload=alert(3)>",
    '](javascript:alert(4) "x")',
    "[a](javascript:alert(5))",
    '![b](x" onerror="alert(6))',
    "<javascript:alert(7)>",
    "{{ 7*7 }}{% raw %}{{ config }}",
    "</title></textarea></style></noscript></pre></script><script>alert(8)</script>",
    "]]><script>alert(9)</script>",
    "--><b onclick=alert(10)>",
    "&amp;&lt;b&gt;&#x3c;i&#x3e;",
    "`<u>` **b** __c__ ~~d~~ ^^e^^ ==f==",
    '{: onclick="alert(11)" } { .x onclick=alert(12) }',
    "${alert(13)} `${alert(14)}`",
    '<!ENTITY x SYSTEM "file:///etc/passwd"> &x;',
    "\\u003cscript\\u003e \\x3cscript> \\",
    "'; DROP TABLE kpis; --",
    "\u202etxt.exe\u202c \u2067x\u2069",
    ":material-home: ++ctrl++ [^1] [[x]] #x @y",
    "<iframe srcdoc='&lt;script&gt;alert(15)&lt;/script&gt;'></iframe>",
    "<a href=javascript:alert(16)>x</a> <base href=//evil.example>",
    "<style>*{display:none}</style> <link rel=stylesheet href=//evil.example>",
    "<form action=//evil.example><input autofocus onfocus=alert(17)>",
)
"""What is special wherever it stands."""

ADDRESSES = (
    "javascript:alert(18)//",
    " JaVa\tScRiPt:alert(18)//",
    "data:text/html,<script>alert(19)</script>",
    'https://a.example/"onmouseover="alert(18)',
    "//evil.example/",
)
"""What stands where an address is expected."""

STRUCTURE = {
    *("name", "type", "format", "$schema", "path", "encoding", "mediatype", "profile", "created"),
    *("homepage", "primaryKey", "foreignKeys", "missingValues", "fieldsMatch", "dialect", "scheme"),
    *("accent", "value", "constraints", "hash", "roles", "trueValues", "falseValues"),
}
"""Keys of ``datapackage.json`` that are no words."""


@dataclass
class Words:
    """Numbers every replaced text; ``hostile`` says with what it is replaced."""

    hostile: bool
    texts: dict[int, str] = field(default_factory=dict)
    known: dict[tuple[str, str], str] = field(default_factory=dict)

    def text(self, *, lines: bool = False) -> str:
        """The next text; ``lines`` where line breaks can stand."""
        number = len(self.texts) + 1
        if not self.hostile:
            made = f"ふつうzq{number:04d}の文"
        else:
            breaks = "\n\n<script>alert(22)</script>\n\n# x\n" if lines else ""
            start = STARTS[number % len(STARTS)]
            made = f"{start}zq{number:04d}{breaks} {' '.join(ANYWHERE)} zz{number:04d}"
        self.texts[number] = made
        return made

    def address(self) -> str:
        """The next text where an address is expected."""
        number = len(self.texts) + 1
        made = f"https://example.jp/zq{number:04d}"
        if self.hostile:
            made = f"{ADDRESSES[number % len(ADDRESSES)]}zq{number:04d}"
        self.texts[number] = made
        return made

    def same(self, kind: str, old: str) -> str:
        """One text for every occurrence of a key that people read (a unit, a group)."""
        if (kind, old) not in self.known:
            self.known[kind, old] = self.text()
        return self.known[kind, old]


@dataclass
class Town:
    """A package with what was made of it and what it was made from."""

    package: Package
    words: Words
    files: dict[str, bytes]


def make_town(folder: Path, *, hostile: bool) -> Town:
    """The fixture with every word replaced, loaded past the check and rendered."""
    words = Words(hostile)
    town = Copy(folder)
    town.describe(lambda descriptor: replace_words(descriptor, words))
    readable = {"unit", "group", "title", "term"}
    for resource in read_resources(town):
        header, *rows = town.rows(resource["name"])
        schema = resource["schema"]
        keys = {*schema["primaryKey"]}
        keys |= {name for key in schema.get("foreignKeys", ()) for name in key["fields"]}
        for column in schema["fields"]:
            place = header.index(column["name"])
            rule = column.get("constraints", {})
            if column["type"] != "string" or "enum" in rule or column["name"].endswith("_id"):
                continue
            if column["name"] in ("see", "published", "qualifier", "tone"):
                continue
            for row in rows:
                if column["name"] in keys:
                    if column["name"] in readable and row[place]:
                        row[place] = words.same(column["name"], row[place])
                elif column["name"] == "url":
                    row[place] = words.address()
                else:
                    row[place] = words.text()
        town.write(resource["name"], [header, *rows])
    town.describe(loosen)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scripts.load.cells.check_text", lambda cell, field: iter(()))
        loaded = load_package(town.descriptor)
    assert loaded.package is not None, [p.line() for p in loaded.problems if p.level == "error"][:9]
    log = history(loaded.package, words)
    files = dict(render(loaded.package, town.folder / "docs", TODAY, log=log))
    return Town(loaded.package, words, files)


def read_resources(town: Copy) -> list[dict[str, Any]]:
    """The tables that the descriptor of a copy declares."""
    found: list[dict[str, Any]] = []
    town.describe(lambda descriptor: found.extend(descriptor["resources"]))
    return found


def replace_words(node: Any, words: Words) -> None:
    """Every word of the descriptor that is no structure."""
    for key, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
        if isinstance(value, dict | list) and key not in STRUCTURE:
            replace_words(value, words)
        elif key == "path" and "schema" not in node:
            node[key] = words.address()
        elif isinstance(value, str) and key not in STRUCTURE:
            lines = key == "description" and "fields" in node
            node[key] = words.same("unit", value) if key == "unit" else words.text(lines=lines)


def loosen(descriptor: dict[str, Any]) -> None:
    """Take the shapes and lengths of words out of the schema."""
    for resource in descriptor["resources"]:
        for column in resource["schema"]["fields"]:
            for name in ("pattern", "maxLength", "minLength"):
                column.get("constraints", {}).pop(name, None)


def history(package: Package, words: Words) -> Log:
    """Two commits whose messages are attacks; the second corrects a value and a note."""
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    new = dict(package.raw)
    old = dict(new)
    old["observations"] = re.sub(rb",(\d+),final", rb",1\g<1>,final", new["observations"], count=1)

    def revision(
        number: int, before: dict[str, bytes], after: dict[str, bytes], when: datetime
    ) -> Revision:
        message = f"{words.text()}\n\n{words.text(lines=True)}"
        return Revision(
            commit=f"{number:040x}", when=when, message=message, before=before, after=after
        )

    newest = revision(2, old, new, now)
    return Log(revisions=(newest, revision(1, {}, old, now - timedelta(days=9))), complete=True)


def strings(node: Any) -> Iterator[str]:
    """Every string of a JSON document, the keys of objects, too."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)
