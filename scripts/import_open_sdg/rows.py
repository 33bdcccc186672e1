"""Rows in the making: cells that a person must write are noted as the rows are added."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scripts.import_open_sdg.report import Note, Report
from scripts.import_open_sdg.repository import Repository

Row = dict[str, str]

PLAN = "plan"
DATA = "open-sdg"
"""Ids of the one strategy, and of the source that stands for the repository as a whole."""

BASELINE = "資料を見て書きます。基準値のない累計なら、代わりに window_start_year を書きます。"

HOW = {
    "strategies": {
        "title": "計画の題名を書きます（--title でも書けます）。",
        "short_title": "「第1期」のような短い名前を、20文字までで書きます。",
        "start_year": "計画の最初の年を書きます（--first-year）。",
        "end_year": "計画の最後の年を書きます（--last-year）。",
    },
    "sources": {
        "title": "資料の題名を書きます。",
        "publisher": "資料を出したところを書きます（データ全体のものは --publisher）。",
        "description": "何の資料かを書きます。",
    },
    "goals": {
        "title": "目標の題名を書きます。",
        "short_title": "短い名前を、30文字までで書きます。",
        "summary": "何をめざすかを、自分の言葉で書きます。",
    },
    "measures": {
        "title": "ターゲットの題名を、100文字までで書きます。",
        "summary": "何をするかを、自分の言葉で書きます。",
    },
    "kpis": {
        "name": "名前を、100文字までで書きます。",
        "short_name": "短い名前を、24文字までで書きます。",
        "name_en": "英語の名前を書きます。",
        "reading": "読みを、ひらがなで書きます。",
        "unit": "単位を、10文字までで書きます。単位のない数なら、空のままにします。",
        "direction": "increase（増やす）、decrease（減らす）、maintain（保つ）から選びます。",
        "accumulation": (
            "annual、cumulative、point、survey、average から選びます（--accumulation）。"
        ),
        "year_type": "fiscal（年度）か calendar（年）を選びます（--year-type）。",
        "definition": "何を数えた値かを、400文字までで書きます。",
    },
    "units": {"description": "単位の意味を書きます。"},
    "targets": {
        "printed_name": "資料にある名前を書きます。",
        "baseline_year": BASELINE,
        "baseline_value": BASELINE,
        "target_year": "目標の年を書きます。",
    },
    "observations": {
        "status": "final（確定）、provisional（速報）、estimate（推計）から選びます（--status）。"
    },
}
"""Columns that must be written, and how a person writes them when the repository is silent."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the repository cannot say and a person may say once for all rows; blank: not said.

    ``latest`` is the last year that can have values.
    """

    latest: int
    title: str = ""
    first_year: str = ""
    last_year: str = ""
    publisher: str = ""
    year_type: str = ""
    accumulation: str = ""
    status: str = ""


@dataclass(slots=True)
class Tables:
    """The rows made so far, and the cells that a person must write, with how."""

    decisions: Decisions
    repository: Repository
    report: Report
    rows: dict[str, list[Row]] = field(default_factory=dict)
    blanks: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def add(self, table: str, key: str, **cells: str) -> None:
        """A row; what must be written and is blank is noted with the key of the row."""
        for column in HOW[table]:
            if not cells.get(column):
                self.blanks.setdefault((table, column), []).append(key)
        self.rows.setdefault(table, []).append(cells)

    def fitting(self, text: str, longest: int, place: str) -> str:
        """The text, or blank when the column does not take it: it is noted, never cut."""
        if len(text) <= longest and "<" not in text:
            return text
        why = "HTMLの印があります。" if "<" in text else f"{longest}文字を超えます。"
        self.report.left.append(Note(place, f"「{text}」", why))
        return ""


def some(names: Sequence[str]) -> str:
    """The first names of a list, and how many there are."""
    more = f"など{len(names)}" if len(names) > 5 else ""
    return "、".join(names[:5]) + more


def table_file(resource: Mapping[str, Any], rows: Sequence[Row]) -> bytes:
    """A table as a CSV file in canonical order."""
    fields = {f["name"]: f["type"] for f in resource["schema"]["fields"]}
    keys = resource["schema"]["primaryKey"]

    def order(row: Mapping[str, str]) -> list[tuple[int, str]]:
        return [(int(row[k]), "") if fields[k] == "integer" else (0, row[k]) for k in keys]

    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(fields), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=order))
    return text.getvalue().encode()
