"""One plain list of indicators, a row each, the values in a column per year: how most cities begin.

A row becomes an indicator, its unit, its target and its values. What the list cannot know is filled
in as the guide says: the newest term, printed decimals, the id as the English name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from scripts.import_xlsx.cells import read_cell
from scripts.import_xlsx.rows import SEARCHED_LINES, Book, Sheet, source_of
from scripts.load.header import fold
from scripts.messages import shown
from scripts.model import Package, Problem
from scripts.years import parse_year

COLUMNS = {
    "指標ID": ("kpis", "kpi_id", "library-loans"),
    "指標名": ("kpis", "name", "図書館の貸出冊数"),
    "よみ": ("kpis", "reading", "としょかんのかしだしさっすう"),
    "定義": ("kpis", "definition", "1年に貸し出した本の冊数。"),
    "単位": ("kpis", "unit", "冊"),
    "めざす向き": ("kpis", "direction", "増やす"),
    "値の性質": ("kpis", "accumulation", "各年度の値"),
    "基本目標ID": ("targets", "goal_id", "goal-1"),
    "施策ID": ("targets", "measure_id", "s1-g1-a"),
    "基準年": ("targets", "baseline_year", "2023"),
    "基準値": ("targets", "baseline_value", "52300"),
    "目標年": ("targets", "target_year", "2028"),
    "目標値": ("targets", "target_value", "60000"),
    "出典": ("targets", "source_id", ""),
    "出典の箇所": ("targets", "locator", "10ページ"),
}
"""Labels of the list → table, column and example; the years stand behind them."""

NEEDED = ("指標ID", "指標名", "基準値", "目標値")
"""Labels by which a sheet is known to be such a list."""

WORDS = {
    "direction": {"増やす": "increase", "減らす": "decrease", "維持する": "maintain"},
    "accumulation": {
        "各年度の値": "annual",
        "各年の値": "annual",
        "累計": "cumulative",
        "ある時点の値": "point",
        "調査の値": "survey",
        "平均値": "average",
    },
}
SHEET = "指標の一覧"


@dataclass
class Layout:
    """Where the labels and the years of a list stand: numbers of columns."""

    line: int
    labels: dict[str, int] = field(default_factory=dict)
    years: dict[int, int] = field(default_factory=dict)

    def letter(self, label: str) -> str:
        """The letter of a labelled column."""
        return get_column_letter(self.labels[label]) if label in self.labels else "A"


def layout_of(sheet: Worksheet) -> Layout | None:
    """The labels and years of a plain list, ``None`` when the sheet is something else."""
    names = {fold(label): label for label in COLUMNS}
    for line in range(1, min(sheet.max_row, SEARCHED_LINES) + 1):
        layout = Layout(line)
        for cell in sheet[line]:
            label = names.get(fold(str(cell.value)))
            if label:
                layout.labels.setdefault(label, cell.column)
            elif cell.value is not None and (year := year_in(str(cell.value))):
                layout.years.setdefault(year, cell.column)
        if set(NEEDED) <= set(layout.labels):
            return layout
    return None


def year_in(text: str) -> int | None:
    """The year of a heading such as ``2023``, ``2023年度`` or ``令和5年度実績``."""
    try:
        year = parse_year(re.sub(r"(実績値?|の値)\Z", "", text.strip()))
    except ValueError:
        return None
    return year if 1900 <= year <= 2200 else None


def read_wide(place: str, sheet: Worksheet, layout: Layout, package: Package, book: Book) -> None:
    """The rows of a list as rows of the tables; findings go to ``book``."""
    reader = Reader(place, sheet, layout, package, book)
    for number in range(layout.line + 1, sheet.max_row + 1):
        reader.row(number)
    book.sheets += reader.sheets()


class Reader:
    """Reads a list row by row and keeps what each table gets."""

    def __init__(
        self, place: str, sheet: Worksheet, layout: Layout, package: Package, book: Book
    ) -> None:
        self.place, self.sheet, self.layout = place, sheet, layout
        self.package, self.book = package, book
        self.fields: dict[tuple[str, str], dict[str, Any]] = {
            (r["name"], f["name"]): f
            for r in package.descriptor["resources"]
            for f in r["schema"]["fields"]
        }
        self.terms = sorted(package.strategies, key=lambda s: -s.start_year)
        self.units = {u.unit for u in package.units}
        self.kpis = {k.kpi_id for k in package.kpis}
        self.seen = {(o.kpi_id, o.year) for o in package.observations}
        self.made: dict[str, list[tuple[int, dict[str, str], str]]] = {}

    def add(self, table: str, number: int, letter: str, **cells: str) -> None:
        """A row of a table; ``letter`` is the column of its main value in the list."""
        self.made.setdefault(table, []).append((number, cells, letter))

    def text(self, cell: Cell, table: str, name: str) -> str:
        """The text of a cell as its column wants it."""
        text, finding = read_cell(cell, self.fields[table, name])
        if finding:
            problem = Problem(
                f"{self.place}!{cell.coordinate}",
                0,
                name,
                finding.code,
                finding.message,
                finding.fix,
                shown(str(cell.value)),
                finding.level,
            )
            self.book.problems.append(problem)
        return WORDS.get(name, {}).get(text, text)

    def row(self, number: int) -> None:
        """One line of the list."""
        labels = self.layout.labels
        line = {
            label: self.text(self.cell(number, column), *COLUMNS[label][:2])
            for label, column in labels.items()
        }
        if not any(line.values()):
            return
        kpi_id = line["指標ID"]
        source = source_of(line.get("出典", ""), self.package)
        shared = {"source_id": source, "locator": line.get("出典の箇所", "")}
        values = self.values(number)
        if line.get("基準年") and line["基準値"]:
            values.setdefault(int(line["基準年"]), (line["基準値"], self.layout.letter("基準値")))
        self.definition(number, kpi_id, line, [value for value, _ in values.values()])
        for year, (value, letter) in values.items():
            more = {} if (kpi_id, year) in self.seen else {"status": "final", **shared}
            self.add(
                "observations", number, letter, kpi_id=kpi_id, year=str(year), value=value, **more
            )
        if line["目標値"]:
            given = {
                COLUMNS[label][1]: text
                for label, text in line.items()
                if COLUMNS[label][0] == "targets" and text
            }
            given |= shared | {
                "strategy_id": self.terms[0].strategy_id if self.terms else "",
                "kpi_id": kpi_id,
                "role": "kpi" if line.get("施策ID") else "goal",
                "printed_name": line["指標名"],
            }
            self.add("targets", number, self.layout.letter("目標値"), **given)

    def cell(self, number: int, column: int) -> Cell:
        """A cell of the sheet."""
        cell: Cell = self.sheet.cell(number, column)
        return cell

    def values(self, number: int) -> dict[int, tuple[str, str]]:
        """Year → value and the letter of its column."""
        found = {}
        for year, column in self.layout.years.items():
            if text := self.text(self.cell(number, column), "observations", "value"):
                found[year] = (text, get_column_letter(column))
        return found

    def definition(
        self, number: int, kpi_id: str, line: Mapping[str, str], values: list[str]
    ) -> None:
        """The indicator and, when it is new, its unit."""
        cells = {
            COLUMNS[label][1]: text
            for label, text in line.items()
            if COLUMNS[label][0] == "kpis" and text
        }
        if kpi_id not in self.kpis:
            decimals = [len(v.partition(".")[2]) for v in (*values, line["目標値"])]
            cells = {
                "accumulation": "annual",
                "decimals": str(max(decimals, default=0)),
                "name_en": kpi_id.replace("-", " ").capitalize(),
                "short_name": line["指標名"][:24],
                "year_type": str(self.package.descriptor.get("year_type", "fiscal")),
                **cells,
            }
        self.add("kpis", number, self.layout.letter("指標名"), **cells)
        unit = line.get("単位", "")
        if unit and unit not in self.units:
            self.units.add(unit)
            self.add("units", number, self.layout.letter("単位"), unit=unit, description=unit)

    def sheets(self) -> Iterator[Sheet]:
        """What each table gets, so that every cell is found again in the list."""
        labelled = {name: self.layout.letter(label) for label, (_, name, _) in COLUMNS.items()}
        title = shown(self.sheet.title)
        for table, rows in self.made.items():
            for letter in dict.fromkeys(letter for _, _, letter in rows):
                columns = {**labelled, "value": letter, "year": letter, "unit": labelled["unit"]}
                mine = tuple((n, cells) for n, cells, where in rows if where == letter)
                yield Sheet(table, title, columns, mine)


def make_list(package: Package) -> bytes:
    """The workbook of a plain list: headings, one example row, the years of the newest term."""
    from io import BytesIO

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    first = min((s.start_year for s in package.strategies), default=2025)
    last = max((s.end_year for s in package.strategies), default=first + 4)
    years = [f"{year}年度" for year in range(first - 1, last + 1)]
    for number, title in enumerate([*COLUMNS, *years], 1):
        sheet.cell(1, number, title).font = Font(bold=True)
        width = 26 if title in ("指標名", "よみ", "定義", "出典") else 12
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "C2"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
