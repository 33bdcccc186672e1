"""Columns, keys and references of whole tables: exactly what is said, in small tables of our own.

``tests/expected/readings/keys.txt`` holds the answers; ``pytest --update-expected`` rewrites it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.load.cells import Table, read_table
from scripts.load.header import Header, check_header
from scripts.load.schema import check_schema, reader_of
from scripts.model import Problem
from tests.test_readings import listing, text_of

Compare = Callable[[str, bytes], None]


def declared(name: str, fields: dict[str, Any], key: list[str], **refers: str) -> dict[str, Any]:
    """The declaration of a table; columns refer to the first column of another table."""
    return {
        "name": name,
        "path": f"{name}.csv",
        "schema": {
            "fields": [{"name": field, **about} for field, about in fields.items()],
            "primaryKey": key,
            "foreignKeys": [
                {"fields": [field], "reference": {"resource": other, "fields": ["id"]}}
                for field, other in refers.items()
            ],
        },
    }


TEXT = {"type": "string"}
WORD = {**TEXT, "constraints": {"maxLength": 4}}
ONCE = {**TEXT, "title": "名前", "constraints": {"unique": True}}
NEEDED = {**TEXT, "title": "記号", "constraints": {"required": True}}
TABLES = [
    declared("towns", {"id": NEEDED, "name": ONCE}, ["id"]),
    declared("plans", {"id": NEEDED}, ["id"]),
    declared(
        "figures",
        {"town": NEEDED, "plan": TEXT, "year": {"type": "integer"}, "kind": WORD, "note": WORD},
        ["town", "plan", "year"],
        town="towns",
        plan="plans",
    ),
]
GOOD = {
    "towns": "id,name\nhigashi,東町\nnishi,西町\n",
    "plans": "id\nfirst\nsecond\n",
    "figures": "town,plan,year,kind,note\nhigashi,first,2024,a,\nnishi,second,2025,b,\n",
}
HEAD = "town,plan,year,kind,note\n"
CASES: dict[str, dict[str, str]] = {
    "nothing": {},
    "a key of one column twice": {"towns": "id,name\na,1\nb,2\na,3\n"},
    "a key of three columns twice": {"figures": HEAD + "higashi,first,2024,a,\n" * 2},
    "twice, first in cells that were reported": {
        "figures": HEAD + "nishi,first,2024,,\nnishi ,first,2024,,\n" + "nishi,first,2024,,\n"
    },
    "a key whose number was misread": {"figures": HEAD + "nishi,first,2024年,,\n" * 2},
    "keys with blanks": {"figures": HEAD + "nishi,,2024,,\n" + "nishi,first,,,\n" * 2},
    "a key of one column, all blank": {"plans": "id\n\n", "towns": 'id,name\n"",1\n"",2\n'},
    "a column of different values": {"towns": "id,name\na,1\nb,\nc,\nd,1\ne,1 \nf,1\n"},
    "a column is missing, another is wrong": {
        "figures": "town,plan,year,note\nnishi,first,2,long!\n"
    },
    "two constraints of one row": {"figures": HEAD + "nishi,first,2024,long!,long!\n"},
    "a column that refers is missing": {"figures": "plan,year,kind,note\nzero,2024,,\n"},
    "a table that is referred to has a ragged row": {
        "towns": "id,name\na,b,c\n",
        "figures": HEAD + "zero,zero,2024,,\n",
    },
    "a table that is referred to lacks a column": {
        "towns": "id\na\n",
        "figures": HEAD + "zero,zero,2024,,\n",
    },
    "a table that is referred to cannot be read": {
        "towns": "",
        "figures": HEAD + "zero,zero,2024,,\n",
    },
    "unknown, first in a cell that was reported": {
        "figures": HEAD + "zero ,first,2024,,\nzero,first,2025,,\nnisi,secnd,2025,,\n,,2025,,\n"
    },
}


def read(folder: Path, contents: dict[str, str]) -> list[Table]:
    """The tables as far as they can be read."""
    tables = []
    for resource in TABLES:
        (folder / resource["path"]).write_text((GOOD | contents)[resource["name"]], "utf-8")
        tables.append(read_table(folder, resource, raw=False)[0])
    return [table for table in tables if table is not None]


def test_keys(tmp_path: Path, same_as_expected: Compare) -> None:
    """Each case on its own: one mistake does not hide the next."""
    cases = [(name, text_of(check_schema(read(tmp_path, made)))) for name, made in CASES.items()]
    same_as_expected("readings/keys.txt", listing(cases))


MANY = HEAD + "".join(f"nishi{n},first,2024,long{n},\n" * 2 for n in range(5))


def said(tables: list[Table], code: str) -> list[Problem]:
    return [problem for problem in check_schema(tables) if problem.code == code]


def test_of_each_kind_only_so_many_are_collected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And Frictionless is asked no further about a column when there are enough."""
    tables = read(tmp_path, {"figures": MANY})
    kinds = ("constraint-error", "primary-key", "foreign-key")
    assert [len(said(tables, code)) for code in kinds] == [10, 5, 10]
    asked: list[str] = []

    def watched(field: dict[str, Any]) -> Any:
        read = reader_of(field)

        def answer(cell: str) -> Any:
            asked.append(cell)
            return read(cell)

        return answer

    monkeypatch.setattr("scripts.load.schema.MAX_COLLECTED", 2)
    monkeypatch.setattr("scripts.load.schema.reader_of", watched)
    assert [len(said(tables, code)) for code in kinds] == [2, 2, 2]
    assert {cell for cell in asked if "long" in cell} == {"long0", "long1"}


def test_the_nearest_is_looked_for_only_so_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As often as messages are shown, and only in a table of ordinary size."""
    hint = "「nishi」の書き違いなら直してください。"
    tables = read(tmp_path, {"figures": MANY})

    def hints() -> list[bool]:
        return [problem.fix.startswith(hint) for problem in said(tables, "foreign-key")]

    assert hints() == [True] * 10
    monkeypatch.setattr("scripts.load.schema.MAX_PROBLEMS", 3)
    assert hints() == [True] * 6 + [False] * 4
    monkeypatch.setattr("scripts.load.schema.MAX_COMPARED", 2)
    assert hints() == [True] * 6 + [False] * 4
    monkeypatch.setattr("scripts.load.schema.MAX_COMPARED", 1)
    assert hints() == [False] * 10


def test_a_label_without_a_name_means_no_column() -> None:
    """Not even one whose title is not given."""
    fields = [{"name": "id", "type": "string"}, {"name": "note", "title": "注", "type": "string"}]
    header, problems = check_header("a.csv", fields, [["id", "", "note"]])
    assert header == Header(3, (0, 2), frozenset())
    assert [(p.field, p.code, p.message) for p in problems] == [
        ("", "extra-label", "2列目に名前がありません。")
    ]
