"""What commands say on the terminal: problems, progress, results. The only user of stdout."""

from __future__ import annotations

import errno
import json
import os
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from functools import wraps
from typing import ParamSpec

from scripts.model import Problem

P = ParamSpec("P")

REASONS = {
    errno.ENOSPC: "ディスクがいっぱいです。いらないファイルを消して空きを作ってください。",
    errno.EDQUOT: "使ってよい容量を超えました。いらないファイルを消して空きを作ってください。",
    errno.EFBIG: "ファイルの大きさの上限を超えました。上限か、ディスクの空きを確かめてください。",
    errno.EACCES: "読み書きが許されていません。ファイルとフォルダーの権限を確かめてください。",
    errno.EPERM: "読み書きが許されていません。ファイルとフォルダーの権限を確かめてください。",
    errno.EROFS: "読み取り専用の場所です。書き込める場所で動かしてください。",
    errno.ENOENT: "ファイルかフォルダーがありません。名前と場所を確かめてください。",
    errno.EISDIR: "ファイルのはずの場所にフォルダーがあります。よけてください。",
    errno.ENOTDIR: "フォルダーのはずの場所にファイルがあります。よけてください。",
    errno.ENAMETOOLONG: "名前が長すぎます。短くしてください。",
    errno.EMFILE: "開けるファイルの数を超えました。ほかのプログラムを終えてください。",
    errno.ENOMEM: "メモリーが足りません。ほかのプログラムを終えてください。",
    errno.EIO: "ディスクの読み書きに失敗しました。ディスクの具合を確かめてください。",
}
"""What the errors of a file system mean, and what to do."""


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


def trouble(error: OSError) -> str:
    """What the file system refused, where, and what to do."""
    where = f"{error.filename}: " if error.filename else ""
    reason = (
        REASONS.get(error.errno or 0) or f"読み書きに失敗しました（{error.strerror or error}）。"
    )
    return where + reason


def answering(main: Callable[P, int]) -> Callable[P, int]:
    """Let a command end in a sentence, not in a traceback, when the machine fails it.

    A full disk, a file that must not be read or too little memory: exit code 1. Ctrl+C: 130.
    Characters that the terminal cannot show are printed as escapes.
    """

    @wraps(main)
    def run(*args: P.args, **kwargs: P.kwargs) -> int:
        for stream in (sys.stdout, sys.stderr):
            if reconfigure := getattr(stream, "reconfigure", None):
                reconfigure(errors="backslashreplace")
        try:
            return main(*args, **kwargs)
        except BrokenPipeError:  # whoever read the output has seen enough (check | head)
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        except OSError as error:
            say(f"{trouble(error)}前に作ったものは、そのまま残っています。")
            return 1
        except MemoryError:
            say(f"{REASONS[errno.ENOMEM]}前に作ったものは、そのまま残っています。")
            return 1
        except KeyboardInterrupt:
            say("\n途中で止めました。前に作ったものは、そのまま残っています。")
            return 130

    return run
