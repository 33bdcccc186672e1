"""``python -m scripts.site [PACKAGE] [--docs] [--out] [--today] [--site DIR] [--config FILE]``.

check → build/docs → ``mkdocs build --strict`` into a folder beside ``site/`` → the two change
places. Whatever fails, or is killed, leaves the last good site whole.
Exit 0 good, 1 problems in the data or the documents, 2 wrong use.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from scripts.build import build, make_parser, overlap
from scripts.command import collect_seldom, hand_back
from scripts.console import answering, say
from scripts.engines import ENGINES, Order, missing_pages
from scripts.tree import held_in, swap

if sys.platform != "win32":
    import fcntl

ENGINE = next(iter(ENGINES))
"""The generator that the site is published with."""

ABANDONED = 600.0
"""Seconds after which a staging folder without a lock of its own is taken for abandoned."""


def make_site(
    package: Path,
    docs: Path,
    out: Path,
    today: date,
    *,
    site: Path,
    config: Path,
    engine: str = ENGINE,
    pngs: bool = True,
) -> int:
    """Stage the pages, turn them into HTML and publish them as ``site``."""
    began = time.monotonic()
    with alone(out) as lock:
        clean_up(out, site)
        if code := build(package, docs, out, today, pngs=pngs):
            return code
        if not generate(config, out, site, today, lock=lock, engine=engine):
            say(
                "サイトを作れませんでした。理由は上の WARNING と ERROR の行にあります。"
                "リンクと見出しなら、文書の中のその場所を直してください。"
            )
            say(f"前に作った {site} はそのまま残しています。" if site.exists() else "")
            return 1
    say(report(out, site, time.monotonic() - began))
    return 0


def report(out: Path, site: Path, seconds: float) -> str:
    """What was made and how to look at it."""
    held = held_in(out)
    pages = sum(path.endswith(".md") for path in held)
    of_kpis = [path for path in held if path.startswith("data/kpis/")]
    kpis, charts = (sum(path.endswith(end) for path in of_kpis) for end in (".csv", ".svg"))
    return (
        f"\n{site} ができました: ページ {pages}、指標 {kpis}、図 {charts}、{seconds:.1f} 秒。\n"
        f"見るには: python -m http.server -d {site} を動かして http://localhost:8000/ を開く\n"
        f"編集しながら見るには: nox -s serve"
    )


def generate(
    config: Path,
    out: Path,
    site: Path,
    today: date,
    *,
    strict: bool = True,
    lock: int | None,
    engine: str = ENGINE,
) -> bool:
    """Run the site generator over ``out`` and put the result in the place of ``site``.

    The generator writes into a folder beside ``site``; only a finished site is swapped in.
    ``lock`` is handed on, so that a generator that outlives a killed run keeps the folders to
    itself until it is done. A preview (``strict=False``) is made in spite of warnings.
    """
    site.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{site.name}.", suffix=".tmp", dir=site.parent))
    try:
        fresh.chmod(0o755)
        held = () if lock is None else (lock,)
        made = ENGINES[engine](Order(config, out, fresh, today, strict, environment(today), held))
        if made is None:
            return False
        if missing := missing_pages(out, made):
            say(f"HTMLにならなかったページがあります: {'、'.join(missing)}")
            return False
        drop_unused(made)
        swap(made, site)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return True


def drop_unused(made: Path) -> None:
    """Leave out the theme's own scripts (1.6 MB with their parts) where no page asks for them."""
    pages = [page.read_text(encoding="utf-8") for page in made.glob("*.html")]
    if not any("assets/javascripts/" in page for page in pages):
        shutil.rmtree(made / "assets" / "javascripts", ignore_errors=True)


def environment(today: date) -> dict[str, str]:
    """The generator's environment: the date of the run instead of the clock, and no banner."""
    midnight = datetime(today.year, today.month, today.day, tzinfo=UTC)
    return {
        **os.environ,
        "NO_MKDOCS_2_WARNING": "1",
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": str(int(midnight.timestamp())),
        "TZ": "UTC",
    }


@contextmanager
def alone(out: Path) -> Iterator[int | None]:
    """Let one run at a time work on ``out``; the lock goes with the process, however it ends."""
    out.parent.mkdir(parents=True, exist_ok=True)
    if sys.platform == "win32":
        yield None
        return
    folder = os.open(out.parent, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("別の実行が終わるのを待っています。")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(folder)


def clean_up(out: Path, site: Path) -> None:
    """Remove what killed runs left beside ``out`` and ``site``; call it inside :func:`alone`.

    A tree that was set aside and has no follower yet goes back to its place: that is how a run ends
    that is killed where folders cannot be exchanged in one step.
    """
    now = time.time()
    for place in (out, site):
        for aside in place.parent.glob(f".{place.name}.*.tmp.old"):
            if not place.exists():
                aside.rename(place)
    for left in site.parent.glob(f".{site.name}.*.tmp*"):
        shutil.rmtree(left, ignore_errors=True)
    for left in out.parent.glob(f".{out.name}.*.tmp*"):
        if left.exists() and now - left.stat().st_mtime > ABANDONED:
            shutil.rmtree(left, ignore_errors=True)


def refusal(package: Path, docs: Path, out: Path, site: Path, config: Path) -> str:
    """Why these arguments must not be used, blank when they may."""
    if not docs.is_dir():
        return f"{docs} がありません。--docs に文書のフォルダーを書いてください。"
    if not config.is_file():
        return f"{config} がありません。mkdocs.yml のあるフォルダーで動かしてください。"
    if reason := overlap(package, docs, {"--out": out, "--site": site}, [config, Path.cwd()]):
        return reason
    if site.resolve().is_relative_to(out.resolve()) or out.resolve().is_relative_to(site.resolve()):
        return f"--site の {site} が --out の {out} と重なっています。別の場所にしてください。"
    if site.is_dir() and any(site.iterdir()) and not (site / "404.html").is_file():
        return f"--site の {site} には、サイトではないものが入っています。別の場所にしてください。"
    return ""


@answering
def main(argv: list[str] | None = None) -> int:
    """Command line of the site."""
    collect_seldom()
    hand_back()
    parser = make_parser("site", "サイトを作ります。")
    parser.place("--site", "site", "サイトを置くフォルダー")
    parser.place("--config", "mkdocs.yml", "サイトの設定", "FILE")
    parser.add_argument(
        "--engine", choices=list(ENGINES), default=ENGINE, help=f"サイト生成器（もとは {ENGINE}）"
    )
    a = parser.parse_args(argv)
    if reason := refusal(a.package, a.docs, a.out, a.site, a.config):
        parser.error(reason)
    today = a.today or date.today()
    return make_site(
        a.package,
        a.docs,
        a.out,
        today,
        site=a.site,
        config=a.config,
        engine=a.engine,
        pngs=a.pngs,
    )


if __name__ == "__main__":
    raise SystemExit(main())
