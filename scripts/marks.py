"""Second names for our own assets, with a mark of their content: ``assets/site.1a2b3c4d.css``.

A file under such a name never changes, so browsers may keep it for good; a page asks for the name
of the day it was made. The theme names its style sheets in the same way. The plain names stay, for
whoever wrote them down.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from scripts.sheets import JOINED, OWN, find_sheets

KINDS = ("assets/*.css", "assets/*.svg", "assets/js/*.js")
"""What every page asks for, or a script of ours imports."""

_ASKED = re.compile(r'(="(?:[^"<>\s:]*/)?)(assets/(?:js/)?[\w.-]+\.(?:css|svg|js))(?=")')
_IMPORT = re.compile(rb'import\("\./([\w.-]+)"\)')
_HOLE = re.compile(rb"\0([^\0]*)\0")


def hole(name: str) -> str:
    """What stands in a page for something that is known later; no page can hold it otherwise."""
    return f"\0{name}\0"


def open_holes(page: str) -> str:
    """A page with a hole where it asks for an asset that may be marked."""
    return _ASKED.sub(lambda found: found[1] + hole(found[2]), page)


def fill_holes(page: bytes, values: Mapping[str, str]) -> bytes:
    """A page with every hole filled; with its own name where there is no value."""

    def value(found: re.Match[bytes]) -> bytes:
        name = found[1].decode()
        return values.get(name, name).encode()

    return _HOLE.sub(value, page)


class Marks:
    """The marked files of a folder: ``names`` from plain to marked, both relative to it.

    The theme's own files are looked up in the folders ``theme``.
    """

    def __init__(self, folder: Path, theme: Iterable[str | Path]) -> None:
        self.sheets = find_sheets([Path(place) for place in theme], folder / OWN)
        self.names: dict[str, str] = {}
        self._files: dict[str, bytes] = {}
        plain = {
            file.relative_to(folder).as_posix(): file.read_bytes()
            for kind in KINDS
            for file in sorted(folder.glob(kind))
        }
        if self.sheets:
            plain[JOINED] = self.sheets.css
        # what imports another script holds its marked name: the imported go first
        for name in sorted(plain, key=lambda name: len(_IMPORT.findall(plain[name]))):
            content = _IMPORT.sub(self._import, plain[name])
            stem, _, kind = name.rpartition(".")
            self.names[name] = f"{stem}.{hashlib.sha256(content).hexdigest()[:8]}.{kind}"
            self._files[self.names[name]] = content

    def _import(self, found: re.Match[bytes]) -> bytes:
        """An import by the marked name; by the plain one for a page of before a new release."""
        marked = self.names.get(f"assets/js/{found[1].decode()}")
        if not marked:
            return found[0]
        return b'import("./%s").catch(() => %s)' % (Path(marked).name.encode(), found[0])

    def lay(self, site: Path) -> None:
        """Write the marked files."""
        for name, content in self._files.items():
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).write_bytes(content)
