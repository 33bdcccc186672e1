"""The staff guide under test: its rows go into the tables, its commands run, what it says comes."""

from __future__ import annotations

import ast
import csv
import html
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
import yaml
from openpyxl import load_workbook

from scripts.messages import CATALOGUE, PUBLISHED
from tests.helpers import ROOT, Copy, run
from tests.runner import stand_ins
from tests.test_workflows import sessions

GUIDE = ROOT / "docs" / "guide"
PAGES = sorted(file.name for file in GUIDE.glob("*.md"))
NEEDS_A_PERSON = ("nox -s serve",)
"""Commands that run until somebody stops them."""

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A block of a page: its kind, what is in it, and the paragraph before."""

    kind: str
    text: str
    before: str


def blocks(name: str) -> Iterator[Block]:
    """The fenced blocks of a page in their order."""
    text = (GUIDE / name).read_text(encoding="utf-8")
    for match in _FENCE.finditer(text):
        paragraphs = [p for p in text[: match.start()].strip().split("\n\n") if p]
        yield Block(match[1], match[2], paragraphs[-1])


class Desk(Copy):
    """The work tree of a member of the staff: the fixture package under git, with a remote."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "town")
        self.calm()
        shutil.copytree(
            ROOT / "scripts", self.folder / "scripts", ignore=shutil.ignore_patterns("__pycache__")
        )
        for name in ("noxfile.py", "pyproject.toml", "constraints.txt", "mkdocs.yml"):
            shutil.copy(ROOT / name, self.folder)
        (self.folder / ".gitignore").write_text(".cache\n", encoding="utf-8")
        self.environment = {
            **stand_ins(folder / "bin"),
            "GIT_AUTHOR_NAME": "test",
            "GIT_AUTHOR_EMAIL": "test@example.jp",
            "GIT_COMMITTER_NAME": "test",
            "GIT_COMMITTER_EMAIL": "test@example.jp",
        }
        remote = folder / "origin.git"
        subprocess.run(["git", "init", "--quiet", "--bare", str(remote)], check=True)
        for line in (
            "git init --quiet --initial-branch=main",
            f"git remote add origin {remote}",
            "git add --all",
            "git commit --quiet --message start",
            "git push --quiet origin main",
        ):
            assert self.shell(line)[0] == 0

    def shell(self, command: str) -> tuple[int, str]:
        """Run one command line; its exit code and output."""
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return done.returncode, done.stdout

    def write_rows(self, block: Block) -> None:
        """Put the rows of a block where the paragraph before says: add, replace or take out."""
        if book := re.search(r"`(\w+\.xlsx)` の「(.+?)」", block.before):
            self.fill(self.folder / book[1], book[2], list(csv.reader(StringIO(block.text))))
            return
        table = re.search(r"`data/(\w+)\.csv`", block.before)
        assert table, f"no table is named before: {block.text}"
        if "Shift_JIS" in block.before:  # as the spreadsheet program leaves it
            lines = self.file(table[1]).read_text(encoding="utf-8") + block.text
            self.file(table[1]).write_bytes(lines.replace("\n", "\r\n").encode("cp932"))
            return
        rows = self.rows(table[1])
        header, body = rows[0], rows[1:]
        keys = self.keys(table[1])
        by_key = {tuple(row[header.index(k)] for k in keys): row for row in body}
        for row in csv.reader(StringIO(block.text)):
            assert len(row) == len(header), f"{table[1]}: {row}"
            key = tuple(row[header.index(k)] for k in keys)
            if "消す" in block.before:
                assert by_key.pop(key) == row
            else:
                assert ("足す" in block.before) == (key not in by_key), key
                by_key[key] = row
        self.write(table[1], [header, *(by_key[key] for key in sorted(by_key))])

    def fill(self, file: Path, title: str, rows: list[list[str]]) -> None:
        """Write into the cells of a workbook that are there to be filled in."""
        book = load_workbook(file)
        sheet = book[title]
        for row in rows:
            names = [cell.value for cell in sheet["A"]]
            if row[0] in names:
                number, first = names.index(row[0]) + 1, 7
                cells = row[1:]
            else:
                number, first, cells = names.index(None) + 1, 1, row
            for column, value in enumerate(cells, first):
                sheet.cell(number, column).value = value or None
        book.save(file)


@pytest.mark.parametrize(
    "name", [n for n in PAGES if any(b.kind in ("csv", "console") for b in blocks(n))]
)
def test_the_steps_of_a_page_work(name: str, tmp_path: Path) -> None:
    """Rows pass the check, commands succeed, and every line the page promises is said."""
    desk = Desk(tmp_path)
    said = ""
    for block in blocks(name):
        if block.kind == "csv":
            desk.write_rows(block)
        elif block.kind == "console":
            said = ""
            for command in block.text.splitlines():
                if command not in NEEDS_A_PERSON:
                    code, output = desk.shell(command)
                    assert code == 0, f"{command}\n{output}"
                    said += output
        elif block.kind == "text":
            lines = said.splitlines()
            for promised in block.text.splitlines():
                assert promised in lines, f"「{promised}」は出ません:\n{said}"


@pytest.mark.parametrize("name", PAGES)
def test_every_block_is_of_a_kind_that_is_tested(name: str) -> None:
    assert {block.kind for block in blocks(name)} <= {
        "csv",
        "console",
        "text",
        "yaml",
        "nginx",  # these two in test_hosting.py
        "caddyfile",
    }


@pytest.mark.parametrize("name", PAGES)
def test_every_session_that_is_named_exists(name: str) -> None:
    text = (GUIDE / name).read_text(encoding="utf-8")
    named = {
        session
        for called in re.findall(r"nox -s ((?:[a-z_]+ ?)+)", text)
        for session in shlex.split(called)
    }
    assert named <= sessions()


@pytest.mark.parametrize("name", PAGES)
def test_every_table_and_column_that_is_named_exists(name: str) -> None:
    """In code marks: a CSV is a table, and the first column of a table of columns has its names."""
    text = (GUIDE / name).read_text(encoding="utf-8")
    descriptor = yaml.safe_load((ROOT / "datapackage.json").read_text(encoding="utf-8"))
    tables = {
        r["name"]: {f["name"] for f in r["schema"]["fields"]} for r in descriptor["resources"]
    }
    assert set(re.findall(r"`(?:data/)?(\w+)\.csv`", text)) <= set(tables)
    columns = set().union(*tables.values())
    for block in re.findall(r"^\| 列 \|.*\n\|[- |]+\n((?:\|.*\n)+)", text, re.MULTILINE):
        assert set(re.findall(r"^\| `(\w+)`", block, re.MULTILINE)) <= columns


def test_every_page_is_reached_from_the_first_one() -> None:
    text = (GUIDE / "index.md").read_text(encoding="utf-8")
    assert {*PAGES, "messages.md"} - {"index.md"} <= set(re.findall(r"\]\((\w[\w-]*\.md)", text))


def test_pictures_say_in_words_what_they_show() -> None:
    """A sketch is decoration for a screen reader: its caption and the steps carry the message."""
    text = (GUIDE / "browser.md").read_text(encoding="utf-8")
    figures = re.findall(r"<figure.*?</figure>", text, re.DOTALL)
    assert len(figures) == 5
    for number, figure in enumerate(figures, 1):
        assert 'aria-hidden="true"' in figure
        caption = re.search(r"<figcaption>図(\d)　(.{20,})</figcaption>", figure)
        assert caption
        assert int(caption[1]) == number


def gitlab() -> str:
    """The settings of the page about GitLab."""
    (block,) = [block for block in blocks("gitlab.md") if block.kind == "yaml"]
    return block.text


def test_the_gitlab_settings_are_of_the_published_form(tmp_path: Path) -> None:
    file = tmp_path / ".gitlab-ci.yml"
    file.write_text(gitlab(), encoding="utf-8")
    command = ["-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci"]
    done = run(*command, "--data-transform", "gitlab-ci", str(file))
    assert done.returncode == 0, done.stdout


def test_gitlab_does_what_the_workflows_do() -> None:
    """The same sessions, and nothing is published before all of them passed."""
    used = set(re.findall(r"nox -s ((?:[a-z_]+ ?)+)", gitlab()))
    names = {name for called in used for name in called.split()}
    workflows = "".join(
        file.read_text(encoding="utf-8") for file in (ROOT / ".github" / "workflows").glob("*.yml")
    )
    called = re.findall(r"nox -s ((?:[a-z_]+ ?)+)", workflows)
    assert names == {name for c in called for name in c.split()}

    class Loader(yaml.SafeLoader):
        """Reads ``!reference``."""

    Loader.add_constructor("!reference", lambda _, node: node.value)
    jobs = yaml.load(gitlab(), Loader)  # noqa: S506 - a SafeLoader
    stages = jobs["stages"]
    assert stages.index(jobs["pages"]["stage"]) > max(
        stages.index(jobs[name]["stage"]) for name in ("data", "tests")
    )
    assert "needs" not in jobs["pages"], "needs would let it run before the stages are done"


def test_every_message_is_explained(built: dict[str, bytes]) -> None:
    """Each code of the catalogue has its place on the page, with why and how."""
    page = built["guide/messages.md"].decode()
    for entry in (*CATALOGUE.values(), *PUBLISHED.values()):
        section = page.partition(f'id="{entry.code}"')[2].partition("</section>")[0]
        section = re.sub(r'<span class="term__note".*?</span>', "", section)  # of the glossary
        section = html.unescape(re.sub(r"<[^>]+>", "", section))
        for words in (entry.title, entry.why, entry.fix, entry.wrong, entry.right):
            assert words in section, entry.code


def test_the_messages_about_published_data_are_in_the_catalogue() -> None:
    """The codes that the comparison and the watch write down, and no others."""
    made = {
        node.value
        for name in ("diff/problems.py", "watch.py")
        for node in ast.walk(ast.parse((ROOT / "scripts" / name).read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"(correction|removal|kpi|site|link)-[a-z]+", node.value)
    }
    assert made == set(PUBLISHED)
