"""Colours: contrast as WCAG measures it, and the one colour a municipality may choose.

``"accent": "#0017c1"`` in ``datapackage.json`` colours links, lines and headings. It is used as it
is on light ground; for dark ground it is lightened until it can be read.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

SHEETS = Path(__file__).resolve().parent / "assets"
TOKENS = SHEETS / "css" / "10-tokens.css"

LIGHT, DARK = "default", "slate"
"""Names of the two schemes in the style sheet."""

READABLE = 4.5
"""Least contrast of a text (WCAG 1.4.3)."""

GROUNDS = ("--paper", "--ground", "--chart-band")
"""What the accent is written and drawn on."""

ACCENTED = ("--accent", "--chart-line")
"""Custom properties that take the accent."""

ON_PAPER = "--accent-on-paper"
"""What the print sheet writes the accent with, whatever scheme is on the screen."""

HEX = re.compile(r"#[0-9a-fA-F]{6}\Z")
_RULE = re.compile(r'\[data-md-color-scheme="(\w+)"\]\s*\{([^}]*)\}')
_TOKEN = re.compile(r"(--[\w-]+):\s*(#[0-9a-fA-F]{6})\s*;")


@cache
def tokens(scheme: str = LIGHT, accent: str = "") -> dict[str, str]:
    """Custom properties of a scheme: ``{"--chart-line": "#0017c1", …}``, with an accent in it."""
    text = TOKENS.read_text(encoding="utf-8")
    found = dict(_TOKEN.findall(dict(_RULE.findall(text))[scheme]))
    if accent:
        found |= dict.fromkeys(ACCENTED, readable(accent, scheme))
    return found


def style(accent: str) -> str:
    """The rules that put an accent in both schemes; blank for the accent of the style sheet."""
    if not accent:
        return ""
    blocks = []
    for scheme, selector in ((LIGHT, f':root,\n[data-md-color-scheme="{LIGHT}"]'), (DARK, "")):
        colours = tokens(scheme, accent)
        names = {name: colours[name] for name in ACCENTED}
        if scheme == LIGHT:
            names[ON_PAPER] = colours[ACCENTED[0]]
        lines = "".join(f"  {name}: {colour};\n" for name, colour in names.items())
        blocks.append(f'{selector or f"""[data-md-color-scheme="{DARK}"]"""} {{\n{lines}}}\n')
    return "\n".join(["/* The colour of the municipality. */", *blocks])


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``."""
    shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def weakest(colour: str, scheme: str = LIGHT) -> float:
    """The lowest contrast of a colour on the grounds of a scheme."""
    grounds = tokens(scheme)
    return min(contrast(colour, grounds[name]) for name in GROUNDS)


def readable(colour: str, scheme: str = LIGHT) -> str:
    """The colour, darkened or lightened just as far as text in it can be read."""
    end = 0 if scheme == LIGHT else 255
    for step in range(101):
        mixed = "#" + "".join(
            f"{round(int(colour[i : i + 2], 16) * (100 - step) / 100 + end * step / 100):02x}"
            for i in (1, 3, 5)
        )
        if weakest(mixed, scheme) >= READABLE:
            return mixed
    raise ValueError(f"the grounds of {scheme} are neither light nor dark")
