"""Rules across rows and tables: each with a broken package that it, and only it, complains about.

Besides the mistakes there are the ways out: where a rule lets a note explain the exception, a case
shows that the note is enough, and what a rule must not forbid is shown to pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from scripts.messages import CATALOGUE
from scripts.model import Package, Problem
from scripts.rules import RULES, check_package, code_of
from scripts.rules.suspicion import JUMP_FACTOR, is_jump
from tests.breaking import cell, orphan_source, target
from tests.helpers import Broken, Copy
from tests.rule_cases import CASES, errors, late_baseline, no_target, target_after_term

DESCRIPTOR = "datapackage.json"


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_broken_package(case: Broken, town: Copy) -> None:
    """The rule says where, what and how to mend it, and no other rule adds noise."""
    case.mutate(town)
    found = town.found()
    assert [problem.line() for problem in found] == list(case.lines)
    for problem in found:
        assert problem.value == value_of(problem, town)


def value_of(problem: Problem, town: Copy) -> str:
    """The cell or the setting that a problem points at, as it stands in the file."""
    if problem.path == DESCRIPTOR:
        assert problem.row == 0  # settings are named, not counted
        quoted = re.search("「(.*?)」", problem.message.partition("コード")[2] or problem.message)
        return quoted[1] if quoted else ""
    if problem.row == 0:
        return ""  # something is missing from a table
    header, *rows = town.rows(Path(problem.path).stem)
    return rows[problem.row - 2][header.index(problem.field)]


def test_every_rule_has_a_broken_package() -> None:
    """A rule that no broken package triggers is a rule that nobody knows to work."""
    asked = {entry.code for entry in CATALOGUE.values() if entry.level == "warning"}
    dated = {"future-year"}  # these two kinds are tried out in test_mistakes.py
    made = {code for case in CASES for code in case.codes}
    assert {code_of(rule) for rule in RULES} - asked - dated == made - asked


def test_every_case_is_named_after_its_rule() -> None:
    """The table above is read by people who look for a rule."""
    for case in CASES:
        assert case.name.partition(":")[0] in case.codes


def test_every_rule_is_published(built: dict[str, bytes]) -> None:
    """The docstring of a rule is the published rule: a Japanese sentence on the method page."""
    page = built["method.md"].decode()
    for rule in RULES:
        sentence = rule.__doc__ or ""
        assert sentence.endswith("。") and "\n" not in sentence, code_of(rule)
        assert f"<code>{code_of(rule)}</code>" in page
        assert sentence.replace("%", "&#37;") in page or sentence in page


EXPLAINED: list[tuple[str, Callable[[Copy], object]]] = [
    (
        "target outside the term",
        lambda town: (target_after_term(town), target(target_note="資料のとおり。")(town)),
    ),
    (
        "baseline inside the term",
        lambda town: (late_baseline(town), target(baseline_note="途中から始めた。")(town)),
    ),
    (
        "baseline differs from the observation",
        target(baseline_value="11", baseline_note="3年間の平均。"),
    ),
    (
        "observation outside every term",
        lambda town: (
            town.cell("observations", "farm-persons,2025", "note", "参考に載せる。"),
            town.cell("observations", "farm-persons,2025", "year", "2017"),
        ),
    ),
    (
        "indicator without a target",
        lambda town: (
            no_target(town),
            town.cell("kpis", "waste-per-person", "caution", "目標は決まっていない。"),
        ),
    ),
    (
        "what had to grow is kept",
        lambda town: (
            town.cell("kpis", "town-residents", "direction", "increase"),
            town.cell("targets", "plan-2,town-residents", "target_note", "これからは保つ。"),
        ),
    ),
    (
        "a rate below zero",
        lambda town: (
            town.cell("observations", "clinic-satisfaction,2023", "value", "-0.1"),
            town.cell("observations", "clinic-satisfaction,2023", "note", "資料のとおり。"),
            town.cell("kpis", "clinic-satisfaction", "caution", "マイナスになることがある。"),
        ),
    ),
]


@pytest.mark.parametrize(("name", "change"), EXPLAINED, ids=[e[0] for e in EXPLAINED])
def test_a_note_explains_the_exception(
    name: str, change: Callable[[Copy], object], town: Copy
) -> None:
    """Documents are odd at times: what is explained to the reader may be published."""
    change(town)
    assert errors(town) == []


ALLOWED: list[tuple[str, Callable[[Copy], object]]] = [
    ("percentage of exactly 100", cell("observations", "clinic-satisfaction,2023", "value", "100")),
    ("percentage of exactly 0", cell("observations", "clinic-satisfaction,2023", "value", "0")),
    ("fewer decimals than declared", cell("observations", "waste-per-person,2022", "value", "841")),
    ("more than 100 of something else", cell("observations", "farm-persons,2025", "value", "180")),
    (
        "baseline in the first year of the term",
        lambda town: (
            target(baseline_year="2022")(town),
            town.cell("observations", "farm-persons,2021", "year", "2022"),
        ),
    ),
    ("observation in the target year", cell("observations", "farm-persons,2025", "year", "2026")),
    ("zero is a value", cell("observations", "company-visits-2022,2022", "value", "0")),
]


@pytest.mark.parametrize(("name", "change"), ALLOWED, ids=[a[0] for a in ALLOWED])
def test_no_false_alarm(name: str, change: Callable[[Copy], object], town: Copy) -> None:
    """What lies on the edge of a rule is still right."""
    change(town)
    assert errors(town) == []


def test_a_textual_target_may_have_values_without_a_baseline(town: Copy) -> None:
    """Without a baseline there is no year before which a value would be out of place."""
    for field in ("baseline_year", "baseline_value"):
        town.cell("targets", "plan-2,bright-index", field, "")
    assert town.problems() == []


CIRCLES = [[("p2-b-1", "p2-b-1")], [("p2-b-1", "p2-b"), ("p2-b", "p2-b-1")]]


@pytest.mark.parametrize("parents", CIRCLES, ids=["of one", "of two"])
def test_measures_are_not_above_themselves(parents: list[tuple[str, str]], town: Copy) -> None:
    """A circle of parents hangs below no goal and would appear on no page."""
    for measure_id, parent_id in parents:
        town.cell("measures", measure_id, "parent_id", parent_id)
    assert any(line.startswith("data/measures.csv:6: parent_id: ") for line in town.problems())


@pytest.mark.parametrize(
    ("value", "other", "jump"),
    [
        (JUMP_FACTOR, 1, False),
        ("5.01", 1, True),
        (1, "5.01", True),
        ("0.9", "0.1", True),
        (0, 9, False),
        (-9, 1, False),
        (-9, -1, True),
    ],
)
def test_what_is_a_jump(value: str | int, other: str | int, jump: bool) -> None:
    """More than five times, either way; where the sign changes nothing is a multiple."""
    assert is_jump(Decimal(value), Decimal(other)) is jump


def test_dated_rules_run_on_what_could_be_read(town: Copy) -> None:
    """A missing table does not keep an old provisional value back."""
    town.file("evaluations").unlink()
    town.cell("observations", "library-loans,2022", "status", "provisional")
    assert {problem.code for problem in town.found()} == {"file-missing", "still-provisional"}


def test_problems_come_in_the_order_of_files_and_rows(town: Copy) -> None:
    """Staff mend one file after the other, from top to bottom; nothing is said twice."""
    orphan_source(town)
    town.cell("kpis", "farm-persons", "direction", "decrease")
    town.cell("targets", "plan-2,clinic-satisfaction", "target_value", "60.0")
    town.cell("observations", "clinic-satisfaction,2023", "value", "100.5")
    lines = town.problems()
    places = [(line.split(":")[0], int(line.split(":")[1])) for line in lines]
    assert places == [
        ("data/observations.csv", 5),
        ("data/sources.csv", 6),
        ("data/targets.csv", 6),
        ("data/targets.csv", 8),
    ]


def test_the_real_package_and_the_fixture_break_no_rule(package: Package, real: Package) -> None:
    """The rules fit the data they were made for."""
    assert check_package(package) == ()
    assert [p for p in check_package(real) if p.level == "error"] == []
