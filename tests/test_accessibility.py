"""The site for everyone: every page in every state, and the ways of readers who need more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scripts.accessibility import CHECKS, RECORD, Audit, kinds_of, read_record, record_of
from scripts.build import render
from scripts.model import Package
from tests.audit import (
    SCHEMES,
    TAGS,
    WIDTHS,
    Findings,
    axe_version,
    every_page,
    look,
    look_opened,
    openable,
)
from tests.browser import Built, Visitor, built, visitor
from tests.helpers import FIXTURE, ROOT, TODAY
from tests.opened import PARTS

__all__ = ["built", "visitor"]

SHARES = 8
"""Shares of the pages, so that several processes can look at once."""

AGAIN = "run nox -s a11y -- --write"


@pytest.fixture(scope="module")
def record() -> Audit:
    """The run that the page about accessibility tells of."""
    audit = read_record((ROOT / RECORD).read_bytes())
    assert audit is not None, AGAIN
    return audit


@pytest.mark.parametrize("part", range(SHARES))
def test_every_page_in_every_state(
    built: Built, visitor: Visitor, record: Audit, part: int
) -> None:
    """No violation of axe-core, no faint picture, nothing sideways or cut, no other host."""
    findings = Findings()
    with visitor() as visit:
        for path in every_page(built)[part::SHARES]:
            look(visit, path, findings)
    assert findings.pages > 0
    assert findings.runs == findings.pages * len(WIDTHS) * len(SCHEMES)
    assert {"color-contrast", "target-size", "aria-dialog-name"} <= findings.rules
    assert len(findings.rules) == record.rules, AGAIN
    assert findings.faults == []


PLANT = """addEventListener('DOMContentLoaded', () => {
  const add = (html, style) => {
    const place = document.createElement('div');
    place.innerHTML = html;
    Object.assign(place.firstElementChild.style, style);
    document.querySelector('article').append(place.firstElementChild);
  };
  add('<p>淡い文字</p>', {color: '#aaa', background: '#fff'});
  add('<img src="../assets/logo.svg">');
  add('<div role="dialog">名前のない窓</div>');
  add('<div><p>横に動かす表</p></div>', {overflowX: 'auto', width: '90px', whiteSpace: 'pre'});
  add('<p>狭い画面からはみ出す</p>', {width: '700px'});
  add('<p>行の間を広げると切れる</p>', {height: '20px', overflow: 'hidden'});
  add('<svg><text y="20" style="">淡い図の文字</text></svg>', {fill: '#bbb', background: '#fff'});
  add('<img alt="" src="https://elsewhere.example/x.png">');
})"""
"""One fault of each kind that a run looks for."""


def test_planted_faults_are_found(visitor: Visitor) -> None:
    findings = Findings()
    with visitor() as visit:
        visit.page.add_init_script(PLANT)
        look(visit, "about/", findings)
    for rule in ("color-contrast", "image-alt", "aria-dialog-name", "scrollable-region-focusable"):
        assert [f for f in findings.faults if f" axe: {rule} " in f], rule
    for check in ("picture", "overflow", "spacing", "large", "complaint"):
        assert findings.counts[check], check


@pytest.mark.parametrize(("folder", "parts"), [("kpis/", list(PARTS)), ("goals/", ["folded"])])
def test_what_readers_open_is_sound(
    built: Built, visitor: Visitor, folder: str, parts: list[str]
) -> None:
    """Two pages with many things to open, in two states; the recorded run opens all kinds."""
    marks = {PARTS[part].mark for part in parts}
    path = next(
        path
        for path in openable(built)
        if path.startswith(folder)
        and all(mark in (built.site / path / "index.html").read_text() for mark in marks)
    )
    findings = Findings()
    with visitor() as visit:
        look_opened(visit, path, findings, parts, ("360-light", "1280-dark"))
    assert set(findings.opened) == set(parts)
    assert findings.faults == []


def test_the_record_is_of_this_site_and_this_test(built: Built, record: Audit) -> None:
    """Some pages more or fewer do not matter; another tool, rule or state, or another site, do."""
    assert (record.axe, record.tags) == (axe_version(), TAGS), AGAIN
    assert (record.widths, record.schemes) == (tuple(WIDTHS), tuple(SCHEMES)), AGAIN
    now = kinds_of(every_page(built))
    assert 0.8 <= record.pages / sum(now.values()) <= 1.25, AGAIN
    large = {kind for kind, pages in now.items() if pages >= 10}
    assert large <= record.kinds.keys(), AGAIN
    assert record.faults == dict.fromkeys(CHECKS, 0)
    assert record.opened.keys() == PARTS.keys() and all(record.opened.values()), AGAIN
    assert record.runs == record.pages * len(WIDTHS) * len(SCHEMES)


def test_the_page_tells_what_the_record_says(package: Package, record: Audit) -> None:
    told = replace(record, faults={**record.faults, "large": 3})
    page = render(package, FIXTURE / "docs", TODAY, audit=record_of(told))["accessibility.md"]
    for words in (f"のべ{record.runs:,}回", "問題は3件", f"axe-core {record.axe}", "3件</td>"):
        assert words in page.decode()


@pytest.mark.parametrize("broken", [None, b"", b"[]", b"{", b'{"recorded": "2026-11-22"}'])
def test_without_a_record_the_page_says_so(package: Package, broken: bytes | None) -> None:
    page = render(package, FIXTURE / "docs", TODAY, audit=broken, pngs=False)["accessibility.md"]
    assert "まだ試験の記録がありません" in page.decode()
    assert "試しています" not in page.decode()  # a new municipality has no tests of its own
