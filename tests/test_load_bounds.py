"""Whatever lies in the package: the check answers, in bounded time and memory, without a traceback.

The limits themselves are in ``scripts/load/limits.py``.
"""

from __future__ import annotations

import copy
import json
import os
import re
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scripts.check import check
from scripts.console import show_problems
from scripts.load import limited, load_package, read_descriptor
from scripts.load.cells import read_table
from scripts.load.limits import MAX_COLLECTED, MAX_FILE_BYTES, MAX_PROBLEMS, MAX_ROWS
from scripts.load.pattern import matcher
from scripts.load.rows import Rows, split_rows
from scripts.load.schema import check_schema
from scripts.load.text import check_text, is_ordinary
from scripts.model import Problem
from tests.breaking import HEADER, LINE, resource
from tests.helpers import FIXTURE, TODAY, Copy

DESCRIPTOR: dict[str, Any] = json.loads((FIXTURE / "datapackage.json").read_bytes())
OBSERVATIONS: dict[str, Any] = resource(DESCRIPTOR, "observations")

FULL = MAX_FILE_BYTES - 1_000_000
MEMORY = 4 * MAX_FILE_BYTES
"""Far below what a machine has."""


def read(folder: Path, raw: bytes) -> list[Problem]:
    """What reading these bytes as the observations says."""
    file = folder / OBSERVATIONS["path"]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(raw)
    return read_table(folder, OBSERVATIONS, raw=False)[1]


def codes(problems: list[Problem] | tuple[Problem, ...]) -> list[str]:
    return [problem.code for problem in problems]


def test_a_huge_file_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """200 MB (a hole in the file system): asked for its size, never opened."""
    file = tmp_path / "data" / "observations.csv"
    file.parent.mkdir()
    with file.open("wb") as stream:
        stream.truncate(200_000_000)
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("the file was opened"))
    assert codes(read_table(tmp_path, OBSERVATIONS, raw=False)[1]) == ["file-too-large"]


def test_many_large_files_are_refused_together(town: Copy) -> None:
    """Each would be read; all of them would fill the memory."""
    for table in ("sources", "goals", "kpis"):
        with town.file(table).open("r+b") as stream:
            stream.truncate(FULL)
    (line,) = town.problems()
    assert line.startswith("datapackage.json: 表は全部で") and line.endswith("[file-too-large]")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (lambda: b"," * 1_000_000 + b"\n", "line-too-long"),
        (lambda: b"," * 90_000 + b"\n", "extra-label"),
        (lambda: HEADER.encode() + b"\na,2020,1,final,s,l," + b"x" * FULL, "line-too-long"),
        (lambda: HEADER.encode() + b"\n" * (MAX_ROWS + 1), "file-too-large"),
        (lambda: HEADER.encode() + b"\n" + b"\n" * FULL, "file-too-large"),
        (lambda: HEADER.encode() + b"\na,b" * 10_000_000, "file-too-large"),
        (lambda: b'"' * FULL, "line-too-long"),
        (lambda: b"\0" * FULL, "nul-byte"),
        (lambda: b"\r" * FULL, "file-empty"),
        (lambda: HEADER.encode() + b"\n" + b"\xff" * FULL, "encoding-error"),
    ],
    ids=[
        "a million columns",
        "90,000 columns",
        "a field of 99 MB",
        "many lines",
        "99 million blank lines",
        "10 million short rows",
        "quotes",
        "NUL",
        "CR",
        "no text",
    ],
)
def test_memory_is_bounded(tmp_path: Path, raw: Callable[[], bytes], code: str) -> None:
    """The first message comes without ever holding many copies of the file."""
    content = raw()
    assert len(content) <= MAX_FILE_BYTES
    tracemalloc.start()
    try:
        assert codes(read(tmp_path, content))[0] == code
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda s: s["fields"].extend([{"name": "x", "type": "string"}] * 9_000),
            "列が9,006あり",
        ),
        (lambda s: s.update(primaryKey=["source_id"] * 30_000), "primaryKey"),
        (lambda s: s.update(foreignKeys=s["foreignKeys"] * 3_000), "foreignKeys"),
    ],
    ids=["fields", "keys", "references"],
)
def test_an_endless_schema_is_refused_at_once(
    town: Copy, change: Callable[[dict[str, Any]], object], words: str
) -> None:
    """Each of these would keep the check busy for minutes."""
    key = {"fields": ["source_id"], "reference": {"resource": "kpis", "fields": ["kpi_id"]}}

    def endless(descriptor: dict[str, Any]) -> None:
        schema = resource(descriptor, "sources")["schema"]
        schema["foreignKeys"] = [key]
        change(schema)

    town.describe(endless)
    (line,) = town.problems()
    assert words in line and line.endswith("[schema-key]")


def test_many_lines_of_many_columns_are_refused(tmp_path: Path) -> None:
    """Each may be as many as it is, but not both."""
    wide = copy.deepcopy(OBSERVATIONS)
    wide["schema"]["fields"] += [{"name": f"c{n}", "type": "string"} for n in range(90)]
    file = tmp_path / wide["path"]
    file.parent.mkdir()
    file.write_bytes(HEADER.encode() + b"\n" * 300_000 + b"x")
    assert codes(read_table(tmp_path, wide, raw=False)[1]) == ["file-too-large"]


def test_a_deeply_nested_descriptor_is_refused(town: Copy) -> None:
    town.descriptor.write_text('{"a":' * 300_000 + "1" + "}" * 300_000, encoding="ascii")
    assert "json-error]" in town.problems()[0]


def test_slow_patterns_do_not_hang(tmp_path: Path) -> None:
    """Long runs of what the shapes of personal data and markup are made of."""
    for text in ("a" * 90_000, "a." * 45_000, "0-" * 45_000, " " * 90_000 + "x", "@" * 90_000):
        read(tmp_path, f"{HEADER}\nk,2020,1,final,s,l,{text}\n".encode())
        read(tmp_path, f"{HEADER}\nk,2020,{text},final,s,l,\n".encode())


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+", "(.*a){20}", "((a*)*)*"])
def test_a_pattern_that_would_never_end_ends(pattern: str, town: Copy) -> None:
    """Python would try each of these longer than anybody lives."""
    town.field("sources", "description", constraints={"pattern": pattern})
    town.cell("sources", "plan-first", "description", "a" * 5_000 + "!")
    said = [line for line in town.problems() if "sources.csv:2: description" in line]
    assert [line.rpartition("[")[2] for line in said] == ["constraint-error]"]


@pytest.mark.parametrize(
    ("pattern", "right", "wrong"),
    [
        (r"[\w・]+", "旭日・3", "旭日!"),
        (r"\w+\s\d{2}", "計画　１２", "計画12"),
        (r"[^\d]+", "十二", "１２"),
        (r"[a-z]\s\w", "b c", "bc"),
        (r"a|b", "b", "ab"),
        ("a\nb", "a\nb", "ab"),
        (r"^[ぁ-ゖー]+$", "にゅうえん", "ニュウエン"),
    ],
)
def test_a_pattern_means_what_it_means_in_python(pattern: str, right: str, wrong: str) -> None:
    """Others check our data with Python's own regular expressions; a pattern is for whole cells."""
    for cell, fits in ((right, True), (wrong, False)):
        assert bool(re.fullmatch(pattern, cell)) is fits
        assert matcher(pattern)(cell) is fits


@pytest.mark.parametrize(
    "pattern", ["(", r"(a)\1", "(?=a)b", "[\\p{L}]", "(?i)a", "((a{99}){99}){99}"]
)
def test_a_pattern_that_not_everybody_can_read_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        matcher(pattern)
    assert str(caught.value) == pattern


def test_very_many_problems_are_counted(town: Copy) -> None:
    """A thousand wrong rows do not scroll everything else away."""
    lines = "".join(
        f"farm-persons,{1900 + n},一,final,yearbook-2025,33ページ,\n" for n in range(300)
    )
    town.bytes("observations", lambda text: text + lines.encode())
    said = [line for line in town.problems() if line.startswith("data/observations.csv")]
    assert len(said) == MAX_PROBLEMS + 1
    assert said[0].startswith(
        "data/observations.csv: 直すところが303件あり、200件だけを示しました。"
    )


def test_an_endless_list_is_not_collected(tmp_path: Path) -> None:
    """Half a million wrong rows would fill the memory with messages."""
    for row in ("a,b,c,d,e,f,g", "a,b", ",,,,,,"):
        said = read(tmp_path, "\n".join([HEADER, *[row] * 100_000, ""]).encode())
        assert len(said) <= 2 * MAX_COLLECTED


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (MAX_PROBLEMS, ""),
        (MAX_PROBLEMS + 1, "201件あり、"),
        (MAX_COLLECTED - 1, "1,999件あり、"),
        (MAX_COLLECTED, "2,000件以上あり、"),
    ],
)
def test_the_end_of_a_long_list_says_how_long(count: int, words: str) -> None:
    """As many as are shown need no end; as many as are collected may have been more."""
    said = limited([Problem("f", n, "", "file-empty", "m") for n in range(1, count + 1)])
    ends = [p for p in said if p.code == "too-many-problems"]
    assert len(said) - len(ends) == MAX_PROBLEMS
    assert [(p.row, p.field, p.message, p.fix) for p in ends] == [
        (
            0,
            "",
            f"直すところが{words}200件だけを示しました。",
            "同じ間違いが続いていないか、ファイルを取り違えていないか確かめてください。",
        )
    ] * bool(words)


def test_the_end_of_a_long_list_keeps_its_level() -> None:
    """Warnings alone stay publishable however many they are; errors are shown first."""
    asked = [Problem("f", n, "", "line-ending", "m", level="warning") for n in range(300)]
    assert {p.level for p in limited(asked)} == {"warning"}
    both = limited([*asked, Problem("f", 999, "", "file-empty", "m")])
    assert "file-empty" in codes(both)
    assert [p.level for p in both if p.code == "too-many-problems"] == ["error"]


def test_a_declaration_that_frictionless_refuses_is_said(town: Copy) -> None:
    """Even what our own look at the descriptor would let pass."""
    unfit = copy.deepcopy(OBSERVATIONS)
    unfit["schema"]["fields"][1]["constraints"] = {"maxLength": 4}
    table = read_table(town.folder, unfit, raw=False)[0]
    assert table is not None
    (problem,) = check_schema([table])
    assert problem.line().startswith("datapackage.json: 表の定義の誤りです")
    assert (problem.code, problem.row, problem.field) == ("schema-error", 0, "")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_waited_for(town: Copy) -> None:
    town.file("ratings").unlink()
    os.mkfifo(town.file("ratings"))
    assert "file-missing]" in town.problems()[-1]


@pytest.mark.parametrize("path", ["a\0b.csv", "x" * 5_000, "data/" * 2_000 + "a", ".", "", "C:\\a"])
def test_odd_paths(town: Copy, path: str) -> None:
    town.describe(lambda d: resource(d, "ratings").update(path=path))
    assert town.problems()


def test_frictionless_is_given_no_paths(town: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the known parts of fields, in a system that trusts nothing."""
    from frictionless import Field, system

    seen: list[dict[str, Any]] = []
    made = Field.from_descriptor

    def watch(descriptor: dict[str, Any], **options: Any) -> Any:
        seen.append(copy.deepcopy(descriptor))
        assert not system.trusted
        return made(descriptor, **options)

    monkeypatch.setattr(Field, "from_descriptor", watch)
    town.field("ratings", "label", title="新しい宣言", example="x", rdfType="file:///etc/passwd")
    town.field("ratings", "label", constraints={"maxLength": 987})
    load_package(town.descriptor)
    (field,) = [f for f in seen if f["name"] == "label" and "maxLength" in f["constraints"]]
    assert field == {"name": "label", "type": "string", "constraints": {"maxLength": 987}}


# --- anything at all ----------------------------------------------------------------------------

FUZZ = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=True
)

CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            *("", "farm-persons", "2025", "18", "final", "yearbook-2025", "１８", "R7", "=1+1"),
            *("1,234", "1e9", "NaN", "-0", "0.10", "〃", "#####", "2025/4/1", "\ud800", "\x1b[2J"),
        ]
    ),
)
TABLE = st.lists(st.lists(CELLS, max_size=9), max_size=6)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16", "utf-7", "latin-1"])
JSON = st.recursive(
    st.one_of(
        *(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
        st.sampled_from(["string", "kpi_id", "data/kpis.csv", "(", "../x", "observations"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


def said(problems: list[Problem] | tuple[Problem, ...]) -> None:
    """Every problem can be printed in every format, on one line, in an ordinary encoding."""
    for problem in problems:
        line = problem.line()
        assert "\n" not in line
        assert "\x1b" not in line
        line.encode()
    for form in ("text", "json", "github"):
        show_problems(problems, form)


@FUZZ
@given(raw=st.binary(max_size=300))
def test_random_bytes(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    said(read(tmp_path_factory.mktemp("fuzz"), raw))


@FUZZ
@given(
    rows=TABLE, encoding=ENCODINGS, end=st.sampled_from(["\n", "\r\n", "\r"]), header=st.booleans()
)
def test_random_tables(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[list[str]],
    encoding: str,
    end: str,
    header: bool,
) -> None:
    lines = [HEADER] * header + [",".join(row) for row in rows]
    raw = end.join(lines).encode(encoding, "replace")
    said(read(tmp_path_factory.mktemp("fuzz"), raw))


@settings(FUZZ, max_examples=400)
@given(
    cell=st.text(
        st.sampled_from("a-Z 019３.,、。（）(「々同上左〃＠@％ー～①ヺｶ\u3099\u3000_~#=+*:"),
        max_size=14,
    )
)
def test_a_cell_that_is_ordinary_has_nothing_to_say(cell: str) -> None:
    """The quick look never hides what the careful one would find."""
    if is_ordinary(cell):
        assert list(check_text(cell, {"name": "title"})) == []


def test_most_cells_are_ordinary() -> None:
    """Otherwise the quick look would spare nothing."""
    for cell in ("kpi-00001", "第1章 表2", "町内で農業（兼業を含む）に就いた人。", "33ページ"):
        assert is_ordinary(cell)


@FUZZ
@given(
    rows=st.lists(
        st.lists(st.sampled_from(["a", "", " ", "b c", '"d,e"', '"f\ng"', '"']), max_size=4)
    ),
    end=st.sampled_from(["", "\n"]),
    size=st.integers(12, 40),
)
def test_rows_do_not_depend_on_the_blocks(rows: list[list[str]], end: str, size: int) -> None:
    """A quoted cell may go on in the next block, a block may end anywhere."""
    text = "\n".join(map(",".join, rows)) + end
    with pytest.MonkeyPatch.context() as patch:
        answers = []
        for chars in (1_000, size):
            patch.setattr("scripts.load.rows.BLOCK_CHARS", chars)
            source = Rows("f", text)
            found = [row for block in source for row in zip(*block, strict=True)]
            answers.append((found, source.problems, source.whole, split_rows("f", text, 4)))
    assert answers[0] == answers[1]


DAMAGE = st.sampled_from(
    [b"", b'"', b",", b"\n", b"\r", b"\0", b"\xff", b"\xe3", b'",\n"', b"=", b"9" * 40]
)


@FUZZ
@given(
    name=st.sampled_from([r["name"] for r in DESCRIPTOR["resources"]]),
    edits=st.lists(st.tuples(st.integers(0, 9_999), st.integers(0, 9), DAMAGE), max_size=6),
)
def test_random_damage_to_real_tables(
    tmp_path_factory: pytest.TempPathFactory, name: str, edits: list[tuple[int, int, bytes]]
) -> None:
    """A good table with a few bytes cut out and others put in."""
    declared = resource(DESCRIPTOR, name)
    raw = (FIXTURE / declared["path"]).read_bytes()
    for place, cut, put in edits:
        at = place % (len(raw) + 1)
        raw = raw[:at] + put + raw[at + cut :]
    file = tmp_path_factory.mktemp("fuzz") / declared["path"]
    file.parent.mkdir()
    file.write_bytes(raw)
    said(read_table(file.parent.parent, declared, raw=False)[1])


@settings(FUZZ, max_examples=25)
@given(rows=st.lists(st.lists(CELLS, min_size=7, max_size=7), min_size=1, max_size=4))
def test_random_rows_through_the_whole_check(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    """Cells of the right number go on to the schema, the records and the rules."""
    town = Copy(tmp_path_factory.mktemp("fuzz") / "town")
    lines = "\n".join([HEADER, LINE, *(",".join(row) for row in rows)])
    town.file("observations").write_bytes(lines.encode("utf-8", "replace"))
    said(check(town.descriptor, TODAY)[1])


def replaced(node: Any, path: list[int], value: Any) -> Any:
    """The node with the value put at a place that the numbers lead to."""
    if not path or not isinstance(node, dict | list) or not node:
        return value
    keys = list(node) if isinstance(node, dict) else list(range(len(node)))
    key = keys[path[0] % len(keys)]
    node[key] = replaced(node[key], path[1:], value)
    return node


@settings(FUZZ, max_examples=150)
@given(path=st.lists(st.integers(0, 40), max_size=9), value=JSON)
def test_random_descriptors(
    tmp_path_factory: pytest.TempPathFactory, path: list[int], value: Any
) -> None:
    """One node of a good descriptor becomes anything: a problem, or a descriptor that works."""
    descriptor = replaced(copy.deepcopy(DESCRIPTOR), path, value)
    file = tmp_path_factory.mktemp("fuzz") / "datapackage.json"
    file.write_text(json.dumps(descriptor), encoding="utf-8")
    _, problems = read_descriptor(file)
    said(problems)


@settings(FUZZ, max_examples=25)
@given(path=st.lists(st.integers(0, 40), min_size=4, max_size=9), value=JSON)
def test_random_descriptors_through_the_whole_check(
    tmp_path_factory: pytest.TempPathFactory, path: list[int], value: Any
) -> None:
    town = Copy(tmp_path_factory.mktemp("fuzz") / "town")
    descriptor = replaced(copy.deepcopy(DESCRIPTOR), path, value)
    town.descriptor.write_text(json.dumps(descriptor), encoding="utf-8")
    said(check(town.descriptor, TODAY)[1])


@FUZZ
@given(raw=st.binary(max_size=200))
def test_random_bytes_as_descriptor(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    file = tmp_path_factory.mktemp("fuzz") / "datapackage.json"
    file.write_bytes(raw)
    assert read_descriptor(file)[0] is None


# --- names that become files --------------------------------------------------------------------

IDS = [
    "../x",
    "/etc/passwd",
    "..",
    "a/b",
    "a\\b",
    "C:x",
    "con",
    "lpt1",
    "a" * 81,
    "é",
    "a.b",
    "A",
    "~",
]


@pytest.mark.parametrize("name", IDS)
def test_no_id_leaves_its_folder(name: str, town: Copy) -> None:
    """Even where the descriptor lets it pass: the pattern of the schema is taken away."""
    for table in ("kpis", "kpi_topics", "targets", "observations", "evaluations", "kpi_relations"):
        town.bytes(table, lambda raw: raw.replace(b"waste-per-person", name.encode()))
        town.field(table, "kpi_id", constraints={"required": True})
    town.field("kpi_relations", "related_kpi_id", constraints={"required": True})
    package, problems = check(town.descriptor, TODAY)
    assert package is None
    assert "ids-safe" in codes(problems)
