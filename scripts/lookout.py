"""Notices that a file was saved: at once where the system tells of it, else by looking again.

:class:`Lookout` stands in for the observer of the preview's server. Events only wake it; whether
anything has changed is told by the times and sizes of the files (:func:`look`), so that an event
too many costs nothing and one that never comes (a network drive, say) is made up for.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

SELDOM, OFTEN = 1.0, 0.2
"""Seconds between two looks where the system tells of changes, and where it does not."""

QUIET = 0.03
"""Seconds without an event after which a save is over: programs write a file in several steps."""

PATIENCE = 0.5
"""Seconds after which a file that somebody is still writing is not waited for any more."""

CLOSES = sys.platform == "linux"
"""Whether the system tells that a file was closed by who wrote it."""

Seen = dict[Path, tuple[int, int]]
"""Time and size of each file that the pages are made from."""


def look(places: Iterable[Path]) -> Seen:
    """Times and sizes of the files below some places; hidden and compiled ones do not count."""
    seen: Seen = {}
    for place in places:
        files = [place] if place.is_file() else place.rglob("*")
        for file in files:
            parts = file.relative_to(place).parts
            if "__pycache__" in parts or any(p.startswith(".") or p.endswith("~") for p in parts):
                continue
            try:
                state = file.stat()
            except OSError:
                continue
            if file.is_file():
                seen[file] = (state.st_mtime_ns, state.st_size)
    return seen


class Lookout:
    """Calls the handlers that were scheduled after every save of a file.

    It has the parts of an observer of watchdog that the server uses. ``now`` looks at the files,
    ``known`` says in what state they were when the pages were made.
    """

    def __init__(self, now: Callable[[], Seen], known: Callable[[], Seen]) -> None:
        self.now, self.known = now, known
        self.told = known()
        self.watched: list[tuple[Any, str]] = []
        self.woken, self.ended = threading.Event(), threading.Event()
        self.writing: set[str] = set()
        self.every = OFTEN
        self.observer: Any = None
        self.thread = threading.Thread(target=self.run, daemon=True)

    def schedule(self, handler: Any, path: str, *, recursive: bool = True) -> None:
        """Watch a file, or a folder with all below it."""
        del recursive  # it always is
        self.watched.append((handler, path))

    def start(self) -> None:
        """Begin to watch."""
        self.observer = self.native()
        self.every = SELDOM if self.observer else OFTEN
        self.thread.start()

    def stop(self) -> None:
        """Watch no more."""
        self.ended.set()
        self.woken.set()
        if self.observer:
            self.observer.stop()

    def join(self) -> None:
        """Wait until nothing is watched any more."""
        if self.thread.is_alive():
            self.thread.join()

    def native(self) -> Any:
        """A running observer of the system; ``None`` where there is none, or no room for it."""
        from watchdog.observers import Observer
        from watchdog.observers.polling import PollingObserver

        if Observer is PollingObserver:
            return None
        handler: Any = self
        try:
            observer = Observer()
            for _, path in self.watched:
                observer.schedule(handler, path, recursive=True, event_filter=kinds())
            observer.start()
        except OSError:  # there are as many watches as a user may have, say
            return None
        return observer

    def dispatch(self, event: Any) -> None:
        """Be woken by an event of the system."""
        begun = event.event_type in ("created", "modified")
        if event.is_directory and event.event_type == "modified":
            return  # what has changed in it is told by itself
        if begun and CLOSES and not event.is_directory:
            self.writing.add(event.src_path)
        else:
            self.writing.discard(event.src_path)
        self.woken.set()

    def run(self) -> None:
        """Wait for saves until the end."""
        while not self.ended.is_set():
            if self.woken.wait(self.every):
                self.settle()
                self.tell(self.now())
            elif self.tell(self.stable()):
                self.every = OFTEN  # the system did not

    def settle(self) -> None:
        """Wait until a save is over: nothing more happens, and no file is being written."""
        end = time.monotonic() + PATIENCE
        while not self.ended.is_set():
            self.woken.clear()
            busy = bool(self.writing)  # asked first: the end of the writing is an event, too
            if not self.woken.wait(QUIET) and not busy:
                return
            if time.monotonic() > end:
                self.writing.clear()
                return

    def stable(self) -> Seen:
        """The state of the files; where it is a new one, once it stays the same."""
        now, end = self.now(), time.monotonic() + PATIENCE
        while now not in (self.known(), self.told) and time.monotonic() < end:
            time.sleep(QUIET)
            before, now = now, self.now()
            if before == now:
                break
        return now

    def tell(self, now: Seen) -> bool:
        """Call the handlers when there is something new; whether there was."""
        new = now not in (self.known(), self.told)
        self.told = now
        if new and not self.ended.is_set():
            for handler, path in self.watched[:1]:  # all do the same
                handler.on_any_event(SimpleNamespace(is_directory=False, src_path=path))
        return new


def kinds() -> list[type[Any]]:
    """The events of a save. Not those of reading: the pages are made by reading."""
    from watchdog import events

    return [
        events.FileModifiedEvent,
        events.FileClosedEvent,
        events.FileCreatedEvent,
        events.FileDeletedEvent,
        events.FileMovedEvent,
        events.DirCreatedEvent,
        events.DirDeletedEvent,
        events.DirMovedEvent,
    ]
