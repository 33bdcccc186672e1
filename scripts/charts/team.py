"""Processes that draw at the same time, for as much work as pays for their start.

The renderer then lives in them alone, and the process of the build stays small.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import Any, Self, TypeVar

WORKERS = 4

BATCH = 200
"""Jobs that are handed out at once: what they need is held meanwhile."""

T = TypeVar("T")


class Team:
    """Starts its processes with the first work that pays, and keeps them for the next."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = min(WORKERS, os.cpu_count() or 1) if workers is None else workers
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        """The team itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Send the processes home; what is not begun yet is left."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def pays(self, jobs: int, least: int) -> bool:
        """Whether so many jobs are worth the start of processes (:data:`WORKERS` at most)."""
        return self.workers > 1 and jobs >= least

    def run(self, work: Callable[..., T], jobs: Iterable[tuple[Any, ...]]) -> Iterator[T]:
        """The results of ``work`` for the arguments of each job, in their order."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.workers, mp_context=get_context("spawn"), initializer=leave_with_parent
            )
        rest = iter(jobs)
        for job in islice(rest, 1):  # alone: it makes what all others need and then find
            yield self._pool.submit(work, *job).result()
        while batch := list(islice(rest, BATCH)):
            yield from self._pool.map(work, *zip(*batch, strict=True), chunksize=4)


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
