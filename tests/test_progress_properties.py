"""The judgement against arithmetic of another kind: fractions, mirrors, other units."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scripts.model import Observation, Target
from scripts.progress import (
    Progress,
    band_of,
    judge,
    latest_of,
    start_of,
)
from tests.helpers import bands, kpi, observations, strategy, target
from tests.test_progress import BANDS, judged

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
