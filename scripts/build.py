"""``python -m scripts.build [PACKAGE] [--docs DIR] [--out DIR] [--today YYYY-MM-DD]``.

The map of the house: check → judge → draw → pages and files → one tree, written all or nothing.
Exit 0 good, 1 problems in the data, 2 wrong use.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from scripts import accessibility
from scripts.cache import forget
from scripts.charts import draw_all
from scripts.charts.files import chart_files
from scripts.charts.team import Team
from scripts.check import check, verdict
from scripts.colours import style
from scripts.command import Parser, collect_seldom, hand_back
from scripts.console import answering, say, show_problems, tell
from scripts.exports import render_notices, stock
from scripts.history import Log, history_of, read_log
from scripts.memory import NOTHING, Files, Memory, memory_of_this_program
from scripts.model import Package, Problem, site_of
from scripts.pages import render_pages
from scripts.pages.terms import explain_terms
from scripts.progress import judge_all
from scripts.readability import RECORD, Regression, measure, regressions
from scripts.rules import RULES, code_of
from scripts.search import render_search
from scripts.tree import update_tree, write_tree

ASSETS = Path(__file__).resolve().parent / "assets"


def render(
    package: Package,
    docs: Path,
    today: date,
    *,
    log: Log | None = None,
    record: bytes | None = None,
    audit: bytes | None = None,
    pngs: bool = True,
    memory: Memory = NOTHING,
) -> Files:
    """The whole staged tree by path. Same input and date → same bytes.

    ``log`` is the git history of the data, ``record`` which rules of machine readability were
    kept so far, ``audit`` the recorded test of accessibility, ``pngs`` whether pictures in pixels
    are drawn, ``memory`` what earlier builds have made. Raises
    :class:`Regression` when one of the rules is kept no more.
    """
    judged = judge_all(package)
    history = history_of(package, log)
    data_date = (history.last if history else None) or today
    with Team() as team:
        charts = draw_all(package, judged, tell, pngs=pngs, memory=memory, team=team)
        drawn = chart_files(
            package,
            judged,
            charts,
            today=data_date,
            say=say,
            pngs=pngs,
            memory=memory,
            team=team,
        )
    shelf = stock(package, judged, data_date=data_date, drawn=listed(drawn), memory=memory)
    report = measure(shelf.files, shelf.tables, shelf.series, memory)
    if worse := regressions(report, record):
        raise Regression(worse)
    pages = render_pages(
        package,
        judged,
        charts,
        rules=[(code_of(rule), rule.__doc__ or "") for rule in RULES],
        today=today,
        shelf=shelf,
        report=report,
        history=history,
        audit=accessibility.read_record(audit),
        memory=memory,
    )
    pages.lay(read_folder(docs, ""))
    accent = site_of(package.descriptor).accent
    staged = Files({"assets/site.css": stylesheet(accent), **scripts()})
    staged["assets/NOTICES.txt"] = (ASSETS / "NOTICES.txt").read_bytes()
    staged.lay(read_folder(ASSETS / "search", "assets/search/"))
    staged.lay(drawn)
    staged.lay(render_search(pages, package, judged))
    staged.lay(shelf.staged)
    staged.lay(render_notices(package, history, data_date))
    return staged.lay(explain_terms(pages, package.glossary, memory))


def stylesheet(accent: str = "") -> bytes:
    """All style sheets in the order of their names, as one file (one request for the reader)."""
    sheets = [file.read_bytes() for file in sorted((ASSETS / "css").glob("*.css"))]
    return b"\n".join([*sheets, *filter(None, [style(accent).encode()])])


def scripts() -> dict[str, bytes]:
    """The scripts of the pages: what has to run before anything is drawn, and all others as one.

    ``site`` is the file's own address for all of them; a fault in one leaves the others alone.
    """

    def source(file: Path) -> str:
        return file.read_text(encoding="utf-8").strip()

    def script(*parts: str) -> bytes:
        own = ["const site = document.currentScript.src;", source(ASSETS / "first" / "scheme.js")]
        return ('(() => {\n"use strict";\n' + "\n".join([*own, *parts]) + "\n})();\n").encode()

    first = ASSETS / "first"
    later = (f"ready(() => {{\n{source(f)}\n}});" for f in sorted((ASSETS / "js").glob("*.js")))
    return {
        "assets/js/scheme.js": script(source(first / "start.js")),
        "assets/js/site.js": script(source(first / "ready.js"), *later),
    }


def listed(drawn: Files) -> Files:
    """Pictures that the catalogue lists, by path relative to ``data/``.

    Not the PNGs: their bytes depend on the fonts of the machine, and a catalogue with their hashes
    would too.
    """
    published = drawn.below("data/")
    return published.pick(path for path in published if not path.endswith(".png"))


def read_folder(folder: Path, prefix: str) -> dict[str, bytes]:
    """The files of a folder as they are; hidden ones are left out."""
    return {
        prefix + file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not any(p.startswith(".") for p in file.relative_to(folder).parts)
    }


def garbled(docs: Path) -> Iterator[Problem]:
    """Documents that are not UTF-8, with the first line that is not."""
    for file in sorted(docs.rglob("*.md")):
        raw = file.read_bytes()
        try:
            raw.decode()
        except UnicodeDecodeError as error:
            yield Problem(
                str(file),
                raw.count(b"\n", 0, error.start) + 1,
                "",
                "encoding-error",
                "UTF-8 として読めない文字があります。",
                "文字コードを UTF-8 にして保存し直してください。",
            )


def build(
    descriptor: Path,
    docs: Path,
    out: Path,
    today: date,
    *,
    live: bool = False,
    pngs: bool = True,
) -> int:
    """Check the package and stage its pages; the old tree stays when anything is wrong."""
    package, problems = check(descriptor, today)
    show_problems(problems)
    if package is None:
        say(verdict(problems))
        say("前に作ったページはそのまま残しています。")
        return 1
    if unreadable := list(garbled(docs)):
        show_problems(unreadable)
        say("前に作ったページはそのまま残しています。")
        return 1
    kept, audit = (
        file.read_bytes() if file.is_file() else None
        for file in (descriptor.parent / RECORD, descriptor.parent / accessibility.RECORD)
    )
    try:
        files = render(
            package,
            docs,
            today,
            log=read_log(descriptor, package.paths),
            record=kept,
            audit=audit,
            pngs=pngs,
            memory=memory_of_this_program(),
        )
    except Regression as worse:
        show_problems(worse.problems)
        say("前に作ったページはそのまま残しています。")
        return 1
    done = (update_tree if live else write_tree)(files, out)
    forget()
    pages = sum(path.endswith(".md") for path in files)
    say(
        f"{out} に {done.files} ファイル（ページ {pages}、指標 {len(package.kpis)}、"
        f"実績 {len(package.observations)}）を用意しました。"
        f"変わったもの {done.changed}、消えたもの {done.removed}。"
    )
    return 0


def table_folders(package: Path) -> set[Path]:
    """Folders of the tables of a package; ``data`` beside it when it cannot be read."""
    try:
        resources = json.loads(package.read_bytes())["resources"]
        return {(package.parent / resource["path"]).parent for resource in resources}
    except (OSError, ValueError, KeyError, TypeError):
        return {package.parent / "data"}


def overlap(
    package: Path, docs: Path, places: Mapping[str, Path], kept: Iterable[Path] = ()
) -> str:
    """Why a folder must not be written to, blank when all may.

    ``places`` maps options to the folders they name: none may hold what a run reads or ``kept``,
    nor lie inside the folders of the tables and the documents, because a write empties it.
    """
    sources = [docs.resolve(), *(folder.resolve() for folder in table_folders(package))]
    inputs = [*sources, package.resolve(), *(path.resolve() for path in kept)]
    for option, named in places.items():
        place = named.resolve()
        if any(p.is_relative_to(place) for p in inputs) or any(
            place.is_relative_to(p) for p in sources
        ):
            return (
                f"{option} の {place} は、もとのファイルと重なっています。別の場所にしてください。"
            )
    return ""


def make_parser(name: str, description: str) -> Parser:
    """Arguments shared by build, site and serve."""
    parser = Parser(name, description)
    parser.package()
    parser.docs()
    parser.place("--out", "build/docs", "用意したページを置くフォルダー")
    parser.today()
    parser.add_argument(
        "--without-png",
        dest="pngs",
        action="store_false",
        help="PNGの図を作らない（初めて作るとき、かかる時間のほとんどはPNGです）",
    )
    return parser


@answering
def main(argv: list[str] | None = None) -> int:
    """Command line of the build."""
    collect_seldom()
    hand_back()
    parser = make_parser("build", "ページを用意します。")
    arguments = parser.parse_args(argv)
    if not arguments.docs.is_dir():
        parser.error(f"{arguments.docs} がありません。--docs に文書のフォルダーを書いてください。")
    if reason := overlap(arguments.package, arguments.docs, {"--out": arguments.out}, [Path.cwd()]):
        parser.error(reason)
    today = arguments.today or date.today()
    return build(arguments.package, arguments.docs, arguments.out, today, pngs=arguments.pngs)


if __name__ == "__main__":
    raise SystemExit(main())
