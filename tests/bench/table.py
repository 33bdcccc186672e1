"""The figures as Markdown tables for ``docs/contributing/performance.md``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tests.bench.sites import Figures

Rows = Sequence[tuple[str, str, str]]
"""What a row is called, where its figure is found, of which kind it is."""


def render(figures: Figures) -> str:
    """All tables, each with its heading; parts that were not run are left out."""
    parts: list[tuple[str, str, Callable[[Any], str]]] = [
        ("build", "サイトを作る", build_tables),
        ("naive", "素朴な作りかたとの比", lambda f: by_size(f, NAIVE)),
        ("png", "PNGの図", lambda f: pairs(f, PNG)),
        ("live", "プレビュー", lambda f: pairs(f, LIVE)),
        ("page-bytes", "読むときの転送", page_table),
        ("growth", "指標の数とページの重さ", lambda f: by_size(f, GROWTH)),
        ("phone", "遅い回線と遅いCPUで指標のページを開く", phone_table),
        ("search", "検索", lambda f: by_size(f, SEARCH)),
        ("load", "検査", lambda f: by_size(f, LOAD)),
        ("million", "たくさんの実績の検査", lambda f: by_size(f, MILLION)),
    ]
    blocks = [f"測った機械と版: {figures['machine']}。{crowd(figures.get('runs', {}))}"]
    for name, title, table in parts:
        if name in figures:
            blocks.append(f"### {title} {{#bench-{name}}}\n\n{table(figures[name])}")
    return "\n\n".join(blocks) + "\n"


def crowd(runs: Mapping[str, Figures]) -> str:
    """How busy the machine was: processes that wanted to run, at the start of each part."""
    loads = [run["load"] for run in runs.values()]
    if not loads:
        return ""
    return (
        "測っているあいだ、ほかの仕事も動いていました"
        f"（動こうとしていたプロセスは{min(loads):.0f}から{max(loads):.0f}）。"
    )


def lay(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def figure(value: Any, kind: str) -> str:
    """A number of a kind: s(econds), r(atio), MB, KB (from bytes), n(umber), % or y(es or no)."""
    forms: dict[str, Callable[[], str]] = {
        "n": lambda: f"{value:,.0f}",
        "KB": lambda: f"{value / 1000:,.1f} KB",
        "MB": lambda: f"{value:,.0f} MB",
        "s": lambda: f"{value:,.2f}秒" if value < 100 else f"{value:,.0f}秒",
        "ms": lambda: f"{value:,.1f}ミリ秒",
        "%": lambda: f"{100 * value:.1f}%",
        "y": lambda: "はい" if value else "いいえ",
        "r": lambda: f"{value:.2f}",
    }
    return forms[kind]()


RATIOS: Rows = (
    ("もう一度作る ÷ 素のテーマ", "warm_to_plain", "r"),
    ("もう一度作る ÷ Materialとその検索", "warm_to_stock", "r"),
    ("1つの値を変えて作る ÷ 初めて作る", "cell_to_cold", "r"),
)
BUILD: Rows = (
    ("初めて作る（CPU秒）", "cold_s", "s"),
    ("もう一度作る（CPU秒）", "warm_s", "s"),
    ("1つの値を変えて作る（CPU秒）", "cell_s", "s"),
    ("同じページを`mkdocs build`、素のテーマ（CPU秒）", "plain_s", "s"),
    ("同じページを`mkdocs build`、Materialとその検索（CPU秒）", "stock_s", "s"),
    ("指標1つあたり、初めて", "cold_ms_per_kpi", "ms"),
    ("指標1つあたり、もう一度", "warm_ms_per_kpi", "ms"),
    ("指標1つあたり、`build`だけをもう一度", "stages_ms_per_kpi", "ms"),
    ("最も大きいプロセスの記憶、初めて", "cold_peak_mb", "MB"),
    ("最も大きいプロセスの記憶、もう一度", "warm_peak_mb", "MB"),
    ("素のテーマの`mkdocs build`の記憶", "plain_peak_mb", "MB"),
    ("できたサイトの大きさ", "site_mb", "MB"),
    ("できたサイトのファイル", "site_files", "n"),
    ("覚えたものの大きさ", "cache_mb", "MB"),
)
NAIVE: Rows = (
    ("初めて作る（CPU秒）", "cold_s", "s"),
    ("素朴な作りかた（CPU秒）", "naive_s", "s"),
    ("描いた図（素朴な作りかた）", "pictures", "n"),
    ("**比** 初めて作る ÷ 素朴な作りかた", "cold_to_naive", "r"),
)
PNG: Rows = (
    ("PNGの数", "pictures", "n"),
    ("1枚を初めて描く（CPU秒）", "cold_s_each", "s"),
    ("1枚の大きさ", "bytes_each", "KB"),
    ("全部を覚えているとき、`build`の全部（CPU秒）", "warm_s", "s"),
)
LIVE: Rows = (
    ("指標の数", "kpis", "n"),
    ("値を1つ変えてから、その指標の新しいページとファイルまで（時計の秒）", "live_s", "s"),
    ("同じく、いちばん遅い回", "live_slowest_s", "s"),
    ("同じく、起動してから最初の回", "first_s", "s"),
    ("同じく、前の編集の一覧を用意している途中で", "live_during_s", "s"),
    ("値を1つ変えてから、一覧も新しくなるまで（時計の秒）", "live_rest_s", "s"),
)
GROWTH: Rows = (
    ("指標のページ（gzip）", "kpi_gzip", "KB"),
    ("ホーム（gzip）", "home_gzip", "KB"),
    ("指標の一覧（gzip）", "list_gzip", "KB"),
)
PHONE: Rows = (
    ("リクエスト", "requests", "n"),
    ("サーバーが送ったバイト（gzip）", "wire", "KB"),
    ("文字が読めるまで", "text_s", "s"),
    ("図が見えるまで", "chart_s", "s"),
    ("図が見えるまで（HTTP/1.1で）", "chart_http1_s", "s"),
    ("読み込みが終わるまで", "load_s", "s"),
    ("JavaScriptなしで図が見える", "without_script", "y"),
)
SEARCH: Rows = (
    ("触れる前に読む検索のファイル", "before_touch", "n"),
    ("索引", "index_raw", "KB"),
    ("索引（gzip）", "index_gzip", "KB"),
    ("Materialの索引", "stock_raw", "KB"),
    ("Materialの索引（gzip）", "stock_gzip", "KB"),
    ("**比** 索引 ÷ Materialの索引", "index_to_stock", "r"),
    ("触れてから最初の結果まで", "first_result_s", "s"),
    ("同じく、遅い回線と遅いCPUで", "first_result_slow_s", "s"),
)
LOAD: Rows = (
    ("行の数", "rows", "n"),
    ("バイトとセルの検査（CPU秒）", "preflight_s", "s"),
    ("スキーマの検査（CPU秒）", "schema_s", "s"),
    ("Frictionlessだけの検査（CPU秒）", "stock_s", "s"),
    ("**比** Frictionlessだけ ÷ バイトとセル", "stock_to_preflight", "r"),
)
MILLION: Rows = (
    ("実績の数", "observations", "n"),
    ("表の大きさ", "bytes", "KB"),
    ("検査の全部（CPU秒）", "cpu_s", "s"),
    ("最も大きいプロセスの記憶", "peak_mb", "MB"),
)


def pairs(figures: Figures, rows: Rows) -> str:
    """A table of names and values."""
    return lay(
        ("何を", "値"),
        [(name, figure(figures[key], kind)) for name, key, kind in rows if key in figures],
    )


def columns(head: Sequence[str], found: Sequence[Figures], rows: Rows) -> str:
    """A table with a column for each set of figures; what a set lacks stays blank."""
    lines = [
        (name, *(figure(f[key], kind) if key in f else "" for f in found))
        for name, key, kind in rows
        if any(key in f for f in found)
    ]
    return lay(("何を", *head), lines)


def ordered(sizes: Mapping[str, Figures]) -> list[Figures]:
    """The figures of all sizes, the smallest first."""
    return [sizes[key] for key in sorted(sizes, key=int)]


def by_size(sizes: Mapping[str, Figures], rows: Rows) -> str:
    """One column per number of indicators."""
    found = ordered(sizes)
    return columns([f"指標 {f['kpis']:,}" for f in found], found, rows)


def per_kpi(sizes: Mapping[str, Figures], key: str) -> float:
    """What an indicator costs in the largest town against the smallest."""
    found = ordered(sizes)
    return float(found[-1][key] / found[0][key])


EACH = (
    ("初めて作る", "cold_ms_per_kpi"),
    ("もう一度作る", "warm_ms_per_kpi"),
    ("`build`だけをもう一度", "stages_ms_per_kpi"),
)


def each_table(sizes: Mapping[str, Figures]) -> str:
    """What an indicator costs in the largest town against each smaller one."""
    *smaller, largest = ordered(sizes)
    head = ("指標1つの費用の比", *(f"{largest['kpis']:,} ÷ {f['kpis']:,}" for f in smaller))
    rows = [
        (name, *(figure(largest[key] / f[key], "r") for f in smaller))
        for name, key in EACH
        if all(key in f for f in (largest, *smaller))
    ]
    return (
        "起動などの決まった費用が、小さい町では少ない指標に分けられて、1つあたりを高く見せます。"
        f"だから、50との比だけでなく、500との比も見ます。\n\n{lay(head, rows)}"
    )


def build_tables(sizes: Mapping[str, Figures]) -> str:
    """Ratios, then what they are made of, then the stages."""
    stages: Rows = [(name, name, "s") for name in ordered(sizes)[0]["stages_s"]]
    head = [f"指標 {f['kpis']:,}" for f in ordered(sizes)]
    return "\n\n".join(
        (
            "並べて測った比:",
            by_size(sizes, RATIOS),
            *([each_table(sizes)] if len(sizes) > 1 else []),
            "比のもとの値:",
            by_size(sizes, BUILD),
            "もう一度作るときの、`build`の段階ごとのCPU秒:",
            columns(head, [f.get("stages_s", {}) for f in ordered(sizes)], stages),
        )
    )


def phone_table(rivals: Mapping[str, Figures]) -> str:
    """One column per tool."""
    return columns(list(rivals), list(rivals.values()), PHONE)


def page_table(pages: Figures) -> str:
    """One row per page and moment."""
    rows = []
    for name, moments in pages.items():
        for moment, found in moments.items():
            if moment == "path":
                continue
            when = "触る前の全部" if moment == "before" else f"{moment}（加わる分）"
            forms = (figure(found.get(form, 0), "KB") for form in ("raw", "gzip", "brotli"))
            rows.append((name, when, figure(found["requests"], "n"), *forms))
    return lay(("ページ", "とき", "リクエスト", "そのまま", "gzip", "brotli"), rows)
