"""Pages: whole expected texts, hostile cells that stay text, and the same bytes every time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from scripts.build import render
from scripts.charts import KpiCharts, draw_all
from scripts.history import read_log
from scripts.load import load_package
from scripts.model import Package, site_of
from scripts.pages import core, topics
from scripts.pages import views as views_module
from scripts.pages.environment import PIECE, Renderer
from scripts.pages.views import Views
from scripts.progress import Progress, judge_all
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
    from tests.test_readings import READINGS
    from tests.test_second import ONE_TERM
    from tests.test_second import WHOLE as SECOND

    compared = {
        *PAGES,
        *WHOLE,
        *(f"second/{path}" for path in SECOND),
        *(f"second/one/{path}" for path in ONE_TERM),
        *REPORTS.values(),
        *IMPORTED,
        *(f"readings/{name}.txt" for name in READINGS),
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


def copied(package: Package, copies: int) -> tuple[Views, Renderer]:
    """One indicator of the latest plan as often as wanted, and what makes the pages."""
    target = next(
        t for t in package.targets if t.strategy_id == package.latest_strategy.strategy_id
    )
    kpi = next(k for k in package.kpis if k.kpi_id == target.kpi_id)
    names = [f"{kpi.kpi_id}-{number}" for number in range(copies)]
    many = replace(
        package,
        kpis=tuple(replace(kpi, kpi_id=name) for name in names),
        targets=tuple(replace(target, kpi_id=name) for name in names),
        observations=(),
        evaluations=(),
    )
    views = Views(many, judge_all(many), {}, TODAY)
    nothing = {"report": None, "history": None, "audit": None}
    shelf = SimpleNamespace(crumbs=lambda _: "")
    return views, Renderer(site=site_of(many.descriptor), views=views, shelf=shelf, **nothing)


def test_the_front_page_does_not_grow_with_the_indicators(package: Package) -> None:
    """Up to a hundred of a goal are a square each; more are counted."""

    def front(copies: int) -> str:
        views, make = copied(package, copies)
        path, pieces = next(core.pages(make, views))
        assert path == "index.md"
        return b"".join(pieces).decode()

    few, most, many = front(2), front(100), front(101)
    hint = "記号の1つが1つの指標です"
    assert [page.count('class="tile ') for page in (few, most, many)] == [2, 100, 0]
    assert (hint in most, hint in many) == (True, False)
    assert '<span class="tally__count">101</span>' in many.partition('class="board"')[2]


def test_a_long_list_comes_in_pieces(package: Package) -> None:
    """The list of all indicators is megabytes in a large town: it is never held as a whole."""
    views, make = copied(package, 500)
    found = {path: [len(piece) for piece in pieces] for path, pieces in topics.pages(make, views)}
    assert sum(found["kpis/status.md"]) > 4 * PIECE
    assert max(found["kpis/status.md"]) < 2 * PIECE


def test_a_card_is_drawn_once_for_all_lists(
    package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each judgement and way to the top; of how many is bounded."""
    monkeypatch.setattr(views_module, "MAX_CARDS", 2)
    views = Views(package, judge_all(package), {}, TODAY)
    drawn: list[str] = []

    def draw(root: str, item: Progress) -> str:
        drawn.append(f"{root}{item.strategy.strategy_id} {item.kpi.kpi_id}")
        return drawn[-1]

    one, two, three = views.judged[:3]
    for item in (one, two, three, three, replace(one), one):
        wanted = f"../{item.strategy.strategy_id} {item.kpi.kpi_id}"
        assert views.card(draw, "../", item) == wanted
    assert views.card(draw, "", one) != views.card(draw, "../", one)
    assert len(drawn) == 6


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
    return dict(render(package, FIXTURE / "docs", TODAY))


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
