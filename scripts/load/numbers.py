"""Why a cell is not the number, year or true/false it should be, and what to write."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from scripts.load.files import TIDY
from scripts.load.limits import MAX_DIGITS
from scripts.load.mend import SPACES, is_plain, is_year, mend_cell
from scripts.messages import shown
from scripts.years import fiscal_year_of_month, parse_year


class Finding(NamedTuple):
    """What is wrong with one cell; ``mended`` is what it certainly means."""

    code: str
    message: str
    fix: str
    mended: str | None = None
    level: str = "error"


_LOOKALIKE = str.maketrans("lIｌOoＯｏ〇○S", "1110000005")
_COUNTED = r"(\d[\d,]*(?:\.\d+)?)[^\d兆億万千百十]{0,8}"
"""A number and perhaps a unit that does not change its size."""

_WORDS = {"integer": "整数", "number": "数値"}


def explain_number(cell: str, kind: str, name: str, *, required: bool) -> Finding:
    """A finding for a cell that :func:`is_plain` refused."""
    mended = mend_cell(cell, kind, name)
    if kind == "boolean":
        return Finding(
            "type-error",
            f"「{shown(cell)}」は true か false ではありません。",
            "true か false と書いてください（例: true）。",
            mended,
        )
    if cell != (text := cell.strip(SPACES)) and is_plain(text, kind):
        return Finding(
            "stray-space",
            f"「{shown(cell)}」の前後に空白があります。",
            f"空白を消してください（例: {text}）。{TIDY}",
            text,
        )
    folded = unicodedata.normalize("NFKC", cell).strip()
    if is_year(name) and mended is not None:  # S64 is a year of an era, no mistyped 564
        return Finding(
            "year-format",
            f"「{shown(cell)}」は年の書き方が違います。",
            f"西暦4けたの半角数字で書いてください（例: {mended}）。",
            mended,
        )
    for explain in (_broken_by_excel, _misread):
        if finding := explain(cell, folded):
            return finding
    if is_year(name):
        return explain_year(cell, folded)
    if mended is not None:
        return Finding(
            "type-error",
            f"「{shown(cell)}」は{_WORDS[kind]}として読めません。",
            f"半角数字で、桁区切りなしで書いてください（例: {mended}）。",
            mended,
        )
    return explain_plain(cell, folded, kind, required=required)


def explain_plain(cell: str, folded: str, kind: str, *, required: bool) -> Finding:
    """A number with something around it, or no number at all."""
    seen, wanted = shown(cell), _WORDS[kind]
    bare = folded.replace(",", "")
    if sum(map(str.isdigit, bare)) > MAX_DIGITS:
        return Finding(
            "type-error",
            f"「{seen}」は{wanted}として桁が多すぎます（{MAX_DIGITS}桁まで）。",
            "元の資料の数字を書いてください。",
        )
    if finding := _with_more(seen, folded):
        return finding
    if kind == "integer" and re.fullmatch(r"-?\d*\.\d+", bare):
        return Finding(
            "type-error",
            f"「{seen}」は整数ではありません。",
            "小数のない数を書いてください（例: 12）。",
        )
    if match := re.fullmatch(r"(-?)(\.\d+)", bare):
        return Finding(
            "type-error",
            f"「{seen}」は、小数点の前の0が省かれています。",
            f"0を省かずに書いてください（例: {match[1]}0{match[2]}）。",
        )
    if match := re.fullmatch(r"(-?)0+(\d+(?:\.\d+)?)", bare):
        return Finding(
            "type-error",
            f"「{seen}」の先頭に余分な0があります。",
            f"0を除いて書いてください（例: {match[1]}{match[2]}）。",
        )
    if re.fullmatch(r"-?\d+(,\d+)+(\.\d+)?", folded):
        return Finding(
            "type-error",
            f"「{seen}」のコンマは、3桁ごとの桁区切りではありません。",
            "小数点か桁区切りかを資料で確かめ、コンマなしで書いてください（例: 12.5）。",
        )
    return Finding(
        "type-error",
        f"「{seen}」は{wanted}として読めません。",
        f"半角数字だけで書いてください（例: {'12' if kind == 'integer' else '12.5'}）。"
        f"分からないときは、{'行を足さないでおきます' if required else '空欄にします'}。",
    )


def _with_more(seen: str, folded: str) -> Finding | None:
    """A number that carries a sign, a unit or a word."""
    if match := re.fullmatch(rf"[▲△▼▽–—ー‐]\s*{_COUNTED}", folded):
        return Finding(
            "minus-sign",
            f"「{seen}」の{folded[0]}は、負の数の印として読めません。",
            f"負の数は半角のハイフンで書いてください（例: -{match[1].replace(',', '')}）。",
        )
    if match := re.fullmatch(r"(-?\d[\d,]*(?:\.\d+)?)\s*([^\d\s.,-][^\d]{0,11})", folded):
        return Finding(
            "unit-in-cell",
            f"「{seen}」に、数字ではない「{shown(match[2])}」が付いています。",
            f"単位や記号を除き、数字だけを書いてください（例: {match[1].replace(',', '')}）。"
            "単位は kpis.csv の unit に合わせます。",
        )
    if match := re.fullmatch(rf"([^\d\s.,+-][^\d.,-]{{0,7}})\s*{_COUNTED}", folded):
        return Finding(
            "unit-in-cell",
            f"「{seen}」に、数字ではない「{shown(match[1].strip())}」が付いています。",
            f"数字だけを書き、言葉は note に書いてください（例: {match[2].replace(',', '')}）。",
        )
    return None


def explain_year(cell: str, folded: str) -> Finding:
    """A year typed as an era, a date, or something that never was."""
    seen = shown(cell)
    fix = "西暦4けたの半角数字で書いてください（例: 2021）。"
    if match := re.match(r"(\d{4})[-/.年](\d{1,2})([-/.月]|\Z)", folded):
        year, month = int(match[1]), int(match[2])
        if 1 <= month <= 12:
            fiscal = fiscal_year_of_month(year, month)
            both = f"{year}" if fiscal == year else f"年度なら {fiscal}、年なら {year}"
            return Finding(
                "date-for-year",
                f"「{seen}」は年ではなく日付です。Excel が年を日付に変えることがあります。",
                f"西暦4けたの年だけを書いてください（例: {both}）。",
            )
    try:
        year = parse_year(folded)
    except ValueError as error:
        reason = str(error).removeprefix(f"「{folded}」")
        return Finding("year-format", f"「{seen}」{reason}。", fix)
    return Finding(
        "year-format",
        f"「{seen}」は年の書き方が違います。年度か年（1月から12月）かも確かめてください。",
        f"西暦4けたの半角数字で書いてください（例: {year}）。",
    )


def _broken_by_excel(cell: str, folded: str) -> Finding | None:
    """What Excel makes of a value when it saves it."""
    seen = shown(cell)
    if re.fullmatch(r"[-+]?\d+(\.\d+)?[eE][-+]?\d+", folded):
        return Finding(
            "excel-damage",
            f"「{seen}」は Excel が桁を省いた表示です。",
            "元の資料の数字をすべて書いてください（例: 100000）。",
        )
    if re.fullmatch(r"#{2,}", folded):
        return Finding(
            "excel-damage",
            f"「{seen}」は Excel の列の幅が足りないときの表示です。",
            "列の幅を広げて保存し直すか、元の資料の数字を書いてください（例: 1234）。",
        )
    if re.fullmatch(r"#[A-Z/0!?]+[!?A]?", folded):
        return Finding(
            "excel-damage",
            f"「{seen}」は Excel の計算の誤りの表示です。",
            "元の資料の数字を書いてください（例: 1234）。",
        )
    if re.fullmatch(r"['‘’`´]\s*-?[\d.,]+", folded):
        number = re.sub(r"[^\d.-]", "", folded)
        return Finding(
            "excel-damage",
            f"「{seen}」の先頭に、Excel で文字として入力した印「'」が残っています。",
            f"印を除いて数字だけを書いてください（例: {number}）。",
        )
    return None


def _misread(cell: str, folded: str) -> Finding | None:
    """Letters typed for digits, formulas, ditto marks, dates where a number stands."""
    seen = shown(cell)
    if folded[:1] == "=" or re.match(r"[+@][A-Za-z(]", folded):
        return Finding(
            "formula-in-cell",
            f"「{seen}」は計算式です。",
            "計算した結果の数字を書いてください（例: 1234）。",
        )
    if re.fullmatch(r"[〃々\"]|同上|〃〃|同じ|同左", folded):
        return Finding(
            "ditto-mark",
            f"「{seen}」は「上と同じ」の印で、値ではありません。",
            "上の行と同じ値でも、省かずに書いてください（例: 1234）。",
        )
    digits = folded.translate(_LOOKALIKE)
    if digits != folded and re.search(r"\d", folded) and re.fullmatch(r"-?[\d,]+(\.\d+)?", digits):
        return Finding(
            "letter-for-digit",
            f"「{seen}」に、数字と似た文字（l・I・O・o など）が混ざっています。",
            f"半角数字で打ち直してください（例: {digits.replace(',', '')}）。",
        )
    if re.fullmatch(r"\d{1,2}月\d{1,2}日|\d{1,2}/\d{1,2}|\d{1,2}-[A-Z][a-z]{2}", folded):
        return Finding(
            "date-for-year",
            f"「{seen}」は日付です。Excel が数字を日付に変えることがあります。",
            "元の資料の数字を書いてください（例: 12.5）。",
        )
    return None
