"""``python -m scripts.press --site-dir DIR [--strict]``: ``mkdocs build`` with a memory.

The settings come as text on stdin, as for ``mkdocs build --config-file -``, and the result is the
same to the byte: MkDocs' own build runs, only pages whose HTML is known already are not rendered
again. A page is known by the hash of everything its HTML depends on (:meth:`Press.shared_by_all`
and its source); what is kept is never wrong, only unused. ``mkdocs build`` makes the same site
without this module. Exit 0 good, 1 as ``mkdocs build``.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import sys
import zlib
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import mkdocs.commands.build as generator
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.utils import CountHandler, get_build_timestamp

from scripts.charts.cache import fetch, forget, keep
from scripts.command import Parser

LIBRARIES = ("mkdocs", "mkdocs-material", "markdown", "pymdown-extensions", "jinja2", "pyyaml")
"""What turns a source into HTML, besides Python and the files hashed below."""

PLACES = ("config_file_path", "docs_dir", "site_dir")
"""Settings that say where files lie, not what they become."""

POPULATE, BUILD = generator._populate_page, generator._build_page


class Press:
    """Stands in for the two steps of MkDocs that cost time: from Markdown, and into the theme."""

    def __init__(self, config: MkDocsConfig, settings: bytes) -> None:
        self.config, self.settings = config, settings
        self.shared = ""
        self.known: dict[str, bytes] = {}
        self.names: dict[str, str] = {}
        self.made: list[Page] = []

    def shared_by_all(self, files: Files) -> str:
        """A hash of what every page depends on: versions, settings, theme parts, menu, addresses.

        The menu shows titles of its pages, and links are checked against the names of all pages.
        """
        digest = hashlib.sha256()

        def add(*parts: str | bytes) -> None:
            for part in parts:
                content = part.encode() if isinstance(part, str) else part
                digest.update(b"%d\n%s" % (len(content), content))

        add(sys.version, *(f"{name} {version(name)}" for name in LIBRARIES))
        add(Path(__file__).read_bytes(), str(get_build_timestamp()))
        add(Path(json.loads(self.settings)["INHERIT"]).read_bytes())
        add(*(f"{key}={said(value)}" for key, value in self.config.items() if key not in PLACES))
        for folder in filter(None, [self.config.theme.custom_dir]):
            for file in sorted(p for p in Path(folder).rglob("*") if p.is_file()):
                add(str(file.relative_to(folder)), file.read_bytes())
        for each in files:
            add(each.src_uri, each.url)
            if each.page is not None:  # so far only the pages of the menu have been made
                add(head(each.content_bytes))
        return digest.hexdigest()

    def populate(self, page: Page, config: MkDocsConfig, files: Files, dirty: bool = False) -> None:
        """Instead of ``_populate_page``: from Markdown to content, unless the HTML is known."""
        self.shared = self.shared or self.shared_by_all(files)
        uri = page.file.src_uri
        stamp = f"{self.shared}\n{uri}\n".encode() + page.file.content_bytes
        self.names[uri] = f"{hashlib.sha256(stamp).hexdigest()}.page"
        kept = fetch(self.names[uri])
        if kept is None:
            POPULATE(page, config, files, dirty)
            return
        facts, _, self.known[uri] = zlib.decompress(kept).partition(b"\n")
        page.markdown = page.content = ""
        page.meta, anchors, links = json.loads(facts)
        page.present_anchor_ids = set(anchors)
        targets = ((files.get_file_from_path(to), found) for to, found in links.items())
        page.links_to_anchors = {to: found for to, found in targets if to is not None}

    def build(self, page: Page, *arguments: Any, **named: Any) -> None:
        """Instead of ``_build_page``: content into the theme, unless the HTML is known."""
        known = self.known.pop(page.file.src_uri, None)
        if known is None:
            BUILD(page, *arguments, **named)
            self.made.append(page)
            return
        target = Path(page.file.abs_dest_path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(known)

    def keep(self) -> None:
        """Keep what was made; only call it after a build without a warning."""
        for page in self.made:
            links = {to.src_uri: found for to, found in (page.links_to_anchors or {}).items()}
            try:
                facts = json.dumps([page.meta, sorted(page.present_anchor_ids or ()), links])
            except TypeError:  # a date in the front matter, say: such a page is made every time
                continue
            if "title" in page.meta:
                html = Path(page.file.abs_dest_path).read_bytes()
                content = zlib.compress(facts.encode() + b"\n" + html, 1)
                keep(self.names[page.file.src_uri], content)


def said(value: object) -> str:
    """A setting as text; blank for objects, which the hashed file of settings describes."""
    try:
        return json.dumps(value, sort_keys=True)
    except TypeError:
        return ""


def head(source: bytes) -> bytes:
    """The front matter of a page, where its title stands; all of it when there is none."""
    end = source.find(b"\n---", 3)
    return source[:end] if source.startswith(b"---") and b"\ntitle:" in source[:end] else source


def main(argv: Sequence[str] | None = None) -> int:
    """Command line."""
    parser = Parser("press", "設定を標準入力から読み、HTMLを作ります。")
    parser.add_argument("--site-dir", required=True, metavar="DIR", help="HTMLを置くフォルダー")
    parser.add_argument("--strict", action="store_true", help="警告があれば失敗する")
    a = parser.parse_args(argv)
    settings = sys.stdin.buffer.read()
    log = logging.getLogger("mkdocs")
    log.setLevel(logging.INFO)
    shown = logging.StreamHandler()
    shown.setFormatter(logging.Formatter("%(levelname)-7s -  %(message)s"))
    warned = CountHandler()
    warned.setLevel(logging.WARNING)
    log.addHandler(shown)
    log.addHandler(warned)
    try:
        again = io.BytesIO(settings)
        again.name = sys.stdin.name  # the settings it inherits from are looked up beside it
        config = load_config(config_file=again, site_dir=a.site_dir, strict=a.strict)
        config.plugins.on_startup(command="build", dirty=False)
        press = Press(config, settings)
        generator._populate_page, generator._build_page = press.populate, press.build
        generator.build(config)
    except MkDocsException as error:
        log.error(str(error))  # noqa: TRY400 - no traceback for a person
        return 1
    if not warned.get_counts():
        press.keep()
        forget()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
