"""The comparison as text for the terminal and as Markdown for a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape as escape_html

from scripts.diff.changes import NOTHING, Change
from scripts.diff.compare import Comparison, KpiChange, TableChange, Verdict
from scripts.diff.pages import PageChanges

MOST_ROWS = 20
"""Rows of one table that are named; the rest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was compared with what, and all that differs."""

    against: str
    comparison: Comparison
    pages: PageChanges
    code_differs: bool

    @property
    def is_empty(self) -> bool:
        """Whether the public would see no difference."""
        found, pages = self.comparison, self.pages
        return not (found.kpis or found.tables or pages.added or pages.changed or pages.removed)


def summary(report: Report) -> list[tuple[str, str]]:
    """The counts at the top: (what, how many)."""
    changes = [change for _, change in report.comparison.changes]
    kinds = {kind: sum(c.kind == kind for c in changes) for kind in KINDS}
    moved = [v for kpi in report.comparison.kpis for v in kpi.verdicts if v.before != v.after]
    pages = report.pages
    return [
        ("変わる指標", f"{len(report.comparison.kpis)}"),
        ("データの変化", "・".join(f"{kind} {n}" for kind, n in kinds.items() if n) or "なし"),
        ("判定の変化", f"{len(moved)}"),
        (
            "ページ",
            "・".join(f"{kind} {len(found)}" for kind, found in page_kinds(pages)),
        ),
        ("理由のない訂正", f"{len(report.comparison.problems)}"),
    ]


KINDS = ("追加", "訂正", "取り消し", "確定", "変更")
NO_DIFFERENCE = "公開されるものに、変わるところはありません。"
CODE_NOTE = "scripts/ か mkdocs.yml も変わっています。見た目や文の変わり方は、ここには出ません。"
FOREIGN_NOTE = "別の自治体のデータと比べています。訂正の理由は求めません。"


def notes(report: Report) -> list[str]:
    """What the reader must know about the comparison itself."""
    return [CODE_NOTE] * report.code_differs + [FOREIGN_NOTE] * report.comparison.foreign


def arrow(before: str, after: str) -> str:
    """``前 → 後``; one side alone when there is no other."""
    return f"{before} → {after}" if before and after else before or after


def status_words(verdict: Verdict) -> str:
    """The status before and after, or that it stays."""
    if verdict.before == verdict.after:
        return f"{verdict.after}のまま（文が変わります）"
    return arrow(verdict.before, verdict.after)


def reason_words(change: Change) -> str:
    """The reason of a change, or that it is missing."""
    if change.problem:
        return "理由が書かれていません"
    return change.reason


def to_text(report: Report) -> str:
    """Plain lines for the terminal."""
    lines = [f"{report.against}と比べて、公開されるものの変わるところ", ""]
    lines += notes(report)
    if report.is_empty:
        return "\n".join([*lines, NO_DIFFERENCE]) + "\n"
    lines += [f"{name}: {text}" for name, text in summary(report)]
    for kpi in report.comparison.kpis:
        lines += ["", *kpi_text(kpi)]
    if report.comparison.tallies:
        lines += ["", "■ 基本目標ごとの判定の件数"]
        for tally in report.comparison.tallies:
            counts = "、".join(f"{band} {before} → {after}" for band, before, after in tally.bands)
            lines.append(f"  {tally.term} {tally.goal}: {counts}")
    for table in report.comparison.tables:
        lines += ["", f"■ {table.title}（{table.path}）"]
        lines += [f"  {kind} {row}" for kind, row in table_rows(table)]
    lines += page_text(report.pages)
    return "\n".join(lines) + "\n"


def kpi_text(kpi: KpiChange) -> Iterator[str]:
    """The block of one indicator."""
    yield f"■ {kpi.name}（{kpi.kpi_id}）" + (f" {kpi.state}" if kpi.state else "")
    for change in kpi.changes:
        yield f"  {change.kind} {change.subject}: {arrow(change.before, change.after)}"
        if change.source:
            yield f"       出典: {change.source}"
        if reason_words(change):
            yield f"       {'理由' if change.is_correction else '注記'}: {reason_words(change)}"
    for verdict in kpi.verdicts:
        yield f"  判定（{verdict.term}）: {status_words(verdict)}"
        yield f"       前: {verdict.sentence_before}"
        yield f"       後: {verdict.sentence_after}"


def table_rows(table: TableChange) -> list[tuple[str, str]]:
    """Rows of a table as (kind, row), at most :data:`MOST_ROWS`."""
    rows = [
        *(("追加", row) for row in table.added),
        *(("変更", row) for row in table.changed),
        *(("削除", row) for row in table.removed),
    ]
    if len(rows) > MOST_ROWS:
        return [*rows[:MOST_ROWS], ("ほか", f"{len(rows) - MOST_ROWS}行")]
    return rows


def page_kinds(pages: PageChanges) -> list[tuple[str, Sequence[tuple[str, str]]]]:
    """The three kinds of page changes."""
    return [("新しい", pages.added), ("変わる", pages.changed), ("なくなる", pages.removed)]


def page_text(pages: PageChanges) -> Iterator[str]:
    """The block of pages."""
    if pages.added or pages.changed or pages.removed:
        yield ""
        yield "■ ページ"
    for kind, found in page_kinds(pages):
        for address, title in found:
            yield f"  {kind} {address} {title}".rstrip()


def cell(text: str) -> str:
    """A value inside a Markdown table: nothing in it is read as markup."""
    safe = escape_html(" ".join(text.split()), quote=False)
    return "".join(f"&#{ord(c)};" if c in "|*_`[]\\~#!@" else c for c in safe) or NOTHING


def to_markdown(report: Report) -> str:
    """Markdown for a pull request or a job summary."""
    lines = ["## 公開されるものの変わるところ", "", f"比べた相手: {cell(report.against)}", ""]
    for note in notes(report):
        lines += [f"> {note}", ""]
    if report.is_empty:
        return "\n".join([*lines, NO_DIFFERENCE]) + "\n"
    lines += ["| 内容 | 件数 |", "| --- | --- |"]
    lines += [f"| {name} | {text} |" for name, text in summary(report)]
    lines += correction_table(report)
    for kpi in report.comparison.kpis:
        lines += kpi_markdown(kpi)
    if report.comparison.tallies:
        lines += ["", "### 基本目標ごとの判定の件数", "", "| 期 | 基本目標 | 判定 | 前 | 後 |"]
        lines.append("| --- | --- | --- | --- | --- |")
        lines += [
            f"| {cell(t.term)} | {cell(t.goal)} | {cell(band)} | {before} | {after} |"
            for t in report.comparison.tallies
            for band, before, after in t.bands
        ]
    for table in report.comparison.tables:
        lines += ["", f"### {cell(table.title)}（{cell(table.path)}）", ""]
        lines += [f"- {kind} {cell(row)}" for kind, row in table_rows(table)]
    lines += page_markdown(report.pages)
    return "\n".join(lines) + "\n"


def correction_table(report: Report) -> Iterator[str]:
    """Corrections of what is already published, first and together."""
    found = [(k, c) for k, c in report.comparison.changes if c.is_correction]
    if not found:
        return
    yield from ["", "### 公開済みの値の訂正", "", "| 指標 | 内容 | 前 | 後 | 理由 |"]
    yield "| --- | --- | --- | --- | --- |"
    for kpi, change in found:
        reason = f"**{reason_words(change)}**" if change.problem else cell(change.reason)
        yield (
            f"| {cell(kpi.name)} | {change.kind} {cell(change.subject)} | {cell(change.before)} "
            f"| {cell(change.after)} | {reason} |"
        )


def kpi_markdown(kpi: KpiChange) -> Iterator[str]:
    """The section of one indicator."""
    yield ""
    yield f"### {cell(kpi.name)}（`{kpi.kpi_id}`）" + (f" {kpi.state}" if kpi.state else "")
    if kpi.changes:
        yield from ["", "| 種類 | 内容 | 前 | 後 | 出典 | 理由・注記 |"]
        yield "| --- | --- | --- | --- | --- | --- |"
    for c in kpi.changes:
        yield (
            f"| {c.kind} | {cell(c.subject)} | {cell(c.before)} | {cell(c.after)} "
            f"| {cell(c.source)} | {cell(reason_words(c))} |"
        )
    for v in kpi.verdicts:
        yield ""
        yield f"**{cell(v.term)}の判定** {cell(status_words(v))}"
        yield ""
        yield f"- 前: {cell(v.sentence_before)}"
        yield f"- 後: {cell(v.sentence_after)}"


def page_markdown(pages: PageChanges) -> Iterator[str]:
    """The section of pages, folded away when long."""
    total = len(pages.added) + len(pages.changed) + len(pages.removed)
    if not total:
        return
    yield from ["", "### ページ", "", f"<details><summary>{total}ページ</summary>", ""]
    for kind, found in page_kinds(pages):
        for address, title in found:
            yield f"- {kind} `{address}` {cell(title)}"
    yield from ["", "</details>"]
