"""Where a rule begins and ends: the rules asked directly, about records that differ in one thing.

No file is read, so an edge costs nothing. The messages are in ``rule_cases.py``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from scripts.model import Package
from scripts.rules import code_of, plan, registry, settings, suspicion, tables, values
from scripts.rules.registry import run
from tests.helpers import TODAY, kpi, observations

BEFORE_APRIL = date(2026, 3, 31)
"""The last day of the fiscal year 2025, in the calendar year 2026."""


def found(rule: Any, package: Package, today: date = TODAY) -> list[tuple[int, str, str]]:
    """What a rule says: row, field and value; whole problems are compared elsewhere."""
    problems = list(run(rule, package, today))
    assert {p.code for p in problems} <= {code_of(rule)}
    assert all(p.fix.endswith(("。", "）。")) for p in problems)
    return [(p.row, p.field, p.value) for p in problems]


def changed(package: Package, table: str, chosen: Callable[[Any], bool], **cells: Any) -> Package:
    """The package with other cells in the records that are chosen (at least one)."""
    records = getattr(package, table)
    assert any(map(chosen, records))
    made = [dataclasses.replace(r, **cells) if chosen(r) else r for r in records]
    tables: dict[str, Any] = {table: tuple(made)}
    return dataclasses.replace(package, **tables)


def of(kpi_id: str, year: int | None = None) -> Callable[[Any], bool]:
    """The rows of an indicator, of one year where it is given."""
    return lambda r: r.kpi_id == kpi_id and (year is None or r.year == year)


def declared(package: Package, **keys: Any) -> Package:
    """The package with other settings; ``None`` takes one out."""
    kept = {k: v for k, v in package.descriptor.items() if k not in keys}
    given = {k: v for k, v in keys.items() if v is not None}
    return dataclasses.replace(package, descriptor={**kept, **given})


# --- settings -----------------------------------------------------------------------------------

SETTINGS: list[tuple[Any, dict[str, Any], list[tuple[str, str]]]] = [
    (settings.freshness_setting, {"freshness": None}, []),
    (settings.freshness_setting, {"freshness": {}}, []),
    (settings.freshness_setting, {"freshness": {"lag_months": 0}}, []),
    (settings.freshness_setting, {"freshness": {"lag_months": 60}}, []),
    (settings.freshness_setting, {"freshness": {"lag_months": 61}}, [("freshness", "61")]),
    (settings.freshness_setting, {"freshness": {"lag_months": -1}}, [("freshness", "-1")]),
    (settings.freshness_setting, {"freshness": {"lag_months": True}}, [("freshness", "True")]),
    (settings.freshness_setting, {"freshness": 9}, [("freshness", "9")]),
    (settings.municipality_code, {"municipality": None}, []),
    (settings.municipality_code, {"municipality": {}}, []),
    (settings.municipality_code, {"municipality": {"code": "12"}}, [("municipality", "12")]),
    (settings.accent_colour, {"accent": None}, []),
    (settings.accent_colour, {"accent": "青"}, [("accent", "青")]),
    (settings.accent_colour, {"accent": "#ffff00"}, [("accent", "#ffff00")]),
    (settings.terms_setting, {"terms": None}, []),
    (settings.terms_setting, {"terms": ["取組"]}, [("terms", "['取組']")]),
    (settings.terms_setting, {"terms": {"measure": "取組"}}, []),
    (settings.terms_setting, {"terms": {"measure": "取 組"}}, [("terms", "取 組")]),
    (settings.terms_setting, {"terms": {"measure": 3}}, [("terms", "3")]),
    (settings.terms_setting, {"terms": {"zoo": "取組"}}, [("terms", "zoo")]),
    (settings.year_type_setting, {"year_type": None}, []),
    (settings.year_type_setting, {"year_type": "calendar"}, []),
    (settings.year_type_setting, {"year_type": "年"}, [("year_type", "年")]),
    (settings.web_addresses, {"repository": None, "licenses": None, "contact": None}, []),
    (settings.web_addresses, {"licenses": [{"name": "x"}]}, []),
    (settings.web_addresses, {"licenses": [{"path": "ftp:x"}]}, [("licenses", "ftp:x")]),
    (settings.web_addresses, {"contact": "taro@example.jp"}, []),
    (settings.web_addresses, {"contact": "https://example.jp/"}, []),
    (settings.web_addresses, {"contact": "0166"}, [("contact", "0166")]),
]


@pytest.mark.parametrize(("rule", "keys", "said"), SETTINGS)
def test_settings(
    rule: Any, keys: dict[str, Any], said: list[tuple[str, str]], package: Package
) -> None:
    assert found(rule, declared(package, **keys)) == [(0, *item) for item in said]


def test_the_terms_are_a_mapping(package: Package) -> None:
    """The one message of a setting that no broken package shows."""
    (problem,) = settings.terms_setting(declared(package, terms="取組"))
    assert problem.line() == (
        "datapackage.json: terms: 「terms」は { } で書きます。"
        '"terms": {"measure": "取組"} のように書いてください。 [terms-setting]'
    )


# --- years and days -----------------------------------------------------------------------------


def test_fiscal_and_calendar_years_end_on_different_days(package: Package) -> None:
    """On the last day of March the calendar year has come and the fiscal year has not."""
    later = changed(package, "observations", of("farm-persons", 2025), year=2026)
    (problem,) = run(suspicion.future_year, later, BEFORE_APRIL)
    assert problem.message == "2026年度は、まだ来ていません（今は2025年度）。"
    calendar = changed(later, "kpis", of("farm-persons"), year_type="calendar")
    assert found(suspicion.future_year, calendar, BEFORE_APRIL) == []
    later = changed(calendar, "observations", of("farm-persons", 2026), year=2027)
    (problem,) = run(suspicion.future_year, later, BEFORE_APRIL)
    assert problem.message == "2027年は、まだ来ていません（今は2026年）。"


def test_an_evaluation_of_a_year_to_come(package: Package) -> None:
    later = changed(package, "evaluations", lambda e: e.row == 2, evaluated_year=2026)
    (problem,) = run(suspicion.future_year, later, BEFORE_APRIL)
    assert problem.path == "data/evaluations.csv"
    assert (problem.row, problem.field, problem.value) == (2, "evaluated_year", "2026")
    assert found(suspicion.future_year, later, date(2026, 4, 1)) == []


@pytest.mark.parametrize(("kind", "last"), [("fiscal", 2024), ("calendar", 2025)])
def test_a_provisional_value_may_stay_for_a_year(kind: str, last: int, package: Package) -> None:
    """The value of the year before last is asked about, in the words of its year."""
    row = of("library-loans", 2024)
    base = changed(package, "kpis", of("library-loans"), year_type=kind)
    fresh = changed(base, "observations", row, status="provisional", year=last)
    assert found(suspicion.still_provisional, fresh, BEFORE_APRIL) == []
    old = changed(base, "observations", row, status="provisional", year=last - 1)
    (problem,) = run(suspicion.still_provisional, old, BEFORE_APRIL)
    assert problem.value == "provisional"
    assert problem.message.startswith(f"{last - 1}{'年度' if kind == 'fiscal' else '年'}の値が、")


# --- values -------------------------------------------------------------------------------------

CAUTIONS = [
    ("%", "100.1", "", True),
    ("％", "100.1", "", True),
    ("%", "100.1", "100%を超えることがある。", False),
    ("%", "100.1", "マイナスになることがある。", True),
    ("%", "-0.1", "マイナスになることがある。", False),
    ("%", "-0.1", "100%を超えることがある。", True),
    ("人", "100.1", "", False),
]


@pytest.mark.parametrize(("unit", "value", "caution", "wrong"), CAUTIONS)
def test_a_caution_explains_a_rate(
    unit: str, value: str, caution: str, wrong: bool, package: Package
) -> None:
    """Each side of the range has words of its own."""
    kpi = "clinic-satisfaction"
    package = changed(package, "kpis", of(kpi), unit=unit, caution=caution)
    package = changed(package, "observations", of(kpi, 2023), value=Decimal(value))
    said = [(5, "value", value)] if wrong else []
    assert found(values.percentage_range, package) == said


def test_a_small_step_is_a_direction(package: Package) -> None:
    """Less than 1 up is up."""
    package = changed(
        package, "targets", of("farm-persons"), target_value=Decimal("10.5"), baseline_value=10
    )
    assert found(values.target_direction, package) == []


def test_every_target_is_looked_at(package: Package) -> None:
    """One that may be odd does not end the search: the last row is found behind all the others."""
    last = package.targets[-1]
    kept = changed(package, "kpis", of("town-residents"), direction="increase")
    wrong = changed(kept, "targets", lambda t: t is last, target_value=Decimal(9000))
    assert found(values.target_direction, wrong) == [(last.row, "target_value", "9000")]
    lone = changed(package, "targets", lambda t: t.row == 2, strategy_id="plan-9")
    wrong = changed(lone, "targets", lambda t: t.kpi_id == last.kpi_id, target_year=2031)
    assert found(values.target_years, wrong) == [(last.row, "target_year", "2031")]
    blank = changed(package, "targets", lambda t: t.row == 2, baseline_note="資料のとおり。")
    wrong = changed(blank, "targets", of("farm-persons"), baseline_value=Decimal(11))
    assert found(values.baseline_observed, wrong) == [(8, "baseline_value", "11")]


def test_a_target_in_the_first_year_of_its_term(package: Package) -> None:
    package = changed(package, "targets", of("farm-persons"), target_year=2022)
    assert found(values.target_years, package) == []


# --- ids and order ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "safe"),
    [("a" * 80, True), ("a" * 81, False), ("a-1", True), ("a--1", False), ("com9", False)],
)
def test_safe_ids(name: str, safe: bool) -> None:
    assert tables.is_safe(name) is safe


def test_a_goal_of_every_table_is_looked_up(package: Package) -> None:
    """Each of the tables that name a goal; a blank one is none."""
    for table in ("control_totals", "revision_elements", "achievements", "proposals", "dialogues"):
        row = getattr(package, table)[0].row
        unknown = changed(package, table, lambda r, row=row: r.row == row, goal_id="goal-9")  # type: ignore[misc]
        (problem,) = plan.goal_known(unknown)
        assert problem.path == f"data/{table}.csv"
        assert (problem.row, problem.value) == (row, "goal-9")
        blank = changed(package, table, lambda r, row=row: r.row == row, goal_id="")  # type: ignore[misc]
        assert found(plan.goal_known, blank) == []


# --- projects and achievements ------------------------------------------------------------------


def test_totals_of_a_goal_that_nobody_knows(package: Package) -> None:
    """It is called by its id; that it is unknown is said by another rule."""
    row = package.control_totals[0].row
    odd = changed(package, "control_totals", lambda c: c.row == row, goal_id="goal-9")
    messages = [p.message for p in plan.project_totals(odd)]
    assert "goal-9の行数は、印字が4行、事業の表が0行です。" in messages
    odd = changed(package, "measures", lambda m: m.measure_id == "p2-b", goal_id="goal-9")
    (problem,) = plan.project_totals_complete(odd)
    assert problem.message == "2023年度のgoal-9の計がなく、2行を確かめられません。"


def test_a_total_that_is_missing_does_not_hide_the_next(package: Package) -> None:
    """Neither does one that was not printed; repeats are counted on their own."""
    kept = tuple(c for c in package.control_totals if c.row != 4)
    fewer = dataclasses.replace(package, control_totals=kept)
    wrong = changed(fewer, "control_totals", lambda c: c.row == 5, repeat_rows=2)
    (problem,) = plan.project_totals(wrong)
    assert (problem.row, problem.field, problem.value) == (5, "repeat_rows", "2")
    assert problem.message.endswith("の再掲の行数は、印字が2行、事業の表が1行です。")


@pytest.mark.parametrize(("year", "wrong"), [(2016, 1), (2017, 0), (2021, 0), (2022, 1)])
def test_the_years_of_a_project(year: int, wrong: int, package: Package) -> None:
    """The first and the last year of the term are inside."""
    moved = changed(package, "projects", lambda p: p.row == 2, fiscal_year=year)
    assert len(found(plan.project_year, moved)) == wrong


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({"year": 2024, "period": "R6.8.1"}, "R6.8.1の値"),
        ({"year": 2024, "period": ""}, "2024の値"),
        ({"year": None, "period": ""}, "時点のない値"),
    ],
)
def test_the_time_of_a_number_that_stands_twice(
    when: dict[str, Any], words: str, package: Package
) -> None:
    twice = changed(package, "achievements", lambda a: a.row in (3, 4), **when)
    (problem,) = plan.achievements_unique(twice)
    assert problem.row == 4
    assert words in problem.message


def test_an_empty_table_breaks_no_rule(package: Package) -> None:
    empty = dataclasses.replace(package, evaluations=())
    assert found(tables.ids_safe, empty) == []


def test_a_department_that_no_project_names(package: Package) -> None:
    lost = changed(
        package, "projects", lambda p: p.department_id == "farm-office", department_id="town-office"
    )
    (problem,) = plan.code_tables_used(lost)
    assert (problem.path, problem.field) == ("data/departments.csv", "department_id")
    assert problem.value == "farm-office"


# --- series -------------------------------------------------------------------------------------


def series(package: Package, *values: str | int, **cells: Any) -> Package:
    """The package with one indicator and its values from 2020 on."""
    pairs = [(2020 + n, Decimal(value)) for n, value in enumerate(values)]
    kpis = (kpi(**{"unit": "人", "year_type": "calendar", **cells}),)
    return dataclasses.replace(package, kpis=kpis, observations=observations(*pairs))


def test_the_first_value_is_compared_with_the_second(package: Package) -> None:
    """In a series of three, in the words of its years; a pair says nothing of the first."""
    (problem,) = suspicion.sudden_change(series(package, 100, 5, 7, unit=""))
    assert problem.message == "「100」は、2021年の5と20倍違います。"
    assert problem.fix.startswith("けたと単位（なし）を")
    (problem,) = suspicion.sudden_change(series(package, 100, 5))
    assert problem.value == "5"
    assert found(suspicion.sudden_change, series(package, 5, 7)) == []


def test_one_twice_is_the_same_value_and_zero_is_not(package: Package) -> None:
    (problem,) = suspicion.same_as_before(series(package, 1, 1))
    assert problem.message == "「1」は、2020年と同じ値です。"
    assert found(suspicion.same_as_before, series(package, 0, 0)) == []


@pytest.mark.parametrize(
    ("value", "asked"), [(0, False), (1, True), (4, True), (5, False), ("-1", False)]
)
def test_small_counts(value: str | int, asked: bool, package: Package) -> None:
    """Of persons, wherever they stand."""
    said = [str(value)] if asked else []
    assert [p.value for p in suspicion.small_count(series(package, value))] == said
    persons = changed(
        package, "achievements", lambda a: a.row == 2, unit="人", value=Decimal(value), note=""
    )
    found = [p for p in suspicion.small_count(persons) if p.path == "data/achievements.csv"]
    assert [p.value for p in found] == said


def test_nobody_reads_on_for_ever(package: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule stops where nobody would read on, whether it depends on the day or not."""
    monkeypatch.setattr(registry, "MAX_FOUND", 2)
    many = series(package, 1, 1, 1, 1, 1)
    assert len(found(suspicion.same_as_before, many)) == 2
    assert len(found(suspicion.future_year, many, date(2019, 1, 1))) == 2


def test_a_direction_of_their_own(package: Package) -> None:
    """Whoever takes the choices out of the declaration still gets a sentence."""
    odd = changed(package, "kpis", of("farm-persons"), direction="sideways")
    (problem,) = values.target_direction(odd)
    assert "「sideways」（sideways）" in problem.message
