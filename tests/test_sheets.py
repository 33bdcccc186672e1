"""The joined style sheet says what the theme's and ours say, and no page misses anything in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.sheets import JOINED, SCRIPTS, SHOWN, Sheets, find_sheets, joined, trimmed, words_of
from tests.browser import Built, Visitor, built, visitor
from tests.published import html_pages

__all__ = ["built", "visitor"]

THEME = (
    "/*! theme */ .md-nav { color: red } .admonition, .md-nav:hover > .md-icon{ margin : 0 1px }"
    "[dir=rtl] .md-nav{left:0} [dir=ltr] .md-nav{right:0} .md-nav:not(.tabbed){top:0}"
    "@media print{.tabbed{x:y}} @media (min-width: 60em){.md-nav{--md-used:1;width:var(--md-used)}}"
    ":root{--md-idle: url(data:x); --md-chain:var(--md-idle)}"
)
OWN = "/* ours */\n.unknown {\n  --md-mine: 2;\n  content: ' a;  b ';\n  top: 0 !important;\n}\n"


def sheets_of(built: Built) -> Sheets:
    found = find_sheets(
        [Path(d) for d in built.config.theme.dirs], built.staged / "assets/site.css"
    )
    assert found is not None
    return found


def page_with(body: str = "", head: str = "", names: tuple[str, ...] = ("a", "b", "site")) -> str:
    links = "".join(f'<link rel="stylesheet" href="../assets/{name}.css">\n' for name in names)
    return f'<html dir="ltr"><head>{links}{head}</head><body class="md-nav">{body}</body></html>'


@pytest.fixture
def sheets() -> Sheets:
    found = joined(("assets/a.css", "assets/b.css", "assets/site.css"), [THEME, "", OWN])
    assert found is not None
    return found


def test_what_no_page_shows_is_left_out(sheets: Sheets) -> None:
    assert sheets.css.decode() == (
        '@charset "UTF-8";.md-nav{color:red}.md-nav:hover > .md-icon{margin:0 1px}'
        "[dir=ltr] .md-nav{right:0}.md-nav:not(.tabbed){top:0}"
        "@media (min-width: 60em){.md-nav{--md-used:1;width:var(--md-used)}}"
        '.unknown{content:" a;  b ";top:0!important}'
    )
    assert sheets.without == {"admonition", "tabbed", "dir=rtl"}


@pytest.mark.parametrize(
    "page",
    [
        page_with('<p class="note admonition">'),
        page_with("<p class=admonition>"),
        page_with("<p\nCLASS = 'x tabbed'>"),
        page_with('<p dir="rtl">'),
        page_with('<path fill="var(--md-idle)">'),
        page_with(head='<link rel="stylesheet" href="../assets/more.css">'),
        page_with(head='<script src="https://example.jp/x.js"></script>'),
        page_with(head='<script src="../assets/js/other.js"></script>'),
        page_with(names=("b", "a", "site")),
        page_with(names=("a", "b")),
    ],
)
def test_a_page_that_may_need_more_keeps_all_sheets(page: str, sheets: Sheets) -> None:
    assert sheets.join(page) == page


def test_other_pages_ask_for_one(sheets: Sheets) -> None:
    head = f'<script src="../{SCRIPTS[0]}"></script><link rel="icon" href="../assets/i.svg">'
    assert sheets.join(page_with(head=head)).count("<link") == 2
    assert f'<link rel="stylesheet" href="../{JOINED}">' in sheets.join(page_with(head=head))


@pytest.mark.parametrize("css", ["a { color: red } }", "@import 'x.css';", "a { b: url(c.png) }"])
def test_a_sheet_that_cannot_be_joined_is_left_as_it_is(css: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        trimmed(css, "")


def test_every_page_asks_for_the_joined_sheet(built: Built) -> None:
    """And the list of the theme's words is the one of this site, no shorter and no longer."""
    sheets = sheets_of(built)
    found: set[str] = set()
    for page in html_pages(built):
        text = page.read_text(encoding="utf-8")
        if "embed" not in page.relative_to(built.site).parts:
            assert len(re.findall(r'rel="stylesheet" href="[^"]*assets/page\.\w+\.css"', text)) == 1
            found |= words_of(text)
    assert not found & sheets.without
    scripts = "".join(f.read_text(encoding="utf-8") for f in built.staged.glob("assets/*/s*.js"))
    given = re.findall(r'(?:class(?:Name|List)|"class")[^"\n]*"([^"]+)"', scripts)
    assert "md-nav__link--active" in given
    assert not set(" ".join(given).split()) & sheets.without
    without_tabs = {"md-copyright", "md-header--shadow"}  # and without a footer of its own
    assert SHOWN - found - set(given) == without_tabs


FLAT = """(texts) => {
  const said = (style) => [...style].filter((name) => name.startsWith('--md-')).reduce(
    (text, name) => text.replace(`${name}: ${style.getPropertyValue(name)};`, ''), style.cssText);
  const flat = (rules, around) => [...rules].flatMap((rule) =>
    rule.selectorText !== undefined
      ? rule.selectorText.split(/, (?![^(]*\\))/).map((one) => [around + one, said(rule.style)])
      : rule.cssRules && rule.conditionText !== undefined
        ? flat(rule.cssRules, `@${rule.conditionText} `)
        : [[around, rule.cssText]]);
  return texts.map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return flat(sheet.cssRules, '')
      .map(([at, words]) => [at, words.replace(/\\s+/g, ' ').trim()])
      .filter(([, words]) => words);
  });
}"""
"""Every selector of a sheet with what it says, in order, but for the theme's own properties."""


def test_the_joined_sheet_says_the_same(built: Built, visitor: Visitor) -> None:
    """In the order of the three, as the browser reads them; only what no page has is missing."""
    sheets = sheets_of(built)
    texts = [(built.site / name).read_text(encoding="utf-8") for name in sheets.names]
    with visitor() as visit:
        page = visit.go("")
        theme, own, one = page.evaluate(FLAT, ["".join(texts[:2]), texts[2], sheets.css.decode()])
    one, ours = one[: -len(own)], one[-len(own) :]
    assert ours == own
    kept = {selector for selector, _ in one}
    assert one == [rule for rule in theme if rule[0] in kept]
    for selector in {selector for selector, _ in theme} - kept:
        words = re.findall(r"\.([\w-]+)", selector) + re.findall(r'\[(\w[\w-]*="?\w+)', selector)
        assert {word.replace('"', "") for word in words} & sheets.without, selector


def test_no_property_is_asked_for_that_is_gone(built: Built) -> None:
    sheets = sheets_of(built)
    three = "".join((built.site / name).read_text(encoding="utf-8") for name in sheets.names)
    one = sheets.css.decode()
    asked = set(re.findall(r"var\((--[\w-]+)", one))
    given = set(re.findall(r"[{;](--[\w-]+):", one))
    gone = set(re.findall(r"(--[\w-]+):", three)) - given
    assert not asked & gone
