"""Where things go in a chart: domains, ticks and labels that do not collide. Pure arithmetic.

Plot coordinates are pixels of the inner plot, y downwards. Text width is estimated from the
characters (charts contain digits and ASCII only), so the same data give the same picture on every
machine.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

CHAR = 0.6
"""Width of a digit relative to the font size; wide enough for every common sans-serif."""

LINE = 1.25
"""Line height relative to the font size."""


def text_width(text: str, size: float) -> float:
    """Estimated width in pixels of digits and ASCII punctuation."""
    narrow = sum(text.count(c) for c in ".,:")
    return (len(text) - 0.5 * narrow) * CHAR * size


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
    values: Sequence[float], *, zero: bool, count: int = 4, decimals: int = 0
) -> tuple[float, float, list[float]]:
    """Lower and upper end and the ticks of a value axis with headroom for labels.

    Zero is included when asked for, when the data cross it, or when leaving it out would magnify
    a difference of more than half of the largest value.
    """
    low, high = min(values), max(values)
    if zero or low < 0 < high or (low > 0 and low < 0.5 * high):
        low, high = min(0.0, low), max(0.0, high)
    if low == high:
        low, high = (low - 1, high + 1) if low == 0 else (low - abs(low) / 4, high + abs(high) / 4)
    step = nice_step(high - low, count, decimals)
    bottom = math.floor(low / step + 1e-9) * step
    top = math.ceil(high / step - 1e-9) * step
    if bottom > 0 and low - bottom < 0.25 * step:
        bottom -= step
    if top - high < 0.25 * step:
        top += step
    ticks = [round(bottom + i * step, 10) for i in range(round((top - bottom) / step) + 1)]
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
    """A text to place near a point, in plot pixels."""

    text: str
    x: float
    y: float
    size: float
    strong: bool
    up: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A label with the centre it got."""

    label: Label
    x: float
    y: float


def place(labels: Sequence[Label], frame: Box, obstacles: Sequence[Box]) -> list[Placed]:
    """Place labels in order of importance; one that fits nowhere is left out.

    Each label tries above, below, right and left of its point (below first when ``up`` is false),
    then the same a little farther away.
    """
    taken = list(obstacles)
    placed: list[Placed] = []
    for label in labels:
        width, height = text_width(label.text, label.size) + 4, label.size * LINE
        above, below = (0.0, -(height / 2 + 7)), (0.0, height / 2 + 7)
        aside = width / 2 + 9
        near = [above, below] if label.up else [below, above]
        near += [(aside, 0.0), (-aside, 0.0)]
        near += [(s * aside * 0.8, near[0][1]) for s in (-1, 1)]
        near += [(s * aside * 0.8, near[1][1]) for s in (-1, 1)]
        near += [(dx * 1.0, dy * 1.9) for dx, dy in near[:2]]
        for dx, dy in near:
            box = around(label.x + dx, label.y + dy, width, height)
            if box.inside(frame) and not any(box.meets(other) for other in taken):
                taken.append(box)
                placed.append(Placed(label, label.x + dx, label.y + dy))
                break
    return placed
