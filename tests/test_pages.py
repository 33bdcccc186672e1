"""Pages: whole expected texts, hostile cells that stay text, and the same bytes every time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from html import escape as html_escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import markdown
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from mkdocs.config import load_config
from mkdocs.utils import meta

from scripts.build import render
from scripts.charts import KpiCharts, draw_all
from scripts.history import read_log
from scripts.load import load_package
from scripts.model import Package
from scripts.pages.environment import escape, finalize, front, make_environment
from scripts.progress import judge_all
from tests.conftest import EXPECTED
from tests.helpers import FIXTURE, ROOT, TODAY, Copy

Same = Callable[[str, bytes], None]

PAGES = [
    "index.md",
    "goals/goal-2.md",
    # a rising line over two terms
    "kpis/library-loans.md",
    # special characters everywhere, a target in words
    "kpis/bright-index.md",
    # a rate that fell, a provisional value, the city's own evaluation
    "kpis/clinic-satisfaction.md",
    "evaluation/2025.md",
    "method.md",
    "sources.md",
    "status.md",
    "data/index.md",
    "strategy.md",
    # two years, repeats over two goals, a number missing in the list
    "projects.md",
    "revision.md",
    # series, a ratio, figures without a date
    "achievements.md",
    # an opinion without an answer, a field without an opinion, undated proposals
    "voices.md",
    # an indicator of a numbered part: projects hang at its parent
    "kpis/town-residents.md",
]

PICTURES = [
    ("library-loans", "wide"),
    ("library-loans", "narrow"),
    ("library-loans", "spark"),
    # bars, because the values are a count from zero
    ("company-visits-2022", "wide"),
    # nothing observed: only the target
    ("company-visits-2017", "wide"),
]

KINDS = ("wide", "narrow", "spark")


@pytest.fixture(scope="module")
def charts(package: Package) -> Mapping[str, KpiCharts]:
    """The pictures of the fixture."""
    return draw_all(package, judge_all(package), lambda *_: None)


FINGERPRINT = re.compile(r'"contentSize":"\d+ B","sha256":"[0-9a-f]{64}"')
"""Size and hash of a download in the metadata of a page."""


def comparable(page: bytes, charts: Mapping[str, KpiCharts]) -> bytes:
    """A page with each picture replaced by its name; pictures are compared on their own.

    So a page shows which picture it holds, and a new version of the chart library changes a few
    files of pictures instead of every page. Sizes and hashes of downloads are left out: those of
    workbooks, archives and databases depend on the versions of the libraries that pack them.
    """
    text = page.decode()
    for kpi_id, drawn in charts.items():
        for kind in KINDS:
            text = text.replace(getattr(drawn, kind), f"<svg>{kpi_id} {kind}</svg>")
    assert not re.search("<svg[ >](?!.*</svg>)", text)
    return FINGERPRINT.sub('"contentSize":"…","sha256":"…"', text).encode()


@pytest.mark.parametrize("path", PAGES)
def test_whole_page(
    path: str, built: dict[str, bytes], charts: Mapping[str, KpiCharts], same_as_expected: Same
) -> None:
    """Every character of a page of each kind."""
    same_as_expected(path, comparable(built[path], charts))


@pytest.mark.parametrize(("kpi_id", "kind"), PICTURES)
def test_whole_picture(
    kpi_id: str, kind: str, charts: Mapping[str, KpiCharts], same_as_expected: Same
) -> None:
    """Every character of a picture of each kind, one element per line."""
    picture: str = getattr(charts[kpi_id], kind)
    same_as_expected(f"charts/{kpi_id}-{kind}.svg", picture.replace("><", ">\n<").encode() + b"\n")


def test_nothing_expected_is_left_over() -> None:
    """A file that no test compares would be read as a promise and checked by nobody."""
    from tests.test_diff import REPORTS
    from tests.test_exports import WHOLE
    from tests.test_import_open_sdg import IMPORTED
    from tests.test_second import ONE_TERM
    from tests.test_second import WHOLE as SECOND

    compared = {
        *PAGES,
        *WHOLE,
        *(f"second/{path}" for path in SECOND),
        *(f"second/one/{path}" for path in ONE_TERM),
        *REPORTS.values(),
        *IMPORTED,
        *(f"charts/{kpi_id}-{kind}.svg" for kpi_id, kind in PICTURES),
    }
    there = {p.relative_to(EXPECTED).as_posix() for p in EXPECTED.rglob("*") if p.is_file()}
    assert there == compared


def test_every_record_has_its_page(package: Package, built: dict[str, bytes]) -> None:
    """Addresses of the contract: goals, indicators and evaluations, and the hand-written pages."""
    wanted = {f"goals/{goal.goal_id}.md" for goal in package.goals}
    wanted |= {f"kpis/{kpi.kpi_id}.md" for kpi in package.kpis}
    wanted |= {f"evaluation/{e.evaluated_year}.md" for e in package.evaluations}
    wanted |= {"index.md", "goals/index.md", "kpis/index.md", "evaluation/index.md", "about.md"}
    assert wanted <= set(built)


def test_hand_written_pages_are_staged_as_they_are(built: dict[str, bytes]) -> None:
    """``docs/`` belongs to its authors."""
    assert built["about.md"] == (FIXTURE / "docs" / "about.md").read_bytes()


def test_every_indicator_is_listed(package: Package, built: dict[str, bytes]) -> None:
    """A reader who does not search finds every indicator in the index."""
    index = built["kpis/index.md"].decode()
    for kpi in package.kpis:
        assert f'href="{kpi.kpi_id}/"' in index


def test_an_indicator_without_a_target_is_listed(town: Copy) -> None:
    """The rules let it be published with a reason; then its page must be reachable, too."""
    town.drop("targets", "plan-2,waste-per-person")
    town.cell("kpis", "waste-per-person", "caution", "目標は決まっていない。")
    pages = built_from(town)
    assert 'href="waste-per-person/"' in pages["kpis/index.md"].decode()


def without_values(town: Copy) -> None:
    """A plan in its first spring: targets, but nothing observed."""
    town.write("observations", town.rows("observations")[:1])
    town.column("targets", "baseline_note", "資料の値。")


def without_targets(town: Copy) -> None:
    """Indicators that were named before their targets were decided."""
    for table in ("targets", "evaluations"):
        town.write(table, town.rows(table)[:1])
    town.column("kpis", "caution", "目標はまだない。")


def without_evaluations(town: Copy) -> None:
    """A plan that was never evaluated, without the tables for it."""
    town.leave_out("evaluations", "ratings", "kpi_relations")


@pytest.mark.parametrize("change", [without_values, without_targets, without_evaluations])
def test_what_passes_the_check_can_be_built(change: Callable[[Copy], None], town: Copy) -> None:
    """A package without problems never ends in a traceback."""
    change(town)
    assert town.problems() == []
    pages = built_from(town)
    assert all("None" not in pages[path].decode() for path in pages if path.endswith(".md"))


def built_from(town: Copy) -> dict[str, bytes]:
    """The staged tree of a copy of the fixture."""
    package = load_package(town.descriptor).readable  # even what the check would not publish
    assert package is not None
    return render(package, FIXTURE / "docs", TODAY)


# --- cells that try to be something else --------------------------------------------------------

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


# --- the same every time ------------------------------------------------------------------------


def test_same_input_gives_the_same_bytes(tmp_path: Path, package: Package) -> None:
    """Twice in processes of their own, with other hash seeds, clocks and locales: equal trees."""
    runs = []
    for seed, zone, language in (("1", "Asia/Tokyo", "C.UTF-8"), ("4242", "America/Lima", "C")):
        out = tmp_path / seed
        command = [sys.executable, "-m", "scripts.build", str(FIXTURE / "datapackage.json")]
        command += ["--docs", str(FIXTURE / "docs"), "--out", str(out)]
        command += ["--today", TODAY.isoformat()]
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONUTF8": "1",
            "TZ": zone,
            "LC_ALL": language,
        }
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        runs.append((process, out))
    for process, out in runs:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors.decode()
        made = {
            p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()
        }
        log = read_log(FIXTURE / "datapackage.json", package.paths)
        wanted = render(package, FIXTURE / "docs", TODAY, log=log)
        assert sorted(made) == sorted(wanted)
        assert [path for path in made if made[path] != wanted[path]] == []


def test_the_day_is_an_argument(built: dict[str, bytes], package: Package) -> None:
    """The clock is never asked: another day given is another day printed."""
    assert "2026年11月22日" in built["kpis/library-loans.md"].decode()
    later = render(package, FIXTURE / "docs", TODAY.replace(year=2031))
    assert "2031年11月22日" in later["kpis/library-loans.md"].decode()
    assert [path for path in later if "2026年11月22日".encode() in later[path]] == []
