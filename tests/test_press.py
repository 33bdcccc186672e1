"""The generator with a memory makes what the generator makes, and forgets what no longer holds."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mkdocs.theme import Theme

from scripts.compiled import Templates
from scripts.finish import finish_folder
from tests.helpers import ROOT

PAGES = {
    "index.md": "---\ntitle: はじめ\n---\n\n# はじめ\n\n[二](two.md#place)\n",
    "two.md": "---\ntitle: 二\n---\n\n# 二\n\n## 場所 {#place}\n\n"
    '<p>本文</p>\n\n<div><svg viewBox="0 0 1 1"><path d="M0 0"/></svg> <svg a="1"></svg></div>\n',
    "assets/site.css": "p {}",
    "assets/js/site.js": 'import("./big.js")',
    "assets/js/big.js": "export const x = 1;",
    "kpis/three.md": "---\ntitle: 三\n---\n\n# 三\n\n[はじめ](../index.md)\n\n"
    '```html\n<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>\n```\n\n<svg *a*="1"></svg>\n',
}
SETTINGS = """
site_name: 町
site_url: https://example.jp/
theme:
  name: material
  custom_dir: theme
  language: ja
  font: false
  palette: {scheme: default, primary: custom, accent: custom}
extra: {built: 今日}
plugins: []
markdown_extensions: [attr_list]
validation: {links: {not_found: warn, anchors: warn}}
not_in_nav: /kpis/*
nav: [index.md, two.md]
extra_css: [assets/site.css]
"""
SCRIPT = """<script src="{{ 'assets/js/site.js' | url }}"></script>"""
NOTE = f'<div class="admonition"><p>{"注" * 200}</p></div>\n'


def tree_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def pages_of(site: dict[str, bytes]) -> list[bytes]:
    """The pages, but for the one of errors."""
    return [site[f"{name}index.html"] for name in ("", "kpis/three/", "two/")]


class Town:
    """A small folder of pages, made into HTML with and without the memory."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.docs, self.runs = folder, folder / "docs", 0
        for name, text in PAGES.items():
            self.write(name, text)
        (folder / "mkdocs.yml").write_text(SETTINGS, encoding="utf-8")
        self.day = "2026-11-22"
        self.template("{{ config.extra.built }}に作った")

    def write(self, name: str, text: str) -> None:
        file = self.docs / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def template(self, text: str) -> None:
        """A part of the theme that is the town's own."""
        (self.folder / "theme").mkdir(exist_ok=True)
        main = '{% extends "base.html" %}{% block content %}{{ super() }}<p>' + text
        main += "</p>{% endblock %}{% block scripts %}" + SCRIPT + "{% endblock %}"
        (self.folder / "theme" / "main.html").write_text(main, "utf-8")

    def make(self, *command: str) -> tuple[dict[str, bytes] | None, str]:
        """The files of a site (``None`` if it failed), and what was said."""
        self.runs += 1
        site = self.folder / f"site-{self.runs}"
        settings = {
            "INHERIT": str(self.folder / "mkdocs.yml"),
            "docs_dir": str(self.docs),
            "extra": {"built": self.day},
        }
        midnight = datetime.fromisoformat(self.day).replace(tzinfo=UTC)
        done = subprocess.run(
            [sys.executable, "-m", *command, "--strict", "--site-dir", str(site)],
            input=json.dumps(settings),
            capture_output=True,
            encoding="utf-8",
            cwd=self.folder,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "SITE_CACHE": str(self.folder / "cache"),
                "SOURCE_DATE_EPOCH": str(int(midnight.timestamp())),
                "NO_MKDOCS_2_WARNING": "1",
            },
            check=False,
        )
        if done.returncode:
            return None, done.stderr
        return tree_of(site), done.stderr

    def press(self) -> tuple[dict[str, bytes] | None, str]:
        return self.make("scripts.press")

    def plain(self) -> dict[str, bytes]:
        made, said = self.make("mkdocs", "build", "--config-file", "-")
        assert made is not None, said
        folder = self.folder / f"site-{self.runs}"
        finish_folder(folder)
        return tree_of(folder)

    def kept(self) -> set[str]:
        return {file.name for file in (self.folder / "cache").rglob("*.page")}


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def test_same_bytes_cold_warm_and_without_a_memory(town: Town) -> None:
    """Then one page changes, and a title in the menu, which every page shows."""
    plain = town.plain()
    assert town.press()[0] == plain
    kept = town.kept()
    assert len(kept) == 3
    assert town.press()[0] == plain
    assert town.kept() == kept
    town.write("kpis/three.md", PAGES["kpis/three.md"] + "\n追記\n")
    assert town.press()[0] == town.plain()
    assert len(town.kept() - kept) == 1, "one page changed, one page was made"
    town.write("two.md", PAGES["two.md"].replace("title: 二", "title: 弐"))
    made, _ = town.press()
    assert made == town.plain()
    assert "弐".encode() in (made or {})["index.html"]


def test_a_new_asset_has_a_new_name_in_remembered_pages(town: Town) -> None:
    """Also where a script only imports what changed."""
    first = town.press()[0] or {}
    kept = town.kept()
    (style,) = (name for name in first if re.fullmatch(r"assets/page\.[0-9a-f]{8}\.css", name))
    assert f'href="../../{style}"'.encode() in first["kpis/three/index.html"]
    assert b"assets/site" not in first["kpis/three/index.html"]
    town.write("assets/js/big.js", "export const x = 2;")
    town.write("assets/site.css", "p { margin: 0 }")
    second = town.press()[0] or {}
    assert town.kept() == kept, "no page was made anew"
    assert second == town.plain()
    gone = first.keys() - second.keys()
    assert {re.sub(r"[0-9a-f]{8}", "*", name) for name in gone} == {
        "assets/site.*.css",
        "assets/page.*.css",  # what it is joined to
        "assets/js/site.*.js",
        "assets/js/big.*.js",
    }
    for name in gone:
        assert not [page for page, html in second.items() if name.encode() in html]


def test_a_page_with_a_style_of_its_own_asks_for_all_of_them(town: Town) -> None:
    """Also when it stands in what was taken out before Markdown."""
    first = town.press()[0] or {}
    assert all(b"assets/page." in page for page in pages_of(first))
    town.write("two.md", f"{PAGES['two.md']}\n{NOTE}")
    second = town.press()[0] or {}
    assert second == town.plain()
    assert [b"assets/page." in page for page in pages_of(second)] == [True, True, False]
    assert b"stylesheets/main." in second["two/index.html"]


def test_a_new_page_leaves_the_others_alone(town: Town) -> None:
    """Except those that had looked for it."""
    town.write("two.md", PAGES["two.md"] + "\n[四](kpis/four.md)\n")
    made, said = town.press()
    assert made is None
    assert "kpis/four.md" in said
    kept = town.kept()
    assert len(kept) == 2, "a page with a warning is made anew every time"
    town.write("kpis/four.md", PAGES["kpis/three.md"])
    assert town.press()[0] == town.plain()
    assert len(town.kept() - kept) == 2


@pytest.mark.parametrize(
    ("text", "fresh"),
    [
        ("{{ config.extra.built }}に作った", 0),
        ("{{ build_date_utc }}", 3),
        ("{% for p in pages %}{{ p.url }}{% endfor %}", 0),
    ],
)
def test_pages_of_yesterday_are_of_use_today(town: Town, text: str, fresh: int) -> None:
    """The day is put into the HTML afterwards, unless a template reads the clock itself."""
    town.template(text)
    assert town.press()[0] == town.plain()
    kept = town.kept()
    town.day = "2026-11-23"
    assert town.press()[0] == town.plain()
    assert len(town.kept() - kept) == fresh
    town.write("new.md", "---\ntitle: 新\n---\n\n# 新\n")
    town.write("index.md", PAGES["index.md"] + "\n[新](new.md)\n")
    assert town.press()[0] == town.plain()


def test_links_of_remembered_pages_are_still_checked(town: Town) -> None:
    """The page with the link did not change; what it leads to did."""
    assert town.press()[0] is not None
    town.write("two.md", PAGES["two.md"].replace("{#place}", "{#elsewhere}"))
    made, said = town.press()
    assert made is None
    assert "'two.md' does not contain an anchor '#place'" in said
    town.write("two.md", PAGES["two.md"])
    (town.docs / "kpis" / "three.md").unlink()
    town.write("index.md", PAGES["index.md"] + "\n[三](kpis/three.md)\n")
    made, said = town.press()
    assert made is None
    assert "kpis/three.md" in said


def test_only_hidden_templates_are_left_out() -> None:
    """MkDocs leaves them out itself, one after the other: the icons of Material are thousands."""
    theme = Theme("material")
    everything = set(theme.get_env().list_templates())
    hidden = {name for name in everything if re.search(r"(^|/)\.", name)}
    assert hidden
    assert set(Templates(theme.dirs).list_templates()) == everything - hidden
