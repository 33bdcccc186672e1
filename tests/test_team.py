"""Processes that draw beside the build: in order, only for much, and gone with it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from scripts.charts.team import Team
from tests.helpers import ROOT


def test_a_killed_build_leaves_nobody_behind(tmp_path: Path) -> None:
    script = tmp_path / "build.py"
    script.write_text(
        "import os, time\n"
        "from scripts.charts.team import Team\n"
        "def who(_):\n"
        "    time.sleep(0.05)\n"
        "    return os.getpid()\n"
        "if __name__ == '__main__':\n"
        "    team = Team(2)\n"
        "    print(*set(team.run(who, [(n,) for n in range(30)])), flush=True)\n"
        "    time.sleep(60)\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=environment
    ) as build:
        assert build.stdout is not None
        helpers = [Path("/proc") / number for number in build.stdout.readline().split()]
        assert len(helpers) == 3  # one for the first job
        assert [alive(helper) for helper in helpers].count(True) == 2
        build.kill()
    for _ in range(100):
        if not any(map(alive, helpers)):
            return
        time.sleep(0.1)
    raise AssertionError("a process of the team is still there")


def test_little_work_is_done_beside_the_build_where_that_is_safe() -> None:
    """In one copy of the process, or in the process itself when there are other threads."""
    script = (
        "import os, threading\n"
        "from scripts.charts.team import ALONE, Team\n"
        "with Team(2) as team:\n"
        "    one, two = team.aside(os.getpid, [(), ()])\n"
        "    print(one == two != os.getpid())\n"
        "waits = threading.Event()\n"
        "threading.Thread(target=waits.wait).start()\n"
        "with Team(2) as team:\n"
        "    print([*team.aside(os.getpid, [()]), *ALONE.aside(os.getpid, [()])] == "
        "[os.getpid()] * 2)\n"
        "waits.set()\n"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    linux = sys.platform == "linux"
    assert (done.stdout.split(), done.stderr) == ([str(linux), "True"], "")


def alive(process: Path) -> bool:
    """Whether a process is there and has not ended."""
    try:
        return (
            process.joinpath("stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
            != "Z"
        )
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_team_answers_in_order_and_pays_only_for_much() -> None:
    with Team(2) as team:
        assert list(team.run(divmod, ((n, 7) for n in range(403)))) == [
            divmod(n, 7) for n in range(403)
        ]
        assert os.getpid() not in {*team.aside(os.getpid, [(), ()]), team.apart(os.getpid)}
    assert (Team(2).pays(99, 100), Team(2).pays(100, 100), Team(1).pays(100, 100)) == (
        False,
        True,
        False,
    )
