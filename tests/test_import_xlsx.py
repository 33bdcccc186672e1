"""From Excel: what we publish and what we hand out comes back whole; the rest is explained."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from scripts.check import check
from scripts.exports.table import curated
from scripts.exports.workbook import all_workbook
from scripts.import_xlsx import book as opening
from scripts.import_xlsx.__main__ import import_book, main
from scripts.import_xlsx.book import open_book
from scripts.import_xlsx.sheets import read_book
from scripts.import_xlsx.template import COLUMNS, indicators, make_template
from scripts.load.limits import MAX_DIGITS
from scripts.model import Package
from tests.helpers import ROOT, TODAY, Copy

HEAD = [title for title, _ in COLUMNS]
GOOD = ["farm-persons", "新規就農者数", "人", 2025, 18, 2024, 16, "確定値", None, "33ページ", None]
"""A filled row of the template; the source is put in by :func:`filled`."""

SOURCE = "みなもと市統計書_2025年版_"


def contents(town: Copy) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (town.folder / "data").iterdir()}


def filled(path: Path, *changes: tuple[str, Any], sheet: str = "実績の入力") -> Path:
    """A small workbook like the template, with one good row and some cells changed."""
    workbook = Workbook()
    page = workbook.worksheets[0]
    page.title = sheet
    page.append(HEAD)
    page.append(
        [SOURCE if title == "出典" else cell for title, cell in zip(HEAD, GOOD, strict=True)]
    )
    for place, value in changes:
        page[place] = value
    workbook.save(path)
    return path


@pytest.fixture
def run(town: Copy, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, list[str]]]:
    """Import a workbook into the copy; exit code and what was said."""

    def import_it(file: Path, *more: str) -> tuple[int, list[str]]:
        code = main([str(file), str(town.descriptor), *more])
        return code, capsys.readouterr().out.splitlines()

    return import_it


# --- there and back -----------------------------------------------------------------------------


def published(package: Package) -> bytes:
    """``all.xlsx`` of a package, made of its own tables."""
    return all_workbook(curated(package), [("項目", "内容")], "題", "市", "")


def emptied(town: Copy) -> None:
    """Take out every row that can be brought back from the workbook."""
    for table in ("observations", "projects", "achievements"):
        town.write(table, town.rows(table)[:1])


@pytest.mark.parametrize("which", ["fixture", "real"])
def test_all_tables_come_back_from_the_published_workbook(
    which: str, town: Copy, real: Package, package: Package, tmp_path: Path
) -> None:
    """Every table, every row, every cell with its printed digits."""
    source = package if which == "fixture" else real
    file = tmp_path / "all.xlsx"
    file.write_bytes(published(source))
    workbook, _ = open_book(file)
    assert workbook is not None
    book = read_book("all.xlsx", workbook, source)
    assert book.problems == []
    tables = {table.name: table for table in curated(source)}
    assert {sheet.table for sheet in book.sheets} == {n for n, t in tables.items() if t.rows}
    for sheet in book.sheets:
        table = tables[sheet.table]
        rows = [tuple(row.get(name, "") for name in table.header) for _, row in sheet.rows]
        assert rows == list(table.rows)


def test_the_published_workbook_changes_nothing(
    package: Package, town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    file = tmp_path / "all.xlsx"
    file.write_bytes(published(package))
    before = contents(town)
    code, said = run(file)
    assert (code, said[-1]) == (0, "新しい値はありませんでした。")
    assert contents(town) == before


def test_lost_rows_come_back(
    package: Package, town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    """CSV → XLSX → CSV: the same bytes, the order of the rows included."""
    file = tmp_path / "all.xlsx"
    file.write_bytes(published(package))
    before = contents(town)
    for key in ("library-loans,2019", "library-loans,2023", "clinic-satisfaction,2023"):
        town.drop("observations", key)
    assert run(file)[0] == 0
    assert contents(town) == before


def test_the_workbook_of_one_indicator_comes_back(
    built: dict[str, bytes], town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    """Japanese titles, labels and the title of the source instead of codes."""
    file = tmp_path / "clinic-satisfaction.xlsx"
    file.write_bytes(built["data/kpis/clinic-satisfaction.xlsx"])
    before = contents(town)
    assert run(file)[1][-1] == "新しい値はありませんでした。"
    town.drop("observations", "clinic-satisfaction,2023")
    assert run(file)[0] == 0
    assert contents(town) == before


DIGITS = st.decimals(
    min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=3
).filter(lambda d: len(d.as_tuple().digits) <= MAX_DIGITS)
TEXT = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Z")),
    max_size=20,
)


@given(
    values=st.lists(st.tuples(DIGITS, st.integers(0, 3), TEXT), min_size=1, max_size=5),
)
def test_values_and_texts_survive_the_round_trip(
    tmp_path_factory: pytest.TempPathFactory,
    package: Package,
    values: list[tuple[Decimal, int, str]],
) -> None:
    """Any number with its decimals and any text, formulas and all, is the same afterwards."""
    (table,) = [t for t in curated(package) if t.name == "observations"]
    rows = tuple(
        (
            *("farm-persons", str(2000 + n)),
            format(value, f".{places}f").replace("-0", "0", 1)
            if not round(value, places)
            else format(round(value, places), f".{places}f"),
            *("final", "yearbook-2025", "1ページ", text),
        )
        for n, (value, places, text) in enumerate(values)
    )
    from dataclasses import replace

    file = tmp_path_factory.mktemp("book") / "all.xlsx"
    file.write_bytes(all_workbook([replace(table, rows=rows)], [], "題", "市", ""))
    workbook, _ = open_book(file)
    assert workbook is not None
    (sheet,) = read_book("all.xlsx", workbook, package).sheets
    assert [tuple(row[name] for name in table.header) for _, row in sheet.rows] == list(rows)


# --- the template -------------------------------------------------------------------------------


def template(package: Package, year: int) -> Worksheet:
    workbook = load_workbook(io.BytesIO(make_template(package, year)))
    return workbook.worksheets[0]


def test_the_template_has_a_row_per_indicator(package: Package) -> None:
    """The last value with its printed digits stands beside the empty cell; nothing is locked."""
    sheet = template(package, 2026)
    assert [cell.value for cell in sheet[1]] == HEAD
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    assert set(rows) == {t.kpi_id for t in package.targets if t.strategy_id == "plan-2"}
    row = rows["clinic-satisfaction"]
    assert [cell.value for cell in row[3:7]] == [2025, 58.9, 2026, None]
    assert (row[4].number_format, row[6].number_format) == ("0.0", "0.0")
    assert sheet.freeze_panes == "C2"
    assert not sheet.protection.sheet
    lists = [v for v in sheet.data_validations.dataValidation if v.type == "list"]
    assert len(lists) == 2


def test_a_year_outside_every_term_gets_all_indicators(package: Package) -> None:
    assert list(indicators(package, 2050)) == list(package.kpis)


def test_an_empty_template_changes_nothing(
    town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    file = tmp_path / "2026.xlsx"
    assert run(file, "--template", "2026")[0] == 0
    before = contents(town)
    code, said = run(file)
    assert (code, said[-1]) == (0, "新しい値はありませんでした。")
    assert contents(town) == before


def test_a_template_of_a_published_year_changes_nothing(
    town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    """What is published stands in it already, and is the same when it comes back."""
    file = tmp_path / "2025.xlsx"
    run(file, "--template", "2025")
    before = contents(town)
    assert run(file)[1][-1] == "新しい値はありませんでした。"
    assert contents(town) == before


def test_a_filled_template_is_imported(
    town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    """The year's path: make the template, fill a cell, choose from the lists, import, check."""
    file = tmp_path / "2026.xlsx"
    run(file, "--template", "2026")
    workbook = load_workbook(file)
    sheet = workbook.worksheets[0]
    (row,) = [r for r in sheet.iter_rows(min_row=2) if r[0].value == "clinic-satisfaction"]
    for cell, value in zip(row[6:], (60, "速報値", SOURCE, "21ページ", "速報。"), strict=True):
        cell.value = value
    workbook.save(file)
    code, said = run(file)
    assert code == 0
    assert said[-2:] == [
        "data/observations.csv: 「clinic-satisfaction・2026」 → 新しい行 value=60.0、"
        "status=provisional、source_id=yearbook-2025、locator=21ページ、note=速報。",
        "data/observations.csv の1か所を変えました。",
    ]
    rows = [",".join(row) for row in town.rows("observations")]
    new = "clinic-satisfaction,2026,60.0,provisional,yearbook-2025,21ページ,速報。"
    assert rows.index(new) == rows.index(next(r for r in rows if r.startswith("clinic-"))) + 3
    assert [line for line in town.problems() if "（確認）" not in line] == []


def test_a_new_document_comes_in_with_its_values(
    town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    """Typed into the same workbook, chosen by its title like those that are there already."""
    file = tmp_path / "2026.xlsx"
    run(file, "--template", "2026")
    workbook = load_workbook(file)
    sources = workbook["出典資料"]
    empty = next(row for row in sources.iter_rows(min_row=2) if row[0].value is None)
    assert empty[3].number_format == "@"
    facts = ("yearbook-2026", "統計書（2026年版）", "みなもと市", "2026-10", "2025年度の実績。")
    for cell, value in zip(empty, facts, strict=False):
        cell.value = value
    sheet = workbook.worksheets[0]
    choice = next(v for v in sheet.data_validations.dataValidation if "I2" in str(v.sqref))
    assert choice.formula1.startswith("'出典資料'!$B$2:$B$")
    assert int(choice.formula1.rpartition("$")[2]) >= empty[0].row
    (row,) = [r for r in sheet.iter_rows(min_row=2) if r[0].value == "clinic-satisfaction"]
    for cell, typed in zip(row[6:], (60, "確定値", facts[1], "21ページ"), strict=False):
        cell.value = typed
    workbook.save(file)
    code, said = run(file)
    assert code == 0, said
    assert town.rows("observations").count(
        ["clinic-satisfaction", "2026", "60.0", "final", "yearbook-2026", "21ページ", ""]
    )
    assert "yearbook-2026" in {row[0] for row in town.rows("sources")}


def test_the_template_runs_from_the_command_line_only_with_a_year(tmp_path: Path) -> None:
    for arguments in (["--template", "R8"], ["--template", "20"]):
        with pytest.raises(SystemExit) as stop:
            main([str(tmp_path / "x.xlsx"), *arguments])
        assert stop.value.code == 2


# --- what is explained --------------------------------------------------------------------------

PLACE = "b.xlsx:実績の入力!"

EXPLAINED: list[tuple[str, list[tuple[str, Any]], str]] = [
    ("▲", [("G2", "▲3")], f"{PLACE}G2: value: 「▲3」の▲は、負の数の印として読めません。"),
    ("unit", [("G2", "18人")], f"{PLACE}G2: value: 「18人」に、数字ではない「人」が付いています。"),
    ("formula", [("G2", "=8+8")], f"{PLACE}G2: value: 「=8+8」は計算式です。"),
    (
        "error value",
        [("G2", "#REF!")],
        f"{PLACE}G2: value: 「#REF!」は Excel の計算の誤りの表示です。",
    ),
    (
        "era that never was",
        [("F2", "平成32年度")],
        f"{PLACE}F2: year: 「平成32年度」は存在しない年です",
    ),
    ("date for a year", [("F2", date(2024, 1, 5))], f"{PLACE}F2: year: 「2024/01/05」は日付です。"),
    (
        "date for a value",
        [("G2", date(2024, 1, 5))],
        f"{PLACE}G2: value: 「2024/01/05」は日付です。",
    ),
    (
        "date for a text",
        [("J2", date(2024, 1, 5))],
        f"{PLACE}J2: locator: 「2024/01/05」は日付です。",
    ),
    ("no key", [("A2", None)], f"{PLACE}A2: kpi_id: 空か、読めない値です。"),
    (
        "unknown indicator",
        [("A2", "farm-person")],
        f"{PLACE}A2: kpi_id: 「farm-person」が表「kpis」に",
    ),
    ("unknown source", [("I2", "統計書")], f"{PLACE}I2: source_id: 「統計書」"),
    (
        "unknown state",
        [("H2", "だいたい")],
        f"{PLACE}H2: status: 「だいたい」は選べる値ではありません。",
    ),
    ("no place in the source", [("J2", None)], f"{PLACE}J2: locator: 「出典の箇所」が空です。"),
    ("line break", [("K2", "一\n二")], f"{PLACE}K2: note: セルの中に改行があります"),
    ("personal data", [("K2", "taro@example.jp")], f"{PLACE}K2: note: メールアドレスのような"),
    ("too many decimals", [("G2", 16.25)], f"{PLACE}G2: value: 「16.25」は小数2桁で"),
    ("correction", [("F2", 2025), ("G2", 19)], f"{PLACE}G2: value: 公開している値「18」を「19」に"),
    (
        "misspelt column",
        [("J1", "出典の個所")],
        f"{PLACE}J1: 列「出典の個所」は決められた列ではありません。「出典の箇所」の書き違いなら",
    ),
]


@pytest.mark.parametrize(("name", "changes", "line"), EXPLAINED, ids=[e[0] for e in EXPLAINED])
def test_mistakes_are_said_with_their_cell(
    name: str,
    changes: list[tuple[str, Any]],
    line: str,
    town: Copy,
    tmp_path: Path,
    run: Callable[..., tuple[int, list[str]]],
) -> None:
    """In the words of the check, with sheet and cell as the place; nothing is written."""
    before = contents(town)
    code, said = run(filled(tmp_path / "b.xlsx", *changes))
    assert code == 1
    assert any(one.startswith(line) for one in said), said
    assert said[-1].endswith("何も書き込んでいません。")
    assert contents(town) == before


def test_a_percentage_is_not_what_it_shows(
    town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    file = filled(tmp_path / "b.xlsx")
    workbook = load_workbook(file)
    cell = workbook.worksheets[0]["G2"]
    cell.value, cell.number_format = 0.981, "0.0%"
    workbook.save(file)
    code, said = run(file)
    assert code == 1
    assert f"{PLACE}G2: value: 「98.1%」は、Excel の中では 0.981 です。" in said[0]
    assert len(said) == 2


def test_merged_cells_are_named(
    town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    file = filled(tmp_path / "b.xlsx")
    workbook = load_workbook(file)
    workbook.worksheets[0].merge_cells("A2:A4")
    workbook.save(file)
    code, said = run(file)
    assert code == 1
    assert said[0].startswith(f"{PLACE}A2:A4: セルが結合されています。")


def test_the_same_row_twice(
    town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    row = [(f"{letter}3", cell) for letter, cell in zip("ABCDEFGHIJ", GOOD, strict=False)]
    code, said = run(filled(tmp_path / "b.xlsx", *row, ("I3", SOURCE)))
    assert code == 1
    assert said[0].startswith(f"{PLACE}F3: year: 「farm-persons・2024」の行は {PLACE}F2 にも")


CERTAIN: list[tuple[str, list[tuple[str, Any]]]] = [
    ("full-width digits", [("G2", "１６")]),
    ("separator", [("G2", " 16 ")]),
    ("era year", [("F2", "令和6年度")]),
    ("number as text", [("G2", "16"), ("F2", "2024")]),
    ("float", [("G2", 16.0)]),
    ("code instead of the label", [("H2", "final")]),
    ("id instead of the title", [("I2", "yearbook-2025")]),
]


@pytest.mark.parametrize(("name", "changes"), CERTAIN, ids=[c[0] for c in CERTAIN])
def test_what_is_certain_is_taken(
    name: str,
    changes: list[tuple[str, Any]],
    town: Copy,
    tmp_path: Path,
    run: Callable[..., tuple[int, list[str]]],
) -> None:
    """And said, when it was not written plainly."""
    code, _ = run(filled(tmp_path / "b.xlsx", *changes))
    assert code == 0
    assert ["farm-persons", "2024", "16", "final", "yearbook-2025", "33ページ", ""] in town.rows(
        "observations"
    )


def test_a_correction_with_its_reason_is_taken(
    town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    changes = [("F2", 2025), ("G2", 19), ("K2", "統計の訂正による。")]
    code, said = run(filled(tmp_path / "b.xlsx", *changes))
    assert code == 0
    assert "data/observations.csv:12: farm-persons・2025 value: 「18」 → 「19」" in said
    assert town.rows("observations")[11][2:] == [
        *("19", "final", "yearbook-2025", "33ページ", "統計の訂正による。")
    ]


def test_a_provisional_value_becomes_final_without_a_reason(
    town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    changes = [("A2", "clinic-satisfaction"), ("F2", 2025), ("G2", 58.8)]
    code, _ = run(filled(tmp_path / "b.xlsx", *changes))
    assert code == 0
    assert town.rows("observations")[5][:4] == ["clinic-satisfaction", "2025", "58.8", "final"]


def test_a_dry_run_writes_nothing(
    town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    before = contents(town)
    code, said = run(filled(tmp_path / "b.xlsx"), "--dry-run")
    assert code == 0
    assert said[-1] == "1か所を、このように変えられます（まだ書き込んでいません）。"
    assert contents(town) == before


def test_a_broken_package_is_mended_first(
    town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    town.cell("observations", "farm-persons,2025", "value", "１８")
    before = contents(town)
    code, said = run(filled(tmp_path / "b.xlsx"))
    assert code == 1
    assert said[0].startswith("data/observations.csv:12: value: 「１８」")
    assert contents(town) == before


def test_a_title_above_the_header(
    town: Copy, tmp_path: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    file = filled(tmp_path / "b.xlsx")
    workbook = load_workbook(file)
    workbook.worksheets[0].insert_rows(1)
    workbook.worksheets[0]["A1"] = "令和6年度の実績"
    workbook.save(file)
    code, said = run(file)
    assert code == 1
    assert said[0].startswith(f"{PLACE}A1: 1行目が見出しではありません。見出しは2行目にあります。")


# --- files that nobody should open --------------------------------------------------------------


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
