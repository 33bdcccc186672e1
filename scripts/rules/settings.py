"""Rules for the settings of the site in ``datapackage.json``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.colours import HEX, READABLE, readable, weakest
from scripts.model import Package, Problem, code_fault, contact_address, web_address
from scripts.model.terms import NAMES, SUFFIX, WORD
from scripts.rules.registry import at, rule


def wrong(key: str, code: str, message: str, fix: str, value: Any) -> Problem:
    """A problem of a setting."""
    return Problem("datapackage.json", 0, key, code, message, fix, str(value))


@rule
def freshness_setting(package: Package) -> Iterator[Problem]:
    """値がそろうまでの月数の設定は、0から60までの整数である。"""
    settings = package.descriptor.get("freshness", {})
    months = settings.get("lag_months", 0) if isinstance(settings, dict) else str(settings)
    if isinstance(months, bool) or not isinstance(months, int) or not 0 <= months <= 60:
        yield wrong(
            "freshness",
            "freshness-setting",
            f"「{months}」は、値がそろうまでの月数として読めません。",
            '"freshness": {"lag_months": 9} のように、0から60までの整数を書いてください。',
            months,
        )


@rule
def municipality_code(package: Package) -> Iterator[Problem]:
    """全国地方公共団体コードは6けたで、検査数字が合う。"""
    code = str(package.descriptor.get("municipality", {}).get("code", ""))
    if code and (fault := code_fault(code)):
        yield wrong(
            "municipality",
            "municipality-code",
            f"全国地方公共団体コード「{code}」は、{fault}",
            "総務省の一覧で確かめてください。",
            code,
        )


@rule
def accent_colour(package: Package) -> Iterator[Problem]:
    """サイトの色は16進数6けたで書き、白い地の上の文字として読める濃さ（4.5:1以上）である。"""
    accent = package.descriptor.get("accent", "")
    if not accent:
        return
    if not isinstance(accent, str) or not HEX.match(accent):
        yield wrong(
            "accent",
            "accent-colour",
            f"「{accent}」は色として読めません。",
            '"accent": "#0017c1" のように、# と16進数6けたで書いてください。',
            accent,
        )
    elif weakest(accent) < READABLE:
        yield wrong(
            "accent",
            "accent-colour",
            f"「{accent}」は薄く、地の色との差が{weakest(accent):.1f}:1しかありません"
            f"（{READABLE}:1以上が要ります）。",
            f"同じ色合いなら「{readable(accent)}」が使えます。",
            accent,
        )


@rule
def terms_setting(package: Package) -> Iterator[Problem]:
    """ことばの設定は、決まった項目ごとに、記号も空白もない12文字までの1語である。"""
    terms = package.descriptor.get("terms", {})
    if not isinstance(terms, dict):
        yield wrong(
            "terms",
            "terms-setting",
            "「terms」は { } で書きます。",
            '"terms": {"measure": "取組"} のように書いてください。',
            terms,
        )
        return
    for name, word in terms.items():
        if name not in NAMES:
            yield wrong(
                "terms",
                "terms-setting",
                f"「{name}」ということばの項目はありません。",
                f"使える項目は {'、'.join(NAMES)} です。",
                name,
            )
        elif not isinstance(word, str) or not WORD.match(word):
            yield wrong(
                "terms",
                "terms-setting",
                f"「{word}」は、ページの中の1語として使えません。",
                "記号も空白もない12文字までの1語にしてください（例: 取組）。",
                word,
            )


@rule
def year_type_setting(package: Package) -> Iterator[Problem]:
    """計画の年の数え方は、fiscal（年度）か calendar（年）である。"""
    kind = package.descriptor.get("year_type", "fiscal")
    if kind not in SUFFIX:
        yield wrong(
            "year_type",
            "year-type-setting",
            f"「{kind}」は、計画の年の数え方ではありません。",
            '"year_type": "fiscal"（年度）か "calendar"（年）と書いてください。',
            kind,
        )


@rule
def web_addresses(package: Package) -> Iterator[Problem]:
    """リンクになる住所は、http:// か https:// で始まる（連絡先はメールの住所でもよい）。"""
    found = [("repository", package.descriptor.get("repository", ""))]
    found += [("licenses", item.get("path", "")) for item in package.descriptor.get("licenses", ())]
    contact = package.descriptor.get("contact", "")
    found.append(("contact", "" if contact_address(contact) else contact))
    fix = "https:// で始まる住所を書いてください（例: https://example.jp/）。"
    for key, text in found:
        if text and not web_address(text):
            message = f"「{text}」は、リンクにできる住所ではありません。"
            yield wrong(key, "web-addresses", message, fix, text)
    for source in package.sources:
        if source.url and not web_address(source.url):
            message = f"「{source.url}」は、リンクにできる住所ではありません。"
            yield at(package, "sources", source, "url", "web-addresses", message, fix)
