"""``python -m scripts.import_open_sdg DIR [--out DIR]``: an Open SDG data repository as tables.

Writes a package of its own, all or nothing, with the report beside it. Exit 0 the package passes
the check, 1 there are cells to write or mistakes to mend, 2 wrong use.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from scripts.check import check
from scripts.command import Parser
from scripts.console import answering, say, show_problems
from scripts.import_open_sdg.report import Note, Report, to_json, to_markdown, to_text
from scripts.import_open_sdg.repository import languages_of, read_repository
from scripts.import_open_sdg.rows import HOW, Decisions, Tables, some, table_file
from scripts.import_open_sdg.tables import make_tables
from scripts.load import load_package
from scripts.model import Package, site_of
from scripts.tree import write_tree

MADE = ("sources", "strategies", "goals", "measures", "kpis", "units", "targets", "observations")
"""Tables that get rows from the repository."""

KEPT = ("status_bands", "glossary")
"""Tables of the site's own rules and words, taken over with their rows."""

FORMS = {"text": to_text, "markdown": to_markdown, "json": to_json}


def import_repository(
    top: Path, base: Package, decisions: Decisions, language: str
) -> tuple[dict[str, bytes], Tables]:
    """The files of the new package, and what was made and noted on the way. Reads only."""
    report = Report(source=top.resolve().name)
    repository = read_repository(top, language, report)
    report.chosen.append(Note("config_data.yml", f"文は「{language}」のものを読みました。"))
    city = site_of(base.descriptor).municipality
    what = f"自治体の名前（{city}）、公開先、許諾は、もとにした表の定義のままです。"
    report.chosen.append(Note("datapackage.json", what))
    tables = make_tables(repository, decisions, report, report.source)
    resources = {r["name"]: r for r in base.descriptor["resources"]}
    report.rows = {table: len(tables.rows.get(table, [])) for table in MADE}
    files = {
        "datapackage.json": descriptor_of(base),
        **{resources[t]["path"]: table_file(resources[t], tables.rows.get(t, [])) for t in MADE},
        **{resources[t]["path"]: base.raw[t] for t in KEPT if t in base.raw},
    }
    for (table, column), keys in tables.blanks.items():
        report.fill.append(
            Note(f"data/{table}.csv {column}", f"{some(keys)}。", HOW[table][column])
        )
    return files, tables


def descriptor_of(base: Package) -> bytes:
    """The descriptor with the tables of the import only."""
    kept = [r for r in base.descriptor["resources"] if r["name"] in (*MADE, *KEPT)]
    whole: dict[str, Any] = {**base.descriptor, "resources": kept}
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def check_files(files: Mapping[str, bytes], tables: Tables, today: date) -> bool:
    """Check the package as it would be; what nobody was told yet goes into the report."""
    known = {(f"data/{table}.csv", column) for table, column in tables.blanks}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "package"
        write_tree(files, place)
        package, problems = check(place / "datapackage.json", today)
    tables.report.problems += [
        Note(f"{p.path}:{p.row}" if p.row else p.path, f"{p.field}: {p.message}", p.fix)
        for p in problems
        if p.level == "error" and (p.path, p.field) not in known
    ]
    return package is not None


def refusal(top: Path, out: Path) -> str:
    """Why the folders must not be used, blank when they may."""
    if not (top / "data").is_dir():
        return (
            f"{top} に data フォルダーがありません。Open SDGのデータのフォルダーを書いてください。"
        )
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        return f"--out の {out} は空ではありません。まだないフォルダーを書いてください。"
    if out.resolve().is_relative_to(top.resolve()):
        return f"--out の {out} は {top} の中です。外のフォルダーを書いてください。"
    return ""


def make_parser() -> Parser:
    """The arguments: what to read, where to write, and what only a person can say."""
    parser = Parser("import_open_sdg", "Open SDGのデータを、この形の表にします。")
    parser.add_argument("source", type=Path, metavar="DIR", help="Open SDGのデータのフォルダー")
    parser.package()
    parser.place("--out", "build/open-sdg", "表と報告を置くフォルダー")
    parser.add_argument(
        "--language", metavar="LANG", help="読む言語（書かなければ ja か、最初の言語）"
    )
    parser.add_argument("--title", default="", metavar="…", help="計画の題名")
    parser.add_argument("--first-year", default="", metavar="YEAR", help="計画の最初の年")
    parser.add_argument("--last-year", default="", metavar="YEAR", help="計画の最後の年")
    parser.add_argument("--publisher", default="", metavar="…", help="データを公開している人か課")
    for option, table, column, words in (
        ("--year-type", "kpis", "year_type", "どの指標の年も fiscal（年度）か calendar（年）"),
        ("--accumulation", "kpis", "accumulation", "どの指標の値の数え方もこれ"),
        ("--status", "observations", "status", "どの実績も final（確定）など"),
    ):
        parser.add_argument(option, default="", choices=CHOICES[table, column], help=words)
    parser.today()
    parser.form(*FORMS)
    return parser


CHOICES = {
    ("kpis", "year_type"): ("fiscal", "calendar"),
    ("kpis", "accumulation"): ("annual", "cumulative", "point", "survey", "average"),
    ("observations", "status"): ("final", "provisional", "estimate"),
}
"""The values of those columns that can be said for all rows at once."""


@answering
def main(argv: list[str] | None = None) -> int:
    """Command line."""
    parser = make_parser()
    a = parser.parse_args(argv)
    for option, year in (("--first-year", a.first_year), ("--last-year", a.last_year)):
        if year and not re.fullmatch(r"\d{4}", year, re.ASCII):
            parser.error(f"{option} の「{year}」は西暦4けたの年ではありません。")
    if reason := refusal(a.source, a.out):
        parser.error(reason)
    loaded = load_package(a.package)
    if loaded.package is None:
        show_problems(p for p in loaded.problems if p.level == "error")
        say("もとにする表の定義が読めないので、何も作りませんでした。")
        return 1
    today = a.today or date.today()  # noqa: DTZ011 - the calendar of whoever imports
    said = Decisions(
        latest=today.year,
        title=a.title,
        first_year=a.first_year,
        last_year=a.last_year,
        publisher=a.publisher,
        year_type=a.year_type,
        accumulation=a.accumulation,
        status=a.status,
    )
    languages = languages_of(a.source)
    language = a.language or ("ja" if "ja" in languages or not languages else languages[0])
    files, tables = import_repository(a.source, loaded.package, said, language)
    passes = check_files(files, tables, today)
    say(FORMS[a.format](tables.report).rstrip("\n"))
    if not tables.report.rows["kpis"]:
        say("運べる指標がないので、何も書き込みませんでした。")
        return 1
    reports = {"report.md": to_markdown(tables.report), "report.json": to_json(tables.report)}
    write_tree({**files, **{name: text.encode() for name, text in reports.items()}}, a.out)
    if a.format != "json":
        say("")
        say(f"{a.out} に書きました。" + next_step(a.out, passes=passes))
    return 0 if passes else 1


def next_step(out: Path, *, passes: bool) -> str:
    """What to do now."""
    command = f"python -m scripts.check {out / 'datapackage.json'}"
    if passes:
        return "検査を通りました。"
    return f"空のところを書いてから、{command} で確かめてください。"


if __name__ == "__main__":
    raise SystemExit(main())
