"""SVG from a Vega-Lite spec, stripped to what a page needs."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from scripts.charts.cache import remember
from scripts.charts.spec import Drawing

SVG = "http://www.w3.org/2000/svg"
DROP = {
    "class",
    "role",
    "aria-label",
    "aria-roledescription",
    "aria-hidden",
    "pointer-events",
    "font-family",
    "version",
    "width",
    "height",
    "stroke-miterlimit",
}
"""Attributes that the page sets itself (role, size, fonts) or that leak English words."""

DEFAULTS = {"opacity": "1", "stroke-width": "1", "transform": "translate(0,0)"}
"""Attributes that say what is so without them."""

_NUMBER = re.compile(r"-?\d+\.\d{2,}")


_WORD = re.compile(r"#(\d+)\Z")


@dataclass(frozen=True, slots=True)
class Speech:
    """What a picture says to those who do not see it; ``key`` makes its ids unique on a page."""

    key: str
    title: str
    description: str


def to_svg(drawing: Drawing, speech: Speech | None = None) -> str:
    """Render a drawing; the result has a ``viewBox``, no size, no fonts and no English labels.

    With ``speech`` it is an image with a title and a description, without it is decoration.
    """
    # our own renderer's output, never a file of someone else
    root = ElementTree.fromstring(_render(drawing.spec))
    width, height = root.get("width", "1"), root.get("height", "1")
    for element in root.iter():
        kept = {"width", "height"} if _is_rect(element) else set()
        for name in DROP & set(element.attrib) - kept:
            del element.attrib[name]
        for name, value in list(element.attrib.items()):
            if DEFAULTS.get(name) == value:
                del element.attrib[name]
            elif name in ("transform", "d", "x", "y", "width", "height"):
                element.set(name, _NUMBER.sub(lambda m: f"{float(m[0]):.1f}", value))
        if element.get("stroke-width") == "3" and element.tag == f"{{{SVG}}}text":
            element.set("paint-order", "stroke")
        if element.text and (match := _WORD.match(element.text)):
            element.text = drawing.texts[int(match[1])]
    _prune(root)
    _unwrap(root)
    root.set("viewBox", f"0 0 {width} {height}")
    if speech:
        speak(root, speech)
    else:
        root.set("aria-hidden", "true")
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(root, encoding="unicode")


def _render(spec: dict[str, Any]) -> bytes:
    """What the renderer draws from a spec."""

    def make() -> bytes:
        import vl_convert  # slow to start

        return vl_convert.vegalite_to_svg(vl_spec=spec).encode()

    return remember("svg", json.dumps(spec), make)


def speak(root: ElementTree.Element, speech: Speech) -> None:
    """Give a picture its role, title and description."""
    title = ElementTree.Element(f"{{{SVG}}}title", {"id": f"{speech.key}-title"})
    title.text = speech.title
    description = ElementTree.Element(f"{{{SVG}}}desc", {"id": f"{speech.key}-desc"})
    description.text = speech.description
    root.insert(0, title)
    root.insert(1, description)
    root.set("role", "img")
    root.set("aria-labelledby", f"{speech.key}-title")
    root.set("aria-describedby", f"{speech.key}-desc")


def _is_rect(element: ElementTree.Element) -> bool:
    return element.tag == f"{{{SVG}}}rect"


def _prune(parent: ElementTree.Element) -> None:
    """Remove groups and paths that draw nothing, and unwrap nothing else."""
    for child in list(parent):
        _prune(child)
        tag = child.tag.removeprefix(f"{{{SVG}}}")
        if draws_nothing(child, tag):
            parent.remove(child)


def _unwrap(parent: ElementTree.Element) -> None:
    """Put the contents of groups that change nothing in the place of the groups."""
    for at, child in reversed(list(enumerate(parent))):
        _unwrap(child)
        if child.tag == f"{{{SVG}}}g" and not child.attrib:
            parent[at : at + 1] = list(child)


def draws_nothing(element: ElementTree.Element, tag: str) -> bool:
    """An empty group, a path without a course, or one with neither fill nor stroke."""
    if tag == "g":
        return len(element) == 0
    if tag != "path":
        return False
    course = (element.get("d") or "").strip("MZ0, ")
    return not course or (element.get("fill") in (None, "none") and element.get("stroke") is None)
