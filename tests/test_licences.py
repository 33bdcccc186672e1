"""The terms of everything we build with and hand on: each named, none forgotten."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, files, metadata
from typing import Any

import pytest

from tests.helpers import ROOT

PAGE = ROOT / "docs" / "contributing" / "licences.md"
NOTICES = ROOT / "scripts" / "assets" / "NOTICES.txt"
SHIPPED = ("Vega", "Vega-Lite", "Vega-Embed", "D3", "Delaunator", "TopoJSON", "semver")
SHIPPED_TOO = ("fast-json-patch", "json-stringify-pretty-compact", "Material for MkDocs")
"""What readers receive from us that others wrote."""

ROW = re.compile(r'<tr><th scope="row">(.+?)</th><td>(.+?)</td></tr>')


def pins() -> list[str]:
    """The names in constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line.partition("==")[0] for line in lines if "==" in line]


def licence(name: str) -> str:
    """The licence as the installed distribution states it; blank when it is not installed."""
    try:
        about: Any = metadata(name)
    except PackageNotFoundError:
        return ""
    if stated := about.get("License-Expression"):
        return str(stated)
    found = [
        c.rpartition(" :: ")[2] for c in about.get_all("Classifier") or () if "License ::" in c
    ]
    told = (about.get("License") or "").strip().splitlines()[:1]
    named = "、".join(sorted({f for f in found if f != "OSI Approved"})) or "".join(told)
    return named or first_line(name)


def first_line(name: str) -> str:
    """How the licence that comes with a distribution begins."""
    for file in files(name) or ():
        if "licen" in file.name.lower() and "dist-info" in str(file):
            return next(filter(None, map(str.strip, file.read_text().splitlines())), "")
    return ""


def listed() -> dict[str, str]:
    """The table of the page."""
    return dict(ROW.findall(PAGE.read_text(encoding="utf-8")))


def test_every_pin_has_its_licence(updating: bool) -> None:
    if updating:
        known = listed()
        rows = [(name, licence(name) or known.get(name, "")) for name in pins()]
        body = "".join(f'<tr><th scope="row">{n}</th><td>{t}</td></tr>\n' for n, t in rows)
        head, _, rest = PAGE.read_text(encoding="utf-8").partition("<tbody>\n")
        PAGE.write_text(f"{head}<tbody>\n{body}{rest[rest.index('</tbody>') :]}", encoding="utf-8")
    found = listed()
    assert list(found) == pins(), "pytest --update-expected tests/test_licences.py"
    for name, stated in found.items():
        here = licence(name)
        assert stated.strip() and here in ("", stated), (name, stated, here)


REFUSED = re.compile(
    r"AGPL|Affero|SSPL|BUSL|Commons Clause|non-?commercial|proprietary", re.IGNORECASE
)


def test_no_licence_forbids_what_we_do() -> None:
    """Tools may be copyleft; none may ask for our code, for money or for silence."""
    assert [(n, t) for n, t in listed().items() if REFUSED.search(t)] == []


@pytest.mark.parametrize("name", SHIPPED + SHIPPED_TOO)
def test_what_readers_receive_is_named(name: str) -> None:
    """BSD, MIT and ISC ask that their notice goes with every copy, packed or not."""
    text = NOTICES.read_text(encoding="utf-8")
    assert re.search(rf"^{re.escape(name)}\b", text, re.MULTILINE)


def test_the_notices_are_published(built: dict[str, bytes]) -> None:
    assert built["assets/NOTICES.txt"] == NOTICES.read_bytes()
    assert b"Redistributions in binary form" in built["assets/NOTICES.txt"]
