"""``python -m tests.bench.stages PACKAGE DOCS OUT RESULT``: the build with a clock on each stage.

The functions that ``scripts/build.py`` calls are wrapped, so it is the real build that is
measured; a stage that is no longer called by that name stops the bench instead of counting zero.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import scripts.build
from scripts.console import say
from tests.helpers import TODAY

STAGES = {
    "check": "読む・確かめる",
    "judge_all": "判定",
    "draw_all": "図（ページの中）",
    "chart_files": "図（ファイル）",
    "stock": "配るファイル",
    "measure": "読みやすさの点検",
    "render_pages": "ページ",
    "explain_terms": "用語の説明",
    "render_search": "検索の索引",
    "write_tree": "書く",
}
"""Functions of the build and what they are called in the table."""


def cpu() -> float:
    """CPU seconds of this process and its ended children so far."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def main(package: str, docs: str, out: str, result: str) -> int:
    """Build and write ``{stage: seconds}`` as JSON."""
    spent: dict[str, float] = {}

    def clocked(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **named: Any) -> Any:
            before = cpu()
            try:
                return function(*arguments, **named)
            finally:
                spent[name] = spent.get(name, 0.0) + cpu() - before

        return run

    for name in STAGES:
        setattr(scripts.build, name, clocked(name, getattr(scripts.build, name)))
    before = cpu()
    code = scripts.build.build(Path(package), Path(docs), Path(out), TODAY, pngs=False)
    whole = cpu() - before
    missing = STAGES.keys() - spent.keys()
    if missing:
        say(f"not called: {missing}")
        return 2
    spent["rest"] = whole - sum(spent.values())
    Path(result).write_text(json.dumps(spent), encoding="utf-8")
    return code


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
