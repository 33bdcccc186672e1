"""All that is published of one indicator, made in one piece and remembered in one piece.

The files themselves, and what is said about them in the lists of everything: their entries in the
descriptor, in the catalogue and in the page. The lists are put together from these texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scripts.exports.about import about_kpi
from scripts.exports.catalogue import kpi_entry
from scripts.exports.cells import fragment
from scripts.exports.descriptor import file_resource, table_resource
from scripts.exports.kpi import kpi_json, kpi_table, titled_csv
from scripts.exports.linked import in_page, kpi_dataset
from scripts.exports.workbook import kpi_workbook
from scripts.memory import Bundle, Files, Made, Memory, stamp_of
from scripts.model import Kpi, Package, Site
from scripts.progress import Progress

PICTURES = {"svg": "図、SVG", "png": "図、PNG", "json": "図の定義、Vega-Lite"}
"""What a file of a chart is called, by the end of its name."""

KINDS = ("csv", "json", "xlsx")
"""The files of an indicator, by the ends of their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What the files of every indicator share; ``stamp`` stands for all of it."""

    package: Package
    site: Site
    data_date: date
    stamp: str

    @classmethod
    def of(cls, package: Package, site: Site, data_date: date) -> Whole:
        """What is the same for all indicators of a package."""
        said = {k: v for k, v in package.descriptor.items() if k != "resources"}
        stamp = stamp_of((site, data_date, package.sources, said))
        return cls(package=package, site=site, data_date=data_date, stamp=stamp)


def indicator(
    whole: Whole,
    kpi: Kpi,
    terms: Sequence[Progress],
    drawn: Files,
    memory: Memory,
) -> Bundle:
    """The files of an indicator by the ends of their names, and the texts of the lists.

    ``drawn`` are the pictures of this indicator, by path relative to ``data/``. Besides
    :data:`KINDS`: ``table`` and ``others`` (entries of the descriptor), ``dataset`` (of the
    catalogue) and ``page`` (metadata in the page). The facts are the sizes of the files by path.
    """
    values = whole.package.of_kpi("observations", kpi.kpi_id)
    stamps = [(path, drawn.stamp(path)) for path in drawn]
    depends_on = (whole.stamp, kpi, values, list(terms), stamps)
    return memory.recall("published", depends_on, lambda: _made(whole, kpi, terms, drawn))


def _made(whole: Whole, kpi: Kpi, terms: Sequence[Progress], drawn: Files) -> Made:
    package, site, data_date = whole.package, whole.site, whole.data_date
    values = package.of_kpi("observations", kpi.kpi_id)
    table = kpi_table(package, site, kpi, values)
    facts = about_kpi(package, site, kpi, terms, data_date)
    created = str(package.descriptor.get("created", ""))
    files = {
        "csv": titled_csv(table),
        "json": kpi_json(package, site, kpi, values, terms, data_date),
        "xlsx": kpi_workbook(table, facts, site.publisher, created),
    }
    stem = f"kpis/{kpi.kpi_id}"
    own = Files({f"{stem}.{kind}": files[kind] for kind in KINDS})
    titles = {
        table.path: f"{kpi.name}（CSV）",
        f"{stem}.json": f"{kpi.name}（JSON）",
        f"{stem}.xlsx": f"{kpi.name}（Excel）",
        **{path: f"{kpi.name}（{PICTURES[path.rpartition('.')[2]]}）" for path in drawn},
    }
    published = Files(own).lay(drawn)
    others = [
        file_resource(path, title, published.pieces(path))
        for path, title in titles.items()
        if path != table.path
    ]
    texts = {
        "table": fragment([table_resource(table, [files["csv"]], titled=True)]),
        "others": fragment(others),
        "dataset": fragment([kpi_entry(package, site, kpi, published, titles, data_date)]),
        "page": in_page(kpi_dataset(package, site, kpi, own, data_date)).encode(),
    }
    return Made(
        files={**files, **texts},
        facts={path: own.size(path) for path in own},
    )
