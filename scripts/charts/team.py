"""Processes that draw: several at the same time for as much work as pays for their start, one else.

The renderer then lives in them alone, and the process of the build stays small.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread
from typing import Any, Self, TypeVar

WORKERS = 4

THREADS = Path("/proc/self/task")
"""The threads of this process, on Linux."""

BATCH = 200
"""Jobs that are handed out at once: what they need is held meanwhile."""

T = TypeVar("T")


class Team:
    """Starts its processes with the first work that pays, and keeps them for the next."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = min(WORKERS, os.cpu_count() or 1) if workers is None else workers
        self._pool: ProcessPoolExecutor | None = None
        self._helper: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        """The team itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Send the processes home; what is not begun yet is left."""
        for pool in filter(None, (self._pool, self._helper)):
            pool.shutdown(cancel_futures=True)

    def pays(self, jobs: int, least: int) -> bool:
        """Whether so many jobs are worth the start of processes (:data:`WORKERS` at most)."""
        return self.workers > 1 and jobs >= least

    def run(self, work: Callable[..., T], jobs: Iterable[tuple[Any, ...]]) -> Iterator[T]:
        """The results of ``work`` for the arguments of each job, in their order.

        The very first is done apart: it makes what all others need and then find, and takes the
        most memory for it.
        """
        rest = iter(jobs)
        if self._pool is None:
            for job in islice(rest, 1):
                yield self.apart(work, *job)
            self._pool = ProcessPoolExecutor(
                self.workers, mp_context=get_context("spawn"), initializer=leave_with_parent
            )
        while batch := list(islice(rest, BATCH)):
            yield from self._pool.map(work, *zip(*batch, strict=True), chunksize=4)

    def aside(self, work: Callable[..., T], jobs: Iterable[tuple[Any, ...]]) -> Iterator[T]:
        """The same for little work, from a copy of this process: it has all its modules at once.

        Where no copy can be made (elsewhere than on Linux, or beside threads), it is done here.
        """
        pool = self._beside() or self._pool
        return (pool.submit(work, *job).result() if pool else work(*job) for job in jobs)

    def apart(self, work: Callable[..., T], *job: Any) -> T:
        """One piece of work in a new process, which takes its memory away with it."""
        if self.workers == 1:
            return work(*job)
        with ProcessPoolExecutor(
            1, mp_context=get_context("spawn"), initializer=leave_with_parent
        ) as other:
            return other.submit(work, *job).result()

    def _beside(self) -> ProcessPoolExecutor | None:
        """The copy of this process, if there is one or one can be made."""
        if self._helper is None and self.workers > 1 and alone():
            self._helper = ProcessPoolExecutor(
                1, mp_context=get_context("fork"), initializer=leave_with_parent
            )
        return self._helper


def alone() -> bool:
    """Whether a copy of this process can live: it has the one thread that copies it.

    Python does not know of all threads; the system does.
    """
    return THREADS.is_dir() and len(list(THREADS.iterdir())) == 1


def leave_with_parent() -> None:
    """End this process when the one that started it has ended, however that came about.

    The queue that jobs come through stays open otherwise, so a killed build would leave its team.
    """
    Thread(target=_leave, args=(parent_process(),), daemon=True).start()


def _leave(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


ALONE = Team(1)
"""No other processes."""
