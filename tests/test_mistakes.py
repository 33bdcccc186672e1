"""Every mistake of :mod:`tests.mistakes`: the whole of what the check says, line by line.

The expected lines stand in ``tests/mistakes.txt``; ``pytest --update-expected`` rewrites them
(and the table for people in ``docs/contributing/mistakes.md``). Read the diff as staff would.
"""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from scripts.check import check
from scripts.console import show_problems
from scripts.import_xlsx.wide import COLUMNS
from scripts.messages import CATALOGUE, PUBLISHED, shown
from scripts.model import Problem
from scripts.rules import RULES, code_of
from tests.breaking import Mistake
from tests.helpers import FIXTURE, ROOT, TODAY, Copy, essence, known
from tests.mistakes import MISTAKES, SETTINGS

NAMES = [mistake.name for mistake in MISTAKES]
EACH = pytest.mark.parametrize("mistake", MISTAKES, ids=NAMES)
LINES = ROOT / "tests" / "mistakes.txt"
PAGE = ROOT / "docs" / "contributing" / "mistakes.md"


@cache
def found(mistake: Mistake) -> tuple[Problem, ...]:
    """What the check says about the fixture with one mistake."""
    with TemporaryDirectory() as folder:
        town = Copy(Path(folder) / "town")
        mistake.change(town)
        return tuple(p for p in check(town.descriptor, TODAY)[1] if essence(p) not in known())


def lines(mistake: Mistake) -> list[str]:
    """What is printed; lines of ``datapackage.json`` without their number, which moves."""
    return [re.sub(r"^(datapackage\.json):\d+:", r"\1:行:", p.line()) for p in found(mistake)]


def expected() -> dict[str, list[str]]:
    """The accepted lines of each mistake."""
    text = LINES.read_text(encoding="utf-8")
    blocks = [block.splitlines() for block in text.split("\n\n") if block.strip()]
    return {head.removeprefix("# "): lines for head, *lines in blocks}


def codes(said: list[str]) -> set[str]:
    """The codes at the ends of lines."""
    return {line[line.rindex("[") + 1 : -1] for line in said}


def test_the_fixture_is_sound() -> None:
    """Nothing but questions about its odd characters."""
    problems = check(FIXTURE / "datapackage.json", TODAY)[1]
    assert {(p.level, p.code) for p in problems} == {("warning", "markup-in-cell")}


def test_names_are_unique() -> None:
    assert len(set(NAMES)) == len(NAMES)


def test_write_expected(updating: bool) -> None:
    """With ``--update-expected`` accept what is said now."""
    if not updating:
        pytest.skip("compares only")
    blocks = ["\n".join([f"# {m.name}", *lines(m)]) for m in MISTAKES]
    LINES.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")


@EACH
def test_whole_output(mistake: Mistake) -> None:
    """Exactly these lines, each in Japanese, with a mend, a known code and the right level."""
    assert lines(mistake) == expected()[mistake.name]
    assert found(mistake)
    for problem in found(mistake):
        entry = CATALOGUE[problem.code]
        assert problem.level in ("error", "warning")
        if problem.code not in ("baseline-complete", "too-many-problems"):  # these say both
            assert problem.level == entry.level
        assert re.search("[ぁ-ん]", problem.message) and problem.message.endswith("。")
        assert problem.fix.endswith(("。", "）", "」")), problem
        assert "\n" not in problem.line() and len(problem.line()) < 900


@pytest.mark.parametrize("mistake", SETTINGS, ids=[m.name for m in SETTINGS])
def test_the_line_of_a_setting_shows_it(mistake: Mistake, town: Copy) -> None:
    """The number that :func:`lines` leaves out is a line with the key or value complained about."""
    mistake.change(town)
    file = town.descriptor
    text = file.read_text("utf-8", "replace").splitlines() if file.is_file() else []
    for problem in check(town.descriptor, TODAY)[1]:
        if problem.path == "datapackage.json" and problem.row and problem.value:
            assert f'"{problem.value}"' in text[problem.row - 1]


def test_nothing_is_expected_that_no_mistake_makes() -> None:
    assert list(expected()) == NAMES


def test_formats_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """Text, JSON and workflow annotations carry the same findings."""
    (mistake,) = [m for m in MISTAKES if m.name == "Excel で一日作業した結果"]
    problems = found(mistake)
    show_problems(problems, "json")
    listed: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    assert [(p["path"], p["row"], p["field"], p["code"]) for p in listed] == [
        (p.path, p.row, p.field, p.code) for p in problems
    ]
    assert {"path", "row", "field", "value", "code", "message", "fix"} <= set(listed[0])
    show_problems(problems, "github")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(problems)
    for line, problem in zip(lines, problems, strict=True):
        assert line.startswith(f"::{problem.level} file={problem.path},line={max(1, problem.row)}")
        assert f"[{problem.code}]" in line


# --- the catalogue ------------------------------------------------------------------------------


def kebab(text: object) -> bool:
    return isinstance(text, str) and re.fullmatch(r"[a-z]+(-[a-z]+)+", text) is not None


def codes_in_source() -> set[str]:
    """Codes that are written down where problems are made, read from the source."""
    found: set[str] = set()
    for folder in ("load", "rules", "import_xlsx"):
        for file in sorted((ROOT / "scripts" / folder).glob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and kebab(node.value):
                    found.add(str(node.value))
    return found - {example for _, _, example in COLUMNS.values()}


def test_every_code_is_in_the_catalogue_and_no_other() -> None:
    """The guide is made from the catalogue: a code that is not in it would not be explained."""
    made = codes_in_source() | {code_of(rule) for rule in RULES}
    assert made - set(PUBLISHED) == set(CATALOGUE)


def test_every_code_is_made_by_a_mistake() -> None:
    """A message that no mistake brings about is a check that nobody knows to work."""
    seen = set().union(*map(codes, expected().values()))
    assert set(CATALOGUE) - seen == ELSEWHERE


ELSEWHERE = {
    *("schema-error", "too-many-problems", "file-too-large"),
    *("workbook-unreadable", "sheet-unknown"),
}
"""Made in tests of their own: of bounds and of the import."""


def test_every_entry_explains() -> None:
    for entry in CATALOGUE.values():
        assert entry.title and entry.why.endswith("。") and entry.fix.endswith("。"), entry.code


def test_shown_values_are_short_and_plain() -> None:
    assert shown("１８人") == "１８人"
    assert shown("a\nb\x1b[31m\u202e") == "a\\u000ab\\u001b[31m\\u202e"
    assert len(shown("あ" * 10_000)) == 61


# --- the table for people -----------------------------------------------------------------------

INTRO = """# 間違いの一覧と、そのときのメッセージ

検査が見つける間違いの種類と、実際に出るメッセージです。
この表は tests/mistakes.py から作られ、メッセージと食い違うとテストが失敗します。

「確認」は公開できますが、間違いが多いところです。ほかは、直すまで公開されません。
"""


def page() -> str:
    """The table of mistakes: kind, caught as what, message. From the accepted lines."""
    rows = [INTRO]
    accepted = expected()
    for group in dict.fromkeys(m.group for m in MISTAKES):
        rows += [f"\n## {group}\n", "| 間違い | 見つけ方 | メッセージ |", "| --- | --- | --- |"]
        for mistake in (m for m in MISTAKES if m.group == group):
            said = accepted[mistake.name]
            kind = "確認" if all("（確認）" in line for line in said) else "誤り"
            cell = "<br>".join(map(escape, said))
            rows.append(f"| {escape(mistake.name)} | {kind} | {cell} |")
    return "\n".join(rows) + "\n"


def escape(text: str) -> str:
    """Text that stands in a Markdown table as it is."""
    return re.sub(r"([\\`*_{}\[\]()#+!|<>~&$:@^=-])", lambda m: f"&#{ord(m[0])};", text)


def test_the_table_for_people_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
