"""``python -m scripts.tidy [PACKAGE]``: mends what can be mended without guessing.

Encoding, BOM, line ends, delimiter, names and order of columns, blank rows, stray spaces,
full-width digits, thousands separators, era years, row order. Every change is shown; no value
changes.
Exit 0 good (also when nothing had to be done), 1 the package cannot be read, 2 wrong use.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scripts.check import check
from scripts.command import Parser
from scripts.console import answering, say, show_problems
from scripts.load import read_descriptor
from scripts.load.files import read_bytes
from scripts.load.tidying import Change, tidy_table
from scripts.tree import write_files


@dataclass(frozen=True, slots=True)
class Tidied:
    """A file as it should be."""

    file: Path
    content: bytes
    changes: tuple[Change, ...]


def tidy_package(descriptor: Path, resources: list[dict[str, object]]) -> list[Tidied]:
    """The tables that need mending. Reads only."""
    found: list[Tidied] = []
    for resource in resources:
        path = str(resource["path"])
        raw, _ = read_bytes(descriptor.parent, path)
        if raw is None:
            continue
        content, changes = tidy_table(path, resource, raw)
        if content != raw:
            found.append(Tidied(descriptor.parent / path, content, tuple(changes)))
    return found


def report(found: list[Tidied], *, dry_run: bool) -> None:
    """Every change, then how many."""
    for item in found:
        for change in item.changes:
            say(change.line())
    count = sum(len(item.changes) for item in found)
    if not count:
        say("直すところはありませんでした。")
    elif dry_run:
        say(f"{len(found)}ファイルの{count}か所を、このように直せます（まだ書き込んでいません）。")
    else:
        say(f"{len(found)}ファイルの{count}か所を直しました。")


def remaining(descriptor: Path, today: date) -> None:
    """What is left to people, in one line."""
    _, problems = check(descriptor, today)
    errors = sum(p.level == "error" for p in problems)
    if errors:
        say(f"ほかに{errors}件、人が直すところがあります。「nox -s check」で見られます。")
    else:
        say("公開を止める間違いは、もうありません。")


@answering
def main(argv: list[str] | None = None) -> int:
    """Command line."""
    parser = Parser("tidy", "推測せずに直せるところを直します。")
    parser.package()
    parser.add_argument("--dry-run", action="store_true", help="書き込まずに、直す内容だけを見る")
    arguments = parser.parse_args(argv)
    descriptor, problems = read_descriptor(arguments.package)
    if descriptor is None:
        show_problems(problems)
        say("表の定義が読めないので、何も直していません。")
        return 1
    found = tidy_package(arguments.package, descriptor["resources"])
    if not arguments.dry_run:
        write_files({item.file: item.content for item in found})
    report(found, dry_run=arguments.dry_run)
    if not arguments.dry_run:
        remaining(arguments.package, date.today())  # noqa: DTZ011 - the calendar of whoever edits
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
