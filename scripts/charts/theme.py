"""Colours and letters of pictures that leave the site; the style sheet defines the colours."""

from __future__ import annotations

import re

from scripts.colours import DARK, LIGHT, SHEETS, tokens

__all__ = ["DARK", "FONTS", "LIGHT", "SHEETS", "resolved", "tokens"]

FONTS = (
    "'Hiragino Sans', 'Hiragino Kaku Gothic ProN', 'BIZ UDPGothic', 'Noto Sans JP', "
    "'Noto Sans CJK JP', 'Yu Gothic UI', 'Meiryo', 'IPAexGothic', sans-serif"
)
"""Families with Japanese letters that systems come with; the first one there is used."""

_USE = re.compile(r"var\((--[\w-]+)\)")


def resolved(svg: str, accent: str = "") -> str:
    """A picture with its colours written out, for places without our style sheet."""
    colours = tokens(LIGHT, accent)
    return _USE.sub(lambda match: colours[match[1]], svg)
