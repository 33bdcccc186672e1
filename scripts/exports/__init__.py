"""Files for reuse: tables, indicators, judgements, workbooks, a database, an archive, metadata.

:func:`stock` is the map; each kind of file has a module of its own. The only user of the
writers of workbooks, archives and databases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from scripts.exports.about import about_all, about_kpi
from scripts.exports.archive import archive, readme
from scripts.exports.catalogue import catalogue
from scripts.exports.cells import to_json
from scripts.exports.database import database
from scripts.exports.derived import DERIVED
from scripts.exports.descriptor import file_resource, only, published, table_resource
from scripts.exports.feed import feed
from scripts.exports.kpi import kpi_json, kpi_table, titled_csv
from scripts.exports.shelf import Shelf
from scripts.exports.table import Table, by_stem, csv_of, curated
from scripts.exports.workbook import all_workbook, kpi_workbook
from scripts.history import History
from scripts.model import Package, site_of
from scripts.progress import Progress

PICTURES = {"svg": "図、SVG", "png": "図、PNG", "json": "図の定義、Vega-Lite"}
"""What a file of a chart is called, by the end of its name."""


def all_tables(package: Package, judged: Sequence[Progress]) -> tuple[Table, ...]:
    """The curated tables and those computed from them."""
    return curated(package) + tuple(make(package, judged) for make in DERIVED)


def render_notices(package: Package, history: History | None, data_date: date) -> dict[str, bytes]:
    """Files at the top of the site that tell others: the feed and the word to robots."""
    site = site_of(package.descriptor)
    robots = f"User-agent: *\nAllow: /\n\nSitemap: {site.url('sitemap.xml')}\n"
    return {"feed.xml": feed(site, history, data_date), "robots.txt": robots.encode()}


def render_exports(
    package: Package,
    judged: Sequence[Progress],
    *,
    data_date: date,
    drawn: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:
    """All files below ``data/`` as ``{path: bytes}``; see :func:`stock`."""
    return stock(package, judged, data_date=data_date, drawn=drawn).staged


def stock(
    package: Package,
    judged: Sequence[Progress],
    *,
    data_date: date,
    drawn: Mapping[str, bytes] | None = None,
) -> Shelf:
    """All published files and what is known of them; ``data_date``: the data's last change.

    ``drawn`` are files of the indicators made elsewhere (pictures), by path relative to ``data/``:
    they are published and listed with the others.
    """
    site = site_of(package.descriptor)
    created = str(package.descriptor.get("created", ""))
    tables = all_tables(package, judged)
    about = about_all(site, data_date)
    files = {table.path: csv_of(table) for table in tables}
    resources = [table_resource(table, files[table.path]) for table in tables]
    titles = {table.path: table.title for table in tables}
    series: list[Table] = []

    def add(path: str, title: str, content: bytes) -> None:
        files[path], titles[path] = content, title
        resources.append(file_resource(path, title, content))

    drawn = drawn or {}
    pictures = by_stem(drawn)
    terms_of: dict[str, list[Progress]] = {}
    for item in judged:
        terms_of.setdefault(item.kpi.kpi_id, []).append(item)
    for kpi in package.kpis:
        terms = terms_of.get(kpi.kpi_id, [])
        values = package.of_kpi("observations", kpi.kpi_id)
        table = kpi_table(package, site, kpi, values)
        stem = f"kpis/{kpi.kpi_id}"
        facts = about_kpi(package, site, kpi, terms, data_date)
        series.append(table)
        files[table.path], titles[table.path] = titled_csv(table), f"{kpi.name}（CSV）"
        resources.append(table_resource(table, files[table.path], titled=True))
        whole = kpi_json(package, site, kpi, values, terms, data_date)
        add(f"{stem}.json", f"{kpi.name}（JSON）", whole)
        book = kpi_workbook(table, facts, site.publisher, created)
        add(f"{stem}.xlsx", f"{kpi.name}（Excel）", book)
        for path in pictures.get(stem, ()):
            add(path, f"{kpi.name}（{PICTURES[path.rpartition('.')[2]]}）", drawn[path])
    zipped = {path: content for path, content in files.items() if path.endswith(".csv")}
    inside = only(published(package.descriptor, resources), list(zipped))
    bundle = {
        **zipped,
        "datapackage.json": to_json(inside),
        "README.md": readme(tables, about, site.title),
    }
    book = all_workbook(tables, about, site.title, site.publisher, created)
    add("all.xlsx", "すべての表（Excel）", book)
    add("all.zip", "すべての表（CSVと定義）", archive(bundle))
    add("all.sqlite", "すべての表（SQLite）", database(tables))
    files["datapackage.json"] = to_json(published(package.descriptor, resources))
    titles["datapackage.json"] = "データの定義（Data Package）"
    files["catalog.jsonld"] = to_json(catalogue(package, site, files, titles, data_date))
    return Shelf(
        package=package,
        site=site,
        files=files,
        tables=tables,
        series=tuple(series),
        data_date=data_date,
    )
