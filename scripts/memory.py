"""Work remembered from build to build, in pieces: an indicator's pictures, its files, its page.

:class:`Memory` keeps the work on one thing as a :class:`Bundle` in the cache, named by the hash of
all that the work depends on; :class:`Files` is a tree of files that stay there (or in a spool, when
they are large) until they are read, so that a build holds one of them at a time.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from importlib.metadata import version
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Any

from scripts import cache
from scripts.spool import PIECE, Kept, Spool, pieces_of

PROGRAM = Path(__file__).resolve().parent

LIBRARIES = ("altair", "jinja2", "markupsafe", "vl-convert-python", "xlsxwriter")
"""What makes files, besides the program itself."""

LARGE = 1 << 17
"""From this many bytes on, a content is laid on disk."""


@dataclass(frozen=True, slots=True)
class Made:
    """The work on one thing: files by name, and ``facts`` (JSON) that are wanted without them."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    facts: Any = None


class Bundle:
    """Kept work: the facts at hand, each file read and unpacked when asked for.

    Where the entry is gone by then, the work is done again.
    """

    __slots__ = ("_make", "facts", "name")

    def __init__(self, name: str, facts: Any, make: Callable[[], Made]) -> None:
        self.name, self.facts, self._make = name, facts, make

    def __iter__(self) -> Iterator[str]:
        """Names of the files."""
        opened = _open(self.name)
        return iter(self._done_again()) if opened is None else (name for name, _, _ in opened.sizes)

    def __getitem__(self, name: str) -> bytes:
        """The file of a name."""
        part, packed = self._part(name)
        return zlib.decompress(part) if packed else bytes(part)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The file of a name, a piece at a time."""
        part, packed = self._part(name)
        if not packed:
            yield bytes(part)
            return
        unpacking = zlib.decompressobj()
        while piece := unpacking.decompress(part, PIECE):
            part = unpacking.unconsumed_tail
            yield piece

    def files(self) -> Files:
        """All files by name."""
        found = Files()
        for name in self:
            found.put(name, self, name)
        return found

    def _part(self, name: str) -> tuple[bytes | memoryview, bool]:
        """A file as it is kept, and whether it is packed."""
        opened = _open(self.name)
        if opened is None:
            return self._done_again()[name], False
        at = 0
        for each, size, packed in opened.sizes:
            if each == name:
                part = opened.part(at, size)
                return (self._done_again()[name], False) if part is None else (part, packed)
            at += size
        raise KeyError(name)

    def _done_again(self) -> Mapping[str, bytes]:
        if not _again or _again[0][0] != self.name:
            _again[:] = [(self.name, self._make().files)]
        return _again[0][1]


@dataclass(frozen=True, slots=True)
class Opened:
    """A kept bundle as it is read: name, kept size and whether packed of each file; the files.

    Those of a very large one (no ``body``) are read one at a time, from ``start`` on.
    """

    name: str
    sizes: Sequence[tuple[str, int, bool]]
    start: int
    body: memoryview | None

    def part(self, at: int, size: int) -> bytes | memoryview | None:
        """A piece of the files; ``None`` where it is gone."""
        if self.body is None:
            return cache.fetch(self.name, self.start + at, size) if size else b""
        return self.body[at : at + size]


_last: list[Opened] = []
"""The bundle that was opened last: its files are asked for in a row."""

_again: list[tuple[str, Mapping[str, bytes]]] = []
"""The work that was done again last, because its bundle is gone."""


def _open(name: str) -> Opened | None:
    """A kept bundle; ``None`` where it is gone."""
    if not _last or _last[0].name != name:
        kept = cache.fetch(name, size=8 * LARGE)
        line = cache.fetch_line(name) if kept and len(kept) == 8 * LARGE else kept
        if kept is None or line is None:
            return None
        start = line.index(b"\n") + 1
        body = memoryview(kept)[start:] if line is kept else None
        _last[:] = [Opened(name, json.loads(line[:start])["files"], start, body)]
    return _last[0]


def pack(files: Mapping[str, bytes], name: str, packed: Files) -> tuple[int, bool]:
    """Lay down a file as it is kept; its size then, and whether it is packed.

    What is packed already is left as it is.
    """
    before = after = 0

    def pieces() -> Iterator[bytes]:
        nonlocal before, after
        packer = zlib.compressobj(1)
        for piece in pieces_of(files, name):
            before += len(piece)
            small = packer.compress(piece)
            after += len(small)
            yield small
        small = packer.flush()
        after += len(small)
        yield small

    packed.fill(name, pieces())
    if after < before:
        return after, True
    packed.put(name, files, name)
    return before, False


class Held(Bundle):
    """Work that is not kept anywhere else."""

    __slots__ = ("_made",)

    def __init__(self, made: Made) -> None:
        # as a kept one gives them: a tuple is a list then
        self._made, self.name, self.facts = made, "", json.loads(json.dumps(made.facts))

    def __iter__(self) -> Iterator[str]:
        """Names of the files."""
        return iter(self._made.files)

    def __getitem__(self, name: str) -> bytes:
        """The file of a name."""
        return self._made.files[name]

    def pieces(self, name: str) -> Iterator[bytes]:
        """The file of a name, a piece at a time."""
        return pieces_of(self._made.files, name)

    def files(self) -> Files:
        """All files by name."""
        return Files(self._made.files)


class Memory:
    """Remembers work by all it depends on: ``code`` (of everything) and what each call names.

    Without ``code`` nothing is remembered: all work is done, and held by who asked for it.
    """

    def __init__(self, code: str = "") -> None:
        self.code = code

    def _name(self, kind: str, depends_on: object) -> str:
        stamp = f"{self.code}\n{plain(depends_on)!r}"
        return f"{hashlib.sha256(stamp.encode()).hexdigest()}.{kind}"

    def lacks(self, kind: str, depends_on: object) -> bool:
        """Whether work could be remembered and is not."""
        return bool(self.code) and not cache.known(self._name(kind, depends_on))

    def recall(self, kind: str, depends_on: object, make: Callable[[], Made]) -> Bundle:
        """The work for ``depends_on`` (records, texts, numbers, dates and what holds them).

        ``make`` must be a function of ``depends_on`` alone. Raises :class:`TypeError` for a value
        whose content cannot be told.
        """
        if not self.code:
            return Held(make())
        name = self._name(kind, depends_on)
        kept = cache.fetch_line(name)
        if kept is not None:
            return Bundle(name, json.loads(kept)["facts"], make)
        made, packed = make(), Files()
        sizes = [[path, *pack(made.files, path, packed)] for path in made.files]
        line = json.dumps({"facts": made.facts, "files": sizes}, ensure_ascii=False)
        parts = map(packed.pieces, packed)
        cache.keep_pieces(name, chain([line.encode(), b"\n"], *parts))
        if not cache.known(name):  # a folder that cannot be written
            return Held(made)
        return Bundle(name, json.loads(line)["facts"], make)


NOTHING = Memory()
"""Remembers nothing."""


def memory_of_this_program() -> Memory:
    """Good for as long as no file of the program, no library and no version of Python changes."""
    digest = hashlib.sha256(sys.version.encode())
    for library in LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    for file in sorted(PROGRAM.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            content = file.read_bytes()
            digest.update(f"{file.relative_to(PROGRAM)} {len(content)}\n".encode())
            digest.update(content)
    return Memory(digest.hexdigest())


def stamp_of(value: object) -> str:
    """A text that stands for a value: another one when its content is another one."""
    return hashlib.sha256(repr(plain(value)).encode()).hexdigest()


_SIMPLE = (str, int, float, bytes, type(None))
_GETTERS: dict[type, attrgetter[Any]] = {}


def plain(value: Any) -> Any:
    """A value as tuples of texts and numbers, the same for the same content.

    What does not count for equality (the line a record stands in) does not count here: who shows
    it names it.
    """
    kind = type(value)
    if kind in _SIMPLE or kind is bool:
        return value
    if kind is tuple or kind is list:
        return tuple([plain(part) for part in value])
    if is_dataclass(kind):
        if kind not in _GETTERS:
            names = [f.name for f in fields(kind) if f.compare]
            _GETTERS[kind] = attrgetter(*names, "__class__.__name__")
        return tuple([plain(part) for part in _GETTERS[kind](value)])
    if isinstance(value, Mapping):
        return ("{}", *((plain(key), plain(each)) for key, each in value.items()))
    if isinstance(value, frozenset):
        return ("<>", *sorted(map(repr, map(plain, value))))
    if isinstance(value, _SIMPLE) or kind.__module__ in ("decimal", "datetime"):
        return kind.__name__, str(value)
    raise TypeError(f"what a {kind.__name__} holds cannot be told")


class Files(MutableMapping[str, bytes]):
    """Files by path, in the order they were laid.

    Those of a bundle stay where they are kept; those that are :data:`LARGE` lie in a spool.
    """

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        self._at: dict[str, bytes | tuple[Kept, str]] = {}
        self._large: Spool | None = None
        self.lay(files or {})

    def lay(self, files: Mapping[str, bytes], prefix: str = "") -> Files:
        """Add files, over those of the same path; nothing is read."""
        if isinstance(files, Files):
            places = files._at.items()  # noqa: SLF001 - of the same class
            self._at.update((prefix + path, place) for path, place in places)
        else:
            for path, content in files.items():
                self[prefix + path] = content
        return self

    def put(self, path: str, bundle: Kept, name: str) -> None:
        """Add a file that lies somewhere under a name."""
        self._at[path] = bundle, name

    def fill(self, path: str, pieces: Iterable[bytes]) -> None:
        """Add a file that is made piece by piece; a large one is never held as a whole."""
        first, size, rest = [], 0, iter(pieces)
        for piece in rest:
            first.append(piece)
            size += len(piece)
            if size >= LARGE:
                self._large = self._large or Spool()
                self._at[path] = self._large.add(chain(first, rest)), ""
                return
        self._at[path] = b"".join(first)

    def pieces(self, path: str) -> Iterator[bytes]:
        """The content of a file, a piece at a time where whoever keeps it can do that."""
        place = self._at[path]
        return iter([place]) if isinstance(place, bytes) else pieces_of(*place)

    def size(self, path: str) -> int:
        """How many bytes a file has."""
        return sum(map(len, self.pieces(path)))

    def stamp(self, path: str) -> str:
        """A text that is another one when the content is; a kept file is not read for it."""
        place = self._at[path]
        if isinstance(place, bytes):
            return hashlib.sha256(place).hexdigest()
        name = getattr(place[0], "name", "")
        if name:
            return f"{name} {place[1]}"
        digest = hashlib.sha256()
        for piece in self.pieces(path):
            digest.update(piece)
        return digest.hexdigest()

    def pick(self, paths: Iterable[str]) -> Files:
        """The files of some paths; nothing is read."""
        return self._moved((path, path) for path in paths)

    def below(self, folder: str) -> Files:
        """The files below a folder (``data/``) by their paths in it; nothing is read."""
        return self._moved(
            (path, path.removeprefix(folder)) for path in self._at if path.startswith(folder)
        )

    def _moved(self, paths: Iterable[tuple[str, str]]) -> Files:
        found = Files()
        for path, other in paths:
            found._at[other] = self._at[path]
        return found

    def __getitem__(self, path: str) -> bytes:
        """The content of a file, read now."""
        place = self._at[path]
        return place if isinstance(place, bytes) else place[0][place[1]]

    def __setitem__(self, path: str, content: bytes) -> None:
        """Add a file."""
        self.fill(path, [content])

    def __delitem__(self, path: str) -> None:
        """Leave a file out."""
        del self._at[path]

    def __iter__(self) -> Iterator[str]:
        """Names of the files."""
        return iter(self._at)

    def __len__(self) -> int:
        """How many files there are."""
        return len(self._at)


def cut(content: bytes, start: int, end: int) -> Iterator[bytes]:
    """A part of a content, in pieces: as a whole it would be held twice."""
    return (content[at : min(at + PIECE, end)] for at in range(start, end, PIECE))
