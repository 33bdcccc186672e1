"""Importing workbooks."""

from __future__ import annotations

from scripts.messages.entry import BOOK, Entry

ENTRIES = (
    Entry(
        "workbook-unreadable",
        BOOK,
        "ブックを読めない",
        "古い形式（.xls）、パスワードやマクロの付いたブック、壊れたブックは読みません。",
        "Excel で開き、「Excel ブック（.xlsx）」として保存し直します。",
        "実績.xls",
        "実績.xlsx",
    ),
    Entry(
        "sheet-unknown",
        BOOK,
        "取り込めるシートがない",
        "シートの名前か見出しを変えたので、どの表か分かりません。",
        "公開しているブックか、作り直したひな形に書き写します。",
    ),
)
