"""What is done to finished HTML, whichever generator made it.

Faults of the theme are mended, the policy is written in, our assets are asked for by names that may
be kept for good. :func:`finish` takes and gives the text of one page, with holes for what is not
known yet (:mod:`scripts.marks`); :func:`finish_folder` is for a generator that knows nothing of it.
"""

from __future__ import annotations

from pathlib import Path

from scripts.marks import Marks, fill_holes, open_holes
from scripts.mend import mend
from scripts.seal import seal


def finish(page: str) -> str:
    """A page but for its holes. Raises ``ValueError`` for a page without a declared charset."""
    return open_holes(seal(mend(page)))


def finish_folder(made: Path) -> None:
    """Finish every page of a folder. Each becomes a new file: the old one may be linked to."""
    marks = Marks(made)
    for path in made.rglob("*.html"):
        page = finish(path.read_bytes().decode()).encode()
        path.unlink()
        path.write_bytes(fill_holes(page, marks.names))
    marks.lay(made)
