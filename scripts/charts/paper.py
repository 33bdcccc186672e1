"""Writing on a picture of our own: wrapped lines of text, boxes, a chart set into it."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from scripts.charts.layout import text_width
from scripts.charts.theme import FONTS, resolved

NOT_FIRST = "、。，．・：；？！）」』】〕ー〜％%)]}”’"
"""Characters that must not begin a line."""

NOT_LAST = "（「『【〔([{“‘"
"""Characters that must not end a line."""

_WORD = re.compile(r"[!-~]+|.", re.DOTALL)
_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_HEAD = re.compile(r"<svg[^>]*>(?:<title.*?</desc>)?", re.DOTALL)


def wrap(text: str, size: float, width: float, most: int = 99) -> list[str]:
    """Lines no wider than ``width`` pixels; the last of ``most`` ends in … when text is left."""
    lines, line = [], ""
    for word in _WORD.findall(text):
        if line and text_width(line + word, size) > width and word not in NOT_FIRST:
            carried = ""
            while line and line[-1] in NOT_LAST:
                carried, line = line[-1] + carried, line[:-1]
            lines.append(line)
            line = carried
        line += word
    lines.append(line)
    if len(lines) > most:
        lines = lines[:most]
        while text_width(lines[-1] + "…", size) > width:
            lines[-1] = lines[-1][:-1]
        lines[-1] += "…"
    return lines


def balanced(text: str, size: float, width: float, most: int = 99) -> list[str]:
    """Lines of about the same length, as few as fit: a heading without a lonely last letter."""
    lines = wrap(text, size, width, most)
    low = width / 2
    while len(lines) > 1 and width - low > 4:
        middle = (low + width) / 2
        if len(wrap(text, size, middle)) == len(lines):
            width = middle
        else:
            low = middle
    return wrap(text, size, width, most)


@dataclass
class Paper:
    """A picture being made, top to bottom; ``y`` is where the next thing goes. Units are pixels."""

    width: float
    y: float
    margin: float
    parts: list[str] = field(default_factory=list)
    accent: str = ""

    def write(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        colour: str = "var(--ink)",
        most: int = 99,
        x: float | None = None,
        width: float | None = None,
        leading: float = 1.45,
        even: bool = False,
    ) -> None:
        """Wrapped text at the left margin or at ``x``, and move down."""
        left = self.margin if x is None else x
        room = self.width - left - self.margin if width is None else width
        for line in (balanced if even else wrap)(text, size, room, most):
            self.y += size * leading
            self.letters(line, left, self.y - size * (leading - 1) / 2, size, bold, colour)

    def letters(
        self, text: str, x: float, y: float, size: float, bold: bool, colour: str, anchor: str = ""
    ) -> None:
        """One line of text with its foot at ``y``."""
        weight = ' font-weight="700"' if bold else ""
        end = f' text-anchor="{anchor}"' if anchor else ""
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}"{weight}{end} fill="{colour}">'
            f"{html.escape(text)}</text>"
        )

    def box(self, x: float, y: float, width: float, height: float, **style: str) -> None:
        """A rectangle; ``style`` are attributes with ``_`` for ``-``."""
        drawn = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in style.items())
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"{drawn}/>'
        )

    def put(self, svg: str, x: float, y: float, scale: float = 1) -> float:
        """A chart of ours with its left top at a point; its height."""
        size = _BOX.search(svg)
        height = float(size[2]) * scale if size else 0
        inner = _HEAD.sub("", svg, count=1).removesuffix("</svg>")
        self.parts.append(f'<g transform="translate({x:g} {y:g}) scale({scale:g})">{inner}</g>')
        return height

    def finish(self, height: float, title: str, description: str) -> str:
        """The whole picture: white ground, fonts named, colours written out."""
        return resolved(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} {height:g}" '
            f'width="{self.width:g}" height="{height:g}" role="img" lang="ja" '
            f'aria-labelledby="title desc" font-family="{FONTS}">'
            f'<title id="title">{html.escape(title)}</title>'
            f'<desc id="desc">{html.escape(description)}</desc>'
            f'<rect width="100%" height="100%" fill="var(--paper)"/>{"".join(self.parts)}</svg>\n',
            self.accent,
        )
