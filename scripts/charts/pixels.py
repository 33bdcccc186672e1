"""From SVG to PNG. Text becomes pixels here, so a Japanese font must be on the machine.

Windows and macOS come with one; on Debian and Ubuntu it is the package ``fonts-noto-cjk``. Where
there is none, pictures with text are left out and :func:`japanese_font` is ``None``.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable, Mapping
from functools import cache

from scripts.cache import fetch, keep, known, name_of
from scripts.charts.team import ALONE, Team
from scripts.charts.theme import FONTS
from scripts.memory import Files

MISSING = (
    "日本語の書体が見つからないため、PNGの図とSNS用の画像は作りませんでした"
    "（ほかはすべて作りました）。Debian・Ubuntuでは fonts-noto-cjk を入れてください。"
)

MANY = 8
"""From this many pictures on, a second process pays for its start."""

Source = tuple[Callable[[], str], float]
"""Where the SVG of a picture comes from, and pixels per unit."""

_NOT_A_LETTER = "\ue000\ue001\ue002\ue003"


@cache
def japanese_font() -> str | None:
    """What Japanese letters look like on this machine, as a hash; ``None`` if they cannot be drawn.

    A font that lacks a letter draws the same box for every one it lacks.
    """
    letters, boxes = _sample("永あア１"), _sample(_NOT_A_LETTER)
    return None if letters == boxes else hashlib.sha256(letters).hexdigest()


def _sample(text: str) -> bytes:
    lines = "".join(
        f'<text y="{40 * row}" font-size="30" font-weight="{weight}" '
        f'font-family="{FONTS}">{text}</text>'
        for row, weight in ((1, 400), (2, 700))
    )
    return _draw(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="140" height="100">{lines}</svg>', 1
    )


class Pictures:
    """Pictures in pixels by path, from SVG and pixels per unit; read or drawn when asked for."""

    def __init__(self, pictures: Mapping[str, Source]) -> None:
        font = pictures and japanese_font()  # to look at the letters, the renderer has to start
        self.sources = pictures
        self.names = {
            path: name_of("png", f"{font}\n{scale:g}\n{svg()}")
            for path, (svg, scale) in pictures.items()
        }

    def __getitem__(self, path: str) -> bytes:
        """The content of a file, read now."""
        name = self.names[path]
        return fetch(name) or keep(name, self.draw(path))

    def draw(self, path: str) -> bytes:
        """The picture, drawn."""
        svg, scale = self.sources[path]
        return _draw(svg(), scale)

    def prepare(self, team: Team) -> None:
        """Draw all that are new, many at a time."""
        missing = [path for path, name in self.names.items() if not known(name)]
        if team.pays(len(missing), MANY):
            sources = (self.sources[path] for path in missing)
            jobs = ((svg(), scale) for svg, scale in sources)
            for path, png in zip(missing, team.run(_draw, jobs), strict=True):
                keep(self.names[path], png)


def to_pngs(pictures: Mapping[str, Source], team: Team = ALONE) -> Files:
    """Pictures in pixels by path; only new ones are drawn.

    Drawing is nearly all reading of fonts, which takes one core for a quarter of a second each.
    """
    made, files = Pictures(pictures), Files()
    made.prepare(team)
    for path in pictures:
        files.put(path, made, path)
    return files


def _draw(svg: str, scale: float) -> bytes:
    import vl_convert  # slow to start

    return deflated(vl_convert.svg_to_png(svg, scale=scale))


def deflated(png: bytes) -> bytes:
    """The same picture, packed better than the renderer does (a third of the size)."""
    head, body, at = png[:8], [], 8
    pixels = b""
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length
        if kind == b"IDAT":
            pixels += content
        elif kind in (b"IHDR", b"pHYs"):
            body.append((kind, content))
    body += [(b"IDAT", zlib.compress(zlib.decompress(pixels), 7)), (b"IEND", b"")]
    return head + b"".join(
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in body
    )
