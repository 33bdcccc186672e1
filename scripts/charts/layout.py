"""Where things go in a chart: domains, ticks and labels that do not collide. Pure arithmetic.

Plot coordinates are pixels of the inner plot, y downwards. Text width is estimated from the
characters and never measured with a font, so the same data give the same picture on every machine.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

CHAR = 0.6
"""Width of a digit relative to the font size; wide enough for every common sans-serif."""

LINE = 1.25
"""Line height relative to the font size."""


@cache
def text_width(text: str, size: float) -> float:
    """Estimated width in pixels: 1 em for full-width characters, 0.3 for points, 0.6 for others."""
    units = 0.0
    for char in text:
        if unicodedata.east_asian_width(char) in "WFA":
            units += 1.0
        else:
            units += CHAR / 2 if char in ".,: " else CHAR
    return units * size


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-parallel rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether two boxes share area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def inside(self, other: Box) -> bool:
        """Whether this box lies within the other."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )


def around(x: float, y: float, width: float, height: float) -> Box:
    """A box by its centre."""
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def along(x1: float, y1: float, x2: float, y2: float) -> list[Box]:
    """Small boxes along a line, so that labels keep off it."""
    steps = max(1, int(max(abs(x2 - x1), abs(y2 - y1)) // 6))
    return [
        around(x1 + (x2 - x1) * i / steps, y1 + (y2 - y1) * i / steps, 3, 3)
        for i in range(steps + 1)
    ]


def nice_step(span: float, count: int, decimals: int) -> float:
    """A step of 1, 2, 2.5 or 5 times a power of ten that gives about ``count`` steps.

    Steps finer than the last of ``decimals`` digits are not used.
    """
    raw = max(span / max(1, count), 10.0**-decimals)
    power = 10.0 ** math.floor(math.log10(raw))
    steps = [m * power for m in (1, 2, 2.5, 5, 10)]
    return next(s for s in steps if s >= raw * 0.999999 and abs(round(s, decimals) - s) < 1e-9 * s)


def value_scale(
    values: Sequence[float], *, zero: bool, count: int = 4, decimals: int = 0, room: float = 0.16
) -> tuple[float, float, list[float]]:
    """Lower and upper end and the ticks of a value axis, with ``room`` for labels at open ends.

    Zero is included when asked for, when the data cross it, or when leaving it out would magnify
    a difference of more than half of the largest value. An end that is zero gets no room.
    """
    low, high = min(values), max(values)
    if zero or low < 0 < high or (low > 0 and low < 0.5 * high):
        low, high = min(0.0, low), max(0.0, high)
    if low == high:
        low, high = (low, high + 1) if low == 0 else (low - abs(low) / 4, high + abs(high) / 4)
    span = high - low
    bottom = low if low == 0 else low - span * room
    top = high if high == 0 else high + span * room
    if low > 0:
        bottom = max(0.0, bottom)
    step = nice_step(top - bottom, count, decimals)
    first = math.ceil(bottom / step - 1e-9)
    last = math.floor(top / step + 1e-9)
    ticks = [round(i * step, 10) + 0.0 for i in range(first, last + 1)]
    return bottom, top, ticks


def year_ticks(
    years: Iterable[int], wanted: Iterable[int], per_year: float, gap: float
) -> list[int]:
    """Years to label: the wanted ones first, then others, never nearer than ``gap`` pixels."""
    chosen: list[int] = []
    for year in [*wanted, *years]:
        if all(abs(year - other) * per_year >= gap for other in chosen):
            chosen.append(year)
    return sorted(chosen)


@dataclass(frozen=True, slots=True)
class Label:
    """A text to place near a point, in plot pixels; ``texts`` from the wordiest to the shortest."""

    texts: tuple[str, ...]
    x: float
    y: float
    size: float
    kind: str
    up: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A label with the text and the centre it got."""

    label: Label
    text: str
    x: float
    y: float

    @property
    def box(self) -> Box:
        """The room it takes."""
        size = self.label.size
        return around(self.x, self.y, text_width(self.text, size) + 4, size * LINE)


def candidates(label: Label, text: str) -> Iterator[tuple[float, float]]:
    """Centres to try, best first: above and below, beside, on the diagonals, then farther away."""
    height = label.size * LINE
    aside = (text_width(text, label.size) + 4) / 2 + 9
    for distance in (8.0, 16.0, 28.0):
        up = -(height / 2 + distance)
        first, second = (up, -up) if label.up else (-up, up)
        yield label.x, label.y + first
        if distance == 8.0:
            yield label.x + aside, label.y
            yield label.x - aside, label.y
        for dy in (first, second):
            for share in (0.5, -0.5, 0.9, -0.9):
                yield label.x + share * aside, label.y + dy
        yield label.x, label.y + second


def place(
    labels: Sequence[Label], frame: Box, solid: Sequence[Box], soft: Sequence[Box] = ()
) -> list[Placed]:
    """Place labels in order of importance, inside ``frame`` and off each other and ``solid``.

    Lines (``soft``) are avoided where there is a way; a label that fits nowhere is left out.
    """
    taken = list(solid)
    placed: list[Placed] = []
    for label in labels:
        found = _first_free(label, frame, [*taken, *soft]) or _first_free(label, frame, taken)
        if found:
            placed.append(found)
            taken.append(found.box)
    return placed


def _first_free(label: Label, frame: Box, taken: Sequence[Box]) -> Placed | None:
    for text in label.texts:
        half = (text_width(text, label.size) + 4) / 2
        for wanted, y in candidates(label, text):
            # at the edge a label moves in as far as it must, while it stays beside its point
            x = min(max(wanted, frame.left + half), frame.right - half)
            if abs(x - wanted) > half:
                continue
            spot = Placed(label, text, x, y)
            box = spot.box
            if box.inside(frame) and not any(map(box.meets, taken)):
                return spot
    return None
