"""The published site as a whole: complete, linked, self-contained, the same every time."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.error import URLError
from urllib.parse import unquote, urljoin, urlsplit
from urllib.request import urlopen
from xml.etree import ElementTree

import pytest

from scripts.model import Package
from scripts.site import main as site_main
from tests.browser import Built, built, published_at
from tests.helpers import ROOT, TODAY

__all__ = ["built"]

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


def test_every_staged_page_became_html(built: Built) -> None:
    missing = [p for p in built.pages if not (built.site / p / "index.html").is_file()]
    assert not missing
    frames = len(list((built.site / "embed").glob("*/index.html")))
    assert len(html_pages(built)) == len(built.pages) + frames + 1  # and 404.html


def test_every_staged_file_was_published(built: Built) -> None:
    for file in sorted(built.staged.rglob("*")):
        if file.is_file() and file.suffix != ".md":
            copy = built.site / file.relative_to(built.staged)
            assert copy.read_bytes() == file.read_bytes(), copy


def test_every_indicator_and_goal_has_its_page(built: Built) -> None:
    wanted = {f"kpis/{k.kpi_id}/" for k in built.package.kpis}
    wanted |= {f"goals/{g.goal_id}/" for g in built.package.goals}
    assert wanted <= set(built.pages)


def test_internal_links_resolve(built: Built) -> None:
    broken = []
    for page in html_pages(built):
        for tag, relation, link in parse(page).links:
            if link.startswith(("mailto:", "tel:", "data:")) or relation == "edit":
                continue
            file, anchor = resolve(built, page, link)
            if file is None:
                continue
            known = file.is_file() and (
                not anchor or anchor == "__top" or anchor in parse(file).ids
            )
            if not known:
                broken.append(f"{page.relative_to(built.site)}: <{tag}> {link}")
    assert not broken, "\n".join(broken[:40])


def test_ids_are_unique(built: Built) -> None:
    for page in html_pages(built):
        ids = parse(page).ids
        assert len(ids) == len(set(ids)), (page, sorted({i for i in ids if ids.count(i) > 1}))


def nav_paths(entry: object) -> Iterator[str]:
    """Every page that the menu of mkdocs.yml names."""
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, dict):
        yield from (path for part in entry.values() for path in nav_paths(part))
    elif isinstance(entry, list):
        yield from (path for part in entry for path in nav_paths(part))


def test_every_menu_entry_resolves_and_is_reached_from_home(built: Built) -> None:
    home = built.site / "index.html"
    reached = {resolve(built, home, link)[0] for tag, _, link in parse(home).links if tag == "a"}
    wanted = [built.site / published_at(Path(path)) / "index.html" for path in nav_paths(built.nav)]
    assert len(wanted) > 5
    for page in wanted:
        assert page.is_file()
        assert page in reached, page


def test_nothing_is_loaded_from_another_host(built: Built) -> None:
    for page in html_pages(built):
        for link in parse(page).fetched:
            if not link.startswith(("data:", "#")):
                file, _ = resolve(built, page, link)
                assert file is not None, f"{page.relative_to(built.site)}: {link}"
                assert file.is_file(), f"{page.relative_to(built.site)}: {link}"


def test_style_sheets_load_nothing_from_another_host(built: Built) -> None:
    sheets = sorted(built.site.rglob("*.css"))
    assert sheets
    for sheet in sheets:
        for link in css_links(sheet.read_text(encoding="utf-8")):
            if not link.startswith(("data:", "#")):
                assert resolve(built, sheet, link)[0] is not None, f"{sheet}: {link}"


def test_pages_name_themselves(built: Built) -> None:
    titles: dict[str, Path] = {}
    for page in html_pages(built):
        found = parse(page)
        assert found.lang == "ja", page
        assert found.title.strip(), page
        assert "viewport" in found.meta, page
        if page.name == "404.html":
            continue
        assert found.meta.get("description", "").strip(), page
        assert len(found.headings) == 1, (page, found.headings)
        assert found.headings[0].strip(), page
        assert found.title not in titles, f"{page} and {titles[found.title]}: {found.title}"
        titles[found.title] = page


def test_sitemap_names_every_page(built: Built) -> None:
    tree = ElementTree.parse(built.site / "sitemap.xml")
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    found = {node.text for node in tree.iter(f"{space}loc")}
    assert found == {urljoin(built.homepage, built.base + page) for page in built.pages}
    assert {node.text for node in tree.iter(f"{space}lastmod")} <= {str(TODAY)}


def tree_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_the_report_says_what_was_made_and_how_to_look(built: Built) -> None:
    log = (built.site.parent / "log.txt").read_text(encoding="utf-8")
    kpis = len(built.package.kpis)
    assert f"ページ {len(built.pages)}、指標 {kpis}、図 " in log
    assert "python -m http.server -d" in log
    assert "nox -s serve" in log
    assert "end of life" not in log


class Checkout:
    """A copy of the project's data, documents and settings, with an old site to protect."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT / "data", folder / "data")
        shutil.copytree(ROOT / "docs", folder / "docs")
        shutil.copy(ROOT / "datapackage.json", folder)
        shutil.copy(ROOT / "mkdocs.yml", folder)
        theme = re.search(r"^\s+custom_dir: (\S+)", self.config, re.MULTILINE)
        if theme and (ROOT / theme[1]).is_dir() and not theme[1].startswith("build/"):
            shutil.copytree(ROOT / theme[1], folder / theme[1])
        self.old = {"index.html": b"old", "404.html": b"old"}
        (folder / "site").mkdir()
        for name, content in self.old.items():
            (folder / "site" / name).write_bytes(content)

    @property
    def config(self) -> str:
        """The text of mkdocs.yml."""
        return (self.folder / "mkdocs.yml").read_text(encoding="utf-8")

    @property
    def site(self) -> dict[str, bytes]:
        """The published files."""
        return tree_of(self.folder / "site")

    @property
    def leftovers(self) -> list[Path]:
        """Staging folders that somebody forgot."""
        return sorted(self.folder.glob(".*.tmp*"))

    def edit(self, path: str, change: Callable[[str], str]) -> None:
        """Change a text file of the copy."""
        file = self.folder / path
        old = file.read_text(encoding="utf-8")
        new = change(old)
        assert new != old
        file.write_text(new, encoding="utf-8")

    def start(
        self, module: str, *arguments: str, log: Path, **environment: str
    ) -> subprocess.Popen[bytes]:
        """Start a command in the copy, in a process group of its own."""
        with log.open("wb") as output:
            return subprocess.Popen(
                [sys.executable, "-m", module, "--today", str(TODAY), *arguments],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def run(self, module: str, *arguments: str, **environment: str) -> tuple[int, str]:
        """Run a command in the copy to its end."""
        log = self.folder.with_name("log.txt")
        with self.start(module, *arguments, log=log, **environment) as process:
            process.wait(timeout=300)
        return process.returncode, log.read_text(encoding="utf-8")


@pytest.fixture
def place(tmp_path: Path) -> Checkout:
    """A fresh copy."""
    return Checkout(tmp_path / "place")


def test_the_same_input_gives_the_same_bytes(built: Built, place: Checkout) -> None:
    # with its own copy of the code it shares no kept pictures with the first build
    shutil.copytree(ROOT / "scripts", place.folder / "scripts")
    if (ROOT / ".git").exists():  # the history of the data is part of the input
        (place.folder / ".git").symlink_to(ROOT / ".git")
    code, output = place.run("scripts.site", TZ="Asia/Tokyo", PYTHONHASHSEED="7")
    assert code == 0, output
    for one, two in ((built.staged, "build/docs"), (built.site, "site")):
        first, second = tree_of(one), tree_of(place.folder / two)
        assert first.keys() == second.keys()
        assert [path for path in first if first[path] != second[path]] == []


def latest_value(package: Package) -> tuple[str, int, str]:
    """An observation that no baseline depends on: its indicator, year and printed value."""
    baselines = {(t.kpi_id, t.baseline_year) for t in package.targets}
    found = next(
        o
        for o in reversed(package.observations)
        if (o.kpi_id, o.year) not in baselines and o.value > 9 and not o.note
    )
    return found.kpi_id, found.year, str(found.value)


def full_width(text: str) -> str:
    """The digits as a Japanese keyboard may type them."""
    return text.translate({ord(a): chr(ord(a) + 0xFEE0) for a in "0123456789"})


def replace_value(package: Package, new: str) -> Callable[[str], str]:
    """An edit that gives the observation of :func:`latest_value` another value."""
    kpi_id, year, value = latest_value(package)
    return lambda text: text.replace(f"\n{kpi_id},{year},{value},", f"\n{kpi_id},{year},{new},")


def test_a_failing_check_leaves_the_old_site(place: Checkout, built: Built) -> None:
    value = full_width(latest_value(built.package)[2])
    place.edit("data/observations.csv", replace_value(built.package, value))
    code, output = place.run("scripts.site")
    assert code == 1
    assert f"value: 「{value}」" in output
    assert place.site == place.old
    assert place.leftovers == []


def test_a_broken_link_leaves_the_old_site(place: Checkout) -> None:
    place.edit("docs/about.md", lambda text: text + "\n[行き止まり](nowhere.md)\n")
    code, output = place.run("scripts.site")
    assert code == 1
    assert "nowhere.md" in output
    assert "前に作った site はそのまま残しています。" in output
    assert place.site == place.old
    assert place.leftovers == []


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and process groups")
def test_a_killed_build_leaves_the_old_site_and_the_next_one_cleans_up(place: Checkout) -> None:
    with place.start("scripts.site", log=place.folder.with_name("killed.txt")) as process:
        wait_for(lambda: any(any(left.rglob("*.html")) for left in place.leftovers), process)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert process.returncode == -signal.SIGKILL
    assert place.site == place.old
    assert place.leftovers
    code, output = place.run("scripts.site")
    assert code == 0, output
    assert place.leftovers == []
    assert len(place.site) > len(place.old)
    assert place.site["index.html"] != b"old"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--site", "."],
        ["--site", "docs"],
        ["--site", "data"],
        ["--site", "build"],
        ["--site", "build/docs/site"],
        ["--site", "docs/site"],
        ["--out", "."],
        ["--out", "data"],
        ["--out", "docs"],
        ["--out", "docs/build"],
        ["--out", "site"],
        ["--docs", "nowhere"],
        ["--config", "nowhere.yml"],
        ["--today", "yesterday"],
        ["--unknown"],
    ],
)
def test_wrong_use_exits_2(
    place: Checkout, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place.folder)
    before = tree_of(place.folder)
    with pytest.raises(SystemExit) as stopped:
        site_main(arguments)
    assert stopped.value.code == 2
    assert tree_of(place.folder) == before


def wait_for(
    ready: Callable[[], object], process: subprocess.Popen[bytes], seconds: float = 180.0
) -> None:
    """Wait until something is true while a process is running."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, f"it ended early: {process.returncode}"
        if ready():
            return
        time.sleep(0.01)
    pytest.fail("it took too long")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_the_preview_follows_edits_and_survives_broken_ones(
    place: Checkout, built: Built, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    kpi_id, _, value = latest_value(built.package)
    home = f"http://127.0.0.1:{port}{built.base}"
    csv = f"{home}data/kpis/{kpi_id}.csv"

    def get(url: str) -> str:
        try:
            with urlopen(url, timeout=60) as answer:
                return str(answer.read().decode("utf-8-sig"))
        except (URLError, OSError):
            return ""

    log = tmp_path / "preview.log"

    def said(words: str) -> bool:
        return words in log.read_text(encoding="utf-8", errors="replace")

    with place.start("scripts.serve", "--address", f"127.0.0.1:{port}", log=log) as process:
        try:
            wait_for(lambda: said("で見られます"), process)
            wait_for(lambda: get(home), process)
            assert "livereload(" in get(home)
            assert f",{value}," in get(csv)

            place.edit("data/observations.csv", replace_value(built.package, "12345"))
            wait_for(lambda: ",12345," in get(csv), process)
            assert "12,345" in get(f"{home}kpis/{kpi_id}/")

            place.edit("data/observations.csv", lambda text: text.replace(",12345,", ",１２,"))
            wait_for(lambda: said("「１２」は数値として読めません"), process)
            assert ",12345," in get(csv)

            place.edit("data/observations.csv", lambda text: text.replace(",１２,", ",54321,"))
            place.edit("docs/about.md", lambda text: text + "\n追記しました。\n")
            wait_for(lambda: ",54321," in get(csv), process)
            wait_for(lambda: "追記しました。" in get(f"{home}about/"), process)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0
    assert place.site == place.old
