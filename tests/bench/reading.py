"""What a reader's browser fetches, and how soon the search answers."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.bench.phone import FIRST_RESULT, search_seconds
from tests.bench.sites import Figures, Tell
from tests.browser import Visitor, chromium, serving

WORD = "ち"
"""What is looked for: the names of many indicators have it in their reading."""


def sizes(folder: Path, base: str, urls: Sequence[str]) -> Figures:
    """Requests and bytes of files of a site: as they are, with gzip, with brotli."""
    contents = [file.read_bytes() for file in files_of(folder, base, urls)]
    found = {
        "requests": len(contents),
        "raw": sum(map(len, contents)),
        "gzip": sum(len(gzip.compress(c, 6)) for c in contents),
    }
    if find_spec("brotli"):
        import brotli

        found["brotli"] = sum(len(brotli.compress(c, quality=5)) for c in contents)
    return found


def files_of(folder: Path, base: str, urls: Sequence[str]) -> Iterator[Path]:
    """The files behind addresses, each once."""
    for path in dict.fromkeys(urlsplit(url).path.removeprefix(base) for url in urls):
        file = folder / path
        yield file / "index.html" if path == "" or path.endswith("/") else file


def first_page(site: Path) -> str:
    """The address of the page of the first indicator."""
    names = sorted(p.parent.name for p in (site / "kpis").glob("*/index.html"))
    return f"kpis/{next(name for name in names if name != 'status')}/"


def kinds(site: Path) -> dict[str, str]:
    """A page of each kind by its name in the table."""
    return {
        "ホーム": "",
        "指標": first_page(site),
        "基本目標": "goals/goal-1/",
        "指標の一覧": "kpis/",
        "評価": "evaluation/2021/",
        "データ": "data/",
        "判定の方法": "method/",
    }


def touch_search(page: Page) -> None:
    """The first touch of the search box, and a word in it."""
    page.locator("#finder-input").click()
    page.locator("#finder-input").press_sequentially(WORD)
    page.locator("#finder-list [role=option]").first.wait_for(state="attached")


def move_chart(page: Page) -> None:
    """The first click on the chart's button."""
    page.locator(".chart__explore").click()
    page.locator(".chart__live canvas, .chart__live svg").first.wait_for()


@contextmanager
def visiting(site: Path, **options: Any) -> Iterator[tuple[Page, str, list[str]]]:
    """A fresh reader in front of a site: the page, its base address, the requests so far."""
    with (
        serving(site, "/") as address,
        chromium() as browser,
        Visitor(browser, address)(**options) as visit,
    ):
        yield visit.page, address, visit.requests


def page_figures(site: Path, tell: Tell) -> Figures:
    """Bytes and requests of a page of each kind, first visit, before and after the first click."""
    found: Figures = {}
    clicks: list[tuple[str, Callable[[Page], None]]] = [("検索に触れる", touch_search)]
    for name, path in kinds(site).items():
        tell(name)
        with visiting(site) as (page, address, requests):
            before = opened(page, address, path, requests)
            found[name] = {"path": path, "before": sizes(site, "/", before)}
            more = clicks + ([("図を動かす", move_chart)] if name == "指標" else [])
            for click, act in more if name in ("ホーム", "指標") else []:
                requests.clear()
                act(page)
                page.wait_for_load_state("networkidle")
                after = [u for u in dict.fromkeys(requests) if u not in before]
                found[name][click] = sizes(site, "/", after)
    return found


def opened(page: Page, address: str, path: str, requests: Sequence[str]) -> list[str]:
    """Open a page; what was asked of its site for it."""
    page.goto(address + path, wait_until="networkidle")
    return [url for url in requests if url.startswith(address)]


def growth_figures(site: Path, kpis: int, tell: Tell) -> Figures:
    """Bytes with gzip of the pages that must not grow with the number of indicators."""
    found: Figures = {"kpis": kpis}
    for name, path in (("kpi", first_page(site)), ("home", ""), ("list", "kpis/")):
        tell(path)
        with visiting(site) as (page, address, requests):
            found[f"{name}_gzip"] = sizes(site, "/", opened(page, address, path, requests))["gzip"]
    return found


def search_figures(site: Path, stock: Path, kpis: int, repeats: int, tell: Tell) -> Figures:
    """Our index beside the theme's, and the time from the touch to the first results."""
    times = []
    early = 0
    for turn in range(repeats):
        tell(f"{turn + 1}/{repeats}")
        with visiting(site) as (page, address, requests):
            before = opened(page, address, "", requests)
            early = max(early, sum("/search/" in url for url in before))
            times.append(page.evaluate(FIRST_RESULT, WORD) / 1000)
    ours = (site / "assets/search/index.js").read_bytes()
    theirs = (stock / "search/search_index.json").read_bytes()
    assert json.loads(theirs)["docs"]
    return {
        "kpis": kpis,
        "before_touch": early,
        "index_raw": len(ours),
        "index_gzip": len(gzip.compress(ours, 6)),
        "stock_raw": len(theirs),
        "stock_gzip": len(gzip.compress(theirs, 6)),
        "index_to_stock": len(ours) / len(theirs),
        "first_result_s": median(times),
        "first_result_slow_s": search_seconds(site, WORD, repeats, tell),
    }
