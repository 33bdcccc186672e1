"""A second town: other goals, words, scales and years, built without a change of code.

Its pages are compared whole with ``tests/expected/second/``; read the diff of
``pytest --update-expected`` as a citizen of that town would.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from scripts.build import render
from scripts.charts import KpiCharts, draw_all
from scripts.model import Package
from scripts.progress import judge_all
from tests.conftest import sound
from tests.helpers import SECOND, TODAY, Copy, second_town
from tests.test_pages import comparable

Same = Callable[[str, bytes], None]

WHOLE = [
    "index.md",
    "goals/index.md",
    # a town's own words, negative values, a target of 0, numbers of goals that no measure has
    "goals/machi.md",
    # kept at 0 and lost again
    "kpis/children-waiting.md",
    # kept over two terms, the newest value not final
    "kpis/fish-catch.md",
    # a rate below zero
    "kpis/population-change.md",
    # of a former term only
    "kpis/beach-visitors.md",
    # grades from A to E
    "evaluation/2023.md",
    "strategy.md",
    "status.md",
    "en/index.md",
    # tables that this town does not have
    "topics/index.md",
    "glossary.md",
    "projects.md",
    "voices.md",
]

ONE_TERM = ["index.md", "strategy.md", "goals/umi.md"]
"""Pages of the town as it would be with its newest plan only, never evaluated."""


def one_term(town: Copy) -> None:
    """Only the newest plan, and no table of evaluations."""
    town.leave_out("evaluations", "ratings")
    for table in ("strategies", "goals", "measures", "targets"):
        header, *rows = town.rows(table)
        place = header.index("strategy_id")
        town.write(table, [header, *(row for row in rows if row[place] == "plan-7")])
    header, *rows = town.rows("observations")
    new = [r for r in rows if int(r[1]) >= 2022 and r[0] != "beach-visitors"]
    town.write("observations", [header, *(r for r in new if r[:2] != ["fish-catch", "2022"])])
    town.drop("kpis", "beach-visitors")
    town.drop("units", "万人")
    for source in ("plan-5", "plan-6", "review-2023"):
        town.drop("sources", source)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The second town; its check has nothing to say."""
    made = second_town(tmp_path_factory.mktemp("second") / "nagisa")
    assert made.problems() == []
    return made


def staged(town: Copy) -> tuple[Package, dict[str, bytes], Mapping[str, KpiCharts]]:
    """Its records, its whole staged tree and its pictures."""
    package = sound(town.descriptor)
    charts = draw_all(package, judge_all(package), lambda *_: None)
    return package, dict(render(package, SECOND / "docs", TODAY)), charts


@pytest.fixture(scope="module")
def three(town: Copy) -> tuple[Package, dict[str, bytes], Mapping[str, KpiCharts]]:
    """The town with its three plans."""
    return staged(town)


@pytest.fixture(scope="module")
def one(
    town: Copy, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Package, dict[str, bytes], Mapping[str, KpiCharts]]:
    """The town with one plan."""
    copy = Copy(tmp_path_factory.mktemp("one") / "nagisa", town.folder)
    one_term(copy)
    assert copy.problems() == []
    return staged(copy)


@pytest.mark.parametrize("path", WHOLE)
def test_whole_page(
    path: str,
    three: tuple[Package, dict[str, bytes], Mapping[str, KpiCharts]],
    same_as_expected: Same,
) -> None:
    """Every character of the pages with three plans."""
    same_as_expected(f"second/{path}", comparable(three[1][path], three[2]))


@pytest.mark.parametrize("path", ONE_TERM)
def test_whole_page_of_one_term(
    path: str,
    one: tuple[Package, dict[str, bytes], Mapping[str, KpiCharts]],
    same_as_expected: Same,
) -> None:
    """Every character of the pages with one plan and no evaluation."""
    same_as_expected(f"second/one/{path}", comparable(one[1][path], one[2]))


USUAL = re.compile(
    "総合戦略|基本目標|施策|(?<!成果)指標(?!ID)|KPI|(?<!事務)事業(?!者)|市の|市が|市は|市民"
)
"""Words of other plans; 成果指標 and 事務事業 hold two of them."""


def test_no_page_speaks_in_the_words_of_others(
    three: tuple[Package, dict[str, bytes], Mapping[str, KpiCharts]],
) -> None:
    """Pages for citizens say 政策, 取組, 成果指標 and 町; column names stay as they are."""
    staff = ("guide/", "data/", "method.md")
    found = {}
    for path, content in three[1].items():
        if path.endswith(".md") and not path.startswith(staff):
            text = re.sub(r'<script.*?</script>|href="[^"]*"', "", content.decode())
            if words := sorted(set(USUAL.findall(text))):
                found[path] = words
    assert found == {}


def test_years_of_the_plan_are_calendar_years(
    three: tuple[Package, dict[str, bytes], Mapping[str, KpiCharts]],
) -> None:
    """The plan counts 年; only the indicator that is measured by 年度 says so."""
    home = three[1]["index.md"].decode()
    assert "2024年から2027年" in home and "年度から" not in home
    assert "2025年度" in three[1]["kpis/waste-per-person.md"].decode()


def test_the_second_town_is_neither_of_the_others(real: Package, package: Package) -> None:
    """Otherwise the tests could pass because of another city's words."""
    text = "".join(p.read_text(encoding="utf-8") for p in SECOND.rglob("*") if p.is_file())
    for other in (real, package):
        place = other.descriptor["municipality"]
        assert place["name"] not in text and place["code"] not in text
    assert Path(SECOND / "settings.json").is_file()
