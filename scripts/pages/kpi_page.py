"""The page of an indicator: what it shows, nothing more, so that it can be remembered.

The template gets the indicator's own records, and of the rest only :class:`Surroundings`, in which
nothing comes from the values of another indicator. A value that changes changes one such page.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any

from scripts.exports.shelf import Shelf
from scripts.history import History
from scripts.history.model import Change, Entry
from scripts.memory import Bundle, Made, Memory, stamp_of
from scripts.model import Kpi, Package, Record
from scripts.pages.environment import Renderer
from scripts.pages.views import KpiView, Views

OWN = {"kpis", "kpi_relations", "kpi_topics", "targets", "observations", "evaluations"}
"""Tables of which a page shows the rows of its own indicator."""

ROWS = (("最新の値", "observations"), ("目標と基準値", "targets"), ("名称と定義", "kpis"))
"""The rows that a page points to, and their tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiPage:
    """What the page of an indicator shows besides its view.

    ``around``: the indicators before and after it in its goal. ``sizes`` of its files for people.
    ``metadata`` gives the metadata for search engines. ``changes``: the entries of the history
    that touched it, ``None`` where no history is known. ``rows``: label, table, path, record.
    """

    around: tuple[Kpi | None, Kpi | None]
    sizes: Mapping[str, str]
    metadata: Callable[[], str]
    changes: tuple[tuple[Entry, tuple[Change, ...]], ...] | None
    complete: bool
    rows: tuple[tuple[str, str, str, Record], ...]


class Surroundings:
    """What pages of indicators show of the plan around them; ``stamp`` stands for all of it."""

    def __init__(self, views: Views, shelf: Shelf) -> None:
        self.sources = views.sources
        self.measures = views.measures
        self.strategies_by_id = views.strategies_by_id
        self.ratings = views.ratings
        self.bands = views.bands
        self.fiscal_year = views.fiscal_year
        self.plan = views.plan
        self.goal_names = {goal.goal_id: goal.current.goal.short_title for goal in views.goals}
        package = views.package
        tables = {
            table: getattr(package, table)
            for table in package.paths
            if table not in OWN and table != "glossary"
        }
        said = {k: v for k, v in package.descriptor.items() if k != "resources"}
        self.stamp = stamp_of(
            (tables, said, package.paths, self.goal_names, self.fiscal_year, shelf.data_date)
        )

    def goal_name(self, goal_id: str) -> str:
        """The short name of a goal in its latest term."""
        return self.goal_names[goal_id]


def kpi_pages(
    render: Renderer,
    views: Views,
    shelf: Shelf,
    history: History | None,
    memory: Memory,
    only: Container[str] | None = None,
) -> Iterator[tuple[str, Bundle]]:
    """The path of each page of an indicator and its bundle, in which it is named ``page``.

    ``only`` are the indicators whose pages are wanted, ``None`` for all.
    """
    around = Surroundings(views, shelf)
    for kpi in views.package.kpis:
        if only is not None and kpi.kpi_id not in only:
            continue
        view = views.kpi(kpi.kpi_id)
        page = page_of(views, view, shelf, history)
        single = shelf.single[kpi.kpi_id]
        depends_on = (
            (around.stamp, view.kpi, view.terms, view.observations, view.evaluations),
            (view.relations, view.charts and (view.charts.stamp, view.charts.pictures)),
            (page.around, page.sizes, single.name or single["page"], page.changes, page.complete),
            [(label, path, record.row) for label, _, path, record in page.rows],
        )
        make = partial(_made, render, around, view, page, shelf)
        yield f"kpis/{kpi.kpi_id}.md", memory.recall("page", depends_on, make)


def _made(
    render: Renderer, around: Surroundings, view: KpiView, page: KpiPage, shelf: Shelf
) -> Made:
    """The page itself; of the shelf only what depends on nothing but the settings."""
    narrow: dict[str, Any] = {
        "views": around,
        "shelf": SimpleNamespace(crumbs=shelf.crumbs, cite=shelf.cite),
        "history": None,
        "report": None,
        "audit": None,
    }
    return Made({"page": b"".join(render("kpi", "../../", view=view, page=page, **narrow))})


def page_of(views: Views, view: KpiView, shelf: Shelf, history: History | None) -> KpiPage:
    """What the page of an indicator shows besides its view."""
    known = history if history and history.entries else None
    return KpiPage(
        around=neighbours(views, view),
        sizes=shelf.sizes(view.kpi),
        metadata=partial(shelf.kpi_jsonld, view.kpi),
        changes=known.of(view.kpi.kpi_id) if known else None,
        complete=known.complete if known else True,
        rows=tuple(rows(views.package, view)),
    )


def neighbours(views: Views, view: KpiView) -> tuple[Kpi | None, Kpi | None]:
    """The indicators before and after this one in its goal, in the order of the plan."""
    if view.current is None:
        return None, None
    before, after = views.neighbours[view.current.strategy.strategy_id, view.kpi.kpi_id]
    return before.kpi if before else None, after.kpi if after else None


def rows(package: Package, view: KpiView) -> Iterator[tuple[str, str, str, Record]]:
    """Where the value, the target and the definition stand: label, table, path and record."""
    now = view.current
    records = now.latest if now else None, now.target if now else None, view.kpi
    for (label, table), record in zip(ROWS, records, strict=True):
        if record:
            yield label, table, package.path(table), record
