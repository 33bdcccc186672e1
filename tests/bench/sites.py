"""Whole sites: ours against the site generator alone, warm and cold, and the naive way."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.measure import Cost, caches, middle, our, python, ratios
from tests.bench.place import NO_PNG, Place, fresh
from tests.bench.stages import STAGES
from tests.bench.town import change_one_cell, write_town
from tests.helpers import ROOT

Figures = dict[str, Any]
Tell = Callable[[str], object]

PLAIN: Figures = {"theme": "mkdocs", "plugins": []}
STOCK: Figures = {"theme": "material", "plugins": ["search"]}
"""Settings laid over ``mkdocs.yml`` for the generator alone; extensions and menu stay the same."""


def generator(docs: Path, site: Path, settings: Figures) -> Cost:
    """``mkdocs build`` of staged pages and nothing else."""
    inherited = {
        "INHERIT": str(ROOT / "mkdocs.yml"),
        "docs_dir": str(docs),
        "site_dir": str(site),
        "validation": {"links": {"anchors": "ignore", "not_found": "ignore"}},
        **settings,
    }
    return python(
        *("-m", "mkdocs", "build", "--quiet", "--no-strict", "--config-file", "-"),
        stdin=json.dumps(inherited, ensure_ascii=False),
        extra={"NO_MKDOCS_2_WARNING": "1"},
    )


def build_figures(place: Place, kpis: int, repeats: int, tell: Tell) -> Figures:
    """Everything about making the site of a town of ``kpis`` indicators."""
    tell("初めて作る")
    cold = place.build(kpis)
    folder, package = place.folder_of(kpis), place.town(kpis)
    warm, plain, stock, cell = [], [], [], []
    for turn in range(repeats):
        tell(f"くり返し {turn + 1}/{repeats}")
        warm.append(place.again(kpis))
        plain.append(generator(folder / "docs", folder / "plain", PLAIN))
        stock.append(generator(folder / "docs", folder / "stock", STOCK))
        change_one_cell(package, turn * 7 % kpis)
        cell.append(place.again(kpis))
    tell("段階ごと")
    stages = staged(place, kpis)
    whole, changed = middle(warm), middle(cell)
    return {
        "kpis": kpis,
        "repeats": repeats,
        "cold_s": cold.cpu,
        "warm_s": whole.cpu,
        "cell_s": changed.cpu,
        "plain_s": middle(plain).cpu,
        "stock_s": middle(stock).cpu,
        "warm_to_plain": ratios(warm, plain),
        "warm_to_stock": ratios(warm, stock),
        "cell_to_cold": changed.cpu / cold.cpu,
        "cold_ms_per_kpi": 1000 * cold.cpu / kpis,
        "warm_ms_per_kpi": 1000 * whole.cpu / kpis,
        "stages_s": {title: stages[name] for name, title in STAGES.items()}
        | {"そのほか": stages["rest"]},
        "stages_ms_per_kpi": 1000 * sum(stages.values()) / kpis,
        "cold_peak_mb": cold.peak,
        "warm_peak_mb": max(whole.peak, changed.peak),
        "plain_peak_mb": middle(plain).peak,
        **weights(folder),
    }


def staged(place: Place, kpis: int) -> dict[str, float]:
    """CPU seconds of each stage of a build with everything remembered."""
    folder = place.folder_of(kpis)
    result = folder / "stages.json"
    python(
        *("-m", "tests.bench.stages", str(place.town(kpis)), str(ROOT / "docs")),
        *(str(folder / "docs"), str(result)),
        extra=caches(folder),
    )
    found: dict[str, float] = json.loads(result.read_bytes())
    return found


def weights(folder: Path) -> Figures:
    """Bytes and number of the files of a site, and the bytes of what is remembered."""

    def files(name: str) -> list[int]:
        return [f.stat().st_size for f in (folder / name).rglob("*") if f.is_file()]

    site = files("site")
    return {
        "site_mb": sum(site) / 1e6,
        "site_files": len(site),
        "cache_mb": sum(files("cache")) / 1e6,
    }


def png_figures(folder: Path, tell: Tell) -> Figures:
    """What the pictures in pixels add to a first build of 50 indicators."""
    package = write_town(folder / "town", 50)
    tell("PNGなし")
    without = our("build", package, folder, NO_PNG)
    tell("PNGあり")
    full = our("build", package, folder)
    sizes = [file.stat().st_size for file in (folder / "docs").rglob("*.png")]
    warm = our("build", package, folder)
    return {
        "pictures": len(sizes),
        "cold_s_each": (full.cpu - without.cpu) / len(sizes),
        "bytes_each": sum(sizes) / len(sizes),
        "warm_s": warm.cpu,
    }


def naive_figures(place: Place, kpis: int, tell: Tell) -> Figures:
    """A first build the naive way against ours, both without pictures in pixels.

    Naive: the same pages, but every picture is rendered anew with Japanese labels in it and stands
    in the Markdown, and Material makes its own search index.
    """
    folder = fresh(place.folder / f"naive-{kpis}")
    tell("このプロジェクト")
    ours = place.colds.get(kpis) or place.build(kpis)
    tell("素朴な作りかた")
    pictures = python(
        *("-m", "tests.bench.naive", str(place.town(kpis)), str(folder / "docs")),
        str(folder / "result.json"),
        extra=caches(folder),
    )
    pages = generator(folder / "docs", folder / "site", STOCK)
    naive = pictures.cpu + pages.cpu
    return {
        "kpis": kpis,
        "cold_s": ours.cpu,
        "naive_s": naive,
        "pictures": json.loads((folder / "result.json").read_bytes())["pictures"],
        "cold_to_naive": ours.cpu / naive,
    }
