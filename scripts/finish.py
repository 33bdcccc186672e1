"""What is done to finished HTML, whichever generator made it.

Faults of the theme are mended, the policy is written in, our assets are asked for by names that may
be kept for good. :func:`finish` takes and gives the text of one page, with holes for what is not
known yet (:mod:`scripts.marks`); :func:`finish_folder` is for a generator that knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scripts.marks import Marks, fill_holes, open_holes
from scripts.mend import mend
from scripts.seal import seal
from scripts.sheets import Sheets


def finish(page: str, sheets: Sheets | None, parts: Sequence[str] = ()) -> str:
    """A page but for its holes; ``parts`` come into it later.

    Raises ``ValueError`` for a page without a declared charset.
    """
    page = seal(mend(page))
    return open_holes(sheets.join(page, parts) if sheets else page)


def finish_folder(made: Path) -> None:
    """Finish every page of a folder. Each becomes a new file: the old one may be linked to."""
    marks = Marks(made, [made])
    for path in made.rglob("*.html"):
        page = finish(path.read_bytes().decode(), marks.sheets).encode()
        path.unlink()
        path.write_bytes(fill_holes(page, marks.names))
    marks.lay(made)
