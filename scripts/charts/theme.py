"""Colours of pictures that leave the site, read from the style sheet: one place defines them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

SHEETS = Path(__file__).resolve().parent.parent / "assets"
TOKENS = SHEETS / "css" / "10-tokens.css"

LIGHT, DARK = "default", "slate"
"""Names of the two schemes in the style sheet."""

FONTS = (
    "'Hiragino Sans', 'Hiragino Kaku Gothic ProN', 'BIZ UDPGothic', 'Noto Sans JP', "
    "'Noto Sans CJK JP', 'Yu Gothic UI', 'Meiryo', 'IPAexGothic', sans-serif"
)
"""Families with Japanese letters that systems come with; the first one there is used."""

_RULE = re.compile(r'\[data-md-color-scheme="(\w+)"\]\s*\{([^}]*)\}')
_TOKEN = re.compile(r"(--[\w-]+):\s*(#[0-9a-fA-F]{6})\s*;")
_USE = re.compile(r"var\((--[\w-]+)\)")


@cache
def tokens(scheme: str = LIGHT) -> dict[str, str]:
    """Custom properties of a scheme: ``{"--chart-line": "#0017c1", …}``."""
    text = TOKENS.read_text(encoding="utf-8")
    return dict(_TOKEN.findall(dict(_RULE.findall(text))[scheme]))


def resolved(svg: str, scheme: str = LIGHT) -> str:
    """A picture with its colours written out, for places without our style sheet."""
    colours = tokens(scheme)
    return _USE.sub(lambda match: colours[match[1]], svg)
