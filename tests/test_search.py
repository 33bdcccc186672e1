"""The search index: what is in it, for the fixture package and for odd pages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scripts.model import Package
from scripts.progress import judge_all
from scripts.search import KINDS, address_of, render_search


def index_of(pages: dict[str, bytes], package: Package) -> dict[str, Any]:
    """The index as data."""
    (content,) = render_search(pages, package, judge_all(package)).values()
    text = content.decode()
    assert text.startswith("siteSearchIndex=")
    assert text.endswith(";\n")
    index: dict[str, Any] = json.loads(text.removeprefix("siteSearchIndex=").rstrip(";\n"))
    return index


def entries(index: dict[str, Any]) -> dict[str, list[Any]]:
    """Entries by address."""
    return {entry[2]: entry for entry in index["entries"]}


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("index.md", ""),
        ("method.md", "method/"),
        ("kpis/index.md", "kpis/"),
        ("kpis/a.md", "kpis/a/"),
        ("kpis/reindex.md", "kpis/reindex/"),
    ],
)
def test_addresses_of_staged_pages(path: str, address: str) -> None:
    assert address_of(path) == address


def test_every_indicator_goal_and_measure_is_in_it(package: Package) -> None:
    found = entries(index_of({}, package))
    for kpi in package.kpis:
        entry = found[f"kpis/{kpi.kpi_id}/"]
        assert KINDS[entry[0]] == "指標"
        assert entry[3] == kpi.name
        assert kpi.reading in entry[6]
    assert {f"goals/{g.goal_id}/" for g in package.goals} <= set(found)
    assert {f"goals/{m.goal_id}/#{m.measure_id}" for m in package.measures} <= set(found)


def test_every_published_topic_and_keyword_is_in_it(real: Package) -> None:
    index = index_of({}, real)
    found = entries(index)
    topics = sorted(real.topics, key=lambda t: t.position)
    assert [t.words.split("、") for t in topics] == index["topics"]
    for pair in real.kpi_topics:
        numbers = found[f"kpis/{pair.kpi_id}/"][7]
        assert pair.topic_id in {topics[n].topic_id for n in numbers}
    for kpi in real.kpis:
        assert set(filter(None, kpi.keywords.split("、"))) <= set(found[f"kpis/{kpi.kpi_id}/"][6])


def test_a_page_gives_its_title_headings_and_row_names(package: Package) -> None:
    page = (
        '---\ntitle: "題 &amp; 名"\ndescription: 説明\nkeywords: "一、二"\n---\n\n# 題\n\n'
        "## 見出し**太字** {#a}\n\n### 印なし\n\n"
        '<h2 id="b" class="x"><a href="y">枠</a></h2>\n'
        '<table><tr><th scope="row"><a href="z">行&#65;</a></th></tr></table>\n'
    )
    entry = entries(index_of({"x/y.md": page.encode()}, package))["x/y/"]
    assert entry[3:5] == ["題 & 名", "説明"]
    assert entry[6] == ["一", "二"]
    assert entry[8] == [["a", "見出し太字"], ["", "印なし"], ["b", "枠"]]
    assert entry[9] == ["行A"]


def test_lists_of_everything_do_not_repeat_the_names(package: Package) -> None:
    """A name leads to its own page; an index grows by an indicator only once."""
    rows = [package.kpis[-1].name, package.kpis[-1].name_en, "kpis/a.csv", "ほかの行"]
    cells = "".join(f'<tr><th scope="row">{row}</th></tr>' for row in rows)
    entry = entries(
        index_of({"kpis/index.md": f"---\ntitle: 一覧\n---\n{cells}".encode()}, package)
    )
    assert entry["kpis/"][9] == ["ほかの行"]


def test_pages_that_ask_to_stay_out_do(package: Package) -> None:
    pages = {
        "hidden.md": "---\ntitle: 秘\nsearch:\n  exclude: true\n---\n".encode(),
        "plain.md": b"no front matter",
        "data/x.csv": b"---\ntitle: x\n---\n",
    }
    found = entries(index_of(pages, package))
    assert not {"hidden/", "plain/", "data/x.csv"} & set(found)


def test_special_pages_stand_once(built: dict[str, bytes], package: Package) -> None:
    pages = {path: content for path, content in built.items() if path.endswith(".md")}
    addresses = [entry[2] for entry in index_of(pages, package)["entries"]]
    assert len(addresses) == len(set(addresses))


def test_the_same_input_gives_the_same_bytes(built: dict[str, bytes], package: Package) -> None:
    judged = judge_all(package)
    backwards = dict(reversed(list(built.items())))
    assert render_search(built, package, judged) == render_search(backwards, package, judged)
