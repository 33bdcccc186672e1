"""Every page of the site, each opened once, as different readers meet it.

axe-core and our own measurements in two schemes at two widths, then a narrow screen, wide text
spacing and large letters; whatever the page asks of other hosts or complains about is noted.
:func:`look` does one page, :func:`look_opened` opens what is closed on it.
``python -m tests.audit [--write]`` does them all and, with ``--write``, puts the result into
``accessibility.json``.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from scripts.accessibility import CHECKS, RECORD, Audit, kinds_of, record_of
from tests.browser import Built, Visit, Visitor, chromium, run_site, serving
from tests.helpers import ROOT
from tests.opened import PARTS

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
"""WCAG 2.2 A and AA, and what the makers of axe advise beyond it."""

WIDTHS = {1280: 800, 360: 740}
"""Widths and heights of the screens, in CSS pixels."""

SCHEMES = {"light": "default", "dark": "slate"}

STATES = [f"{width}-{scheme}" for width in WIDTHS for scheme in SCHEMES]

SWITCH = """async ([scheme, name]) => {
  // the reader's own switch; pages without it (frames) follow the setting of the device
  const input = document.querySelector(`input[data-md-color-scheme="${name}"]`);
  if (input && document.body.dataset.mdColorScheme !== name) input.click();
  const frame = () => new Promise(done => requestAnimationFrame(done));
  await frame();
  await frame();
  await Promise.all(document.getAnimations().map(a => a.finished.catch(() => 0)));
  return input ? document.body.dataset.mdColorScheme === name
    : matchMedia(`(prefers-color-scheme: ${scheme})`).matches;
}"""
"""Switch the colours the way a reader does and wait until they stand still."""

AXE = """async tags => {
  const found = await axe.run(document, {
    runOnly: {type: 'tag', values: tags},
    rules: {'target-size': {enabled: true}},
    resultTypes: ['violations', 'incomplete'],
    iframes: false, preload: false,
  });
  const ran = [...found.violations, ...found.passes, ...found.incomplete, ...found.inapplicable];
  return {
    rules: ran.map(rule => rule.id),
    unsure: found.incomplete.map(rule => rule.id),
    violations: found.violations.map(rule =>
      `${rule.id} (${rule.nodes.length}): ${rule.nodes[0].html.slice(0, 200)}`),
  };
}"""
"""The rules that ran, those that a person has to look at, and what is broken."""

CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const known = new Map();
  const rgba = colour => {
    if (!known.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = 'rgba(0,0,0,0)';
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
    return known.get(colour);
  };
  const over = (top, below) => top.slice(0, 3)
    .map((c, i) => c * top[3] + below[i] * (1 - top[3])).concat(1);
  const light = c => {
    const [r, g, b] = c.map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = element => {
    const layers = [];
    for (let e = element; e; e = e.parentElement)
      layers.push(rgba(getComputedStyle(e).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  const found = new Set();
  for (const text of document.querySelectorAll('svg text')) {
    if (!text.textContent.trim() || !text.checkVisibility({visibilityProperty: true})) continue;
    const back = ground(text);
    const front = over(rgba(getComputedStyle(text).fill), back);
    const [high, low] = [light(front), light(back)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) found.add(`${text.textContent.slice(0, 20)} ${ratio.toFixed(2)}`);
  }
  return [...found];
}"""
"""Letters inside pictures that are too near to what lies behind them: axe leaves them out."""

OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  const contained = e => {
    for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) {
      const style = getComputedStyle(p);
      if (style.overflowX !== 'visible' || style.position === 'fixed') return true;
    }
    return getComputedStyle(e).position === 'fixed';
  };
  const found = [...document.body.querySelectorAll('*')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width > 1 && box.right > width + 1 && !contained(e);
  }).map(e => e.outerHTML.slice(0, 120));
  if (document.documentElement.scrollWidth > width)
    found.unshift(`${document.documentElement.scrollWidth} px wide`);
  return found.slice(0, 5);
}"""
"""Elements that stick out of the page to the right and that nothing around them can scroll."""

CUT = """() => [...document.querySelectorAll('main *, .finder *')].filter(e => {
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  const hides = [style.overflowX, style.overflowY].some(o => o === 'hidden' || o === 'clip');
  return hides && box.width > 2 && box.height > 2 && e.checkVisibility()
    && e.innerText && !e.closest('svg, .md-sidebar')
    && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 2);
}).map(e => e.outerHTML.slice(0, 120)).slice(0, 5)"""
"""Elements whose words are cut off."""

SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
"""The text spacing that WCAG 1.4.12 names."""

REMEMBER = """
(() => {
  const colour = axe.commons.color.Color.prototype, parse = colour.parseString, known = new Map();
  colour.parseString = function (text) {
    const seen = known.get(text);
    if (seen) [this.r, this.g, this.b, this.alpha] = seen;
    else { parse.call(this, text); known.set(text, [this.r, this.g, this.b, this.alpha]); }
    return this;
  };
})()"""
"""axe reads the same few colours thousands of times, which is half its work: read each once."""


@cache
def axe_source() -> str:
    """The program of axe-core."""
    source = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    return source + REMEMBER


@dataclass
class Findings:
    """What was looked at and what was found: ``faults`` is empty on a good site."""

    pages: int = 0
    runs: int = 0
    opened: Counter[str] = field(default_factory=Counter)
    rules: set[str] = field(default_factory=set)
    unsure: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def note(self, check: str, place: str, found: Iterable[object]) -> None:
        """Add what a check found, with the page and the state it was seen in."""
        assert check in CHECKS
        new = [f"/{place} {check}: {fault}" for fault in found]
        self.faults += new
        self.counts[check] += len(new)

    def add(self, other: Findings) -> None:
        """Add what was found on other pages."""
        self.pages += other.pages
        self.runs += other.runs
        self.opened += other.opened
        self.rules |= other.rules
        self.faults += other.faults
        self.unsure += other.unsure
        self.counts += other.counts


def every_page(built: Built) -> list[str]:
    """Addresses of all HTML files, relative to the base."""
    found = (file.relative_to(built.site).as_posix() for file in built.site.rglob("*.html"))
    return sorted(path.removesuffix("index.html") for path in found)


def openable(built: Built) -> list[str]:
    """Every page that stands alone, and of each folder the largest with the same things to open."""
    largest: dict[object, tuple[int, str]] = {}
    for path in every_page(built):
        file = built.site / path
        html = (file / "index.html" if file.is_dir() else file).read_text(encoding="utf-8")
        folder, _, rest = path.partition("/")
        kind = (folder, bool(rest), *(rest and part.mark in html for part in PARTS.values()))
        largest[kind] = max(largest.get(kind, (0, "")), (len(html), path))
    return sorted(path for _, path in largest.values())


def states(page: Page) -> Iterator[tuple[str, bool]]:
    """Every width in every scheme, one after another; whether the switch worked."""
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme, name in SCHEMES.items():
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            yield f"{width}-{scheme}", bool(page.evaluate(SWITCH, [scheme, name]))


@contextmanager
def large_letters(page: Page) -> Iterator[None]:
    """Letters twice as large by the browser's own setting (WCAG 1.4.4), on a small window."""
    page.set_viewport_size({"width": 640, "height": 740})
    browser = page.context.new_cdp_session(page)
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    try:
        yield
    finally:
        browser.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
        browser.detach()


def look(visit: Visit, path: str, findings: Findings) -> None:
    """Open a page once and look at it in every state."""
    page = visit.go(path)
    page.evaluate(axe_source())
    for state, switched in states(page):
        place = f"{path} {state}"
        findings.note("switch", place, [] if switched else ["the colours did not change"])
        result = page.evaluate(AXE, list(TAGS))
        findings.runs += 1
        findings.rules |= set(result["rules"])
        findings.unsure.update(result["unsure"])
        findings.note("axe", place, result["violations"])
        findings.note("picture", place, page.evaluate(CONTRAST))
    page.set_viewport_size({"width": 320, "height": 740})
    findings.note("overflow", path, page.evaluate(OVERFLOW))
    page.evaluate(SPACING)
    findings.note("spacing", path, page.evaluate(OVERFLOW) + page.evaluate(CUT))
    page.evaluate("document.adoptedStyleSheets = []")
    with large_letters(page):
        findings.note("large", path, page.evaluate(OVERFLOW) + page.evaluate(CUT))
    findings.pages += 1
    findings.note("host", path, visit.strangers)
    findings.note("complaint", path, visit.errors)
    visit.requests.clear()
    visit.errors.clear()


def look_opened(
    visit: Visit,
    path: str,
    findings: Findings,
    parts: Iterable[str] = PARTS,
    among: Container[str] = STATES,
) -> None:
    """Open each part that a page has, in every state, and look at the page again."""
    for state, _ in states(visit.go(path)):
        if state not in among:
            continue
        for name in parts:
            page = visit.go(path)
            if not page.locator(PARTS[name].handle).first.is_visible():
                continue
            PARTS[name].open(page)
            page.evaluate(axe_source())
            found = page.evaluate(AXE, list(TAGS))["violations"]
            found += page.evaluate(CONTRAST) + page.evaluate(OVERFLOW)
            findings.note("opened", f"{path} {state} {name}", found)
            findings.opened[name] += 1
    findings.note("host", path, visit.strangers)
    findings.note("complaint", path, visit.errors)
    visit.requests.clear()
    visit.errors.clear()


def look_at_share(
    site: Path, base: str, share: list[str], opened: list[str]
) -> tuple[Findings, str]:
    """Look at some pages in a process of its own; what was found and the browser's version."""
    findings = Findings()
    with (
        serving(site, base) as address,
        chromium() as browser,
        Visitor(browser, address)() as visit,
    ):
        for path in share:
            look(visit, path, findings)
        for path in opened:
            look_opened(visit, path, findings)
        return findings, browser.version


def look_at_all(built: Built, processes: int) -> tuple[Findings, str]:
    """Look at every page, several at once."""
    pages = every_page(built)
    shares = [pages[n::processes] for n in range(processes)]
    parts = [openable(built)[n::processes] for n in range(processes)]
    findings = Findings()
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        done = list(pool.map(partial(look_at_share, built.site, built.base), shares, parts))
    for found, _ in done:
        findings.add(found)
    return findings, done[0][1]


def axe_version() -> str:
    """The version of the axe-core that is installed."""
    found = re.search(r"axe v([\d.]+)", axe_source()[:200])
    assert found is not None
    return found[1]


def audit_of(built: Built, findings: Findings, browser: str, day: date) -> Audit:
    """The record of a run."""
    return Audit(
        recorded=str(day),
        axe=axe_version(),
        browser=browser,
        tags=TAGS,
        rules=len(findings.rules),
        widths=tuple(WIDTHS),
        schemes=tuple(SCHEMES),
        kinds=kinds_of(every_page(built)),
        runs=findings.runs,
        opened={name: findings.opened[name] for name in PARTS},
        faults={check: findings.counts[check] for check in CHECKS},
        unsure=dict(sorted(findings.unsure.items())),
    )


def main() -> int:
    """Command line of the run: 0 without faults, 1 with."""
    parser = argparse.ArgumentParser(prog="python -m tests.audit")
    parser.add_argument("--write", action="store_true", help=f"結果を {RECORD} に記録する")
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        built = Built(Path(folder) / "docs", Path(folder) / "site")
        done = run_site("--out", str(built.staged), "--site", str(built.site))
        if done.returncode:
            sys.stderr.write(done.stdout + done.stderr)
            return 1
        findings, browser = look_at_all(built, min(4, os.cpu_count() or 1))
        audit = audit_of(built, findings, browser, date.today())
    sys.stdout.write("".join(f"{fault}\n" for fault in findings.faults))
    looks = f"のべ {audit.runs} 回と、開いて {findings.opened.total()} 回"
    sys.stdout.write(f"{audit.pages} ページ、{looks}、問題 {audit.found} 件\n")
    if arguments.write:
        (ROOT / RECORD).write_bytes(record_of(audit))
    return 1 if findings.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
