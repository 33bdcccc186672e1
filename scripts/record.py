"""``python -m scripts.record [PACKAGE] [--write]``: the report as text.

``--write`` writes ``readability.json`` beside the package: from then on a rule that it calls kept
must stay kept. Exit 0 good, 1 problems in the data or a rule that is kept no more.
"""

from __future__ import annotations

from datetime import date

from scripts.check import check
from scripts.command import Parser
from scripts.console import answering, say, show_problems
from scripts.exports import stock
from scripts.progress import judge_all
from scripts.readability import LABELS, RECORD, measure, record_of, regressions


@answering
def main(argv: list[str] | None = None) -> int:
    """Command line of the report."""
    parser = Parser("record", "機械可読性のルールを点検します。")
    parser.package()
    parser.add_argument("--write", action="store_true", help="結果を readability.json に記録する")
    arguments = parser.parse_args(argv)
    package, problems = check(arguments.package)
    if package is None:
        show_problems(problems)
        return 1
    # no rule looks at the date, so any day gives the same report
    shelf = stock(package, judge_all(package), data_date=date(2000, 1, 1))
    report = measure(shelf.files, shelf.tables, shelf.series)
    for rule in report.rules:
        say(f"{rule.rule_id} {LABELS[report.outcome(rule.rule_id)]} {rule.title}")
        for path, finding in report.failures(rule.rule_id):
            say(f"    data/{path}: {finding}")
    say("、".join(f"{LABELS[outcome]} {count}" for outcome, count in report.summary.items()))
    file = arguments.package.parent / RECORD
    if arguments.write:
        file.write_bytes(record_of(report))
        return 0
    worse = regressions(report, file.read_bytes() if file.is_file() else None)
    show_problems(worse)
    return 1 if worse else 0


if __name__ == "__main__":
    raise SystemExit(main())
