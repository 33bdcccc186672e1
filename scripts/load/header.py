"""The header line: the declared columns in the declared order, or what went wrong with it."""

from __future__ import annotations

import difflib
import unicodedata
from dataclasses import dataclass
from typing import Any

from scripts.load.limits import MAX_COLUMNS
from scripts.load.text import is_personal
from scripts.messages import shown
from scripts.model import Problem

SEARCHED_LINES = 10
"""How far down a header is looked for when the first line is none."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where each declared column stands in the file (``None``: it is missing)."""

    width: int
    places: tuple[int | None, ...]
    missing: frozenset[str]

    @property
    def complete(self) -> bool:
        """Whether every declared column is there."""
        return not self.missing


def check_header(
    path: str, fields: list[dict[str, Any]], rows: list[list[str]]
) -> tuple[Header | None, list[Problem]]:
    """Find the declared columns in the first row; ``None`` when it is no header at all."""
    first = rows[0]
    names = [field["name"] for field in fields]
    whole = f"1行目は {','.join(names)} です。"

    def problem(code: str, message: str, fix: str) -> Problem:
        return Problem(path, 1, "", code, message, fix)

    if len(first) > MAX_COLUMNS:
        return None, [
            problem(
                "extra-label",
                f"列が{len(first):,}あり、多すぎます（上限は{MAX_COLUMNS}）。",
                "余分なコンマの連続がないか確かめてください。",
            )
        ]
    if first == names:
        return Header(len(first), tuple(range(len(first))), frozenset()), []
    by_fold = {fold(f["title"]): f["name"] for f in fields if f.get("title")}
    by_fold |= {fold(name): name for name in names}
    meant = [by_fold.get(fold(label)) for label in first]
    if not any(meant):
        lines = enumerate(rows[:SEARCHED_LINES], 1)
        at = next((number for number, row in lines if set(names) & set(row)), None)
        return None, [
            problem(
                "header-missing",
                "1行目が見出し（列の名前）ではありません。"
                + (f"見出しは{at}行目にあります。" if at else ""),
                (
                    "見出しより上の行（題名や注）を消してください。"
                    if at
                    else "見出しの行を足してください。"
                )
                + whole,
            )
        ]
    problems = list(check_labels(path, first, meant, names, whole))
    places: list[int | None] = [meant.index(name) if name in meant else None for name in names]
    found = [place for place in places if place is not None]
    if not problems and found != sorted(found):
        problems.append(
            problem("incorrect-label", "列の順番が違います。", "列を並べ替えてください。" + whole)
        )
    return Header(len(first), tuple(places), frozenset(names).difference(meant)), problems


def check_labels(
    path: str, first: list[str], meant: list[str | None], names: list[str], whole: str
) -> list[Problem]:
    """Every label that is not exactly a declared name, and every declared name that is absent."""
    problems: list[Problem] = []
    absent = [name for name in names if name not in meant]

    def add(column: str, code: str, message: str, fix: str) -> None:
        problems.append(Problem(path, 1, shown(column), code, message, fix, shown(column)))

    for place, (label, name) in enumerate(zip(first, meant, strict=True)):
        if name is not None and meant.index(name) != place:
            add(
                label,
                "duplicate-label",
                f"列「{name}」が2回以上あります。",
                "1つを残して消してください。",
            )
        elif name is not None and label != name:
            add(
                label,
                "label-spelling",
                f"列の名前「{shown(label)}」の書き方が違います。",
                f"半角で「{name}」と書いてください（前後に空白を入れません）。",
            )
        elif name is None and is_personal(label):
            add(
                label,
                "personal-data",
                f"列「{shown(label)}」は、個人の情報の列です。",
                "個人の情報は公開できません。列ごと消してください。"
                "すでに送ったときは、すぐに担当者へ知らせてください。",
            )
        elif name is None and not label.strip():
            add(
                label,
                "extra-label",
                f"{place + 1}列目に名前がありません。",
                f"列を消してください。{whole}",
            )
        elif name is None:
            near = difflib.get_close_matches(fold(label), absent)
            add(
                label,
                "extra-label",
                f"列「{shown(label)}」は決められた列ではありません。",
                f"「{near[0]}」の書き違いなら直してください。"
                if near
                else f"列を消してください。{whole}",
            )
    for name in absent:
        add(name, "missing-label", f"列「{name}」がありません。", whole)
    return problems


def fold(label: str) -> str:
    """A label without what people do to it: width, case, spaces, quotes."""
    return unicodedata.normalize("NFKC", label).strip(" \t\"'").lower()
