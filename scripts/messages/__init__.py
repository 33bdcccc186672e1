"""The catalogue of everything the check can say: code → what, why, how to mend, an example.

The staff guide prints it, and a test asks that every code used in ``scripts/`` stands here and
every code here is used. A message itself is made where the mistake is found, with its value.
"""

from __future__ import annotations

import re

from scripts.messages import book, cells, content, files, plan, published
from scripts.messages.entry import GROUPS, Entry

__all__ = ["CATALOGUE", "GROUPS", "PUBLISHED", "Entry", "by_group", "shown"]

CATALOGUE: dict[str, Entry] = {
    entry.code: entry
    for entry in (*files.ENTRIES, *cells.ENTRIES, *content.ENTRIES, *plan.ENTRIES, *book.ENTRIES)
}
"""Every kind of message of the check by its code."""

PUBLISHED: dict[str, Entry] = {entry.code: entry for entry in published.ENTRIES}
"""Every kind of message of the commands that look at what is already published."""

SHOWN_CHARS = 60
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


def shown(value: str) -> str:
    """A found value as it may stand in a message: short, on one line, nothing hidden."""
    text = value if len(value) <= SHOWN_CHARS else value[:SHOWN_CHARS] + "…"
    return _HIDDEN.sub(lambda m: f"\\u{ord(m[0]):04x}", text)


def by_group() -> dict[str, list[Entry]]:
    """The entries of each chapter that has any, in the order of the guide."""
    entries = [*CATALOGUE.values(), *PUBLISHED.values()]
    groups = [*GROUPS, *dict.fromkeys(entry.group for entry in PUBLISHED.values())]
    chapters = {group: [e for e in entries if e.group == group] for group in groups}
    return {group: entries for group, entries in chapters.items() if entries}
