"""``python -m scripts.serve [PACKAGE] [--docs] [--out] [--today] [--address HOST:PORT]``.

The site while it is being edited: an edit of the data, the documents, the templates or the code
makes the pages again and the browser reads them anew. A broken edit prints its problems; the last
good pages stay. Ctrl+C ends it. Exit 0 ended, 2 wrong use.
"""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scripts.build import build, make_parser, table_folders
from scripts.check import ROOT
from scripts.console import answering, say, trouble
from scripts.site import alone, clean_up, generate, refusal

CODE = ROOT / "scripts"
WAITING = """<!DOCTYPE html>
<html lang="ja"><head><meta charset="utf-8"><title>ページはまだありません</title></head>
<body><h1>ページはまだありません</h1><p>端末に出ている問題を直すと、ここにページが出ます。</p></body></html>
"""

Seen = dict[Path, tuple[int, int]]
"""Time and size of each file that the pages are made from."""


class Preview:
    """Makes the pages anew from whatever has changed since the last time."""

    def __init__(self, package: Path, docs: Path, out: Path, today: date | None, config: Path):
        self.package, self.docs, self.out, self.config = package, docs, out, config
        self.given = today
        self.site = out.parent / "preview"
        self.theme: list[Path] = []
        self.stale_code = False
        self.seen: Seen = {}

    def inputs(self) -> list[Path]:
        """Files and folders that the pages are made from."""
        places = [self.package, self.config, self.docs, CODE, *self.theme]
        places += sorted(table_folders(self.package))
        return [place for place in places if place.exists()]

    def refresh(self) -> None:
        """Make the pages again if an input has changed; never raises for what people write."""
        before, self.seen = self.seen, look(self.inputs())
        changed = sorted(p for p in {*before, *self.seen} if before.get(p) != self.seen.get(p))
        if not changed:
            return
        if before:
            names = "、".join(shown(path) for path in changed[:3])
            say(f"\n変わったもの: {names}{'など' if len(changed) > 3 else ''}")
        self.stale_code |= bool(before) and any(path.suffix == ".py" for path in changed)
        began = time.monotonic()
        if self.make():
            say(f"{time.monotonic() - began:.1f} 秒で新しくしました。")
        else:
            say("直すと、ページが新しくなります。それまでは前のページを表示します。")
            self.wait_page()

    def make(self) -> bool:
        """Stage the pages and generate the site; says what is wrong when it cannot."""
        today = self.given or date.today()
        with alone(self.out) as lock:
            clean_up(self.out, self.site)
            try:
                if self.stage(today):
                    return False
            except OSError as error:
                say(trouble(error))
                return False
            except Exception as error:  # noqa: BLE001 - templates can raise anything
                say(f"ページを用意できません: {type(error).__name__}: {error}")
                return False
            return generate(self.config, self.out, self.site, today, strict=False, lock=lock)

    def stage(self, today: date) -> int:
        """Stage the pages here, or in a new process once the code has changed."""
        if not self.stale_code:
            return build(self.package, self.docs, self.out, today, live=True, pngs=False)
        command = [sys.executable, "-m", "scripts.build", str(self.package)]
        command += ["--docs", str(self.docs), "--out", str(self.out), "--today", str(today)]
        command += ["--without-png"]
        return subprocess.run(command, check=False).returncode

    def wait_page(self) -> None:
        """Show something that reloads while there is no good page yet."""
        if not (self.site / "index.html").exists():
            self.site.mkdir(parents=True, exist_ok=True)
            for name in ("index.html", "404.html"):
                (self.site / name).write_text(WAITING, encoding="utf-8")

    def error_page(self, code: int) -> bytes | None:
        """The site's own error page."""
        page = self.site / f"{code}.html"
        return page.read_bytes() if page.is_file() else None


def look(places: Iterable[Path]) -> Seen:
    """Times and sizes of the files below some places; hidden and compiled ones do not count."""
    seen: Seen = {}
    for place in places:
        files = [place] if place.is_file() else place.rglob("*")
        for file in files:
            parts = file.relative_to(place).parts
            if "__pycache__" in parts or any(p.startswith(".") or p.endswith("~") for p in parts):
                continue
            try:
                state = file.stat()
            except OSError:
                continue
            if file.is_file():
                seen[file] = (state.st_mtime_ns, state.st_size)
    return seen


def shown(path: Path) -> str:
    """A path as short as it can be said."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def settings(config: Path, docs: Path) -> tuple[str, list[Path]]:
    """The path of the public address, which the preview keeps, and our folder of the theme."""
    from mkdocs.config import load_config

    loaded = load_config(str(config), docs_dir=str(docs.resolve()))
    theme = loaded.theme.custom_dir
    return urlsplit(loaded.site_url or "/").path or "/", [Path(theme)] if theme else []


def make_server(preview: Preview, host: str, port: int, mount: str) -> Any:
    """The server of MkDocs, with its reload script as a file: pages let no script inside run."""
    from mkdocs import livereload

    class Server(livereload.LiveReloadServer):
        """Pages are sent as they will be published, with one script more."""

        def _inject_js_into_html(self, content: bytes, epoch: int) -> bytes:
            script = b'<script src="/livereload/%d.js"></script>' % epoch
            start, end, rest = content.rpartition(b"</body>")
            return start + script + end + rest if end else content + script

        def _serve_request(self, environ: Any, start_response: Any) -> Any:
            asked = re.fullmatch(r"/livereload/(\d+)\.js", environ["PATH_INFO"])
            if not asked:
                return super()._serve_request(environ, start_response)
            words = {"epoch": asked[1], "request_id": time.monotonic_ns()}
            script = livereload._SCRIPT_TEMPLATE.substitute(words)  # noqa: SLF001
            headers = [("Content-Type", "application/javascript"), ("Cache-Control", "no-store")]
            start_response("200 OK", headers)
            return [script.encode()]

    server = Server(preview.refresh, host, port, str(preview.site), mount_path=mount)
    server.error_handler = preview.error_page
    return server


def serve(preview: Preview, host: str, port: int, mount: str) -> int:
    """Serve and rebuild until interrupted."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        say(f"{host}:{port} では始められません（{error.strerror}）。--address で変えられます。")
        return 2
    server = make_server(preview, host, port, mount)
    try:
        preview.refresh()
        for place in preview.inputs():
            server.watch(str(place))
        say(f"\n{server.url} で見られます。保存すると新しくなります。終わりは Ctrl+C です。")
        server.serve()
    except KeyboardInterrupt:
        say("\n終わります。")
    finally:
        server.shutdown()
    return 0


@answering
def main(argv: list[str] | None = None) -> int:
    """Command line of the preview."""
    parser = make_parser("serve", "編集しながらサイトを見ます。")
    parser.add_argument(
        "--address", default="127.0.0.1:8000", metavar="HOST:PORT", help="見るときの番地"
    )
    parser.place("--config", "mkdocs.yml", "サイトの設定", "FILE")
    a = parser.parse_args(argv)
    preview = Preview(a.package, a.docs, a.out, a.today, a.config)
    if reason := refusal(a.package, a.docs, a.out, preview.site, a.config):
        parser.error(reason)
    host, _, port = a.address.rpartition(":")
    if not host or not port.isascii() or not port.isdigit():
        parser.error(f"--address の {a.address} は HOST:PORT（例: 127.0.0.1:8000）ではありません。")
    from mkdocs.exceptions import MkDocsException

    try:
        mount, preview.theme = settings(a.config, a.docs)
    except MkDocsException as error:
        parser.error(f"{a.config} を読めません: {error}")
    return serve(preview, host.strip("[]"), int(port), mount)


if __name__ == "__main__":
    raise SystemExit(main())
