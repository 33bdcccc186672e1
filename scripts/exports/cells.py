"""Cells and the two plain encodings: CSV with a BOM and readable JSON.

Published CSV carries a BOM, because Excel on Japanese Windows reads UTF-8 without one as CP932.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from scripts import words

BOM = b"\xef\xbb\xbf"
RATIO_DIGITS = Decimal("0.000001")

_RUNS = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?\Z", re.ASCII)


def guard(text: str) -> str:
    """A text cell that no spreadsheet runs: ``'`` before ``= + - @`` and tab.

    Numbers stay as they are. Nothing is lost: a text that already has ``'`` before such a sign
    gets one more, so taking one away always gives the text back (:func:`unguard`).
    """
    return "'" + text if _RUNS.match(text) and not _NUMBER.match(text) else text


def unguard(text: str) -> str:
    """The text behind a guarded cell."""
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text


def to_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as CSV with BOM and LF; the caller guards text cells."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return BOM + text.getvalue().encode()


def to_json(value: Any) -> bytes:
    """Readable JSON in UTF-8."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def fragment(values: Sequence[Any]) -> bytes:
    """Items of a list at the first level of a readable JSON, for :func:`spliced`."""
    text = json.dumps(values, ensure_ascii=False, indent=2)
    return "\n".join(f"  {line}" for line in text.split("\n")[1:-1]).encode()


def spliced(head: Mapping[str, Any], key: str, parts: Iterable[bytes]) -> Iterator[bytes]:
    """:func:`to_json` of ``head`` with a list under ``key`` put together from :func:`fragment`.

    It comes in pieces: a long list is never held.
    """
    before, _, after = to_json({**head, key: []}).partition(f'\n  "{key}": []'.encode())
    yield before + f'\n  "{key}": ['.encode()
    between = b"\n"
    for part in filter(None, parts):
        yield between + part
        between = b",\n"
    yield (b"]" if between == b"\n" else b"\n  ]") + after


def blank(value: Decimal | int | None) -> str:
    """A number as text, blank when it is not known."""
    return "" if value is None else words.plain(value)


def ratio(value: Decimal | None) -> str:
    """A computed ratio with six decimals."""
    return "" if value is None else words.plain(value.quantize(RATIO_DIGITS, ROUND_HALF_UP))
