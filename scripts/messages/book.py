"""Importing workbooks, and corrections of what is already published."""

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
    Entry(
        "correction-reason",
        BOOK,
        "公開した値の訂正に理由がない",
        "前に公開した値を変えるときは、なぜ変わったかを読む人に伝えます。",
        "訂正なら、その行の note に理由を書きます。打ち間違いなら、元の値に戻します。",
    ),
    Entry(
        "removal-reason",
        BOOK,
        "公開した値の取り下げに理由がない",
        "前に公開した値の行を消すときは、なぜ消したかを読む人に伝えます。",
        "消してよければ、指標の caution に理由を書きます。間違いなら、行を元に戻します。",
    ),
    Entry(
        "kpi-removed",
        BOOK,
        "公開した指標が消えている",
        "指標のページの住所は、いちど公開したら変えない約束です。",
        "指標の行を元に戻します。終わった指標も、過去の記録として残します。",
    ),
)
