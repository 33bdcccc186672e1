"""``python -m scripts.start DIR``: a folder with a new municipality's own site, ready to build.

What is not given as an option is asked for when a terminal is there. A folder that holds anything
is never written to, and nothing is written unless everything is. Exit 0 good, 2 wrong use.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from scripts.check import check
from scripts.command import Parser
from scripts.console import answering, say, show_problems
from scripts.load import load_package
from scripts.start.answers import QUESTIONS, Answers, Question, faults, settled, year_fault
from scripts.start.example import rows_of, table
from scripts.start.program import descriptor, repository
from scripts.tree import write_tree

ROOT = Path(__file__).resolve().parents[2]
"""The repository that a new one is made from."""

INHERITED = ("status_bands", "glossary")
"""Tables whose rows are rules and words of the site, not facts of a city."""


def package_files(root: Path, answers: Answers) -> dict[str, bytes]:
    """``datapackage.json`` and its tables."""
    ours = load_package(root / "datapackage.json").readable
    if ours is None:
        raise SystemExit(f"{root / 'datapackage.json'} を読めません。")
    made = descriptor(ours.descriptor, answers)
    rows = rows_of(answers, {name: ours.raw[name] for name in INHERITED if name in ours.raw})
    files = {r["path"]: table(r, rows.get(r["name"], [])) for r in made["resources"]}
    text = json.dumps(made, ensure_ascii=False, indent=2) + "\n"
    return {"datapackage.json": text.encode(), **files}


def sound(files: Mapping[str, bytes], today: date) -> bool:
    """Whether the new package passes its own check; says what does not."""
    with tempfile.TemporaryDirectory() as name:
        write_tree(files, Path(name) / "package")
        package, problems = check(Path(name) / "package" / "datapackage.json", today)
    show_problems(problems)
    return package is not None


def asked(question: Question, before: Mapping[str, str], today: date) -> str:
    """The answer of a person, asked until it will do; an empty line takes the default."""
    default = question.default(before, today) if question.default else None
    hint = f"例: {question.example}" if default is None else f"そのままEnter: {default or 'なし'}"
    while True:
        say(f"{question.words}（{hint}）")
        line = sys.stdin.readline()
        if not line:
            raise SystemExit("途中で終わったので、何も作りませんでした。")
        answer = line.strip() or default
        if answer is None:
            say("書いてください。")
        elif fault := question.fault(answer):
            say(f"「{answer}」は使えません。{fault}")
        else:
            return answer


def collect(given: Mapping[str, str | None], today: date, *, ask: bool) -> dict[str, str]:
    """All answers: the options, then what people say, then the defaults. May be incomplete."""
    answers: dict[str, str] = {}
    for question in QUESTIONS:
        answer = given[question.name]
        if answer is None and ask:
            answer = asked(question, answers, today)
        elif answer is None and question.default and not unknown(answers):
            answer = question.default(answers, today)
        if answer is not None:
            answers[question.name] = answer.strip()
    return answers


def unknown(answers: Mapping[str, str]) -> bool:
    """Whether an answer that others are made from is missing or cannot be used."""
    needed = [q for q in QUESTIONS if q.default is None or q.name in ("year_type", "first_year")]
    return any(
        (q.default is None and q.name not in answers)
        or (q.name in answers and q.fault(answers[q.name]))
        for q in needed
    )


def refusal(target: Path, root: Path) -> str:
    """Why the folder must not be written to, blank when it may."""
    place = target.resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        return (
            f"{target} は空ではありません。まだないフォルダーか、空のフォルダーを書いてください。"
        )
    if place.is_relative_to(root):
        return (
            f"{target} はこのリポジトリーの中です。外のフォルダーを書いてください（例: ../plan）。"
        )
    return ""


def write(target: Path, answers: Answers) -> int:
    """Make everything, check it, write it, and say what comes next."""
    files = package_files(ROOT, answers)
    if not sound(files, answers.today):
        say("作ったデータに直すところがあるため、何も書き込みませんでした。")
        return 1
    files |= repository(ROOT, answers)
    write_tree(files, target)
    for remark in answers.remarks:
        say(remark)
    say(f"{target} に「{answers['title']}」の一式（{len(files)}ファイル）を作りました。")
    say("次の3つを、順に動かしてください。")
    say(f"  cd {target}")
    say("  pip install nox")
    say("  nox -s site")
    say("そのあと、README.md の順に、記入例を自分の計画に置き換えます。")
    return 0


@answering
def main(argv: list[str] | None = None) -> int:
    """Command line."""
    parser = Parser("start", "別の自治体のサイトの一式を、新しいフォルダーに作ります。")
    parser.add_argument(
        "target", type=Path, metavar="DIR", help="作るフォルダー（空か、まだないもの）"
    )
    parser.today()
    for question in QUESTIONS:
        parser.add_argument(
            question.option, metavar="…", help=f"{question.words}（例: {question.example}）"
        )
    given = vars(parser.parse_args(argv))
    today = given["today"] or date.today()  # noqa: DTZ011 - the calendar of whoever starts
    if reason := refusal(given["target"], ROOT):
        parser.error(reason)
    answers = collect(given, today, ask=sys.stdin.isatty())
    wrong = list(faults(answers))
    if not wrong and (reason := year_fault(answers, today)):
        wrong.append(reason)
    if wrong:
        parser.error("\n  ".join(["始められません。", *wrong]))
    try:
        return write(given["target"], settled(answers, today))
    except ModuleNotFoundError as missing:
        parser.error(
            f"{missing.name} が入っていません。pip install nox のあと、"
            f"nox -s start -- {given['target']} を動かしてください。"
        )


if __name__ == "__main__":
    raise SystemExit(main())
