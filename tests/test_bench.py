"""The bench: its towns are sound and always the same, its tables can be read. No times here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.check import check
from tests.bench.measure import RunFailedError, python
from tests.bench.table import render
from tests.bench.town import YEARS, change_one_cell, write_town
from tests.helpers import TODAY


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_town(tmp_path_factory.mktemp("bench") / "town", 24)


def content(descriptor: Path) -> dict[str, bytes]:
    folder = descriptor.parent
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def test_a_town_passes_the_check(town: Path) -> None:
    """What is measured is a package that would be published, of the wanted size."""
    package, problems = check(town, TODAY)
    assert package is not None, [p.line() for p in problems]
    assert len(package.kpis) == 24
    assert len(package.observations) == 24 * len(YEARS)
    assert len({t.goal_id for t in package.targets}) == 4


def test_same_seed_same_town(town: Path, tmp_path: Path) -> None:
    """Two runs of the bench measure the same work."""
    assert content(write_town(tmp_path / "again", 24)) == content(town)
    assert content(write_town(tmp_path / "other", 24, seed=2)) != content(town)


def test_one_cell_is_changed(tmp_path: Path) -> None:
    """The smallest edit, and the package stays sound."""
    descriptor = write_town(tmp_path / "town", 8)
    before = content(descriptor)
    changed = change_one_cell(descriptor, 3)
    after = content(descriptor)
    assert [p for p in before if before[p] != after[p]] == ["data/observations.csv"]
    lines = zip(*(c["data/observations.csv"].splitlines() for c in (before, after)), strict=True)
    (pair,) = [(old, new) for old, new in lines if old != new]
    assert all(line.startswith(changed.encode()) for line in pair)
    assert check(descriptor, TODAY)[0] is not None


def test_a_command_that_fails_stops_the_bench() -> None:
    """A failure is never a short time."""
    with pytest.raises(RunFailedError, match="broken"):
        python("-c", "raise SystemExit('broken')")
    cost = python("-c", "sum(range(100_000))")
    assert cost.cpu > 0
    assert cost.peak > 1


def test_tables_of_the_figures() -> None:
    """Parts that were run become tables, the others are left out."""
    figures = {
        "machine": "ある機械",
        "search": {"kpis": 5000, "index_raw": 1500, "index_to_stock": 0.05},
        "page-bytes": {
            "ホーム": {"path": "", "before": {"requests": 5, "raw": 9, "gzip": 2100, "brotli": 1}}
        },
    }
    text = render(json.loads(json.dumps(figures)))
    assert text.startswith("測った機械と版: ある機械。")
    assert "| 索引 | 1.5 KB |" in text
    assert "| **比** 索引 ÷ Materialの索引 | 0.05 |" in text
    assert "| ホーム | 触る前の全部 | 5 | 0.0 KB | 2.1 KB | 0.0 KB |" in text
    assert "### サイトを作る" not in text
