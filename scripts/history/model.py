"""What the history is made of: revisions as git has them, and changes as the public reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One commit: its words and the tables before and after it, ``{table: bytes}``."""

    commit: str
    when: datetime
    message: str
    before: Mapping[str, bytes]
    after: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """Commits newest first; ``complete`` is false when older ones are cut off."""

    revisions: tuple[Revision, ...]
    complete: bool


KINDS = {
    "first": "はじめて公開",
    "added": "追加",
    "confirmed": "確定",
    "corrected": "訂正",
    "changed": "記載の変更",
    "removed": "削除",
}
"""What a change is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing about one indicator that changed; ``before`` and ``after`` as readers see them."""

    kind: str
    table: str
    kpi_id: str
    name: str
    what: str
    before: str = ""
    after: str = ""

    @property
    def label(self) -> str:
        """The kind in words."""
        return KINDS[self.kind]

    @property
    def line(self) -> str:
        """``2021年度の実績値：45.9万人 → 46.1万人``."""
        if self.before and self.after:
            return f"{self.what}：{self.before} → {self.after}"
        text = self.before or self.after
        return f"{self.what}：{text}" if text else self.what


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many rows of a table a commit added, changed and removed."""

    table: str
    title: str
    added: int
    changed: int
    removed: int
    first: bool = False

    @property
    def line(self) -> str:
        """``関連事業：3行追加、1行変更``."""
        if self.first:
            return f"{self.title}：{self.added}行（はじめて公開）"
        parts = ((self.added, "追加"), (self.changed, "変更"), (self.removed, "削除"))
        return f"{self.title}：" + "、".join(f"{n}行{word}" for n, word in parts if n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One commit as the public reads it."""

    commit: str
    when: datetime
    subject: str
    body: str
    changes: tuple[Change, ...]
    counts: tuple[Count, ...]

    @property
    def day(self) -> date:
        """The day of the commit where it was made."""
        return self.when.date()

    @property
    def anchor(self) -> str:
        """The id of the entry on its page."""
        return f"c-{self.commit[:12]}"

    @property
    def first(self) -> bool:
        """Whether the values themselves were published here for the first time."""
        return any(count.first and count.table == "observations" for count in self.counts)

    @property
    def correction(self) -> bool:
        """Whether something published before was corrected."""
        return any(change.kind == "corrected" for change in self.changes)

    @property
    def shown(self) -> tuple[Change, ...]:
        """The changes worth a line: not each value of a first publication."""
        return tuple(change for change in self.changes if change.kind != "first")


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All entries, newest first; ``complete`` is false when older ones are not known here."""

    entries: tuple[Entry, ...]
    complete: bool

    @property
    def last(self) -> date | None:
        """The day the data last changed."""
        return max((entry.day for entry in self.entries), default=None)

    def of(self, kpi_id: str) -> tuple[tuple[Entry, tuple[Change, ...]], ...]:
        """Entries that touched an indicator, with what they changed of it."""
        found = (
            (entry, tuple(c for c in entry.changes if c.kpi_id == kpi_id)) for entry in self.entries
        )
        return tuple((entry, changes) for entry, changes in found if changes)
