"""The only writer: all or nothing, nothing left over, nothing touched without need."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts import tree
from scripts.tree import Written, safe, update_tree, write_files, write_tree

OLD = {
    "index.md": b"old",
    "kpis/a.md": b"same",
    "kpis/b.md": b"gone soon",
    "data/x.csv": b"\xef\xbb\xbfx\n",
}
NEW = {"index.md": b"new", "kpis/a.md": b"same", "goals/deep/g.md": b"added", "data/x.csv": b"y"}

Writer = Callable[[dict[str, bytes], Path], Written]
writers = pytest.mark.parametrize("write", [write_tree, update_tree])


def held(folder: Path) -> dict[str, bytes]:
    """The files of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder that holds the old tree, written long ago."""
    folder = tmp_path / "build" / "docs"
    write_tree(OLD, folder)
    for file in folder.rglob("*"):
        os.utime(file, (1_000_000_000, 1_000_000_000))
    return folder


@writers
def test_makes_the_folder(write: Writer, tmp_path: Path) -> None:
    """A fresh clone has no build folder."""
    folder = tmp_path / "not" / "yet" / "there"
    assert write(NEW, folder) == Written(files=4, changed=4, removed=0)
    assert held(folder) == NEW


@writers
def test_holds_exactly_the_new_files(write: Writer, out: Path) -> None:
    """Strays of the last build go, whatever is new comes, and the numbers say so."""
    (out / "stray.html").write_bytes(b"left by someone")
    assert write(NEW, out) == Written(files=4, changed=3, removed=2)
    assert held(out) == NEW


@writers
def test_nothing_changes_the_second_time(write: Writer, out: Path) -> None:
    """The same input leaves the same tree and says that nothing changed."""
    assert write(OLD, out) == Written(files=4, changed=0, removed=0)
    assert held(out) == OLD


@writers
def test_unchanged_files_keep_their_time(write: Writer, out: Path) -> None:
    """A live preview or a mirror copies what changed, not everything."""
    write(NEW, out)
    assert (out / "kpis/a.md").stat().st_mtime == 1_000_000_000
    assert (out / "index.md").stat().st_mtime > 1_000_000_000


def test_leaves_nothing_beside_the_tree(out: Path) -> None:
    """Neither the staging folder nor the old tree stays behind."""
    write_tree(NEW, out)
    assert [path.name for path in out.parent.iterdir()] == ["docs"]


def test_the_tree_can_be_read_by_a_web_server(out: Path) -> None:
    """Temporary folders are private; the published one must not be."""
    write_tree(NEW, out)
    assert out.stat().st_mode & 0o777 == 0o755


@writers
def test_a_file_may_become_a_folder_and_back(write: Writer, out: Path) -> None:
    """``kpis/a.md`` one day, ``kpis/a.md/deep/index.md`` the next."""
    write({"kpis/a.md/deep/index.md": b"page"}, out)
    assert held(out) == {"kpis/a.md/deep/index.md": b"page"}
    write({"kpis/a.md": b"page"}, out)
    assert held(out) == {"kpis/a.md": b"page"}
    write({}, out)
    assert list(out.iterdir()) == []


def test_runs_at_the_same_time_do_not_mix(tmp_path: Path) -> None:
    """Whoever is last leaves a whole tree of its own; nobody fails, nothing is left over."""
    out = tmp_path / "docs"
    trees = [{f"{n}/{name}.md": bytes([n]) for name in "abcd"} | {"x": b"x"} for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: write_tree(trees[n % 4], out), range(200)))
    assert held(out) in trees
    assert [path.name for path in tmp_path.iterdir()] == ["docs"]


def fail_at(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, turn: int) -> None:
    """Make a function of the file system fail at its ``turn``-th call."""
    real = getattr(owner, name)
    calls = 0

    def stand_in(*arguments: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if calls == turn:
            raise OSError(28, "No space left on device")
        return real(*arguments, **options)

    monkeypatch.setattr(owner, name, stand_in)


FAILURES = [
    ("while writing the first file", tree, "fill", 1),
    ("while writing the last file", tree, "fill", 3),
    ("while making a folder", Path, "mkdir", 3),
    ("while linking a file that did not change", os, "link", 1),
    ("while changing places", tree, "swap", 1),
]


@pytest.mark.parametrize(("when", "owner", "name", "turn"), FAILURES, ids=[f[0] for f in FAILURES])
def test_a_failure_leaves_the_old_tree(
    when: str, owner: object, name: str, turn: int, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk in the middle of a build takes nothing away and leaves nothing behind."""
    fail_at(monkeypatch, owner, name, turn)
    with pytest.raises(OSError, match="No space left"):
        write_tree(NEW, out)
    monkeypatch.undo()
    assert held(out) == OLD
    assert [path.name for path in out.parent.iterdir()] == ["docs"]
    assert {f.stat().st_mtime for f in out.rglob("*") if f.is_file()} == {1_000_000_000}


def test_without_an_atomic_exchange_the_trees_change_places(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other systems than Linux get there by renaming."""
    monkeypatch.setattr(tree, "_exchange", lambda one, two: False)
    write_tree(NEW, out)
    assert held(out) == NEW
    assert [path.name for path in out.parent.iterdir()] == ["docs"]


def test_without_an_atomic_exchange_a_failure_brings_the_old_tree_back(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old tree was already moved aside when the new one could not take its place."""
    monkeypatch.setattr(tree, "_exchange", lambda one, two: False)
    fail_at(monkeypatch, Path, "rename", 2)
    with pytest.raises(OSError, match="No space left"):
        write_tree(NEW, out)
    monkeypatch.undo()
    assert held(out) == OLD
    assert [path.name for path in out.parent.iterdir()] == ["docs"]


def test_several_files_change_together_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full at the second file leaves the first as it was, and no part of either."""
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_bytes(b"1")
    two.write_bytes(b"2")
    fail_at(monkeypatch, os, "fdopen", 2)
    with pytest.raises(OSError, match="No space left"):
        write_files({one: b"new", two: b"new"})
    monkeypatch.undo()
    assert held(tmp_path) == {"one.csv": b"1", "two.csv": b"2"}
    write_files({one: b"new", two: b"newer"})
    assert held(tmp_path) == {"one.csv": b"new", "two.csv": b"newer"}


UNSAFE = ["/etc/passwd", "../outside.md", "kpis/../../outside.md", "", ".", "kpis\\a.md"]


@pytest.mark.parametrize("path", UNSAFE)
@writers
def test_unsafe_paths_are_refused(write: Writer, path: str, out: Path) -> None:
    """A name from the data never reaches beyond the tree, and nothing is written at all."""
    with pytest.raises(ValueError, match="unsafe path"):
        write({**NEW, path: b"gotcha"}, out)
    assert held(out) == OLD
    assert not (out.parent / "outside.md").exists()


@given(st.text(max_size=30))
def test_what_is_safe_stays_inside(path: str) -> None:
    """Any text is refused or lies below the tree."""
    try:
        pure = safe(path)
    except ValueError:
        return
    assert not pure.is_absolute() and ".." not in pure.parts and pure.parts


@settings(max_examples=50)  # each example writes two trees
@given(
    st.dictionaries(st.sampled_from(["a", "b/c", "b/d", "e/f/g", "h"]), st.binary(max_size=9)),
    st.dictionaries(st.sampled_from(["a", "b/c", "b/d", "e/f/h", "h/i"]), st.binary(max_size=9)),
    st.sampled_from([write_tree, update_tree]),
)
def test_any_tree_follows_any_other(
    tmp_path_factory: pytest.TempPathFactory,
    before: dict[str, bytes],
    after: dict[str, bytes],
    write: Writer,
) -> None:
    """Whatever was there before, afterwards there is what was asked for."""
    folder = tmp_path_factory.mktemp("tree") / "out"
    write(before, folder)
    done = write(after, folder)
    assert held(folder) == after
    assert done.files == len(after)
    assert done.changed == sum(before.get(path) != content for path, content in after.items())
    assert done.removed == len(before.keys() - after.keys())
