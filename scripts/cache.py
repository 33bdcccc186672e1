"""What was made once is kept in ``.cache/made``; deleting the folder is always safe.

``SITE_CACHE`` names another folder than ``.cache``.

The name of a file is the hash of everything its content depends on, never a time, so an entry is
never wrong, only unused. Entries that no build has asked for in :data:`KEEP_DAYS` days are removed
by :func:`forget`.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

ROOT = Path(os.environ.get("SITE_CACHE") or Path(__file__).resolve().parent.parent / ".cache")
FOLDER = ROOT / "made"
KEEP_DAYS = 30
DAY = 86400.0


def remember(kind: str, depends_on: str, make: Callable[[], bytes]) -> bytes:
    """The picture for ``depends_on``: from the folder, or made now."""
    name = name_of(kind, depends_on)
    return fetch(name) or keep(name, make())


def known(name: str) -> bool:
    """Whether something is kept under a name."""
    return (FOLDER / name).is_file()


@cache
def _renderer() -> str:
    return version("vl-convert-python")


def name_of(kind: str, depends_on: str) -> str:
    """The name that a picture is kept under."""
    stamp = f"{kind}\n{_renderer()}\n{depends_on}"
    return f"{hashlib.sha256(stamp.encode()).hexdigest()}.{kind}"


def fetch(name: str, start: int = 0, size: int = sys.maxsize) -> bytes | None:
    """What is kept under a name, or a part of it; ``None`` when there is none."""

    def read(file: BinaryIO, length: int) -> bytes:
        if start:
            file.seek(start)
        return file.read(min(size, length - start))  # room is made for as much as is asked for

    return _read(name, read)


def fetch_line(name: str) -> bytes | None:
    """The first line of what is kept under a name; ``None`` when there is none."""
    return _read(name, lambda file, _: file.readline())


def _read(name: str, read: Callable[[BinaryIO, int], bytes]) -> bytes | None:
    """What ``read`` finds in a file; its time says on which day it was last of use."""
    try:
        with open(f"{FOLDER}/{name}", "rb") as file:  # noqa: PTH123 - tens of thousands of times
            about = os.fstat(file.fileno())
            content = read(file, about.st_size)
            if time.time() - about.st_mtime > DAY:
                os.utime(file.name)
    except OSError:
        return None
    return content or None


def keep(name: str, content: bytes) -> bytes:
    """Keep a file, whole or not at all; a folder that cannot be written is no fault."""
    keep_pieces(name, [content])
    return content


def keep_pieces(name: str, pieces: Iterable[bytes]) -> None:
    """The same for a file that is never held as a whole."""
    try:
        FOLDER.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=FOLDER, suffix=".tmp", delete=False) as file:
            file.writelines(pieces)
        Path(file.name).replace(FOLDER / name)
    except OSError:
        return


def forget(now: float | None = None) -> int:
    """Remove what was of no use for a long time, once a day; how many were removed."""
    moment = time.time() if now is None else now
    swept = FOLDER / "swept"  # its time says when this was done last
    with suppress(OSError):  # it was never done, or there is no such folder
        if 0 <= moment - swept.stat().st_mtime < DAY:
            return 0
    old = 0
    for file in FOLDER.glob("*.*"):
        try:
            if file.stat().st_mtime < moment - KEEP_DAYS * DAY:
                file.unlink()
                old += 1
        except FileNotFoundError:  # another run was first, or its file has got its name
            continue
    with suppress(OSError):  # a folder that is not there, or cannot be written
        swept.write_bytes(b"")
        os.utime(swept, (moment, moment))
    return old
