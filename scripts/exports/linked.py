"""What search engines read in a page: schema.org in JSON-LD, safe to stand inside HTML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from scripts.exports.descriptor import MEDIA, fingerprint
from scripts.memory import Files
from scripts.model import Kpi, Package, Site

SHORTEST = 50
"""Search engines want at least this many characters of description."""

_HTML = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def in_page(value: Any) -> str:
    """JSON in one line that no HTML or Markdown reader takes for anything else."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_HTML)


def organisation(site: Site) -> dict[str, Any]:
    """The publisher."""
    return {"@type": "Organization", "name": site.publisher or site.municipality, "url": site.url()}


def downloads(site: Site, files: Files) -> list[dict[str, Any]]:
    """Files of a dataset; paths relative to ``data/``."""
    known = {path: fingerprint(files.pieces(path)) for path in files}
    return [
        {
            "@type": "DataDownload",
            "name": path.rpartition("/")[2],
            "contentUrl": site.url(f"data/{path}"),
            "encodingFormat": MEDIA[path.rpartition(".")[2]],
            "contentSize": f"{found['bytes']} B",
            "sha256": found["hash"].removeprefix("sha256:"),
        }
        for path, found in known.items()
    ]


def described(site: Site, *texts: str) -> str:
    """A description long enough to be taken."""
    text = " ".join(filter(None, texts))
    if len(text) < SHORTEST:
        text += f" {site.title}の1つ。値、目標、判定、出典を、CSV、JSON、Excelで公開しています。"
    return text


def common(site: Site, package: Package, when: date, years: Sequence[int]) -> dict[str, Any]:
    """What all our datasets share."""
    made: dict[str, Any] = {
        "inLanguage": "ja",
        "isAccessibleForFree": True,
        "creator": organisation(site),
        "publisher": organisation(site),
        "datePublished": str(package.descriptor.get("created", ""))[:10] or str(when),
        "dateModified": str(when),
        "spatialCoverage": {
            "@type": "Place",
            "name": f"{site.prefecture}{site.municipality}",
            "identifier": site.code,
        },
    }
    if site.version:
        made["version"] = site.version
    if site.licence_path:
        made["license"] = site.licence_path
    if years:
        made["temporalCoverage"] = f"{min(years)}/{max(years)}"
    return made


def kpi_dataset(package: Package, site: Site, kpi: Kpi, files: Files, when: date) -> dict[str, Any]:
    """The dataset of one indicator."""
    series = package.of_kpi("observations", kpi.kpi_id)
    used = {r.source_id for r in (*series, *package.of_kpi("targets", kpi.kpi_id))}
    variable: dict[str, Any] = {"@type": "PropertyValue", "name": kpi.name}
    if kpi.unit:
        variable["unitText"] = kpi.unit
    address = site.url(f"kpis/{kpi.kpi_id}/")
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": f"{address}#dataset",
        "name": kpi.name,
        "alternateName": kpi.name_en,
        "description": described(site, kpi.definition, kpi.caution),
        "url": address,
        "identifier": kpi.kpi_id,
        "keywords": [kpi.short_name, *map(str, package.descriptor.get("keywords", ()))],
        "variableMeasured": variable,
        **common(site, package, when, [o.year for o in series]),
        "isBasedOn": [
            {"@type": "CreativeWork", "name": s.title} | ({"url": s.url} if s.url else {})
            for s in package.sources
            if s.source_id in used
        ],
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "name": site.title,
            "url": site.url("data/"),
        },
        "distribution": downloads(site, files),
    }


def whole_dataset(package: Package, site: Site, files: Files, when: date) -> dict[str, Any]:
    """The dataset of everything."""
    address = site.url("data/")
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": f"{address}#dataset",
        "name": site.title,
        "description": described(site, site.description),
        "url": address,
        "identifier": str(package.descriptor.get("name", "")),
        "keywords": [str(word) for word in package.descriptor.get("keywords", ())],
        **common(site, package, when, [o.year for o in package.observations]),
        "isBasedOn": [{"@type": "CreativeWork", "name": s.title} for s in package.sources],
        "distribution": downloads(site, files),
    }


def breadcrumbs(site: Site, steps: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The way to a page: pairs of name and path from the top of the site."""
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": site.url(path)}
            for number, (name, path) in enumerate(steps, 1)
        ],
    }
