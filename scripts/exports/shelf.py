"""What the pages say about the files: sizes, columns, codes, citations, metadata for machines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from scripts.exports.citation import Citations, citations
from scripts.exports.kpi import kpi_table
from scripts.exports.linked import breadcrumbs, in_page, whole_dataset
from scripts.exports.table import Field, Table, heading
from scripts.exports.workbook import KINDS, categories
from scripts.memory import Bundle, Files
from scripts.model import Kpi, Package, Site


class Series(Mapping[str, Table]):
    """The table of each indicator by its path, made when it is asked for."""

    def __init__(self, package: Package, site: Site) -> None:
        self._package, self._site = package, site
        self._kpis = {f"kpis/{kpi.kpi_id}.csv": kpi for kpi in package.kpis}

    def __getitem__(self, path: str) -> Table:
        """The table of a path."""
        kpi = self._kpis[path]
        values = self._package.of_kpi("observations", kpi.kpi_id)
        return kpi_table(self._package, self._site, kpi, values)

    def __iter__(self) -> Iterator[str]:
        """The paths, in the order of the indicators."""
        return iter(self._kpis)

    def __len__(self) -> int:
        """How many indicators there are."""
        return len(self._kpis)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """All published files by path relative to ``data/``, and the tables they were made from.

    ``single`` is what is published of each indicator (:mod:`scripts.exports.indicator`).
    """

    package: Package
    site: Site
    files: Files
    tables: tuple[Table, ...]
    series: Series
    single: Mapping[str, Bundle]
    data_date: date

    @property
    def staged(self) -> Files:
        """The files by their path in the site."""
        return Files().lay(self.files, "data/")

    def size(self, path: str) -> str:
        """The size of a file for people: ``812バイト``, ``12 KB``, ``1.4 MB``."""
        return size(self.files.size(path))

    def sizes(self, kpi: Kpi) -> dict[str, str]:
        """The sizes of the files of an indicator for people, by the ends of their names."""
        sizes: dict[str, int] = self.single[kpi.kpi_id].facts
        return {path.rpartition(".")[2]: size(count) for path, count in sizes.items()}

    def cite(self, kpi: Kpi) -> Citations:
        """Citations of an indicator."""
        address = self.site.url(f"kpis/{kpi.kpi_id}/")
        return citations(self.site, kpi.name, address, self.data_date)

    @property
    def cite_all(self) -> Citations:
        """Citations of the whole."""
        return citations(self.site, self.site.title, self.site.url("data/"), self.data_date)

    def kpi_jsonld(self, kpi: Kpi) -> str:
        """The dataset of an indicator for search engines."""
        return self.single[kpi.kpi_id]["page"].decode()

    @property
    def jsonld(self) -> str:
        """The dataset of the whole for search engines."""
        files = self.files.pick(path for path in self.files if "/" not in path)
        return in_page(whole_dataset(self.package, self.site, files, self.data_date))

    def crumbs(self, steps: Iterable[tuple[str, str]]) -> str:
        """The way to a page for search engines."""
        return in_page(breadcrumbs(self.site, [("ホーム", ""), *steps]))

    def heading(self, column: Field) -> str:
        """The Japanese title of a column with its unit."""
        return heading(column)

    def kind(self, column: Field) -> str:
        """The kind of the values of a column in words."""
        return KINDS.get(str(column["type"]), str(column["type"]))

    def codes(self, column: Field) -> list[tuple[str, str]]:
        """Codes of a column and what they mean."""
        return [(str(code["value"]), str(code["label"])) for code in categories(column)]

    def limits(self, column: Field) -> list[str]:
        """What the values of a column must keep to, in words."""
        return list(limits(column))

    def references(self, table: Table) -> list[tuple[str, str, str]]:
        """Columns that point to another table: columns, the table, its columns."""
        return [
            (
                "、".join(key["fields"]),
                key["reference"].get("resource") or table.name,
                "、".join(key["reference"]["fields"]),
            )
            for key in table.keys
        ]

    def title(self, name: str) -> str:
        """The Japanese title of a table."""
        return next(table.title for table in self.tables if table.name == name)


def size(count: int) -> str:
    """Bytes for people."""
    if count < 1000:
        return f"{count}バイト"
    if count < 1_000_000:
        return f"{(count + 500) // 1000} KB"
    return f"{count / 1_000_000:.1f} MB"


def limits(column: Field) -> Iterable[str]:
    """Constraints of a column in words; codes are listed elsewhere."""
    rules = column.get("constraints", {})
    if rules.get("required"):
        yield "必ず書く"
    if "minimum" in rules or "maximum" in rules:
        yield f"{rules.get('minimum', '')}〜{rules.get('maximum', '')}".strip()
    if rules.get("unique"):
        yield "重ならない"
