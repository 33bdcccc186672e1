"""Every word of a package is an attack: the check refuses it, and past the check nothing runs.

``hostile.py`` says what is tried. The twin with harmless words shows what each page is made of: a
page of attacks must have the same elements with the same attributes.
"""

from __future__ import annotations

import csv
import io
import json
import os
import pickle
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from filelock import FileLock
from markdown_it import MarkdownIt
from openpyxl import load_workbook
from playwright.sync_api import Page

from scripts.check import check
from scripts.console import annotation
from scripts.diff.compare import compare
from scripts.diff.pages import PageChanges
from scripts.diff.report import Report, to_markdown
from scripts.exports.cells import unguard
from scripts.model import Problem
from scripts.site import generate
from scripts.tree import write_tree
from tests.browser import chromium, serving
from tests.helpers import ROOT, TODAY, Copy
from tests.hostile import ANYWHERE, STARTS, Town, make_town, strings

MARK = re.compile(r"zq(\d{4})")
JSON_BLOCK = re.compile(r'<script type="application/[^>]*json">(.*?)</script>', re.DOTALL)
TELLTALE = re.compile(r"zq\d{4}|alert\(|evil\.example")

ELEMENTS = """async (url) => {
  const text = await (await fetch(url)).text();
  const page = new DOMParser().parseFromString(text, "text/html");
  for (const picture of page.querySelectorAll("svg:has(text)")) picture.replaceChildren();
  const found = {
    all: [...page.querySelectorAll("*")].map(
      (e) => [e.localName, ...[...e.attributes].map((a) => a.name)].join(" ")),
    addresses: [...page.querySelectorAll("[href], [src], [action], [data], [xlink\\\\:href]")].map(
      (e) => e.href?.baseVal ?? e.href ?? e.src ?? e.action ?? e.data ?? ""),
    values: [...page.querySelectorAll("*")].flatMap(
      (e) => [...e.attributes].map((a) => [a.name, a.value])),
  };
  for (const e of page.querySelectorAll("script, style, pre, code"))
    if (!e.matches("pre, code") || e.textContent.trim().startsWith("@misc")) e.remove();
  return { ...found, words: page.body.textContent };
}"""
"""What a browser makes of a page: its elements, where they point, and its words (BibTeX, which
has its own way of writing, aside)."""


@dataclass
class Pair:
    """The hostile town, its harmless twin, and the sites made from both."""

    hostile: Town
    harmless: Town
    folder: Path

    def site(self, name: str) -> Path:
        """The published folder of ``hostile`` or ``harmless``."""
        return self.folder / name / "site"

    @property
    def pages(self) -> list[str]:
        """Every HTML page."""
        site = self.site("hostile")
        return sorted(p.relative_to(site).as_posix() for p in site.rglob("*.html"))


def make_pair(folder: Path) -> None:
    """Render and generate both; the pictures as pixels hold no markup and are left out."""
    towns = {}
    for name in ("hostile", "harmless"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("scripts.charts.files.to_pngs", lambda pictures, team: {})
            towns[name] = make_town(folder / name / "town", hostile=name == "hostile")
        out, site = folder / name / "docs", folder / name / "site"
        write_tree(towns[name].files, out)
        assert generate(ROOT / "mkdocs.yml", out, site, TODAY, strict=False, lock=None)
    pair = Pair(towns["hostile"], towns["harmless"], folder)
    (folder / "pair.pickle").write_bytes(pickle.dumps(pair))


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """Both towns, made once for all workers."""
    shared = tmp_path_factory.getbasetemp()
    folder = (shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared) / "hostile"
    with FileLock(f"{folder}.lock"):
        if not (folder / "pair.pickle").exists():
            make_pair(folder)
    loaded = pickle.loads((folder / "pair.pickle").read_bytes())  # noqa: S301 - written above
    assert isinstance(loaded, Pair)
    return loaded


def plain(text: str) -> str:
    """A text with its white space folded."""
    return " ".join(text.split())


def verbatim(town: Town, text: str) -> list[int]:
    """The numbers of the texts that stand whole in ``text``; fails for one that does not."""
    found = [int(number) for number in MARK.findall(text)]
    folded = plain(text)
    for number in found:
        assert plain(town.words.texts[number]) in folded, (number, folded[:300])
    return found


# --- the check ----------------------------------------------------------------------------------

REFUSED = {
    "formula-in-cell": (
        '=HYPERLINK("http://evil.example","x")',
        "+1+1",
        "@SUM(1)",
        "-1+cmd|' /C'!A0",
    ),
    "script-in-cell": (*ANYWHERE[:6], *ANYWHERE[8:10], *ANYWHERE[20:21], "javascript:alert(1)"),
    "control-character": ("a\u202etxt.exe", "a\u2066b", "a\u200bb", "a\x0bb", "a\x1b[2Jb"),
    "line-break": ("a\nb",),
    "nul-byte": ("a\0b",),
}
"""Attacks that must not even be published as words."""


@pytest.mark.parametrize(
    ("code", "attack"), [(code, attack) for code in REFUSED for attack in REFUSED[code]]
)
def test_the_check_refuses(code: str, attack: str, town: Copy) -> None:
    town.cell("observations", "farm-persons,2025", "note", attack)
    errors = [p for p in check(town.descriptor, TODAY)[1] if p.level == "error"]
    assert code in {p.code for p in errors}
    for problem in errors:
        assert not re.search("[\x00-\x1f\u202e\u2066]", problem.line()), "an attack on the reader"


def test_the_check_refuses_the_whole_town(pair: Pair) -> None:
    """Were it to be submitted: hundreds of errors, each naming its cell."""
    package, problems = check(pair.folder / "hostile" / "town" / "datapackage.json", TODAY)
    assert package is None
    refused = {(p.path, p.row, p.field) for p in problems if p.level == "error"}
    assert len(refused) > 300


# --- pages --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser_pages(pair: Pair) -> Iterator[tuple[Page, str, Page, str]]:
    """A page of the hostile site and one of the harmless site, with their addresses."""
    with (
        serving(pair.site("hostile"), "/") as bad,
        serving(pair.site("harmless"), "/") as good,
        chromium() as browser,
    ):
        one, two = browser.new_page(), browser.new_page()
        one.goto(bad + "robots.txt")
        two.goto(good + "robots.txt")
        yield one, bad, two, good
        one.close()
        two.close()


LONGER = ("data/readability/", "glossary/", "embed/", "sources/")
"""Pages whose shape follows the words: findings about them, their order, unsafe links left out.
"""


def test_no_element_comes_from_a_cell(
    pair: Pair, browser_pages: tuple[Page, str, Page, str]
) -> None:
    """Same elements, same attributes, in the same order; no address but ours; every word whole."""
    one, bad, two, good = browser_pages
    known: set[str] = set()
    seen: set[int] = set()
    for path in pair.pages:
        hostile: dict[str, Any] = one.evaluate(ELEMENTS, bad + path)
        harmless: dict[str, Any] = two.evaluate(ELEMENTS, good + path)
        known |= set(harmless["all"])
        if path.startswith(LONGER):
            assert set(hostile["all"]) <= known, path
        else:
            assert hostile["all"] == harmless["all"], path
        for address in hostile["addresses"]:
            assert re.match(r"(https?://[\w.-]*(?<!evil\.example)[:/]|mailto:|$)", address), address
        for name, value in hostile["values"]:
            if TELLTALE.search(value):
                assert not name.startswith("on") and name not in ("style", "srcdoc"), name
        seen |= set(verbatim_words(pair.hostile, hostile["words"]))
    assert len(seen) > 600, "most texts are shown somewhere"


def verbatim_words(town: Town, words: str) -> list[int]:
    """Like :func:`verbatim` for a page; a text in a chart is broken into lines and cut."""
    found = [int(number) for number in re.findall(r"zz(\d{4})", words)]
    folded = "".join(words.split()).casefold()  # a title may stand inside an English sentence
    for number in found:
        assert "".join(town.words.texts[number].split()).casefold() in folded, number
    return found


def test_nothing_runs_in_a_browser(pair: Pair) -> None:
    """All pages are opened; where words are put in place by scripts, these are used."""
    with serving(pair.site("hostile"), "/") as base, chromium() as browser:
        page = browser.new_page()
        page.add_init_script("window.ran = []; window.alert = (n) => window.ran.push(n);")
        strangers: list[str] = []
        page.on("request", lambda r: strangers.append(r.url) if base not in r.url else None)
        page.on("dialog", lambda dialog: strangers.append(dialog.message))
        for path in pair.pages:
            page.goto(base + path.removesuffix("index.html"), wait_until="load")
            assert page.evaluate("window.ran") == [], path
        page.goto(base)
        page.get_by_role("combobox").first.fill("alert")
        page.get_by_role("option").first.wait_for()
        assert page.evaluate("window.ran") == []
        kpi = pair.hostile.package.kpis[0].kpi_id
        page.goto(f"{base}kpis/{kpi}/")
        page.locator(".chart__explore").first.click()
        page.locator(".chart__live :is(canvas, svg)").first.wait_for()
        page.locator(".chart__live").first.hover()
        assert page.evaluate("window.ran") == []
        page.close()
        assert [url for url in strangers if not url.startswith(("data:", "blob:"))] == []


# --- files --------------------------------------------------------------------------------------


def test_json_gives_every_word_back(pair: Pair) -> None:
    """Also inside the scripts of pages: descriptions for machines and specs of charts."""
    seen: set[int] = set()
    documents = {p: f for p, f in pair.hostile.files.items() if p.endswith((".json", ".jsonld"))}
    assert len(documents) > 15
    for content in documents.values():
        for text in strings(json.loads(content)):
            if not text.startswith("@misc{"):  # BibTeX has its own way of writing
                seen |= set(verbatim(pair.hostile, text))
    for page in pair.site("hostile").rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        for block in re.findall(
            r'<script type="application/[^>]*json">(.*?)</script>', html, re.DOTALL
        ):
            for text in strings(json.loads(block)):
                seen |= set(verbatim(pair.hostile, text))
    assert len(seen) > 600


def test_xml_gives_every_word_back(pair: Pair) -> None:
    """The feed and the pictures: parsed strictly, nothing but their own elements."""
    for path, content in pair.hostile.files.items():
        if not path.endswith((".xml", ".svg")):
            continue
        root = ElementTree.fromstring(content)
        twin = ElementTree.fromstring(pair.harmless.files[path])
        assert {e.tag for e in root.iter()} <= {e.tag for e in twin.iter()}
        for element in root.iter():
            assert not [name for name in element.attrib if name.startswith("on")]
            if not element.tag.endswith("}text"):  # a line of a label may be part of a text
                verbatim(pair.hostile, element.text or "")
            for value in element.attrib.values():
                assert not re.match(r"\s*(javascript|data|vbscript):", value, re.IGNORECASE)


def test_csv_runs_in_no_spreadsheet(pair: Pair) -> None:
    """Decided: a ``'`` is put before what a spreadsheet would run; taken away, the text is back."""
    cells = 0
    for path, content in pair.hostile.files.items():
        if not path.endswith(".csv"):
            continue
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
            for cell in row:
                assert re.fullmatch(r"[+-]?\d+(\.\d+)?", cell) or not re.match(r"[=+\-@\t\r]", cell)
                cells += len(verbatim(pair.hostile, unguard(cell)))
    assert cells > 600


def test_workbooks_hold_strings_and_no_formulas(pair: Pair) -> None:
    workbooks = {p: f for p, f in pair.hostile.files.items() if p.endswith(".xlsx")}
    assert len(workbooks) > 9
    texts = 0
    for path, content in workbooks.items():
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            assert not [n for n in names if "externalLink" in n or "vba" in n.lower()], path
            for name in names:
                if name.startswith("xl/worksheets/sheet"):
                    assert b"<f>" not in archive.read(name)
                if name.endswith(".rels"):
                    assert b'TargetMode="External"' not in archive.read(name), path
        for sheet in load_workbook(io.BytesIO(content)):
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str):
                        assert cell.data_type == "s"
                        assert cell.hyperlink is None
                        texts += len(verbatim(pair.hostile, unguard(cell.value)))
    assert texts > 600


def test_the_database_gives_every_word_back(pair: Pair, tmp_path: Path) -> None:
    (content,) = [f for p, f in pair.hostile.files.items() if p.endswith(".sqlite")]
    file = tmp_path / "town.sqlite"
    file.write_bytes(content)
    twin = tmp_path / "twin.sqlite"
    twin.write_bytes(next(f for p, f in pair.harmless.files.items() if p.endswith(".sqlite")))
    made = []
    seen: set[int] = set()
    for place in (file, twin):
        database = sqlite3.connect(place)
        tables = database.execute("select name, type from sqlite_master").fetchall()
        made.append(tables)
        for name, kind in tables:
            if kind != "index":
                for row in database.execute(f'select * from "{name}"'):  # noqa: S608 - our names
                    if place == file:
                        for value in row:
                            seen |= set(verbatim(pair.hostile, str(value)))
        database.close()
    assert made[0] == made[1]
    assert len(seen) > 300


def test_the_archive_holds_the_same_files(pair: Pair) -> None:
    with zipfile.ZipFile(io.BytesIO(pair.hostile.files["data/all.zip"])) as archive:
        names = archive.namelist()
    with zipfile.ZipFile(io.BytesIO(pair.harmless.files["data/all.zip"])) as archive:
        assert names == archive.namelist()


def test_the_markdown_of_a_pull_request(pair: Pair) -> None:
    """Rendered as GitHub would, with HTML let through: only our own elements."""
    report = Report(
        against=STARTS[0] + ANYWHERE[0],
        comparison=compare(pair.harmless.package, pair.hostile.package),
        pages=PageChanges(
            added=tuple((f"a{n}/", text) for n, text in enumerate(ANYWHERE)),
            changed=tuple((f"b{n}/", text) for n, text in enumerate(STARTS)),
            removed=(),
        ),
        code_differs=True,
    )
    markdown = to_markdown(report)
    html = (
        MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown)
    )
    made = set(re.findall(r"<([a-z][a-z0-9]*)", html))
    ours = {"h2", "h3", "p", "blockquote", "ul", "li", "code", "strong", "details", "summary"}
    assert made <= ours | {"table", "thead", "tbody", "tr", "th", "td"}
    assert set(re.findall(r"<\w+ ([^>]*)>", html)) == set()
    rows = [line for line in markdown.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} <= {3, 6, 7}


@pytest.mark.parametrize(
    "attack", ["a\n::error::b", "a\r::set-env::b", "a%0A::stop::b", "a,line=1::b"]
)
def test_an_annotation_is_one_command(attack: str) -> None:
    """A value in a message cannot start a second workflow command."""
    line = annotation(Problem(attack, 1, attack, "code", attack, attack, attack))
    assert "\n" not in line and "\r" not in line
    head, _, text = line.removeprefix("::").partition("::")
    assert re.fullmatch(r"error file=[^,:]*,line=1", head)
    assert "%0A" not in text.replace("%250A", "").replace("%0A", "", 3) or "\n" in attack
