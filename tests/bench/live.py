"""``python -m tests.bench.live PACKAGE PLACE RESULT``: seconds from an edit to the new page."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from statistics import median

from scripts.serve import Preview
from tests.bench.measure import caches, python
from tests.bench.sites import Figures, Tell
from tests.bench.town import change_one_cell, write_town
from tests.helpers import ROOT, TODAY


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


def main(package: str, place: str, result: str, repeats: str) -> int:
    """Open the preview, edit a cell a few times, write the seconds as JSON."""
    preview = Preview(
        Path(package), ROOT / "docs", Path(place) / "docs", TODAY, ROOT / "mkdocs.yml"
    )
    preview.refresh()
    seconds, cpu = [], []
    for turn in range(int(repeats)):
        change_one_cell(Path(package), turn * 7)
        began, used = time.monotonic(), time.process_time()
        preview.refresh()
        seconds.append(time.monotonic() - began)
        cpu.append(time.process_time() - used)
    figures = {"live_s": median(seconds), "own_cpu_s": median(cpu)}
    Path(result).write_text(json.dumps(figures), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
