"""What must not stand in a text cell, or only after a second look."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from scripts.load.files import TIDY
from scripts.load.numbers import Finding
from scripts.messages import shown

CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
"""Characters that nobody sees: control, format, lone surrogates, private use."""

MARKUP = re.compile(
    r"</?[A-Za-z!?]|&(#\d+|#x[0-9A-Fa-f]+|[A-Za-z]{2,8});|\]\(|!\[|`|\*\*|__\w|~~|\{\{|\{%"
    r"|^\s*(#{1,6}|>|[*+-]|\d+[.)])\s|^\s*(\||-{3,}|={3,})",
    re.IGNORECASE,
)
"""HTML, script, Markdown and template marks."""

SCRIPT = re.compile(
    r"<\s{0,9}/?\s{0,9}(script|iframe|object|embed|style|svg)\b|(javascript|vbscript|data:text/html)\s{0,9}[:,]"
    r"|\bon[a-z]{3,20}\s{0,9}=\s{0,9}[\"'\w]",
    re.IGNORECASE,
)
"""What would run in a reader's browser if it were not escaped."""

FORMULA = re.compile(r"[=+@\t\r]|-(?![\s-])")
"""The start of a text that Excel would compute."""

PERSONAL = (
    ("メールアドレス", re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(\.[\w-]{1,64}){1,8}", re.ASCII)),
    (
        "電話番号",
        re.compile(
            r"(?<![\d-])0\d{1,4}[-(]\d{1,4}[-)]\d{3,4}(?![\d-])|(?<!\d)0[5789]0\d{8}(?!\d)"
            r"|\(0\d{1,4}\)\s?\d{1,4}-\d{4}|\+81[-\d]{9,14}"
        ),
    ),
    (
        "12桁の番号（個人番号の形）",
        re.compile(r"(?<![\d.,])\d{12}(?![\d.,])|(?<![\d-])\d{4}([- ])\d{4}\1\d{4}(?![\d-])"),
    ),
    ("郵便番号", re.compile(r"〒\s?\d{3}-?\d{4}")),
)
"""Shapes of personal data, looked for in text folded to half width."""

_PERSONAL_COLUMN = re.compile(
    r"氏名|住所|電話|生年月日|メール|個人番号|マイナンバー"
    r"|\b(e[- ]?mail|phone|tel|address|birth ?da(y|te)|(full|first|last) ?name|my ?number)\b",
    re.IGNORECASE,
)

PLATFORM = re.compile(
    "[\u2460-\u24ff\u3200-\u33ff\u2160-\u217f\u2116\u2121\u301c\uff5e\uff61-\uff9f"
    "\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]"
)
"""Characters that differ between machines: ①, ㈱, Ⅲ, 〜, half-width kana, look-alike kanji."""

_LETTERS = "A-Za-zぁ-ゖァ-ヺー一-鿿"
_ORDINARY = re.compile(
    rf"(?!同[上左]\Z)(?:[{_LETTERS}.、。・「」）％]|\d{{1,9}}(?![-（ ]?\d)"
    rf"|(?<=[{_LETTERS}\d])[-（ ](?=[{_LETTERS}\d]))+",
    re.ASCII,
)
"""Words and short numbers as most cells hold: no mark, no shape of what is looked for below.

Nothing possessive (``++``): Python 3.11.2, that of Debian 12, takes more with it than it should.
"""

_DAKUTEN = re.compile("[\u3099\u309a]")
PRINTED_COLUMNS = ("label", "printed_name", "locator")
"""Columns that carry what is printed in the source, ① and all."""


def is_personal(column: str) -> bool:
    """Whether a name or title is that of a column that holds personal data."""
    return _PERSONAL_COLUMN.search(column.replace("_", " ")) is not None


def is_ordinary(cell: str) -> bool:
    """Whether :func:`check_text` certainly finds nothing: a quick look that spares ten others."""
    return _ORDINARY.fullmatch(cell) is not None


def check_text(cell: str, field: dict[str, object]) -> Iterator[Finding]:
    """Findings for one text cell that is not blank."""
    if private := list(check_private(cell)):
        yield from private  # alone: other messages repeat the cell
        return
    name = str(field["name"])
    seen = shown(cell)
    if found := CONTROL.search(cell):
        yield Finding(
            "control-character",
            f"目に見えない文字（U+{ord(found[0]):04X}）が「{seen}」に入っています。",
            "セルを入力し直してください。",
        )
        return
    if cell != cell.strip():  # of spaces alone: control characters are gone
        yield Finding(
            "stray-space",
            f"「{seen}」の前後に空白があります。",
            f"空白を消してください（例: {shown(cell.strip())}）。{TIDY}",
            cell.strip(),
        )
        cell = cell.strip()
    if "\ufffd" in cell:
        yield Finding(
            "broken-character",
            f"「{seen}」に、文字化けの跡（\ufffd）があります。",
            "元の資料を見て、その文字を入力し直してください。",
        )
    if cell in ("〃", "々", "同上", "同左", '"'):
        yield Finding(
            "ditto-mark",
            f"「{seen}」は「上と同じ」の印です。",
            "上の行と同じでも、省かずに書いてください。",
        )
    if FORMULA.match(cell):
        yield Finding(
            "formula-in-cell",
            f"「{seen}」は「{shown(cell[0])}」で始まり、Excel で計算式として動きます。",
            "先頭の記号を除いて書いてください"
            f"（例: {shown(cell.lstrip('=+-@').strip() or '説明の文')}）。",
        )
    elif SCRIPT.search(cell):
        yield Finding(
            "script-in-cell",
            f"「{seen}」に、プログラムとして動くおそれのある書き方があります。",
            "消して、文字だけを書いてください。",
        )
    elif match := MARKUP.search(cell):
        yield Finding(
            "markup-in-cell",
            f"「{seen}」に、HTML や Markdown の記号「{shown(match[0].strip())}」があります。"
            "飾りにならず、そのまま表示されます。",
            "飾りのつもりなら記号を除いてください。",
            level="warning",
        )
    yield from check_platform(cell, name)


def check_private(cell: str) -> Iterator[Finding]:
    """Shapes of personal data; the value is not repeated, messages end up in public logs."""
    folded = unicodedata.normalize("NFKC", CONTROL.sub("", cell))
    folded = folded.replace("‐", "-").replace("−", "-").strip()
    if re.fullmatch(r"https?://[!-~]+", folded):  # an address and nothing besides
        return
    for kind, shape in PERSONAL:
        if shape.search(folded):
            yield Finding(
                "personal-data",
                f"{kind}のような書き方があります（値はここに示しません）。",
                "個人の情報は公開できません。消してください。"
                "すでに送ったときは、すぐに担当者へ知らせてください。",
            )
            return


def check_platform(cell: str, name: str) -> Iterator[Finding]:
    """Characters that not every machine shows alike."""
    if name in PRINTED_COLUMNS:
        return
    if found := PLATFORM.search(cell):
        char = found[0]
        plain = "から" if char in ("〜", "～") else unicodedata.normalize("NFKC", char)
        yield Finding(
            "platform-character",
            f"「{shown(cell)}」の「{char}」は、機種によって違って見える文字です。",
            f"ほかの書き方にしてください（例: {plain}）。",
            level="warning",
        )
    elif _DAKUTEN.search(cell):
        yield Finding(
            "platform-character",
            f"「{shown(cell)}」の濁点か半濁点が、1文字に分かれています。",
            "その文字を入力し直してください（例: が）。",
            level="warning",
        )
