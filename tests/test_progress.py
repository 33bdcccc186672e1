"""The judgement: every branch of the published rule, its properties, and real cases by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from scripts.model import Package, StatusBand, Target
from scripts.progress import (
    NO_BASELINE,
    NO_OBSERVATION,
    NO_TARGET,
    Progress,
    attention_order,
    counts,
    current_of,
    judge,
    judge_all,
    latest_of,
    start_of,
)
from tests.helpers import bands, kpi, observations, strategy, target

BANDS = bands()


def judged(
    of: Target,
    *pairs: tuple[int, Decimal | int | str],
    direction: str = "increase",
    by: tuple[StatusBand, ...] = BANDS,
) -> Progress:
    """Judge a target with the values of some years."""
    return judge(strategy(), of, kpi(direction=direction), observations(*pairs), by)


# --- every branch, in the order of the published rule -------------------------------------------

BRANCHES: list[tuple[str, Callable[[], Progress], str, str]] = [
    (
        "no target number",
        lambda: judged(target((2019, 10), (2024, None)), (2019, 10), (2021, 99)),
        "unknown",
        NO_TARGET,
    ),
    (
        "no target number comes before no observation",
        lambda: judged(target((2019, 10), (2024, None)), (2019, 10)),
        "unknown",
        NO_TARGET,
    ),
    (
        "no observation at all",
        lambda: judged(target((2019, 10), (2024, 20))),
        "unknown",
        NO_OBSERVATION,
    ),
    (
        "only the baseline year is observed",
        lambda: judged(target((2019, 10), (2024, 20)), (2018, 5), (2019, 10)),
        "unknown",
        NO_OBSERVATION,
    ),
    (
        "a value after the target year does not count",
        lambda: judged(target((2019, 10), (2024, 20)), (2019, 10), (2025, 30)),
        "unknown",
        NO_OBSERVATION,
    ),
    (
        "a maintain target without observation",
        lambda: judged(target((2019, 10), (2024, 10)), (2019, 10), direction="maintain"),
        "unknown",
        NO_OBSERVATION,
    ),
    (
        "target reached exactly",
        lambda: judged(target((2019, 10), (2024, 20)), (2021, 20)),
        "achieved",
        "",
    ),
    ("target passed", lambda: judged(target((2019, 10), (2024, 20)), (2021, 21)), "achieved", ""),
    (
        "a falling target reached",
        lambda: judged(target((2019, 20), (2024, 10)), (2021, 10), direction="decrease"),
        "achieved",
        "",
    ),
    (
        "a falling target passed",
        lambda: judged(target((2019, 20), (2024, 10)), (2021, 3), direction="decrease"),
        "achieved",
        "",
    ),
    (
        "maintained at the baseline",
        lambda: judged(target((2019, 10), (2024, 10)), (2021, 10), direction="maintain"),
        "maintained",
        "",
    ),
    (
        "maintained above the baseline",
        lambda: judged(target((2019, 10), (2024, 10)), (2021, 12), direction="maintain"),
        "maintained",
        "",
    ),
    (
        "not maintained",
        lambda: judged(target((2019, 10), (2024, 10)), (2021, "9.9"), direction="maintain"),
        "regressed",
        "",
    ),
    (
        "below the baseline",
        lambda: judged(target((2019, 10), (2024, 20)), (2021, 9)),
        "regressed",
        "",
    ),
    (
        "above the baseline of a falling target",
        lambda: judged(target((2019, 20), (2024, 10)), (2021, 21), direction="decrease"),
        "regressed",
        "",
    ),
    # elapsed 2/5; the bounds lie at 0.95 × 2/5 × 10 = 3.8 and 0.60 × 2/5 × 10 = 2.4
    (
        "on the upper bound",
        lambda: judged(target((2019, 10), (2024, 20)), (2021, "13.8")),
        "on-track",
        "",
    ),
    (
        "just below the upper bound",
        lambda: judged(target((2019, 10), (2024, 20)), (2021, "13.799999")),
        "slightly-behind",
        "",
    ),
    (
        "on the lower bound",
        lambda: judged(target((2019, 10), (2024, 20)), (2021, "12.4")),
        "slightly-behind",
        "",
    ),
    (
        "just below the lower bound",
        lambda: judged(target((2019, 10), (2024, 20)), (2021, "12.399999")),
        "behind",
        "",
    ),
    (
        "nothing gained yet",
        lambda: judged(target((2019, 10), (2024, 20)), (2021, 10)),
        "behind",
        "",
    ),
    (
        "a count from zero",
        # the window opens in 2020, so the count is 0 at 2019: 3/30 over 2/5 is a pace of 0.25
        lambda: judged(target(None, (2024, 30), window_start_year=2020), (2021, 3)),
        "behind",
        "",
    ),
    (
        "neither baseline nor window",
        lambda: judged(target(None, (2024, 30)), (2021, 29)),
        "unknown",
        NO_BASELINE,
    ),
    (
        "neither baseline nor window, but reached",
        lambda: judged(target(None, (2024, 30)), (2021, 30)),
        "achieved",
        "",
    ),
    (
        "neither baseline nor window, a falling target not reached",
        lambda: judged(target(None, (2024, 30)), (2021, 31), direction="decrease"),
        "unknown",
        NO_BASELINE,
    ),
    (
        "neither baseline nor window, a falling target reached",
        lambda: judged(target(None, (2024, 30)), (2021, 30), direction="decrease"),
        "achieved",
        "",
    ),
]


@pytest.mark.parametrize(
    ("make", "status", "reason"), [b[1:] for b in BRANCHES], ids=[b[0] for b in BRANCHES]
)
def test_branch(make: Callable[[], Progress], status: str, reason: str) -> None:
    """Each branch of the rule gives its status and says why it could not be computed."""
    item = make()
    assert (item.status.status_id, item.reason) == (status, reason)


def test_ratios_are_those_of_the_rule() -> None:
    """The published formula with its numbers: P = 3/10, E = 2/5, pace = 3/4."""
    item = judged(target((2019, 10), (2024, 20)), (2019, 10), (2021, 13))
    assert (item.progress, item.elapsed, item.pace) == (
        Decimal("0.3"),
        Decimal("0.4"),
        Decimal("0.75"),
    )
    assert (item.change, item.remaining, item.is_final) == (Decimal(3), Decimal(7), False)


def test_ratios_are_left_out_where_they_mean_nothing() -> None:
    """No division by zero for a maintain target, no pace without a number to reach."""
    maintain = judged(target((2019, 10), (2024, 10)), (2021, 12), direction="maintain")
    textual = judged(target((2019, 10), (2024, None)), (2021, 12))
    nothing = judged(target((2019, 10), (2024, 20)))
    assert (maintain.progress, maintain.pace, maintain.elapsed) == (None, None, Decimal("0.4"))
    assert (textual.progress, textual.pace, textual.remaining) == (None, None, None)
    assert (nothing.progress, nothing.elapsed, nothing.change, nothing.remaining) == (None,) * 4


def test_only_the_value_of_the_target_year_is_final() -> None:
    """A term may be over while its last value is older: the page then says so."""
    assert judged(target((2019, 10), (2024, 20)), (2024, 15)).is_final
    assert not judged(target((2019, 10), (2024, 20)), (2023, 15), (2025, 16)).is_final


def test_latest_is_the_last_year_whatever_the_order_of_the_rows() -> None:
    """The rows of a file may be unsorted while someone edits it."""
    of = target((2019, 10), (2024, 20))
    found = latest_of(of, observations((2023, 1), (2021, 2), (2024, 3), (2020, 4), (2025, 5)))
    assert found is not None and found.year == 2024


def test_a_printed_baseline_wins_over_a_window() -> None:
    """The baseline of a count is 0 only where none is printed."""
    assert start_of(target((2019, 7), (2024, 20), window_start_year=2020)) == (2019, Decimal(7))
    assert start_of(target(None, (2024, 20), window_start_year=2020)) == (2019, Decimal(0))
    assert start_of(target(None, (2024, 20))) == (None, None)


def test_a_judgement_says_where_it_started() -> None:
    """Readers redo the arithmetic from the year and the value it began with."""
    made = judged(target((2019, 10), (2024, 20)), (2023, 15))
    assert (made.baseline_year, made.baseline) == (2019, Decimal(10))


def test_a_baseline_year_without_its_value_is_no_baseline() -> None:
    half = target(None, (2024, 20), baseline_year=2019)
    assert judged(half, (2023, 15)).reason == NO_BASELINE


# --- lists of judgements ------------------------------------------------------------------------


def test_counts_show_every_band_and_average_nothing() -> None:
    """A goal shows how many indicators are in each band, in the order of the bands."""
    items = [make() for _, make, _, _ in BRANCHES]
    made = counts(items, tuple(reversed(BANDS)))
    assert [band.status_id for band in made] == [band.status_id for band in BANDS]
    assert sum(made.values()) == len(items)
    assert counts([], BANDS) == dict.fromkeys(BANDS, 0)


def test_what_needs_attention_comes_first() -> None:
    """Worst band first, then the slowest pace; what cannot be judged stands last."""
    made = attention_order(make() for _, make, _, _ in BRANCHES)
    order = [item.status.status_id for item in made]
    assert order[0] == "regressed" and order[-1] == "unknown"
    known = [item for item in made if item.status.tone != "none"]
    assert [i.status.position for i in known] == sorted(
        (i.status.position for i in known), reverse=True
    )
    behind = [i.pace for i in known if i.status.status_id == "behind"]
    assert behind == sorted(behind)  # type: ignore[type-var]


def test_of_two_alike_the_one_without_a_pace_comes_first() -> None:
    """Nobody knows how fast it went."""
    exact = judged(target((2019, 10), (2024, 20), kpi_id="a"), (2024, 20))
    bare = judged(target(None, (2024, 20)), (2024, 20))
    assert (exact.pace, bare.pace) == (1, None)
    assert exact.status == bare.status
    exact = replace(exact, kpi=replace(exact.kpi, kpi_id="a"))
    assert attention_order([exact, bare]) == [bare, exact]


def test_current_judgement_is_that_of_the_latest_term(package: Package) -> None:
    """An indicator of two terms is shown with the later one, whatever the order of the rows."""
    made = judge_all(package)
    for items in (made, made[::-1]):
        current = current_of(items)
        assert current["library-loans"].strategy.strategy_id == "plan-2"
        assert current["farm-households"].strategy.strategy_id == "plan-1"


def test_every_target_of_the_fixture_is_judged_in_order(package: Package) -> None:
    """One judgement per row of the targets, and the fixture has every status at least once."""
    made = judge_all(package)
    assert [item.target for item in made] == list(package.targets)
    assert {item.status.status_id for item in made} == {b.status_id for b in package.status_bands}
