"""MkDocs' own build with a memory: the pages that are known already are not rendered again.

The result is, to the byte, that of MkDocs with every page finished (:mod:`scripts.finish`). A page
is known by the hash of everything its HTML depends on (:meth:`Press.shared_by_all` and its source)
and by the answers to what it asked about other files; what is kept is never wrong, only unused.
Pages are made one after the other and forgotten at once, so that memory does not grow with their
text.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import mkdocs.commands.build as generator
from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation, get_navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents
from mkdocs.theme import Theme
from mkdocs.utils import CountHandler, get_build_timestamp
from mkdocs.utils.meta import get_data

from scripts import finish as finishing
from scripts import lifting, marks, mend, seal, sheets
from scripts.cache import fetch, keep
from scripts.compiled import Compiled, Templates
from scripts.finish import finish
from scripts.lifting import Lifted, lay_down, lift
from scripts.marks import Marks, fill_holes, hole

LIBRARIES = ("mkdocs", "mkdocs-material", "markdown", "pymdown-extensions", "jinja2", "pyyaml")
"""What turns a source into HTML, besides Python and the files hashed below."""

PLACES = ("config_file_path", "docs_dir", "site_dir")
"""Settings that say where files lie, not what they become."""

STEPS = tuple(filter(None, (m.__file__ for m in (lifting, marks, mend, seal, sheets, finishing))))
"""What is done to a page before Markdown and to HTML after the theme."""

BUILT = "built"
"""The setting with the day of the run: in what is kept there is a hole for it."""

CLOCKS = (b"build_date", b"update_date", b"now(")
"""Words by which a template of ours would read the clock itself."""

POPULATE, BUILD = generator._populate_page, generator._build_page


class Asked(Sequence[File]):
    """The list of all pages that templates may read, which notes whether one did."""

    def __init__(self, files: Sequence[File]) -> None:
        self.files, self.read = files, False

    def __len__(self) -> int:
        """How many pages there are."""
        self.read = True
        return len(self.files)

    def __getitem__(self, key: Any) -> Any:
        """One page or several."""
        self.read = True
        return self.files[key]


class Press:
    """Stands in for the steps of MkDocs that cost time: Markdown, theme, copies."""

    def __init__(self, config: MkDocsConfig, settings: bytes, warned: CountHandler) -> None:
        self.config, self.settings, self.warned = config, settings, warned
        self.marks = Marks(Path(config.docs_dir), config.theme.dirs)
        self.values = dict(self.marks.names)
        if day := config.extra.get(BUILT):
            self.values[BUILT] = str(day)
            config.extra[BUILT] = hole(BUILT)
        self.shared = ""
        self.files = Files([])
        self.menu: set[str] = set()
        self.theme: tuple[Any, ...] = ()
        self.done: set[str] = set()
        self.rendered: set[str] = set()
        self.stained: set[str] = set()
        self.names: dict[str, str] = {}
        self.asked: dict[str, dict[str, list[object]]] = {}
        self.lifted: dict[str, Lifted] = {}
        self.anchors: dict[tuple[str, ...], set[str]] = {}
        self.folders: set[str] = set()

    def run(self) -> None:
        """Build the site. Raises what ``mkdocs build`` raises."""
        generator._populate_page, generator._build_page = self.populate, self.build
        setattr(generator, "get_navigation", self.navigation)  # noqa: B010 - not exported
        setattr(self.config.theme, "get_env", self.templates)  # noqa: B010 - of this one object
        try:
            generator.build(self.config)
        finally:
            generator._populate_page, generator._build_page = POPULATE, BUILD
            setattr(generator, "get_navigation", get_navigation)  # noqa: B010
            delattr(self.config.theme, "get_env")
        for name in self.config.theme.static_templates:  # MkDocs makes the error page by itself
            page = Path(self.config.site_dir, name)
            if page.suffix == ".html" and page.is_file():
                self.write(str(page), self.finished(name, page.read_bytes()))

    def templates(self) -> Environment:
        """Instead of the theme's ``get_env``: its templates are compiled once."""
        made = Theme.get_env(self.config.theme)
        made.loader = Templates(self.config.theme.dirs)
        made.bytecode_cache = Compiled("".join(f"{name} {version(name)}\n" for name in LIBRARIES))
        return made

    def navigation(self, files: Files, config: MkDocsConfig) -> Navigation:
        """Instead of ``get_navigation``: notes the pages of the menu, which every page shows."""
        made = get_navigation(files, config)
        self.files = files
        self.menu = {page.file.src_uri for page in made.pages}
        setattr(files, "copy_static_files", self.copy)  # noqa: B010 - of this one object
        return made

    def shared_by_all(self) -> str:
        """A hash of what every page depends on: versions, settings, theme parts, the menu."""
        digest = hashlib.sha256()

        def add(*parts: str | bytes) -> None:
            for part in parts:
                content = part.encode() if isinstance(part, str) else part
                digest.update(b"%d\n%s" % (len(content), content))

        add(sys.version, *(f"{name} {version(name)}" for name in LIBRARIES))
        add(*(Path(file).read_bytes() for file in (__file__, *STEPS)))
        add(Path(json.loads(self.settings)["INHERIT"]).read_bytes())
        if self.marks.sheets:
            add(*sorted(self.marks.sheets.without))
        add(*(f"{key}={said(value)}" for key, value in self.config.items() if key not in PLACES))
        clock = self.config.theme.name != "material"
        for folder in filter(None, [self.config.theme.custom_dir]):
            for file in sorted(p for p in Path(folder).rglob("*") if p.is_file()):
                content = file.read_bytes()
                add(str(file.relative_to(folder)), content)
                clock |= any(word in content for word in CLOCKS)
        if clock:
            add(str(get_build_timestamp()))
        for uri in sorted(self.menu):
            shown = self.files.src_uris[uri]
            add(uri, shown.url, head(shown.content_bytes))
        return digest.hexdigest()

    def populate(self, page: Page, *_: Any, **__: Any) -> None:
        """Instead of ``_populate_page``: from Markdown to content, unless the HTML is known.

        A page is made only when it is written, and then forgotten: so far the menu needs its title.
        """
        self.shared = self.shared or self.shared_by_all()
        uri, source = page.file.src_uri, page.file.content_bytes
        stamp = f"{self.shared}\n{uri}\n".encode() + source
        self.names[uri] = f"{hashlib.sha256(stamp).hexdigest()}.page"
        if self.take(page):
            return
        if uri in self.menu and head(source) == source:  # its title stands in the text
            self.render(page)
            self.rendered.add(uri)
        elif uri in self.menu:
            page.markdown, page.meta = "", get_data(source.decode("utf-8-sig", "replace"))[1]

    def take(self, page: Page) -> bool:
        """Write a page whose HTML is known; ``False`` when it is not, or an answer changed."""
        uri = page.file.src_uri
        kept = fetch(self.names[uri])
        if kept is None:
            return False
        facts, _, packed = kept.partition(b"\n")
        meta, page_title, anchors, links, asked = json.loads(facts)
        if any(self.answer(other) != given for other, given in asked.items()):
            return False
        page.markdown = page.content = ""
        page.title = page_title
        page.meta = meta if uri in self.menu else {}
        page.present_anchor_ids = self.shared_set(anchors)
        targets = ((self.files.get_file_from_path(to), found) for to, found in links.items())
        page.links_to_anchors = {to: found for to, found in targets if to is not None}
        self.write(page.file.abs_dest_path, zlib.decompress(packed))
        self.done.add(uri)
        return True

    def answer(self, uri: str) -> list[object]:
        """What a link learns about another file."""
        file = self.files.get_file_from_path(uri)
        return [] if file is None else [file.url, file.inclusion.value]

    def render(self, page: Page) -> None:
        """From Markdown to content, noting what the page asks about other files."""
        uri = page.file.src_uri
        asked = self.asked[uri] = {}
        find = self.files.get_file_from_path

        def noting(path: str) -> File | None:
            found = find(path)
            asked[path] = [] if found is None else [found.url, found.inclusion.value]
            return found

        def read(config: MkDocsConfig) -> None:
            Page.read_source(page, config)
            self.lifted[uri] = lift(page.markdown or "")
            page.markdown, self.lifted[uri].text = self.lifted[uri].text, ""

        setattr(self.files, "get_file_from_path", noting)  # noqa: B010 - of this one object
        setattr(page, "read_source", read)  # noqa: B010 - of this one object
        try:
            with self.noticing(uri):
                POPULATE(page, self.config, self.files)
        finally:
            delattr(self.files, "get_file_from_path")
            delattr(page, "read_source")
        page.present_anchor_ids = (page.present_anchor_ids or set()) | self.lifted[uri].anchors

    @contextmanager
    def noticing(self, uri: str) -> Iterator[None]:
        """Remember that there was a warning about a page: it has to come again next time."""
        before = self.warned.get_counts()
        yield
        if self.warned.get_counts() != before:
            self.stained.add(uri)

    def build(
        self,
        page: Page,
        config: MkDocsConfig,
        doc_files: Sequence[File],
        nav: Navigation,
        *arguments: Any,
        **named: Any,
    ) -> None:
        """Instead of ``_build_page``: content into the theme, unless the HTML is known."""
        uri, self.theme = page.file.src_uri, (nav, *arguments[:1])
        if uri in self.done:
            return
        if uri not in self.rendered:
            self.render(page)
        everything = Asked(doc_files)
        with self.noticing(uri):
            BUILD(page, config, everything, nav, *arguments, **named)
        written = Path(page.file.abs_dest_path)
        if written.is_file():  # MkDocs skips a page that came out empty
            parts = self.lifted.pop(uri).parts
            html = lay_down(self.finished(uri, written.read_bytes(), parts), parts)
            self.write(str(written), html)
            if uri not in self.stained and not everything.read:
                self.keep(page, html)
        page.title = page.title  # which would be looked up in what goes now
        page.markdown, page.content, page.toc = "", "", TableOfContents([])
        page.present_anchor_ids = self.shared_set(sorted(page.present_anchor_ids or ()))
        self.asked.pop(uri)

    def shared_set(self, anchors: Sequence[str]) -> set[str]:
        """The anchors of a page: most pages have the same ones as many others."""
        key = tuple(anchors)
        return self.anchors.setdefault(key, set(key))

    def keep(self, page: Page, html: bytes) -> None:
        """Keep a page that was made without a warning."""
        uri = page.file.src_uri
        links = {to.src_uri: found for to, found in (page.links_to_anchors or {}).items()}
        anchors = sorted(page.present_anchor_ids or ())
        try:
            facts = json.dumps([page.meta, page.title, anchors, links, self.asked[uri]])
        except TypeError:  # a date in the front matter, say: such a page is made every time
            return
        keep(self.names[uri], facts.encode() + b"\n" + zlib.compress(html, 1))

    def finished(self, uri: str, page: bytes, parts: Sequence[str] = ()) -> bytes:
        """A page as published, but for its holes and the lifted parts, which are looked at only.

        Raises ``BuildError`` for one that cannot be published.
        """
        try:
            return finish(page.decode(), self.marks.sheets, parts).encode()
        except ValueError as error:
            raise BuildError(f"'{uri}': {error}") from error

    def write(self, place: str, html: bytes) -> None:
        """Write finished HTML with the day of the run and the names of the assets in it."""
        self.folder(place)
        Path(place).write_bytes(self.filled(html))

    def filled(self, html: bytes) -> bytes:
        """A page with nothing left open."""
        return fill_holes(html, self.values)

    def folder(self, place: str) -> None:
        """Make the folder of a file."""
        folder = place.rpartition(os.sep)[0]
        if folder not in self.folders:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.folders.add(folder)

    def copy(
        self,
        *_: Any,
        inclusion: Callable[[InclusionLevel], bool] = InclusionLevel.is_included,
        **__: Any,
    ) -> None:
        """Instead of ``copy_static_files``: pages are finished, other files linked if possible."""
        pages = {file.dest_uri for file in self.files.documentation_pages()}
        for file in self.files:
            if file.is_documentation_page() or not inclusion(file.inclusion):
                continue
            if file.dest_uri not in pages:  # pages go over files
                self.copy_one(file)
        self.marks.lay(Path(self.config.site_dir))

    def copy_one(self, file: File) -> None:
        """Put a file that is no page into the site."""
        place = f"{file.dest_dir}{os.sep}{os.path.normpath(file.dest_uri)}"  # kept nowhere
        self.folder(place)
        if file.src_uri.endswith(".html"):
            self.write(place, self.finished(file.src_uri, file.content_bytes))
        elif file.src_dir != self.config.docs_dir or not linked(file, place):
            file.copy_file()

    def again(self, page: Page) -> None:
        """Make one page anew from its source as it is now, with the menu of before."""
        uri = page.file.src_uri
        for names in (self.done, self.rendered, self.stained):
            names.discard(uri)
        self.populate(page)
        self.build(page, self.config, self.files.documentation_pages(), *self.theme)
        level = self.config.validation.links.anchors
        page.validate_anchor_links(files=self.files, log_level=level)


def linked(file: File, place: str) -> bool:
    """Link a staged file into the site, which costs no time and no room; where it can be done."""
    source = Path(str(file.src_dir), file.src_uri)
    if source.is_symlink():
        return False
    fresh = Path(f"{place}.new")
    try:
        try:
            os.link(source, place)
        except FileExistsError:  # a reader sees the old file or the new one
            os.link(source, fresh)
            fresh.replace(place)
            fresh.unlink(missing_ok=True)  # both were the same file
    except OSError:
        Path(place).unlink(missing_ok=True)  # never write into a file that is linked
        return False
    return True


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


def listen(level: int) -> CountHandler:
    """Show what MkDocs says from a level on, and count its warnings."""
    log = logging.getLogger("mkdocs")
    log.setLevel(logging.INFO)
    shown = logging.StreamHandler()
    shown.setLevel(level)
    shown.setFormatter(logging.Formatter("%(levelname)-7s -  %(message)s"))
    warned = CountHandler()
    warned.setLevel(logging.WARNING)
    log.addHandler(shown)
    log.addHandler(warned)
    return warned
