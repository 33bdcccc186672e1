"""The catalogue for harvesters: DCAT in JSON-LD, one dataset for the whole and one per indicator.

Follows the DCAT application profile; the meaning of every word is given in the file itself, so that
no reader has to fetch anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any

from scripts.exports.cells import fragment, spliced
from scripts.exports.descriptor import MEDIA, fingerprint
from scripts.memory import Files
from scripts.model import Kpi, Package, Site

AUTHORITY = "http://publications.europa.eu/resource/authority"
JAPANESE = {"@id": f"{AUTHORITY}/language/JPN"}
FORMATS = {
    "csv": "CSV",
    "json": "JSON",
    "jsonld": "JSON_LD",
    "xlsx": "XLSX",
    "svg": "SVG",
    "png": "PNG",
    "zip": "ZIP",
}
"""Words of the authority's list of file types; what is missing there is left out."""

CONTEXT: dict[str, Any] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "spdx": "http://spdx.org/rdf/terms#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "cnt": "http://www.w3.org/2011/content#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def words(text: str) -> dict[str, str]:
    """A text in Japanese."""
    return {"@value": text, "@language": "ja"}


def day(when: date | str) -> dict[str, str]:
    """A day."""
    return {"@value": str(when)[:10], "@type": "xsd:date"}


def agent(site: Site) -> dict[str, Any]:
    """The publisher, as the settings say."""
    return {
        "@id": site.url("#publisher"),
        "@type": "foaf:Agent",
        "foaf:name": words(site.publisher or site.municipality),
        "foaf:homepage": {"@id": site.url()},
    }


def contact(site: Site) -> dict[str, Any]:
    """Where to ask: the address of the settings, or the site itself when there is none."""
    found: dict[str, Any] = {
        "@id": site.url("#contact"),
        "@type": "vcard:Organization",
        "vcard:fn": words(site.publisher or site.municipality),
    }
    if "@" in site.contact:
        found["vcard:hasEmail"] = {"@id": "mailto:" + site.contact.removeprefix("mailto:")}
    else:
        found["vcard:hasURL"] = {"@id": site.contact or site.url()}
    return found


def place(site: Site) -> dict[str, Any]:
    """The municipality with its code."""
    return {
        "@id": site.url("#area"),
        "@type": "dct:Location",
        "skos:prefLabel": words(f"{site.prefecture}{site.municipality}"),
        "dct:identifier": site.code,
    }


def distribution(
    site: Site, path: str, title: str, content: Iterable[bytes], when: date
) -> dict[str, Any]:
    """One file of a dataset, given in pieces; ``path`` is relative to ``data/``."""
    form = path.rpartition(".")[2]
    address = site.url(f"data/{path}")
    known = fingerprint(content)
    made: dict[str, Any] = {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": words(title),
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{MEDIA[form]}"},
        "dcat:byteSize": {"@value": str(known["bytes"]), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {
                "@value": known["hash"].removeprefix("sha256:"),
                "@type": "xsd:hexBinary",
            },
        },
        "dct:language": JAPANESE,
        "dct:modified": day(when),
    }
    if form in FORMATS:
        made["dct:format"] = {"@id": f"{AUTHORITY}/file-type/{FORMATS[form]}"}
    if form in ("csv", "json", "jsonld"):
        made["cnt:characterEncoding"] = "UTF-8"
    if form == "csv":
        made["dct:conformsTo"] = {"@id": "https://www.rfc-editor.org/rfc/rfc4180"}
    if site.licence_path:
        made["dct:license"] = {"@id": site.licence_path}
    return made


def dataset(
    site: Site,
    *,
    address: str,
    identifier: str,
    title: str,
    description: str,
    keywords: Iterable[str],
    years: Sequence[int],
    days: tuple[str, date],
    distributions: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """One dataset; ``years`` of its values, ``days`` of issue (may be blank) and change."""
    made: dict[str, Any] = {
        "@id": f"{address}#dataset",
        "@type": "dcat:Dataset",
        "dct:identifier": identifier,
        "dct:title": words(title),
        "dct:description": words(description),
        "dct:publisher": {"@id": site.url("#publisher")},
        "dcat:contactPoint": {"@id": site.url("#contact")},
        "dct:issued": day(days[0] or days[1]),
        "dct:modified": day(days[1]),
        "dct:accrualPeriodicity": {"@id": f"{AUTHORITY}/frequency/ANNUAL"},
        "dct:accessRights": {"@id": f"{AUTHORITY}/access-right/PUBLIC"},
        "dct:language": JAPANESE,
        "dct:spatial": {"@id": site.url("#area")},
        "dcat:theme": {"@id": f"{AUTHORITY}/data-theme/GOVE"},
        "dcat:keyword": [words(word) for word in keywords if word],
        "dcat:landingPage": {"@id": address},
        "dct:conformsTo": {"@id": "https://datapackage.org/profiles/2.0/datapackage.json"},
        "dcat:distribution": list(distributions),
    }
    if years:
        made["dct:temporal"] = {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@value": f"{min(years):04}", "@type": "xsd:gYear"},
            "dcat:endDate": {"@value": f"{max(years):04}", "@type": "xsd:gYear"},
        }
    return made


def nodes(site: Site) -> list[dict[str, Any]]:
    """Things that every dataset points to, with their kinds, so that the file explains itself."""
    scheme = f"{AUTHORITY}/data-theme"
    found = [
        agent(site),
        contact(site),
        place(site),
        {"@id": scheme, "@type": "skos:ConceptScheme", "dct:title": "Data theme"},
        {
            "@id": f"{scheme}/GOVE",
            "@type": "skos:Concept",
            "skos:prefLabel": words("政府・公共部門"),
            "skos:inScheme": {"@id": scheme},
        },
        {**JAPANESE, "@type": "dct:LinguisticSystem"},
        {"@id": f"{AUTHORITY}/frequency/ANNUAL", "@type": "dct:Frequency"},
        {"@id": f"{AUTHORITY}/access-right/PUBLIC", "@type": "dct:RightsStatement"},
    ]
    if site.licence_path:
        found.append(
            {
                "@id": site.licence_path,
                "@type": "dct:LicenseDocument",
                "dct:title": words(site.licence),
            }
        )
    return found


def entries(
    site: Site, files: Files, titles: Mapping[str, str], when: date
) -> list[dict[str, Any]]:
    """The files of a dataset that have a title, by path."""
    return [
        distribution(site, path, title, files.pieces(path), when) for path, title in titles.items()
    ]


def kpi_entry(
    package: Package, site: Site, kpi: Kpi, files: Files, titles: Mapping[str, str], when: date
) -> dict[str, Any]:
    """The dataset of one indicator."""
    keywords = [str(word) for word in package.descriptor.get("keywords", ())]
    return dataset(
        site,
        address=site.url(f"kpis/{kpi.kpi_id}/"),
        identifier=kpi.kpi_id,
        title=kpi.name,
        description=" ".join(filter(None, (kpi.definition, kpi.caution))),
        keywords=[kpi.short_name, *keywords],
        years=[o.year for o in package.of_kpi("observations", kpi.kpi_id)],
        days=(str(package.descriptor.get("created", ""))[:10], when),
        distributions=entries(site, files, titles, when),
    )


def catalogue(
    package: Package,
    site: Site,
    files: Files,
    titles: Mapping[str, str],
    singles: Iterable[bytes],
    when: date,
) -> Iterator[bytes]:
    """The whole catalogue, in pieces; ``titles`` are those of the files at the top of ``data/``.

    ``singles`` are the datasets of the indicators (:func:`kpi_entry`) as fragments of JSON.
    """
    issued = str(package.descriptor.get("created", ""))[:10]
    whole = dataset(
        site,
        address=site.url("data/"),
        identifier=str(package.descriptor.get("name", "data")),
        title=site.title,
        description=site.description or site.title,
        keywords=[str(word) for word in package.descriptor.get("keywords", ())],
        years=[o.year for o in package.observations],
        days=(issued, when),
        distributions=entries(site, files, titles, when),
    )
    ids = [whole["@id"], *(site.url(f"kpis/{kpi.kpi_id}/") + "#dataset" for kpi in package.kpis)]
    head: dict[str, Any] = {
        "@id": site.url("data/catalog.jsonld"),
        "@type": "dcat:Catalog",
        "dct:title": words(site.title),
        "dct:description": words(site.description or site.title),
        "dct:publisher": {"@id": site.url("#publisher")},
        "foaf:homepage": {"@id": site.url()},
        "dct:language": JAPANESE,
        "dct:issued": day(issued or when),
        "dct:modified": day(when),
        "dct:spatial": {"@id": site.url("#area")},
        "dcat:themeTaxonomy": {"@id": f"{AUTHORITY}/data-theme"},
        "dcat:dataset": [{"@id": one} for one in ids],
    }
    if site.licence_path:
        head["dct:license"] = {"@id": site.licence_path}
    first = fragment([head, *nodes(site), whole])
    return spliced({"@context": CONTEXT}, "@graph", chain([first], singles))
