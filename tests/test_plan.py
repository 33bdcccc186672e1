"""The join, the reconciliation, and what the pages of the plan say about them."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest

from scripts.build import render
from scripts.charts.series import series_svg
from scripts.charts.svg import Speech
from scripts.load import load_package
from scripts.model import Measure, Package, Strategy
from scripts.pages.plan_parts import column_values, moves, same
from scripts.pages.plan_views import PlanView
from scripts.plan import kpi_projects, reconcile
from scripts.words import qualified, yen
from tests.helpers import FIXTURE, TODAY, Copy

OPTIONAL = (
    "plan_facts measure_relations units departments projects control_totals "
    "revision_elements achievements proposals dialogues"
).split()


def test_the_join_reaches_projects_through_the_parent(package: Package) -> None:
    """Every indicator of a measure once per project; none without its line."""
    found = [
        (
            line.target.strategy_id,
            line.kpi.kpi_id,
            line.home.measure_id,
            line.project.name if line.project else None,
        )
        for line in kpi_projects(package)
    ]
    assert found == [
        ("plan-1", "company-visits-2017", "p1-a", "企業訪問事業"),
        ("plan-1", "company-visits-2017", "p1-a", "<空き家>活用 & *交流*事業"),
        ("plan-1", "farm-households", "p1-b", "企業訪問事業"),
        ("plan-1", "farm-households", "p1-b", "農地相談事業"),
        ("plan-2", "clinic-satisfaction", "p2-c", "まちなか交流事業"),
        ("plan-2", "clinic-satisfaction", "p2-c", "診療所支援事業"),
        # nothing is listed below this measure
        ("plan-2", "company-visits-2022", "p2-a", None),
        ("plan-2", "farm-persons", "p2-b", "担い手育成事業"),
        ("plan-2", "farm-persons", "p2-b", "まちなか交流事業"),
        # a numbered part: its projects are listed below the parent
        ("plan-2", "town-residents", "p2-b", "担い手育成事業"),
        ("plan-2", "town-residents", "p2-b", "まちなか交流事業"),
        ("plan-2", "waste-per-person", "p2-c", "まちなか交流事業"),
        ("plan-2", "waste-per-person", "p2-c", "診療所支援事業"),
    ]


def test_the_join_is_published(built: dict[str, bytes], package: Package) -> None:
    """The same lines as a file, with blanks where no project is listed."""
    text = built["data/kpi-projects.csv"].decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(kpi_projects(package))
    (blank,) = [row for row in rows if not row["project_name"]]
    assert blank["kpi_id"] == "company-visits-2022"
    assert not any(blank[name] for name in ("fiscal_year", "budget_thousand_yen", "is_repeat"))
    last = rows[-1]
    assert (last["budget_thousand_yen"], last["department"]) == ("123456", "まちづくり課")


def test_the_reconciliation(package: Package) -> None:
    """Rows, repeats, gross and net of each goal and of all; the newest year last."""
    found = [
        (r.fiscal_year, r.goal_id, r.rows, r.repeats, r.gross, r.net, r.difference, r.agrees)
        for r in reconcile(package)
    ]
    assert found == [
        (2019, "goal-1", 4, 1, 37400, 36200, 0, True),
        (2019, "total", 4, 1, 37400, 36200, 0, True),
        (2023, "goal-1", 2, 0, 8450, 8450, 0, True),
        (2023, "goal-2", 2, 1, 123906, 123456, 0, True),
        (2023, "total", 4, 1, 132356, 131906, 0, True),
    ]


def test_the_real_totals(real: Package) -> None:
    """As printed, and once for every project: worked out by hand from the document."""
    found = {r.goal_id: (r.rows, r.repeats, r.gross, r.net) for r in reconcile(real)}
    assert found == {
        "goal-1": (31, 0, 2477869, 2477869),
        "goal-2": (23, 4, 488220, 431156),
        "goal-3": (33, 9, 250895, 182642),
        "goal-4": (17, 8, 688093, 458617),
        "total": (104, 21, 3905077, 3550284),
    }
    assert all(r.agrees and r.control for r in reconcile(real))


COUNTS = {
    "projects": 104,
    "departments": 9,
    "control_totals": 5,
    "revision_elements": 73,
    "achievements": 217,
    "proposals": 59,
    "dialogues": 11,
}


@pytest.mark.parametrize("table", COUNTS)
def test_the_real_tables_are_complete(table: str, real: Package) -> None:
    """As many rows as were counted in the documents."""
    assert len(getattr(real, table)) == COUNTS[table]


def test_every_project_is_linked_from_its_goal(built: dict[str, bytes], package: Package) -> None:
    """A link from the goal page to the very row of the list, and back to the measure."""
    plan = PlanView(package)
    listing = built["projects.md"].decode()
    for project in package.projects:
        measure = plan.measures[project.measure_id]
        page = built[f"goals/{measure.goal_id}.md"].decode()
        anchor = plan.anchor(project)
        assert f"projects/#{anchor}" in page
        assert listing.count(f'id="{anchor}"') == 1
        assert f"goals/{measure.goal_id}/#{measure.measure_id}" in listing
        assert f"{{#{measure.measure_id}}}" in page


def test_what_moved_between_two_terms(package: Package) -> None:
    """By the table where it speaks, else by equal titles; the rest is new or has no successor."""
    old, new = sorted(package.strategies, key=lambda s: s.start_year)
    found = [
        (m.old and m.old.measure_id, m.new and m.new.measure_id, m.words)
        for goal in moves(package, old, new)
        for m in goal.moves
    ]
    assert found == [
        ("p1-a", "p2-a", "そのまま"),
        ("p1-b", "p2-b", "題が変わった"),
        (None, "p2-b-1", "新しい施策"),
        (None, "p2-c", "新しい施策"),
        (None, "p2-d", "新しい施策"),
    ]
    assert same("安心して，（はたらく）", "安心して、(はたらく)") and not same("働く", "働き方")


def test_a_title_that_many_measures_have_links_nothing(package: Package) -> None:
    """Which follows which is told by nobody; the page says so, in one line per measure."""
    old, new = sorted(package.strategies, key=lambda s: s.start_year)
    goals = list(package.goal_ids)[:2]

    def measure(name: str, strategy: Strategy, goal_id: str, title: str) -> Measure:
        term, like = strategy.strategy_id, package.measures[0]
        return replace(like, measure_id=name, strategy_id=term, goal_id=goal_id, title=title)

    measures = (
        measure("a1", old, goals[0], "相談，窓口"),
        measure("a2", old, goals[1], "相談、窓口"),
        measure("b1", old, goals[0], "広場"),
        measure("b2", old, goals[0], "広場"),
        measure("c1", old, goals[0], "港"),
        measure("A1", new, goals[0], "相談、窓口"),
        measure("A2", new, goals[1], "相談、窓口"),
        measure("B1", new, goals[0], "広場"),
        measure("C1", new, goals[1], "港"),
        measure("D1", new, goals[1], "山"),
    )
    many = replace(package, measures=measures, measure_relations=())
    found = [
        (m.old and m.old.measure_id, m.new and m.new.measure_id, m.words, m.unsure)
        for goal in moves(many, old, new)
        for m in goal.moves
    ]
    home = next(g.short_title for g in package.goals if g.goal_id == goals[0])
    unsure = f"同じ題の施策が{old.short_title}に2つあり、どれか分からない"
    assert found == [
        ("a1", "A1", "そのまま", False),
        (None, "B1", unsure, True),
        ("b1", None, f"同じ題の施策が{new.short_title}に1つあり、どれか分からない", True),
        ("b2", None, f"同じ題の施策が{new.short_title}に1つあり、どれか分からない", True),
        ("a2", "A2", "そのまま", False),
        ("c1", "C1", f"「{home}」から移った", False),
        (None, "D1", "新しい施策", False),
    ]


@pytest.mark.parametrize(
    ("thousand", "words"),
    [
        (0, "0円"),
        (1, "1千円"),
        (10, "1万円"),
        (100_000, "1億円"),
        (354_793, "3億5,479万3千円"),
        (3_905_077, "39億507万7千円"),
        (-12, "−1万2千円"),
    ],
)
def test_amounts_as_people_say_them(thousand: int, words: str) -> None:
    """Exact: no digit is rounded away."""
    assert yen(thousand) == words


@pytest.mark.parametrize(
    ("value", "unit", "qualifier", "words"),
    [
        ("15000", "人", "延べ・以上", "延べ15,000人以上"),
        ("6.7", "億円", "約・予定", "約6.7億円（予定）"),
        ("10", "%", "", "10%"),
        ("50", "人", "上限", "上限50人"),
    ],
)
def test_figures_with_their_qualifiers(value: str, unit: str, qualifier: str, words: str) -> None:
    """Where Japanese puts them."""
    assert qualified(Decimal(value), unit, qualifier) == words


def without(town: Copy, names: list[str]) -> None:
    """Take tables and every key that points to them out of a package."""

    def change(descriptor: dict[str, Any]) -> None:
        kept = [r for r in descriptor["resources"] if r["name"] not in names]
        for resource in kept:
            schema = resource["schema"]
            schema["foreignKeys"] = [
                key
                for key in schema.get("foreignKeys", [])
                if key["reference"]["resource"] not in names
            ]
        descriptor["resources"] = kept

    for name in names:
        town.file(name).unlink(missing_ok=True)
    town.describe(change)
    town.drop("sources", "staff-memo")


def test_a_plan_without_these_tables_has_the_same_addresses(town: Copy) -> None:
    """The menu is written by hand: the pages stay and say that there is nothing yet."""
    without(town, OPTIONAL)
    package = load_package(town.descriptor).package
    assert package is not None
    pages = render(package, FIXTURE / "docs", TODAY)
    for path in ("projects.md", "revision.md", "achievements.md", "voices.md"):
        assert "まだありません" in pages[path].decode()
    assert "{#system}" in pages["strategy.md"].decode()
    for path in ("goals/goal-1.md", "kpis/town-residents.md", "strategy.md"):
        text = pages[path].decode()
        assert "projects/" not in text and "revision" not in text and "素案" not in text
    assert town.problems() == []


def test_other_bytes_for_another_budget(town: Copy) -> None:
    """A budget shows on the list, in the sums and in the length of its bar."""
    town.cell("projects", "2019,p1-b,3", "budget_thousand_yen", "36200")
    package = load_package(town.descriptor).package
    assert package is not None
    page = render(package, FIXTURE / "docs", TODAY)["projects.md"].decode()
    assert "36,200" in page and "7,240万円" in page


def test_only_figures_that_can_be_compared_become_columns(real: Package) -> None:
    """Whole years of one unit, results alone, at least two, and no note against it."""
    plan = PlanView(real)
    drawn = {}
    for _, topics in plan.topics():
        for _, series in topics:
            for item in series:
                for name, rows in item.groups:
                    if values := column_values(item, rows):
                        drawn[name] = values
    assert drawn["産後ケア事業の利用者数"] == [(2021, Decimal(240)), (2023, Decimal(443))]
    assert [year for year, _ in drawn["旭川大雪圏域市長・町長サミットの開催回数"]] == [
        *range(2021, 2026)
    ]
    assert "街あかりイルミネーションの球数" in drawn
    for name in (
        "夏のドッグランを利用した犬の数",  # periods of different length
        "女性のキャリア保健室の利用件数",  # a note says that they cannot be compared
        "木質バイオマスストーブ導入補助金の額",  # a plan, not a result
        "買物公園エリア社会実験の実験満足度",  # a ratio
        "市政の情報発信のX(旧Twitter)の件数",  # no years
    ):
        assert name not in drawn


def test_a_missing_year_keeps_its_place() -> None:
    """Columns stand where their years are; the value is written out, the picture says its data."""
    picture = series_svg(
        [(2021, Decimal(240)), (2023, Decimal("1443.5"))], Speech("k", "題", "説明。")
    )
    root = ElementTree.fromstring(picture)
    words = [e.text for e in root.iter() if e.tag.endswith(("}text", "}tspan")) and e.text]
    assert {"2021", "R3", "2023", "R5", "240", "1,443.5"} <= set(words)
    assert "2022" not in words
    columns = [e.get("d") or "" for e in root.iter() if e.get("fill") == "var(--chart-line)"]
    assert len(columns) == 2
    assert root.get("role") == "img"
