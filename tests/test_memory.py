"""What is remembered: never another thing than what would be made now, whatever changed."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts import cache
from scripts.build import render
from scripts.memory import LARGE, NOTHING, Files, Made, Memory, memory_of_this_program, plain
from scripts.model import Package
from scripts.spool import PIECE, Spool
from tests.helpers import FIXTURE, TODAY

TEXTS = (
    ("sources", "title"),
    ("goals", "short_title"),
    ("measures", "title"),
    ("kpis", "name"),
    ("kpi_relations", "note"),
    ("targets", "locator"),
    ("observations", "note"),
    ("evaluations", "finding"),
    ("ratings", "label"),
    ("glossary", "definition"),
    ("projects", "name"),
)
"""One text of each table that the page of an indicator may show."""

NUMBERS = (("observations", "value"),)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setattr(cache, "FOLDER", tmp_path / "made")
    return tmp_path / "made"


@pytest.fixture(scope="module")
def warm(package: Package, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache that knows all of the fixture, and small pictures of every town."""
    made = tmp_path_factory.mktemp("warm") / "made"
    before, cache.FOLDER = cache.FOLDER, made
    whole(package, memory_of_this_program())
    yield made
    cache.FOLDER = before


def whole(package: Package, memory: Memory, today: date = TODAY) -> dict[str, bytes]:
    """Every staged file but the pictures in pixels."""
    return dict(render(package, FIXTURE / "docs", today, pngs=False, memory=memory))


def changed(package: Package, table: str, column: str, change: Callable[[Any], Any]) -> Package:
    """The package with another value in the last record of a table that has one."""
    records = list(getattr(package, table))
    at = max(i for i, record in enumerate(records) if getattr(record, column) not in (None, ""))
    records[at] = replace(records[at], **{column: change(getattr(records[at], column))})
    more: dict[str, Any] = {table: tuple(records)}
    return replace(package, **more)


def variants(package: Package) -> Iterator[tuple[str, Package]]:
    """The package with one thing changed."""
    for table, column in TEXTS:
        yield f"{table}.{column}", changed(package, table, column, lambda text: f"{text}改")
    yield "value", changed(package, "observations", "value", lambda value: value + 1)
    yield "a row below", changed(package, "observations", "row", lambda row: row + 1)
    for name, value in (("contact", "toukei@city.example.jp"), ("terms", {"施策": "取組"})):
        yield name, replace(package, descriptor={**package.descriptor, name: value})


def test_a_change_shows_as_if_nothing_were_remembered(package: Package, warm: Path) -> None:
    """After each change of one thing, all files are those of a build without a memory."""
    memory = memory_of_this_program()
    known = whole(package, memory)
    for name, other in variants(package):
        fresh = whole(other, NOTHING)
        assert whole(other, memory) == fresh, name
        assert fresh != known, f"{name} is nowhere to be seen"
    later = date(TODAY.year + 1, TODAY.month, TODAY.day)
    assert whole(package, memory, later) == whole(package, NOTHING, later)
    assert any(warm.iterdir())


def test_only_the_page_of_the_indicator_is_made_again(
    package: Package, warm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A corrected value costs the work on one indicator, not on all."""
    made: list[str] = []
    keep = cache.keep_pieces
    monkeypatch.setattr(
        cache, "keep_pieces", lambda name, pieces: (made.append(name), keep(name, pieces))[1]
    )
    whole(
        changed(package, "observations", "value", lambda value: value + 7), memory_of_this_program()
    )
    kinds = [name.rpartition(".")[2] for name in made]
    assert warm.is_dir()
    for kind in ("drawn", "chart-files", "published", "page"):
        assert kinds.count(kind) == 1, kind


def test_it_remembers_until_something_it_depends_on_changes(folder: Path) -> None:
    calls: list[int] = []

    def make() -> Made:
        calls.append(1)
        return Made({"a": b"one", "b": b"", "c": b"three"}, facts={"n": len(calls)})

    for _ in range(2):
        bundle = Memory("code").recall("kind", ("x", 1), make)
        assert [bundle[name] for name in bundle] == [b"one", b"", b"three"]
        assert bundle.facts == {"n": 1}
    assert len(list(folder.iterdir())) == 1
    for memory, kind, what in (
        (Memory("other"), "kind", ("x", 1)),
        (Memory("code"), "more", ("x", 1)),
        (Memory("code"), "kind", ("x", 2)),
    ):
        before = len(calls)
        memory.recall(kind, what, make)
        assert len(calls) == before + 1
    NOTHING.recall("kind", ("x", 1), make)
    NOTHING.recall("kind", ("x", 1), make)
    assert len(calls) == 6


def test_what_is_deleted_meanwhile_is_made_again(folder: Path) -> None:
    bundle = Memory("code").recall("kind", "x", lambda: Made({"a": b"one"}))
    shutil.rmtree(folder)
    assert bundle["a"] == b"one"
    assert not folder.exists()


def test_a_cache_that_cannot_be_written_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "FOLDER", Path("/dev/null/nowhere"))
    bundle = Memory("code").recall("kind", "x", lambda: Made({"a": b"one"}, facts=(1, 2)))
    assert (bundle["a"], bundle.facts) == (b"one", [1, 2])


def test_files_stay_where_they_are_until_they_are_read(folder: Path) -> None:
    bundle = Memory("code").recall("kind", "x", lambda: Made({"a": b"one"}))
    files = Files({"top.txt": b"top"})
    files.put("data/a.txt", bundle, "a")
    moved = Files().lay(files.below("data/"), "again/")
    files["data/a.txt"] = b"over"
    assert dict(moved) == {"again/a.txt": b"one"}
    assert dict(files) == {"top.txt": b"top", "data/a.txt": b"over"}
    stamp = moved.stamp("again/a.txt")
    shutil.rmtree(folder)
    assert moved.stamp("again/a.txt") == stamp
    del files["top.txt"]
    assert len(files) == 1


def test_large_files_lie_on_disk_and_come_back_in_pieces() -> None:
    """Each as it was laid, also when one is made while another is read, and after a move."""
    large = bytes(range(256)) * (LARGE // 256 + 1)
    files = Files({"small": b"x", "large": large})
    doubled = Files()
    doubled.fill("twice", (piece for _ in range(2) for piece in files.pieces("large")))
    files.fill("again", files.pieces("large"))
    files["over"], files["small"] = large[:-1], b"y"
    moved = Files().lay(files, "a/")
    del files
    assert dict(moved) == {
        "a/small": b"y",
        "a/large": large,
        "a/again": large,
        "a/over": large[:-1],
    }
    assert doubled["twice"] == b"".join(doubled.pieces("twice")) == large * 2
    assert doubled.size("twice") == 2 * len(large)
    assert len(list(doubled.pieces("twice"))) > 1
    assert moved.stamp("a/large") == moved.stamp("a/again") != moved.stamp("a/over")


def test_a_large_file_is_read_at_once_where_it_lies_in_one_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Joined from pieces, it would be held twice."""
    reads: list[int] = []
    read = Spool.read

    def watched(spool: Spool, at: int, size: int) -> bytes:
        reads.append(size)
        return read(spool, at, size)

    monkeypatch.setattr(Spool, "read", watched)
    large = bytes(range(256)) * (PIECE // 64)
    files = Files({"large": large})
    assert files["large"] == large
    assert reads == [len(large)]

    def parts() -> Iterator[bytes]:
        yield large
        files["other"] = large[1:]  # in the same spool
        yield large[2:]

    files.fill("parts", parts())
    reads.clear()
    assert files["parts"] == large + large[2:]
    assert len(reads) == 2
    assert files["other"] == large[1:]


def test_a_kept_file_comes_in_pieces(folder: Path) -> None:
    large = b"".join(number.to_bytes(4) for number in range(LARGE))
    made = Files()
    made.fill("only", iter([large[:5], large[5:]]))
    bundle = Memory("code").recall("kind", "large", lambda: Made(made, facts={"n": 1}))
    assert bundle["only"] == b"".join(bundle.pieces("only")) == large
    assert len(list(bundle.pieces("only"))) > 1
    shutil.rmtree(folder)
    assert b"".join(bundle.pieces("only")) == large


def test_of_a_very_large_entry_only_the_file_that_is_asked_for_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of three files cannot be packed; what is deleted meanwhile is made again."""
    one, two = (hashlib.shake_128(seed).digest(9 * LARGE) for seed in (b"1", b"2"))
    files = {"one": one, "none": b"", "two": two, "text": b"a" * LARGE}
    bundle = Memory("code").recall("kind", "very large", lambda: Made(files, facts=[1]))
    read: list[int] = []
    fetch = cache.fetch

    def watched(name: str, start: int = 0, size: int = sys.maxsize) -> bytes | None:
        found = fetch(name, start, size)
        read.append(len(found or b""))
        return found

    monkeypatch.setattr(cache, "fetch", watched)
    assert {name: bundle[name] for name in bundle} == files
    assert max(read) == 9 * LARGE
    assert Memory("code").recall("kind", "very large", Made).facts == [1]
    shutil.rmtree(folder)
    assert {name: bundle[name] for name in files} == files


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.decimals(allow_nan=False)
    | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUES, VALUES)
def test_different_things_are_told_apart(one: object, other: object) -> None:
    """Equal texts of two values mean equal values, digits included (60.0 is not 60)."""
    if repr(plain(one)) == repr(plain(other)):
        assert repr(one) == repr(other)


def test_what_cannot_be_told_is_refused() -> None:
    with pytest.raises(TypeError, match="Path"):
        plain((Decimal(1), Path("a")))
