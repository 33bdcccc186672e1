"""Western years and Japanese eras: what readers see and what staff may type.

The data hold western integers. A fiscal year Y runs from April of Y to March of Y+1, so it carries
every era in force on any day from 1 April Y to 31 March Y+1 as far as the public documents print
it: 2019年度 is 令和元年度 and 平成31年度.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

ERAS = (("令和", "R", 2019), ("平成", "H", 1989), ("昭和", "S", 1926))
"""Name, letter and first western year of each era, newest first."""

SUFFIX = {"fiscal": "年度", "calendar": "年"}


def era_names(year: int) -> tuple[str, ...]:
    """Era names of a year, the newer first: ``2019`` → ``("令和元", "平成31")``."""
    names: list[str] = []
    for name, _, first in ERAS:
        if year >= first:
            number = year - first + 1
            names.append(f"{name}{'元' if number == 1 else number}")
            if number > 1:
                break
    return tuple(names)


def era_code(year: int) -> str:
    """ASCII form for charts: ``2018`` → ``H30``, ``2019`` → ``R1``; blank before 昭和."""
    for _, letter, first in ERAS:
        if year >= first:
            return f"{letter}{year - first + 1}"
    return ""


def era_label(year: int, year_type: str = "fiscal") -> str:
    """``2019`` → ``令和元年度・平成31年度``; blank before the oldest era known here."""
    names = era_names(year)
    if year_type == "fiscal" and year == 1989:  # 平成 began in January, before the fiscal year
        names = names[:1]
    return "・".join(name + SUFFIX[year_type] for name in names)


def year_label(year: int, year_type: str = "fiscal", as_of: str = "") -> str:
    """What a reader sees: ``2021年度(令和3年度)``; with a date ``2021年(令和3年)10月1日``."""
    label = f"{year}{SUFFIX[year_type]}"
    era = era_label(year, year_type)
    return label + (f"({era})" if era else "") + as_of


def short_year_label(year: int, year_type: str = "fiscal") -> str:
    """``2021年度``."""
    return f"{year}{SUFFIX[year_type]}"


def fiscal_year_of(day: date) -> int:
    """The fiscal year a day belongs to (April to March)."""
    return fiscal_year_of_month(day.year, day.month)


def fiscal_year_of_month(year: int, month: int) -> int:
    """The fiscal year that a month of a calendar year belongs to."""
    return year if month >= 4 else year - 1


_TYPED = re.compile(r"(令和|平成|昭和|[RHSrhs])\.?(元|\d{1,2})(?:年度?)?\Z")
_WESTERN = re.compile(r"(\d{4})(?:年度?)?\Z")


def parse_year(text: str) -> int:
    """Read a year as people type it: ``2021``, ``2021年度``, ``R3``, ``令和元年度``, ``平成31``.

    Raises :class:`ValueError` with a Japanese sentence for what cannot be a year, including
    era years that never were (``平成32年度``), naming what was probably meant.
    """
    typed = unicodedata.normalize("NFKC", text).strip()
    if match := _WESTERN.match(typed):
        return int(match[1])
    if not (match := _TYPED.match(typed)):
        raise ValueError(f"「{text}」は年として読めません")
    number = 1 if match[2] == "元" else int(match[2])
    index = next(i for i, era in enumerate(ERAS) if match[1].upper() in era[:2])
    name, _, first = ERAS[index]
    year = first + number - 1
    last = ERAS[index - 1][2] if index else None
    if number < 1:
        raise ValueError(f"「{text}」は存在しない年です（{name}は元年から始まります）")
    if last is not None and year > last:
        raise ValueError(f"「{text}」は存在しない年です（{era_names(year)[0]}年のことですか）")
    return year
