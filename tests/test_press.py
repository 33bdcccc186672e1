"""The generator with a memory makes what the generator makes, and forgets what no longer holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import ROOT

PAGES = {
    "index.md": "---\ntitle: はじめ\n---\n\n# はじめ\n\n[二](two.md#place)\n",
    "two.md": "---\ntitle: 二\n---\n\n# 二\n\n## 場所 {#place}\n\n<p>本文</p>\n",
    "kpis/three.md": "---\ntitle: 三\n---\n\n# 三\n\n[はじめ](../index.md)\n",
}
SETTINGS = """
site_name: 町
site_url: https://example.jp/
theme: {name: material, language: ja, font: false}
plugins: []
markdown_extensions: [attr_list]
validation: {links: {not_found: warn, anchors: warn}}
not_in_nav: /kpis/*
nav: [index.md, two.md]
"""


class Town:
    """A small folder of pages, made into HTML with and without the memory."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.docs, self.runs = folder, folder / "docs", 0
        for name, text in PAGES.items():
            self.write(name, text)
        (folder / "mkdocs.yml").write_text(SETTINGS, encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        file = self.docs / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def make(self, *command: str) -> tuple[dict[str, bytes] | None, str]:
        """The files of a site (``None`` if it failed), and what was said."""
        self.runs += 1
        site = self.folder / f"site-{self.runs}"
        settings = {"INHERIT": str(self.folder / "mkdocs.yml"), "docs_dir": str(self.docs)}
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
                "SOURCE_DATE_EPOCH": "1795305600",
                "NO_MKDOCS_2_WARNING": "1",
            },
            check=False,
        )
        if done.returncode:
            return None, done.stderr
        files = {str(f.relative_to(site)): f for f in sorted(site.rglob("*")) if f.is_file()}
        return {name: file.read_bytes() for name, file in files.items()}, done.stderr

    def press(self) -> tuple[dict[str, bytes] | None, str]:
        return self.make("scripts.press")

    def plain(self) -> dict[str, bytes]:
        made, said = self.make("mkdocs", "build", "--config-file", "-")
        assert made is not None, said
        return made

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
    assert len(kept) == len(PAGES)
    assert town.press()[0] == plain
    assert town.kept() == kept
    town.write("kpis/three.md", PAGES["kpis/three.md"] + "\n追記\n")
    assert town.press()[0] == town.plain()
    assert len(town.kept() - kept) == 1, "one page changed, one page was made"
    town.write("two.md", PAGES["two.md"].replace("title: 二", "title: 弐"))
    made, _ = town.press()
    assert made == town.plain()
    assert "弐".encode() in (made or {})["index.html"]


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
