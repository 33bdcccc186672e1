"""The way from baseline to target as one small bar: how far it got and how far it should be.

Positions are percentages of the width, so the picture fits any column without distorting its
marks. What it shows stands beside it in words; the picture itself is decoration.
"""

from __future__ import annotations

from decimal import Decimal

from scripts.progress import Progress

LOW, HIGH = -0.5, 1.25
"""Progress at the left and right edge; what lies beyond ends in an arrow."""

MARGIN = 0.035
"""Share of the width kept at each edge for the head of an arrow."""

MIDDLE = 13
"""Height of the axis of the bar in pixels; the picture is twice as high."""


def percent(progress: Decimal | float) -> str:
    """Position of a progress in per cent of the width, held inside the edges."""
    share = (float(progress) - LOW) / (HIGH - LOW)
    return f"{100 * min(1 - MARGIN, max(MARGIN, share)):.1f}%"


def track_svg(item: Progress) -> str:
    """The small bar of one judgement."""
    start, end = percent(0), percent(1)
    parts = [
        f'<line class="track__way" x1="{start}" x2="{end}" y1="{MIDDLE}" y2="{MIDDLE}"/>',
        f'<line class="track__start" x1="{start}" x2="{start}" y1="5" y2="21"/>',
    ]
    done, due = item.progress, item.elapsed
    if done is not None:
        here = percent(done)
        left, right = sorted((start, here), key=lambda p: float(p[:-1]))
        width = float(right[:-1]) - float(left[:-1])
        tone = item.status.tone
        parts.append(
            f'<rect class="track__bar track__bar--{tone}" x="{left}" width="{width:.1f}%" '
            f'y="{MIDDLE - 5}" height="10"/>'
        )
        if not LOW <= done <= HIGH:
            parts.append(arrow(here, tone, right=done > HIGH))
        elif not width:
            parts.append(
                f'<circle class="track__bar track__bar--{tone}" cx="{here}" cy="{MIDDLE}" r="5"/>'
            )
    if item.target.target_value is not None:
        parts.append(
            f'<svg x="{end}" y="{MIDDLE}" overflow="visible">'
            '<path class="track__goal" d="M0-7L7 0L0 7L-7 0Z"/></svg>'
        )
    if due is not None and done is not None:
        at = percent(due)
        parts.append(
            f'<line class="track__pace" x1="{at}" x2="{at}" y1="{MIDDLE - 11}" y2="{MIDDLE + 11}"/>'
        )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="track" aria-hidden="true" '
        f'width="100%" height="{2 * MIDDLE}">{"".join(parts)}</svg>'
    )


def arrow(at: str, tone: str, *, right: bool) -> str:
    """The head of a bar that goes beyond the picture."""
    way = "M-1-9L10 0L-1 9Z" if right else "M1-9L-10 0L1 9Z"
    return (
        f'<svg x="{at}" y="{MIDDLE}" overflow="visible">'
        f'<path class="track__bar track__bar--{tone}" d="{way}"/></svg>'
    )
