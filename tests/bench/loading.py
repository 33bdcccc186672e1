"""``python -m tests.bench.loading PACKAGE RESULT``: what looking at bytes and cells costs.

Beside it stand our check of the schema, which judges every different cell once, and the check of
the same files by Frictionless alone, which is what a look before it must be small against.

Also the check of a million observations, as a program of its own.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import pairwise
from pathlib import Path
from statistics import median

from scripts.load import read_descriptor, uncollected
from scripts.load.cells import read_table
from scripts.load.schema import check_schema
from tests.bench.measure import python
from tests.bench.place import Place
from tests.bench.sites import Figures, Tell
from tests.bench.town import YEARS
from tests.helpers import TODAY

TURNS = 3
LARGE = 500_000
"""Rows from which one turn must do: Frictionless alone takes minutes."""


def load_figures(place: Place, kpis: int, tell: Tell) -> Figures:
    """CPU seconds of both looks at ten observations of each indicator of a town."""
    tell("事前の検査とスキーマの検査")
    package = place.town(kpis)
    result = package.with_name("load.json")
    python("-m", "tests.bench.loading", str(package), str(result))
    return {"kpis": kpis, **json.loads(result.read_bytes())}


def million_figures(place: Place, kpis: int, tell: Tell) -> Figures:
    """The whole check (tables, schema, rules) of ten observations of each of many indicators."""
    tell("検査")
    package = place.town(kpis)
    cost = python("-m", "scripts.check", str(package), "--today", str(TODAY))
    return {
        "kpis": kpis,
        "observations": kpis * len(YEARS),
        "bytes": sum(f.stat().st_size for f in (package.parent / "data").iterdir()),
        "cpu_s": cost.cpu,
        "peak_mb": cost.peak,
    }


def main(package: str, result: str) -> int:
    """Read and check the tables a few times (very large ones once); medians and a ratio as JSON."""
    from frictionless import Package

    descriptor, _ = read_descriptor(Path(package))
    assert descriptor is not None
    turns: list[tuple[float, ...]] = []
    rows = 0
    while len(turns) < (TURNS if rows < LARGE else 1):
        times = [time.process_time()]
        with uncollected():
            found = [
                read_table(Path(package).parent, r, raw=True)[0] for r in descriptor["resources"]
            ]
            tables = [table for table in found if table is not None]
            times.append(time.process_time())
            assert not check_schema(tables)
            times.append(time.process_time())
        rows = sum(len(table.lines) for table in tables)
        del found, tables
        assert Package(package).validate().valid
        times.append(time.process_time())
        turns.append(tuple(after - before for before, after in pairwise(times)))
    flight, schema, stock = (median(turn[n] for turn in turns) for n in range(3))
    figures = {
        "rows": rows,
        "preflight_s": flight,
        "schema_s": schema,
        "stock_s": stock,
        "stock_to_preflight": median(turn[2] / turn[0] for turn in turns),
    }
    Path(result).write_text(json.dumps(figures), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
