"""What Markdown leaves alone is taken out of a page before it and put back after the theme.

Markdown takes HTML apart element by element, twice, only to give it back as it was: most of the
time of a page with a long list. :func:`lift` leaves a small empty element in the place of each
block of HTML and of each picture, :func:`lay_down` fills them again; the page comes out to the byte
as without. Where that is not certain, the block stays.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown.util import BLOCK_LEVEL_ELEMENTS

from scripts.marks import open_holes

PICTURE = re.compile(r"<svg .*?</svg>")
EMPTY = re.compile(rb'<(svg|div) data-lifted="(\d+)"></\1>')
"""A picture, and what stands for something lifted."""

WORTH = 200
"""Characters from which lifting a block pays."""

OPENS = re.compile(r"<([a-z][a-z0-9]*)(?=[\s>])")
BLOCKS = frozenset(BLOCK_LEVEL_ELEMENTS) - {"hr", "pre", "script", "style", "textarea"}

UNSURE = re.compile(
    # what Markdown, the theme or the finish may look at or change
    r"<(?:h1|script|style|textarea|!|\?)|md-|[\t\x02\x03]"
    # references without an end, attributes in another form than ours
    r"|&(?!#?\w+;)|\s(?:id|name)=[^\"]|\n[ ]*\n"
)
ANCHORS = re.compile(r"\sid=\"([^\"]*)\"|<a\s(?:[^<>]*\s)?name=\"([^\"]*)\"")

MARKDOWN_INSIDE = re.compile(r"^<[^<>]*\smarkdown[\s=>]", re.MULTILINE)
FENCE = re.compile(r"^\s*(?:```|~~~)", re.MULTILINE)


@dataclass(slots=True)
class Lifted:
    """A page without what was lifted; ``anchors`` are those of the lifted parts."""

    text: str
    parts: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def take(self, kind: str, part: str) -> str:
        """Note a part; what stands for it."""
        self.parts.append(part)
        return f'<{kind} data-lifted="{len(self.parts) - 1}"></{kind}>'


def lift(markdown: str) -> Lifted:
    """A page with a small empty element for each block of HTML and each picture that is sure.

    Pictures are lifted from lines of HTML only: in those Markdown leaves everything alone.
    """
    page = Lifted(markdown)
    if "data-lifted" in markdown or FENCE.search(markdown):
        return page
    if "<!--" not in markdown and not MARKDOWN_INSIDE.search(markdown):
        blocks = markdown.split("\n\n")
        page.text = "\n\n".join([_block(block, page) for block in blocks])

    def picture(found: re.Match[str]) -> str:
        return page.take("svg", found[0])

    lines = page.text.split("\n")
    page.text = "\n".join(
        [PICTURE.sub(picture, line) if line[:1] == "<" else line for line in lines]
    )
    return page


def _block(block: str, page: Lifted) -> str:
    """What stands for a block between blank lines: it may be the block itself."""
    content = block.strip("\n")
    if not stands_alone(content):
        return block
    for found in ANCHORS.finditer(content):
        page.anchors.add(html.unescape(found[1] if found[2] is None else found[2]))
    before, _, after = block.partition(content)
    return before + page.take("div", content) + after


def stands_alone(block: str) -> bool:
    """Whether a block is one element that begins and ends with it, and nothing looks into it.

    For Markdown it ends where as many of its kind are closed as were opened, whatever is inside.
    """
    first = OPENS.match(block)
    if len(block) < WORTH or first is None or first[1] not in BLOCKS or UNSURE.search(block):
        return False
    end = f"</{first[1]}>"
    if not block.endswith(end):
        return False
    depth = 0
    for found in re.finditer(rf"<(/?){first[1]}(?=[\s>/])", block):
        depth += -1 if found[1] else 1
        if depth == 0:
            return found.start() == len(block) - len(end)
    return False


def lay_down(page: bytes, parts: Sequence[str]) -> bytes:
    """A finished page with its parts in their places again, with holes as in the rest of it."""

    def part(found: re.Match[bytes]) -> bytes:
        return open_holes(parts[int(found[2])]).encode()

    return EMPTY.sub(part, page) if parts else page
