"""What a new repository takes over from this one: the program, its settings, the shared pages."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template
from typing import Any

from scripts.start.answers import Answers
from scripts.start.licences import LICENCES

FILES = Path(__file__).resolve().parent / "files"

FOLDERS = ("scripts", "overrides", "docs/guide", "docs/assets", ".github")
TOP = "docs"
"""A folder whose own files go along, save its pages."""
SINGLE = ("LICENSE", ".gitignore", "constraints.txt", "pyproject.toml", "noxfile.py", "mkdocs.yml")
"""What is taken over; ``data/``, ``datapackage.json``, README and the other pages are made anew."""

LEFT_OUT = ("__pycache__", ".DS_Store", "screenshot.png")
SAID_ANEW = ("docs/guide/", "overrides/")
"""Texts that speak in the words of the plan."""

NEEDS_TESTS = re.compile(r"pytest|\"ruff\"|tests\.")
"""What makes a session of the noxfile useless without ``tests/``, which stay in this project."""

EMPTY_PAGES = ("projects.md", "revision.md", "achievements.md", "voices.md")
"""Pages about tables that begin empty: left out of the menu until there are rows."""

PAGES = {"README.md": "README.md", "about.md": "docs/about.md", "first.md": "docs/guide/first.md"}
"""Templates in :data:`FILES` → where they are written."""

SEARCHED = "図書館、ごみ"
"""Words that the examples are found by, shown in the empty search box."""

LOGO_COLOUR = re.compile(r'(<rect[^>]*fill=")#[0-9a-fA-F]{6}(")')


def repository(root: Path, answers: Answers) -> dict[str, bytes]:
    """Everything but the package itself, as ``{path: bytes}``."""
    files = dict(copied(root))
    for path in [p for p in files if p.startswith(SAID_ANEW) and p.endswith((".md", ".html"))]:
        files[path] = answers.terms.say(files[path].decode()).encode()
    for name, place in PAGES.items():
        files[place] = page(name, answers)
    removed, files["noxfile.py"] = without_sessions(files["noxfile.py"].decode())
    for path in [p for p in files if p.startswith(".github/workflows/")]:
        files[path] = without_steps(files[path].decode(), removed).encode()
    if answers.accent:
        for path in ("docs/assets/logo.svg", "docs/assets/favicon.svg"):
            drawn = LOGO_COLOUR.sub(rf"\g<1>{answers.accent}\g<2>", files[path].decode())
            files[path] = drawn.encode()
    there = {path.removeprefix("docs/") for path in files if path.startswith("docs/")}
    ours = {p.relative_to(root / "docs").as_posix() for p in (root / "docs").rglob("*.md")}
    files["mkdocs.yml"] = settings(files["mkdocs.yml"].decode(), answers, ours - there).encode()
    return files


def copied(root: Path) -> Iterator[tuple[str, bytes]]:
    """The files that are taken over as they are."""
    for name in SINGLE:
        yield name, (root / name).read_bytes()
    for file in sorted((root / TOP).iterdir()):
        if file.is_file() and file.suffix != ".md" and file.name not in LEFT_OUT:
            yield file.relative_to(root).as_posix(), file.read_bytes()
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            path = file.relative_to(root)
            if file.is_file() and not set(path.parts) & set(LEFT_OUT):
                yield path.as_posix(), file.read_bytes()


def page(name: str, answers: Answers) -> bytes:
    """A page of :data:`FILES` with the answers in it."""
    licence = LICENCES[answers["licence"]]
    place, terms = answers["name"], answers.terms
    standing = (
        f"このサイトは{place}が公開しています。"
        if answers.official
        else f"このサイトは{place}の公式サイトではありません。"
        f"正式な内容は、{terms.city}が公表する資料で確かめてください。"
    )
    contact = (
        f"間違いや質問は、{answers['contact']} へ知らせてください。"
        if answers["contact"]
        else "連絡先は、まだ登録していません。"
    )
    text = (FILES / name).read_text(encoding="utf-8")
    return (
        Template(text)
        .substitute(
            title=answers["title"],
            name=place,
            plan=answers["plan"],
            goal=terms.goal,
            measure=terms.measure,
            indicator=terms.indicator,
            kpi=terms.kpi,
            city=terms.city,
            first=f"{answers.first}{terms.year}",
            last=f"{answers.last}{terms.year}",
            publisher=answers["publisher"],
            standing=standing,
            contact=contact,
            licence=licence.title,
            licence_path=licence.path,
            licence_remark=licence.remark,
            homepage=answers["homepage"],
        )
        .encode()
    )


def without_sessions(noxfile: str) -> tuple[list[str], bytes]:
    """The noxfile without the sessions that need ``tests/``, and their names."""
    lines = noxfile.splitlines(keepends=True)
    removed = []
    for node in reversed(ast.parse(noxfile).body):
        if not isinstance(node, ast.FunctionDef) or not node.decorator_list:
            continue
        first = node.decorator_list[0].lineno - 1
        if NEEDS_TESTS.search("".join(lines[first : node.end_lineno])):
            removed.append(node.name)
            del lines[first : node.end_lineno]
    text = re.sub(r"\n{4,}", "\n\n\n", "".join(lines)).rstrip() + "\n"
    return sorted(removed), text.encode()


def without_steps(workflow: str, sessions: list[str]) -> str:
    """A workflow without the steps, and then the jobs, that only run these sessions of nox."""
    useless = re.compile(rf"run: nox -s(?: (?:{'|'.join(sessions)}))+$", re.MULTILINE)
    head, *jobs = re.split(r"(?m)^(?=  [\w-]+:$)", workflow.partition("\njobs:\n")[2])
    kept = []
    for job in [head, *jobs]:
        steps = re.split(r"(?m)^(?=      - )", job)
        left = [step for step in steps if not useless.search(step)]
        if len(left) == len(steps) or "run: nox " in "".join(left):
            kept.append("".join(left))
    text = workflow.partition("\njobs:\n")[0] + "\njobs:\n" + "".join(kept)
    return re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"


def settings(config: str, answers: Answers, absent: set[str]) -> str:
    """``mkdocs.yml`` with the names of the site and a menu of the pages that there are."""
    description = f"{answers['name']}{answers['plan']}の目標と指標を、根拠の数字とともに示すサイト"
    for key, value in (
        ("  search_example", SEARCHED),
        ("site_name", answers["title"]),
        ("site_url", answers["homepage"].rstrip("/") + "/"),
        ("site_description", answers.terms.say(description)),
    ):
        line = f"{key}: {json.dumps(value, ensure_ascii=False)}"
        before, _, after = re.split(rf"(?m)^({key}: .*)$", config, maxsplit=1)
        config = before + line + after
    head, nav = config.split("\nnav:\n")
    lines = [line for line in nav.splitlines() if not gone(line, absent | set(EMPTY_PAGES))]
    goals = [i for i, line in enumerate(lines) if re.search(r"- goals/[\w-]+\.md$", line)]
    goals = [i for i in goals if not lines[i].endswith("/index.md")]
    indent = re.match(" *", lines[goals[0]])
    made = [f"{indent[0] if indent else ''}- goals/goal-{n}.md" for n in numbers(answers)]
    lines[goals[0] : goals[-1] + 1] = made
    guide = next(i for i, line in enumerate(lines) if line.endswith("- guide/index.md"))
    lines.insert(guide + 1, lines[guide].replace("index.md", "first.md"))
    lines = [line if line.strip().startswith("#") else answers.terms.say(line) for line in lines]
    hidden = "".join(f"  /{name}\n" for name in EMPTY_PAGES)
    head = head.replace("not_in_nav: |\n", f"not_in_nav: |\n{hidden}", 1)
    head = "\n".join(line for line in head.splitlines() if line.strip().strip("/") not in absent)
    return f"{head}\n\nnav:\n" + "\n".join(without_empty_sections(lines)) + "\n"


def numbers(answers: Answers) -> range:
    """The numbers of the goals."""
    return range(1, int(answers["goals"]) + 1)


def gone(line: str, absent: set[str]) -> bool:
    """Whether a line of the menu names a page that is not taken over."""
    match = re.search(r"- (?:[^:]+: )?([\w/-]+\.md)$", line)
    return bool(match and match[1] in absent)


def without_empty_sections(lines: list[str]) -> list[str]:
    """The menu without headings that nothing stands below any more."""
    kept: list[str] = []
    for line in reversed(lines):
        depth = len(line) - len(line.lstrip())
        below = len(kept[-1]) - len(kept[-1].lstrip()) if kept else -1
        if line.rstrip().endswith(":") and below <= depth:
            continue
        kept.append(line)
    return kept[::-1]


def descriptor(ours: Mapping[str, Any], answers: Answers) -> dict[str, Any]:
    """``datapackage.json``: our tables, and settings of its own."""
    licence = LICENCES[answers["licence"]]
    name, plan = answers["name"], answers["plan"]
    place = {"code": answers["code"], "prefecture": answers["prefecture"], "name": name}
    made: dict[str, Any] = {
        "$schema": ours["$schema"],
        "name": answers.slug,
        "title": answers["title"],
        "description": answers.terms.say(
            f"{name}{plan}の基本目標、施策、指標、実績を、公表資料から書き写して整えたデータ。"
        ),
        "version": "0.1.0",
        "created": f"{answers.today.isoformat()}T00:00:00+09:00",
        "homepage": answers["homepage"],
        "keywords": list(dict.fromkeys([plan, answers.terms.kpi, "オープンデータ", name])),
        "licenses": [{"name": licence.name, "title": licence.title, "path": licence.path}],
        "contributors": [{"title": answers["publisher"], "roles": ["publisher", "dataCurator"]}],
        "sources": [
            {"title": f"{name}の公表資料（sources.csv に一覧）", "path": "data/sources.csv"}
        ],
        "municipality": place | ({"name_en": answers["name_en"]} if answers["name_en"] else {}),
        "official": answers.official,
        "contact": answers["contact"],
        "freshness": {"lag_months": int(answers["lag_months"])},
    }
    if answers["title_en"]:
        made["title_en"] = answers["title_en"]
    if answers["year_type"] != "fiscal":
        made["year_type"] = answers["year_type"]
    if answers.accent:
        made["accent"] = answers.accent
    if answers.words:
        made["terms"] = answers.words
    return made | {"resources": ours["resources"]}
