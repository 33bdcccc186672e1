"""The freshness board: when a value is due, what is late since when, and the page of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.build import render
from scripts.freshness import (
    CURRENT,
    LATE,
    MISSING,
    STATES,
    WAITING,
    board,
    freshness_of,
    lag_months,
    late_from,
    newest_expected,
)
from scripts.model import Package
from scripts.progress import judge, judge_all
from tests.helpers import FIXTURE, TODAY, Copy, bands, kpi, observations, strategy, target

FISCAL, CALENDAR = kpi(), kpi(year_type="calendar")


@pytest.mark.parametrize(
    ("year", "about", "lag", "day"),
    [
        (2024, FISCAL, 9, date(2026, 1, 1)),  # ends 2025-03-31, nine months later is 2025-12-31
        (2024, FISCAL, 8, date(2025, 12, 1)),
        (2024, FISCAL, 0, date(2025, 4, 1)),
        (2024, FISCAL, 24, date(2027, 4, 1)),
        (2024, CALENDAR, 9, date(2025, 10, 1)),
        (2024, CALENDAR, 0, date(2025, 1, 1)),
    ],
)
def test_a_value_is_late_after_its_year_and_the_lag(year, about, lag, day) -> None:
    assert late_from(year, about, lag) == day


@given(
    today=st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    lag=st.integers(0, 60),
    about=st.sampled_from([FISCAL, CALENDAR]),
)
def test_the_newest_expected_year_is_the_last_one_that_is_due(today, lag, about) -> None:
    year = newest_expected(about, today, lag)
    assert late_from(year, about, lag) <= today < late_from(year + 1, about, lag)


def state(values, today: str, *, start=(2019, 10), goal=(2024, 20), lag=9, **about):
    """State, next year, first late day and years behind of an indicator of a term 2020–2024."""
    indicator = kpi(**about)
    of = target(start, goal, **({"window_start_year": 2020} if start is None else {}))
    item = judge(strategy(), of, indicator, observations(*values), bands())
    found = freshness_of(item, date.fromisoformat(today), lag)
    return found.state, found.next_year, found.late_from and str(found.late_from), found.behind


@pytest.mark.parametrize(
    ("values", "today", "told"),
    [
        # the day before and the day itself
        ([(2021, 12)], "2023-12-31", (CURRENT, 2022, "2024-01-01", 0)),
        ([(2021, 12)], "2024-01-01", (LATE, 2022, "2024-01-01", 1)),
        ([(2021, 12)], "2026-11-22", (LATE, 2022, "2024-01-01", 3)),
        # after the target year nothing more is expected
        ([(2021, 12)], "2040-01-01", (LATE, 2022, "2024-01-01", 3)),
        ([(2024, 12)], "2040-01-01", (CURRENT, None, None, 0)),
        # no value after the baseline
        ([], "2021-12-31", (WAITING, 2020, "2022-01-01", 0)),
        ([], "2022-01-01", (MISSING, 2020, "2022-01-01", 1)),
        ([(2019, 10)], "2026-11-22", (MISSING, 2020, "2022-01-01", 5)),
    ],
)
def test_the_state_of_a_yearly_indicator(values, today, told) -> None:
    assert state(values, today) == told


def test_a_baseline_long_before_the_term_does_not_make_the_years_between_late() -> None:
    assert state([], "2026-11-22", start=(2014, 10)) == (MISSING, 2020, "2022-01-01", 5)


def test_a_count_starts_with_its_window() -> None:
    assert state([], "2022-01-01", start=None) == (MISSING, 2020, "2022-01-01", 1)


def test_of_a_survey_only_the_target_year_is_expected() -> None:
    for day, told in (("2025-12-31", (CURRENT, 0)), ("2026-01-01", (LATE, 1))):
        found = state([(2021, 12)], day, accumulation="survey")
        assert found == (told[0], 2024, "2026-01-01", told[1])


def test_the_calendar_year_ends_in_december() -> None:
    told = state([(2021, 12)], "2023-10-01", year_type="calendar")
    assert told == (LATE, 2022, "2023-10-01", 1)


def test_the_note_of_the_last_value_comes_before_the_caution() -> None:
    of, about = target((2019, 10), (2024, 20)), kpi(caution="調査は5年ごと。")
    (value,) = observations((2020, 12))
    for notes, told in (("10月に確定する。", "10月に確定する。"), ("", "調査は5年ごと。")):
        item = judge(strategy(), of, about, (replace(value, note=notes),), bands())
        assert freshness_of(item, TODAY, 9).note == told


def test_the_longest_overdue_come_first(real: Package) -> None:
    found = board(judge_all(real), TODAY, lag_months(real.descriptor))
    assert tuple(found) == STATES
    assert sum(map(len, found.values())) == len(real.targets)
    for items in found.values():
        assert [f.behind for f in items] == sorted((f.behind for f in items), reverse=True)
    assert all(f.behind == 0 for f in (*found[CURRENT], *found[WAITING]))
    assert all(f.behind > 0 for f in (*found[LATE], *found[MISSING]))


def test_today_is_the_only_clock(package: Package) -> None:
    later = render(package, FIXTURE / "docs", date(2027, 1, 1))["status.md"].decode()
    assert "2027年1月1日の時点" in later
    assert "新しい値を待っている（4）" in later


def test_the_lag_is_a_setting(tmp_path: Path, town: Copy) -> None:
    assert lag_months({}) == 9
    assert lag_months({"freshness": {"lag_months": 3}}) == 3


@pytest.mark.parametrize(
    "setting", [{"lag_months": "9"}, {"lag_months": 61}, {"lag_months": True}, 9]
)
def test_a_bad_setting_is_a_problem(town: Copy, setting: object) -> None:
    town.describe(lambda d: d.update(freshness=setting))
    (line,) = town.problems()
    assert line.endswith("0から60までの整数を書いてください。 [freshness-setting]")
