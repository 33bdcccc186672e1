"""The documents under test: what must be named is named, and every command in them is real."""

from __future__ import annotations

import ast
import csv
import json
import re
import shlex
import shutil
from argparse import ArgumentParser
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from scripts.command import Parser
from scripts.rules import RULES, code_of
from tests.helpers import FIXTURE, ROOT
from tests.test_command_line import main_of
from tests.test_guide import Desk
from tests.test_house import ENTRIES
from tests.test_import_open_sdg import KAEDE
from tests.test_workflows import sessions

README = (ROOT / "README.md").read_text(encoding="utf-8")
HAND_WRITTEN = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


# --- what must be named -------------------------------------------------------------------------


@cache
def tables() -> dict[str, list[str]]:
    """Every table and its columns; the fixture has those of the real package."""
    descriptor = json.loads((FIXTURE / "datapackage.json").read_text(encoding="utf-8"))
    return {r["name"]: [f["name"] for f in r["schema"]["fields"]] for r in descriptor["resources"]}


COLUMNS = [f"{table}.{column}" for table, columns in tables().items() for column in columns]


@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_is_in_the_dictionary(name: str, built: dict[str, bytes]) -> None:
    """The page has a part for each table, and in it a row for each column."""
    table, column = name.split(".")
    page = built["data/dictionary.md"].decode()
    part = page.partition(f"{{#{table}}}")[2].partition("\n## ")[0]
    assert part, f"no part for {table}"
    assert f'<th scope="row"><code>{column}</code></th>' in part


@pytest.mark.parametrize("code", [code_of(rule) for rule in RULES])
def test_every_rule_is_published(code: str, built: dict[str, bytes]) -> None:
    """Its code and its sentence stand on the page about the method."""
    (rule,) = [rule for rule in RULES if code_of(rule) == code]
    page = built["method.md"].decode()
    assert code in page
    assert "".join((rule.__doc__ or "").split()) in "".join(
        re.sub("<.*?>|&#\\d+;", "", page).split()
    )


@cache
def bands() -> dict[str, str]:
    """The ids and labels of the computed grades."""
    file = FIXTURE / "data" / "status_bands.csv"
    with file.open(encoding="utf-8", newline="") as text:
        return {row["status_id"]: row["label"] for row in csv.DictReader(text)}


def test_every_test_that_notices_a_planted_fault_exists() -> None:
    page = (ROOT / "docs" / "contributing" / "testing.md").read_text(encoding="utf-8")
    named = re.findall(r"<code>(test_\w+\.py)</code><br><code>(test_\w+)</code>", page)
    assert len(named) > 20
    for file, test in named:
        assert f"\ndef {test}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), test


@pytest.mark.parametrize("status", sorted(bands()))
def test_every_status_is_explained(status: str, built: dict[str, bytes]) -> None:
    page = re.sub("<.*?>", "", built["method.md"].decode())
    assert bands()[status] in page


@pytest.mark.parametrize("session", sorted(sessions()))
def test_every_session_is_named_in_the_readme(session: str) -> None:
    """In the table of commands, with what it does."""
    assert re.search(rf"^\| `nox -s {session}\b[^|]*\| .{{8,}} \|$", README, re.MULTILINE)


@pytest.mark.parametrize("command", sorted(ENTRIES))
def test_every_command_is_named_with_its_options(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the README says can be written can be written."""
    (usage,) = re.findall(rf"^python -m scripts\.{command}(?: +(.*))?$", README, re.MULTILINE)
    with pytest.raises(SystemExit):
        main_of(command)(["--help"])
    known = set(re.findall(r"(?<![\w-])--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    assert set(re.findall(r"--[a-z-]+", usage)) <= known


# --- every command is real ----------------------------------------------------------------------


def commands_of(file: Path) -> Iterator[str]:
    """The lines of the console blocks of a page, and the commands in code marks."""
    text = file.read_text(encoding="utf-8")
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        yield from (part.strip() for line in block.splitlines() for part in line.split("&&"))
    outside = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    for code in re.findall(r"`([^`\n]+)`|<code>([^<\n]+)</code>", outside):
        if re.match(r"(nox( |$)|python -m scripts\.\w|pip install)", words := "".join(code)):
            yield words


USAGE = re.compile(r"[\[…|]|REV|PACKAGE|DIR\b")
"""What stands in a line that shows how to write a command, not a command."""

COMMANDS = sorted({c for file in HAND_WRITTEN for c in commands_of(file) if not USAGE.search(c)})

OTHERS = ("git", "cd", "pip install nox", "python -m http.server")
"""Commands of other programs; the guide's are run by its own test."""

PYTEST = {"--cov", "--update-expected"}


@cache
def module_of(session: str) -> str:
    """The ``scripts.X`` or ``tests.X`` that a session runs last."""
    tree = ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8"))
    (made,) = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == session]
    named = [
        node.value
        for node in ast.walk(made)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"(scripts|tests)\.\w+|pytest", node.value)
    ]
    return named[-1] if named else ""


class Accepted(Exception):  # noqa: N818 - nothing is wrong
    """The arguments were read without a complaint."""


def reads(module: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a command read its arguments and no more. Fails when it refuses them."""

    def parse(self: Parser, argv: list[str]) -> None:
        ArgumentParser.parse_args(self, argv)
        raise Accepted

    monkeypatch.setattr(Parser, "parse_args", parse)
    with pytest.raises(Accepted):
        main_of(module)(arguments)


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_exists_and_takes_its_arguments(
    line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if line.startswith(OTHERS):
        return
    words = shlex.split(line)
    if words[:2] == ["python", "-m"]:
        reads(words[2].removeprefix("scripts."), words[3:], monkeypatch)
        return
    if words in (["nox"], ["nox", "-l"]):
        return
    assert words[:2] == ["nox", "-s"], line
    cut = words.index("--") if "--" in words else len(words)
    named, arguments = words[2:cut], words[cut + 1 :]
    assert set(named) <= sessions()
    if arguments:
        (session,) = named
        module = module_of(session)
        if module.startswith("scripts."):
            reads(module.removeprefix("scripts."), arguments, monkeypatch)
        elif module == "pytest":
            assert all((ROOT / a).exists() or a in PYTEST for a in arguments)
        elif session == "lint":
            assert arguments == ["--fix"]
        else:
            text = (ROOT / module.replace(".", "/")).with_suffix(".py")
            source = text if text.is_file() else ROOT / module.replace(".", "/") / "__main__.py"
            options = [a for a in arguments if a.startswith("--")]
            assert all(f'"{o}"' in source.read_text(encoding="utf-8") for o in options)


CHEAP = {"check": 0, "tidy": 0, "record": 0, "diff": 0, "import_open_sdg": 1}
"""What a test can run as it is written, and how it ends: an import leaves cells to write."""


def runnable() -> list[str]:
    """A command line for each cheap command with other options that the guide's test does not run.

    That test runs the console blocks of ``docs/guide`` in the same kind of work tree.
    """
    found: dict[tuple[str, ...], str] = {}
    for file in sorted(HAND_WRITTEN, key=lambda file: "guide" not in file.parts):
        for line in commands_of(file):
            match = re.match(r"(?:nox -s|python -m scripts\.) ?(\w+)( .*)?$", line)
            if match and match[1] in CHEAP and not USAGE.search(line):
                kind = (match[1], *sorted(re.findall(r"--[a-z-]+", line)))
                found.setdefault(kind, "" if "guide" in file.parts else line)
    return [line for line in found.values() if line]


def test_cheap_commands_run_as_they_are_written(tmp_path: Path) -> None:
    """In a work tree with the package of the fixture, one after the other as a reader would."""
    desk = Desk(tmp_path / "here")
    shutil.copytree(KAEDE, tmp_path / "here" / "open-sdg-data")
    for line in runnable():
        code, output = desk.shell(line)
        name = re.split(r"[ .]", line.removeprefix("python -m scripts.").removeprefix("nox -s "))[0]
        assert code == CHEAP[name] or "build/open-sdg" in line, f"{line}\n{output}"
        assert "Traceback" not in output, output
