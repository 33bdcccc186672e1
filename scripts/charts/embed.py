"""The page that other sites show in a frame: one chart, no scripts, its source below it."""

from __future__ import annotations

import html

from scripts import words
from scripts.charts.scene import Subject
from scripts.charts.standalone import Origin, legend, subtitle
from scripts.charts.theme import DARK, LIGHT, SHEETS, tokens

SHEET = "assets/embed.css"


def style_sheet(accent: str = "") -> bytes:
    """Colours of both schemes by the reader's own setting, then the rules of the page."""
    light, dark = (
        "".join(f"  {name}: {value};\n" for name, value in tokens(scheme, accent).items())
        for scheme in (LIGHT, DARK)
    )
    rules = (SHEETS / "embed.css").read_text(encoding="utf-8")
    return (
        f":root {{\n  color-scheme: light dark;\n{light}}}\n\n"
        f"@media (prefers-color-scheme: dark) {{\n:root {{\n{dark}}}\n}}\n\n{rules}"
    ).encode()


def embed_page(subject: Subject, wide: str, narrow: str, origin: Origin) -> bytes:
    """The whole page of one indicator."""
    current = subject.terms[-1]
    kpi, status = current.kpi, current.status
    page = html.escape(origin.site.url(f"kpis/{kpi.kpi_id}/"))
    name, e = html.escape(kpi.name), html.escape
    sources = "、".join(f"「{s.title}」({s.publisher})" for s in origin.sources)
    return f"""<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>{name}（埋め込み用の図）</title>
<meta name="description" content="{e(words.headline(current))}">
<link rel="canonical" href="{page}">
<link rel="stylesheet" href="../../{SHEET}">
</head>
<body>
<main>
<h1><a href="{page}" target="_blank" rel="noopener">{name}</a></h1>
<p class="status status--{status.tone}"><span aria-hidden="true">{e(status.symbol)}</span>
{e(status.label)}</p>
<p class="headline">{e(words.headline(current))}</p>
<p class="small">{e(subtitle(subject))}</p>
<div class="chart__picture">
<div class="chart__wide">{wide}</div>
<div class="chart__narrow">{narrow}</div>
</div>
<p class="small">{e(legend(subject))}</p>
<p class="source">出典：{e(sources)}を加工して作成。作成：{e(origin.site.publisher)}。
ライセンス：<a href="{e(origin.site.licence_path)}" target="_blank"
rel="noopener license">{e(origin.site.licence)}</a>。
<a href="{page}" target="_blank" rel="noopener">表と判定の理由を見る</a></p>
</main>
</body>
</html>
""".encode()
