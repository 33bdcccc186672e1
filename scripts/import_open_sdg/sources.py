"""The documents behind the values, where the repository names exactly one."""

from __future__ import annotations

import re
from typing import Any

from scripts.import_open_sdg.report import Note
from scripts.import_open_sdg.repository import Indicator
from scripts.import_open_sdg.rows import DATA, Tables

SOURCE = re.compile(r"source_(active|organisation|url|url_text|release_date|other_info)_(\d+)")


def add_source(tables: Tables, indicator: Indicator) -> str:
    """The source of the values: the one that is named, else the repository as a whole."""
    found: dict[str, dict[str, Any]] = {}
    for key, value in indicator.facts.items():
        if match := SOURCE.fullmatch(key):
            found.setdefault(match[2], {})[match[1]] = value
    listed = indicator.facts.get("sources")
    active = [s for s in found.values() if s.get("active") is True and s.get("organisation")]
    active += [s for s in listed if isinstance(s, dict)] if isinstance(listed, list) else []
    if len(active) != 1:
        if active:
            what = f"指標{indicator.number}の{len(active)}つの資料。"
            why = "どの値がどの資料からかは書かれていないので、出典はデータ全体にしました。"
            tables.report.left.append(Note(indicator.data, what, why))
        return DATA
    text = tables.repository.text
    one = {key: text(value) for key, value in active[0].items()}
    wanted = (one.get("organisation", ""), one.get("url_text", ""), one.get("url", ""))
    for row in tables.rows["sources"]:
        if (row["publisher"], row["title"], row.get("url", "")) == (
            wanted[0],
            wanted[1] or wanted[0],
            wanted[2],
        ):
            return row["source_id"]
    published = one.get("release_date", "")
    if published and not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", published):
        what = f"資料の発行日「{published}」。"
        tables.report.left.append(
            Note(indicator.data, what, "YYYY-MM-DD の形でないので、読み方を決められません。")
        )
        published = ""
    source_id = f"source-{indicator.indicator_id}"
    tables.add(
        "sources",
        source_id,
        source_id=source_id,
        title=tables.fitting(wanted[1] or wanted[0], 200, source_id),
        publisher=tables.fitting(wanted[0], 100, source_id),
        published=published,
        description=tables.fitting(one.get("other_info", ""), 400, source_id),
        url=one.get("url", "") if one.get("url", "").startswith("http") else "",
    )
    return source_id
