"""How every ``python -m scripts.X`` reads its arguments: one parser, which speaks Japanese.

Wrong use ends with exit code 2 and a sentence on stderr that says what to write instead.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import NoReturn

Namespace = argparse.Namespace
"""The arguments as read."""

DEFAULT = Path("datapackage.json")
"""The package of whoever types no argument: the one in this folder."""

TRANSLATIONS = (
    (r"the following arguments are required: (.+)", r"\1 を書いてください。"),
    (r"one of the arguments (.+) is required", r"\1 のどれかを書いてください。"),
    (r"unrecognized arguments: (.+)", r"\1 は使えません。"),
    (
        r"ambiguous option: (.+) could match (.+)",
        r"\1 は \2 のどれか分かりません。終わりまで書いてください。",
    ),
    (r"ignored explicit argument (.+)", r"\1 は要りません。"),
    (r"expected .*argument.*", "後ろに値を書いてください。"),
    (r"not allowed with argument (.+)", r"\1 といっしょには使えません。"),
    (r"invalid int value: '(.*)'", r"「\1」は整数ではありません。"),
    (r"invalid choice: '?(.*?)'? \(choose from (.+)\)", r"「\1」は選べません。選べるもの: \2。"),
)
"""What argparse says in English (the whole sentence, as a pattern) and what we say."""

M_MMAP_THRESHOLD = -3
"""Number of a setting of the C library: from how many bytes on memory has a place of its own."""


def hand_back() -> None:
    """Give large pieces of memory back as soon as they are free (with the C library of Linux).

    It would keep their places for the next ones, ever more of them, up to 32 MB each.
    """
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, 1 << 17)


def collect_seldom() -> None:
    """Look for rings of garbage seldom: a build holds much and makes next to none of them.

    Looking costs a tenth of a build's time.
    """
    gc.set_threshold(50_000, 20, 20)


class JapaneseFormatter(argparse.HelpFormatter):
    """Help with a Japanese heading before the usage."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        """Begin with 使い方 instead of "usage"."""
        super().add_usage(usage, actions, groups, "使い方: " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """The arguments of ``python -m scripts.NAME``, with those that several commands share."""

    def __init__(self, name: str, description: str) -> None:
        super().__init__(
            prog=f"python -m scripts.{name}",
            description=description,
            formatter_class=JapaneseFormatter,
            add_help=False,
            allow_abbrev=False,
        )
        self._positionals.title = "順に書くもの"
        self._optionals.title = "オプション"
        self.add_argument("-h", "--help", action="help", help="この説明を示して終わる")

    def package(self) -> None:
        """``PACKAGE``: the descriptor of the tables."""
        self.add_argument(
            "package",
            nargs="?",
            type=Path,
            default=DEFAULT,
            metavar="PACKAGE",
            help=f"表の定義（書かなければ、ここにある {DEFAULT}）",
        )

    def docs(self) -> None:
        """``--docs``: the hand-written pages."""
        self.place("--docs", "docs", "手で書いたページのフォルダー")

    def place(self, option: str, default: str, words: str, kind: str = "DIR") -> None:
        """A folder, or a file where ``kind`` says so."""
        self.add_argument(
            option,
            type=Path,
            default=Path(default),
            metavar=kind,
            help=f"{words}（もとは {default}）",
        )

    def today(self) -> None:
        """``--today``: the day of the run, for whoever wants the same bytes again."""
        self.add_argument(
            "--today", type=day, default=None, metavar="YYYY-MM-DD", help="今日の日付"
        )

    def form(self, *choices: str) -> None:
        """``--format``: the first choice is the default."""
        self.add_argument(
            "--format", choices=choices, default=choices[0], help=f"書き方（もとは {choices[0]}）"
        )

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments and how to get help; exit code 2."""
        self.exit(
            2,
            f"{self.format_usage()}{self.prog}: {translated(message)}\n"
            "使い方の説明は --help で見られます。\n",
        )


def translated(message: str) -> str:
    """A sentence of argparse in Japanese; sentences of our own stay as they are."""
    name, told = re.fullmatch(r"(?:argument (.+?): )?(.*)", message, re.DOTALL).groups()  # type: ignore[union-attr]
    for english, japanese in TRANSLATIONS:
        if match := re.fullmatch(english, told, re.DOTALL):
            told = match.expand(japanese)
            break
    return f"{name}: {told}" if name else told


def day(text: str) -> date:
    """A date as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"「{text}」は日付として読めません。2026-04-01 のように書いてください。"
        ) from None
