"""The next strategy is a matter of rows: the real package with a third term, built and read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.build import render
from scripts.model import Package
from scripts.progress import judge_all
from tests.conftest import sound
from tests.helpers import FIXTURE, ROOT, TODAY, Copy
from tests.test_guide import Desk, blocks
from tests.third import add_third_term


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The real package with the rows of a third term, without a problem."""
    copy = Copy(tmp_path_factory.mktemp("third") / "city", ROOT)
    add_third_term(copy)
    assert copy.problems() == []
    return copy


@pytest.fixture(scope="module")
def package(city: Copy) -> Package:
    """Its records."""
    return sound(city.descriptor)


@pytest.fixture(scope="module")
def pages(package: Package) -> dict[str, str]:
    """Its pages."""
    made = render(package, ROOT / "docs", TODAY)
    return {path: text.decode() for path, text in made.items() if path.endswith(".md")}


def headings(page: str) -> list[str]:
    """The headings of the second level with their anchors."""
    return re.findall(r"^## (.+)$", page, re.MULTILINE)


def test_a_past_term_keeps_its_judgement(package: Package) -> None:
    """A value of the new term does not change what was judged of the old one."""
    judged = {(p.strategy.strategy_id, p.kpi.kpi_id): p for p in judge_all(package)}
    old, new = (judged[f"strategy-{n}", "agribusiness-startups"] for n in (2, 3))
    assert (old.latest.year, old.status.status_id) == (2024, "achieved")  # type: ignore[union-attr]
    assert (new.latest.year, new.status.status_id) == (2025, "slightly-behind")  # type: ignore[union-attr]
    assert judged["strategy-3", "co2-emission"].status.status_id == "regressed"
    assert judged["strategy-3", "sports-events"].reason == "実績なし"


def test_lists_speak_of_the_new_term(pages: dict[str, str]) -> None:
    """Home, the goals, the list by status and the freshness board count the latest term only."""
    for path in ("index.md", "goals/index.md", "kpis/status.md"):
        assert "（2025年度から2029年度）" in pages[path], path
    number = r'href="goals/([\w-]+)/"><span class="board__no">基本目標(\d)<'
    board = re.findall(number, pages["index.md"])
    assert board == [("goal-1", "1"), ("goal-2", "2"), ("goal-3", "3"), ("goal-5", "4")]
    assert "4つの目標のうち" in pages["index.md"] and "まだありません" not in pages["index.md"]
    assert "第3期の4の指標について" in pages["status.md"]
    assert pages["goals/index.md"].index("goal-5/") < pages["goals/index.md"].index("{#former}")
    assert pages["goals/index.md"].index("{#former}") < pages["goals/index.md"].index("goal-4/")
    assert "in its third comprehensive strategy (fiscal years 2025 to 2029)" in pages["en/index.md"]


def test_a_goal_shows_its_terms_newest_first(pages: dict[str, str]) -> None:
    """The new promise on top, the former ones below with their own words and counts."""
    page = pages["goals/goal-1.md"]
    assert "# 新しい題の約束" in page
    terms = [h for h in headings(page) if "の約束" in h]
    assert [h.partition("（")[0] for h in terms] == ["第3期", "第2期", "第1期"]
    assert page.count('<p class="promise">') == 2
    ended = pages["goals/goal-4.md"]
    assert "第2期までのものです。第3期にはありません。" in ended
    assert [h.partition("（")[0] for h in headings(ended) if "の約束" in h] == ["第2期", "第1期"]


def test_an_indicator_shows_every_judgement(pages: dict[str, str]) -> None:
    """Three terms, each with its formula; the picture says the span of each."""
    page = pages["kpis/agribusiness-startups.md"]
    found = re.findall(r"^### (第.期（\d+–\d+年度）)：", page, re.MULTILINE)
    assert found == [f"第{n}期（{a}–{b}年度）" for n, a, b in
                     ((3, 2025, 2029), (2, 2020, 2024), (1, 2015, 2019))]  # fmt: skip
    assert "第3期（2025–2029年度）の判定" in page
    assert "2 ÷ 11 = 18.2%" in page
    wide = page.partition('<div class="chart__wide">')[2].partition("</svg>")[0]
    for span in ("2015", "2020", "2025–2029"):
        assert span in wide, span


def test_the_plan_tells_both_changes(pages: dict[str, str]) -> None:
    """From the first to the second and on to the third term, and where we are now."""
    page = pages["strategy.md"]
    assert "いまは2026年度で、第3期の2年目です。" in page
    assert "第1期から第2期へ、何が変わったか" in page and "第2期から第3期へ、何が変わったか" in page
    assert "4つの" in page.partition("## ")[0]
    earlier, _, later = page.partition("第2期から第3期へ")
    assert "結婚・出産・子育て" in earlier and "なし → なし" not in page
    assert "続いている施策：3" in later and "新しい施策：1" in later


def test_goals_before_their_targets(tmp_path: Path) -> None:
    """The plan is decided, its indicators are not: pages still tell of the term before."""
    copy = Copy(tmp_path / "city", ROOT)
    add_third_term(copy)
    real = Copy(tmp_path / "real", ROOT)
    for table in ("targets", "kpis", "observations", "units"):
        copy.write(table, real.rows(table))
    copy.cell("sources", "plan-2025", "title", "第3期の計画の本文")
    assert copy.problems() == []
    package = sound(copy.descriptor)
    assert package.latest_strategy.strategy_id == "strategy-2"
    assert package.goal_ids == ("goal-1", "goal-2", "goal-3", "goal-4", "goal-5")


def test_the_guide_adds_a_term_that_passes(town: Copy) -> None:
    """The rows of ``docs/adopt/third-term.md``, put where the page says, make the next term."""
    town.calm()
    rows = [block for block in blocks("../adopt/third-term.md") if block.kind == "csv"]
    assert len(rows) == 6
    for block in rows:
        Desk.write_rows(town, block)  # type: ignore[arg-type]
    assert town.problems() == []
    package = sound(town.descriptor)
    assert package.latest_strategy.strategy_id == "plan-3"
    assert package.goal_ids == ("goal-1", "goal-3", "goal-2")
    pages = render(package, FIXTURE / "docs", TODAY)
    page = pages["strategy.md"].decode()
    assert "いまは2026年度です。第3期は2027年度に始まります。" in page
