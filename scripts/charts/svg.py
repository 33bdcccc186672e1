"""SVG from a Vega-Lite spec, stripped to what a page needs."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from scripts.cache import remember
from scripts.charts.spec import LINE_HEIGHT, Drawing, Word
from scripts.charts.template import PAPER, compiled, filled

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
    stamp = [code_of(drawing.kind), drawing.spec, drawing.texts, speech and astuple(speech)]
    return remember("svg", json.dumps(stamp), lambda: rendered(drawing, speech).encode()).decode()


@cache
def code_of(kind: str) -> str:
    """What a picture depends on besides its drawing: the template and this module."""
    text = json.dumps(compiled(kind)) + Path(__file__).read_text(encoding="utf-8")
    return hashlib.sha256(text.encode()).hexdigest()


def rendered(drawing: Drawing, speech: Speech | None) -> str:
    """What :func:`to_svg` gives, whether it was made before or not."""
    # our own renderer's output, never a file of someone else
    root = ElementTree.fromstring(_render(drawing))
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
    _prune(root)
    _unwrap(root)
    if drawing.texts:
        root[0].extend(_letters(word) for word in drawing.texts)
    root.set("viewBox", f"0 0 {width} {height}")
    if speech:
        speak(root, speech)
    else:
        root.set("aria-hidden", "true")
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(root, encoding="unicode")


def _letters(word: Word) -> ElementTree.Element:
    """A word as an element; ``x`` of its further lines is that of the first."""
    attributes = {
        "text-anchor": word.anchor,
        "transform": f"translate({_pixels(word.x)},{_pixels(word.y)})",
        "font-size": f"{word.size}px",
        "fill": word.colour,
    }
    if word.weight:
        attributes["font-weight"] = word.weight
    if word.halo:
        attributes |= {"stroke": PAPER, "stroke-width": "3", "paint-order": "stroke"}
    text = ElementTree.Element(f"{{{SVG}}}text", attributes)
    if len(word.lines) == 1:
        text.text = word.lines[0]
        return text
    for number, line in enumerate(word.lines):
        place = {"x": "0", "dy": str(LINE_HEIGHT)} if number else {}
        ElementTree.SubElement(text, f"{{{SVG}}}tspan", place).text = line
    return text


def _pixels(value: float) -> str:
    """A place with one decimal at most."""
    return f"{value:.1f}".removesuffix(".0")


def _render(drawing: Drawing) -> bytes:
    """What the renderer draws: marks and axes without a letter."""
    import vl_convert  # slow to start

    return vl_convert.vega_to_svg(filled(drawing.kind, drawing.spec)).encode()


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
