"""Command line of the bench: ``nox -s bench -- --sizes 50 500 --only build page-bytes``.

Builds towns of several sizes in a working folder, measures, prints the tables. The figures are
written to ``--json`` after each part; ``--from`` takes up the figures of earlier runs, so that
parts can be measured one by one; ``--page`` writes the tables into the documents.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scripts.console import say
from tests.bench.goals import OBSERVABLE, OURS, render_goals
from tests.bench.live import live_figures
from tests.bench.loading import load_figures, million_figures
from tests.bench.phone import OUR_CHART, PLOT, Rival, phone_figures
from tests.bench.place import Place, fresh
from tests.bench.reading import first_page, growth_figures, page_figures, search_figures
from tests.bench.rivals import observable_site, stock_site
from tests.bench.scale import render_scale
from tests.bench.sites import Figures, build_figures, naive_figures, png_figures
from tests.bench.table import render
from tests.helpers import ROOT, TODAY

PARTS = (
    *("build", "naive", "png", "live"),
    *("page-bytes", "growth", "phone", "search"),
    *("load", "million"),
)
DOCS = ROOT / "docs" / "contributing"
PAGE, SCALE = "performance.md", "scale.md"
FIGURES = ROOT / "tests" / "bench" / "figures.json"
"""What the tables of the page are made from."""

Step = tuple[str, str, Callable[[], Any]]
"""A part, the number of indicators if it is measured for several, and how to measure it."""


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


def moment() -> Figures:
    """What was measured, and how busy the machine was."""
    command = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    return {"commit": done.stdout.strip(), "load": round(os.getloadavg()[0], 1)}


class Progress:
    """What is being measured, on one line of a terminal."""

    part = ""

    def __call__(self, step: str) -> None:
        """Say the step; nothing when nobody looks at a terminal."""
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{self.part}: {step}")
            sys.stderr.flush()


def steps(a: argparse.Namespace, place: Place, tell: Progress) -> Iterator[Step]:
    """Everything there is to measure, in order; parts that read sites come after those."""
    first, last = a.sizes[0], a.sizes[-1]
    middle = next((kpis for kpis in a.sizes if kpis >= 500), last)
    for kpis in a.sizes:
        repeats = a.repeats if kpis < 2_000 else min(a.repeats, 2)
        yield "build", str(kpis), partial(build_figures, place, kpis, repeats, tell)
    for kpis in a.naive_sizes:
        yield "naive", str(kpis), partial(naive_figures, place, kpis, tell)
    yield "png", "", lambda: png_figures(fresh(place.folder / "png"), tell)
    yield "live", "", lambda: live_figures(fresh(place.folder / "live"), middle, a.repeats, tell)
    yield "page-bytes", "", lambda: page_figures(place.site(first), tell)
    for kpis in dict.fromkeys((first, last)):
        yield "growth", str(kpis), partial(grown, place, kpis, tell)
    yield "phone", "", lambda: phone_figures(rivals(place, first, tell), a.repeats + 2, tell)
    yield "search", str(last), lambda: searched(place, last, a.repeats, tell)
    for kpis in dict.fromkeys((5_000, a.million // 10)):
        yield "load", str(kpis), partial(load_figures, place, kpis, tell)
        yield "million", str(kpis), partial(million_figures, place, kpis, tell)


def rivals(place: Place, kpis: int, tell: Progress) -> list[Rival]:
    """The same indicator in our site, with stock Material, with Observable Framework."""
    site, folder = place.site(kpis), place.folder_of(kpis)
    page = first_page(site)
    stock = stock_site(folder / "docs", folder / "stock")
    found = [
        Rival(OURS, site, page, OUR_CHART),
        Rival("Materialとその検索", stock, page, OUR_CHART),
    ]
    if observable := observable_site(folder / "town", place.folder / "observable", tell):
        found.append(Rival(OBSERVABLE, observable, "", PLOT))
    else:
        say(f"npmで{OBSERVABLE}を用意できないので、それとは比べません。")
    return found


def grown(place: Place, kpis: int, tell: Progress) -> Figures:
    """How heavy the pages of a town are."""
    return growth_figures(place.site(kpis), kpis, tell)


def searched(place: Place, kpis: int, repeats: int, tell: Progress) -> Figures:
    """The search of a town beside that of the theme."""
    site, folder = place.site(kpis), place.folder_of(kpis)
    return search_figures(site, stock_site(folder / "docs", folder / "stock"), kpis, repeats, tell)


def measure(a: argparse.Namespace, folder: Path, keep: Figures, save: Callable[[], object]) -> None:
    """Run the wanted parts one after the other; ``keep`` fills, ``save`` is called after each."""
    tell = Progress()
    for part, size, run in steps(a, Place(folder), tell):
        if part not in a.only:
            continue
        tell.part = f"{part} {size}".strip()
        before = moment()
        found = run()
        if size:
            keep.setdefault(part, {})[size] = found
        else:
            keep[part] = found
        keep.setdefault("runs", {})[tell.part] = before
        save()


def joined(files: Sequence[Path]) -> Figures:
    """The figures of earlier runs; the later file counts where two have measured the same."""
    keep: Figures = {}
    for file in files:
        for part, found in json.loads(file.read_bytes()).items():
            sizes = isinstance(found, dict) and (part == "runs" or all(map(str.isdigit, found)))
            keep[part] = {**keep.get(part, {}), **found} if sizes else found
    return keep


def update(page: Path, name: str, text: str) -> None:
    """Put text between the two marks of a document."""
    start, end = f"<!-- {name}:start -->", f"<!-- {name}:end -->"
    before, _, rest = page.read_text(encoding="utf-8").partition(start)
    _, _, after = rest.partition(end)
    page.write_text(f"{before}{start}\n\n{text.strip()}\n\n{end}{after}", encoding="utf-8")


def write_pages(folder: Path, figures: Figures) -> None:
    """Put all tables into the documents in a folder."""
    update(folder / PAGE, "bench", render(figures))
    update(folder / PAGE, "goals", render_goals(figures))
    update(folder / SCALE, "scale", render_scale(figures))


def parsed(argv: Sequence[str] | None) -> argparse.Namespace:
    """The arguments."""
    parser = argparse.ArgumentParser(prog="nox -s bench --", description="性能を測ります。")
    parser.add_argument("--sizes", nargs="+", type=int, default=[50, 500, 5000], metavar="N")
    parser.add_argument("--naive-sizes", nargs="*", type=int, default=[500], metavar="N")
    parser.add_argument("--million", type=int, default=1_000_000, help="検査する実績の数")
    parser.add_argument("--only", nargs="*", choices=PARTS, default=list(PARTS), help="測るもの")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--place", type=Path, metavar="DIR", help="作業の場所（残して、次に使う）")
    parser.add_argument(
        "--from", dest="files", nargs="+", type=Path, default=[], metavar="FILE", help="前の数値"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="数値を書くファイル")
    parser.add_argument("--page", action="store_true", help=f"{PAGE}と{SCALE}の表を書き直す")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    a = parsed(argv)
    keep = {"machine": machine(), **joined(a.files)}
    if a.only:
        keep["machine"] = machine()

    def save() -> None:
        for file in filter(None, (a.json, FIGURES if a.page else None)):
            text = json.dumps(keep, ensure_ascii=False, indent=1)
            file.write_text(text + "\n", encoding="utf-8")

    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        measure(a, a.place or Path(folder), keep, save)
    save()
    if a.page:
        write_pages(DOCS, keep)
    say(f"\n{render(keep)}\n{render_goals(keep)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
