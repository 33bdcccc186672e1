"""Files for reuse: tables, indicators, judgements, workbooks, a database, an archive, metadata.

:func:`render_exports` is the map; each kind of file has a module of its own. The only user of the
writers of workbooks, archives and databases.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from scripts.exports.about import about_all, about_kpi
from scripts.exports.archive import archive, readme
from scripts.exports.cells import to_json
from scripts.exports.database import database
from scripts.exports.derived import DERIVED
from scripts.exports.descriptor import file_resource, only, published, table_resource
from scripts.exports.kpi import kpi_json, kpi_table, titled_csv
from scripts.exports.table import Table, csv_of, curated
from scripts.exports.workbook import all_workbook, kpi_workbook
from scripts.model import Package, site_of
from scripts.progress import Progress


def all_tables(package: Package, judged: Sequence[Progress]) -> tuple[Table, ...]:
    """The curated tables and those computed from them."""
    return curated(package) + tuple(make(package, judged) for make in DERIVED)


def render_exports(
    package: Package, judged: Sequence[Progress], *, data_date: date
) -> dict[str, bytes]:
    """All files below ``data/`` as ``{path: bytes}``; ``data_date``: when the data last changed."""
    site = site_of(package.descriptor)
    created = str(package.descriptor.get("created", ""))
    tables = all_tables(package, judged)
    about = about_all(site, data_date)
    files = {table.path: csv_of(table) for table in tables}
    resources = [table_resource(table, files[table.path]) for table in tables]
    for kpi in package.kpis:
        terms = [p for p in judged if p.kpi.kpi_id == kpi.kpi_id]
        series = [o for o in package.observations if o.kpi_id == kpi.kpi_id]
        table = kpi_table(package, site, kpi, series)
        stem = f"kpis/{kpi.kpi_id}"
        facts = about_kpi(package, site, kpi, terms, data_date)
        files[table.path] = titled_csv(table)
        files[f"{stem}.json"] = kpi_json(package, site, kpi, series, terms, data_date)
        files[f"{stem}.xlsx"] = kpi_workbook(table, facts, site.publisher, created)
        resources += [
            table_resource(table, files[table.path], titled=True),
            file_resource(f"{stem}.json", kpi.name, files[f"{stem}.json"]),
            file_resource(f"{stem}.xlsx", kpi.name, files[f"{stem}.xlsx"]),
        ]
    zipped = {path: content for path, content in files.items() if path.endswith(".csv")}
    inside = only(published(package.descriptor, resources), list(zipped))
    files["all.zip"] = archive(
        {
            **zipped,
            "datapackage.json": to_json(inside),
            "README.md": readme(tables, about, site.title),
        }
    )
    files["all.xlsx"] = all_workbook(tables, about, site.title, site.publisher, created)
    files["all.sqlite"] = database(tables)
    resources += [
        file_resource("all.xlsx", "すべての表（Excel）", files["all.xlsx"]),
        file_resource("all.sqlite", "すべての表（SQLite）", files["all.sqlite"]),
        file_resource("all.zip", "すべての表（CSV）", files["all.zip"]),
    ]
    files["datapackage.json"] = to_json(published(package.descriptor, resources))
    return {f"data/{path}": content for path, content in files.items()}
