"""Workbooks that nobody should open: bombs, liars, damage, and any cells at all."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from scripts.check import check
from scripts.import_xlsx import book as opening
from scripts.import_xlsx.__main__ import import_book, main
from scripts.import_xlsx.book import open_book
from scripts.import_xlsx.sheets import read_book
from scripts.import_xlsx.template import make_template
from scripts.model import Package
from tests.helpers import ROOT, TODAY, Copy
from tests.test_import_xlsx import SOURCE, filled, run

__all__ = ["run"]


def bomb() -> bytes:
    """A workbook that unpacks to far more than it is."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (opening.MAX_UNPACKED_BYTES + 1))
    return target.getvalue()


def lying() -> bytes:
    """A bomb that states a small size."""
    raw = bomb()
    size = (opening.MAX_UNPACKED_BYTES + 1).to_bytes(4, "little")
    assert raw.count(size) == 2
    return raw.replace(size, (10).to_bytes(4, "little"))


def packed(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("_", "/"), content)
    return target.getvalue()


def far_away() -> bytes:
    """A workbook with a stray cell at the end of the sheet."""
    workbook = Workbook()
    workbook.worksheets[0]["XFD1048576"] = "x"
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


BAD: list[tuple[str, Callable[[], bytes], str]] = [
    ("no zip", lambda: b"hello", "workbook-unreadable"),
    ("empty", lambda: b"", "workbook-unreadable"),
    ("cut off", lambda: bomb()[:100], "workbook-unreadable"),
    ("old format", lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 500, "workbook-unreadable"),
    ("bomb", bomb, "workbook-unreadable"),
    ("bomb that lies", lying, "workbook-unreadable"),
    ("zip of something else", lambda: packed(a=b"b"), "workbook-unreadable"),
    (
        "macro",
        lambda: packed(xl_vbaProject=b"", **{"xl_vbaproject.bin": b""}),
        "workbook-unreadable",
    ),
    ("entities", lambda: packed(a=b"<!DOCTYPE x [<!ENTITY y 'z'>]>"), "workbook-unreadable"),
    (
        "entities in UTF-16",
        lambda: packed(**{"xl_workbook.xml": "<!DOCTYPE x [<!ENTITY y 'z'>]>".encode("utf-16")}),
        "workbook-unreadable",
    ),
    ("many parts", lambda: packed(**{f"p{n}": b"" for n in range(1_001)}), "workbook-unreadable"),
    ("cell at the far end", far_away, "file-too-large"),
]


REASONS = {
    "bomb": "中身を広げると大きすぎます",
    "many parts": "中身を広げると大きすぎます",
    "macro": "マクロの入ったブック",
    "entities": "XML の定義",
    "entities in UTF-16": "XML の定義",
}
"""What must be said of files that are refused for what they are, not for what a library makes of
them."""


@pytest.mark.parametrize(("name", "make", "code"), BAD, ids=[b[0] for b in BAD])
def test_strange_files_are_explained(
    name: str,
    make: Callable[[], bytes],
    code: str,
    town: Copy,
    tmp_path: Path,
    run: Callable[..., tuple[int, list[str]]],
) -> None:
    file = tmp_path / "b.xlsx"
    file.write_bytes(make())
    exit_code, said = run(file)
    assert exit_code == 1
    assert said[0].endswith(f"[{code}]"), said
    assert REASONS.get(name, "") in said[0]


def test_a_huge_file_is_not_read(
    town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    file = tmp_path / "b.xlsx"
    with file.open("wb") as stream:
        stream.truncate(200_000_000)
    assert "[file-too-large]" in run(file)[1][0]
    assert "[file-missing]" in run(tmp_path / "none.xlsx")[1][0]


def test_a_workbook_without_our_sheets(
    town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    workbook = Workbook()
    workbook.worksheets[0].append(["氏名", "点数"])
    workbook.worksheets[0].append(["一郎", 5])
    workbook.save(tmp_path / "b.xlsx")
    assert "[sheet-unknown]" in run(tmp_path / "b.xlsx")[1][0]


@given(raw=st.binary(max_size=400))
def test_random_bytes_are_no_workbook(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    file = tmp_path_factory.mktemp("book") / "b.xlsx"
    file.write_bytes(raw)
    assert open_book(file)[0] is None


@given(data=st.data())
def test_damaged_workbooks_never_raise(
    tmp_path_factory: pytest.TempPathFactory, package: Package, data: st.DataObject
) -> None:
    """One part of a good workbook is replaced by anything."""
    folder = tmp_path_factory.mktemp("book")
    good = filled(folder / "good.xlsx")
    with zipfile.ZipFile(good) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    content = parts[name]
    cut = data.draw(st.integers(0, len(content)))
    put = data.draw(
        st.sampled_from([b"", b"<", b"9" * 30, b'"', b"\0", b"</row>", b"NaN", b"true"])
    )
    parts[name] = content[:cut] + put + content[cut + data.draw(st.integers(0, 8)) :]
    file = folder / "b.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        for part, text in parts.items():
            archive.writestr(part, text)
    workbook, problems = open_book(file)
    if workbook is None:
        assert problems
    else:
        read_book("b.xlsx", workbook, package)


CELL_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=10),
    st.dates(min_value=date(1900, 3, 1)),
    st.sampled_from(["farm-persons", 2024, "確定値", SOURCE, "R7", "▲5", "=1+1", "#N/A", "１６"]),
)


@given(rows=st.lists(st.lists(CELL_VALUES, min_size=11, max_size=11), min_size=1, max_size=4))
def test_any_cells_are_read_or_explained(
    tmp_path_factory: pytest.TempPathFactory, package: Package, rows: list[list[Any]]
) -> None:
    folder = tmp_path_factory.mktemp("book")
    changes = [
        (f"{letter}{number}", cell)
        for number, row in enumerate(rows, 2)
        for letter, cell in zip("ABCDEFGHIJK", row, strict=True)
    ]
    workbook, _ = open_book(filled(folder / "b.xlsx", *changes))
    assert workbook is not None
    for problem in read_book("b.xlsx", workbook, package).problems:
        assert "\n" not in problem.line()
        assert problem.path.startswith("b.xlsx:")


def test_the_real_template_imports_into_a_copy(
    tmp_path: Path, real: Package, capsys: pytest.CaptureFixture[str]
) -> None:
    """The published plan: a template of a published year changes nothing."""
    folder = tmp_path / "plan"
    shutil.copytree(ROOT / "data", folder / "data")
    shutil.copy(ROOT / "datapackage.json", folder)
    year = max(o.year for o in real.observations)
    file = tmp_path / "t.xlsx"
    descriptor = folder / "datapackage.json"
    assert main([str(file), str(descriptor), "--template", str(year)]) == 0
    merged, problems = import_book(file, descriptor, TODAY)
    assert [p.line() for p in problems] == []
    assert merged.changes == []
    assert check(descriptor, TODAY)[0] is not None


def walk(sheet: Worksheet) -> Iterator[object]:
    for row in sheet.iter_rows():
        yield from (cell.value for cell in row)


def test_the_notes_of_the_template_are_complete(package: Package) -> None:
    """Somebody who opens only this file knows what to do."""
    workbook = load_workbook(io.BytesIO(make_template(package, 2026)))
    assert workbook.sheetnames == ["実績の入力", "書き方", "出典資料", "選択肢"]
    notes = " ".join(str(value) for value in walk(workbook.worksheets[1]))
    for word in ("2026年度", "単位", "空のまま", "一覧", "注記", "結合"):
        assert word in notes
