"""From a cell of a workbook to the text that stands in the CSV, or why it cannot."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from openpyxl.cell.cell import Cell

from scripts.load.mend import SPACES, is_plain, is_year, mend_cell
from scripts.load.numbers import Finding, explain_number
from scripts.messages import shown
from scripts.years import fiscal_year_of

_DECIMALS = re.compile(r"0(?:\.(0+))?(?:_.*)?\Z")


def read_cell(cell: Cell, field: dict[str, Any]) -> tuple[str, Finding | None]:
    """The text of a cell as its column wants it, and a finding when it is not certain or wrong."""
    kind, name = field["type"], field["name"]
    value = cell.value
    if value is None:
        return "", None
    if cell.data_type == "f":
        seen = shown(str(getattr(value, "text", value)))
        return "", Finding(
            "formula-in-cell",
            f"「{seen}」は計算式です。",
            "セルをコピーし、「値のみ貼り付け」で計算した結果にしてください。",
        )
    if cell.data_type == "e":
        return "", Finding(
            "excel-damage",
            f"「{shown(str(value))}」は Excel の計算の誤りの表示です。",
            "元の資料の値を書いてください。",
        )
    if isinstance(value, datetime | date | time | timedelta):
        return "", explain_date(value, kind, name)
    if isinstance(value, bool):
        return ("true" if value else "false"), None
    if isinstance(value, int | float | Decimal):
        return read_number(value, str(cell.number_format), kind)
    return read_text(str(value), field)


def explain_date(value: object, kind: str, name: str) -> Finding:
    """A date where none is meant."""
    seen = value.strftime("%Y/%m/%d") if isinstance(value, date) else str(value)
    if is_year(name) and isinstance(value, date):
        year = fiscal_year_of(value)
        both = f"{year}" if year == value.year else f"年度なら {year}、年なら {value.year}"
        example = f"西暦4けたの年だけを書いてください（例: {both}）。"
    elif kind == "string":
        example = "セルの書式を「文字列」にして入力し直してください。"
    else:
        example = "セルの書式を「数値」にして、元の資料の数字を書いてください（例: 12.5）。"
    return Finding(
        "date-for-year", f"「{shown(seen)}」は日付です。Excel が値を日付に変えました。", example
    )


def read_number(value: float | Decimal, shape: str, kind: str) -> tuple[str, Finding | None]:
    """A number with the decimals that the cell shows; a percentage is not what it shows."""
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN
        return "", Finding(
            "type-error", "数値ではありません。", "元の資料の数字を書いてください（例: 12.5）。"
        )
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if "%" in shape:
        percent = format((number * 100).normalize(), "f")
        return "", Finding(
            "unit-in-cell",
            f"「{percent}%」は、Excel の中では {format(number, 'f')} です。",
            f"セルの書式を「数値」にして、%を付けずに書いてください（例: {percent}）。",
        )
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text == "-0":
        text = "0"
    match = _DECIMALS.match(shape.split(";", maxsplit=1)[0].replace("#,##", ""))
    wanted = len(match[1] or "") if match else 0
    if kind == "number" and wanted > len(text.partition(".")[2]):
        text = format(Decimal(text), f".{wanted}f")
    return text, None


def read_text(text: str, field: dict[str, Any]) -> tuple[str, Finding | None]:
    """A text: a label becomes its code, a number typed as text becomes a number."""
    kind, name = field["type"], field["name"]
    bare = text.strip(SPACES)
    if not bare:
        return "", None
    if kind == "string" and re.search(r"[\n\r]", bare):
        return "", Finding(
            "line-break",
            "セルの中に改行があります（Alt+Enter）。",
            "改行を消し、1件を1行にしてください。",
        )
    if kind == "string":
        codes = {
            str(c["label"]): str(c["value"])
            for c in field.get("categories", ())
            if isinstance(c, dict) and {"label", "value"} <= set(c)
        }
        return codes.get(bare, bare), None
    if is_plain(bare, kind):
        return bare, None
    finding = explain_number(text, kind, name, required=True)
    if (mended := mend_cell(text, kind, name)) is not None:
        return mended, finding._replace(
            fix=f"「{mended}」として取り込みます。", mended=mended, level="warning"
        )
    return "", finding
