"""The recorded test of accessibility, as the page about it shows it.

``nox -s a11y -- --write`` looks at every page in a browser and writes ``accessibility.json`` beside
``datapackage.json``; this module knows the shape of that record and the words for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from scripts.exports.cells import to_json

RECORD = "accessibility.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """One run over the whole site.

    ``runs`` counts pages × widths × colours, ``faults`` what each check found (0 is good),
    ``unsure`` in how many runs a rule could not decide, ``kinds`` the pages of each folder,
    ``opened`` how many more runs looked at pages with a part of them open.
    """

    recorded: str
    axe: str
    browser: str
    tags: tuple[str, ...]
    rules: int
    widths: tuple[int, ...]
    schemes: tuple[str, ...]
    kinds: Mapping[str, int]
    runs: int
    opened: Mapping[str, int]
    faults: Mapping[str, int]
    unsure: Mapping[str, int]

    @property
    def pages(self) -> int:
        """How many pages were looked at."""
        return sum(self.kinds.values())

    @property
    def day(self) -> date:
        """The day of the run."""
        return date.fromisoformat(self.recorded)

    @property
    def found(self) -> int:
        """How many faults were found in all."""
        return sum(self.faults.values())


CHECKS: Mapping[str, tuple[str, str]] = {
    "axe": (
        "自動の検査",
        "検査器axe-coreで、WCAG 2.2のAとAAの規則と、検査器が勧める規則を調べます。",
    ),
    "opened": (
        "開いたところ",
        "メニュー、検索、動かせる図、たたんだところ、用語の説明を開いて、もう1度調べます。",
    ),
    "picture": ("図の中の文字", "図の中の文字と背景の明るさの比が4.5以上かを測ります。"),
    "switch": ("画面の色", "明るい画面と暗い画面を切り替えられるかを見ます。"),
    "overflow": (
        "幅320ピクセル",
        "ページが横にはみ出さないかを測ります（パソコンで400%に拡大したときに当たります）。",
    ),
    "spacing": (
        "文字の間隔",
        "行間、字間、段落の間を広げて、はみ出しも切れもないかを測ります。",
    ),
    "large": ("2倍の文字", "ブラウザーの設定で文字を2倍にして、はみ出しも切れもないかを測ります。"),
    "host": (
        "ほかのサーバー",
        "ページを開いたときに、ほかのサーバーから何も読み込まないかを見ます。",
    ),
    "complaint": ("ブラウザーの警告", "エラーと、決まり（CSP）に反する動きがないかを見ます。"),
}
"""What a run looks for: the name of each check and what it does."""

OPENED: Mapping[str, str] = {
    "folded": "たたんだところ",
    "menu": "メニュー",
    "search": "検索の結果",
    "nothing": "見つからない検索",
    "chart": "動かせる図",
    "term": "用語の説明",
}
"""What a run opens."""


def kinds_of(paths: Iterable[str]) -> dict[str, int]:
    """How many pages each folder of the site holds; single pages stand under ``""``."""
    kinds: dict[str, int] = {}
    for path in paths:
        folder, below, rest = path.partition("/")
        kind = folder if below and rest else ""
        kinds[kind] = kinds.get(kind, 0) + 1
    return dict(sorted(kinds.items()))


def record_of(audit: Audit) -> bytes:
    """The record to commit."""
    return to_json(asdict(audit))


def read_record(record: bytes | None) -> Audit | None:
    """The last run; ``None`` when there is none, or none that can be read."""
    try:
        fields = json.loads((record or b"").decode("utf-8-sig"))
        values: Any = {k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()}
        audit = Audit(**values)
        date.fromisoformat(audit.recorded)
        known = audit.faults.keys() == CHECKS.keys() and audit.opened.keys() == OPENED.keys()
    except (ValueError, TypeError, AttributeError):
        return None
    return audit if audit.pages and known else None
