"""The only writer: a mapping of paths to bytes becomes a folder, all or nothing.

The new tree is laid beside the old one (files that did not change are linked, so they keep their
times), then the two change places in one step of the file system. A run that is killed or fails at
any moment leaves the old tree whole.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath


@dataclass(frozen=True, slots=True)
class Written:
    """What a write did: how many files there are and how many are new or different or gone."""

    files: int
    changed: int
    removed: int


def safe(path: str) -> PurePosixPath:
    """A relative path that stays inside the tree; raises :class:`ValueError` otherwise."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or "\\" in path or not pure.parts:
        raise ValueError(f"unsafe path: {path!r}")
    return pure


def held_in(out: Path) -> set[str]:
    """Paths of the files of a folder; empty when there is none, or none any more."""
    top = len(os.path.join(out, ""))  # noqa: PTH118 - as text: there are tens of thousands
    return {
        f"{folder}/{name}"[top:].replace(os.sep, "/")
        for folder, _, names in os.walk(out)  # which passes over what vanishes meanwhile
        for name in names
    }


def write_tree(files: Mapping[str, bytes], out: Path) -> Written:
    """Make ``out`` hold exactly ``files``. Raises :class:`OSError` with ``out`` untouched.

    Runs at the same time do not mix: each lays its own tree, and the last to finish stays.
    """
    names = {str(safe(path)) for path in files}
    old = held_in(out)
    changed = 0
    out.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{out.name}.{os.getpid()}."  # so that who ended this process can clear up
    staging = Path(tempfile.mkdtemp(prefix=prefix, suffix=".tmp", dir=out.parent))
    try:
        staging.chmod(0o755)
        folders: set[str] = set()
        for path in files:
            folder = path.rpartition("/")[0]
            if folder not in folders:
                (staging / folder).mkdir(parents=True, exist_ok=True)
                folders.add(folder)
            target = f"{staging}/{path}"
            if not (path in old and _kept(f"{out}/{path}", pieces_of(files, path), target)):
                fill(target, pieces_of(files, path))
                changed += 1
        swap(staging, out)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Written(len(names), changed, len(old - names))


def pieces_of(files: Mapping[str, bytes], path: str) -> Iterable[bytes]:
    """The content of a file, a piece at a time where the files can be had so (``pieces``)."""
    give = getattr(files, "pieces", None)
    return give(path) if give else [files[path]]


def fill(file: str, pieces: Iterable[bytes]) -> None:
    """Write a new file, a piece at a time."""
    with open(file, "wb") as stream:  # noqa: PTH123 - tens of thousands of times
        stream.writelines(pieces)


def _kept(current: str, content: Iterable[bytes], target: str) -> bool:
    """Link a file that did not change; ``False`` when it did, or is gone (another run swapped)."""
    try:
        if not _holds(current, content):
            return False
        os.link(current, target)
    except FileNotFoundError:
        return False
    return True


def _holds(file: Path | str, content: Iterable[bytes]) -> bool:
    """Whether a file holds just that, compared piece by piece."""
    with open(file, "rb", buffering=0) as stream:  # noqa: PTH123 - tens of thousands of times
        return all(stream.read(len(piece)) == piece for piece in content) and not stream.read(1)


def update_tree(files: Mapping[str, bytes], out: Path) -> Written:
    """Like :func:`write_tree` but in place, for a live preview that watches the folder.

    Each file is whole at any moment; the tree is when the call returns.
    """
    names = {str(safe(path)) for path in files}
    old = held_in(out)
    for path in old - names:
        (out / path).unlink()
    # empty folders go first: where one was there may be a file now
    for folder in sorted((p for p in out.rglob("*") if p.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    changed = 0
    for path in files:
        target = out / path
        if path in old and _holds(target, pieces_of(files, path)):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        write_file(target, files[path])
        changed += 1
    return Written(len(names), changed, len(old - names))


def write_file(file: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old or the new one, never a part."""
    write_files({file: content})


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write files so that a reader sees the old or the new ones, never a part of one.

    Every new file is laid beside the old one before the first takes its place: a disk that is
    full leaves all the old ones. Raises :class:`OSError`.
    """
    laid: list[tuple[Path, Path]] = []
    try:
        for given, content in contents.items():
            file = given.resolve()
            handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
            laid.append((Path(name), file))
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            Path(name).chmod(file.stat().st_mode & 0o777 if file.exists() else 0o644)
        for fresh, file in laid:
            fresh.replace(file)
    except BaseException:
        for fresh, _ in laid:
            fresh.unlink(missing_ok=True)
        raise


def swap(new: Path, out: Path) -> None:
    """Put ``new`` in the place of ``out``; afterwards ``new`` holds what was there before."""
    if not out.exists():
        try:
            new.rename(out)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
        else:
            return  # otherwise another run was first
    if _exchange(new, out):
        return
    aside = new.with_name(new.name + ".old")
    out.rename(aside)
    try:
        new.rename(out)
    except OSError:
        aside.rename(out)
        raise
    aside.rename(new)


def _exchange(one: Path, two: Path) -> bool:
    """Exchange two folders atomically where the system can (Linux); ``False`` elsewhere."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    at_cwd, exchange = -100, 2
    if renameat2(at_cwd, os.fsencode(one), at_cwd, os.fsencode(two), exchange) == 0:
        return True
    if ctypes.get_errno() in (errno.ENOSYS, errno.EINVAL):
        return False
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(two))
