"""The history of the published data: which value of which indicator changed, from what, and why.

:func:`history_of` is pure: it compares the tables before and after each revision and puts the
differences into words. Reading git is in :mod:`scripts.history.git`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation

from scripts import words
from scripts.history.git import commit_of, read_log
from scripts.history.model import KINDS, Change, Count, Entry, History, Log, Revision
from scripts.model import Package, terms_of

__all__ = [
    "KINDS",
    "Change",
    "Count",
    "Entry",
    "History",
    "Log",
    "commit_of",
    "history_of",
    "read_log",
]

FIGURES = {
    "observations": ("value",),
    "targets": ("baseline_year", "baseline_value", "target_year", "target_value", "target_text"),
}
"""Fields whose change is a correction of something published, not only of its description."""

MAIN = {"observations": "value", "targets": "target_value", "evaluations": "rating"}
"""The field that stands for a whole row when it is added or removed."""

QUIET = ("position", "reading", "keywords")
"""Fields that only order or index; their changes are not news."""

CORRECTION = re.compile(r"訂正|誤り|誤記|correct(?:s|ed|ion)?\b", re.IGNORECASE)
TRAILER = re.compile(
    r"^(?:[A-Za-z][A-Za-z-]*-(?:by|to|id):|(?:Closes|Fixes|Refs):?) .*$", re.MULTILINE
)
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
OPENING = "データの公開を始めました。"
"""What is said of the first publication, which gathers all that was prepared before it."""

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")

Row = Mapping[str, str]
Rows = dict[tuple[str, ...], Row]


def history_of(package: Package, log: Log | None) -> History | None:
    """The history in words; ``None`` when there is no log."""
    if log is None:
        return None
    entries = tuple(
        entry
        for revision in launched(log.revisions, first_published(package))
        if (entry := Wording(package).entry(revision)) is not None
    )
    return History(entries=entries, complete=log.complete)


def first_published(package: Package) -> datetime | None:
    """When the site first went public (``firstPublished`` of the descriptor), where it is said.

    A moment that cannot be read, or that has no time zone, counts as not said.
    """
    try:
        moment = datetime.fromisoformat(str(package.descriptor.get("firstPublished", "")))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def launched(revisions: Sequence[Revision], moment: datetime | None) -> tuple[Revision, ...]:
    """Revisions newest first, with all that came before the first publication as one.

    What was tried out while the data were being prepared was never public, so it is no news.
    """
    if moment is None:
        return tuple(revisions)
    public = [r for r in revisions if r.when > moment]
    prepared = [r for r in revisions if r.when <= moment]
    if not prepared:
        return tuple(public)
    last = prepared[0]
    opening = Revision(
        commit=last.commit, when=last.when, message=OPENING, before={}, after=last.after
    )
    return (*public, opening)


def spoken(message: str) -> tuple[str, str]:
    """Subject and body of a commit for the public: no trailers, no addresses, no control signs."""
    text = MAIL.sub("（メールアドレス）", TRAILER.sub("", message))
    subject, _, body = CONTROL.sub("", text.replace("\r", "")).strip().partition("\n")
    return subject.strip(), re.sub(r"\n{3,}", "\n\n", body).strip()


def read_rows(content: bytes | None, keys: tuple[str, ...]) -> Rows | None:
    """The rows of a table by key; ``None`` for a table that is absent or was unreadable then."""
    if content is None:
        return None
    try:
        text = content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline=""), restval=""))
    except (UnicodeDecodeError, csv.Error):
        return None
    return {
        tuple(row.get(key) or "" for key in keys): {k: v or "" for k, v in row.items() if k}
        for row in rows
    }


class Wording:
    """Puts differences into words with the names and units of today's package."""

    def __init__(self, package: Package) -> None:
        self._kpis = {k.kpi_id: k for k in package.kpis}
        self._terms = {s.strategy_id: s.short_title for s in package.strategies}
        self._ratings = {r.rating_id: r.label for r in package.ratings}
        self._resources = {r["name"]: r for r in package.descriptor["resources"]}
        self._words = terms_of(package.descriptor)

    def entry(self, revision: Revision) -> Entry | None:
        """What a revision changed; ``None`` when nothing the public can see."""
        counts: list[Count] = []
        changes: list[Change] = []
        corrects = bool(CORRECTION.search(revision.message))
        for table, resource in self._resources.items():
            if revision.before.get(table) == revision.after.get(table):
                continue
            key = resource["schema"].get("primaryKey", ())
            keys = (key,) if isinstance(key, str) else tuple(key)
            old = read_rows(revision.before.get(table), keys)
            new = read_rows(revision.after.get(table), keys)
            if count := self._count(table, old, new):
                counts.append(count)
                changes += self._changes(table, old, new, corrects=corrects)
        if not counts:
            return None
        subject, body = spoken(revision.message)
        return Entry(
            commit=revision.commit,
            when=revision.when,
            subject=subject,
            body=body,
            changes=tuple(changes),
            counts=tuple(counts),
        )

    def _count(self, table: str, old: Rows | None, new: Rows | None) -> Count | None:
        before, after = old or {}, new or {}
        count = Count(
            table=table,
            title=str(self._resources[table].get("title", table)),
            added=len(after.keys() - before.keys()),
            changed=sum(before[key] != after[key] for key in before.keys() & after.keys()),
            removed=len(before.keys() - after.keys()),
            first=old is None,
        )
        return count if count.added or count.changed or count.removed else None

    def _changes(
        self, table: str, old: Rows | None, new: Rows | None, *, corrects: bool
    ) -> Iterator[Change]:
        """Changes of the tables that speak of indicators, in the order of the keys."""
        if table not in ("kpis", *MAIN):
            return
        before, after = old or {}, new or {}
        for key in sorted(before.keys() | after.keys()):
            if key not in before:
                kind = "first" if old is None else "added"
                yield self._whole(table, after[key], kind)
            elif key not in after:
                yield self._whole(table, before[key], "corrected" if corrects else "removed")
            else:
                yield from self._fields(table, before[key], after[key], corrects=corrects)

    def _whole(self, table: str, row: Row, kind: str) -> Change:
        """A row that came or went, told by its main field."""
        main = MAIN.get(table, "")
        text = self._value(table, main, row) or row.get("target_text", "") if main else ""
        gone = kind in ("removed", "corrected")
        return Change(
            kind=kind,
            table=table,
            kpi_id=row.get("kpi_id", ""),
            name=self._name(row),
            what=self._what(table, main, row) + ("（取り消し）" if gone else ""),
            before=text if gone else "",
            after="" if gone else text,
        )

    def _fields(self, table: str, old: Row, new: Row, *, corrects: bool) -> Iterator[Change]:
        """The fields of a row that differ; columns that came later count as blank before."""
        for name in new:
            was, now = old.get(name, ""), new[name]
            if was == now or name in QUIET or (name == "status" and old["value"] != new["value"]):
                continue
            if name not in FIGURES.get(table, ()):
                kind = "corrected" if corrects and was else "changed"
            elif not was:
                kind = "added"
            elif old.get("status", "final") != "final" and new.get("status") == "final":
                kind = "confirmed"
            else:
                kind = "corrected"
            yield Change(
                kind=kind,
                table=table,
                kpi_id=new.get("kpi_id", ""),
                name=self._name(new),
                what=self._what(table, name, new),
                before=self._value(table, name, old) or "（空欄）",
                after=self._value(table, name, new) or "（空欄）",
            )

    def _name(self, row: Row) -> str:
        kpi = self._kpis.get(row.get("kpi_id", ""))
        return kpi.name if kpi else row.get("name") or row.get("kpi_id", "")

    def _what(self, table: str, name: str, row: Row) -> str:
        """``2021年度の実績値``, ``第2期の目標値``, ``定義``."""
        kpi = self._kpis.get(row.get("kpi_id", ""))
        title = self._title(table, name)
        if table == "observations":
            year = row.get("year", "")
            label = words.short_year(int(year), kpi) if kpi and year.isdecimal() else year
            return f"{label}の実績" + ("値" if name == "value" else f"の{title}")
        if table == "targets":
            return f"{self._terms.get(row.get('strategy_id', ''), '')}の{title}"
        if table == "evaluations":
            year = f"{row.get('evaluated_year', '')}{self._words.year}"
            return f"{year}の{self._words.city}の評価" + ("" if name == "rating" else f"の{title}")
        return title or self._words.indicator

    def _title(self, table: str, name: str) -> str:
        fields = self._resources[table]["schema"]["fields"]
        return next((str(f.get("title", name)) for f in fields if f["name"] == name), name)

    def _value(self, table: str, name: str, row: Row) -> str:
        """A cell as readers see it: numbers with their unit, codes with their label."""
        cell = row.get(name, "")
        kpi = self._kpis.get(row.get("kpi_id", ""))
        if cell and kpi and name in ("value", "baseline_value", "target_value"):
            try:
                return words.with_unit(Decimal(cell), kpi)
            except InvalidOperation:
                return cell
        if table == "evaluations" and name == "rating":
            return self._ratings.get(cell, cell)
        fields = self._resources[table]["schema"]["fields"]
        codes = next((f.get("categories", ()) for f in fields if f["name"] == name), ())
        return next((str(c["label"]) for c in codes if str(c["value"]) == cell), cell)
