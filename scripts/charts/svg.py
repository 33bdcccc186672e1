"""SVG from a Vega-Lite spec, stripped to what a page needs."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any
from xml.etree import ElementTree

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

_NUMBER = re.compile(r"-?\d+\.\d{2,}")


def to_svg(spec: dict[str, Any]) -> str:
    """Render a spec; the result has a ``viewBox``, no size, no fonts and no English labels."""
    return _render(json.dumps(spec))


@cache
def _render(spec: str) -> str:
    """The picture of a spec; the live preview asks for the same ones again and again."""
    import vl_convert  # slow to start

    root = ElementTree.fromstring(vl_convert.vegalite_to_svg(vl_spec=json.loads(spec)))
    width, height = root.get("width", "1"), root.get("height", "1")
    for element in root.iter():
        keep = {"width", "height"} if _is_rect(element) else set()
        for name in DROP & (set(element.attrib) - keep):
            del element.attrib[name]
        for name, value in element.attrib.items():
            if name in ("transform", "d", "x", "y", "width", "height"):
                element.set(name, _NUMBER.sub(lambda m: f"{float(m[0]):.1f}", value))
    _prune(root)
    root.set("viewBox", f"0 0 {width} {height}")
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(root, encoding="unicode")


def _is_rect(element: ElementTree.Element) -> bool:
    return element.tag == f"{{{SVG}}}rect"


def _prune(parent: ElementTree.Element) -> None:
    """Remove groups and paths that draw nothing, and unwrap nothing else."""
    for child in list(parent):
        _prune(child)
        tag = child.tag.removeprefix(f"{{{SVG}}}")
        if draws_nothing(child, tag):
            parent.remove(child)


def draws_nothing(element: ElementTree.Element, tag: str) -> bool:
    """An empty group, a path without a course, or one with neither fill nor stroke."""
    if tag == "g":
        return len(element) == 0
    if tag != "path":
        return False
    course = (element.get("d") or "").strip("MZ0, ")
    return not course or (element.get("fill") in (None, "none") and element.get("stroke") is None)
