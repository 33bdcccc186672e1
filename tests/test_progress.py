"""The judgement: every branch of the published rule, its properties, and real cases by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.model import Observation, Package, StatusBand, Target
from scripts.progress import (
    NO_BASELINE,
    NO_OBSERVATION,
    NO_TARGET,
    Progress,
    attention_order,
    band_of,
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


# --- properties ---------------------------------------------------------------------------------

numbers = st.decimals(-(10**9), 10**9, places=4, allow_nan=False, allow_infinity=False)
steps = st.decimals("0.0001", 10**6, places=4)
starts = st.integers(1950, 2050)
spans = st.integers(1, 20)


@st.composite
def situations(draw: st.DrawFn) -> tuple[Target, tuple[Observation, ...]]:
    """Any numeric target with a baseline or a window, and any values around its years."""
    year, span = draw(starts), draw(spans)
    goal = draw(numbers)
    if draw(st.booleans()):
        of = target((year, draw(st.one_of(numbers, st.just(goal)))), (year + span, goal))
    else:
        of = target(None, (year + span, goal), window_start_year=year + 1)
    years = draw(st.lists(st.integers(year - 3, year + span + 3), unique=True, max_size=6))
    return of, observations(*((y, draw(numbers)) for y in years))


def direction_of(of: Target) -> str:
    """The direction that agrees with target and baseline, as the rules demand."""
    _, start = start_of(of)
    assert start is not None and of.target_value is not None
    way = of.target_value - start
    return "increase" if way > 0 else "decrease" if way < 0 else "maintain"


def by_fractions(of: Target, values: tuple[Observation, ...]) -> tuple[Any, ...]:
    """The published rule written down a second time, in exact fractions and nothing else."""
    if of.baseline_value is not None:
        assert of.baseline_year is not None
        start_year, start = of.baseline_year, Fraction(of.baseline_value)
    else:
        assert of.window_start_year is not None
        start_year, start = of.window_start_year - 1, Fraction(0)
    assert of.target_value is not None
    goal = Fraction(of.target_value)
    inside = {o.year: Fraction(o.value) for o in values if start_year < o.year <= of.target_year}
    if not inside:
        return "unknown", None, None
    year = max(inside)
    latest = inside[year]
    elapsed = Fraction(year - start_year, of.target_year - start_year)
    if goal == start:
        return ("maintained" if latest >= start else "regressed"), None, None
    progress = (latest - start) / (goal - start)
    pace = progress / elapsed
    if progress >= 1:
        return "achieved", progress, pace
    if progress < 0:
        return "regressed", progress, pace
    if pace >= Fraction(95, 100):
        return "on-track", progress, pace
    if pace >= Fraction(60, 100):
        return "slightly-behind", progress, pace
    return "behind", progress, pace


def close(made: Decimal | None, exact: Fraction | None) -> bool:
    """Whether a decimal is a fraction to fifty significant digits."""
    if made is None or exact is None:
        return made is exact is None
    return abs(Fraction(made) - exact) <= abs(exact) * Fraction(1, 10**50)


@given(situations())
def test_agrees_with_fractions(situation: tuple[Target, tuple[Observation, ...]]) -> None:
    """Every judgement redone in exact fractions gives the same status and the same ratios."""
    of, values = situation
    item = judge(strategy(), of, kpi(direction=direction_of(of)), values, BANDS)
    status, progress, pace = by_fractions(of, values)
    assert item.status.status_id == status
    assert close(item.progress, progress) and close(item.pace, pace)


@given(situations())
def test_latest_lies_after_the_baseline_and_up_to_the_target(
    situation: tuple[Target, tuple[Observation, ...]],
) -> None:
    """Neither the baseline itself nor a value of the next term is ever judged."""
    of, values = situation
    latest = latest_of(of, values)
    start, _ = start_of(of)
    assert start is not None
    inside = [o.year for o in values if start < o.year <= of.target_year]
    assert (latest.year if latest else None) == max(inside, default=None)


@given(st.data(), numbers, steps, st.booleans())
def test_a_straight_path_has_pace_one(
    data: st.DataObject, base: Decimal, step: Decimal, falling: bool
) -> None:
    """Whoever walks straight from baseline to target is exactly on time, in every year."""
    year, span = data.draw(starts), data.draw(spans)
    done = data.draw(st.integers(1, span))
    step = -step if falling else step
    of = target((year, base), (year + span, base + step * span))
    item = judged(of, (year + done, base + step * done))
    assert item.pace == 1
    assert item.status.status_id == ("achieved" if done == span else "on-track")


def moved(of: Target, values: tuple[Observation, ...], factor: int, shift: Decimal) -> Progress:
    """The same situation in other units: every value times ``factor`` plus ``shift``."""
    assert of.baseline_year is not None
    assert of.baseline_value is not None
    assert of.target_value is not None
    other = target(
        (of.baseline_year, of.baseline_value * factor + shift),
        (of.target_year, of.target_value * factor + shift),
    )
    return judge(
        strategy(),
        other,
        kpi(direction=direction_of(other)),
        observations(*((o.year, o.value * factor + shift) for o in values)),
        BANDS,
    )


with_baseline = situations().filter(lambda s: s[0].baseline_value is not None)


@given(with_baseline, st.integers(1, 1000), numbers)
def test_units_do_not_matter(
    situation: tuple[Target, tuple[Observation, ...]], factor: int, shift: Decimal
) -> None:
    """Thousands or ones, above or below zero: the judgement is the same to the last digit."""
    of, values = situation
    one, two = moved(of, values, 1, Decimal(0)), moved(of, values, factor, shift)
    assert (one.status, one.progress, one.pace) == (two.status, two.progress, two.pace)


@given(with_baseline.filter(lambda s: s[0].baseline_value != s[0].target_value))
def test_falling_is_rising_in_a_mirror(
    situation: tuple[Target, tuple[Observation, ...]],
) -> None:
    """A target below the baseline is judged by the same measure as one above it."""
    of, values = situation
    one, two = moved(of, values, 1, Decimal(0)), moved(of, values, -1, Decimal(0))
    assert (one.status, one.progress, one.pace) == (two.status, two.progress, two.pace)


@given(st.data(), steps, st.sampled_from(["0.95", "0.60", "0.333333", "0.1", "1"]), st.booleans())
def test_a_value_on_a_bound_belongs_to_the_better_band(
    data: st.DataObject, unit: Decimal, bound: str, falling: bool
) -> None:
    """Exactly on the bound is better, a hair below is worse, even after thirds of the time.

    The way is a multiple of the years, so the value on the bound has a finite number of digits
    while the elapsed share (1/3, 2/7, …) has not: dividing would lose the bound.
    """
    span = data.draw(st.integers(2, 30))
    years = data.draw(st.integers(1, span - 1))
    sign = -1 if falling else 1
    gain, way = sign * Decimal(bound) * unit * years, sign * unit * span
    by = bands(**{"on-track": bound, "slightly-behind": "0.05"})
    hair = sign * Decimal("1e-12")
    assert band_of(gain, way, years, span, by) == "on-track"
    assert band_of(gain - hair, way, years, span, by) == "slightly-behind"
    if sign * gain < sign * way:
        of = target((2000, 0), (2000 + span, way))
        assert judged(of, (2000 + years, gain), by=by).status.status_id == "on-track"


def test_a_bound_is_kept_beyond_the_default_precision() -> None:
    """28 digits are not enough for a product of long values: 0.95 × 2/3 of the way, exactly."""
    way = Decimal(3) * (Decimal(10) ** 27 + 7)
    with localcontext() as context:
        context.prec = 60
        gain = Decimal("0.95") * way * 2 / 3
        below = gain - Decimal("0.01")
    assert band_of(gain, way, 2, 3, BANDS) == "on-track"
    assert band_of(below, way, 2, 3, BANDS) == "slightly-behind"


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


# --- the real data, by hand ---------------------------------------------------------------------

# Worked out on paper from data/targets.csv and data/observations.csv, not by the program:
# strategy, indicator, progress, elapsed, pace to three digits, status.
BY_HAND = [
    # 90 → 95 (2014 → 2019), 93 in 2018: 3/5 = 0.6 over 4/5 = 0.8 → 0.75
    ("strategy-1", "agribusiness-startups", "0.6", "0.8", "0.750", "slightly-behind"),
    # 17.3 → 25 (2015 → 2019), 22.0 in 2019: 4.7/7.7 = 0.6104 over 4/4 → 0.610, above 0.60
    ("strategy-1", "work-life-balance", "0.610", "1", "0.610", "slightly-behind"),
    # 12781 → 33000, 46789 in 2018: passed; 34008/20219 = 1.682 over 2/3 → 2.523
    ("strategy-1", "matchmaking-page-views", "1.682", "0.667", "2.523", "achieved"),
    # 9641 → 10400, 9817 in 2019: 176/759 = 0.2319 over 5/5 → 0.232
    ("strategy-1", "downtown-residents", "0.232", "1", "0.232", "behind"),
    # 71000 → 71000 with nothing after 2014
    ("strategy-1", "women-employed", None, None, None, "unknown"),
    # 93 → 99 (2018 → 2024), 96 in 2021: 3/6 over 3/6 → exactly 1
    ("strategy-2", "agribusiness-startups", "0.5", "0.5", "1.000", "on-track"),
    # 0 (2019) → 705 (2024), 348 in 2021: 348/705 = 0.4936 over 2/5 → 1.234
    ("strategy-2", "migration-event-participants", "0.494", "0.4", "1.234", "on-track"),
    # 0 (2019) → 30 (2024), 3 in 2021: 1/10 over 2/5 → 0.25
    ("strategy-2", "business-locations-2020-2024", "0.1", "0.4", "0.250", "behind"),
    # 313 → 331, again 313: 0/18 → 0, not below the baseline, so 遅れ and not 後退
    ("strategy-2", "business-startups", "0", "0.5", "0.000", "behind"),
    # 22.0 → 26.5 (2019 → 2024), 23.0 in 2021: 1.0/4.5 = 0.2222 over 2/5 → 0.556, below 0.60
    ("strategy-2", "work-life-balance", "0.222", "0.4", "0.556", "behind"),
    # 44.87 → 48 (2018 → 2024), 47.2 in 2021: 2.33/3.13 = 0.7444 over 3/6 → 1.489
    ("strategy-2", "local-employment-new-graduates", "0.744", "0.5", "1.489", "on-track"),
    # 113.5 → 145, 45.9 in 2021: −67.6/31.5 = −2.146 over 3/6 → −4.292
    ("strategy-2", "airport-passengers", "-2.146", "0.5", "-4.292", "regressed"),
    # 40 → 63 (2018 → 2024), the last value is of 2020: −5/23 = −0.2174 over 2/6 → −0.652
    ("strategy-2", "overseas-bases", "-0.217", "0.333", "-0.652", "regressed"),
    # 58.0 → 66.0, 77.2 in 2021: 19.2/8 = 2.4 over 3/6 → 4.8
    ("strategy-2", "tourist-repeat-rate", "2.4", "0.5", "4.800", "achieved"),
    # the target is 法定雇用率以上; elapsed 2/5, but no number to reach
    ("strategy-2", "disability-employment-rate", None, "0.4", None, "unknown"),
    # the column of 2021 prints the value of the baseline year again
    ("strategy-2", "women-employment-rate", None, None, None, "unknown"),
]


@pytest.mark.parametrize(
    ("strategy_id", "kpi_id", "progress", "elapsed", "pace", "status"),
    BY_HAND,
    ids=[f"{row[0]} {row[1]}" for row in BY_HAND],
)
def test_real_judgement_by_hand(
    real: Package,
    strategy_id: str,
    kpi_id: str,
    progress: str | None,
    elapsed: str | None,
    pace: str | None,
    status: str,
) -> None:
    """A reader with a pencil comes to the same result."""
    (item,) = [
        p
        for p in judge_all(real)
        if (p.strategy.strategy_id, p.kpi.kpi_id) == (strategy_id, kpi_id)
    ]

    def shown(value: Decimal | None) -> Decimal | None:
        return None if value is None else round(value, 3)

    def by_hand(value: str | None) -> Decimal | None:
        return None if value is None else Decimal(value)

    assert (shown(item.progress), shown(item.elapsed), shown(item.pace)) == (
        by_hand(progress),
        by_hand(elapsed),
        by_hand(pace),
    )
    assert item.status.status_id == status


def test_real_judgements_agree_with_fractions(real: Package) -> None:
    """Every numeric target of the published data, redone in exact fractions."""
    values: dict[str, list[Observation]] = {}
    for observation in real.observations:
        values.setdefault(observation.kpi_id, []).append(observation)
    numeric = [p for p in judge_all(real) if p.target.target_value is not None]
    assert numeric
    for item in numeric:
        status, progress, pace = by_fractions(item.target, tuple(values.get(item.kpi.kpi_id, ())))
        assert item.status.status_id == status, item.kpi.kpi_id
        if item.latest is not None:
            assert close(item.progress, progress) and close(item.pace, pace), item.kpi.kpi_id
