"""What commands say on the terminal: problems, progress, results. The only user of stdout."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from scripts.model import Problem


def show_problems(problems: Iterable[Problem], form: str = "text") -> None:
    """Print problems as text lines, a JSON list, or GitHub workflow annotations."""
    found = list(problems)
    if form == "json":
        print(json.dumps([asdict(p) for p in found], ensure_ascii=False, indent=2))
        return
    for problem in found:
        print(annotation(problem) if form == "github" else problem.line())


def annotation(problem: Problem) -> str:
    """A workflow command that marks the line of the file."""

    def escape(text: str, *, inner: bool = False) -> str:
        text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        return text.replace(":", "%3A").replace(",", "%2C") if inner else text

    place = f"file={escape(problem.path, inner=True)},line={max(problem.row, 1)}"
    name = f"{problem.field}: " if problem.field else ""
    text = f"{name}{problem.message}{problem.fix} [{problem.code}]"
    return f"::{problem.level} {place}::{escape(text)}"


def tell(name: str, done: int, total: int) -> None:
    """Progress of long work on a terminal; quiet when the output is piped."""
    if sys.stderr.isatty():
        print(f"\r{name} {done}/{total} ", end="\n" if done == total else "", file=sys.stderr)


def say(text: str) -> None:
    """A line for the reader."""
    print(text, flush=True)


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of cells as aligned lines, right-aligned; a full-width character is two wide."""

    def width(text: str) -> int:
        return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)

    widths = [max(map(width, cells)) for cells in zip(*rows, strict=True)]
    return [
        "  ".join(" " * (w - width(cell)) + cell for cell, w in zip(row, widths, strict=True))
        for row in rows
    ]
