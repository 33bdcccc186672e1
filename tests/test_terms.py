"""Terms are explained once a page, in running text only."""

from __future__ import annotations

import re

import pytest

from scripts.model import Term
from scripts.pages.terms import depth_of, explain, explain_terms, explained
from scripts.spool import PIECE

TERMS = [
    Term(term_id="kpi", term="KPI", reading="けーぴーあい", definition="測るための数字。"),
    Term(term_id="baseline", term="基準値", reading="きじゅんち", definition="はじめの<値>。"),
    Term(term_id="project", term="事業", reading="じぎょう", definition="一つひとつの取組。"),
]


def marked(text: str) -> list[str]:
    """Ids of the terms that became buttons."""
    return re.findall(r'popovertarget="term-([a-z]+)"', explain(text, TERMS, "../"))


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("KPIは数字です。KPIは二度目。", ["kpi"]),
        ("<p>基準値とKPI</p>", ["baseline", "kpi"]),
        ("## KPIの見出し\n", []),
        ("[KPI](kpis/index.md)と`KPI`", []),
        ('<a href="x">KPI</a> <b>KPI</b>', ["kpi"]),
        ("<table><tr><td>KPI</td></tr></table>", []),
        ('<p class="citation">KPI</p><p>基準値</p>', ["baseline"]),
        ('<ul class="kpicards"><li><ul><li>KPI</li></ul>KPI</li></ul>事業', ["project"]),
        (
            '<ul class="kpicards"><!-- <ul> --><svg><title></ul></title></svg>KPI</ul>事業',
            ["project"],
        ),
        ('<UL class="kpicards"><ul/>KPI</ul>事業</UL>基準値', ["project", "baseline"]),
        ('<ul class="kpicards">KPI<ulx>KPI</ulx>', []),
        ("補助事業、事業者、事業の数", ["project"]),
        ("XKPI KPIs KPI2", []),
        ("---\ntitle: KPI\n---\nKPI", ["kpi"]),
        ("---\ntitle: x\nlang: en\n---\nKPI", []),
        ('<div title="KPI">x</div>', []),
        ("<svg><text>KPI</text></svg>\n基準値", ["baseline"]),
        ("## 見出し {#kpi}\n\n基準値\n", ["baseline"]),
    ],
)
def test_where_terms_are_explained(text: str, ids: list[str]) -> None:
    assert marked(text) == ids


def test_a_note_is_text_and_leads_to_the_glossary() -> None:
    made = explain("基準値", TERMS, "../../")
    assert "はじめの&#60;値&#62;。" in made
    assert 'href="../../glossary/#baseline"' in made


def test_nothing_but_the_buttons_is_added() -> None:
    text = "---\ntitle: x\n---\n\n# KPI\n\n<p>基準値とKPIと`KPI`。</p>\n"
    made = explain(text, TERMS, "../")
    without = re.sub(r'<span class="term__note".*?</span>', "", made)
    assert re.sub(r"<button[^>]*>(.*?)</button>", r"\1", without) == text


def test_what_is_passed_over_comes_in_pieces() -> None:
    """A list of all indicators is megabytes."""
    text = f'<ul class="kpicards">{"<li>KPI</li>" * 80_000}</ul>KPI'
    pieces = list(explained(text.encode(), TERMS, "../"))
    assert max(map(len, pieces)) <= PIECE < len(text) // 3
    assert b"".join(pieces).decode() == explain(text, TERMS, "../")
    assert explain(text, TERMS, "../").startswith(text.removesuffix("KPI"))
    assert marked(text) == ["kpi"]


@pytest.mark.parametrize(
    ("path", "depth"),
    [("index.md", 0), ("method.md", 1), ("kpis/index.md", 1), ("kpis/x.md", 2)],
)
def test_depth_of_a_page(path: str, depth: int) -> None:
    assert depth_of(path) == depth


def test_the_glossary_and_other_files_stay() -> None:
    pages = {"glossary.md": b"KPI", "a.svg": b"KPI", "method.md": b"KPI"}
    made = explain_terms(pages, TERMS)
    assert made["glossary.md"] == b"KPI"
    assert made["a.svg"] == b"KPI"
    assert made["method.md"] != b"KPI"
    assert explain_terms(pages, []) == pages
