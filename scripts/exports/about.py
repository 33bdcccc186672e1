"""What a downloaded file says about itself: what it is, whose, its terms, how to cite it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from scripts import words
from scripts.exports.citation import citations, japanese_date
from scripts.model import Kpi, Package, Site
from scripts.progress import Progress

GUARD_NOTE = (
    "「=」「+」「-」「@」またはタブで始まる文字のセルは、表計算ソフトが式として動かさないように、"
    "CSVでは先頭に「'」を付けています。「'」を1つ除くと元の文字です。数値は変えていません。"
)


def about_all(site: Site, data_date: date) -> list[tuple[str, str]]:
    """Facts about the whole, as pairs of heading and text."""
    cited = citations(site, site.title, site.url("data/"), data_date)
    facts = [
        ("説明", site.description),
        ("発行者", site.publisher),
        ("この資料の性格", standing(site)),
        (
            "対象の地域",
            f"{site.prefecture}{site.municipality}（全国地方公共団体コード {site.code}）",
        ),
        ("データの日付", japanese_date(data_date)),
        ("ライセンス", licence(site)),
        ("引用のしかた", cited.terms),
        ("加工したときの書き方", cited.processed),
        ("文字コード", "CSVはUTF-8（BOM付き）、改行はLF、区切りはカンマです。"),
        ("空欄の意味", "空欄は「不明」です。0は値が0であることを表します。"),
        ("式として動く文字", GUARD_NOTE),
        ("公開先", site.url("data/")),
    ]
    return [(name, text) for name, text in facts if text]


def standing(site: Site) -> str:
    """Whether this is an official publication; one setting decides."""
    if site.official:
        return "公式の公開データです。値は公表された資料から書き写したものです。"
    return "公式のサイトではありません。値は公表された資料から書き写したものです。"


def licence(site: Site) -> str:
    """The licence as the setting says it; nothing more is claimed."""
    if not site.licence:
        return ""
    return f"{site.licence}（{site.licence_path}）。数値そのものと単純な表には著作権がありません。"


def about_kpi(
    package: Package, site: Site, kpi: Kpi, terms: Sequence[Progress], data_date: date
) -> list[tuple[str, str]]:
    """Facts about one indicator for the definitions sheet."""
    page = site.url(f"kpis/{kpi.kpi_id}/")
    cited = citations(site, kpi.name, page, data_date)
    used = {t.target.source_id for t in terms} | {
        o.source_id for o in package.of_kpi("observations", kpi.kpi_id)
    }
    facts = [
        ("指標名", kpi.name),
        ("英語の名称", kpi.name_en),
        ("定義", kpi.definition),
        ("読み方の注意", kpi.caution),
        ("単位", kpi.unit or "なし"),
        ("めざす向き", words.DIRECTIONS[kpi.direction]),
        ("値の性質", words.nature(kpi)),
    ]
    for term in terms:
        name = term.strategy.short_title
        goal = words.target_words(term.target, kpi)
        facts += [
            (f"{name}の目標", f"{words.kpi_year(term.target.target_year, kpi)} {goal}"),
            (f"{name}の判定", f"{term.status.label}。{words.sentence(term)}"),
        ]
    facts += [
        ("出典", f"「{s.title}」({s.publisher})") for s in package.sources if s.source_id in used
    ]
    facts += [
        ("データの日付", japanese_date(data_date)),
        ("ライセンス", licence(site)),
        ("引用のしかた", cited.terms),
        ("この資料の性格", standing(site)),
        ("ページ", page),
    ]
    return [(name, text) for name, text in facts if text]
