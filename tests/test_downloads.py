"""Workbooks, database, archive and descriptor, each opened by the program it is made for."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.exports import stock
from scripts.exports.cells import guard, unguard
from scripts.exports.long_book import LongBook
from scripts.exports.shelf import Shelf
from scripts.exports.table import field, heading
from scripts.exports.workbook import Book
from scripts.model import Package
from scripts.progress import judge_all
from tests.helpers import TODAY


@pytest.fixture(scope="module", params=["fixture", "real"])
def shelf(request: pytest.FixtureRequest, package: Package, real: Package) -> Shelf:
    """The files of a package."""
    chosen = package if request.param == "fixture" else real
    return stock(chosen, judge_all(chosen), data_date=TODAY)


@pytest.fixture(scope="module")
def folder(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published ``data/`` folder."""
    home = tmp_path_factory.mktemp("data")
    for path, content in shelf.files.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_bytes(content)
    return home


# frictionless leaves the archive open when it looks at its hash
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_frictionless_accepts_the_published_folder_and_the_archive(
    shelf: Shelf, folder: Path, tmp_path: Path
) -> None:
    """Every table with its schema, keys, size and hash; an archive that stands alone."""
    from frictionless import Package as Frictionless

    with zipfile.ZipFile(io.BytesIO(shelf.files["all.zip"])) as bundle:
        bundle.extractall(tmp_path)
    for home in (folder, tmp_path):
        report = Frictionless(str(home / "datapackage.json")).validate()
        assert report.valid, report.flatten(["name", "type", "message"])[:3]
        assert len(report.tasks) >= len(shelf.tables) + len(shelf.series)


def test_frictionless_notices_a_changed_file(folder: Path, tmp_path: Path) -> None:
    """The hashes are worth something."""
    from frictionless import Package as Frictionless

    kept = ("observations", "kpis", "sources", "units")
    for path in ("datapackage.json", *(f"{name}.csv" for name in kept)):
        (tmp_path / path).write_bytes((folder / path).read_bytes())
    descriptor = json.loads((tmp_path / "datapackage.json").read_bytes())
    descriptor["resources"] = [r for r in descriptor["resources"] if r["name"] in kept]
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    assert Frictionless(str(tmp_path / "datapackage.json")).validate().valid
    file = tmp_path / "observations.csv"
    file.write_bytes(file.read_bytes().replace(b"final", b"fina1", 1))
    assert not Frictionless(str(tmp_path / "datapackage.json")).validate().valid


def test_pandas_reads_the_same_numbers(shelf: Shelf, folder: Path) -> None:
    """CSV and workbook give the digits of ``data/``."""
    wanted = [o.value for o in shelf.package.observations]
    table = pd.read_csv(folder / "observations.csv", encoding="utf-8-sig", dtype=str)
    assert [Decimal(text) for text in table["value"]] == wanted
    title = next(t.title for t in shelf.tables if t.name == "observations")
    sheet = pd.read_excel(folder / "all.xlsx", sheet_name=title)
    assert [Decimal(str(number)) for number in sheet["実績値"]] == wanted


def test_workbooks_hold_real_numbers_with_their_printed_decimals(shelf: Shelf) -> None:
    """Numbers are numbers, 60.0 shows as 60.0, the header stays in view, nothing is merged."""
    for table in shelf.series.values():
        path = table.path.removesuffix("csv") + "xlsx"
        book = openpyxl.load_workbook(io.BytesIO(shelf.files[path]))
        assert book.sheetnames == ["データ", "定義"]
        data = book["データ"]
        assert [cell.value for cell in data[1]] == [heading(column) for column in table.fields]
        assert data.max_row == len(table.rows) + 1
        for sheet in book:
            assert sheet.freeze_panes == "A2"
            assert not sheet.merged_cells.ranges
        value = table.header.index("value")
        for number, row in enumerate(table.rows, 2):
            cell = data.cell(number, value + 1)
            assert cell.data_type == "n"
            assert Decimal(str(cell.value)) == Decimal(row[value])
            decimals = len(row[value].partition(".")[2])
            assert cell.number_format == ("0." + "0" * decimals if decimals else "0")
            assert isinstance(data.cell(number, 1).value, str)  # the code keeps its leading zero
        assert book.properties.created.year > 1999


COLUMNS = (
    field("a", "甲", "説明。"),
    field("n", "数", "説明。", "number", unit="人"),
    field("i", "整数", "説明。", "integer"),
    field("b", "真偽", "説明。", "boolean"),
    field("t", "文", "説明。"),
)
BLANK = ("", "", "", "", "")
LONG = (
    *[("x", "1.50", "3", "true", "全角の文")] * 3,
    BLANK,
    ("", "-0.5", "", "", "=1+1"),
    *[("", "", "7", "", "")] * 40,
    ("  a ", "12345678.9", "-4", "false", "\x01制御_x0041_\n改行"),
    ("😀" * 17_000, "0.0000001", "1", "", ""),
    ('a<b>&"', "100000000000000", "", "true", "'=x"),
    *[BLANK] * 2,
)


@pytest.mark.parametrize(
    "rows",
    [LONG, (), LONG[3:4], LONG[:15], (*LONG[:14], *LONG[3:4] * 20, LONG[0])],
    ids=["long", "none", "blank", "one block", "a blank block"],
)
def test_a_long_book_is_the_book_of_the_writer(rows: tuple[tuple[str, ...], ...]) -> None:
    """Rows that lie on disk become the same bytes as those that the writer holds."""

    def made(book: Book) -> bytes:
        book.sheet("一", COLUMNS, rows)
        book.sheet("二", COLUMNS[:1], [row[:1] for row in rows])
        book.sheet("三", COLUMNS, [])
        return book.finished()

    about = "題", "著者", "2020-01-02"
    assert made(LongBook(*about)) == made(Book(*about))


def test_one_sheet_for_each_table(shelf: Shelf) -> None:
    """The workbook of everything: tables, definitions, codes, terms."""
    book = openpyxl.load_workbook(io.BytesIO(shelf.files["all.xlsx"]), read_only=True)
    assert book.sheetnames[-3:] == ["定義", "コード表", "利用条件"]
    assert len(book.sheetnames) == len(shelf.tables) + 3


def test_the_database_holds_tables_keys_and_views(shelf: Shelf, folder: Path) -> None:
    """Same rows, same numbers; keys hold; views answer; printed digits are kept beside."""
    with sqlite3.connect(folder / "all.sqlite") as database:
        for table in shelf.tables:
            (count,) = database.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()  # noqa: S608
            assert count == len(table.rows), table.name
        pairs = database.execute("SELECT value, value_text FROM observations").fetchall()
        assert sorted(text for _, text in pairs) == sorted(
            f"{o.value:f}" for o in shelf.package.observations
        )
        assert all(Decimal(str(number)) == Decimal(text) for number, text in pairs)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        keys = database.execute("PRAGMA foreign_key_list(observations)").fetchall()
        assert {key[2] for key in keys} == {"kpis", "sources"}
        (views,) = database.execute("SELECT count(*) FROM progress_view").fetchone()
        assert views == len(shelf.package.targets)
        described = database.execute("SELECT count(*) FROM data_dictionary").fetchone()[0]
        assert described > sum(len(table.fields) for table in shelf.tables)


def test_a_broken_key_never_becomes_a_database(package: Package) -> None:
    """The database is checked as it is made."""
    raw = dict(package.raw)
    raw["observations"] = raw["observations"].replace(b"\nlibrary-loans,", b"\nno-such-kpi,", 1)
    with pytest.raises(sqlite3.IntegrityError):
        stock(replace(package, raw=raw), judge_all(package), data_date=TODAY)


def test_the_archive_carries_its_terms(shelf: Shelf) -> None:
    """CSV as published, a descriptor of its own, a README in Japanese; no clock inside."""
    with zipfile.ZipFile(io.BytesIO(shelf.files["all.zip"])) as bundle:
        names = bundle.namelist()
        assert names == sorted(names)
        assert {entry.date_time for entry in bundle.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        text = bundle.read("README.md").decode()
        for name in names:
            if name.endswith(".csv"):
                assert bundle.read(name) == shelf.files[name]
    assert shelf.site.title in text
    assert shelf.site.licence in text
    assert "出典：「" in text
    for table in shelf.tables:
        assert all(str(column["name"]) in text for column in table.fields)


def test_the_same_package_gives_the_same_files(shelf: Shelf) -> None:
    """No clock, no order of a set, no name of this machine."""
    package = shelf.package
    again = stock(package, judge_all(package), data_date=TODAY)
    assert {p: hashlib.sha256(c).digest() for p, c in again.files.items()} == {
        p: hashlib.sha256(c).digest() for p, c in shelf.files.items()
    }


@given(st.text(st.sampled_from("=+-@\t\r'a1あ"), max_size=6))
def test_guarding_loses_nothing(text: str) -> None:
    """What is guarded can be told from what never was."""
    assert unguard(guard(text)) == text
    assert guard(text)[:1] not in ("=", "@", "\t")


@pytest.mark.parametrize("text", ["-5", "+3.5", "12", "0", "−3", "あ=い", ""])
def test_numbers_and_words_are_left_alone(text: str) -> None:
    """The guard is for formulas only."""
    assert guard(text) == text


@pytest.mark.parametrize("text", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\tx", "'=1"])
def test_a_formula_arrives_as_text_everywhere(text: str, package: Package) -> None:
    """CSV gets a mark, the workbook a text cell, the database and JSON the very text."""
    kpi = replace(package.kpis[0], caution=text)
    title = package.sources[0].title
    quoted = text if "," not in text else f'"{text}"'
    raw = dict(package.raw)
    raw["sources"] = raw["sources"].replace(title.encode(), quoted.encode(), 1)
    sources = (replace(package.sources[0], title=text), *package.sources[1:])
    changed = replace(package, kpis=(kpi, *package.kpis[1:]), sources=sources, raw=raw)
    made = stock(changed, judge_all(changed), data_date=TODAY).files
    if title.encode() not in package.raw["sources"]:
        pytest.skip("the title is written in another way")
    assert f"'{text}".encode() in made["sources.csv"]
    book = openpyxl.load_workbook(io.BytesIO(made["all.xlsx"]))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == text]
    assert [cell.data_type for cell in cells] == ["s"]
    assert all(cell.quotePrefix for cell in cells)
    assert json.loads(made[f"kpis/{kpi.kpi_id}.json"])["caution"] == text


def test_every_resource_says_what_it_is(shelf: Shelf) -> None:
    """Names are unique, titles are there, media types fit, and nothing published is left out."""
    descriptor: dict[str, Any] = json.loads(shelf.files["datapackage.json"])
    names = [r["name"] for r in descriptor["resources"]]
    assert len(set(names)) == len(names)
    assert all(r["title"] and r["mediatype"] for r in descriptor["resources"])
    paths = {r["path"] for r in descriptor["resources"]}
    assert paths == set(shelf.files) - {"datapackage.json", "catalog.jsonld"}
