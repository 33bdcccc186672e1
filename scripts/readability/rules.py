"""The 30 public rules of machine readability, each as a function that names what breaks it.

The rules are those of 行政データにおける機械可読性に関するルール; how each is measured here is our
own reading of them. A function takes a sheet and yields findings; blank findings mean that the
rule is kept. Rules of a whole file are looked at in :mod:`scripts.readability`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from scripts.exports.cells import BOM, guard, unguard
from scripts.exports.table import heading, is_text
from scripts.readability.sheets import Sheet, cells, lines, numbers

Findings = Iterator[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One public rule: its number, what it asks, how we look, for which kinds of sheet."""

    rule_id: str
    title: str
    how: str
    kinds: tuple[str, ...]
    find: Callable[[Sheet], Iterable[str]]


RULES: list[Rule] = []
EVERY = ("table", "kpi", "book", "words")
DATA = ("table", "kpi", "book")
CSV = ("table", "kpi")
BOOKS = ("book", "words")


def rule(
    rule_id: str, title: str, kinds: tuple[str, ...] = EVERY
) -> Callable[[Callable[[Sheet], Findings]], Callable[[Sheet], Findings]]:
    """List a function as a rule; its docstring says, in Japanese, how we look."""

    def listed(find: Callable[[Sheet], Findings]) -> Callable[[Sheet], Findings]:
        how = (find.__doc__ or "").strip()
        RULES.append(Rule(rule_id=rule_id, title=title, how=how, kinds=kinds, find=find))
        return find

    return listed


@rule("L1-01", "機械が直接読み取れる形式である")
def readable_format(sheet: Sheet) -> Findings:
    """CSVとExcelは、プログラムで読み込めることを確かめます。ほかの形式はファイルごとに見ます。"""
    if not sheet.header:
        yield "見出しを読み取れません"


@rule("L1-02", "1つのシートに表は1つ")
def one_table(sheet: Sheet) -> Findings:
    """見出しと同じ行がもう一度出てこないこと、空白の行で区切られていないことを見ます。"""
    for number, row in enumerate(sheet.rows, 2):
        if row == sheet.header:
            yield f"{number}行に見出しがもう一度あります"
        if not any(row):
            yield f"{number}行が空白です"


@rule("L1-03", "データが分断されていない")
def unbroken(sheet: Sheet) -> Findings:
    """見出しのない列や、空白の行がないことを見ます。"""
    for column, name in enumerate(sheet.header, 1):
        if not name.strip():
            yield f"{column}列の見出しが空白です"
    for number, row in enumerate(sheet.rows, 2):
        if not any(row):
            yield f"{number}行が空白です"


@rule("L1-04", "データと無関係な情報がない")
def nothing_outside(sheet: Sheet) -> Findings:
    """どの行も、列の数が見出しと同じで、表の外にセルがないことを見ます。"""
    for number, row in enumerate(sheet.rows, 2):
        if len(row) != len(sheet.header):
            yield f"{number}行の列の数が{len(row)}です（見出しは{len(sheet.header)}）"


@rule("L1-05", "すべての列に、意味のわかる項目名がある")
def named(sheet: Sheet) -> Findings:
    """項目名が空白、記号、番号だけではないことを見ます。"""
    for column, name in enumerate(sheet.header, 1):
        if not re.search(r"[^\W\d_]{2,}|年", name):
            yield f"{column}列の項目名「{name}」から意味がわかりません"


@rule("L1-06", "空白や改行で体裁を整えていない")
def no_layout(sheet: Sheet) -> Findings:
    """セルの前後の空白、続いた空白、セルの中の改行やタブがないことを見ます。"""

    def look(cell: str) -> str:
        if cell != cell.strip() or re.search(r"[\n\r\t]|[ \u3000]{2,}", cell):
            return "に余分な空白か改行があります"
        spaced = re.fullmatch(r"(?:[^\W\d_][ \u3000]){2,}[^\W\d_]", cell)
        return "の文字の間に空白があります" if spaced else ""

    for place, _, found in cells(sheet, look):
        yield place + found


@rule("L1-07", "1つのセルに1つのデータ", DATA)
def one_value(sheet: Sheet) -> Findings:
    """数値、記号、選択肢の列に、区切って並べた値がないことを見ます。文章の列は対象にしません。"""
    for column, values in sheet.columns:
        limits = column.get("constraints", {})
        single = column["type"] != "string" or "pattern" in limits or "enum" in limits
        if single:
            for number, cell in lines(values, several):
                yield f"{number}行の{heading(column)}「{cell}」"


def several(cell: str) -> bool:
    """Whether values stand side by side."""
    return bool(re.search(r"[、，,;；/／\n]", cell)) and "http" not in cell


PLATFORM = re.compile(
    "[\u2116\u2121\u2160-\u217f\u2460-\u24ff\u3220-\u3247\u3250-\u32ff\u3300-\u33ff"
    "\u301c\uff5e\ufe30-\ufe4f\uff61-\uff9f\ue000-\uf8ff]"
)
"""Circled and Roman numerals, squared words, wave dashes, half-width kana, private use."""


@rule("L1-08", "機種依存文字を使っていない")
def portable(sheet: Sheet) -> Findings:
    """丸数字、ローマ数字、組文字、波ダッシュ、半角カナ、外字がないことを見ます。"""
    for place, _, found in cells(sheet, PLATFORM.findall):
        yield f"{place}の「{''.join(sorted(set(found)))}」"


@rule("L1-09", "空白とゼロを区別している", DATA)
def blank_or_zero(sheet: Sheet) -> Findings:
    """数値の列の空白は「不明」だけで、「-」や「なし」などで代えていないことを見ます。"""
    stands_for_nothing = re.compile(
        r"[-－―ー–—*＊.…]+|なし|無し|不明|N/?A|null|None|NaN", re.IGNORECASE
    )
    for _, name, values in numbers(sheet):
        for number, cell in lines(values, stands_for_nothing.fullmatch):
            yield f"{number}行の{name}「{cell}」"


@rule("L1-10", "【Excel】図形や画像などのオブジェクトを使っていない", BOOKS)
def no_objects(sheet: Sheet) -> Findings:
    """ブックの中に図形、画像、グラフ、コメントがないことを見ます。"""
    if sheet.marks["objects"]:
        yield f"オブジェクトが{sheet.marks['objects']}個あります"


@rule("L1-11", "【Excel】書式でデータの違いを表していない", BOOKS)
def no_meaning_by_style(sheet: Sheet) -> Findings:
    """塗りつぶし、文字の色、条件付き書式がないことを見ます（見出しの太字だけ使います）。"""
    for mark, name in (("fills", "塗り"), ("colours", "文字の色"), ("conditions", "条件付き書式")):
        if sheet.marks[mark]:
            yield f"{name}が{sheet.marks[mark]}個あります"


@rule("L1-12", "【Excel】セルを結合していない", BOOKS)
def no_merges(sheet: Sheet) -> Findings:
    """結合したセルがないことを見ます。"""
    if sheet.marks["merges"]:
        yield f"結合が{sheet.marks['merges']}か所あります"


@rule("L1-13", "【Excel】行や列を隠していない", BOOKS)
def nothing_hidden(sheet: Sheet) -> Findings:
    """隠した行、列、シート、折りたたみがないことを見ます。"""
    if sheet.marks["hidden"]:
        yield f"隠したものが{sheet.marks['hidden']}個あります"


@rule("L1-14", "【CSV】1つのデータは1行で書く", CSV)
def one_line(sheet: Sheet) -> Findings:
    """ファイルの行の数が、見出しとデータの行の数と同じことを見ます。"""
    lines = sheet.raw.count(b"\n")
    if lines != len(sheet.rows) + 1:
        yield f"行が{lines}、データが{len(sheet.rows) + 1}です"


@rule("L1-15", '【CSV】カンマを含む値は「"」で囲む', CSV)
def quoted(sheet: Sheet) -> Findings:
    """1行ずつ読んでも、すべての行の列の数が見出しと同じことを見ます。"""
    for number, line in enumerate(sheet.raw.removeprefix(BOM).decode().splitlines(), 1):
        found = line.count(",") + 1
        if '"' in line or not line:
            try:
                found = len(next(csv.reader([line], strict=True), []))
            except csv.Error:
                found = 0
        if found != len(sheet.header):
            yield f"{number}行の列の数が{found}です"


@rule("L2-01", "数値の列は数値だけ", DATA)
def numbers_only(sheet: Sheet) -> Findings:
    """数値の列に、単位、桁区切り、注の印がなく、Excelでは数値として入っていることを見ます。"""
    plain = re.compile(r"(-?\d+(\.\d+)?(E-?\d+)?)?")
    for index, name, values in numbers(sheet):
        odd = dict(lines(values, lambda cell: not plain.fullmatch(cell)))
        loose = {n: values[n - 2] for n, column in sheet.loose if column == index}
        for number, cell in sorted((odd | loose).items()):
            if cell:
                yield f"{number}行の{name}「{cell}」"


@rule("L2-02", "項目を省略していない", DATA)
def nothing_left_out(sheet: Sheet) -> Findings:
    """「同上」や「〃」がなく、必ず要る列に空白がないことを見ます。"""
    dittos = ("〃", "同上", "同左", "″", "々", '"')
    for place, cell, _ in cells(sheet, lambda cell: cell.strip() in dittos):
        yield f"{place}の「{cell}」"
    for column, values in sheet.columns:
        if column.get("constraints", {}).get("required"):
            for number, _ in lines(values, lambda cell: not cell):
                yield f"{number}行の{heading(column)}が空白です"


@rule("L2-03", "項目名が重ならない")
def unique(sheet: Sheet) -> Findings:
    """1行の見出しだけで、どの列も区別できることを見ます。"""
    for name in sorted({n for n in sheet.header if sheet.header.count(n) > 1}):
        yield f"「{name}」が{sheet.header.count(name)}列あります"


@rule("L2-04", "選択肢の書き方がそろっている", DATA)
def choices(sheet: Sheet) -> Findings:
    """選択肢の列には、決めた値だけがあることを見ます。"""
    for column, values in sheet.columns:
        allowed = column.get("constraints", {}).get("enum")
        if allowed:
            others = dict.fromkeys(set(values) - {"", *allowed}, "odd")
            for number, cell in lines(values, others.get):
                yield f"{number}行の{heading(column)}「{cell}」"


@rule("L2-05", "選択肢と「その他」の中身を分けている", DATA)
def other(sheet: Sheet) -> Findings:
    """「その他（…）」と中身を書き足したセルがないことを見ます。"""
    for place, cell, _ in cells(sheet, re.compile(r"その他\s*[（(：:]").match):
        yield f"{place}の「{cell}」"


@rule("L2-06", "数式を残していない")
def no_formulas(sheet: Sheet) -> Findings:
    """Excelに数式がなく、CSVに式として動く文字のセルがないことを見ます。"""
    if sheet.marks.get("formulas"):
        yield f"数式が{sheet.marks['formulas']}個あります"
    if sheet.kind in CSV:
        odd = {cell for cell in sheet.texts if guard(unguard(cell)) != cell}
        texts = [is_text(column) for column in sheet.fields]
        for number, row in enumerate(sheet.rows if odd else (), 2):
            for text, cell in zip(texts, row, strict=False):
                if text and cell in odd:
                    yield f"{number}行の「{cell}」"


@rule("L3-01", "1行目が項目名で、2行目からデータ")
def header_first(sheet: Sheet) -> Findings:
    """1行目が決めた項目名と同じことを見ます。"""
    if sheet.kind == "table":
        wanted = tuple(str(column["name"]) for column in sheet.fields)
    elif sheet.kind == "words":
        wanted = sheet.header
    else:
        wanted = tuple(heading(column) for column in sheet.fields)
    if sheet.header != wanted or not all(sheet.header):
        yield "1行目が項目名ではありません"


@rule("L3-02", "コード表がある", DATA)
def code_table(sheet: Sheet) -> Findings:
    """コードの列には、すべてのコードの意味が定義されていることを見ます。"""
    for column, values in sheet.columns:
        allowed = column.get("constraints", {}).get("enum")
        if allowed and any(re.fullmatch(r"[\w-]+", str(code), re.ASCII) for code in allowed):
            known = {str(code["value"]) for code in column.get("categories", ())}
            missing = sorted({cell for cell in values if cell} - known)
            if missing:
                yield f"{heading(column)}の「{missing[0]}」などに意味の定義がありません"


@rule("L3-03", "特別な記号には定義がある", DATA)
def special_signs(sheet: Sheet) -> Findings:
    """数値の列に、X、△、…などの記号がないことを見ます（使わないので定義も要りません）。"""
    for _, name, values in numbers(sheet):
        for number, cell in lines(values, lambda cell: cell and not re.search(r"\d", cell)):
            yield f"{number}行の{name}「{cell}」"


COUNTS = re.compile(r"年|年度|順|番号|桁数")
"""Integers that count or name rather than measure: they have no unit."""


@rule("L3-04", "単位を書いている", DATA)
def units(sheet: Sheet) -> Findings:
    """数値の列の単位が、見出しか、同じ行の「単位」の列にあることを見ます。"""
    in_row = any(column["name"] == "unit" for column in sheet.fields)
    for column in sheet.fields:
        if column["type"] == "number" and "unit" not in column and not in_row:
            yield f"{column.get('title')}の単位がファイルの中にありません"
        if column["type"] == "integer" and "unit" not in column:
            title = str(column.get("title", ""))
            if not COUNTS.search(title) and not in_row:
                yield f"{title}の単位がファイルの中にありません"


TIME = re.compile(r"年|月|日|時点|期間")
PLAIN_TIME = re.compile(r"(\d{4}(-\d{2}(-\d{2})?)?)?")


@rule("L3-05", "時間の書き方がそろっている", DATA)
def times(sheet: Sheet) -> Findings:
    """見出しに年、月、日、時点、期間のある列と時期の列が、西暦か日付だけであることを見ます。"""
    for column, values in sheet.columns:
        chosen = "enum" in column.get("constraints", {}) or column["type"] == "boolean"
        timely = TIME.search(str(column.get("title", ""))) or column["name"] == "period"
        if timely and not chosen:
            for number, cell in lines(values, lambda cell: not PLAIN_TIME.fullmatch(cell)):
                yield f"{number}行の{heading(column)}「{cell}」"


WEIGHTS = (6, 5, 4, 3, 2)


def valid_area(code: str) -> bool:
    """Whether the last digit of a municipality's code is the check digit of the others."""
    if not re.fullmatch(r"\d{6}", code, re.ASCII):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(code, WEIGHTS, strict=False))
    return (11 - total % 11) % 10 == int(code[5])


@rule("L3-06", "地域コードか正式な地域名がある", DATA)
def area(sheet: Sheet) -> Findings:
    """全国地方公共団体コードの列があり、検査数字が合うことを見ます。"""
    found = [values for column, values in sheet.columns if column["name"] == "area_code"]
    if not found:
        yield "地域の列がありません"
    for values in found:
        for code in sorted(set(values)):
            if not valid_area(code):
                yield f"コード「{code}」が正しくありません"


@rule("L3-07", "年によって形が変わらない", DATA)
def same_shape(sheet: Sheet) -> Findings:
    """年ごとにファイルを分けず、すべての年が同じ列に入ることを見ます。"""
    for name in sheet.header:
        if re.search(r"(?<!\d)(19|20)\d{2}(?!\d)", name):
            yield f"見出し「{name}」に年が入っています"


@rule("L3-08", "定義と更新の記録があり、項目名は英数字", DATA)
def defined(sheet: Sheet) -> Findings:
    """すべての列に説明があり、CSVはUTF-8（BOM付き）で、項目名が英数字であることを見ます。"""
    for column in sheet.fields:
        if not column.get("description"):
            yield f"{column['name']}に説明がありません"
    if sheet.kind in CSV and not sheet.raw.startswith(BOM):
        yield "BOMがありません"
    if any(not name.isascii() for name in sheet.header):
        yield "項目名が日本語です"


@rule("L3-09", "縦持ちの形である", DATA)
def long_format(sheet: Sheet) -> Findings:
    """年や元号が列に並んでいないことを見ます。"""
    pattern = re.compile(r"(19|20)\d{2}|令和|平成|昭和|\b[RHS]\d{1,2}\b")
    for one, two in pairwise(sheet.header):
        if pattern.search(one) and pattern.search(two):
            yield f"「{one}」「{two}」が横に並んでいます"


RULES.sort(key=lambda r: r.rule_id)
