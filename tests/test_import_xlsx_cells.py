"""Every mistake of a workbook is said with its cell; what is certain is taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.helpers import Copy
from tests.test_import_xlsx import GOOD, SOURCE, contents, filled, run

__all__ = ["run"]


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
