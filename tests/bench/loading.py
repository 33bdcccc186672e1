"""``python -m tests.bench.loading PACKAGE RESULT``: our look at bytes and cells, and the schema's.

Also the check of a million observations, as a program of its own.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from statistics import median

from scripts.load import read_descriptor
from scripts.load.cells import read_table
from scripts.load.schema import check_schema
from tests.bench.measure import python
from tests.bench.place import Place
from tests.bench.sites import Figures, Tell
from tests.bench.town import YEARS
from tests.helpers import TODAY

TURNS = 3


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
    """Read the tables and check the schema a few times; the medians and their ratio as JSON."""
    descriptor, _ = read_descriptor(Path(package))
    assert descriptor is not None
    check_schema([])
    flights, schemas = [], []
    for _ in range(TURNS):
        start = time.process_time()
        found = [read_table(Path(package).parent, r)[0] for r in descriptor["resources"]]
        tables = [table for table in found if table is not None]
        middle = time.process_time()
        check_schema(tables)
        flights.append(middle - start)
        schemas.append(time.process_time() - middle)
    rows = sum(len(table.lines) for table in tables)
    figures = {
        "rows": rows,
        "preflight_s": median(flights),
        "schema_s": median(schemas),
        "schema_to_preflight": median(s / f for s, f in zip(schemas, flights, strict=True)),
    }
    Path(result).write_text(json.dumps(figures), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
