"""Kill a build of the site at many moments and look at what is left: ``python -m tests.kills``.

Not part of the suite, because it takes many minutes. Two builds with different data take turns.
Each is killed while it runs (SIGKILL to its whole process group), at moments spread evenly over
the time a build takes, then just before and just after each of the two swaps. After every kill
``build/docs`` and ``site/`` must be the old or the new tree, byte for byte, and the next build
must finish with the right bytes although it finds what the killed one left behind.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.check import check
from tests.helpers import ROOT, TODAY
from tests.test_site_command import Checkout, latest_value, replace_value, tree_of

TREES = ("build/docs", "site")

MEASURED = 3
"""Builds that tell how long one takes."""

AT_SWAP = """
import os, signal, sys
from scripts import site, tree
number, when, exchange, calls = int(sys.argv[1]), sys.argv[2], tree._exchange, []
def killing(one, two):
    calls.append(one)
    if len(calls) == number and when == "before":
        os.killpg(0, signal.SIGKILL)
    done = exchange(one, two)
    if len(calls) == number:
        os.killpg(0, signal.SIGKILL)
    return done
tree._exchange = killing
sys.exit(site.main(sys.argv[3:]))
"""
"""A build that kills itself at one of its swaps."""

SWAPS = [(number, when) for number in (1, 2) for when in ("before", "after")]


class Victim:
    """A copy of the project whose data has two states, with the trees that belong to each."""

    def __init__(self, folder: Path) -> None:
        self.place = Checkout(folder / "place")
        # code of its own: somebody may go on working meanwhile
        shutil.copytree(ROOT / "scripts", self.place.folder / "scripts")
        self.cache = folder / "cache"
        self.log = folder / "log.txt"
        package, problems = check(ROOT / "datapackage.json")
        assert package is not None, problems
        table = self.place.folder / "data" / "observations.csv"
        old = table.read_text(encoding="utf-8")
        self.states = [old, replace_value(package, "12345")(old)]
        assert latest_value(package)[2] != "12345"
        self.table = table
        self.state = 0
        self.seconds: list[float] = []
        shutil.rmtree(self.place.folder / "site")
        self.wanted = [self.finish(n) for n in (0, 1)]
        assert self.wanted[0] != self.wanted[1]

    def look(self) -> list[dict[str, bytes]]:
        """The two trees as they lie there."""
        return [tree_of(self.place.folder / name) for name in TREES]

    def turn(self, state: int) -> None:
        """Give the data one of its two states."""
        self.state = state
        self.table.write_text(self.states[state], encoding="utf-8")

    @contextmanager
    def building(self, *command: str) -> Iterator[subprocess.Popen[bytes]]:
        """A build in a process group of its own; nothing of it outlives the block."""
        with self.log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, *(command or ("-m", "scripts.site")), "--today", str(TODAY)],
                cwd=self.place.folder,
                env={
                    **os.environ,
                    "PYTHONPATH": str(self.place.folder),
                    "SITE_CACHE": str(self.cache),
                },
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def finish(self, state: int) -> list[dict[str, bytes]]:
        """Build a state to its end; the two trees."""
        self.turn(state)
        began = time.monotonic()
        with self.building() as process:
            code = process.wait()
        assert code == 0, self.log.read_text(encoding="utf-8", errors="replace")
        self.seconds.append(time.monotonic() - began)
        assert self.place.leftovers == []
        return self.look()

    def judge(self) -> str:
        """What a killed build left, as words; then build again over it."""
        found = []
        for name, tree, new, old in zip(
            TREES, self.look(), self.wanted[self.state], self.wanted[1 - self.state], strict=True
        ):
            assert tree in (new, old), f"{name} is neither the old nor the new one"
            found.append(f"{name} {'new' if tree == new else 'old'}")
        for name, tree, new in zip(
            TREES, self.finish(self.state), self.wanted[self.state], strict=True
        ):
            changed = [path for path in tree.keys() | new if tree.get(path) != new.get(path)]
            assert not changed, f"{name} is not made anew as it should be: {changed[:5]}"
        return ", ".join(found)

    def kill_after(self, seconds: float, *, cold: bool) -> str:
        """Kill a build of the other state after some time; blank when it had ended before."""
        self.turn(1 - self.state)
        if cold:
            shutil.rmtree(self.cache)
        with self.building() as process:
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
            code = process.wait()
        return self.judge() if code == -signal.SIGKILL else ""

    def kill_at_swap(self, number: int, when: str) -> str:
        """Kill a build of the other state right before or after its n-th swap."""
        self.turn(1 - self.state)
        with self.building("-c", AT_SWAP, str(number), when) as process:
            assert process.wait() == -signal.SIGKILL, "it was not killed: look at AT_SWAP"
        return self.judge()

    def moments(self, kills: int, *, cold: bool) -> Iterator[tuple[float, str]]:
        """Kill at evenly spread moments of a build; each kill hits one that is running."""
        self.seconds.clear()
        for _ in range(MEASURED):
            if cold:
                shutil.rmtree(self.cache)
            self.finish(1 - self.state)
        whole = statistics.median(self.seconds)
        for n in range(kills):
            moment = whole * (n + 0.5) / kills
            while not (found := self.kill_after(moment, cold=cold)):
                moment *= 0.97  # the machine was quicker this time
            yield moment, found


def main() -> int:
    """Command line: what each kill left, and how many there were."""
    parser = argparse.ArgumentParser(prog="python -m tests.kills")
    parser.add_argument("--kills", type=int, default=40, help="moments over a whole build")
    parser.add_argument("--cold", action="store_true", help="builds that find no cache")
    a = parser.parse_args()
    left: Counter[str] = Counter()
    with TemporaryDirectory() as folder:
        victim = Victim(Path(folder))
        for moment, found in victim.moments(a.kills, cold=a.cold):
            sys.stdout.write(f"{moment:6.2f} s: {found}\n")
            sys.stdout.flush()
            left[found] += 1
        for number, when in SWAPS:
            found = victim.kill_at_swap(number, when)
            sys.stdout.write(f"{when} swap {number}: {found}\n")
            left[found] += 1
    sys.stdout.write("".join(f"{count} × {found}\n" for found, count in left.items()))
    sys.stdout.write(f"{left.total()} kills, all of a running build; every tree whole\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
