"""Large contents of a build, on disk instead of in memory: one file that has no name.

It is gone with the last content that lies in it, however the program ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from os import SEEK_END
from tempfile import TemporaryFile
from typing import Protocol

PIECE = 1 << 18
"""Bytes, or some more, that are read and written at once."""


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
    """Contents in the order of their making. A full disk raises :class:`OSError`."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - open for as long as this is

    def add(self, pieces: Iterable[bytes]) -> Laid:
        """Lay down a content, given in pieces; making one may lay down or read another content."""
        places: list[tuple[int, int]] = []
        held: list[bytes] = []
        size = 0
        for piece in pieces:
            held.append(piece)
            size += len(piece)
            if size >= PIECE:
                places.append(self._write(b"".join(held)))
                held, size = [], 0
        return Laid(self, (*places, self._write(b"".join(held))))

    def _write(self, content: bytes) -> tuple[int, int]:
        """Where it lies: place and size."""
        at = self._file.seek(0, SEEK_END)
        self._file.write(content)
        return at, len(content)

    def read(self, at: int, size: int) -> bytes:
        """What lies in a place."""
        self._file.seek(at)
        return self._file.read(size)

    def __del__(self) -> None:
        """Give the disk back."""
        self._file.close()


class Laid:
    """A content in a spool; it goes by any name."""

    __slots__ = ("_places", "_spool")

    def __init__(self, spool: Spool, places: Sequence[tuple[int, int]]) -> None:
        self._spool, self._places = spool, places

    def __getitem__(self, name: str) -> bytes:
        """The whole, read now: at once where it lies in one run, so that it is held only once."""
        runs: list[tuple[int, int]] = []
        for at, size in self._places:
            if runs and sum(runs[-1]) == at:
                runs[-1] = runs[-1][0], runs[-1][1] + size
            else:
                runs.append((at, size))
        return b"".join([self._spool.read(*run) for run in runs])

    def pieces(self, name: str) -> Iterator[bytes]:  # noqa: ARG002 - as of other kept files
        """The whole, a piece at a time."""
        return (self._spool.read(*place) for place in self._places)
