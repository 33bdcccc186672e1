"""``python -m scripts.diff [REV] [PACKAGE]``: what the working data changes for the public.

REV is any name git knows; without one it is the merge base with the main branch, or HEAD.
Exit 0 good, 1 problems in the data or corrections without a reason, 2 wrong use.
"""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path, PurePosixPath

from scripts.check import check, verdict
from scripts.command import Namespace, Parser
from scripts.console import answering, say, show_problems
from scripts.diff.compare import compare
from scripts.diff.pages import compare_pages, staged_pages
from scripts.diff.report import Report, to_markdown, to_text
from scripts.diff.revision import Repository, Revision, RevisionError
from scripts.load import load_package, read_descriptor
from scripts.model import Package


@answering
def main(argv: list[str] | None = None) -> int:
    """Command line of the comparison."""
    parser = make_parser()
    arguments = parser.parse_args(argv)
    package, problems = check(arguments.package)
    if package is None:
        show_problems(problems, "github" if arguments.format == "github" else "text")
        say(verdict(problems))
        return 1
    try:
        report = make_report(package, arguments)
    except RevisionError as error:
        parser.exit(2, f"{error}\n")
    found = report.comparison.problems
    if arguments.summary:
        with arguments.summary.open("a", encoding="utf-8", newline="\n") as file:
            file.write(to_markdown(report))
    say((to_markdown if arguments.format == "markdown" else to_text)(report).rstrip("\n"))
    if found:
        say("")
        show_problems(found, "github" if arguments.format == "github" else "text")
        say(f"公開済みの値の訂正に、理由のないものが{len(found)}件あります。")
    return 1 if found else 0


def make_parser() -> Parser:
    """The arguments of the command."""
    parser = Parser("diff", "公開されるものの変わるところを示します。")
    parser.add_argument(
        "revision", nargs="?", metavar="REV", help="比べる相手（枝、タグ、コミット）"
    )
    parser.package()
    parser.docs()
    parser.form("text", "markdown", "github")
    parser.add_argument(
        "--summary", type=Path, metavar="FILE", help="Markdown をこのファイルの終わりにも書く"
    )
    parser.today()
    return parser


def make_report(package: Package, arguments: Namespace) -> Report:
    """Read the revision aside and compare. Raises :class:`RevisionError`."""
    today = arguments.today or datetime.now().astimezone().date()
    repository = Repository.around(arguments.package.resolve().parent)
    revision = repository.find(arguments.revision)
    where = repository.relative(arguments.package)
    docs = repository.relative(arguments.docs)
    if where is None:
        raise RevisionError(f"{arguments.package} は、このリポジトリーの外にあります。")
    with tempfile.TemporaryDirectory() as folder:
        old_top = Path(folder)
        repository.extract(revision, [where] + ([docs] if docs else []), old_top)
        repository.extract(revision, tables_of(old_top, where), old_top)
        old = read_old(old_top / where, revision)
        old_docs = old_top / docs if docs else arguments.docs
        return Report(
            against=revision.label,
            comparison=compare(old, package),
            pages=compare_pages(
                staged_pages(old, old_docs, today), staged_pages(package, arguments.docs, today)
            ),
            code_differs=repository.differs(revision, ["scripts", "mkdocs.yml"]),
        )


def tables_of(top: Path, where: str) -> list[str]:
    """The files that a descriptor declares, as the repository names them."""
    descriptor, _ = read_descriptor(top / where)
    folder = PurePosixPath(where).parent
    return [str(folder / r["path"]) for r in descriptor["resources"]] if descriptor else []


def read_old(descriptor: Path, revision: Revision) -> Package:
    """The package of the revision. Raises :class:`RevisionError` when it cannot be compared."""
    if not descriptor.is_file():
        raise RevisionError(
            f"{revision.label} には {descriptor.name} がありません。"
            "データのある版（例: main）を書いてください。"
        )
    loaded = load_package(descriptor)
    if loaded.package is None:
        first = next((p.line() for p in loaded.problems if p.level == "error"), "")
        raise RevisionError(
            f"{revision.label} のデータは、今の決まりでは読めないため、比べられません。\n{first}"
        )
    return loaded.package


if __name__ == "__main__":
    raise SystemExit(main())
