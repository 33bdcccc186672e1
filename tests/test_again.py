"""A check that knows the one before says what a check says that knows nothing: to the line."""

from __future__ import annotations

import copy
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.check import check
from scripts.load import Before, load_package
from scripts.load.again import Never, same
from scripts.load.cells import read_table
from scripts.load.records import make_records, renewed_records
from scripts.model import Observation
from tests.breaking import HEADER, LINE
from tests.helpers import FIXTURE, TODAY, Copy
from tests.test_load_bounds import OBSERVATIONS

CELLS = ("", "1", "1.0", "１２", "x", " ", "goal-1", "2021", "=1", "-5", '"', "a,b", "令和3")
Edit = Callable[[Copy, str, random.Random], object]


def in_rows(change: Callable[[list[list[str]], random.Random], object]) -> Edit:
    """An edit of the rows of a table, the header first; a broken one is left alone."""

    def edit(town: Copy, table: str, chance: random.Random) -> None:
        try:
            rows = town.rows(table)
        except (OSError, UnicodeDecodeError):
            return
        if len(rows) > 1:
            change(rows, chance)
            town.write(table, rows)

    return edit


def other_cell(rows: list[list[str]], chance: random.Random) -> None:
    """A cell with something else in it, most often what stands elsewhere in its column."""
    row, other = chance.choice(rows[1:]), chance.choice(rows[1:])
    at = chance.randrange(min(len(row), len(other)) or 1)
    if row and other:
        row[at] = chance.choice([*CELLS, *[other[at]] * len(CELLS)])


def as_bytes(change: Callable[[bytes], bytes]) -> Edit:
    """An edit of the bytes of a table."""

    def edit(town: Copy, table: str, _: random.Random) -> None:
        if town.file(table).is_file():
            town.file(table).write_bytes(change(town.file(table).read_bytes()))

    return edit


def in_schema(change: Callable[[dict[str, Any], random.Random], object]) -> Edit:
    """An edit of the declaration of a table."""

    def edit(town: Copy, table: str, chance: random.Random) -> None:
        whole = json.loads(town.descriptor.read_bytes())
        (resource,) = (r for r in whole["resources"] if r["name"] == table)
        change(resource, chance)
        town.descriptor.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")

    return edit


def other_limit(resource: dict[str, Any], chance: random.Random) -> None:
    """A bound; messages say 1 and 1.0 as they are written."""
    numbers = [f for f in resource["schema"]["fields"] if f["type"] in ("integer", "number")]
    if numbers:
        field = chance.choice(numbers)
        field.setdefault("constraints", {})["minimum"] = chance.choice([1, 2, 2000, "1"])


def no_keys(resource: dict[str, Any], _: random.Random) -> None:
    """No foreign keys any more."""
    resource["schema"]["foreignKeys"] = []


def restored(town: Copy, table: str, _: random.Random) -> None:
    """A table as it was."""
    shutil.copy(FIXTURE / "data" / f"{table}.csv", town.file(table))


def all_restored(town: Copy, *_: object) -> None:
    """Everything as it was."""
    shutil.copytree(FIXTURE / "data", town.folder / "data", dirs_exist_ok=True)
    shutil.copy(FIXTURE / "datapackage.json", town.descriptor)


EDITS: tuple[Edit, ...] = (
    *[in_rows(other_cell)] * 6,
    in_rows(lambda rows, chance: rows.pop(chance.randrange(1, len(rows)))),
    in_rows(lambda rows, chance: rows.insert(1, list(chance.choice(rows[1:])))),
    in_rows(lambda rows, _: rows.append(rows.pop(1))),
    in_rows(lambda rows, chance: chance.choice(rows).append("")),
    *[as_bytes(lambda raw: raw.replace(b"\n", b"\n\n", 1))] * 3,  # each record a line further down
    as_bytes(lambda raw: b"\xef\xbb\xbf" + raw),
    as_bytes(lambda raw: raw.replace(b"\n", b"\r\n")),
    as_bytes(lambda raw: raw.decode(errors="replace").encode("cp932", errors="replace")),
    as_bytes(lambda raw: raw[: len(raw) // 2]),
    lambda town, table, _: town.file(table).unlink(missing_ok=True),
    in_schema(other_limit),
    in_schema(no_keys),
    *[restored] * 3,
    *[all_restored] * 5,
)


@pytest.mark.parametrize("seed", range(2))
def test_the_check_after_any_edits_is_the_full_check(town: Copy, seed: int) -> None:
    chance, before = random.Random(seed), Before()  # noqa: S311 - not for secrets
    tables = sorted(file.stem for file in (FIXTURE / "data").glob("*.csv"))
    spine = ["observations", "targets", "kpis", "measures"]
    outcomes = set()
    for _ in range(60):
        for _ in range(chance.choice([1, 1, 2])):
            chance.choice(EDITS)(town, chance.choice([*tables, *spine * 4]), chance)
        package, problems = check(town.descriptor, TODAY, before=before)
        fresh, said = check(town.descriptor, TODAY)
        assert problems == said
        assert repr(package) == repr(fresh), "with the lines of the records, which == leaves out"
        outcomes.add(package is None)
    assert outcomes == {True, False}


def test_what_did_not_change_is_not_read_again(town: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Before()
    old = load_package(town.descriptor, before=before).package
    assert old
    asked = []
    once = Before.once

    def noted(self: Before, step: str, table: str, made_from: Any, make: Any) -> Any:
        def making() -> Any:
            asked.append((step, table))
            return make()

        return once(self, step, table, made_from, making)

    monkeypatch.setattr(Before, "once", noted)
    rows = town.rows("observations")
    rows[2][2] += "1"
    town.write("observations", rows)
    new = load_package(town.descriptor, before=before).package
    assert new
    assert asked == [(step, "observations") for step in ("cells", "schema", "records")]
    assert new.kpis is old.kpis
    for at, (one, other) in enumerate(zip(old.observations, new.observations, strict=True)):
        assert (one is other) == (at != 1), "a record is made anew when its row is another one"
    asked.clear()
    rows = town.rows("kpis")
    rows[1][1] += "一"
    town.write("kpis", rows)
    load_package(town.descriptor, before=before)
    assert {("schema", "targets"), ("schema", "observations")} <= set(asked), "they refer to it"
    assert ("cells", "targets") not in asked
    file = town.file("targets")
    file.write_bytes(file.read_bytes().replace(b"\n", b"\n\n", 1))
    lower = load_package(town.descriptor, before=before).readable
    assert repr(lower) == repr(load_package(town.descriptor).readable), "rows a line further down"


def test_equal_numbers_are_not_the_same() -> None:
    assert same("a", "a".strip())
    assert same(b"a", bytes([97]))
    assert not same(1, 1.0)
    assert not same(True, 1)
    assert not same("a", "b")
    assert not same([1], [1])


def test_a_step_is_done_again_when_anything_it_is_made_from_is_another_thing() -> None:
    before, never, made = Before(), Never(), iter(range(99))

    def ask(kept: Before, step: str, table: str, *made_from: object) -> int:
        return kept.once(step, table, made_from, lambda: next(made))

    one, other = ["x"], ["x"]
    assert before.last("a", "t") is None
    assert [ask(before, "a", "t", one, "x") for _ in range(2)] == [0, 0]
    assert before.last("a", "t") == ((one, "x"), 0)
    assert [ask(before, "a", "t", one, "x", one), ask(before, "a", "t", one, "x")] == [1, 2]
    assert [ask(before, "a", "t", one, "y"), ask(before, "a", "t", other, "y")] == [3, 4]
    assert [ask(before, "b", "t", other, "y"), ask(before, "a", "u", other, "y")] == [5, 6]
    assert ask(before, "a", "t", other, "y") == 4
    assert [ask(never, "a", "t", one) for _ in range(2)] == [7, 8]
    assert never.last("a", "t") is None


def test_rows_that_stand_where_they_stood_keep_their_records(tmp_path: Path) -> None:
    """One changed, one less, one more, a line further down, and none of before."""
    before = Before()
    own = copy.deepcopy(OBSERVATIONS)
    own["schema"]["fields"].insert(1, {"name": "own", "type": "string"})
    other = {**OBSERVATIONS, "title": "ほかの題名"}
    old: tuple[Observation, ...] = ()
    file = tmp_path / OBSERVATIONS["path"]
    file.parent.mkdir()
    for resource, years, kept in (
        (OBSERVATIONS, (2020, 2021, 2022, 2023), []),
        (OBSERVATIONS, (2020, 2031, 2022, 2033), [0, 2]),
        (OBSERVATIONS, (2020, 2031), [0, 1]),
        (other, (2020, 2031), []),
        (OBSERVATIONS, (2020, 2031), []),
        (OBSERVATIONS, (2020, 2041, 2022, 2023, 2024), [0]),
        (OBSERVATIONS, ("", 2020, 2041), []),
        (own, (2020, 2041), []),
    ):
        rows = [LINE.replace("2025", str(year), 1) if year else "" for year in years]
        head = HEADER
        if resource is own:
            head, *rows = [line.replace(",", ",own,", 1) for line in (head, *rows)]
        file.write_text("\n".join([head, *rows]), encoding="utf-8")
        table, _ = read_table(tmp_path, resource, raw=False, before=before)
        assert table is not None and table.resource == resource
        new = renewed_records(Observation, table, before)
        fresh = make_records(Observation, table)
        assert new == fresh and [r.row for r in new] == [r.row for r in fresh]
        assert [at for at, record in enumerate(new) if any(record is o for o in old)] == kept
        old = new
