"""Arguments of every ``python -m scripts.X``: explained and refused in Japanese, exit code 2."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module

import pytest

from scripts.command import Parser, translated
from tests.test_house import ENTRIES

ENGLISH = re.compile(r"\b(usage|error|show this|options?|arguments?|invalid|expected|required)\b")


def main_of(name: str) -> Callable[[list[str]], int]:
    """The command line of a command, which may be a folder."""
    module = import_module(f"scripts.{name}")
    if not hasattr(module, "main"):
        module = import_module(f"scripts.{name}.__main__")
    main: Callable[[list[str]], int] = module.main
    return main


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_help_is_in_japanese_and_explains_every_argument(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main_of(name)(["--help"])
    assert end.value.code == 0
    text = capsys.readouterr().out
    assert text.startswith(f"使い方: python -m scripts.{name} ")
    assert not ENGLISH.search(text), text
    explained = re.findall(r"^  (\S.*?)(?:  +|\n {10,})\S", text, re.MULTILINE)
    listed = [line for line in text.splitlines() if re.match(r"  \S", line)]
    assert len(explained) == len(listed), text


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_wrong_use_is_said_in_japanese(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main_of(name)(["--no-such-thing", "a", "b", "c", "d"])
    assert end.value.code == 2
    text = capsys.readouterr().err
    assert not ENGLISH.search(text), text
    assert f"python -m scripts.{name}: " in text
    assert ("--no-such-thing" in text and "は使えません。" in text) or "を書いてください。" in text


CASES = [
    ("", "FILE を書いてください。"),
    ("x y", "y は使えません。"),
    ("x --form", "--form: 後ろに値を書いてください。"),
    ("x --form c", "--form: 「c」は選べません。選べるもの: "),
    ("x --number ２x", "--number: 「２x」は整数ではありません。"),
    ("x --flag=1", "--flag: '1' は要りません。"),
    ("x --one --two", "--two: --one といっしょには使えません。"),
    ("x --today soon", "--today: 「soon」は日付として読めません。"),
    ("x --today 2026-02-30", "--today: 「2026-02-30」は日付として読めません。"),
]


@pytest.mark.parametrize(("line", "sentence"), CASES)
def test_every_refusal_has_its_sentence(
    line: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = Parser("example", "例です。")
    parser.today()
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--form", choices=("a", "b"))
    parser.add_argument("--number", type=int)
    parser.add_argument("--flag", action="store_true")
    both = parser.add_mutually_exclusive_group()
    both.add_argument("--one", action="store_true")
    both.add_argument("--two", action="store_true")
    with pytest.raises(SystemExit) as end:
        parser.parse_args(line.split())
    assert end.value.code == 2
    text = capsys.readouterr().err
    assert f"python -m scripts.example: {sentence}" in text
    assert not ENGLISH.search(text), text


def test_a_sentence_of_our_own_stays() -> None:
    assert translated("docs がありません。") == "docs がありません。"
