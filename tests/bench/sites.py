"""Whole sites: ours against the site generator alone, warm and cold, and the naive way."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.measure import Cost, caches, middle, our, python, ratios
from tests.bench.stages import STAGES
from tests.bench.town import change_one_cell, write_town
from tests.helpers import ROOT

Figures = dict[str, Any]
Tell = Callable[[str], object]

NO_PNG = "--without-png"
"""Pictures in pixels are counted by themselves: they would hide everything else."""

PLAIN: Figures = {"theme": "mkdocs", "plugins": []}
STOCK: Figures = {"theme": "material", "plugins": ["search"]}
OURS: Figures = {}
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


def build_figures(place: Path, kpis: int, repeats: int, tell: Tell) -> Figures:
    """Everything about making the site of a town of ``kpis`` indicators."""
    package = write_town(place / "town", kpis)
    site = place / "site"
    options = ("--site", str(site), NO_PNG)
    tell("初めて作る")
    cold = our("site", package, place, *options)
    warm, plain, stock, cell = [], [], [], []
    for turn in range(repeats):
        tell(f"くり返し {turn + 1}/{repeats}")
        warm.append(our("site", package, place, *options))
        plain.append(generator(place / "docs", place / "plain", PLAIN))
        stock.append(generator(place / "docs", place / "stock", STOCK))
        change_one_cell(package, turn * 7 % kpis)
        cell.append(our("site", package, place, *options))
    tell("段階ごと")
    result = place / "stages.json"
    python(
        *("-m", "tests.bench.stages", str(package), str(ROOT / "docs")),
        *(str(place / "docs"), str(result)),
        extra=caches(place),
    )
    stages = json.loads(result.read_bytes())
    whole = middle(warm)
    return {
        "kpis": kpis,
        "repeats": repeats,
        "cold_s": cold.cpu,
        "warm_s": whole.cpu,
        "cell_s": middle(cell).cpu,
        "plain_s": middle(plain).cpu,
        "stock_s": middle(stock).cpu,
        "warm_to_plain": ratios(warm, plain),
        "warm_to_stock": ratios(warm, stock),
        "cell_to_cold": middle(cell).cpu / cold.cpu,
        "cold_ms_per_kpi": 1000 * cold.cpu / kpis,
        "warm_ms_per_kpi": 1000 * whole.cpu / kpis,
        "stages_s": {title: stages[name] for name, title in STAGES.items()}
        | {"そのほか": stages["rest"]},
        "stages_ms_per_kpi": 1000 * sum(stages.values()) / kpis,
        "peak_mb": max(cold.peak, whole.peak),
        "site_mb": sum(f.stat().st_size for f in site.rglob("*") if f.is_file()) / 1e6,
        "site_files": sum(1 for f in site.rglob("*") if f.is_file()),
    }


def png_figures(place: Path, tell: Tell) -> Figures:
    """What the pictures in pixels add to a first build of 50 indicators."""
    package = write_town(place / "town", 50)
    tell("PNGなし")
    without = our("build", package, place, NO_PNG)
    tell("PNGあり")
    full = our("build", package, place)
    pictures = len(list((place / "docs").rglob("*.png")))
    warm = our("build", package, place)
    return {
        "pictures": pictures,
        "cold_s_each": (full.cpu - without.cpu) / pictures,
        "warm_s": warm.cpu,
    }


def naive_figures(place: Path, kpis: int, tell: Tell) -> Figures:
    """A first build the naive way against ours, both without pictures in pixels.

    Naive: the same pages, but every picture is rendered anew with Japanese labels in it and stands
    in the Markdown, and Material makes its own search index.
    """
    package = write_town(place / "town", kpis)
    tell("このプロジェクト")
    ours = our("site", package, place, "--site", str(place / "site"), NO_PNG)
    tell("素朴な作りかた")
    pictures = python(
        *("-m", "tests.bench.naive", str(package), str(place / "naive")),
        str(place / "naive.json"),
        extra=caches(place),
    )
    pages = generator(place / "naive", place / "naive-site", STOCK)
    stages = json.loads((place / "naive.json").read_bytes())
    naive = pictures.cpu + pages.cpu
    return {
        "kpis": kpis,
        "cold_s": ours.cpu,
        "naive_s": naive,
        "pictures": stages["pictures"],
        "cold_to_naive": ours.cpu / naive,
    }


def fresh(place: Path) -> Path:
    """An empty folder."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    return place
