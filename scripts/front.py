"""Pages and files of a few indicators ahead of all else, for who has just edited their values.

They are made as the build makes them, by the same functions and with the same memory: the build
that follows finds them made.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

from scripts.charts import draw, subjects_of
from scripts.charts.files import chart_files
from scripts.charts.svg import rendered
from scripts.exports.indicator import KINDS, Whole, indicator
from scripts.exports.shelf import Series, Shelf
from scripts.history import History, commit_of, history_of, read_log
from scripts.memory import NOTHING, Files, Memory
from scripts.model import Package, site_of
from scripts.pages.environment import Renderer
from scripts.pages.kpi_page import kpi_pages
from scripts.pages.terms import explain_terms
from scripts.pages.views import Views
from scripts.progress import judge_all
from scripts.readability import Report

VALUES = ("observations", "targets", "evaluations")
"""Tables whose rows belong to one indicator each and make no page come or go."""

FEW = 12
"""More indicators than these are not ahead of anything."""


def touched(before: Package, after: Package) -> set[str] | None:
    """Indicators whose values differ; ``None`` when more differs, or too much to be quick."""
    found: set[str] = set()
    for table in after.paths:
        old, new = getattr(before, table), getattr(after, table)
        if old == new:
            continue
        if table not in VALUES:
            return None
        common = {*map(id, old)} & {*map(id, new)}  # most records of a table are those of before
        ours, theirs = ({r for r in records if id(r) not in common} for records in (old, new))
        found |= {record.kpi_id for record in ours ^ theirs}
    same = before.descriptor == after.descriptor and before.paths == after.paths
    return found if same and len(found) <= FEW else None


def front_pages(
    package: Package, only: Collection[str], today: date, history: History | None, memory: Memory
) -> Files:
    """The staged pages and files of the indicators ``only``, without pictures in pixels."""
    judged, site = judge_all(package), site_of(package.descriptor)
    data_date = (history.last if history else None) or today
    charts = {
        kpi_id: draw(subject, pngs=False, memory=memory)
        for kpi_id, subject in subjects_of(package, judged).items()
        if kpi_id in only
    }
    pictures = chart_files(
        package, judged, charts, today=data_date, say=str, pngs=False, memory=memory
    )
    drawn = pictures.below("data/")
    whole = Whole.of(package, site, data_date)
    single = {
        kpi.kpi_id: indicator(
            whole,
            kpi,
            [item for item in judged if item.kpi.kpi_id == kpi.kpi_id],
            drawn.pick(path for path in drawn if path.startswith(f"kpis/{kpi.kpi_id}.")),
            memory,
        )
        for kpi in package.kpis
        if kpi.kpi_id in only
    }
    files = Files(drawn)
    for kpi_id, bundle in single.items():
        for kind in KINDS:
            files.put(f"kpis/{kpi_id}.{kind}", bundle, kind)
    shelf = Shelf(
        package=package,
        site=site,
        files=files,
        tables=(),
        series=Series(package, site),
        single=single,
        data_date=data_date,
    )
    views = Views(package, judged, charts, today, ())
    render = Renderer(
        site=site, views=views, shelf=shelf, report=Report((), {}), history=history, audit=None
    )
    pages = Files()
    for path, bundle in kpi_pages(render, views, shelf, history, memory, only):
        pages.put(path, bundle, "page")
    ahead = pictures.pick(f"embed/{kpi_id}/index.html" for kpi_id in charts)
    ahead.lay(files, "data/")
    return ahead.lay(explain_terms(pages, package.glossary, memory))


class Past:
    """The history of the data, put into words again only after a commit or for other words."""

    def __init__(self, descriptor: Path) -> None:
        self.descriptor = descriptor
        self._made_from: tuple[str, Package] | None = None
        self._history: History | None = None

    def now(self, package: Package) -> History | None:
        """What :func:`history_of` gives for the package and the log as they are."""
        commit = commit_of(self.descriptor)
        known = self._made_from
        if not (known and commit and known[0] == commit and same_words(known[1], package)):
            self._history = history_of(package, read_log(self.descriptor, package.paths))
            self._made_from = commit, package
        return self._history


def same_words(one: Package, other: Package) -> bool:
    """Whether two packages have the same tables by the same names, and in words the same plan."""
    return (
        one.descriptor == other.descriptor
        and one.kpis == other.kpis
        and one.strategies == other.strategies
        and one.ratings == other.ratings
    )


def warm_up(package: Package, today: date) -> None:
    """Make the page of an indicator and drop it: the renderer and the templates are ready then."""
    subjects = subjects_of(package, judge_all(package))
    for kpi_id in list(subjects)[:1]:
        draw(subjects[kpi_id], rendered, pngs=False)
        front_pages(package, {kpi_id}, today, None, NOTHING)
