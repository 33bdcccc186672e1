"""The catalogue against DCAT-AP shapes, the pages' JSON-LD against our schema, files and hashes."""

from __future__ import annotations

import hashlib
import json
import re
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scripts.exports import stock
from scripts.exports.citation import citations, tex
from scripts.exports.shelf import Shelf
from scripts.model import Package, site_of
from scripts.progress import judge_all
from tests.helpers import TODAY

SCHEMAS = Path(__file__).resolve().parent / "schemas"
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>')


@pytest.fixture(scope="module", params=["fixture", "real"])
def shelf(request: pytest.FixtureRequest, package: Package, real: Package) -> Shelf:
    """The files of a package."""
    chosen = package if request.param == "fixture" else real
    return stock(chosen, judge_all(chosen), data_date=TODAY)


def conforms(catalogue: dict[str, Any]) -> tuple[bool, str]:
    """What the shapes say, without a network."""
    from pyshacl import validate

    done, _, text = validate(
        json.dumps(catalogue),
        data_graph_format="json-ld",
        shacl_graph=(SCHEMAS / "dcat-ap.ttl").read_text(encoding="utf-8"),
        shacl_graph_format="turtle",
    )
    return bool(done), str(text)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_catalogue_keeps_to_the_profile(shelf: Shelf) -> None:
    """Datasets, distributions, agents: all that DCAT-AP asks and what we promise beyond."""
    catalogue = json.loads(shelf.files["catalog.jsonld"])
    done, text = conforms(catalogue)
    assert done, text
    datasets = [node for node in catalogue["@graph"] if node["@type"] == "dcat:Dataset"]
    assert len(datasets) == len(shelf.package.kpis) + 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("dcat:Dataset", "dct:title", None),
        ("dcat:Dataset", "dct:publisher", None),
        ("dcat:Dataset", "dct:modified", {"@value": "yesterday", "@type": "xsd:string"}),
        ("dcat:Distribution", "dcat:accessURL", None),
        ("dcat:Distribution", "dcat:byteSize", {"@value": "12"}),
        ("foaf:Agent", "foaf:name", None),
    ],
)
def test_the_shapes_bite(
    package: Package, kind: str, name: str, value: dict[str, str] | None
) -> None:
    """One property away or of the wrong kind, and the catalogue is refused."""
    files = stock(package, judge_all(package), data_date=TODAY).files
    catalogue = deepcopy(json.loads(files["catalog.jsonld"]))
    nodes = [n for g in catalogue["@graph"] for n in (g, *g.get("dcat:distribution", ()))]
    node = next(n for n in nodes if n["@type"] == kind)
    if value is None:
        del node[name]
    else:
        node[name] = value
    assert not conforms(catalogue)[0]


def test_every_file_of_the_catalogue_exists_and_its_hash_fits(shelf: Shelf) -> None:
    """A harvester can check what it took."""
    catalogue = json.loads(shelf.files["catalog.jsonld"])
    seen = set()
    for node in catalogue["@graph"]:
        for item in node.get("dcat:distribution", ()):
            path = item["dcat:downloadURL"]["@id"].removeprefix(shelf.site.url("data/"))
            content = shelf.files[path]
            checksum = item["spdx:checksum"]["spdx:checksumValue"]["@value"]
            assert checksum == hashlib.sha256(content).hexdigest()
            assert int(item["dcat:byteSize"]["@value"]) == len(content)
            seen.add(path)
    assert seen == set(shelf.files) - {"catalog.jsonld"}


DATASET = {
    "type": "object",
    "required": [
        "@context",
        "@type",
        "name",
        "description",
        "url",
        "identifier",
        "license",
        "creator",
        "spatialCoverage",
        "dateModified",
        "distribution",
    ],
    "properties": {
        "@context": {"const": "https://schema.org"},
        "@type": {"const": "Dataset"},
        "name": {"type": "string", "minLength": 1},
        "description": {"type": "string", "minLength": 50, "maxLength": 5000},
        "url": {"type": "string", "pattern": "^https://"},
        "license": {"type": "string", "pattern": "^https://"},
        "temporalCoverage": {"type": "string", "pattern": r"^\d{4}/\d{4}$"},
        "dateModified": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
        "creator": {"type": "object", "required": ["@type", "name"]},
        "distribution": {
            "type": "array",
            "minItems": 3,
            "items": {
                "type": "object",
                "required": ["@type", "contentUrl", "encodingFormat"],
                "properties": {
                    "@type": {"const": "DataDownload"},
                    "contentUrl": {"type": "string", "pattern": "^https://"},
                    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                },
            },
        },
    },
}
"""What search engines ask of a dataset."""


def linked(page: bytes) -> list[dict[str, Any]]:
    """The JSON-LD of a staged page."""
    return [json.loads(text) for text in SCRIPT.findall(page.decode())]


def test_pages_carry_their_dataset_and_the_way_to_them(
    built: dict[str, bytes], package: Package
) -> None:
    """schema.org on each indicator and on the data page; breadcrumbs on pages below others."""
    from jsonschema import validate

    pages = ["data/index.md", *(f"kpis/{kpi.kpi_id}.md" for kpi in package.kpis)]
    for page in pages:
        kinds = {item["@type"]: item for item in linked(built[page])}
        validate(kinds["Dataset"], DATASET)
        home = site_of(package.descriptor).url()
        assert kinds["Dataset"]["url"].startswith(home)
        for download in kinds["Dataset"]["distribution"]:
            assert download["contentUrl"].removeprefix(home) in built
    for page in ("data/dictionary.md", "data/developers.md", "data/readability.md"):
        (crumbs,) = linked(built[page])
        places = [item["position"] for item in crumbs["itemListElement"]]
        assert places == list(range(1, len(places) + 1))


def test_robots_are_shown_the_way(built: dict[str, bytes], package: Package) -> None:
    """Everything may be read, and the list of pages is named."""
    text = built["robots.txt"].decode()
    assert "Disallow" not in text
    assert f"Sitemap: {site_of(package.descriptor).url('sitemap.xml')}\n" in text


def test_citations_of_one_page(package: Package) -> None:
    """The forms people paste, by hand."""
    site = site_of(package.descriptor)
    made = citations(site, "数 & 値", "https://example.jp/kpis/a-b/", date(2026, 3, 5))
    assert made.terms == (
        f"出典：「数 & 値」({site.publisher})(https://example.jp/kpis/a-b/)"
        "(2026年3月5日時点のデータを○年○月○日に利用)"
    )
    assert made.processed.endswith("を加工して作成")
    assert made.bibtex.startswith("@misc{a-b-2026,\n  title = {{数 \\& 値}},\n")
    assert made.csl["issued"] == {"date-parts": [[2026, 3, 5]]}
    assert tex("50%_{x}\\") == r"50\%\_\{x\}\textbackslash{}"
