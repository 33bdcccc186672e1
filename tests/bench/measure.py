"""CPU seconds and memory of process trees: what a shared machine can measure fairly."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile

from tests.helpers import ROOT, TODAY


@dataclass(frozen=True, slots=True)
class Cost:
    """``cpu``: seconds, user and system, of a process and all it waited for.

    ``peak``: megabytes (of a million bytes) held by the largest single process among them.
    """

    cpu: float
    peak: float


class RunFailedError(RuntimeError):
    """A measured command that did not do its work; the message is what it said."""


def python(*arguments: str, stdin: str = "", extra: Mapping[str, str] | None = None) -> Cost:
    """Run ``python`` with arguments and count.

    ``extra`` is added to the environment. Raises :class:`RunFailedError` unless it exits with 0.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **(extra or {})}
    # compiling the program anew each time is not what is measured
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if sys.platform != "win32":
        os.sync()  # nor is writing what the measured one before has left to be written
    with TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        assert process.stdin is not None
        process.stdin.write(stdin.encode())
        process.stdin.close()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RunFailedError(said.read().decode(errors="replace")[-3000:])
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss * unit / 1e6)


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of repeats, of each figure."""
    return Cost(median(c.cpu for c in costs), median(c.peak for c in costs))


def ratios(some: Sequence[Cost], others: Sequence[Cost]) -> float:
    """The median of the ratios of pairs that were measured side by side."""
    return median(a.cpu / b.cpu for a, b in zip(some, others, strict=True))


def our(command: str, package: Path, place: Path, *options: str) -> Cost:
    """Run a command of ours on a package; pages, site and cache lie in ``place``."""
    arguments = [str(package), "--docs", str(ROOT / "docs"), "--out", str(place / "docs")]
    arguments += ["--today", str(TODAY), *options]
    return python("-m", f"scripts.{command}", *arguments, extra=caches(place))


def caches(place: Path) -> Mapping[str, str]:
    """The environment that keeps the caches of a run in ``place``."""
    return {"SITE_CACHE": str(place / "cache")}
