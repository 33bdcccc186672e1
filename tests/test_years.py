"""Western years and Japanese eras, both ways."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.years import (
    era_code,
    era_label,
    era_names,
    fiscal_year_of,
    parse_year,
    short_year_label,
    year_label,
)

LABELS = [
    (2021, "fiscal", "", "2021年度(令和3年度)"),
    (2020, "fiscal", "", "2020年度(令和2年度)"),
    # April 2019 was still 平成, so the fiscal year carries both names; 元年, never 1年
    (2019, "fiscal", "", "2019年度(令和元年度・平成31年度)"),
    (2019, "calendar", "", "2019年(令和元年・平成31年)"),
    (2018, "fiscal", "", "2018年度(平成30年度)"),
    (2014, "calendar", "10月1日", "2014年(平成26年)10月1日"),
    (1990, "fiscal", "", "1990年度(平成2年度)"),
    (1989, "calendar", "", "1989年(平成元年・昭和64年)"),
    (1988, "fiscal", "", "1988年度(昭和63年度)"),
    (1926, "calendar", "", "1926年(昭和元年)"),
    (1925, "calendar", "", "1925年"),
]


@pytest.mark.parametrize(("year", "kind", "as_of", "label"), LABELS)
def test_label(year: int, kind: str, as_of: str, label: str) -> None:
    """What a reader sees, around every change of era."""
    assert year_label(year, kind, as_of) == label


def test_the_fiscal_year_1989_was_never_in_showa() -> None:
    """昭和64年 ended on 7 January 1989, in the fiscal year 1988; from April it was 平成元年度."""
    assert era_label(1989, "fiscal") == "平成元年度"


def test_years_are_fiscal_unless_told_otherwise() -> None:
    """The plans of cities run from April to March."""
    assert era_label(2021) == "令和3年度"
    assert year_label(2021) == "2021年度(令和3年度)"


def test_short_forms() -> None:
    """The short label of running text and the ASCII form of charts."""
    assert short_year_label(2021) == "2021年度"
    assert short_year_label(2021, "calendar") == "2021年"
    assert [era_code(y) for y in (2021, 2019, 2018, 1989, 1988, 1925)] == [
        "R3",
        "R1",
        "H30",
        "H1",
        "S63",
        "",
    ]


READ = [
    ("2021", 2021),
    ("２０２１", 2021),
    ("2021年度", 2021),
    ("2021年", 2021),
    (" 2021 ", 2021),
    ("令和6年度", 2024),
    ("R6", 2024),
    ("Ｒ６", 2024),
    ("r6", 2024),
    ("R.6", 2024),
    ("令和元年度", 2019),
    ("令和元", 2019),
    ("令和1年", 2019),
    ("R1", 2019),
    ("H31", 2019),
    ("平成31年度", 2019),
    ("平成元年", 1989),
    ("昭和64年", 1989),
    ("S63", 1988),
    ("昭和元年", 1926),
]


@pytest.mark.parametrize(("typed", "year"), READ)
def test_read(typed: str, year: int) -> None:
    """Every way of writing a year that staff are known to use."""
    assert parse_year(typed) == year


REFUSED = [
    ("平成32年度", "「平成32年度」は存在しない年です（令和2年のことですか）"),
    ("H35", "「H35」は存在しない年です（令和5年のことですか）"),
    ("昭和65", "「昭和65」は存在しない年です（平成2年のことですか）"),
    ("昭和94", "「昭和94」は存在しない年です（令和元年のことですか）"),
    ("令和0年度", "「令和0年度」は存在しない年です（令和は元年から始まります）"),
    ("H0", "「H0」は存在しない年です（平成は元年から始まります）"),
    ("", "「」は年として読めません"),
    ("R", "「R」は年として読めません"),
    ("20l1", "「20l1」は年として読めません"),
    ("2O21", "「2O21」は年として読めません"),
    ("2021/4/1", "「2021/4/1」は年として読めません"),
    ("2021.0", "「2021.0」は年として読めません"),
    ("2021-2022", "「2021-2022」は年として読めません"),
    ("21", "「21」は年として読めません"),
    ("大正15年", "「大正15年」は年として読めません"),
    ("明治元年", "「明治元年」は年として読めません"),
    ("令和三年度", "「令和三年度」は年として読めません"),
    ("令和3年4月", "「令和3年4月」は年として読めません"),
]


@pytest.mark.parametrize(("typed", "message"), REFUSED)
def test_refused(typed: str, message: str) -> None:
    """What cannot be a year is named as typed, and the likely meaning is said."""
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        parse_year(typed)


years = st.integers(1926, 2117)
kinds = st.sampled_from(["fiscal", "calendar"])


@given(years)
def test_every_era_name_reads_back(year: int) -> None:
    """``era_names`` and ``parse_year`` are the inverse of each other, with and without suffix."""
    names = era_names(year)
    assert names
    for name in names:
        for suffix in ("", "年", "年度"):
            assert parse_year(name + suffix) == year
    assert parse_year(era_code(year)) == year


@given(years, kinds)
def test_every_label_reads_back(year: int, kind: str) -> None:
    """The western and each Japanese part of a printed label mean the same year."""
    label = year_label(year, kind)
    western, _, eras = label.removesuffix(")").partition("(")
    assert {parse_year(part) for part in (western, *eras.split("・"))} == {year}


@given(st.sampled_from(["令和", "平成", "昭和", "R", "H", "S"]), st.integers(0, 99))
def test_an_era_year_is_read_only_if_it_was(era: str, number: int) -> None:
    """Whatever is read is printed again under that era; whatever is refused never was."""
    first = {"令": 2019, "R": 2019, "平": 1989, "H": 1989, "昭": 1926, "S": 1926}[era[0]]
    last = {2019: 2118, 1989: 2019, 1926: 1989}[first]
    exists = number >= 1 and first + number - 1 <= last
    try:
        year = parse_year(f"{era}{number}")
    except ValueError:
        assert not exists
    else:
        assert exists and year == first + number - 1


@given(st.text(max_size=8))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing a person can type ends in anything but a year or a sentence."""
    try:
        assert 0 <= parse_year(text) <= 9999
    except ValueError as error:
        assert str(error).startswith(f"「{text}」は")


DAYS = [
    (date(2026, 3, 31), 2025),
    (date(2026, 4, 1), 2026),
    (date(2026, 12, 31), 2026),
    (date(2027, 1, 1), 2026),
    (date(2028, 2, 29), 2027),
]


@pytest.mark.parametrize(("day", "year"), DAYS)
def test_fiscal_year_of(day: date, year: int) -> None:
    """A fiscal year runs from April to March."""
    assert fiscal_year_of(day) == year


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_the_fiscal_year_changes_on_the_first_of_april_only(day: date) -> None:
    """From one day to the next the fiscal year grows by one on 1 April and stays otherwise."""
    before = fiscal_year_of(day - timedelta(days=1))
    assert fiscal_year_of(day) - before == ((day.month, day.day) == (4, 1))
