"""``python -m scripts.import_xlsx FILE [PACKAGE]`` and ``--template YEAR FILE [PACKAGE]``.

Reads a workbook into the tables of the package, or makes the workbook of a year to fill in. All or
nothing: when anything is wrong nothing is written. Exit 0 good, 1 something to mend, 2 wrong use.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from scripts.check import check
from scripts.command import Parser
from scripts.console import answering, say, show_problems
from scripts.import_xlsx.book import open_book
from scripts.import_xlsx.merge import Merged, at, merge_book
from scripts.import_xlsx.sheets import read_book
from scripts.import_xlsx.template import make_template
from scripts.import_xlsx.wide import make_list
from scripts.model import Package, Problem
from scripts.tree import write_file, write_files


def import_book(file: Path, descriptor: Path, today: date) -> tuple[Merged, list[Problem]]:
    """What a workbook would change in a sound package, and what is wrong with it. Reads only."""
    package, problems = check(descriptor, today)
    if package is None:
        return Merged(), [p for p in problems if p.level == "error"]
    workbook, found = open_book(file)
    if workbook is None:
        return Merged(), found
    book = read_book(file.name, workbook, package)
    merged = merge_book(file.name, book, package)
    wrong = [*book.problems, *merged.problems]
    cells = {problem.path for problem in wrong if problem.level == "error"}
    left = check_merged(merged, package, descriptor, today, known=frozenset(problems))
    wrong += [problem for problem in left if problem.path not in cells]
    return merged, sorted(set(wrong))


def check_merged(
    merged: Merged, package: Package, descriptor: Path, today: date, known: frozenset[Problem]
) -> Iterator[Problem]:
    """Check the package as it would be; places in the tables become cells of the workbook."""
    if not merged.files:
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(descriptor, folder / descriptor.name)
        for table, path in package.paths.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(merged.files.get(path, package.raw[table]))
        _, problems = check(folder / descriptor.name, today)
        said = {(p.path, p.field, p.message) for p in known}
        for problem in problems:
            if (problem.path, problem.field, problem.message) not in said:
                yield in_workbook(problem, merged, package)


def in_workbook(problem: Problem, merged: Merged, package: Package) -> Problem:
    """A problem of a row that came from the workbook, said with its cell there."""
    table = next((t for t, path in package.paths.items() if path == problem.path), None)
    content = merged.files.get(problem.path)
    if table is None or content is None or problem.row < 2:
        return problem
    resource = next(r for r in package.descriptor["resources"] if r["name"] == table)
    names = [column["name"] for column in resource["schema"]["fields"]]
    cells = dict(zip(names, row_of(content, problem.row), strict=False))
    key = tuple(cells.get(k, "") for k in resource["schema"]["primaryKey"])
    place = merged.places.get((problem.path, key))
    if place is None:
        return problem
    return replace(problem, path=at(place, problem.field), row=0)


def row_of(content: bytes, number: int) -> list[str]:
    """The cells of a line of a table."""
    import csv

    return next(csv.reader(content.decode().split("\n")[number - 1 : number]), [])


def run_import(file: Path, descriptor: Path, today: date, *, dry_run: bool) -> int:
    """Import a workbook and say what happened."""
    merged, problems = import_book(file, descriptor, today)
    errors = [p for p in problems if p.level == "error"]
    show_problems(problems)
    if errors:
        say(f"{len(errors)}件の直すところがあります。何も書き込んでいません。")
        return 1
    for change in merged.changes:
        say(change.line())
    if not merged.changes:
        say("新しい値はありませんでした。")
    elif dry_run:
        say(f"{len(merged.changes)}か所を、このように変えられます（まだ書き込んでいません）。")
    else:
        write_files({descriptor.parent / path: text for path, text in merged.files.items()})
        say(f"{'、'.join(merged.files)} の{len(merged.changes)}か所を変えました。")
    return 0


def run_template(year: int | None, file: Path, descriptor: Path, today: date) -> int:
    """Make the workbook of a year; without one, the plain list of indicators."""
    package, problems = check(descriptor, today)
    if package is None:
        show_problems(p for p in problems if p.level == "error")
        say("データに直すところがあるので、ひな形を作りませんでした。")
        return 1
    if year is None:
        write_file(file, make_list(package))
        say(f"{file} を作りました。1行に1つの指標を書き、保存して取り込んでください。")
        return 0
    write_file(file, make_template(package, year))
    say(f"{file} を作りました。色の付いたセルに書き、保存して取り込んでください。")
    return 0


@answering
def main(argv: list[str] | None = None) -> int:
    """Command line."""
    parser = Parser("import_xlsx", "Excel のブックをデータに取り込みます。")
    parser.add_argument("file", type=Path, metavar="FILE", help="ブック（.xlsx）")
    parser.package()
    parser.add_argument("--dry-run", action="store_true", help="書き込まずに、変わるところを見る")
    parser.add_argument(
        "--template", type=int, metavar="YEAR", help="その年度の実績を入力するひな形を FILE に作る"
    )
    parser.add_argument(
        "--list",
        action="store_true",
        help="指標を1行ずつ、年を列に並べる一覧のひな形を FILE に作る",
    )
    arguments = parser.parse_args(argv)
    today = date.today()  # noqa: DTZ011 - the calendar of whoever edits
    if arguments.template is not None:
        if not 1900 <= arguments.template <= 2200:
            parser.error("--template には西暦の年度を書いてください（例: 2022）。")
        if not arguments.file.parent.is_dir():
            parser.error(f"{arguments.file.parent} というフォルダーがありません。")
        return run_template(arguments.template, arguments.file, arguments.package, today)
    if arguments.list:
        return run_template(None, arguments.file, arguments.package, today)
    return run_import(arguments.file, arguments.package, today, dry_run=arguments.dry_run)


if __name__ == "__main__":
    raise SystemExit(main())
