"""The code of a municipality (全国地方公共団体コード) and its check digit."""

from __future__ import annotations

import re

WEIGHTS = (6, 5, 4, 3, 2)


def check_digit(five: str) -> str:
    """The sixth digit for the five digits of prefecture and municipality (JIS X 0401, 0402)."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, five, strict=True))
    return str((11 - total % 11) % 10)


def code_fault(code: str) -> str:
    """Why a code is not one, in a sentence that says what it should be; blank when it is sound."""
    if re.fullmatch(r"\d{5}", code, re.ASCII):
        return f"5けたです。6けための検査数字を付けると「{code}{check_digit(code)}」です。"
    if not re.fullmatch(r"\d{6}", code, re.ASCII):
        return "半角の数字6けたで書きます（例: 131016）。"
    wanted = check_digit(code[:5])
    if code[5] != wanted:
        return (
            f"6けための検査数字が合いません。はじめの5けた「{code[:5]}」が正しければ、"
            f"検査数字は「{wanted}」で、「{code[:5]}{wanted}」です。"
        )
    if not (1 <= int(code[:2]) <= 47 or int(code[:2]) >= 90):
        return "はじめの2けたが都道府県の番号（01から47）ではありません。"
    return ""
