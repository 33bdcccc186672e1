"""A plain Excel list of indicators becomes rows of the tables, or says what is missing where."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from scripts.import_xlsx.__main__ import main as import_main
from scripts.import_xlsx.wide import COLUMNS, SHEET, make_list
from tests.conftest import sound
from tests.helpers import Copy

ROW = {
    "指標ID": "park-visits",
    "指標名": "公園の利用者数",
    "よみ": "こうえんのりようしゃすう",
    "定義": "1年に公園を使った人の数。",
    "単位": "千人",
    "めざす向き": "増やす",
    "値の性質": "各年度の値",
    "基本目標ID": "goal-1",
    "施策ID": "p2-b-1",
    "基準年": 2021,
    "基準値": 10.5,
    "目標年": 2026,
    "目標値": 12,
    "出典の箇所": "3ページ",
    "2021年度": 10.5,
    "令和4年度": 10.9,
    2023: None,
    "R6": 11.25,
}


@pytest.fixture
def town(town: Copy) -> Copy:
    """The fixture, about which the check asks nothing."""
    town.calm()
    return town


def workbook(town: Copy, folder: Path, *rows: dict[Any, Any]) -> Path:
    """A list as somebody keeps it: a title above, columns of their own, years in every writing."""
    package = sound(town.descriptor)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "R6 KPI一覧"
    heads = [*ROW, "出典", "担当課"]
    sheet.append(["令和6年度 指標一覧"])
    sheet.append(heads)
    for row in rows:
        full = {"出典": package.sources[0].title, "担当課": "公園課", **row}
        sheet.append([full.get(head) for head in heads])
    file = folder / "list.xlsx"
    book.save(file)
    return file


def run(town: Copy, file: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Import the list; the exit code and what is said."""
    code = import_main([str(file), str(town.descriptor)])
    return code, capsys.readouterr().out


def test_a_row_becomes_an_indicator_with_target_and_values(
    town: Copy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is typed twice: unit, target, baseline and values land in their tables."""
    code, said = run(town, workbook(town, tmp_path, ROW), capsys)
    assert code == 0, said
    assert town.problems() == []
    package = sound(town.descriptor)
    kpi = next(k for k in package.kpis if k.kpi_id == "park-visits")
    assert (kpi.unit, kpi.direction, kpi.decimals) == ("千人", "increase", 2)
    assert (kpi.name_en, kpi.short_name) == ("Park visits", "公園の利用者数")
    target = next(t for t in package.targets if t.kpi_id == "park-visits")
    assert (target.strategy_id, target.role, target.measure_id) == ("plan-2", "kpi", "p2-b-1")
    assert (str(target.baseline_value), str(target.target_value)) == ("10.5", "12")
    values = {o.year: str(o.value) for o in package.observations if o.kpi_id == "park-visits"}
    assert values == {2021: "10.5", 2022: "10.9", 2024: "11.25"}
    assert [u.description for u in package.units if u.unit == "千人"] == ["千人"]
    # a second time changes nothing
    code, said = run(town, workbook(town, tmp_path, ROW), capsys)
    assert (code, said) == (0, "新しい値はありませんでした。\n")


def test_next_year_is_one_more_column(
    town: Copy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The list goes on being the place where values are typed, if the city wants that."""
    assert run(town, workbook(town, tmp_path, ROW), capsys)[0] == 0
    code, said = run(town, workbook(town, tmp_path, {**ROW, 2023: 11}), capsys)
    assert code == 0
    assert "新しい行" in said and "park-visits・2023" in said
    code, said = run(town, workbook(town, tmp_path, {**ROW, "R6": 12.0}), capsys)
    assert code == 1 and "list.xlsx:R6 KPI一覧!R3" in said and "correction-reason" in said
    code, said = run(
        town, workbook(town, tmp_path, {**ROW, "2021年度": None, "基準値": 11}), capsys
    )
    assert code == 1 and said.count("list.xlsx:R6 KPI一覧!K3") == 2  # as a value and as a baseline


def test_a_provisional_value_stays_provisional(
    town: Copy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The list knows values, not whether they are final: what is known better is kept."""
    assert run(town, workbook(town, tmp_path, ROW), capsys)[0] == 0
    town.cell("observations", "park-visits,2024", "status", "provisional")
    assert run(town, workbook(town, tmp_path, ROW), capsys) == (0, "新しい値はありませんでした。\n")


def test_what_is_missing_is_said_with_its_cell(
    town: Copy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everything at once, nothing written."""
    before = {p: p.read_bytes() for p in (town.folder / "data").iterdir()}
    bad = {**ROW, "よみ": None, "基準値": "約10", "基本目標ID": "goal-9", "2021年度": None}
    code, said = run(town, workbook(town, tmp_path, bad), capsys)
    assert code == 1
    assert "list.xlsx:R6 KPI一覧!C3: reading: 「よみ」が空です。" in said
    assert "list.xlsx:R6 KPI一覧!K3: baseline_value:" in said
    assert "何も書き込んでいません" in said
    assert {p: p.read_bytes() for p in (town.folder / "data").iterdir()} == before


def test_the_template_has_the_columns_and_the_years_of_the_plans(
    town: Copy, tmp_path: Path
) -> None:
    """An empty list to fill in; importing it as it is changes nothing."""
    file = tmp_path / "empty.xlsx"
    assert import_main(["--list", str(file), str(town.descriptor)]) == 0
    sheet = load_workbook(BytesIO(file.read_bytes()))[SHEET]
    heads = [cell.value for cell in sheet[1]]
    package = sound(town.descriptor)
    assert heads[: len(COLUMNS)] == list(COLUMNS)
    assert heads[len(COLUMNS)] == f"{min(s.start_year for s in package.strategies) - 1}年度"
    assert heads[-1] == f"{max(s.end_year for s in package.strategies)}年度"
    assert make_list(package)
