"""The Atom feed of changes: one entry per publication of data, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from xml.sax.saxutils import escape, quoteattr

from scripts.history import Entry, History
from scripts.model import Site

NEWEST = 50
"""How many entries the feed holds; the page of changes holds all."""

LINES = 40
"""How many changes of one entry are written out."""


def headline(entry: Entry) -> str:
    """The title of an entry: what kind of change, and in whose words."""
    if entry.first:
        mark = "【はじめて公開】"
    elif entry.correction:
        mark = "【訂正】"
    else:
        mark = ""
    return f"{mark}{entry.subject or 'データの変更'}"


def lines(entry: Entry) -> Iterator[str]:
    """What changed, line by line, and why."""
    for change in entry.shown[:LINES]:
        yield f"［{change.label}］{change.name}　{change.line}"
    if len(entry.shown) > LINES:
        yield f"ほか{len(entry.shown) - LINES}件"
    for count in entry.counts:
        yield count.line
    if entry.body:
        yield f"理由：{entry.body}"


def instant(when: datetime) -> str:
    """A time as Atom wants it."""
    return when.isoformat(timespec="seconds")


def feed(site: Site, history: History | None, data_date: date) -> bytes:
    """The feed; without a history it is valid and empty."""
    entries = history.entries[:NEWEST] if history else ()
    newest = max((e.when for e in entries), default=None)
    updated = instant(newest) if newest else f"{data_date.isoformat()}T00:00:00Z"
    page = site.url("updates/")
    out = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ja">',
        f"  <id>{escape(site.url('feed.xml'))}</id>",
        f"  <title>{escape(site.title)}　更新の記録</title>",
        "  <subtitle>公開した値の追加と訂正をお知らせします。</subtitle>",
        f"  <updated>{updated}</updated>",
        f"  <author><name>{escape(site.publisher or site.municipality)}</name></author>",
        f'  <link rel="self" type="application/atom+xml" href={quoteattr(site.url("feed.xml"))}/>',
        f'  <link rel="alternate" type="text/html" href={quoteattr(page)}/>',
    ]
    if site.licence:
        out.append(f"  <rights>{escape(f'{site.licence} {site.licence_path}'.strip())}</rights>")
    for entry in entries:
        link = f"{page}#{entry.anchor}"
        out += [
            "  <entry>",
            f"    <id>{escape(link)}</id>",
            f"    <title>{escape(headline(entry))}</title>",
            f"    <updated>{instant(entry.when)}</updated>",
            f"    <published>{instant(entry.when)}</published>",
            f'    <link rel="alternate" type="text/html" href={quoteattr(link)}/>',
            *([f'    <category term={quoteattr("correction")} label="訂正"/>'] * entry.correction),
            f'    <content type="text">{escape(chr(10).join(lines(entry)))}</content>',
            "  </entry>",
        ]
    return ("\n".join([*out, "</feed>"]) + "\n").encode()
