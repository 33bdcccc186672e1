"""The search index: what each page is called and by which words it is found.

A pure function from the staged pages and the records to one script file. Nothing is folded or
ranked here: ``assets/search/search.js`` does that in the reader's browser, in one place, for the
index and the query alike.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scripts.model import Measure, Package, terms_of
from scripts.progress import Progress
from scripts.words import short_year, target_words, with_unit

KINDS = ("話題", "基本目標", "指標", "施策", "ページ")
"""What an entry is, as the reader sees it; an entry holds the position in this list."""

TOPIC, GOAL, KPI, MEASURE, PAGE = range(5)

_WEIGHTS = {TOPIC: 3, GOAL: 5, KPI: 4, MEASURE: 2, PAGE: 3}
_FORMER = 3
"""Subtracted from what belongs only to a former term."""

_MAKERS, _ASIDE = ("adopt/", "contributing/"), 30
"""Folders of ``docs/`` for those who make sites, and what is subtracted from their pages: a word in
their title counts as much as a heading of a page for readers."""

_FRONT = re.compile(rb"\A---\n(.*?)\n---\n", re.DOTALL)
_HEADING = re.compile(rb"^#{2,4} +(.+?)(?: *\{[^}#]*#([^} ]+)[^}]*\})? *$", re.MULTILINE)
_HTML_HEADING = re.compile(rb"<h[2-4]([^>]*)>(.*?)</h[2-4]>", re.DOTALL)
_ROW = re.compile(rb'<th scope="row"[^>]*>(.*?)</th>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that can be found.

    ``names`` count as titles, ``words`` are readings and synonyms, ``topics`` are positions in the
    list of topics whose words count a little, ``heads`` are pairs of anchor and heading, ``rows``
    are names that stand somewhere on the page.
    """

    kind: int
    address: str
    title: str
    line: str = ""
    weight: int = 0
    names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    topics: tuple[int, ...] = ()
    heads: tuple[tuple[str, str], ...] = ()
    rows: tuple[str, ...] = ()

    def packed(self) -> list[Any]:
        """The entry as a list without field names; empty ends are cut off."""
        fields: list[Any] = [
            self.kind,
            _WEIGHTS[self.kind] + self.weight,
            self.address,
            self.title,
            self.line,
            list(self.names),
            list(self.words),
            list(self.topics),
            [list(head) for head in self.heads],
            list(self.rows),
        ]
        while not fields[-1]:
            fields.pop()
        return fields


def render_search(
    pages: Mapping[str, bytes], package: Package, judged: Sequence[Progress]
) -> dict[str, bytes]:
    """The index as ``{path: bytes}``. ``pages`` are staged files; only Markdown is looked at.

    What an indicator, a goal or a measure is called leads to itself: the lists of all of them are
    not found by each name, and the index grows by an indicator only once.
    """
    topics = sorted(package.topics, key=lambda t: t.position)
    special = list(_special(package, judged))
    known = {entry.address.partition("#")[0] for entry in special}
    said = {text for e in special for text in (e.title, *e.names, *e.words, *e.rows)}
    entries = special + [
        replace(entry, rows=tuple(row for row in entry.rows if row not in said))
        for path in sorted(pages)
        if path.endswith(".md") and address_of(path) not in known
        for entry in _page(path, pages)
    ]
    index = {
        "kinds": [terms_of(package.descriptor).say(kind) for kind in KINDS],
        "topics": [_split(topic.words) for topic in topics],
        "entries": [entry.packed() for entry in entries],
    }
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    return {"assets/search/index.js": f"siteSearchIndex={text};\n".encode()}


def _split(words: str) -> list[str]:
    """``、``-separated words."""
    return [word for word in words.split("、") if word]


def _unique(*texts: str) -> tuple[str, ...]:
    """Texts that are not blank, once each."""
    return tuple(dict.fromkeys(text for text in texts if text))


def _special(package: Package, judged: Sequence[Progress]) -> Iterator[Entry]:
    """Topics, goals, indicators and measures, with the words only their records know."""
    topics = sorted(package.topics, key=lambda t: t.position)
    place = {topic.topic_id: i for i, topic in enumerate(topics)}
    printed: dict[str, list[str]] = {}
    for item in judged:
        printed.setdefault(item.kpi.kpi_id, []).append(item.target.printed_name)
    of_kpi: dict[str, list[int]] = {}
    for pair in package.kpi_topics:
        of_kpi.setdefault(pair.kpi_id, []).append(place[pair.topic_id])
    for topic in topics:
        yield Entry(
            kind=TOPIC,
            address=f"topics/{topic.topic_id}/",
            title=topic.label,
            line=topic.description,
            words=_unique(topic.reading, *_split(topic.words)),
        )
    newest_first = sorted(judged, key=lambda p: -p.strategy.start_year)
    latest = newest_first[0].strategy.strategy_id if newest_first else ""
    yield from _goals(package, judged, of_kpi)
    current: dict[str, Progress] = {}
    for item in newest_first:
        current.setdefault(item.kpi.kpi_id, item)
    for kpi in package.kpis:
        found = current.get(kpi.kpi_id)
        yield Entry(
            kind=KPI,
            address=f"kpis/{kpi.kpi_id}/",
            title=kpi.name,
            line=_kpi_line(found) if found else kpi.definition,
            weight=0 if found and found.strategy.strategy_id == latest else -_FORMER,
            names=_unique(kpi.short_name),
            words=_unique(kpi.reading, kpi.name_en, *_split(kpi.keywords)),
            topics=tuple(sorted(of_kpi.get(kpi.kpi_id, []))),
            rows=_unique(kpi.definition, *printed.get(kpi.kpi_id, [])),
        )
    yield from _measures(package, judged, of_kpi, latest)


def _kpi_line(item: Progress) -> str:
    """``○ 順調　2021年度 45.9万人 → 目標 145万人(2024年度)``."""
    target = item.target
    goal = f"目標 {target_words(target, item.kpi)}({short_year(target.target_year, item.kpi)})"
    if item.latest:
        now = f"{short_year(item.latest.year, item.kpi)} {with_unit(item.latest.value, item.kpi)}"
    else:
        now = "実績なし"
    return f"{item.status.symbol} {item.status.label}　{now} → {goal}"


def _topics_of(items: Sequence[Progress], of_kpi: Mapping[str, list[int]]) -> tuple[int, ...]:
    """Topics of the indicators."""
    return tuple(sorted({t for item in items for t in of_kpi.get(item.kpi.kpi_id, [])}))


def _goals(
    package: Package, judged: Sequence[Progress], of_kpi: Mapping[str, list[int]]
) -> Iterator[Entry]:
    """One entry per goal over all terms; its latest words come first."""
    start = {s.strategy_id: s.start_year for s in package.strategies}
    for goal_id in package.goal_ids:
        goals = sorted(
            (g for g in package.goals if g.goal_id == goal_id), key=lambda g: -start[g.strategy_id]
        )
        yield Entry(
            kind=GOAL,
            address=f"goals/{goal_id}/",
            title=goals[0].short_title,
            line=goals[0].title,
            names=_unique(*(g.short_title for g in goals), *(g.title for g in goals)),
            topics=_topics_of([p for p in judged if p.target.goal_id == goal_id], of_kpi),
            rows=_unique(*(g.summary for g in goals)),
        )


def _measures(
    package: Package, judged: Sequence[Progress], of_kpi: Mapping[str, list[int]], latest: str
) -> Iterator[Entry]:
    """One entry per measure; it leads to its place on the page of its goal."""
    terms = {s.strategy_id: s.short_title for s in package.strategies}
    goals = {(g.strategy_id, g.goal_id): g.short_title for g in package.goals}

    served: dict[str, list[Progress]] = {}
    for item in judged:
        served.setdefault(item.target.measure_id, []).append(item)

    def order(measure: Measure) -> tuple[bool, int]:
        return measure.strategy_id != latest, measure.position

    for measure in sorted(package.measures, key=order):
        goal = goals[measure.strategy_id, measure.goal_id]
        yield Entry(
            kind=MEASURE,
            address=f"goals/{measure.goal_id}/#{measure.measure_id}",
            title=measure.title,
            line=f"{terms[measure.strategy_id]} {goal} {measure.label}",
            weight=0 if measure.strategy_id == latest else -_FORMER,
            topics=_topics_of(served.get(measure.measure_id, []), of_kpi),
            rows=(measure.summary,),
        )


def address_of(path: str) -> str:
    """Address of a staged page: ``kpis/index.md`` → ``kpis/``, ``method.md`` → ``method/``."""
    stem = path.removesuffix(".md")
    stem = "" if stem == "index" else stem.removesuffix("/index")
    return f"{stem}/" if stem else ""


def _page(path: str, pages: Mapping[str, bytes]) -> Iterator[Entry]:
    """Any other Markdown page: its title, description, headings and the names in its tables.

    ``keywords`` in the front matter adds words (``、`` between them), ``search: exclude: true``
    keeps the page out.
    """
    page = pages[path]  # never as a text: a long list would take thrice its size
    found = _FRONT.match(page)
    if found is None:
        return
    front = found[1].decode()
    if re.search(r"^search:\n  exclude: true$", front, re.MULTILINE):
        return
    yield Entry(
        kind=PAGE,
        address=address_of(path),
        weight=-_ASIDE if path.startswith(_MAKERS) else 0,
        title=_front_value(front, "title"),
        line=_front_value(front, "description"),
        words=_unique(*_split(_front_value(front, "keywords"))),
        heads=tuple(dict.fromkeys(_headings(page, found.end()))),
        rows=tuple(dict.fromkeys(_rows(page, found.end()))),
    )


def _rows(page: bytes, start: int) -> Iterator[str]:
    """Names in the tables of a page; the files of an indicator stand on its own page."""
    for match in _ROW.finditer(page, start):
        row = _text(match[1].decode())
        if row and not row.startswith("kpis/"):
            yield row


def _front_value(front: str, name: str) -> str:
    """A value of the front matter: plain text or a quoted string."""
    match = re.search(rf"^{name}: *(.*)$", front, re.MULTILINE)
    if match is None:
        return ""
    value = match[1].strip()
    return html.unescape(json.loads(value) if value.startswith('"') else value)


def _text(markup: str) -> str:
    """Markup without tags, links, emphasis and character references, on one line."""
    plain = _TAG.sub("", _LINK.sub(r"\1", markup)).replace("**", "").replace("`", "")
    return " ".join(html.unescape(plain).split())


def _headings(page: bytes, start: int) -> Iterator[tuple[str, str]]:
    """Anchor (blank when the page gives none) and text of the headings below the title."""
    for match in _HEADING.finditer(page, start):
        yield (match[2] or b"").decode(), _text(match[1].decode())
    for match in _HTML_HEADING.finditer(page, start):
        anchor = re.search(rb'\bid="([^"]+)"', match[1])
        if heading := _text(match[2].decode()):
            yield anchor[1].decode() if anchor else "", heading
