"""``python -m scripts.check [PACKAGE]``: load and rules only, in seconds.

Exit 0 good, 1 problems in the data, 2 wrong use.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from scripts.command import Parser
from scripts.console import answering, columns, say, show_problems
from scripts.load import Before, limited, load_package
from scripts.load.again import NOTHING
from scripts.model import TABLES, Package, Problem
from scripts.plan import TOTAL, reconcile
from scripts.rules import check_package, check_readable
from scripts.words import number

ONE_CELL = ("ids-safe", "web-addresses")
"""Rules about one cell; where the schema has already said so, they say nothing."""

ROOT = Path(__file__).resolve().parent.parent


def check(
    descriptor: Path,
    today: date | None = None,
    *,
    raw: bool = True,
    before: Before = NOTHING,
) -> tuple[Package | None, tuple[Problem, ...]]:
    """Load a package and run every rule; the package is ``None`` when it must not be published.

    When loading finds errors, the rules that need only sound tables still run, so that as much as
    possible is said at once. Without ``today`` the rules that depend on it are left out, without
    ``raw`` the bytes of the files. ``before`` spares who checks the same package again the tables
    that have not changed; every rule runs over everything all the same.
    """
    loaded = load_package(descriptor, raw=raw, before=before)
    problems = list(loaded.problems)
    if loaded.package is not None:
        problems += check_package(loaded.package, today)
    elif loaded.readable is not None:
        said = {(p.path, p.row, p.field) for p in problems if p.level == "error" and p.row}
        found = check_readable(loaded.readable, loaded.broken, today)
        problems += [
            p for p in found if p.code not in ONE_CELL or (p.path, p.row, p.field) not in said
        ]
    broken = any(p.level == "error" for p in problems)
    return (None if broken else loaded.package), limited(problems)


def summary(package: Package) -> list[str]:
    """Counts per table, one line each."""
    titles = {r["name"]: r.get("title", r["name"]) for r in package.descriptor["resources"]}
    return [
        f"{table}（{titles[table]}）: {len(getattr(package, table))}行"
        for table in TABLES
        if table in package.paths
    ]


def reconciliation(package: Package) -> list[str]:
    """The printed totals of the project list beside the sums of its rows, as a table."""

    def printed(value: int | None) -> str:
        return "印字なし" if value is None else number(value)

    head = "年度 基本目標 行 印字 再掲 印字 予算の和 印字 差 再掲を除く"
    lines = [tuple(head.split())]
    for item in reconcile(package):
        control = item.control
        lines.append(
            (
                str(item.fiscal_year),
                "全体" if item.goal_id == TOTAL else item.goal_id,
                number(item.rows),
                printed(control.rows if control else None),
                number(item.repeats),
                printed(control.repeat_rows if control else None),
                number(item.gross),
                printed(control.budget_thousand_yen if control else None),
                number(item.difference) if control else "",
                number(item.net),
            )
        )
    return ["関連事業の突き合わせ（予算は千円）", *columns(lines)] if len(lines) > 1 else []


def verdict(problems: tuple[Problem, ...]) -> str:
    """The closing line."""
    errors = sum(p.level == "error" for p in problems)
    warnings = len(problems) - errors
    if errors:
        return f"{errors}件の直すところがあります。直すまで公開されません。" + (
            f"ほかに{warnings}件の確認するところがあります。" if warnings else ""
        )
    if warnings:
        return f"公開できます。{warnings}件の確認するところがあります。"
    return "問題は見つかりませんでした。"


@answering
def main(argv: list[str] | None = None) -> int:
    """Command line of the check."""
    parser = Parser("check", "データを検査します。")
    parser.package()
    parser.form("text", "json", "github")
    parser.today()
    arguments = parser.parse_args(argv)
    today = arguments.today or date.today()  # noqa: DTZ011
    package, problems = check(arguments.package, today, raw=False)
    show_problems(problems, arguments.format)
    if arguments.format != "json":
        if package is not None:
            for line in [*summary(package), *reconciliation(package)]:
                say(line)
        say(verdict(problems))
    return 1 if package is None else 0


if __name__ == "__main__":
    raise SystemExit(main())
