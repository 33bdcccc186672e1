"""Files for reuse: tables, one CSV and JSON per indicator, the judgements, the descriptor.

Published CSV carries a BOM, because Excel on Japanese Windows reads UTF-8 without one as CP932.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from scripts import words
from scripts.model import Kpi, Observation, Package, Site, site_of
from scripts.progress import Progress

BOM = b"\xef\xbb\xbf"
RATIO_DIGITS = Decimal("0.000001")


def render_exports(
    package: Package, judged: Sequence[Progress], *, today: date
) -> dict[str, bytes]:
    """All files below ``data/`` as ``{path: bytes}``."""
    site = site_of(package.descriptor)
    files = {f"data/{name}.csv": publish(package.raw[name]) for name in package.paths}
    files["data/progress.csv"] = progress_csv(judged)
    for kpi in package.kpis:
        terms = [p for p in judged if p.kpi.kpi_id == kpi.kpi_id]
        series = [o for o in package.observations if o.kpi_id == kpi.kpi_id]
        files[f"data/kpis/{kpi.kpi_id}.csv"] = kpi_csv(package, site, kpi, series)
        files[f"data/kpis/{kpi.kpi_id}.json"] = kpi_json(package, site, kpi, series, terms, today)
    files["data/datapackage.json"] = published_descriptor(package, files)
    return files


def publish(raw: bytes) -> bytes:
    """A curated table as published: the same rows, UTF-8 with BOM, LF."""
    return BOM + raw.removeprefix(BOM).replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def to_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as CSV with BOM and LF."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return BOM + text.getvalue().encode()


def to_json(value: Any) -> bytes:
    """Readable JSON in UTF-8."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def blank(value: Decimal | int | None) -> str:
    """A number as text, blank when it is not known."""
    return "" if value is None else words.plain(value)


def ratio(value: Decimal | None) -> str:
    """A computed ratio with six decimals."""
    return "" if value is None else words.plain(value.quantize(RATIO_DIGITS, ROUND_HALF_UP))


PROGRESS_COLUMNS = (
    "strategy_id",
    "kpi_id",
    "role",
    "goal_id",
    "measure_id",
    "unit",
    "baseline_year",
    "baseline_value",
    "target_year",
    "target_value",
    "target_text",
    "latest_year",
    "latest_value",
    "latest_status",
    "progress",
    "elapsed",
    "pace",
    "status_id",
    "status_label",
    "reason",
    "is_final",
)


def progress_row(item: Progress) -> dict[str, str]:
    """Every input and result of one judgement as text; ratios with six decimals."""
    latest = item.latest
    values = (
        item.target.strategy_id,
        item.kpi.kpi_id,
        item.target.role,
        item.target.goal_id,
        item.target.measure_id,
        item.kpi.unit,
        blank(item.baseline_year),
        blank(item.baseline),
        blank(item.target.target_year),
        blank(item.target.target_value),
        item.target.target_text,
        blank(latest.year if latest else None),
        blank(latest.value if latest else None),
        latest.status if latest else "",
        ratio(item.progress),
        ratio(item.elapsed),
        ratio(item.pace),
        item.status.status_id,
        item.status.label,
        item.reason,
        "true" if item.is_final else "false",
    )
    return dict(zip(PROGRESS_COLUMNS, values, strict=True))


def progress_csv(judged: Iterable[Progress]) -> bytes:
    """All judgements with their inputs."""
    return to_csv(PROGRESS_COLUMNS, (tuple(progress_row(item).values()) for item in judged))


def kpi_csv(package: Package, site: Site, kpi: Kpi, series: Sequence[Observation]) -> bytes:
    """Observations of one indicator with Japanese titles, the unit in the header."""
    titles = {s.source_id: s.title for s in package.sources}
    unit = f"({kpi.unit})" if kpi.unit else ""
    header = (
        "全国地方公共団体コード",
        "都道府県名",
        "市区町村名",
        "指標ID",
        "指標名",
        "年度" if kpi.year_type == "fiscal" else "年",
        "和暦",
        f"実績値{unit}",
        "値の状態",
        "出典",
        "出典の箇所",
        "注記",
    )
    return to_csv(
        header,
        (
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


def kpi_json(
    package: Package,
    site: Site,
    kpi: Kpi,
    series: Sequence[Observation],
    terms: Sequence[Progress],
    today: date,
) -> bytes:
    """One indicator with definition, values, targets, judgements, sources and citation.

    Values are strings of printed digits, so that no reader turns 60.0 into 60.
    """
    used = {o.source_id for o in series} | {t.target.source_id for t in terms}
    page = site.url(f"kpis/{kpi.kpi_id}/")
    return to_json(
        {
            "id": kpi.kpi_id,
            "name": kpi.name,
            "name_en": kpi.name_en,
            "reading": kpi.reading,
            "url": page,
            "area": {
                "code": site.code,
                "prefecture": site.prefecture,
                "municipality": site.municipality,
            },
            "unit": kpi.unit,
            "direction": kpi.direction,
            "accumulation": kpi.accumulation,
            "year_type": kpi.year_type,
            "as_of": kpi.as_of,
            "definition": kpi.definition,
            "caution": kpi.caution,
            "observations": [
                {
                    "year": o.year,
                    "era": words.kpi_era(o.year, kpi),
                    "value": words.plain(o.value),
                    "status": o.status,
                    "source_id": o.source_id,
                    "locator": o.locator,
                    "note": o.note,
                }
                for o in series
            ],
            "targets": [
                progress_row(t)
                | {
                    "printed_name": t.target.printed_name,
                    "baseline_note": t.target.baseline_note,
                    "target_note": t.target.target_note,
                    "source_id": t.target.source_id,
                    "locator": t.target.locator,
                    "sentence": words.sentence(t),
                }
                for t in terms
            ],
            "sources": [
                {
                    "source_id": s.source_id,
                    "title": s.title,
                    "publisher": s.publisher,
                    "published": s.published,
                    "url": s.url,
                }
                for s in package.sources
                if s.source_id in used
            ],
            "licence": {"name": site.licence_name, "url": site.licence_path},
            "citation": f"出典：「{kpi.name}」({site.publisher})({page})",
            "generated": today.isoformat(),
        }
    )


def published_descriptor(package: Package, files: Mapping[str, bytes]) -> bytes:
    """The descriptor as published beside the tables, with bytes and hash of each file."""
    resources = []
    for resource in package.descriptor["resources"]:
        content = files[f"data/{resource['name']}.csv"]
        resources.append(
            {
                **resource,
                "path": f"{resource['name']}.csv",
                "encoding": "utf-8-sig",
                "bytes": len(content),
                "hash": "sha256:" + hashlib.sha256(content).hexdigest(),
            }
        )
    return to_json({**package.descriptor, "resources": resources})
