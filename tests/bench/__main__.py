"""Command line of the bench: ``nox -s bench -- --sizes 50 500 --only build page-bytes``.

Builds towns of several sizes in a temporary folder, measures, prints the tables; ``--json`` writes
the figures, ``--page`` puts the tables into a document. Progress on a terminal, quiet when piped.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scripts.console import say
from tests.bench.live import live_figures
from tests.bench.loading import load_figures, million_figures
from tests.bench.measure import our
from tests.bench.reading import page_figures, search_figures, trace_figures
from tests.bench.sites import (
    NO_PNG,
    STOCK,
    Figures,
    build_figures,
    fresh,
    generator,
    naive_figures,
    png_figures,
)
from tests.bench.table import END, START, render
from tests.bench.town import write_town
from tests.helpers import ROOT, TODAY

PARTS = ("build", "naive", "png", "live", "page-bytes", "trace", "search", "load", "million")
PAGE = ROOT / "docs" / "contributing" / "performance.md"


def machine() -> str:
    """Where the figures were measured."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [x for x in info.read_text(encoding="utf-8").splitlines() if "model name" in x]
        cpu = names[0].partition(":")[2].strip() if names else cpu
    libraries = ("mkdocs", "mkdocs-material", "vl-convert-python", "frictionless")
    versions = "、".join(f"{name} {version(name)}" for name in libraries)
    return (
        f"{cpu}、{os.cpu_count()}コア、{platform.system()} {platform.machine()}、"
        f"Python {platform.python_version()}、{versions}、{TODAY}のデータ"
    )


class Progress:
    """What is being measured, on one line of a terminal."""

    def __init__(self) -> None:
        self.part = ""

    def __call__(self, step: str) -> None:
        """Say the step; nothing when nobody looks at a terminal."""
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{self.part}: {step}")
            sys.stderr.flush()


def measure(a: argparse.Namespace, place: Path, keep: dict[str, Any]) -> None:
    """Run the wanted parts one after the other; ``keep`` fills with what is known so far."""
    tell = Progress()
    wanted = [part for part in PARTS if part in a.only]

    def part(name: str) -> bool:
        tell.part = name
        return name in wanted

    sites: dict[int, Path] = {}
    for kpis in a.sizes:
        if part("build"):
            folder = fresh(place / f"build-{kpis}")
            repeats = a.repeats if kpis < 2_000 else min(a.repeats, 2)
            keep.setdefault("build", []).append(build_figures(folder, kpis, repeats, tell))
            sites[kpis] = folder
    for kpis in a.naive_sizes if part("naive") else ():
        keep.setdefault("naive", []).append(
            naive_figures(fresh(place / f"naive-{kpis}"), kpis, tell)
        )
    if part("png"):
        keep["png"] = png_figures(fresh(place / "png"), tell)
    if part("live"):
        keep["live"] = live_figures(fresh(place / "live"), max(a.sizes[0], 500), a.repeats, tell)
    read(a, place, keep, sites, tell, part)
    if part("load"):
        keep["load"] = load_figures(fresh(place / "load"), tell)
    if part("million"):
        keep["million"] = million_figures(fresh(place / "million"), a.million // 10, tell)


def read(
    a: argparse.Namespace,
    place: Path,
    keep: dict[str, Any],
    sites: dict[int, Path],
    tell: Progress,
    part: Any,
) -> None:
    """The parts that look at built sites with a browser."""

    def site(kpis: int) -> Path:
        if kpis not in sites:
            folder = sites[kpis] = fresh(place / f"read-{kpis}")
            our(
                "site",
                write_town(folder / "town", kpis),
                folder,
                "--site",
                str(folder / "site"),
                NO_PNG,
            )
        return sites[kpis] / "site"

    first, last = a.sizes[0], a.sizes[-1]
    if part("page-bytes"):
        growth = []
        for kpis in dict.fromkeys((first, last)):
            pages = page_figures(site(kpis), "/", tell)
            growth.append(
                {
                    "kpis": kpis,
                    "kpi_gzip": pages["指標"]["before"]["gzip"],
                    "home_gzip": pages["ホーム"]["before"]["gzip"],
                }
            )
            keep.setdefault("page-bytes", pages)
        keep["growth"] = growth
    if part("trace"):
        keep["trace"] = trace_figures(site(first), "/", a.repeats, tell)
    if part("search"):
        folder = site(last).parent
        if not (folder / "stock").is_dir():
            generator(folder / "docs", folder / "stock", STOCK)
        found = search_figures(site(last), "/", folder / "stock", a.repeats, tell)
        keep["search"] = {"kpis": last, **found}


def update(page: Path, tables: str) -> None:
    """Put the tables between the two marks of a document."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{START}\n\n{tables}\n{END}{after}", encoding="utf-8")


def main(argv: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="nox -s bench --", description="性能を測ります。")
    parser.add_argument("--sizes", nargs="+", type=int, default=[50, 500, 5000], metavar="N")
    parser.add_argument("--naive-sizes", nargs="*", type=int, default=[50, 500], metavar="N")
    parser.add_argument("--million", type=int, default=1_000_000, help="検査する実績の数")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="測るもの")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", type=Path, metavar="FILE", help="数値を書くファイル")
    parser.add_argument("--page", action="store_true", help=f"{PAGE.name} の表を書き直す")
    a = parser.parse_args(argv)
    keep: Figures = {"machine": machine()}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        try:
            measure(a, Path(folder), keep)
        finally:
            if a.json:
                text = json.dumps(keep, ensure_ascii=False, indent=1)
                a.json.write_text(text + "\n", encoding="utf-8")
    tables = render(keep)
    if a.page:
        update(PAGE, tables)
    say("\n" + tables)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
