"""``python -m tests.bench.live PACKAGE PLACE RESULT REPEATS``: seconds from an edit to the page.

The preview runs as people run it; the clock stops when a browser would get the new value.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import urlopen

from tests.bench.measure import caches, python
from tests.bench.sites import Figures, Tell
from tests.bench.town import YEARS, change_one_cell, write_town
from tests.helpers import ROOT, TODAY

LAST = "kpis/status/"
"""The list of all indicators by their state: near the end of what is published."""

PATIENCE = 900.0
"""Seconds to wait for the first site."""


def live_figures(place: Path, kpis: int, repeats: int, tell: Tell) -> Figures:
    """One changed cell in the preview of a town; here the clock counts, not the CPU."""
    package = write_town(place / "town", kpis)
    tell("プレビュー")
    result = place / "live.json"
    python(
        *("-m", "tests.bench.live", str(package), str(place), str(result), str(repeats)),
        extra=caches(place),
    )
    return {"kpis": kpis, **json.loads(result.read_bytes())}


def get(url: str) -> str:
    """What the preview answers; blank while it does not."""
    try:
        with urlopen(url, timeout=60) as answer:
            return str(answer.read().decode())
    except (URLError, OSError):
        return ""


def seconds_until(ready: Callable[[], bool]) -> float:
    """How long it takes until something is true."""
    began = time.monotonic()
    while not ready():
        if time.monotonic() > began + PATIENCE:
            raise TimeoutError
        time.sleep(0.01)
    return time.monotonic() - began


def latest(package: Path, kpi_id: str) -> str:
    """The last value of an indicator, as it stands in its row."""
    text = (package.parent / "data" / "observations.csv").read_text(encoding="utf-8")
    (row,) = (r for r in text.splitlines() if r.startswith(f"{kpi_id},{YEARS[-1]},"))
    return row.split(",")[2]


def shown(url: str) -> str:
    """A page without the script of the preview, which is another one each time."""
    return re.sub(r'<script src="/livereload/[^>]*>', "", get(url))


def edit(home: str, package: Path, nth: int) -> float:
    """Seconds until the page and the file of an indicator have a new value."""
    kpi_id = change_one_cell(package, nth)
    value = latest(package, kpi_id)
    row = re.compile(f"{YEARS[-1]}年度[^<]*</th><td[^>]*>{value}<")
    page = seconds_until(lambda: bool(row.search(get(f"{home}kpis/{kpi_id}/"))))
    line = re.compile(f",{YEARS[-1]},[^,]*,{value},")
    return page + seconds_until(lambda: bool(line.search(get(f"{home}data/kpis/{kpi_id}.csv"))))


def edit_and_rest(home: str, package: Path, nth: int) -> tuple[float, float]:
    """The same, and the seconds until the lists are new as well."""
    before = shown(f"{home}{LAST}")
    own = edit(home, package, nth)
    return own, own + seconds_until(lambda: shown(f"{home}{LAST}") not in ("", before))


def main(package: str, place: str, result: str, repeats: str) -> int:
    """Open the preview, edit a cell a few times, write the seconds as JSON."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    home = f"http://127.0.0.1:{port}/"
    command = [sys.executable, "-m", "scripts.serve", package, "--docs", str(ROOT / "docs")]
    command += ["--out", f"{place}/docs", "--today", str(TODAY), "--address", f"127.0.0.1:{port}"]
    both: list[tuple[float, float]] = []
    log = Path(place) / "preview.log"
    with log.open("wb") as said, subprocess.Popen(command, stdout=said, stderr=said) as preview:
        try:
            seconds_until(lambda: "で見られます" in log.read_text("utf-8", "replace"))
            seconds_until(lambda: bool(get(home)))
            for turn in range(int(repeats) + 1):
                both.append(edit_and_rest(home, Path(package), turn * 7))
                time.sleep(1)
            during = []
            for turn in range(int(repeats) + 1):
                during.append(edit(home, Path(package), turn * 7 + 3))
                time.sleep(2)  # so that the next edit comes before the rest is done
        finally:
            preview.terminate()
    pages, rests = zip(*both[1:], strict=True)  # the first edit opens what the next ones find open
    figures = {
        "live_s": median(pages),
        "live_slowest_s": max(pages),
        "live_during_s": median(during[1:]),
        "live_rest_s": median(rests),
        "first_s": both[0][0],
    }
    Path(result).write_text(json.dumps(figures), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
