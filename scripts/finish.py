"""What is done to finished HTML, whichever generator made it: faults mended, the policy written in.

:func:`finish` takes and gives the text of one page; :func:`finish_folder` is for a generator that
knows nothing of it.
"""

from __future__ import annotations

from pathlib import Path

from scripts.mend import mend
from scripts.seal import seal


def finish(page: str) -> str:
    """A page as it is published. Raises ``ValueError`` for a page without a declared charset."""
    return seal(mend(page))


def finish_folder(made: Path) -> None:
    """Finish every page of a folder. Each becomes a new file: the old one may be linked to."""
    for path in made.rglob("*.html"):
        page = finish(path.read_bytes().decode())
        path.unlink()
        path.write_bytes(page.encode())
