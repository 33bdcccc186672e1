"""The files of one indicator: its series as a table of its own, and everything about it as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from scripts import words
from scripts.exports.cells import guard, to_csv, to_json
from scripts.exports.citation import citations
from scripts.exports.derived import progress_row
from scripts.exports.table import Table, field, heading, is_text
from scripts.model import Kpi, Observation, Package, Site
from scripts.progress import Progress


def kpi_table(package: Package, site: Site, kpi: Kpi, series: Sequence[Observation]) -> Table:
    """The observations of one indicator; titles are the names, for these files are for people."""
    titles = {s.source_id: s.title for s in package.sources}
    year = "年度" if kpi.year_type == "fiscal" else "年"
    meant = "4月から翌年3月まで" if kpi.year_type == "fiscal" else "1月から12月まで"
    labels = list(words.OBSERVATION_STATUS.values())
    return Table(
        name=f"kpi-{kpi.kpi_id}",
        path=f"kpis/{kpi.kpi_id}.csv",
        title=kpi.name,
        description=kpi.definition,
        fields=(
            field(
                "area_code", "全国地方公共団体コード", "総務省の定める6桁のコード。文字として扱う。"
            ),
            field("prefecture", "都道府県名", "正式な名称。"),
            field("municipality", "市区町村名", "正式な名称。"),
            field("kpi_id", "指標ID", "指標を表す記号。"),
            field("name", "指標名", "指標の名称。"),
            field("year", year, f"値が属する{year}（西暦、{meant}）。{kpi.as_of}", "integer"),
            field("era", "和暦", "年を元号で書いたもの。改元の年は両方を書く。"),
            field("value", "実績値", kpi.definition, "number", unit=kpi.unit),
            field(
                "status", "値の状態", "、".join(labels) + "のどれか。", constraints={"enum": labels}
            ),
            field("source", "出典", "値が載っている資料の名称。"),
            field("locator", "出典の箇所", "資料の中の場所。"),
            field("note", "注記", "値についての注記。空欄はなし。"),
        ),
        rows=tuple(
            (
                site.code,
                site.prefecture,
                site.municipality,
                kpi.kpi_id,
                kpi.name,
                str(o.year),
                words.kpi_era(o.year, kpi),
                words.plain(o.value),
                words.OBSERVATION_STATUS[o.status],
                titles[o.source_id],
                o.locator,
                o.note,
            )
            for o in series
        ),
    )


def titled_csv(table: Table) -> bytes:
    """A table as CSV with Japanese titles and units above the columns."""
    texts = [is_text(column) for column in table.fields]
    return to_csv(
        [heading(column) for column in table.fields],
        (
            [guard(cell) if text else cell for cell, text in zip(row, texts, strict=True)]
            for row in table.rows
        ),
    )


def picked(record: object, *names: str) -> dict[str, Any]:
    """Fields of a record under their own names."""
    return {name: getattr(record, name) for name in names}


def kpi_json(
    package: Package,
    site: Site,
    kpi: Kpi,
    series: Sequence[Observation],
    terms: Sequence[Progress],
    data_date: date,
) -> bytes:
    """One indicator with definition, values, targets, judgements, sources and citation.

    Values are strings of printed digits, so that no reader turns 60.0 into 60.
    """
    used = {o.source_id for o in series} | {t.target.source_id for t in terms}
    page = site.url(f"kpis/{kpi.kpi_id}/")
    cited = citations(site, kpi.name, page, data_date)
    return to_json(
        {
            "id": kpi.kpi_id,
            **picked(kpi, "name", "name_en", "reading"),
            "url": page,
            "area": picked(site, "code", "prefecture", "municipality"),
            **picked(kpi, "unit", "direction", "accumulation", "year_type", "as_of", "decimals"),
            **picked(kpi, "definition", "caution"),
            "observations": [
                {
                    "year": o.year,
                    "era": words.kpi_era(o.year, kpi),
                    "value": words.plain(o.value),
                    **picked(o, "status", "source_id", "locator", "note"),
                }
                for o in series
            ],
            "targets": [
                progress_row(t)
                | picked(t.target, "printed_name", "baseline_note", "target_note")
                | picked(t.target, "source_id", "locator")
                | {"sentence": words.sentence(t)}
                for t in terms
            ],
            "sources": [
                picked(s, "source_id", "title", "publisher", "published", "url")
                for s in package.sources
                if s.source_id in used
            ],
            "licence": {"name": site.licence_name, "url": site.licence_path},
            "citation": cited.terms,
            "citations": picked(cited, "plain", "terms", "processed", "bibtex", "csl"),
            "data_date": data_date.isoformat(),
        }
    )
