"""The workbook to fill in for a year: one row per indicator, last value beside the empty cell."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from scripts.model import Kpi, Observation, Package
from scripts.years import year_label

COLUMNS = (
    ("指標ID", 24),
    ("指標名", 44),
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
HEAD = PatternFill("solid", fgColor="E4E7EC")
EDGE = Side(style="thin", color="B9BDC5")
BOX = Border(left=EDGE, right=EDGE, top=EDGE, bottom=EDGE)
NEW_SOURCES = 5
"""Empty rows for documents that are not among the sources yet."""

SOURCE_WIDTHS = (24, 60, 24, 14, 50, 40)
LINE_HEIGHT = 16.0
SHEET, NOTES, CHOICES = "実績の入力", "書き方", "選択肢"


def make_template(package: Package, year: int) -> bytes:
    """The workbook of a year.

    Nothing in it is locked: a lock stops pasting and wider columns, and every cell that was
    changed by mistake is named when the workbook is imported.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(SHEET)
    states = labels(package)
    fill_sheet(sheet, package, year, states)
    add_choices(sheet, len(states), write_sources(book, package))
    write_choices(book.create_sheet(CHOICES), list(states.values()))
    write_notes(book.create_sheet(NOTES, 1), year, resource_of(package, "sources")["title"])
    for each in (sheet, book.worksheets[2]):
        dress(each)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def labels(package: Package) -> dict[str, str]:
    """The states of a value: code → label."""
    resource = resource_of(package, "observations")
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
        sheet.cell(1, number, title)
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


def resource_of(package: Package, name: str) -> dict[str, Any]:
    """The declaration of a table."""
    found: dict[str, Any] = next(r for r in package.descriptor["resources"] if r["name"] == name)
    return found


def write_sources(book: Workbook, package: Package) -> str:
    """The documents and rows for new ones; where their titles stand, for the drop-down."""
    resource = resource_of(package, "sources")
    sheet = book.create_sheet(str(resource["title"])[:31])
    names = [str(f["name"]) for f in resource["schema"]["fields"]]
    for column, field in enumerate(resource["schema"]["fields"], 1):
        sheet.cell(1, column, str(field["title"]))
    for row, source in enumerate(package.sources, 2):
        for column, name in enumerate(names, 1):
            cell = sheet.cell(row, column, getattr(source, name) or None)
            cell.data_type = "s"
    first = sheet.max_row + 1
    for row in range(first, first + NEW_SOURCES):
        for column in range(1, len(names) + 1):
            cell = sheet.cell(row, column)
            cell.fill, cell.number_format = HINT, "@"  # 2025-10 stays as it was typed
    for column in range(1, len(names) + 1):
        width = SOURCE_WIDTHS[min(column, len(SOURCE_WIDTHS)) - 1]
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    letter = get_column_letter(names.index("title") + 1)
    return f"'{sheet.title}'!${letter}$2:${letter}${first + NEW_SOURCES - 1}"


def dress(sheet: Worksheet) -> None:
    """Lines around the cells, a header that is seen as one, whole names, one page across."""
    for cell in sheet[1]:
        cell.font, cell.fill, cell.border = Font(bold=True), HEAD, BOX
    for cells in sheet.iter_rows(min_row=2):
        lines = 1
        for cell in cells:
            cell.border = BOX
            width = sheet.column_dimensions[cell.column_letter].width
            room = 1 if cell.column == 1 else -(-text_width(str(cell.value or ""), 2) // width)
            cell.alignment = Alignment(
                vertical="top", wrap_text=cell.column > 1, shrink_to_fit=cell.column == 1
            )
            lines = max(lines, int(room))
        sheet.row_dimensions[cells[0].row].height = LINE_HEIGHT * lines
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", "9"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def text_width(text: str, wide: int) -> int:
    """Width of a text in characters; full-width ones count ``wide``."""
    return sum(wide if east_asian_width(c) in "WFA" else 1 for c in text)


def write_choices(sheet: Worksheet, states: list[str]) -> None:
    """The list behind the drop-down of states, on a sheet of its own."""
    sheet.append(["値の状態"])
    for number, state in enumerate(states, 2):
        sheet.cell(number, 1, state).data_type = "s"
    sheet.column_dimensions["A"].width = 20


def add_choices(sheet: Worksheet, states: int, sources: str) -> None:
    """Drop-downs for state and source; a warning, no lock, for what is no number."""
    last = max(sheet.max_row, 2)
    for column, formula in (("H", f"'{CHOICES}'!$A$2:$A${states + 1}"), ("I", sources)):
        choice = DataValidation("list", formula1=formula, allow_blank=True)
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


def write_notes(sheet: Worksheet, year: int, sources: str) -> None:
    """How to fill it in, for somebody who opens only this file."""
    lines = (
        f"{year_label(year)}の実績を入力するブックです。",
        f"「{SHEET}」のシートの、色の付いたセルに書きます。ほかのセルは変えないでください。",
        "実績値は、資料に印字された数字を、単位やコンマを付けずに書きます。",
        "まだ値のない指標は、空のままにします。空の行は取り込まれません。",
        "値の状態と出典は、一覧から選びます。",
        f"新しい資料は、先に「{sources}」のシートの色の付いた行に足すと、出典の一覧に出ます。",
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
