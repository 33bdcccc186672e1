"""Large contents of a build, on disk instead of in memory: one file that has no name.

It is gone with the last content that lies in it, however the program ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import Protocol

PIECE = 1 << 18
"""Bytes that are read at once."""


class Kept(Protocol):
    """Whatever has contents by name; who can give one in pieces has ``pieces(name)``."""

    def __getitem__(self, name: str, /) -> bytes:
        """The content of a name."""
        ...


def pieces_of(kept: Kept, name: str) -> Iterator[bytes]:
    """A content, a piece at a time where it can be had so."""
    give = getattr(kept, "pieces", None)
    return give(name) if give else iter([kept[name]])


class Spool:
    """Contents one after the other; none is ever changed. A full disk raises :class:`OSError`."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - open for as long as this is
        self._end = 0

    def add(self, pieces: Iterable[bytes]) -> Laid:
        """Lay down a content, given in pieces."""
        start = self._end
        for piece in pieces:  # making a piece may lay down or read another content
            self._file.seek(self._end)
            self._file.write(piece)
            self._end += len(piece)
        return Laid(self, start, self._end - start)

    def read(self, at: int, size: int) -> bytes:
        """Bytes of the file."""
        self._file.seek(at)
        return self._file.read(size)

    def __del__(self) -> None:
        """Give the disk back."""
        self._file.close()


class Laid:
    """A content in a spool."""

    __slots__ = ("_at", "_spool", "size")

    def __init__(self, spool: Spool, at: int, size: int) -> None:
        self._spool, self._at, self.size = spool, at, size

    def __getitem__(self, name: str) -> bytes:
        """The whole, read now; it goes by any name."""
        return self._spool.read(self._at, self.size)

    def pieces(self, name: str = "") -> Iterator[bytes]:  # noqa: ARG002 - as of other kept files
        """The whole, a piece at a time."""
        for at in range(0, self.size, PIECE):
            yield self._spool.read(self._at + at, min(PIECE, self.size - at))
