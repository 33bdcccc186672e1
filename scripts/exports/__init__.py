"""Files for reuse: tables, indicators, judgements, workbooks, a database, an archive, metadata.

:func:`stock` is the map; each kind of file has a module of its own. The only user of the
writers of workbooks, archives and databases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain

from scripts.exports.about import about_all
from scripts.exports.archive import archive, readme
from scripts.exports.catalogue import catalogue
from scripts.exports.cells import fragment
from scripts.exports.database import database
from scripts.exports.derived import DERIVED
from scripts.exports.descriptor import file_resource, published, table_resource
from scripts.exports.feed import feed
from scripts.exports.indicator import KINDS, Whole, indicator
from scripts.exports.long_book import all_workbook
from scripts.exports.shelf import Series, Shelf
from scripts.exports.table import Table, by_stem, csv_of, curated
from scripts.history import History
from scripts.memory import NOTHING, Bundle, Files, Made, Memory
from scripts.model import Package, site_of
from scripts.progress import Progress

BUNDLES = {
    "all.xlsx": "すべての表（Excel）",
    "all.zip": "すべての表（CSVと定義）",
    "all.sqlite": "すべての表（SQLite）",
}
"""Files that hold everything, and what they are called."""


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
) -> Files:
    """All files below ``data/`` as ``{path: bytes}``; see :func:`stock`."""
    return stock(package, judged, data_date=data_date, drawn=drawn).staged


def stock(
    package: Package,
    judged: Sequence[Progress],
    *,
    data_date: date,
    drawn: Mapping[str, bytes] | None = None,
    memory: Memory = NOTHING,
) -> Shelf:
    """All published files and what is known of them; ``data_date``: the data's last change.

    ``drawn`` are files of the indicators made elsewhere (pictures), by path relative to ``data/``:
    they are published and listed with the others.
    """
    site = site_of(package.descriptor)
    tables = all_tables(package, judged)
    given = Files(drawn)
    pictures = {stem: given.pick(paths) for stem, paths in by_stem(given).items()}
    terms_of: dict[str, list[Progress]] = {}
    for item in judged:
        terms_of.setdefault(item.kpi.kpi_id, []).append(item)
    whole = Whole.of(package, site, data_date)
    single = {
        kpi.kpi_id: indicator(
            whole,
            kpi,
            terms_of.get(kpi.kpi_id, []),
            pictures.get(f"kpis/{kpi.kpi_id}", Files()),
            memory,
        )
        for kpi in package.kpis
    }
    files, titles = Files(), {table.path: table.title for table in tables} | BUNDLES
    for table in tables:
        files[table.path] = csv_of(table)
    of_tables = fragment([table_resource(t, files.pieces(t.path)) for t in tables])
    for kpi_id, bundle in single.items():
        for kind in KINDS:
            files.put(f"kpis/{kpi_id}.{kind}", bundle, kind)
        files.lay(pictures.get(f"kpis/{kpi_id}", Files()))
    files.lay(in_one(whole, tables, files, of_tables, single, memory).files())
    of_files = fragment([file_resource(p, title, files.pieces(p)) for p, title in BUNDLES.items()])
    depends_on = whole.stamp, of_tables, [(path, files.stamp(path)) for path in files]

    def descriptor() -> Made:
        listed = chain([of_tables], texts(single, "table", "others"), [of_files])
        made = Files()
        made.fill("file", published(package.descriptor, listed))
        return Made(made)

    def harvest() -> Made:
        made, shown = Files(), titles | {"datapackage.json": "データの定義（Data Package）"}
        datasets = texts(single, "dataset")
        made.fill("file", catalogue(package, site, files, shown, datasets, data_date))
        return Made(made)

    for path, kind, make in (
        ("datapackage.json", "descriptor", descriptor),
        ("catalog.jsonld", "catalogue", harvest),
    ):
        files.fill(path, memory.recall(kind, depends_on, make).pieces("file"))
    return Shelf(
        package=package,
        site=site,
        files=files,
        tables=tables,
        series=Series(package, site),
        single=single,
        data_date=data_date,
    )


def texts(single: Mapping[str, Bundle], *names: str) -> Iterator[bytes]:
    """The texts of lists about every indicator."""
    return (bundle[name] for bundle in single.values() for name in names)


def in_one(
    whole: Whole,
    tables: Sequence[Table],
    files: Files,
    of_tables: bytes,
    single: Mapping[str, Bundle],
    memory: Memory,
) -> Bundle:
    """The files that hold everything: workbook, archive, database.

    ``files`` are all tables so far, ``of_tables`` what the descriptor says of those of the package.
    """
    package, site = whole.package, whole.site
    zipped = files.pick(path for path in files if path.endswith(".csv"))
    about = about_all(site, whole.data_date)

    def make() -> Made:
        created = str(package.descriptor.get("created", ""))
        bundle = Files(zipped)
        listed = chain([of_tables], texts(single, "table"))
        bundle.fill("datapackage.json", published(package.descriptor, listed))
        bundle["README.md"] = readme(tables, about, site.title)
        made = Files()
        made["all.xlsx"] = all_workbook(tables, about, site.title, site.publisher, created)
        made["all.zip"] = archive(bundle)
        made.fill("all.sqlite", database(tables))
        return Made(made)

    stamps = [(path, zipped.stamp(path)) for path in zipped]
    shape = [(t.title, t.description, t.fields, t.primary_key, t.keys) for t in tables]
    return memory.recall("all", (whole.stamp, stamps, shape), make)
