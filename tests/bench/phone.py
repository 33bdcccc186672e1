"""A page of an indicator on an old phone and a slow line, beside the same page of other tools.

All are served by one nginx with gzip and HTTP/2, as hosts do today, and are opened in turns. The
browser slows itself down: see :data:`SLOW` and :data:`SLOWER_CPU`.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page

from tests.bench.sites import Figures, Tell
from tests.browser import chromium
from tests.nginx import free_port, nginx

PHONE = {"width": 390, "height": 844}

SLOW = {"latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
"""A slow mobile line: 150 ms to and fro, 1.6 Mbit/s down; what Lighthouse calls slow 4G."""
SLOWER_CPU = 4

STRANGERS = ("*://fonts.googleapis.com/*", "*://fonts.gstatic.com/*")
"""Letters from another host are not fetched (in favour of those who want them)."""

WATCH = """
window.seen = {};
new PerformanceObserver((list) => {
  for (const entry of list.getEntries())
    if (entry.name === 'first-contentful-paint') window.seen.text = entry.startTime;
}).observe({ type: 'paint', buffered: true });
const look = () => {
  const chart = [...document.querySelectorAll('CHART')]
    .find((it) => it.getBoundingClientRect().width > 0 && (it.tagName !== 'IMG' || it.complete));
  if (chart) setTimeout(() => window.seen.chart = performance.now());  // after this frame is drawn
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
"""Notes when the first text is painted and when the first frame with the chart in it is drawn."""

SEEN = """async () => {
  while (!(window.seen.chart && window.seen.text))
    await new Promise((next) => setTimeout(next, 20));
  return window.seen;
}"""

OUR_CHART = ".chart__picture svg, .chart__picture img"
PLOT = "main svg[class^=plot]"

FORMAT = 'log_format bytes "$bytes_sent $uri";\n'
LISTEN = """server {{
listen 127.0.0.1:{port} ssl{protocol};
ssl_certificate {folder}/pem; ssl_certificate_key {folder}/key;
access_log {folder}/{port}.log bytes;
root {root}; gzip on; gzip_comp_level 6; gzip_vary on;
gzip_types text/css application/javascript application/json image/svg+xml;
}}
"""


@dataclass(frozen=True, slots=True)
class Rival:
    """A site to be read: where it lies, the page in it, how its chart is found."""

    name: str
    folder: Path
    path: str
    chart: str


@dataclass(frozen=True, slots=True)
class Served:
    """Where a site is served, and what the server has sent so far."""

    address: str
    log: Path

    def sent(self) -> list[int]:
        """Bytes of each answer, heads and all, workers' too; the icon of the tab is left out."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        pairs = [line.split(maxsplit=1) for line in lines]
        return [int(size) for size, uri in pairs if not uri.endswith("/favicon.ico")]


@contextmanager
def served(folders: Sequence[Path], protocol: str = " http2") -> Iterator[list[Served]]:
    """Serve folders with gzip; a blank ``protocol`` is HTTP/1.1."""
    if not shutil.which("openssl"):
        raise SystemExit("遅い回線で測るには openssl が要ります。入れてください。")
    with TemporaryDirectory() as name:
        place = Path(name)
        command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost "
        command += f"-keyout {place}/key -out {place}/pem"
        subprocess.run(command.split(), check=True, capture_output=True)
        ports = [free_port() for _ in folders]
        blocks = [
            LISTEN.format(port=port, folder=place, root=folder.resolve(), protocol=protocol)
            for port, folder in zip(ports, folders, strict=True)
        ]
        with nginx(place, FORMAT + "".join(blocks), ports[0]):
            yield [Served(f"https://127.0.0.1:{port}/", place / f"{port}.log") for port in ports]


def phone_figures(rivals: Sequence[Rival], repeats: int, tell: Tell) -> Figures:
    """For each rival the medians of a first visit, and whether the chart needs JavaScript.

    ``chart_s`` is with HTTP/2, ``chart_http1_s`` with HTTP/1.1.
    """
    found: Figures = {}
    with chromium() as browser:
        for protocol in (" http2", ""):
            runs: dict[str, list[Figures]] = {rival.name: [] for rival in rivals}
            with served([rival.folder for rival in rivals], protocol) as places:
                for turn in range(repeats):
                    for rival, place in zip(rivals, places, strict=True):
                        tell(f"{rival.name} {turn + 1}/{repeats}")
                        runs[rival.name].append(visit(browser, rival, place))
                for rival, place in zip(rivals, places, strict=True):
                    seen = {k: median(r[k] for r in runs[rival.name]) for k in runs[rival.name][0]}
                    if protocol:
                        bare = shown_without_script(browser, rival, place.address)
                        found[rival.name] = {**seen, "without_script": bare}
                    else:
                        found[rival.name]["chart_http1_s"] = seen["chart_s"]
    return found


@contextmanager
def reader(browser: Browser, *, js: bool = True) -> Iterator[Page]:
    """A phone that has never seen the site."""
    context = browser.new_context(
        viewport={"width": PHONE["width"], "height": PHONE["height"]},
        ignore_https_errors=True,
        java_script_enabled=js,
        locale="ja-JP",
    )
    try:
        yield context.new_page()
    finally:
        context.close()


@contextmanager
def slow_reader(browser: Browser) -> Iterator[Page]:
    """A slow phone that has never seen the site."""
    with reader(browser) as page:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setBlockedURLs", {"urls": list(STRANGERS)})
        session.send("Network.emulateNetworkConditions", {"offline": False, **SLOW})
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_CPU})
        yield page


def visit(browser: Browser, rival: Rival, place: Served) -> Figures:
    """One first visit on the slow line: requests, bytes, seconds."""
    before = len(place.sent())
    with slow_reader(browser) as page:
        page.add_init_script(WATCH.replace("CHART", rival.chart))
        page.goto(place.address + rival.path, wait_until="networkidle", timeout=120_000)
        seen: Mapping[str, float] = page.evaluate(SEEN)
        end = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    sent = place.sent()[before:]
    return {
        "requests": len(sent),
        "wire": sum(sent),
        "text_s": seen["text"] / 1000,
        "chart_s": max(seen["chart"], seen["text"]) / 1000,
        "load_s": end / 1000,
    }


def shown_without_script(browser: Browser, rival: Rival, address: str) -> bool:
    """Whether a reader without JavaScript sees the chart."""
    with reader(browser, js=False) as page:
        page.goto(address + rival.path, wait_until="load")
        charts = page.locator(rival.chart)
        return any(charts.nth(i).is_visible() for i in range(charts.count()))


def search_seconds(site: Path, word: str, repeats: int, tell: Tell) -> float:
    """Seconds from the touch of the search box to the first result, on the slow phone."""
    took: list[float] = []
    with served([site]) as (place,), chromium() as browser:
        for turn in range(repeats):
            tell(f"遅い回線 {turn + 1}/{repeats}")
            with slow_reader(browser) as page:
                page.goto(place.address, wait_until="networkidle", timeout=120_000)
                took.append(page.evaluate(FIRST_RESULT, word) / 1000)
    return median(took)


FIRST_RESULT = """async (word) => {
  const input = document.querySelector('#finder-input');
  const list = document.querySelector('#finder-list');
  const began = performance.now();
  input.focus();
  input.value = word;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  while (!list.querySelector('[role=option]'))
    await new Promise((next) => setTimeout(next, 2));
  return performance.now() - began;
}"""
"""Touch the search box, write a word, wait for the first result: milliseconds."""
