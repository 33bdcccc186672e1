"""The bench: its towns are sound and always the same, its tables can be read. No times here."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest

from scripts.check import check
from scripts.load import load_package
from tests.bench.__main__ import DOCS, FIGURES, PAGE, SCALE, joined, write_pages
from tests.bench.goals import render_goals
from tests.bench.measure import RunFailedError, python
from tests.bench.rivals import records, write_project
from tests.bench.scale import WORDS, Line, line_of, render_scale
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


def test_a_row_takes_little_memory(tmp_path: Path) -> None:
    """A million observations fit because equal cells are one string and nothing is held twice."""
    descriptor = write_town(tmp_path / "town", 2_000)
    load_package(descriptor)  # what is made once is not counted
    tracemalloc.start()
    try:
        package = load_package(descriptor, raw=False).package
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert package is not None and set(package.raw.values()) == {b""}
    rows = sum(len(getattr(package, table)) for table in package.paths)
    assert peak < 2_500_000 + 430 * rows  # a block of text and its cells, then every row


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
        "search": {"5000": {"kpis": 5000, "index_raw": 1500, "index_to_stock": 0.05}},
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


def test_goals_are_told_apart() -> None:
    """Reached (the limit itself is), missed, not measured."""
    search = {"index_to_stock": 0.1, "before_touch": 0, "first_result_s": 0.31}
    reached, missed, unknown = render_goals({"search": {"5000": search}}).split("\n\n**")
    assert "| 検索の索引 ÷ Materialの索引（指標5,000） | 0.10以下 | 0.10 |" in reached
    assert missed.startswith("届いていない目標**（1）")
    assert "| 0.30秒以下 | 0.31秒 |" in missed
    assert "| JavaScriptなしで図が見える |" in unknown


def test_runs_are_joined(tmp_path: Path) -> None:
    """Sizes are put together, the later figure counts, other parts are taken whole."""
    runs = (
        {"build": {"50": 1, "500": 2}, "live": {"live_s": 1, "kpis": 5}, "runs": {"build 50": 1}},
        {"build": {"500": 3}, "live": {"live_s": 2}, "runs": {"build 500": 2}},
    )
    files = [tmp_path / "one.json", tmp_path / "two.json"]
    for file, run in zip(files, runs, strict=True):
        file.write_text(json.dumps(run), encoding="utf-8")
    assert joined(files) == {
        "build": {"50": 1, "500": 3},
        "live": {"live_s": 2},
        "runs": {"build 50": 1, "build 500": 2},
    }


def test_the_pages_show_the_figures(tmp_path: Path) -> None:
    """Nobody mends a figure by hand: the tables are what the kept figures say."""
    for name in (PAGE, SCALE):
        (tmp_path / name).write_bytes((DOCS / name).read_bytes())
    write_pages(tmp_path, json.loads(FIGURES.read_bytes()))
    for name in (PAGE, SCALE):
        message = "python -m tests.bench --only --from tests/bench/figures.json --page"
        assert (tmp_path / name).read_bytes() == (DOCS / name).read_bytes(), message


def test_a_country_is_many_towns() -> None:
    """A town of 50 takes what was measured; fixed costs are counted once for each town."""
    keys = [key for key, *_ in WORDS]
    build = {"50": dict.fromkeys(keys, 10), "500": dict.fromkeys(keys, 55)}
    assert line_of({"build": build}, "cold_s") == Line(fixed=5, each=0.1)
    figures = {
        "build": build,
        "png": {"cold_s_each": 0.1, "bytes_each": 50_000},
        "page-bytes": {"指標": {"before": {"gzip": 50_000}}},
    }
    text = render_scale(figures)
    assert "| 指標 | 9,000 | 100,128 |" in text
    assert "| 初めて作る（PNGあり、CPU時間） | 1.0時間 |" in text
    assert "| サイトの大きさ | 2.7 GB |" in text
    assert "| 転送100 GBで足りる、指標のページの初めての訪問 | 2,000,000 | 2,000,000 |" in text


def test_the_rival_page_says_the_same(town: Path, tmp_path: Path) -> None:
    """The page made for another tool has the name, the definition and all values of ours."""
    (tmp_path / "src").mkdir()
    write_project(town.parent, tmp_path)
    text = (tmp_path / "src" / "index.md").read_text(encoding="utf-8")
    kpi = records(town.parent / "data" / "kpis.csv")[0]
    assert kpi["name"] in text
    assert kpi["definition"] in text
    assert text.count('"year"') - 1 == len(YEARS) == text.count("\n| 2")
