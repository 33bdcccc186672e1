"""Files for reuse: whole expected bytes, and the promise that publishing changes no value."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from scripts import words
from scripts.exports import render_exports
from scripts.exports.cells import BOM, ratio, unguard
from scripts.load import load_package
from scripts.model import Package
from scripts.progress import judge_all
from tests.helpers import FIXTURE, ROOT, TODAY, Copy

Same = Callable[[str, bytes], None]


def rows_of(content: bytes) -> list[list[str]]:
    """The rows of a published CSV, the header first."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.fixture(scope="module")
def files(package: Package) -> dict[str, bytes]:
    """The files of the fixture."""
    return dict(render_exports(package, judge_all(package), data_date=TODAY))


@pytest.fixture(scope="module")
def real_files(real: Package) -> dict[str, bytes]:
    """The files of the real package."""
    return dict(render_exports(real, judge_all(real), data_date=TODAY))


WHOLE = [
    "data/progress.csv",
    "data/kpis/library-loans.csv",
    "data/kpis/library-loans.json",
    # special characters, no unit, a textual target
    "data/kpis/bright-index.csv",
    "data/kpis/bright-index.json",
    # calendar years at a date
    "data/kpis/town-residents.csv",
    # no observation at all: a header and nothing else
    "data/kpis/company-visits-2017.csv",
]


@pytest.mark.parametrize("path", WHOLE)
def test_whole_file(path: str, files: dict[str, bytes], same_as_expected: Same) -> None:
    """Every byte that a reader downloads."""
    same_as_expected(path, files[path])


def test_one_small_file_by_hand(files: dict[str, bytes]) -> None:
    """The same without a recorded file, so that the layout is read here at least once."""
    assert (
        files["data/kpis/town-residents.csv"]
        == BOM
        + (
            "全国地方公共団体コード,都道府県名,市区町村名,指標ID,指標名,年,和暦,実績値(人),"
            "値の状態,出典,出典の箇所,注記\n"
            "990019,架空県,みなもと市,town-residents,まちなかに住む人の数,2021,令和3年,12000,"
            "確定値,第2期みなもと市まちづくり計画 <改訂版> & 資料集,第1章 表3,\n"
            "990019,架空県,みなもと市,town-residents,まちなかに住む人の数,2022,令和4年,12040,"
            "確定値,みなもと市統計書_2025年版_,3ページ,\n"
            "990019,架空県,みなもと市,town-residents,まちなかに住む人の数,2024,令和6年,12005,"
            "確定値,みなもと市統計書_2025年版_,3ページ,\n"
        ).encode()
    )


def test_every_indicator_and_table_has_its_files(package: Package, files: dict[str, bytes]) -> None:
    """Addresses never move: one CSV and one JSON per indicator, one CSV per table."""
    wanted = {f"data/{table}.csv" for table in package.paths}
    wanted |= {f"data/kpis/{k.kpi_id}.{form}" for k in package.kpis for form in ("csv", "json")}
    assert wanted | {"data/progress.csv", "data/datapackage.json"} <= set(files)


def test_csv_opens_in_excel_and_json_on_the_web(real_files: dict[str, bytes]) -> None:
    """CSV: one BOM, LF only, a line end at the end. JSON: no BOM at all."""
    for path, content in real_files.items():
        if path.endswith(".csv"):
            assert content.startswith(BOM) and not content.startswith(BOM * 2), path
            assert b"\r" not in content and content.endswith(b"\n"), path
        elif path.endswith((".json", ".jsonld")):
            assert not content.startswith(BOM) and content.endswith(b"\n"), path


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("mark", [b"", BOM])
def test_a_table_is_published_the_same_however_it_was_saved(
    mark: bytes, ending: bytes, town: Copy, files: dict[str, bytes]
) -> None:
    """What passes the check with a warning is published as if it had been tidy."""
    town.bytes("observations", lambda text: mark + text.replace(b"\n", ending))
    package = load_package(town.descriptor).package
    assert package is not None
    made = render_exports(package, judge_all(package), data_date=TODAY)
    assert made["data/observations.csv"] == files["data/observations.csv"]


@pytest.mark.parametrize("which", ["fixture", "real"])
def test_published_tables_equal_the_curated_ones(
    which: str,
    files: dict[str, bytes],
    real_files: dict[str, bytes],
    package: Package,
    real: Package,
) -> None:
    """Publishing a table changes no character of any cell.

    The one exception is the mark before a text that a spreadsheet would run as a formula; taking
    it away gives the text back, and no number ever has it.
    """
    made, home, source = {
        "fixture": (files, FIXTURE, package),
        "real": (real_files, ROOT, real),
    }[which]
    for table, path in source.paths.items():
        header, *rows = rows_of((home / path).read_bytes())
        published_header, *published_rows = rows_of(made[f"data/{table}.csv"])
        assert published_header == header
        (resource,) = [r for r in source.descriptor["resources"] if r["name"] == table]
        texts = [field["type"] == "string" for field in resource["schema"]["fields"]]
        assert rows == [
            [unguard(cell) if text else cell for cell, text in zip(row, texts, strict=True)]
            for row in published_rows
        ], table


def test_no_published_text_starts_a_formula(files: dict[str, bytes]) -> None:
    """The definition of the fixture that starts with a hyphen does not run in a spreadsheet."""
    header, *rows = rows_of(files["data/kpis.csv"])
    definition = rows[0][header.index("definition")]
    assert definition == "'- 町の明るさを表す<架空>の指数。`0`から`2`まで。"
    for path, content in files.items():
        if path.endswith(".csv"):
            cells = [c for row in rows_of(content) for c in row if c.startswith(tuple("=+-@\t"))]
            assert all(re.fullmatch(r"-?\d+(\.\d+)?", cell) for cell in cells), path


def test_values_of_each_indicator_equal_the_observations(
    real: Package, real_files: dict[str, bytes]
) -> None:
    """The digits of ``data/`` and nothing else: 60.0 stays 60.0, in CSV and in JSON."""
    printed: dict[str, list[tuple[str, str]]] = {}
    header, *rows = rows_of((ROOT / "data/observations.csv").read_bytes())
    assert header[:3] == ["kpi_id", "year", "value"]
    for kpi_id, year, value, *_ in rows:
        printed.setdefault(kpi_id, []).append((year, value))
    for kpi in real.kpis:
        wanted = printed.get(kpi.kpi_id, [])
        table = rows_of(real_files[f"data/kpis/{kpi.kpi_id}.csv"])
        year_at = table[0].index("年度" if kpi.year_type == "fiscal" else "年")
        assert table[0][7].startswith("実績値")
        assert [(row[year_at], row[7]) for row in table[1:]] == wanted
        series = json.loads(real_files[f"data/kpis/{kpi.kpi_id}.json"])["observations"]
        assert [(str(o["year"]), o["value"]) for o in series] == wanted


def test_the_unit_stands_in_the_header(real: Package, real_files: dict[str, bytes]) -> None:
    """A one-indicator file names its unit where the numbers are; a pure number has none."""
    for kpi in real.kpis:
        header = rows_of(real_files[f"data/kpis/{kpi.kpi_id}.csv"])[0]
        assert header[7] == (f"実績値({kpi.unit})" if kpi.unit else "実績値")


def test_progress_can_be_redone_from_its_own_file(real_files: dict[str, bytes]) -> None:
    """Inputs and results stand side by side; a reader's spreadsheet comes to the same ratios."""
    header, *rows = rows_of(real_files["data/progress.csv"])
    redone = 0
    for row in rows:
        item = dict(zip(header, row, strict=True))
        if not item["pace"]:
            continue
        base, goal, latest = (
            Decimal(item[name]) for name in ("baseline_value", "target_value", "latest_value")
        )
        start, end, year = (
            int(item[name]) for name in ("baseline_year", "target_year", "latest_year")
        )
        progress = (latest - base) / (goal - base)
        elapsed = Decimal(year - start) / (end - start)
        wanted = [ratio(value) for value in (progress, elapsed, progress / elapsed)]
        assert [item["progress"], item["elapsed"], item["pace"]] == wanted, item["kpi_id"]
        redone += 1
    assert redone > 30


def test_progress_has_a_row_for_every_target(real: Package, real_files: dict[str, bytes]) -> None:
    """Nothing that the plan promises is left out of the judgement."""
    rows = rows_of(real_files["data/progress.csv"])[1:]
    assert [tuple(row[:2]) for row in rows] == [(t.strategy_id, t.kpi_id) for t in real.targets]


def test_ratios_are_rounded_half_up_and_never_in_exponents() -> None:
    """Six decimals, as a reader would round them."""
    assert ratio(Decimal("0.0000005")) == "0.000001"
    assert ratio(Decimal("-0.0000005")) == "-0.000001"
    assert ratio(Decimal("0E+1")) == "0.000000"
    assert ratio(None) == ""


def test_the_published_descriptor_fits_the_published_files(files: dict[str, bytes]) -> None:
    """Size and hash of each resource are those of the file beside it, and none is left out."""
    descriptor: dict[str, Any] = json.loads(files["data/datapackage.json"])
    described = {f"data/{resource['path']}" for resource in descriptor["resources"]}
    # the catalogue holds the hash of the descriptor, so the descriptor cannot hold that of it
    assert described == set(files) - {"data/datapackage.json", "data/catalog.jsonld"}
    for resource in descriptor["resources"]:
        content = files[f"data/{resource['path']}"]
        assert resource["bytes"] == len(content)
        assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()


def test_json_says_where_it_comes_from(files: dict[str, bytes]) -> None:
    """A file that travels alone still names page, area, licence, sources and citation."""
    made = json.loads(files["data/kpis/library-loans.json"])
    assert made["url"] == "https://minamoto.example.jp/kpis/library-loans/"
    assert made["area"] == {
        "code": "990019",
        "prefecture": "架空県",
        "municipality": "みなもと市",
    }
    assert made["licence"]["name"] == "CC-BY-4.0"
    for part in ("図書館の貸出冊数", "みなもと市 企画課", made["url"], "2026年11月22日"):
        assert part in made["citation"]
    assert {s["source_id"] for s in made["sources"]} == {
        "plan-first",
        "plan-second",
        "yearbook-2025",
    }
    assert [t["strategy_id"] for t in made["targets"]] == ["plan-1", "plan-2"]
    assert made["data_date"] == TODAY.isoformat()


def test_no_number_becomes_a_float(files: dict[str, bytes]) -> None:
    """Values and ratios are texts of digits in JSON: readers' floats are not ours."""

    def floats(value: Any) -> list[float]:
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            return [f for part in value for f in floats(part)]
        return [value] if isinstance(value, float) else []

    for path, content in files.items():
        if path.startswith("data/kpis/") and path.endswith(".json"):
            assert floats(json.loads(content)) == [], path


def test_plain_numbers_never_have_an_exponent() -> None:
    """``1E+2`` is 100 to us and a puzzle to a reader."""
    assert words.plain(Decimal("1E+2")) == "100"
    assert words.plain(Decimal("0.0000001")) == "0.0000001"
    assert words.plain(Decimal("60.0")) == "60.0"
    assert words.plain(7) == "7"
