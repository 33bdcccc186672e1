"""The workbook to fill in for a year: one row per indicator, last value beside the empty cell."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from scripts.model import Kpi, Observation, Package
from scripts.years import year_label

COLUMNS = (
    ("指標ID", 26),
    ("指標名", 40),
    ("単位", 8),
    ("前の年", 10),
    ("前の値", 12),
    ("年", 10),
    ("実績値", 12),
    ("値の状態", 12),
    ("出典", 40),
    ("出典の箇所", 30),
    ("注記", 40),
)
"""Titles and widths; the blank ones are G to K."""

FILLED_BY_PEOPLE = range(7, 12)
HINT = PatternFill("solid", fgColor="FFF7D6")
SHEET, NOTES, CHOICES = "実績の入力", "書き方", "選択肢"


def make_template(package: Package, year: int) -> bytes:
    """The workbook of a year. Nothing in it is locked."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(SHEET)
    states = labels(package)
    fill_sheet(sheet, package, year, states)
    write_choices(book.create_sheet(CHOICES), package, list(states.values()))
    add_choices(sheet, package, len(states))
    write_notes(book.create_sheet(NOTES, 1), year)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def labels(package: Package) -> dict[str, str]:
    """The states of a value: code → label."""
    resource = next(r for r in package.descriptor["resources"] if r["name"] == "observations")
    column = next(f for f in resource["schema"]["fields"] if f["name"] == "status")
    codes: list[dict[str, Any]] = column.get("categories") or [
        {"value": v, "label": v} for v in column.get("constraints", {}).get("enum", ())
    ]
    return {str(code["value"]): str(code["label"]) for code in codes}


def indicators(package: Package, year: int) -> Iterator[Kpi]:
    """The indicators with a target in a term that the year belongs to; all when there is none."""
    terms = {s.strategy_id for s in package.strategies if s.start_year <= year <= s.end_year}
    wanted = {t.kpi_id for t in package.targets if t.strategy_id in terms}
    yield from (kpi for kpi in package.kpis if kpi.kpi_id in wanted or not wanted)


def fill_sheet(sheet: Worksheet, package: Package, year: int, states: dict[str, str]) -> None:
    """Header and rows; what is published for the year already stands in its cells."""
    for number, (title, width) in enumerate(COLUMNS, 1):
        cell = sheet.cell(1, number, title)
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "C2"
    titles = {s.source_id: s.title for s in package.sources}
    for row, kpi in enumerate(indicators(package, year), 2):
        series = [o for o in package.observations if o.kpi_id == kpi.kpi_id]
        last = max((o for o in series if o.year < year), key=lambda o: o.year, default=None)
        here = next((o for o in series if o.year == year), None)
        shape = "0." + "0" * kpi.decimals if kpi.decimals else "0"
        values = [
            *(kpi.kpi_id, kpi.name, kpi.unit),
            *((last.year, float(last.value)) if last else (None, None)),
            *(year, *known(here, states, titles)),
        ]
        for column, value in enumerate(values, 1):
            cell = sheet.cell(row, column, value or None if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.data_type = "s"  # never a formula, whatever it begins with
            if column in (5, 7):
                cell.number_format = printed(last) if column == 5 else printed(here, shape)
            if column in FILLED_BY_PEOPLE:
                cell.fill = HINT
            if column in (2, 9, 10, 11):
                cell.alignment = Alignment(wrap_text=True, vertical="top")


def printed(observation: Observation | None, otherwise: str = "0") -> str:
    """A number format with the decimals of a value."""
    if observation is None:
        return otherwise
    decimals = len(str(observation.value).partition(".")[2])
    return "0." + "0" * decimals if decimals else "0"


def known(
    observation: Observation | None, states: dict[str, str], titles: dict[str, str]
) -> tuple[float | str | None, ...]:
    """Value, state, source, place and note of the year, blank when there is none."""
    if observation is None:
        return (None,) * 5
    return (
        float(observation.value),
        states.get(observation.status, observation.status),
        titles.get(observation.source_id, observation.source_id),
        observation.locator,
        observation.note,
    )


def write_choices(sheet: Worksheet, package: Package, states: list[str]) -> None:
    """The lists behind the drop-downs, on a sheet of their own."""
    sheet.append(["値の状態", "出典"])
    sources = [s.title for s in package.sources]
    for number in range(max(len(states), len(sources))):
        for column, values in ((1, states), (2, sources)):
            if number < len(values):
                sheet.cell(number + 2, column, values[number]).data_type = "s"
    sheet.column_dimensions["B"].width = 60


def add_choices(sheet: Worksheet, package: Package, states: int) -> None:
    """Drop-downs for state and source; a warning, no lock, for what is no number."""
    last = max(sheet.max_row, 2)
    for column, letter, count in (("H", "A", states), ("I", "B", len(package.sources))):
        choice = DataValidation(
            "list", formula1=f"'{CHOICES}'!${letter}$2:${letter}${count + 1}", allow_blank=True
        )
        choice.showErrorMessage = True
        choice.errorTitle, choice.error = "選べる値ではありません", "一覧から選んでください。"
        sheet.add_data_validation(choice)
        choice.add(f"{column}2:{column}{last}")
    number = DataValidation(
        "decimal", operator="between", formula1="-1E+15", formula2="1E+15", allow_blank=True
    )
    number.errorStyle, number.showErrorMessage = "warning", True
    number.errorTitle, number.error = "数字ではありません", "半角の数字だけを書いてください。"
    sheet.add_data_validation(number)
    number.add(f"G2:G{last}")


def write_notes(sheet: Worksheet, year: int) -> None:
    """How to fill it in, for somebody who opens only this file."""
    lines = (
        f"{year_label(year)}の実績を入力するブックです。",
        f"「{SHEET}」のシートの、色の付いたセルに書きます。ほかのセルは変えないでください。",
        "実績値は、資料に印字された数字を、単位やコンマを付けずに書きます。",
        "まだ値のない指標は、空のままにします。空の行は取り込まれません。",
        "値の状態と出典は、一覧から選びます。新しい出典は、先に sources.csv に足します。",
        "出典の箇所には、資料のどこにあるか（ページや表の名前）を書きます。",
        "注記には、読む人に伝えることを書きます。公開した値を訂正するときは、理由を必ず書きます。",
        "セルの結合、計算式、色での区別は使いません。",
        "年の数え方は指標ごとに決まっています（年度は4月から翌年3月まで）。",
        "書き終えたら保存し、取り込みのコマンドを動かします。間違いがあれば、セルの番地で知らせます。",
    )
    for number, line in enumerate(lines, 1):
        cell = sheet.cell(number, 1, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width = 90
