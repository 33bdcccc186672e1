"""What the catalogue says about one kind of mistake."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of mistake as the guide explains it.

    ``wrong`` and ``right`` are an example before and after (blank where none helps); ``tidy`` says
    whether ``nox -s tidy`` mends it (wholly or where it is certain).
    """

    code: str
    group: str
    title: str
    why: str
    fix: str
    wrong: str = ""
    right: str = ""
    level: str = "error"
    tidy: bool = False


FILE = "ファイル"
HEADER = "見出し"
CELL = "セルの文字"
NUMBER = "数と年"
TABLE = "行と表のつながり"
RULE = "指標と目標の決まり"
ASK = "公開できるが確かめること"
SETTING = "表の定義（datapackage.json）"
BOOK = "Excel からの取り込み"

GROUPS = (FILE, HEADER, CELL, NUMBER, TABLE, RULE, ASK, SETTING, BOOK)
"""Chapters of the guide, in order."""

SAVE = "Excel では「名前を付けて保存」で「CSV UTF-8（コンマ区切り）」を選びます。"
