"""Which pages differ: both packages rendered by the same code, without drawing.

Pictures are stood in for by a digest of their drawing, so a page changes here when its text or its
picture would. Changes of the code itself do not count: the report mentions them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from scripts.charts import draw_all
from scripts.charts.spec import Drawing
from scripts.charts.svg import Speech
from scripts.exports import stock
from scripts.model import Package
from scripts.pages import render_pages
from scripts.progress import judge_all
from scripts.readability import measure

_TITLE = re.compile(rb"^(?:title: *|# )(.+?) *(?:\{.*\})?$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageChanges:
    """Pages as (address, title), in the order of their addresses."""

    added: tuple[tuple[str, str], ...]
    changed: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]


def staged_pages(package: Package, docs: Path, today: date) -> dict[str, bytes]:
    """All pages, generated and hand-written, as ``{path: bytes}``."""
    package = without_rows(package)
    judged = judge_all(package)
    charts = draw_all(package, judged, lambda *_: None, picture=stand_in)
    shelf = stock(package, judged, data_date=today)
    pages = render_pages(
        package,
        judged,
        charts,
        rules=(),
        today=today,
        shelf=shelf,
        report=measure(shelf.files, shelf.tables, shelf.series),
        history=None,
    )
    written = {
        file.relative_to(docs).as_posix(): file.read_bytes().replace(b"\r\n", b"\n")
        for file in sorted(docs.rglob("*.md"))
        if not any(part.startswith(".") for part in file.relative_to(docs).parts)
    }
    return {**pages, **written}


def without_rows(package: Package) -> Package:
    """The package with all line numbers 0: a row more above is no change for those below."""
    tables: dict[str, Any] = {
        table: tuple(replace(record, row=0) for record in getattr(package, table))
        for table in package.paths
    }
    return replace(package, **tables)


def stand_in(drawing: Drawing, speech: Speech | None) -> str:
    """A digest of a drawing instead of its picture."""
    text = json.dumps([drawing.spec, drawing.texts, str(speech)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def compare_pages(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> PageChanges:
    """Addresses of the pages that appear, differ or disappear."""
    return PageChanges(
        added=tuple(sorted(named(p, new[p]) for p in new.keys() - old.keys())),
        changed=tuple(
            sorted(named(p, new[p]) for p in new.keys() & old.keys() if new[p] != old[p])
        ),
        removed=tuple(sorted(named(p, old[p]) for p in old.keys() - new.keys())),
    )


def named(path: str, content: bytes) -> tuple[str, str]:
    """``goals/goal-1.md`` → (``/goals/goal-1/``, its title)."""
    address = "/" + path.removesuffix(".md").removesuffix("index")
    match = _TITLE.search(content)
    title = match[1].decode().strip().strip('"') if match else ""
    return (address if address.endswith("/") else address + "/"), title
