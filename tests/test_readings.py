"""What is said of single cells, headers, files and declarations: whole findings, without a package.

``tests/expected/readings/`` holds what is said now, one file per part; ``pytest --update-expected``
rewrites it. Read the difference as staff would. The package of a town with one mistake after the
other is in ``mistakes.py``; here every way through the code that reads is walked once, in no time.
"""

from __future__ import annotations

import copy
import dataclasses
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.load.cells import read_table
from scripts.load.descriptor import (
    check_descriptor,
    check_references,
    line_of,
    listed_keys,
    read_descriptor,
)
from scripts.load.files import decode, is_inside
from scripts.load.mend import is_plain, mend_cell
from scripts.load.numbers import Finding, explain_number
from scripts.load.schema import explain
from scripts.load.text import check_text
from scripts.load.tidying import tidy_table
from scripts.model import Problem
from tests.breaking import HEADER, LINE, field, resource
from tests.readings import (
    BOOLEANS,
    FILES,
    HEADERS,
    JSON,
    LIMITS,
    NUMBERS,
    PLACES,
    ROWS,
    TEXTS,
    WHOLE,
    YEARS,
)
from tests.test_load_bounds import DESCRIPTOR, OBSERVATIONS

Compare = Callable[[str, bytes], None]

READINGS = ["bytes", "constraints", "declarations", "descriptors", "keys", "mended"]
READINGS += ["numbers", "packages", "tables", "texts", "tidied", "years"]


def cells(table: str) -> list[str]:
    """The cells of a table above; a bar stands between two."""
    return [cell for line in table.strip("\n").split("\n") for cell in line.split("|")]


def text_of(found: Iterable[Finding | Problem]) -> str:
    """Findings, one per line, every part of them."""
    rows = []
    for item in found:
        parts = item._asdict() if isinstance(item, Finding) else vars_of(item)
        rows.append("  " + json.dumps(list(parts.values()), ensure_ascii=False) + "\n")
    return "".join(rows)


def vars_of(problem: Problem) -> dict[str, Any]:
    """The parts of a problem; the file is the same everywhere here."""
    names = ("row", "field", "code", "message", "fix", "value", "level")
    return {name: getattr(problem, name) for name in names}


def listing(cases: Iterable[tuple[object, str]]) -> bytes:
    """Each input, shortened, and what was said of it."""
    return "".join(f"{str(case)[:200]!r}\n{said}" for case, said in cases).encode()


def test_numbers(same_as_expected: Compare) -> None:
    """Of both types, where a blank may be left and where not."""
    cases = [
        ((cell, kind, required), text_of([explain_number(cell, kind, "value", required=required)]))
        for kind, required in (("number", True), ("integer", False))
        for cell in cells(NUMBERS)
        if not is_plain(cell, kind)
    ]
    same_as_expected("readings/numbers.txt", listing(cases))


def test_years_and_booleans(same_as_expected: Compare) -> None:
    years = [cell for cell in cells(YEARS) if not is_plain(cell, "integer")]
    cases = [
        (c, text_of([explain_number(c, "integer", "target_year", required=True)])) for c in years
    ]
    cases += [
        (c, text_of([explain_number(c, "boolean", "is_new", required=True)]))
        for c in cells(BOOLEANS)
    ]
    same_as_expected("readings/years.txt", listing(cases))


def test_texts(same_as_expected: Compare) -> None:
    """In an ordinary column and in one that carries what is printed."""
    cases = [
        ((cell, name), text_of(check_text(cell, {"name": name})))
        for name in ("note", "label")
        for cell in cells(TEXTS)
    ]
    same_as_expected("readings/texts.txt", listing(cases))


def test_what_is_certain(same_as_expected: Compare) -> None:
    """The cell that tidy writes, for every cell above and every type of column."""
    kinds = (("number", "value"), ("integer", "rows"), ("integer", "year"), ("boolean", "is_new"))
    every = [*cells(NUMBERS), *cells(YEARS), *cells(BOOLEANS), " a　"]
    cases = [
        (
            cell,
            f"  {json.dumps([mend_cell(cell, *kind) for kind in (*kinds, ('string', 'note'))])}\n",
        )
        for cell in every
    ]
    same_as_expected("readings/mended.txt", listing(cases))


def test_bytes(same_as_expected: Compare) -> None:
    """Encodings, line ends and files that are no tables; the text that is read on."""
    cases = []
    for raw in FILES:
        text, problems = decode("a.csv", raw)
        cases.append((raw, f"  {text!r}\n{text_of(problems)}"))
    same_as_expected("readings/bytes.txt", listing(cases))


def test_tables(tmp_path: Path, same_as_expected: Compare) -> None:
    """Headers and rows: the problems, the cells that are read on, and what tidy makes of them."""
    file = tmp_path / OBSERVATIONS["path"]
    file.parent.mkdir()
    texts = [f"{header}\n{LINE}\n" for header in HEADERS] + [f"{HEADER}\n{rows}" for rows in ROWS]
    cases = []
    for text in texts:
        file.write_text(text, encoding="utf-8", newline="")
        table, problems = read_table(tmp_path, OBSERVATIONS, raw=False)
        assert {problem.path for problem in problems} <= {OBSERVATIONS["path"]}
        said = text_of(problems)
        if table is not None:
            state = [table.columns, sorted(table.reported), sorted(table.missing)]
            said += f"  {json.dumps([*state, list(table.lines), table.sound])}\n"
        cases.append((text, said + tidied(text.encode())))
    same_as_expected("readings/tables.txt", listing(cases))


def tidied(raw: bytes) -> str:
    """What tidy changes, and the bytes when it changes any."""
    made, changes = tidy_table("a.csv", OBSERVATIONS, raw)
    said = "".join(f"  {str(dataclasses.astuple(change))[:300]!r}\n" for change in changes)
    return said + (f"  {made[:500]!r}\n" if made != raw else "")


def test_tidy(same_as_expected: Compare) -> None:
    """Whole files in other encodings, with other line ends and other marks between the cells."""
    same_as_expected("readings/tidied.txt", listing((raw, tidied(raw)) for raw in WHOLE))


def test_constraints(same_as_expected: Compare) -> None:
    """Each kind of constraint, with and without a title, a description and an example."""
    cases = [
        (
            (json.dumps(field), cell, kind),
            f"  {json.dumps(explain(field, cell, kind), ensure_ascii=False)}\n",
        )
        for field, cell, kind in LIMITS
    ]
    same_as_expected("readings/constraints.txt", listing(cases))


# --- declarations -------------------------------------------------------------------------------


ODD: tuple[Any, ...] = (None, True, 3, -1, 2.5, "x", "3", [], ["x"], [3], {}, {"x": 1})
"""Anything in the place of anything."""

BLANK = ("title", "homepage", "licenses", "contributors", "keywords", "municipality", "official")
TEXTUAL = ("description", "version", "contact", "repository", "title_en")
MORE: dict[tuple[str, tuple[str, ...]], tuple[Any, ...]] = {
    ("settings", BLANK): (
        *([{"name": 3}], [{"title": 3}], [{"path": 3}], [{"path": "x"}, 3]),
        *("https://a.jp/", "https://a b/", "ftp:a"),
    ),
    ("settings", (*TEXTUAL, "sources")): (),
    ("resource", ("encoding", "dialect", "schema", "path", "name")): (
        *("UTF8", "cp932", "../a.csv", "rateings", "sources"),
        *({"delimiter": ";"}, {"delimiter": ","}),
    ),
    ("schema", ("fields", "primaryKey", "foreignKeys", "missingValues", "fieldsMatch")): (
        *([""], ["kpi_id"], ["kpi_id", "zoo"], "kpi_id"),
    ),
    (
        "note",
        ("name", "title", "description", "type", "trueValues", "falseValues", "constraints"),
    ): (
        *(
            ["true"],
            ["false"],
            "number",
            "e_mail",
            "full_name",
            "owner_tel",
            "Label",
            "a" * 64,
            "a" * 65,
        ),
        *({"requierd": True}, {"zoo": 1}),
    ),
    ("note constraint", ("required", "minLength", "maxLength", "pattern", "enum", "minimum")): (
        *(0, 999_999, 1_000_000, False, "^[a-z]+$", "(", ["a", "b"]),
    ),
    ("year constraint", ("required", "minimum", "maximum", "maxLength", "pattern", "enum")): (
        *(0, "-3", "1" * 20, "1" * 21, "2.5", "x1"),
    ),
    ("value constraint", ("required", "unique", "minimum", "maximum", "enum")): (
        *(0, "-3.5", "1" * 21, "1." + "1" * 20, "1." + "1" * 21, "x1"),
    ),
    ("key", ("fields", "reference")): (["kpi_id"], ["kpi_id", "year"], "kpi_id"),
    ("reference", ("resource", "fields")): (["kpi_id"], ["kpi_id", "unit"], "kpi_id", "kpis", ""),
    ("mistake", ("titel", "scheema", "zoo")): (),
}
"""Parts of the declaration of a table, the keys that get another value, and special values."""


def part_of(descriptor: dict[str, Any], part: str) -> dict[str, Any]:
    """The node that a change is made in."""
    table: dict[str, Any] = descriptor["resources"][0]
    name, _, limits = part.partition(" ")
    if limits:
        found: dict[str, Any] = field(descriptor, "observations", name).setdefault(
            "constraints", {}
        )
        return found
    if name == "note":
        column: dict[str, Any] = field(descriptor, "observations", name)
        return column
    key: dict[str, Any] = table["schema"]["foreignKeys"][0]
    parts: dict[str, dict[str, Any]] = {
        "settings": descriptor,
        "resource": table,
        "mistake": table,
        "schema": table["schema"],
        "key": key,
        "reference": key["reference"],
    }
    return parts[name]


def declarations() -> Iterator[tuple[str, dict[str, Any]]]:
    """Descriptors of one table with one change, and the name of the change."""
    for (part, names), special in MORE.items():
        for name in names:
            for odd in (*ODD, *special):
                descriptor = {"resources": copy.deepcopy([OBSERVATIONS])}
                part_of(descriptor, part)[name] = copy.deepcopy(odd)
                yield f"{part}: {name} = {odd!r}", descriptor
    for part in ("schema", "note"):
        descriptor = {"resources": copy.deepcopy([OBSERVATIONS])}
        part_of(descriptor, part).update(titel="x", zoo=1, primarykey=[], constraint={})
        yield f"{part}: keys that nobody knows", descriptor
    for changes in ([{"name": "note", "type": "string"}], [{"name": "own", "type": "string"}]):
        descriptor = {"resources": copy.deepcopy([OBSERVATIONS])}
        part_of(descriptor, "schema")["fields"] += changes
        yield f"one more column: {changes}", descriptor
    descriptor = {"resources": copy.deepcopy([OBSERVATIONS] * 2)}
    yield "twice the same table", descriptor
    descriptor = {"resources": copy.deepcopy([OBSERVATIONS])}
    for item in part_of(descriptor, "schema")["fields"]:
        item.pop("constraints", None)
    yield "nothing is required", descriptor
    descriptor = {"resources": copy.deepcopy([OBSERVATIONS])}
    del part_of(descriptor, "schema")["fields"][1:]
    yield "columns are left out", descriptor
    for count in (193, 194):
        descriptor = {"resources": copy.deepcopy([OBSERVATIONS])}
        more = [{"name": f"c{n}", "type": "string"} for n in range(count)]
        part_of(descriptor, "schema")["fields"] += more
        yield f"{count} columns more", descriptor
    for count in (100, 101):
        descriptor = {"resources": copy.deepcopy([OBSERVATIONS])}
        part_of(descriptor, "schema")["foreignKeys"] *= count
        yield f"{count} times the same keys", descriptor
    descriptor = {"resources": copy.deepcopy([OBSERVATIONS])}
    keep = {"name", "path", "schema", "fields", "primaryKey", "type"}
    for part in ("resource", "schema", "note"):
        node = part_of(descriptor, part)
        for key in node.keys() - keep:
            del node[key]
    yield "what may be left out is", descriptor
    theirs = [item["name"] for item in resource(DESCRIPTOR, "ratings")["schema"]["fields"]]
    ours = [item["name"] for item in OBSERVATIONS["schema"]["fields"]][: len(theirs)]
    descriptor = {"resources": copy.deepcopy([OBSERVATIONS])}
    part_of(descriptor, "key").update(
        fields=ours, reference={"resource": "ratings", "fields": theirs}
    )
    yield "every column of the other table is referred to", descriptor


def test_declarations(same_as_expected: Compare) -> None:
    """Every part of ``datapackage.json`` replaced by anything: what is said, and where it is."""

    def say(code: str, message: str, fix: str, key: str = "", inside: Any = ()) -> Problem:
        return Problem("d", 0, f"{key[:99]}@{'.'.join(inside)[:99]}", code, message[:200], fix)

    others = {r["name"]: r for r in DESCRIPTOR["resources"]}
    cases = []
    for name, descriptor in declarations():
        listed_keys(descriptor)
        said = [p for p in check_descriptor(descriptor, say) if p.code != "table-missing"]
        if not said:
            tables = {r["name"]: r for r in descriptor["resources"]}
            said = list(check_references(others | tables, say))
        cases.append((name, text_of(said)))
    same_as_expected("readings/declarations.txt", listing(cases))


def test_tables_that_must_be_there(same_as_expected: Compare) -> None:
    """And descriptors that hold no tables at all."""

    def say(code: str, message: str, fix: str, key: str = "", _: Any = ()) -> Problem:
        return Problem("d", 0, key, code, message, fix)

    odd: list[Any] = [None, [], {}, {"resources": None}, {"resources": []}, {"resources": [3, {}]}]
    cases = [(d, text_of(check_descriptor(d, say))) for d in odd]
    same_as_expected("readings/descriptors.txt", listing(cases))


def test_files_that_are_no_descriptor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, same_as_expected: Compare
) -> None:
    """Bytes that are no JSON, or JSON that declares nothing; what is no file, or too large one."""
    file = tmp_path / "p.json"
    cases: list[tuple[object, str]] = []

    def look(name: object, path: Path = file) -> None:
        descriptor, problems = read_descriptor(path)
        assert descriptor is None
        cases.append((name, f"  {problems[0].path}\n{text_of(problems)}"))

    look("no file")
    look("the top folder", Path("/"))
    for raw in JSON:
        file.write_bytes(raw)
        look(raw)
    monkeypatch.setattr("scripts.load.descriptor.MAX_COLLECTED", 3)
    look("only so many are collected")
    file.write_bytes(b'{"x1": 1, "titles": 2, "x3": 3, "licences": 4, "resources": []}')
    look("only so many keys are looked at")
    file.write_bytes(b"{" * 99)
    for size in (99, 98):
        monkeypatch.setattr("scripts.load.descriptor.MAX_DESCRIPTOR_BYTES", size)
        look(f"99 of {size} bytes")

    def fail(_: Path) -> bytes:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", fail)
        file.write_bytes(b"{")
        look("a file that cannot be read")
    same_as_expected("readings/packages.txt", listing(cases))


def test_lines_of_a_declaration() -> None:
    """A key is looked for inside of its table and column; a text without it has no line."""
    text = '{"b": 1,\n"r": [{"name" : "t",\n"name": "c",\n"é": 2},\n{"name": "u",\n'
    text += '"name": "c", "b": 3}]}'
    assert line_of(text, "") == 0
    assert line_of(text, "b") == 1
    assert line_of(text, "é") == 4
    assert line_of(text, "é", ("u",)) == 0
    assert line_of(text, "b", ("t", "c")) == 6
    assert line_of(text, "c", ("t",)) == 3
    assert line_of(text, "c", ("u", "c")) == 6
    assert line_of(text, "c", ("zoo", "c")) == 3
    text = '{"é": 1,\n"name": "é",\n"b": 2, "é": 3}'
    assert line_of(text, "é") == 1
    assert line_of(text, "b", ("é",)) == 3
    assert line_of(text, "é", ("é",)) == 2
    assert [line_of(text, "b") for text in ('"b"', '\n"b"')] == [1, 2]


def test_places() -> None:
    """Paths that stay below the package and paths that do not."""
    inside = ["data/a.csv", "a.csv", "data/X.csv", "./a.csv", "data/C:a.csv"]
    assert [place for place in PLACES if is_inside(place)] == inside
