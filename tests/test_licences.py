"""The terms of everything we build with and hand on: each named, none forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, files, metadata, version
from importlib.resources import files as folder_of
from typing import Any

from tests.browser import Built
from tests.browser import built as published
from tests.helpers import ROOT

__all__ = ["published"]

PAGE = ROOT / "docs" / "contributing" / "licences.md"
NOTICES = ROOT / "scripts" / "assets" / "NOTICES.txt"

MARKS = {"fast-json-patch": b"OPERATION_OP_INVALID", "semver": b"Invalid SemVer"}
"""Packages that stand inside another one, and words they are known by."""

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


@cache
def carried() -> dict[str, list[tuple[tuple[int, ...], set[str]]]]:
    """What vl-convert carries: package → its versions, each with the packages it imports."""
    library = next(
        file
        for name in ("*.so", "*.pyd")
        for file in folder_of("vl_convert").glob(name)  # type: ignore[attr-defined]
    ).read_bytes()
    heads = list(re.finditer(rb"Original file: /npm/([\w.-]+)@([\d.]+)/", library))
    ends = [head.start() for head in heads[1:]] + [heads[-1].end() + 2_000_000]
    found: dict[str, list[tuple[tuple[int, ...], set[str]]]] = {}
    for head, end in zip(heads, ends, strict=True):
        imports = re.findall(rb'from\s*"/npm/([\w.-]+)@', library[head.end() : end])
        number = tuple(map(int, head[2].decode().split(".")))
        found.setdefault(head[1].decode(), []).append((number, {i.decode() for i in imports}))
    found["vega-embed"][0][1].update(name for name, mark in MARKS.items() if mark in library)
    return found


def bundled() -> dict[str, str]:
    """The packages inside the bundle of Vega with their versions."""
    found: dict[str, str] = {}
    ahead = ["vega-embed", "vega", "vega-lite"]
    while ahead:
        name = ahead.pop()
        if name not in found:
            number, imports = max(carried().get(name, [((), set())]))
            found[name] = ".".join(map(str, number))
            ahead += imports
    return found


def notices(part: str) -> Iterator[tuple[str, str]]:
    """The entries of a part of the notices: what it is about, and its terms."""
    text = NOTICES.read_text(encoding="utf-8").partition(part)[2].partition("\n===")[2]
    yield from re.findall(r"^(\S[^=]*?)\n((?:  .+\n)+)", text.partition("\n===")[0], re.MULTILINE)


def test_every_part_of_the_bundle_is_named_and_nothing_else() -> None:
    """BSD, MIT and ISC ask that their notice goes with every copy, packed or not."""
    named = set()
    for head, _ in notices("assets/js/vega.js"):
        first, _, inside = " ".join(head.split()).partition(" (")
        named |= {first.split()[0].lower(), *filter(None, inside.rstrip(")").split(", "))}
    assert named - {"d3"} == set(bundled())


def test_versions_are_those_that_are_installed() -> None:
    heads = [head for part in ("assets/js/", "assets/stylesheets/") for head, _ in notices(part)]
    told = dict(re.findall(r"^([A-Z][^\d\n]*) ([\d.]+)", "\n".join(heads), re.MULTILINE))
    packed = bundled()
    assert told == {
        "Vega": packed["vega"],
        "Vega-Lite": packed["vega-lite"],
        "Vega-Embed": packed["vega-embed"],
        "Material for MkDocs": version("mkdocs-material"),
    }


def test_terms_are_those_that_come_with_the_theme() -> None:
    told = {head.split(" (")[0]: terms for head, terms in notices("assets/stylesheets/")}
    icons = folder_of("material") / "templates" / ".icons"
    theme = next(
        f for f in files("mkdocs-material") or () if f.match("*.dist-info/licenses/LICENSE")
    )
    (name,) = (name for name in told if name.startswith("Material for MkDocs"))
    assert theme.read_text().splitlines()[0] in told[name]
    octicons = (icons / "octicons" / "LICENSE").read_text(encoding="utf-8")
    assert next(re.finditer(r"Copyright .*", octicons))[0] in told["Octicons"]
    assert "Icons: Apache 2.0" in (icons / "material" / "LICENSE").read_text(encoding="utf-8")
    styles = folder_of("material") / "templates" / "assets" / "stylesheets"
    sheet = next(f for f in styles.iterdir() if re.fullmatch(r"main\..*\.css", f.name))
    assert set(
        re.findall(r"Copyright \d+ Fonticons, Inc\.", sheet.read_text(encoding="utf-8"))
    ) == {told["Font Awesome Free"].strip().split(" (")[0]}


def test_every_licence_is_there_to_read() -> None:
    text = NOTICES.read_text(encoding="utf-8")
    for part in ("assets/js/", "assets/stylesheets/"):
        for head, terms in notices(part):
            below = re.findall(r"([A-Z][\w .-]*?)\s*\(below\)", " ".join(terms.split()))
            assert below or "Unlicense" in terms or "https://" in terms, head
            for name in below:
                title = re.search(r"(BSD 3-Clause|ISC|MIT|Apache) License( 2\.0)?$", name)
                assert title and f"\n{title[0]}\n=====" in text, (head, name)


def test_nothing_else_of_others_is_published(published: Built) -> None:
    """What the theme adds to our files: its styles, also joined to ours. Its scripts stay out."""
    ours = {file.relative_to(published.staged) for file in published.staged.rglob("*")}
    kinds = set()
    for file in published.site.rglob("*"):
        path = file.relative_to(published.site)
        unmarked = path.with_name(re.sub(r"\.[0-9a-f]{8}\.", ".", path.name))
        if file.is_file() and file.suffix != ".html" and unmarked not in ours:
            kinds.add("/".join(path.parts[:2]))
    (joined,) = {kind for kind in kinds if re.fullmatch(r"assets/page\.[0-9a-f]{8}\.css", kind)}
    assert kinds - {joined} == {
        *("assets/stylesheets", "assets/images"),
        *("sitemap.xml", "sitemap.xml.gz"),
    }


def test_the_notices_are_published(built: dict[str, bytes]) -> None:
    assert built["assets/NOTICES.txt"] == NOTICES.read_bytes()
    assert b"Redistributions in binary form" in built["assets/NOTICES.txt"]
