"""Everything published can be read by programs that are strict: HTML, XML, JSON."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from lxml import html

from tests.browser import Built, built
from tests.validator import faults_in

__all__ = ["built"]


def test_the_html_of_every_page_is_valid(built: Built) -> None:
    assert faults_in(built.site) == []


FAULTS = {
    "<p><div>in a line</div></p>": "close-order",
    "<ul><p>no item</p></ul>": "element-permitted-content",
    '<b id="a">1</b><b id="a">2</b>': "no-dup-id",
    "<blink>old</blink>": "deprecated",
    '<input type="chequebox">': "attribute-allowed-values",
    '<img src="a.png" src="b.png" alt="">': "no-dup-attr",
    "<section><h2>never closed</h2>": "close-order",
}


def test_the_validator_finds_faults(tmp_path: Path) -> None:
    """One page for each fault; the same page without it is valid."""
    shell = "<!doctype html>\n<html lang='ja'><head><title>x</title></head><body>{}</body></html>\n"
    (tmp_path / "good.html").write_text(shell.format("<p>よい</p>"), encoding="utf-8")
    for number, body in enumerate(FAULTS):
        (tmp_path / f"{number}.html").write_text(shell.format(body), encoding="utf-8")
    found = faults_in(tmp_path)
    assert not [fault for fault in found if "good.html" in fault]
    for number, rule in enumerate(FAULTS.values()):
        assert [f for f in found if f"/{number}.html:" in f and f" {rule}: " in f], (rule, found)


@pytest.mark.parametrize("form", ["svg", "xml"])
def test_xml_is_well_formed(built: Built, form: str) -> None:
    files = sorted(built.site.rglob(f"*.{form}"))
    assert files
    for file in files:
        root = ElementTree.parse(file).getroot()
        if form == "svg":
            assert root.tag == "{http://www.w3.org/2000/svg}svg", file


def refuse(name: str) -> None:
    """JSON knows no ``NaN``."""
    raise ValueError(name)


def test_json_is_json(built: Built) -> None:
    files = [f for form in ("json", "jsonld") for f in sorted(built.site.rglob(f"*.{form}"))]
    assert files
    for file in files:
        json.loads(file.read_bytes().decode("utf-8"), parse_constant=refuse)
    linked = 0
    for page in sorted(built.site.rglob("*.html")):
        for script in html.fromstring(page.read_bytes()).iter("script"):
            if script.get("type") == "application/ld+json":
                linked += 1
                assert json.loads(script.text, parse_constant=refuse)["@context"], page
    assert linked
