"""Work remembered from build to build, in pieces: an indicator's pictures, its files, its page.

:class:`Memory` keeps the work on one thing as a :class:`Bundle` in the cache, named by the hash of
all that the work depends on; :class:`Files` is a tree of files that stay there until they are read,
so that a build holds one of them at a time.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field, fields, is_dataclass
from importlib.metadata import version
from operator import attrgetter
from pathlib import Path
from typing import Any, Protocol

from scripts import cache

PROGRAM = Path(__file__).resolve().parent

LIBRARIES = ("altair", "jinja2", "markupsafe", "vl-convert-python", "xlsxwriter")
"""What makes files, besides the program itself."""


@dataclass(frozen=True, slots=True)
class Made:
    """The work on one thing: files by name, and ``facts`` (JSON) that are wanted without them."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    facts: Any = None


class Kept(Protocol):
    """Whatever has files by name."""

    def __getitem__(self, name: str, /) -> bytes:
        """The file of a name."""
        ...


class Bundle:
    """Kept work: the facts at hand, each file read and unpacked when asked for.

    Where the entry is gone by then, the work is done again.
    """

    __slots__ = ("_make", "_sizes", "facts", "name")

    def __init__(self, name: str, head: Mapping[str, Any], make: Callable[[], Made]) -> None:
        self.name, self.facts, self._make = name, head["facts"], make
        self._sizes: list[tuple[str, int, bool]] = head["files"]

    def __iter__(self) -> Iterator[str]:
        """Names of the files."""
        return (name for name, _, _ in self._sizes)

    def __getitem__(self, name: str) -> bytes:
        """The file of a name."""
        body = self._body()
        if body is None:
            return self._done_again()[name]
        at = 0
        for each, size, packed in self._sizes:
            if each == name:
                part = body[at : at + size]
                return zlib.decompress(part) if packed else bytes(part)
            at += size
        raise KeyError(name)

    def files(self) -> Mapping[str, bytes]:
        """All files by name."""
        return {name: self[name] for name in self}

    def _body(self) -> memoryview | None:
        """The packed files; of the bundle that was opened last they are still at hand.

        Its files are asked for one after the other.
        """
        if not _last or _last[0][0] != self.name:
            kept = cache.fetch(self.name)
            if kept is None:
                return None
            _last[:] = [(self.name, memoryview(kept)[kept.index(b"\n") + 1 :])]
        return _last[0][1]

    def _done_again(self) -> Mapping[str, bytes]:
        if not _again or _again[0][0] != self.name:
            _again[:] = [(self.name, self._make().files)]
        return _again[0][1]


_last: list[tuple[str, memoryview]] = []
"""The bundle that was opened last."""

_again: list[tuple[str, Mapping[str, bytes]]] = []
"""The work that was done again last, because its bundle is gone."""


def pack(content: bytes) -> tuple[bytes, bool]:
    """A file as it is kept, and whether it is packed: what is packed already is left as it is."""
    packed = zlib.compress(content, 1)
    return (packed, True) if len(packed) < len(content) else (content, False)


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

    def files(self) -> Mapping[str, bytes]:
        """All files by name."""
        return self._made.files


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
        kept = cache.fetch(name)
        if kept is not None:
            return Bundle(name, json.loads(kept[: kept.index(b"\n")]), make)
        made = make()
        packed = {path: pack(content) for path, content in made.files.items()}
        sizes = [[path, len(content), small] for path, (content, small) in packed.items()]
        line = json.dumps({"facts": made.facts, "files": sizes}, ensure_ascii=False)
        body = b"".join([content for content, _ in packed.values()])
        cache.keep(name, line.encode() + b"\n" + body)
        if not cache.known(name):  # a folder that cannot be written
            return Held(made)
        return Bundle(name, json.loads(line), make)


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
    """Files by path, in the order they were laid; those of a bundle stay where they are kept."""

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        self._at: dict[str, bytes | tuple[Kept, str]] = {}
        self.lay(files or {})

    def lay(self, files: Mapping[str, bytes], prefix: str = "") -> Files:
        """Add files, over those of the same path; nothing is read."""
        if isinstance(files, Files):
            places = files._at.items()  # noqa: SLF001 - of the same class
            self._at.update((prefix + path, place) for path, place in places)
        else:
            self._at.update((prefix + path, content) for path, content in files.items())
        return self

    def put(self, path: str, bundle: Kept, name: str) -> None:
        """Add a file that lies somewhere under a name."""
        self._at[path] = bundle, name

    def stamp(self, path: str) -> str:
        """A text that is another one when the content is; a kept file is not read for it."""
        place = self._at[path]
        if isinstance(place, bytes):
            return hashlib.sha256(place).hexdigest()
        name = getattr(place[0], "name", "")
        return f"{name} {place[1]}" if name else hashlib.sha256(self[path]).hexdigest()

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
        self._at[path] = content

    def __delitem__(self, path: str) -> None:
        """Leave a file out."""
        del self._at[path]

    def __iter__(self) -> Iterator[str]:
        """Names of the files."""
        return iter(self._at)

    def __len__(self) -> int:
        """How many files there are."""
        return len(self._at)
