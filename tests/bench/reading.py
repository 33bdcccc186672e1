"""What a reader's browser fetches, how soon the page can be read, how soon the search answers."""

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

from tests.bench.sites import Figures, Tell
from tests.browser import Visitor, chromium, serving

PHONE = {"width": 390, "height": 844}

SLOW = {"latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
"""A slow mobile line: 150 ms, 1.6 Mbit/s down; with a CPU four times slower, an old phone."""
SLOWER_CPU = 4

WATCH = """
window.seen = {};
const note = (name) => { window.seen[name] ??= performance.now(); };
new PerformanceObserver((list) => {
  for (const entry of list.getEntries())
    if (entry.name === 'first-contentful-paint') window.seen.text = entry.startTime;
}).observe({ type: 'paint', buffered: true });
const look = () => {
  const chart = [...document.querySelectorAll('.chart__picture svg, .chart__picture img')]
    .find((it) => it.getBoundingClientRect().width > 0 && (it.tagName !== 'IMG' || it.complete));
  if (chart) note('chart'); else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
"""Notes when the first text is painted and when the chart has a size on the page."""


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


def kinds(site: Path) -> dict[str, str]:
    """A page of each kind by its name in the table."""
    first = sorted(p.parent.name for p in (site / "kpis").glob("*/index.html"))
    one = next(name for name in first if name != "status")
    return {
        "ホーム": "",
        "指標": f"kpis/{one}/",
        "基本目標": "goals/goal-1/",
        "指標の一覧": "kpis/",
        "評価": "evaluation/2021/",
        "データ": "data/",
        "判定の方法": "method/",
    }


def touch_search(page: Page) -> None:
    """The first touch of the search box, and a word in it."""
    page.locator("#finder-input").click()
    page.locator("#finder-input").press_sequentially("ち")
    page.locator("#finder-list [role=option]").first.wait_for(state="attached")


def move_chart(page: Page) -> None:
    """The first click on the chart's button."""
    page.locator(".chart__explore").click()
    page.locator(".chart__live canvas, .chart__live svg").first.wait_for()


@contextmanager
def visiting(site: Path, base: str, **options: Any) -> Iterator[tuple[Page, str, list[str]]]:
    """A fresh reader in front of a site: the page, its base address, the requests so far."""
    with (
        serving(site, base) as address,
        chromium() as browser,
        Visitor(browser, address)(**options) as visit,
    ):
        yield visit.page, address, visit.requests


def page_figures(site: Path, base: str, tell: Tell) -> Figures:
    """Bytes and requests of a page of each kind, first visit, before and after the first click."""
    found: Figures = {}
    clicks: list[tuple[str, Callable[[Page], None]]] = [("検索に触れる", touch_search)]
    for name, path in kinds(site).items():
        tell(name)
        with visiting(site, base) as (page, address, requests):
            page.goto(address + path, wait_until="networkidle")
            before = [u for u in requests if u.startswith(address)]
            found[name] = {"path": path, "before": sizes(site, base, before)}
            more = clicks + ([("図を動かす", move_chart)] if name == "指標" else [])
            for click, act in more if name in ("ホーム", "指標") else []:
                requests.clear()
                act(page)
                page.wait_for_load_state("networkidle")
                after = [u for u in dict.fromkeys(requests) if u not in before]
                found[name][click] = sizes(site, base, after)
    return found


def trace_figures(site: Path, base: str, repeats: int, tell: Tell) -> Figures:
    """A page of an indicator on a slow line and CPU: seconds to text, to the chart, to the end."""
    path = kinds(site)["指標"]
    runs: list[Figures] = []
    for turn in range(repeats):
        tell(f"{turn + 1}/{repeats}")
        with visiting(site, base, width=PHONE["width"], height=PHONE["height"]) as (
            page,
            address,
            requests,
        ):
            wire = [0]
            session = page.context.new_cdp_session(page)
            session.send("Network.enable")
            session.on(
                "Network.loadingFinished",
                lambda e, wire=wire: wire.__setitem__(0, wire[0] + int(e["encodedDataLength"])),
            )
            session.send("Network.emulateNetworkConditions", {"offline": False, **SLOW})
            session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_CPU})
            page.add_init_script(WATCH)
            page.goto(address + path, wait_until="networkidle")
            seen = page.evaluate("window.seen")
            end = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
            runs.append(
                {
                    "requests": len(set(requests)),
                    "wire": wire[0],
                    "text_s": seen["text"] / 1000,
                    "chart_s": max(seen["chart"], seen["text"]) / 1000,
                    "load_s": end / 1000,
                }
            )
    return {name: median(run[name] for run in runs) for name in runs[0]}


def search_figures(site: Path, base: str, stock: Path, repeats: int, tell: Tell) -> Figures:
    """Our index beside the theme's, and the time from the touch to the first results."""
    times = []
    for turn in range(repeats):
        tell(f"{turn + 1}/{repeats}")
        with visiting(site, base) as (page, address, _):
            page.goto(address, wait_until="networkidle")
            took = page.evaluate(
                """async () => {
                  const input = document.querySelector('#finder-input');
                  const list = document.querySelector('#finder-list');
                  const began = performance.now();
                  input.focus();
                  input.value = 'ち';
                  input.dispatchEvent(new Event('input', { bubbles: true }));
                  while (!list.querySelector('[role=option]'))
                    await new Promise((next) => setTimeout(next, 2));
                  return performance.now() - began;
                }"""
            )
            times.append(took / 1000)
    ours = (site / "assets/search/index.js").read_bytes()
    theirs = (stock / "search/search_index.json").read_bytes()
    assert json.loads(theirs)["docs"]
    return {
        "index_raw": len(ours),
        "index_gzip": len(gzip.compress(ours, 6)),
        "stock_raw": len(theirs),
        "stock_gzip": len(gzip.compress(theirs, 6)),
        "index_to_stock": len(ours) / len(theirs),
        "first_result_s": median(times),
    }
