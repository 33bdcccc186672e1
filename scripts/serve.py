"""``python -m scripts.serve [PACKAGE] [--docs] [--out] [--today] [--address HOST:PORT]``.

The site while it is being edited: an edit of the data, the documents, the templates or the code
makes the pages again and the browser reads them anew. A broken edit prints its problems; the last
good pages stay. Ctrl+C ends it. Exit 0 ended, 2 wrong use.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scripts.build import build, make_parser, table_folders
from scripts.check import ROOT, check, verdict
from scripts.console import answering, say, show_problems, trouble
from scripts.engines import Order
from scripts.front import Past, front_pages, touched, warm_up
from scripts.load import Before, uncollected
from scripts.lookout import Lookout, Seen, look
from scripts.memory import Memory, memory_of_this_program
from scripts.model import Package
from scripts.reprint import Reprint
from scripts.site import alone, clean_up, environment, generate, refusal
from scripts.tree import write_file

CODE = ROOT / "scripts"
WAITING = """<!DOCTYPE html>
<html lang="ja"><head><meta charset="utf-8"><title>ページはまだありません</title></head>
<body><h1>ページはまだありません</h1><p>端末に出ている問題を直すと、ここにページが出ます。</p></body></html>
"""


class Preview:
    """Makes the pages anew from whatever has changed since the last time.

    After an edit of values the pages of their indicators come first, in this process; the rest is
    staged by another one, which a new edit ends. ``reload`` is called when the rest is there.
    """

    def __init__(self, package: Path, docs: Path, out: Path, today: date | None, config: Path):
        self.package, self.docs, self.out, self.config = package, docs, out, config
        self.given = today
        self.site = out.parent / "preview"
        self.theme: list[Path] = []
        self.stale_code = False
        self.seen: Seen = {}
        self.good: Package | None = None
        self.before, self.past = Before(), Past(package)
        self.memory: Memory | None = None
        self.reprint = Reprint(self.out, self.site)
        self.rest: threading.Thread | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.ended: list[int] = []
        self.stopped, self.free = threading.Event(), threading.Event()
        self.free.set()
        self.reload: Callable[[], object] = bool

    @property
    def today(self) -> date:
        """The day that the pages are made for."""
        return self.given or date.today()

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
        folders = table_folders(self.package)
        values = all(path.suffix == ".csv" and path.parent in folders for path in changed)
        settings = any(p == self.config or p.is_relative_to(t) for p in changed for t in self.theme)
        self.pause()
        with uncollected():  # a search through everything that is held would take longer
            done = self.tried(self.ahead) if values else None
        self.resume()
        if done is None:
            self.stop()
            self.memory = None  # the program may be another one
            if settings:
                self.reprint.press = None
            done = self.tried(self.make)
        if done:
            say(f"{time.monotonic() - began:.1f} 秒で新しくしました。")
        else:
            say("直すと、ページが新しくなります。それまでは前のページを表示します。")
            self.wait_page()

    def tried(self, make: Callable[[], bool | None]) -> bool | None:
        """The answer of a step; ``False`` with a sentence where it raised."""
        try:
            return make()
        except OSError as error:
            say(trouble(error))
        except Exception as error:  # noqa: BLE001 - templates can raise anything
            say(f"ページを用意できません: {type(error).__name__}: {error}")
        return False

    def ahead(self) -> bool | None:
        """Make the pages of edited values first; ``None`` when this edit is of another kind."""
        if self.good is None or self.stale_code or self.reprint.press is None:
            return None
        today = self.today
        package, problems = check(self.package, today, before=self.before)
        if package is None:
            show_problems(problems)
            say(verdict(problems))
            return False
        only = touched(self.good, package)
        if only is None:
            return None
        self.stop()
        with alone(self.out):
            self.memory = self.memory or memory_of_this_program()
            history = self.past.now(package)
            front = front_pages(package, only, today, history, self.memory)
            known = [path for path in front if path in self.reprint.made]  # others come with all
            for path in known:
                write_file(self.out / path, front[path])
            self.reprint.follow(known)
        self.good = package
        self.rest = threading.Thread(target=self.follow, daemon=True)
        self.rest.start()
        return True

    def follow(self) -> None:
        """Stage everything in another process, then make what has changed."""
        with alone(self.out) as lock:
            clean_up(self.out, self.site)
            self.clear_up()
            self.process = subprocess.Popen(
                self.command(),
                pass_fds=() if lock is None else (lock,),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a group of its own, so that Ctrl+C does not reach it
            )
            if self.stopped.is_set():
                self.send("SIGKILL")  # whoever stopped us could not yet
            told, _ = self.process.communicate()
            if self.stopped.is_set():
                self.ended.append(self.process.pid)
                return
            say(told.decode(errors="replace").rstrip())
            if not self.process.returncode and self.tried(self.publish):
                self.reload()

    def pause(self) -> None:
        """Let what is being made wait: an edit comes first."""
        self.free.clear()
        self.send("SIGSTOP")

    def resume(self) -> None:
        """Let it go on."""
        self.send("SIGCONT")
        self.free.set()

    def send(self, name: str) -> None:
        """Send a signal to the other process and those that it has started."""
        if self.process is None or self.process.poll() is not None:
            return
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, getattr(signal, name))
        elif name == "SIGKILL":
            self.process.kill()

    def halted(self) -> bool:
        """Whether what is being made is not wanted any more; does not return during a pause."""
        self.free.wait()
        return self.stopped.is_set()

    def stop(self) -> None:
        """End what is being made for an edit before this one.

        At once: what it has staged is one with the old pages, or lies beside them.
        """
        self.stopped.set()
        self.free.set()
        if self.rest is not None:
            self.send("SIGKILL")
            self.rest.join()
        self.rest = self.process = None
        self.stopped.clear()  # whoever asked for it is gone; what comes next is not stopped

    def clear_up(self) -> None:
        """Remove what processes that we ended have left beside the staged pages."""
        while self.ended:
            for left in self.out.parent.glob(f".{self.out.name}.{self.ended.pop()}.*"):
                shutil.rmtree(left, ignore_errors=True)

    def make(self) -> bool:
        """Stage the pages and generate the site; says what is wrong when it cannot."""
        self.good = None
        with alone(self.out) as lock:
            clean_up(self.out, self.site)
            if self.stage():
                return False
            if self.stale_code:
                today = self.today
                return generate(self.config, self.out, self.site, today, strict=False, lock=lock)
            if not self.publish():
                return False
        self.good, _ = check(self.package, self.today, before=self.before)
        if self.good:
            self.past.now(self.good)
            warm_up(self.good, self.today)
        return True

    def publish(self) -> bool:
        """The HTML of what is staged: of what changed, or of all."""
        stale = self.reprint.stale()
        if stale is not None:
            self.reprint.follow(stale, self.halted)
            return True
        day = self.today
        return self.reprint.whole(
            Order(self.config, self.out, self.site, day, False, environment(day))
        )

    def stage(self) -> int:
        """Stage the pages here, or in a new process once the code has changed."""
        if not self.stale_code:
            return build(self.package, self.docs, self.out, self.today, live=True, pngs=False)
        return subprocess.run(self.command(), check=False).returncode

    def command(self) -> list[str]:
        """What stages the pages in another process."""
        command = [sys.executable, "-m", "scripts.build", str(self.package)]
        command += ["--docs", str(self.docs), "--out", str(self.out), "--today", str(self.today)]
        return [*command, "--without-png"]

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
    lookout: Any = Lookout(lambda: look(preview.inputs()), lambda: preview.seen)
    server.observer = lookout
    server.build_delay = 0.0  # the lookout has waited for the end of the save

    def reload() -> None:
        """Tell the browsers that there is something new."""
        with server._epoch_cond:  # noqa: SLF001 - as the server itself does after a build
            server._visible_epoch = server._wanted_epoch = round(time.monotonic() * 1000)  # noqa: SLF001
            server._epoch_cond.notify_all()  # noqa: SLF001

    preview.reload = reload
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
        preview.stop()
        preview.clear_up()
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
