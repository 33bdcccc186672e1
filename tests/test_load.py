"""Loading: all mistakes at once, nothing is published by accident, and what a good package becomes.

The mistakes themselves are in ``mistakes.py`` and ``test_mistakes.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scripts.load import load_package
from scripts.model import TABLES, Package
from tests.breaking import ROW, field, resource
from tests.helpers import FIXTURE, Copy
from tests.mistakes import MISTAKES


def test_every_problem_at_once(town: Copy) -> None:
    """Two mistakes in different files, and one in a file that cannot even be read: all three."""
    town.cell("observations", ROW, "value", "１８")
    town.cell("sources", "plan-first", "title", "")
    town.bytes("goals", lambda text: text.decode().encode("utf-16"))
    codes = [(line.split(":")[0], line.rpartition("[")[2]) for line in town.problems()]
    assert codes == [
        ("data/goals.csv", "encoding-error]"),
        ("data/observations.csv", "type-error]"),
        ("data/sources.csv", "required-cell]"),
    ]


def test_rules_run_on_what_could_be_read(town: Copy) -> None:
    """A broken table does not keep the mistakes of the others back."""
    town.file("evaluations").unlink()
    town.cell("kpis", "farm-persons", "direction", "decrease")
    codes = [line.rpartition("[")[2] for line in town.problems()]
    assert codes == ["file-missing]", "target-direction]"]


def test_rules_wait_for_a_table_that_could_not_be_read(town: Copy) -> None:
    """Without its observations every target would seem to have none."""
    town.file("observations").unlink()
    assert [line.rpartition("[")[2] for line in town.problems()] == ["file-missing]"]


def test_several_problems_in_one_file_come_in_the_order_of_the_rows(town: Copy) -> None:
    """Staff mend a file from top to bottom."""
    town.cell("observations", ROW, "value", "18人")
    town.cell("observations", "bright-index,2021", "value", "")
    town.cell("observations", "waste-per-person,2024", "status", "?")
    rows = [int(line.split(":")[1]) for line in town.problems()]
    assert rows == [2, 12, 26]


def test_the_value_of_a_key_is_the_key(town: Copy) -> None:
    """What tools read beside the sentence: all parts of a key, and the cell of a reference."""
    town.add("observations", ",".join(town.rows("observations")[11]))
    town.add("observations", "zoo-visitors,2024,1,final,yearbook-2025,1ページ,")
    town.field("ratings", "label", constraints={"unique": True})
    town.column("ratings", "label", "継続")
    town.cell("kpis", "farm-persons", "direction", "up")
    values = {(p.code, p.field, p.value) for p in town.found()}
    assert {
        ("primary-key", "year", "farm-persons・2025"),
        ("foreign-key", "kpi_id", "zoo-visitors"),
        ("constraint-error", "label", "継続"),
        ("constraint-error", "direction", "up"),
    } <= values


def test_what_lies_beside_the_tables(town: Copy) -> None:
    """Hidden files and notes may stay; anything else is named, as a whole."""
    for name in (".keep", "README.MD", "old.csv", "~$kpis.xlsx", ".~lock.kpis.csv#"):
        (town.folder / "data" / name).write_bytes(b"x")
    town.file("ratings").unlink()
    found = [(p.path, p.row, p.field, p.value, p.code) for p in town.found()]
    assert found == [
        ("data/old.csv", 0, "", "", "undeclared-file"),
        ("data/ratings.csv", 0, "", "", "file-missing"),
        ("data/~$kpis.xlsx", 0, "", "", "undeclared-file"),
    ]


MISDECLARED: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    ("table without a schema", lambda d: resource(d, "ratings").pop("schema")),
    ("schema without fields", lambda d: resource(d, "ratings")["schema"].pop("fields")),
    ("schema in another file", lambda d: resource(d, "ratings").update(schema="ratings.json")),
    ("field without a type", lambda d: field(d, "ratings", "label").pop("type")),
    ("unknown type", lambda d: field(d, "ratings", "label").update(type="text")),
    ("type that the site does not use", lambda d: field(d, "ratings", "label").update(type="date")),
    (
        "misspelt constraint",
        lambda d: field(d, "ratings", "label").update(constraints={"maxlength": 3}),
    ),
    (
        "pattern that works only by itself",
        lambda d: field(d, "ratings", "label").update(constraints={"pattern": "(?i)a"}),
    ),
]


@pytest.mark.parametrize(("name", "change"), MISDECLARED, ids=[m[0] for m in MISDECLARED])
def test_a_wrong_declaration_is_a_problem_and_no_traceback(
    town: Copy, name: str, change: Callable[[dict[str, Any]], object]
) -> None:
    """Whoever adapts ``datapackage.json`` to another plan is told what is wrong with it."""
    town.describe(change)
    lines = town.problems()
    assert lines and all(line.startswith("datapackage.json:") for line in lines)


def test_a_key_may_be_declared_as_a_single_name(town: Copy) -> None:
    """Data Package allows ``"primaryKey": "rating_id"`` beside the list."""
    town.describe(lambda d: resource(d, "ratings")["schema"].update(primaryKey="rating_id"))
    assert town.problems() == []


def test_a_column_of_different_values(town: Copy) -> None:
    """``unique`` is said once per cell that stands before, blanks are not values."""
    town.field("ratings", "label", constraints={"unique": True})
    town.column("ratings", "label", "同じ")
    town.cell("ratings", "grow", "label", "")
    assert [line.partition("。")[0] for line in town.problems()] == [
        "data/ratings.csv:4: label: 「同じ」が2回以上あります"
    ]


# --- what a good package becomes ----------------------------------------------------------------


def test_the_fixture_has_no_problem(town: Copy) -> None:
    """Otherwise no case above would say anything."""
    assert town.problems() == []


def test_records_are_typed_and_know_their_line() -> None:
    """Printed digits stay, blanks are not zeros, and each record points at its line."""
    package = load_package(FIXTURE / "datapackage.json").package
    assert package is not None
    of = next(t for t in package.targets if t.kpi_id == "clinic-satisfaction")
    assert (of.row, str(of.baseline_value), of.baseline_year) == (6, "62.0", 2021)
    count = next(t for t in package.targets if t.kpi_id == "company-visits-2022")
    assert (count.baseline_value, count.baseline_year, count.target_text) == (None, None, "")
    band = next(b for b in package.status_bands if b.status_id == "behind")
    assert band.min_pace == Decimal(0) and band.min_pace is not None
    note = next(o for o in package.observations if o.kpi_id == "library-loans" and o.year == 2019)
    assert note.note == '改装で1か月休んだ, "仮の"窓口だけの月がある。'


def test_the_bytes_are_kept_unless_nobody_needs_them() -> None:
    """Who publishes hands on the files as they are; who only checks does not hold them."""
    descriptor, file = FIXTURE / "datapackage.json", FIXTURE / "data" / "kpis.csv"
    kept, checked = load_package(descriptor), load_package(descriptor, raw=False)
    assert kept.package is not None and checked.package is not None
    assert kept.package.raw["kpis"] == file.read_bytes()
    assert set(checked.package.raw.values()) == {b""}


def as_written(cell: object) -> str:
    """A value as it stands in a file."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return "" if cell is None else str(cell)


@pytest.mark.parametrize("table", [t for t in TABLES if (FIXTURE / f"data/{t}.csv").is_file()])
def test_every_cell_arrives(table: str, town: Copy) -> None:
    """No value is lost, rounded or moved on the way from the file to the record."""
    package = load_package(town.descriptor).package
    assert package is not None
    header, *rows = town.rows(table)
    records = getattr(package, table)
    assert [record.row for record in records] == list(range(2, len(rows) + 2))
    for record, row in zip(records, rows, strict=True):
        read = [getattr(record, name) for name in header]
        assert [as_written(cell) for cell in read] == row


def test_booleans_of_the_real_package(real: Package) -> None:
    """``true`` and ``false`` become values, not texts that are both true."""
    assert {project.is_new for project in real.projects} == {True, False}


@pytest.mark.parametrize("name", ["BOM が付いた", "改行が CRLF", "改行が CR だけ"])
def test_a_warning_does_not_stop_publishing(name: str, town: Copy) -> None:
    """A file that Excel saved as UTF-8 says the same as before."""
    (case,) = [case for case in MISTAKES if case.name == name]
    case.change(town)
    changed, fixture = load_package(town.descriptor), load_package(FIXTURE / "datapackage.json")
    assert changed.package is not None and fixture.package is not None
    assert changed.package.observations == fixture.package.observations
    assert {p.level for p in changed.problems} == {"warning"}


def test_optional_tables_may_be_left_out(town: Copy) -> None:
    """A plan without evaluations or relations is a plan, too."""
    left_out = ("evaluations", "ratings", "kpi_relations")
    town.leave_out(*left_out)
    assert town.problems() == []
    package = load_package(town.descriptor).package
    assert package is not None and package.evaluations == ()


def test_a_declared_column_of_ones_own_is_left_alone(town: Copy) -> None:
    """Columns may be added to the contract; the site shows what it knows."""
    town.describe(
        lambda d: resource(d, "ratings")["schema"]["fields"].insert(
            1, {"name": "memo", "title": "メモ", "type": "string"}
        )
    )
    rows = town.rows("ratings")
    own = ["memo", *["覚え書き"] * (len(rows) - 1)]
    town.write("ratings", [[row[0], cell, *row[1:]] for row, cell in zip(rows, own, strict=True)])
    assert town.problems() == []
    package = load_package(town.descriptor).package
    assert package is not None
    assert [[r.rating_id, r.label] for r in package.ratings] == [row[:2] for row in rows[1:]]


def test_the_descriptor_may_start_with_a_bom(town: Copy) -> None:
    """Windows editors write one; JSON readers choke on it."""
    town.descriptor.write_bytes(b"\xef\xbb\xbf" + town.descriptor.read_bytes())
    assert town.problems() == []


def test_a_broken_package_gives_no_records(town: Copy) -> None:
    """Nothing can be published by accident."""
    town.cell("observations", ROW, "value", "１８")
    assert load_package(town.descriptor).package is None


def test_a_path_is_said_relative_to_the_package(tmp_path: Path) -> None:
    """Messages name the file as its owner knows it, wherever the check is run from."""
    town = Copy(tmp_path / "deep" / "down" / "town")
    town.file("goals").unlink()
    assert town.problems()[0].startswith("data/goals.csv: ")
