"""What is lifted out of a page comes back to the byte, whatever stands around it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mkdocs.config import load_config
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from scripts.lifting import lay_down, lift, stands_alone
from scripts.marks import fill_holes
from tests.helpers import ROOT

LONG = "あ" * 200

TABLE = f"""<div class="tablewrap" tabindex="0">
<table id="t&amp;1">
<tr><td>{LONG}</td><td><a name="here" href="../x/">1</a><br></td></tr>
<tr><td><svg viewBox="0 0 1 1"><g id="g"/></svg></td><td>*2*</td></tr>
</table>
</div>"""

PIECES = (
    TABLE,
    TABLE.replace("div", "section"),
    f"<div><div>{LONG}</div></div>",
    f"<div>{LONG}</div></div>",
    f"<div>{LONG}</div><div>後</div>",
    f"<div>{LONG}</div> *後*",
    f"<div>\n<p>{LONG}\n</div>",
    f"<div>{LONG}",
    "</div>",
    "</section>",
    f"<div markdown>\n\n*{LONG}*\n\n{TABLE}\n\n</div>",
    f'<section class="a" markdown="1">\n*{LONG}*\n\n</section>',
    f"<!-- {LONG} -->",
    f"<!--\n\n{TABLE}\n\n-->",
    f"<pre>\n\n{TABLE}\n\n</pre>",
    f"<span>{LONG}</span>",
    f"<p>{LONG} &copy; &amp; &nbsp</p>",
    f"<p id='q'>{LONG}</p>",
    f"<p>{LONG}\t`<div>`</p>",
    f"<h1>{LONG}</h1>",
    f'<script type="application/json">{{"a": "<div>{LONG}</div>"}}</script>',
    f"<details><summary>題</summary>\n\n*中*\n\n{TABLE}\n\n</details>",
    f'<p><svg><style>{LONG}</style></svg><svg width="1"/></p>',
    f'<div><img src="../assets/logo.svg" alt="">{LONG}</div>',
    "# 題 {#top}",
    "- 項目\n\n    - 中",
    f"- 項目\n\n    {TABLE}",
    "段落*強調*\n続き",
    f"段落\n{TABLE}",
    f"{TABLE}\n段落",
    f"{TABLE}\n{{: .x }}",
    f"    {TABLE}",
    "| a | b |\n| - | - |\n| `<div>` | <b>c</b> |",
    f"```html\n\n{TABLE}\n\n```",
    f"~~~\n{TABLE}",
    "[中](#t&1)",
    "[r]: #here\n",
)


@pytest.fixture(scope="module")
def settings_of_the_site() -> Any:
    """The settings that the site is made with."""
    return load_config(str(ROOT / "mkdocs.yml"), docs_dir=str(ROOT / "docs"))


def made(config: Any, text: str, *, lifting: bool) -> tuple[str, set[str], str]:
    """Content, anchors and table of contents of a page."""
    file = File("page.md", "docs", "site", use_directory_urls=True)
    page = Page(None, file, config)
    page.meta = {}
    lifted = lift(text)
    page.markdown = lifted.text if lifting else text
    page.render(config, Files([file]))
    content, anchors = (page.content or "").encode(), set(page.present_anchor_ids or ())
    if lifting:
        content = fill_holes(lay_down(content, lifted.parts), {})
        anchors |= lifted.anchors
    return content.decode(), anchors, "".join(map(str, page.toc))


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=6), st.sampled_from(["\n\n", "\n", "\n \n"]))
def test_a_page_comes_out_the_same(
    settings_of_the_site: Any, pieces: list[str], between: str
) -> None:
    text = between.join(pieces)
    content, anchors, toc = made(settings_of_the_site, text, lifting=True)
    plain, wanted, contents = made(settings_of_the_site, text, lifting=False)
    assert (content, toc) == (plain, contents)
    assert anchors - {"g"} == wanted - {"g"}  # pictures are nobody's anchors


def test_each_kind_of_block_comes_out_the_same(settings_of_the_site: Any) -> None:
    for piece in PIECES:
        text = f"前\n\n{piece}\n\n後"
        one, other = (made(settings_of_the_site, text, lifting=way) for way in (True, False))
        assert one[0] == other[0], piece


def test_lists_are_lifted() -> None:
    """What the site's time goes into: otherwise all of the above would hold for nothing."""
    lifted = lift(f"# 題\n\n{TABLE}\n\n{TABLE}\n")
    assert lifted.parts == [TABLE, TABLE]
    assert lifted.anchors == {"t&1", "here", "g"}
    assert lifted.text == ('# 題\n\n<div data-lifted="0"></div>\n\n<div data-lifted="1"></div>\n')


def test_assets_are_asked_for_by_their_marked_names_in_lifted_parts_too() -> None:
    page = b'<main><div data-lifted="0"></div></main>'
    laid = lay_down(page, ['<img src="../assets/logo.svg">'])
    assert fill_holes(laid, {"assets/logo.svg": "assets/logo.1.svg"}) == (
        b'<main><img src="../assets/logo.1.svg"></main>'
    )


@pytest.mark.parametrize(
    "block",
    [
        f"<div>{LONG}</div></div>",
        f"<div>{LONG}</div><div>後</div>",
        f"<div>{LONG}</div>後",
        f"<div>{LONG}",
        f"<span>{LONG}</span>",
        f"<pre>{LONG}</pre>",
        f"<div>\n<h1>{LONG}</h1>\n</div>",
        f"<div>{LONG}<script>1</script></div>",
        "<div>短い</div>",
    ],
)
def test_what_is_not_sure_stays(block: str) -> None:
    assert not stands_alone(block)


def test_the_long_lists_of_the_site_are_lifted(built: dict[str, bytes]) -> None:
    """A template that leaves a blank line in a list would make its page dear again."""
    for name in ("kpis/index.md", "kpis/status.md", "goals/goal-1.md"):
        text = built[name].decode()
        assert len(lift(text).text) < len(text) / 3, name
