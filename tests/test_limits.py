"""Where reading ends: exactly as much as the limits say, and what is said of one more.

The limits are made small here; that the real ones bound time and memory is seen in
``test_load_bounds.py``.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from scripts.load.cells import Table, read_table
from scripts.load.files import read_bytes, too_much, undeclared_files
from scripts.load.rows import Rows, refused
from scripts.model import Problem
from tests.breaking import HEADER, LINE
from tests.test_load_bounds import OBSERVATIONS


def read(folder: Path, rows: list[str]) -> tuple[Table | None, list[Problem]]:
    """A table of these rows, and what is said of it."""
    file = folder / OBSERVATIONS["path"]
    file.parent.mkdir()
    file.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    return read_table(folder, OBSERVATIONS, raw=False)


def test_the_size_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What grows between the question and the reading is not read further than was asked."""
    monkeypatch.setattr("scripts.load.files.MAX_FILE_BYTES", 1_000)
    (tmp_path / "a.csv").write_bytes(b"x" * 1_000)
    (tmp_path / "b.csv").write_bytes(b"x" * 1_001)
    assert read_bytes(tmp_path, "a.csv") == (b"x" * 1_000, [])
    assert read_bytes(tmp_path, "b.csv") == (
        None,
        [
            Problem(
                "b.csv",
                0,
                "",
                "file-too-large",
                "1,001バイトあり、大きすぎます（上限は1,000バイト）。",
                "別のファイルを置いていないか確かめてください。",
            )
        ],
    )
    monkeypatch.setattr(Path, "open", lambda *_: io.BytesIO(b"y" * 2_000))
    assert read_bytes(tmp_path, "a.csv") == (b"y" * 1_000, [])


def test_the_size_of_a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing file weighs nothing, and those after it are weighed."""
    (tmp_path / "a.csv").write_bytes(b"x" * 400)
    (tmp_path / "b.csv").write_bytes(b"x" * 600)
    names = ["a.csv", "zoo.csv", "a\0.csv", "b.csv"]
    monkeypatch.setattr("scripts.load.files.MAX_PACKAGE_BYTES", 1_000)
    assert too_much(tmp_path, names) is None
    monkeypatch.setattr("scripts.load.files.MAX_PACKAGE_BYTES", 999)
    assert too_much(tmp_path, names) == Problem(
        "datapackage.json",
        0,
        "",
        "file-too-large",
        "表は全部で1,000バイトあり、大きすぎます（上限は999バイト）。",
        "別のファイルを置いていないか確かめ、大きな自治体は、パッケージを分けてください。",
    )


def test_which_files_nobody_declared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the descriptor anything may lie; a folder may hold a folder of tables."""
    for place in ("a.csv", "b.csv", "data/a/c.csv", "data/d.csv", "data/e.csv"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_bytes(b"")
    declared = ["a.csv", "../b.csv", "data/a/c.csv", "data/d.csv"]
    assert [p.path for p in undeclared_files(tmp_path, declared)] == ["data/e.csv"]
    monkeypatch.setattr("scripts.load.files.MAX_STRAYS", 0)
    assert list(undeclared_files(tmp_path, declared)) == []


TOO_MANY = "別のファイルを置いていないか、空の行が続いていないか確かめてください。"
TOO_WIDE = "使わない列の宣言がないか、別のファイルを置いていないか確かめてください。"
TOO_LONG = '引用符「"」の閉じ忘れや、余分なコンマの連続がないか確かめてください。'


@pytest.mark.parametrize(
    ("text", "columns", "said"),
    [
        ("a\nb\nc\nd", 2, None),
        ("a\nb\nc\nd\n", 1, (0, "file-too-large", "5行あり、多すぎます（上限は4行）。", TOO_MANY)),
        (
            "a\nb\nc\n",
            3,
            (0, "file-too-large", "4行に3列あり、多すぎます（上限は8個の欄）。", TOO_WIDE),
        ),
        (
            "123456",
            1,
            (1, "line-too-long", "1行が6文字あり、長すぎます（上限は5文字）。", TOO_LONG),
        ),
        (
            "12345\n\n1234567\n1",
            1,
            (3, "line-too-long", "1行が7文字あり、長すぎます（上限は5文字）。", TOO_LONG),
        ),
        ("12345\n12345\n1\n12345", 1, None),
        (
            "123456\n1\n12\n123",
            1,
            (1, "line-too-long", "1行が6文字あり、長すぎます（上限は5文字）。", TOO_LONG),
        ),
        (
            "\n123456\n",
            1,
            (2, "line-too-long", "1行が6文字あり、長すぎます（上限は5文字）。", TOO_LONG),
        ),
    ],
)
def test_what_is_not_even_split(
    text: str,
    columns: int,
    said: tuple[int, str, str, str] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Too many lines, too many cells, too long a line: as many as the limit are read."""
    for name, value in (("ROWS", 4), ("CELLS", 8), ("LINE_CHARS", 5)):
        monkeypatch.setattr(f"scripts.load.rows.MAX_{name}", value)
    found = refused("a.csv", text, columns)
    assert found == (said and Problem("a.csv", said[0], "", *said[1:]))


@pytest.mark.parametrize(
    ("text", "chars", "blocks"),
    [
        ("a,b\nc,d\ne,f\ng,h", 100, [[1, 2, 3, 4]]),
        ("a,b\nc,d\ne,f\ng,h", 15, [[1, 2, 3, 4]]),
        ("a,b\nc,d\ne,f\ng,h", 14, [[1, 2, 3], [4]]),
        ("a,b\nc,d\ne,f\ng,h", 8, [[1, 2], [3, 4]]),
        ("a,b\nc,d\ne,f\ng,h\n", 11, [[1, 2], [3, 4]]),
        ("a,b\nc,d\ne,f\ng,h\n", 4, [[1], [2], [3], [4]]),
        ('a,b\n"c",d\ne,f\ng,h\n', 6, [[1], ["2"], [3], [4]]),
        ('"a\nb",c\nd,e\nf,g\n', 7, [["1"], [3], [4]]),
        ('a,b\nc,d\n"e\n\nf",g\nh,i', 9, [[1, 2], ["3"], [6]]),
    ],
)
def test_the_blocks_of_a_text(
    text: str, chars: int, blocks: list[list[int | str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many lines as fit; the rules of quotes (here: numbers in quotes) only where needed."""
    monkeypatch.setattr("scripts.load.rows.BLOCK_CHARS", chars)
    source = Rows("a.csv", text)
    made = list(source)
    lines = [list(n) if isinstance(n, range) else list(map(str, n)) for n, _ in made]
    assert lines == blocks
    rows = [row for _, block in made for row in block]
    assert rows == list(csv.reader(io.StringIO(text, newline="")))
    assert source.whole


def test_line_breaks_are_collected_up_to_a_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows after them are read all the same."""
    monkeypatch.setattr("scripts.load.rows.MAX_COLLECTED", 2)
    table, problems = read(tmp_path, [LINE + '"1\n2"'] * 4)
    assert [(p.row, p.code) for p in problems] == [(2, "line-break"), (4, "line-break")]
    assert table is not None and list(table.lines) == [2, 4, 6, 8]


@pytest.mark.parametrize("chars", [1 << 17, 60], ids=["one block", "two blocks"])
@pytest.mark.parametrize("count", [2, 3])
def test_rows_after_very_many_problems_are_not_read(
    count: int, chars: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the table knows that it is not whole."""
    monkeypatch.setattr("scripts.load.cells.MAX_COLLECTED", 3)
    monkeypatch.setattr("scripts.load.rows.BLOCK_CHARS", chars)
    table, problems = read(tmp_path, [*[""] * count, LINE, LINE])
    assert table is not None and [p.code for p in problems] == ["blank-row"] * count
    read_on = count < 3
    assert (list(table.lines), table.sound) == ([count + 2, count + 3] * read_on, read_on)


@pytest.mark.parametrize("count", [2, 3])
def test_cells_after_very_many_problems_are_not_looked_at(
    count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No record is made of a table of which nobody knows how wrong it is."""
    monkeypatch.setattr("scripts.load.cells.MAX_COLLECTED", 3)
    rows = [f"k,20{n},1,final,s,l,①{n}" for n in range(10, 10 + count)]
    table, problems = read(tmp_path, [*rows, "k,2030,1,final,s,l,"])
    assert table is not None and [p.code for p in problems] == ["platform-character"] * count
    assert table.sound is (count < 3)
