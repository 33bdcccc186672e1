"""What a prefecture or the whole country would take, from the figures of towns of 50 and 500.

Each figure of a town is a straight line through both: what a site costs however small it is, and
what each indicator adds. Nothing here is measured; ``docs/contributing/scale.md`` says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from tests.bench.sites import Figures
from tests.bench.table import figure, lay

SMALL, LARGE = "50", "500"

RUNNERS = 20
"""Jobs at the same time (assumed)."""
SETUP = 60
"""Seconds a job takes before it works: the machine, the libraries (assumed)."""
BUNDLE = 8
"""Towns that one job makes one after the other (chosen: the setup is shared)."""
PICTURES = 2
"""Pictures in pixels of an indicator."""

WORDS = (
    ("cold_s", "初めて作るCPU秒（PNGなし）", 2),
    ("warm_s", "もう一度作るCPU秒", 3),
    ("cell_s", "1つの値を変えて作るCPU秒", 3),
    ("site_mb", "サイトのMB（PNGなし）", 2),
    ("site_files", "サイトのファイル（PNGなし）", 1),
    ("cache_mb", "覚えたもののMB", 2),
)


@dataclass(frozen=True, slots=True)
class Line:
    """``fixed`` for a site and ``each`` for every indicator."""

    fixed: float
    each: float

    def at(self, kpis: int) -> float:
        """The figure of a town of so many indicators."""
        return self.fixed + self.each * kpis


@dataclass(frozen=True, slots=True)
class Country:
    """Many towns, each with its own package and site."""

    name: str
    towns: int
    kpis: int


COUNTRIES = (
    Country("北海道と179市町村", 180, 50),
    Country("全国（47都道府県、1,741市区町村）", 1_788, 56),
)


def line_of(figures: Figures, key: str) -> Line:
    """The line through the figures of the two towns."""
    small, large = (figures["build"][size] for size in (SMALL, LARGE))
    each = (large[key] - small[key]) / (int(LARGE) - int(SMALL))
    return Line(small[key] - each * int(SMALL), each)


def render_scale(figures: Figures) -> str:
    """Both tables; blank while the figures they need were not measured."""
    try:
        lines = {key: line_of(figures, key) for key, _, _ in WORDS}
        columns = [column(country, lines, figures) for country in COUNTRIES]
    except KeyError:
        return "まだ測っていません。"
    base = [
        (words, f"{lines[key].fixed:.1f}", f"{lines[key].each:.{digits}f}")
        for key, words, digits in WORDS
    ]
    base.append(("PNGの図のCPU秒", "0", f"{PICTURES * figures['png']['cold_s_each']:.2f}"))
    base.append(("PNGの図のMB", "0", f"{PICTURES * figures['png']['bytes_each'] / 1e6:.2f}"))
    rows = [(name, *(c[name] for c in columns)) for name in columns[0]]
    return "\n\n".join(
        (
            lay(("1つの自治体で", "指標の数によらない分", "指標1つごとに"), base),
            lay(("全部で", *(country.name for country in COUNTRIES)), rows),
        )
    )


def column(country: Country, lines: dict[str, Line], figures: Figures) -> dict[str, str]:
    """What a country takes, by the name of the row."""
    towns, kpis = country.towns, country.kpis
    pictures = PICTURES * kpis
    one = {key: line.at(kpis) for key, line in lines.items()}
    first = one["cold_s"] + pictures * figures["png"]["cold_s_each"]
    size = one["site_mb"] + pictures * figures["png"]["bytes_each"] / 1e6
    jobs = ceil(towns / BUNDLE)
    job = SETUP + BUNDLE * first
    daily = ceil(towns / 20)
    visit = figures["page-bytes"]["指標"]["before"]["gzip"]
    return {
        "指標": figure(towns * kpis, "n"),
        "初めて作る（PNGあり、CPU時間）": f"{towns * first / 3600:,.1f}時間",
        f"作業（{BUNDLE}自治体ずつ）": figure(jobs, "n"),
        "1つの作業（用意を入れて）": f"{job / 60:,.0f}分",
        f"{RUNNERS}本を並べた時計の時間": f"{ceil(jobs / RUNNERS) * job / 60:,.0f}分",
        "1日に5%の自治体で値が1つ変わるとき、その日のCPU": f"{daily * one['cell_s'] / 60:,.1f}分",
        "何も変わらない日に、全部をもう一度作るCPU": f"{towns * one['warm_s'] / 60:,.0f}分",
        "サイトの大きさ": f"{towns * size / 1000:,.1f} GB",
        "サイトのファイル": figure(towns * (one["site_files"] + pictures), "n"),
        "覚えたもの": f"{towns * one['cache_mb'] / 1000:,.1f} GB",
        "転送100 GBで足りる、指標のページの初めての訪問": figure(100e9 / visit, "n"),
    }
