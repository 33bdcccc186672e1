"""Pages for those who take the data elsewhere: files, dictionary, examples, checks, history."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.exports.about import GUARD_NOTE, standing
from scripts.exports.citation import japanese_date
from scripts.exports.shelf import Shelf
from scripts.exports.table import heading
from scripts.history import History
from scripts.pages.environment import Pieces, Renderer, example
from scripts.pages.views import Views
from scripts.readability import LABELS, Report

SHOWN = 60
"""How many changes of one publication the page of changes writes out."""

EXAMPLES = (
    ("シェル（curl）", "shell", "1つのファイルを受け取り、ハッシュで確かめます。"),
    ("Python（追加のライブラリーなし）", "python", "指標のJSONと、判定のCSVを読みます。"),
    ("Python（pandas）", "pandas", "実績と指標の定義をつなぎます。"),
    ("Python（SQLite）", "sqlite", "データベースを受け取り、ビューから判定を読みます。"),
    ("R", "r", "実績を読み、折れ線の図にします。"),
    (
        "Excel（Power Query）",
        "powerquery",
        "「データ」→「データの取得」→「空のクエリ」→「詳細エディター」に貼り付けます。",
    ),
)
"""Title, file name and introduction of each example."""


def pages(render: Renderer, views: Views) -> Iterator[tuple[str, Pieces]]:
    """Paths and texts of the pages about the data itself."""
    shelf: Shelf = render.shared["shelf"]
    history: History | None = render.shared["history"]
    changed = {
        count.table: japanese_date(entry.day)
        for entry in reversed(history.entries if history else ())
        for count in entry.counts
    }
    words = {"GUARD_NOTE": GUARD_NOTE, "standing": standing}
    yield (
        "data/index.md",
        render("data", "../", changed_on=lambda name: changed.get(name, "―"), **words),
    )
    yield "data/dictionary.md", render("dictionary", "../../")
    base = shelf.site.url("data/")
    yield (
        "data/developers.md",
        render("developers", "../../", base=base, examples=list(examples(render, views)), **words),
    )
    yield (
        "data/readability.md",
        render("readability", "../../", OUTCOMES=LABELS, by_file=by_file(render.shared["report"])),
    )
    yield "updates.md", render("updates", "../", limit=SHOWN, **words)


def examples(render: Renderer, views: Views) -> Iterator[tuple[str, str, str, str]]:
    """Title, name, introduction and code of each example, about an indicator with many values."""
    shelf: Shelf = render.shared["shelf"]
    kpi = max(views.package.kpis, key=lambda k: len(views.series.get(k.kpi_id, ())))
    table = shelf.series[f"kpis/{kpi.kpi_id}.csv"]
    columns = {str(column["name"]): heading(column) for column in table.fields}
    for title, name, note in EXAMPLES:
        code = example(
            name,
            base=shelf.site.url("data/"),
            kpi=kpi,
            strategy=views.latest_strategy,
            year_title=columns["year"],
            value_title=columns["value"],
        )
        yield title, name, note, code


def by_file(report: Report) -> list[tuple[str, int, dict[str, list[str]]]]:
    """What files are called, how many they are, and the rules of each result.

    Files of the indicators with the same results stand together: ``kpis/*.csv``.
    """
    found = []
    for paths, results in report.alike():
        kinds: dict[str, list[str]] = {outcome: [] for outcome in LABELS}
        for result in results:
            kinds[result.outcome].append(result.rule_id)
        folder, _, name = paths[0].rpartition("/")
        title = f"{folder}/*.{name.partition('.')[2]}" if len(paths) > 1 else paths[0]
        found.append((title, len(paths), kinds))
    return found
