"""What a mistaken cell means where that is certain; shared by the check and by ``tidy``.

The check reads such a cell on (so that later rules still see the value) and reports it; ``tidy``
writes it. Nothing here guesses: a cell with two readings is left to people.
"""

from __future__ import annotations

import re
import unicodedata

from scripts.load.limits import MAX_DIGITS
from scripts.years import parse_year

PLAIN = {
    "number": re.compile(r"-?(0|[1-9]\d*)(\.\d+)?", re.ASCII),
    "integer": re.compile(r"-?(0|[1-9]\d*)", re.ASCII),
    "boolean": re.compile(r"(true|false)"),
}
"""What a cell of each type may look like, tighter than Frictionless."""

SPACES = " \t\u3000\xa0\u1680\u202f\u205f" + "".join(map(chr, range(0x2000, 0x200B)))
"""Spaces of every width; what else is blank is a control character."""

_DIGITS = str.maketrans("０１２３４５６７８９．，－−", "0123456789.,--")
_GROUPED = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", re.ASCII)
_YEAR = re.compile(r"(\d{4}|(令和|平成|昭和|[RHS])\s*(元|\d{1,2}))\s*(年度)?")


def is_plain(cell: str, kind: str) -> bool:
    """Whether a cell is written as its type demands."""
    return PLAIN[kind].fullmatch(cell) is not None and (
        len(cell) <= MAX_DIGITS or sum(map(str.isdigit, cell)) <= MAX_DIGITS
    )


def is_year(name: str) -> bool:
    """Whether a column holds western years."""
    return name == "year" or name.endswith("_year")


def mend_cell(cell: str, kind: str, name: str) -> str | None:
    """The cell as it should have been written, ``None`` when that is not certain.

    ``kind`` is the type of the column and ``name`` its name. The number never changes: only its
    writing does.
    """
    text = cell.strip(SPACES)
    if kind == "string":
        return text
    if kind == "boolean":
        folded = unicodedata.normalize("NFKC", text).lower()
        return folded if is_plain(folded, kind) else None
    text = text.translate(_DIGITS)
    if is_plain(text, kind):
        return text
    if is_year(name):
        return mend_year(text)
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
        return text if is_plain(text, kind) else None
    return None


def mend_year(text: str) -> str | None:
    """``R3``, ``令和3年度``, ``2021年度`` → ``2021``.

    Left alone: ``令和3年`` (a calendar year, perhaps typed into a fiscal one), era years that never
    were, dates.
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    if not _YEAR.fullmatch(folded):
        return None
    try:
        return str(parse_year(re.sub(r"\s", "", folded)))
    except ValueError:
        return None
