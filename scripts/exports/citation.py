"""Citations ready to copy: plain, for processed works, BibTeX and CSL-JSON."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from scripts.model import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Citations:
    """The same citation in the forms people and programs want."""

    plain: str
    terms: str
    processed: str
    bibtex: str
    csl: dict[str, Any]


def japanese_date(day: date) -> str:
    """``2026年3月31日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def citations(site: Site, title: str, url: str, data_date: date) -> Citations:
    """Citations of a page or the whole; ``data_date`` is the day the data last changed.

    ``terms`` and ``processed`` follow the forms of the public data terms (PDL1.0): source, and
    source of a processed work, with the day of use left for the user to fill in.
    """
    publisher = site.publisher or site.municipality
    day = japanese_date(data_date)
    return Citations(
        plain=f"{publisher}「{title}」{day}時点のデータ、{url}",
        terms=f"出典：「{title}」({publisher})({url})({day}時点のデータを○年○月○日に利用)",
        processed=f"「{title}」({publisher})({url})({day}時点のデータ)を加工して作成",
        bibtex=bibtex(publisher, title, url, data_date),
        csl=csl(publisher, title, url, data_date),
    )


_TEX = {c: "\\" + c for c in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def tex(text: str) -> str:
    """Text with the signs of TeX taken literally."""
    return "".join(_TEX.get(c, c) for c in text)


def key_of(url: str, data_date: date) -> str:
    """A citation key from the last part of the address: ``airport-passengers-2026``."""
    last = [part for part in re.split(r"[^a-z0-9-]+", url.lower()) if part]
    return f"{last[-1] if last else 'data'}-{data_date.year}"


def bibtex(publisher: str, title: str, url: str, data_date: date) -> str:
    """An entry for BibTeX and BibLaTeX."""
    return "\n".join(
        (
            f"@misc{{{key_of(url, data_date)},",
            f"  title = {{{{{tex(title)}}}}},",
            f"  author = {{{{{tex(publisher)}}}}},",
            f"  year = {{{data_date.year}}},",
            f"  howpublished = {{\\url{{{url}}}}},",
            f"  note = {{{japanese_date(data_date)}時点のデータ}}",
            "}",
        )
    )


def csl(publisher: str, title: str, url: str, data_date: date) -> dict[str, Any]:
    """An item for Zotero and other readers of CSL-JSON."""
    return {
        "id": key_of(url, data_date),
        "type": "dataset",
        "title": title,
        "author": [{"literal": publisher}],
        "issued": {"date-parts": [[data_date.year, data_date.month, data_date.day]]},
        "URL": url,
        "language": "ja",
    }
