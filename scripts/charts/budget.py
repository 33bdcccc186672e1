"""Budget bars: one small picture per table row, drawn as plain SVG.

A bar in a table row has no axis, no scale marks and no text of its own (the number stands in the
next cell), so it is written here directly; Altair draws what has axes. Colours are classes of the
style sheet, sizes are presentation attributes, so a strict content security policy allows it.
"""

from __future__ import annotations

LENGTH, HEIGHT = 1000, 40
"""Size of the drawing area; the style sheet stretches it to the width of the cell."""


def bar(net: int, gross: int, largest: int) -> str:
    """A bar of ``gross`` out of ``largest``: the net part solid, the repeated part outlined.

    All three are in the same unit; ``largest`` is the longest bar of the table. A bar that is not
    zero is at least two units long, so that it can be seen.
    """
    end = _length(gross, largest)
    split = min(end, _length(net, largest))
    parts = [
        f'<rect class="{name}" x="{start}" width="{stop - start}" height="{HEIGHT}"/>'
        for name, start, stop in (("bar__net", 0, split), ("bar__repeat", split, end))
        if stop > start
    ]
    return (
        f'<svg class="bar" viewBox="0 0 {LENGTH} {HEIGHT}" preserveAspectRatio="none" '
        f'aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
    )


def _length(value: int, largest: int) -> int:
    """Length of a value in units of the drawing area."""
    return max(2, round(LENGTH * value / largest)) if value and largest else 0
