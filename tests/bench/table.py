"""The figures as Markdown tables for ``docs/contributing/performance.md``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tests.bench.sites import Figures

START, END = "<!-- bench:start -->", "<!-- bench:end -->"
"""What stands between these two lines of the page is written by the bench."""


def render(figures: Figures) -> str:
    """All tables, each with its heading; parts that were not run are left out."""
    parts: list[tuple[str, str, Callable[[Any], str]]] = [
        ("build", "サイトを作る", build_table),
        ("naive", "素朴な作りかたとの比", naive_table),
        ("png", "PNGの図", lambda f: pairs(f, PNG)),
        ("live", "プレビュー", lambda f: pairs(f, LIVE)),
        ("page-bytes", "読むときの転送", page_table),
        ("growth", "指標の数とページの重さ", growth_table),
        ("trace", "遅い回線と遅いCPUで指標のページを開く", lambda f: pairs(f, TRACE)),
        ("search", "検索", lambda f: pairs(f, SEARCH)),
        ("load", "検査", lambda f: pairs(f, LOAD)),
        ("million", "100万の実績の検査", lambda f: pairs(f, MILLION)),
    ]
    blocks = [f"測った機械と版: {figures['machine']}。"]
    for name, title, table in parts:
        if name in figures:
            blocks.append(f"### {title} {{#bench-{name}}}\n\n{table(figures[name])}")
    return "\n\n".join(blocks) + "\n"


def lay(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def figure(value: Any, kind: str) -> str:
    """A number of a kind: s(econds), r(atio), MB, KB (from bytes), n(umber)."""
    if kind == "n":
        return f"{value:,.0f}"
    if kind == "KB":
        return f"{value / 1000:,.1f} KB"
    if kind == "MB":
        return f"{value:,.0f} MB"
    if kind == "s":
        return f"{value:,.2f}秒" if value < 100 else f"{value:,.0f}秒"
    if kind == "ms":
        return f"{value:,.1f}ミリ秒"
    return f"{value:.2f}"


BUILD = (
    ("初めて作る（CPU秒）", "cold_s", "s"),
    ("もう一度作る（CPU秒）", "warm_s", "s"),
    ("1つの値を変えて作る（CPU秒）", "cell_s", "s"),
    ("同じページを `mkdocs build`、素のテーマ（CPU秒）", "plain_s", "s"),
    ("同じページを `mkdocs build`、Materialとその検索（CPU秒）", "stock_s", "s"),
    ("**比** もう一度作る ÷ 素のテーマ", "warm_to_plain", "r"),
    ("**比** もう一度作る ÷ Materialとその検索", "warm_to_stock", "r"),
    ("**比** 1つの値を変えて作る ÷ 初めて作る", "cell_to_cold", "r"),
    ("指標1つあたり、初めて", "cold_ms_per_kpi", "ms"),
    ("指標1つあたり、もう一度", "warm_ms_per_kpi", "ms"),
    ("指標1つあたり、`build` だけをもう一度", "stages_ms_per_kpi", "ms"),
    ("最も大きいプロセスの記憶", "peak_mb", "MB"),
    ("できたサイトの大きさ", "site_mb", "MB"),
    ("できたサイトのファイル", "site_files", "n"),
)
PNG = (
    ("PNGの数", "pictures", "n"),
    ("1枚を初めて描く（CPU秒）", "cold_s_each", "s"),
    ("全部がキャッシュにあるとき、`build` の全部（CPU秒）", "warm_s", "s"),
)
LIVE = (
    ("指標の数", "kpis", "n"),
    ("値を1つ変えてから、新しいページまで（時計の秒）", "live_s", "s"),
    ("そのうち、ページの用意（CPU秒）", "own_cpu_s", "s"),
)
TRACE = (
    ("リクエスト", "requests", "n"),
    ("回線を通ったバイト（測るサーバーは圧縮しない）", "wire", "KB"),
    ("文字が読めるまで", "text_s", "s"),
    ("図が見えるまで", "chart_s", "s"),
    ("読み込みが終わるまで", "load_s", "s"),
)
SEARCH = (
    ("指標の数", "kpis", "n"),
    ("索引", "index_raw", "KB"),
    ("索引（gzip）", "index_gzip", "KB"),
    ("Materialの索引", "stock_raw", "KB"),
    ("Materialの索引（gzip）", "stock_gzip", "KB"),
    ("**比** 索引 ÷ Materialの索引", "index_to_stock", "r"),
    ("触れてから最初の結果まで", "first_result_s", "s"),
)
LOAD = (
    ("行の数", "rows", "n"),
    ("バイトとセルの検査（CPU秒）", "preflight_s", "s"),
    ("スキーマの検査（CPU秒）", "schema_s", "s"),
    ("**比** スキーマ ÷ バイトとセル", "schema_to_preflight", "r"),
)
MILLION = (
    ("実績の数", "observations", "n"),
    ("表の大きさ", "bytes", "KB"),
    ("検査の全部（CPU秒）", "cpu_s", "s"),
    ("最も大きいプロセスの記憶", "peak_mb", "MB"),
)


def pairs(figures: Figures, rows: Sequence[tuple[str, str, str]]) -> str:
    """A table of names and values."""
    return lay(
        ("何を", "値"),
        [(name, figure(figures[key], kind)) for name, key, kind in rows if key in figures],
    )


def build_table(sizes: Sequence[Figures]) -> str:
    """One column per size, and the stages below."""
    head = ("何を", *(f"指標 {f['kpis']:,}" for f in sizes))
    rows = [(name, *(figure(f[key], kind) for f in sizes)) for name, key, kind in BUILD]
    rows += [
        (f"`build` の中: {stage}", *(figure(f["stages_s"][stage], "s") for f in sizes))
        for stage in sizes[0]["stages_s"]
    ]
    if len(sizes) > 1:
        first, last = sizes[0], sizes[-1]
        for name, key in (("全部", "warm_ms_per_kpi"), ("`build` だけ", "stages_ms_per_kpi")):
            share = figure(last[key] / first[key], "r")
            rows.append(
                (f"**比** 指標1つあたり、最大 ÷ 最小（{name}）", *[""] * (len(sizes) - 1), share)
            )
    return lay(head, rows)


def naive_table(sizes: Sequence[Figures]) -> str:
    """One column per size."""
    rows = (
        ("初めて作る（CPU秒）", "cold_s", "s"),
        ("素朴な作りかた（CPU秒）", "naive_s", "s"),
        ("描いた図（素朴な作りかた）", "pictures", "n"),
        ("**比** 初めて作る ÷ 素朴な作りかた", "cold_to_naive", "r"),
    )
    return lay(
        ("何を", *(f"指標 {f['kpis']:,}" for f in sizes)),
        [(name, *(figure(f[key], kind) for f in sizes)) for name, key, kind in rows],
    )


def page_table(pages: Figures) -> str:
    """One row per page and moment."""
    rows = []
    for name, moments in pages.items():
        for moment, found in moments.items():
            if moment == "path":
                continue
            when = "触る前の全部" if moment == "before" else f"{moment}（加わる分）"
            rows.append(
                (
                    name,
                    when,
                    figure(found["requests"], "n"),
                    *(figure(found.get(form, 0), "KB") for form in ("raw", "gzip", "brotli")),
                )
            )
    return lay(("ページ", "とき", "リクエスト", "そのまま", "gzip", "brotli"), rows)


def growth_table(sizes: Sequence[Figures]) -> str:
    """Bytes of the page of an indicator and of home by the number of indicators."""
    return lay(
        ("指標の数", "指標のページ（gzip）", "ホーム（gzip）"),
        [
            (f"{f['kpis']:,}", figure(f["kpi_gzip"], "KB"), figure(f["home_gzip"], "KB"))
            for f in sizes
        ],
    )
