"""Every save is noticed, once it is over, and reading is none; also where nobody tells of it."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts import lookout
from scripts.lookout import Lookout, Seen, look


class Desk:
    """A folder under watch, and what its keeper was told."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / "a.csv"
        self.file.write_text("一", encoding="utf-8")
        self.seen: Seen = look([folder])
        self.calls: list[object] = []
        self.called = threading.Event()
        self.looks = 0
        self.out = Lookout(self.now, lambda: self.seen)
        self.out.schedule(self, str(folder))

    def now(self) -> Seen:
        """The state of the files."""
        self.looks += 1
        return look([self.folder])

    def on_any_event(self, event: object) -> None:
        """As the server's handler."""
        assert not getattr(event, "is_directory")  # noqa: B009 - any kind of event
        self.calls.append(event)
        self.seen = look([self.folder])
        self.called.set()

    def wait(self) -> Seen:
        """What was seen when the next call came."""
        assert self.called.wait(30)
        self.called.clear()
        return self.seen


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk that is not watched yet."""
    desk = Desk(tmp_path)
    yield desk
    desk.out.stop()
    desk.out.join()


def replaced(file: Path) -> None:
    """A file saved as editors do: another one takes its place."""
    fresh = file.with_name("new~")
    fresh.write_text("二十", encoding="utf-8")
    fresh.replace(file)


def with_folder(file: Path) -> None:
    """A file in a folder that was not there."""
    (file.parent / "new").mkdir()
    replaced(file.parent / "new" / "c.csv")


SAVES: dict[str, Callable[[Path], object]] = {
    "written": lambda file: file.write_text("二十", encoding="utf-8"),
    "replaced": replaced,
    "removed": Path.unlink,
    "added": lambda file: file.with_name("b.csv").write_text("一", encoding="utf-8"),
    "folder": with_folder,
    "touched": lambda file: os.utime(file, (1, 1)),
}


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize("save", SAVES.values(), ids=SAVES)
def test_every_save_is_noticed(
    desk: Desk, save: Callable[[Path], object], native: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not native:
        monkeypatch.setattr(Lookout, "native", lambda _: None)
    desk.out.start()
    save(desk.file)
    desk.wait()
    assert desk.seen == look([desk.folder])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of every step")
def test_a_save_is_told_once_and_whole_and_at_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookout, "SELDOM", 3600.0)
    monkeypatch.setattr(lookout, "PATIENCE", 3600.0)
    desk.out.start()
    assert desk.out.observer, "this system tells of changes"
    with desk.file.open("wb") as stream:
        for _ in range(3):
            stream.write(b"half")
            stream.flush()
            time.sleep(3 * lookout.QUIET)
        assert not desk.calls, "somebody is still writing"
    assert desk.wait()[desk.file][1] == len(b"half") * 3
    assert len(desk.calls) == 1
    looks = desk.looks
    desk.file.read_bytes()
    time.sleep(5 * lookout.QUIET)
    assert desk.looks == looks, "reading is no save"
    (desk.folder / "b.csv~").write_bytes(b"x")
    (desk.folder / "b.csv").write_bytes(b"x")
    desk.wait()
    assert len(desk.calls) == 2, "nor is what an editor keeps for itself"


def test_who_is_told_of_nothing_looks_often(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network drive: there is an observer, but no events come."""
    monkeypatch.setattr(lookout, "SELDOM", 0.05)
    monkeypatch.setattr(Lookout, "dispatch", lambda *_: None)
    desk.out.start()
    desk.file.write_text("二十", encoding="utf-8")
    desk.wait()
    desk.out.stop()
    desk.out.join()
    assert desk.out.every == lookout.OFTEN


def test_no_room_for_a_watch_is_no_fault(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr("watchdog.observers.Observer", full)
    desk.out.start()
    assert desk.out.observer is None
    desk.file.write_text("二十", encoding="utf-8")
    desk.wait()


def test_what_was_told_is_not_told_again(desk: Desk) -> None:
    """While the pages of the first save are still being made."""
    desk.out.schedule(desk, "another place, the same handler")
    other = {desk.file: (1, 1)}
    assert desk.out.tell(other)
    assert not desk.out.tell(other)
    assert desk.out.tell({desk.file: (1, 2)})
    assert desk.out.tell(other), "and back again"
    assert len(desk.calls) == 3
