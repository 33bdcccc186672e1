"""The real site, built once, served at its base path, and a Chromium to look at it with.

``python -m tests.browser --ensure`` finds or installs the browser;
``python -m tests.browser --screenshot FILE`` takes the picture of the README from ``site/``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from filelock import FileLock
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from playwright.sync_api import Browser, Page, Request, sync_playwright

from scripts.check import check
from scripts.model import Package
from scripts.progress import Progress, current_of, judge_all
from tests.helpers import ROOT, TODAY

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
APT = ("chromium-headless-shell", "fonts-noto-cjk")
MISSING = (
    "ブラウザーのテストに Chromium が要ります。chromium を入れるか、"
    "環境変数 CHROMIUM に場所を書いてください。"
    " / The browser tests need Chromium: install it, or set CHROMIUM to its path."
)


def find_chromium() -> str | None:
    """The browser of ``CHROMIUM``, or the first one in ``PATH``."""
    wanted = os.environ.get("CHROMIUM")
    return shutil.which(wanted) if wanted else next(filter(None, map(shutil.which, NAMES)), None)


def ensure_chromium() -> str:
    """Find the browser, install it on a Debian machine of ours, or stop with one sentence."""
    if found := find_chromium():
        return found
    if "CHROMIUM" not in os.environ:
        install_packages(*APT)
        if found := find_chromium():
            return found
    raise SystemExit(MISSING)


def install_packages(*names: str) -> None:
    """Install Debian packages where we may."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (
            ["apt-get", "update", "-q"],
            ["apt-get", "install", "-q", "-y", "--no-install-recommends", *names],
        ):
            subprocess.run(command, env=quiet, stdout=sys.stderr, check=False)


VIOLATION = """addEventListener('securitypolicyviolation', event =>
  console.error(`policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`))"""
"""Says aloud what a page was not allowed to do: it becomes one of the errors of a visit."""


@dataclass(frozen=True)
class Built:
    """A built site: what was staged, what was published, and the data behind it."""

    staged: Path
    site: Path

    @cached_property
    def base(self) -> str:
        """The path of the public address, with a slash at both ends."""
        return ("/" + urlsplit(self.homepage).path.strip("/") + "/").replace("//", "/")

    @cached_property
    def config(self) -> MkDocsConfig:
        """The settings of the site generator."""
        return load_config(str(ROOT / "mkdocs.yml"), docs_dir=str(self.staged))

    @cached_property
    def homepage(self) -> str:
        """The public address."""
        return str(self.config.site_url)

    @cached_property
    def nav(self) -> object:
        """The menu as written."""
        return self.config.nav

    @cached_property
    def package(self) -> Package:
        """The data the site was made from."""
        package, problems = check(ROOT / "datapackage.json")
        assert package is not None, problems
        return package

    @cached_property
    def current(self) -> dict[str, Progress]:
        """The judgement of each indicator in its latest term."""
        return current_of(judge_all(self.package))

    @cached_property
    def pages(self) -> list[str]:
        """Addresses of all staged pages, relative to the base."""
        return [published_at(p.relative_to(self.staged)) for p in sorted(self.staged.rglob("*.md"))]

    @cached_property
    def kinds(self) -> list[str]:
        """Every page that is not one of many alike, and the telling ones of those that are."""
        alike = [p for p in self.pages if p.startswith("kpis/") and p != "kpis/"]
        judged = self.current
        telling = [
            max(judged, key=lambda k: len(judged[k].kpi.name)),
            max(judged, key=lambda k: len(judged[k].kpi.definition)),
            max(judged, key=lambda k: len(judged[k].kpi.caution)),
            max(judged, key=lambda k: judged[k].kpi.decimals),
            *[k for k in judged if judged[k].target.target_value is None][:1],
            *[k for k in judged if judged[k].latest is None][:1],
            *[k for k in judged if judged[k].target.window_start_year is not None][:1],
        ]
        few = [page for page in alike if page.split("/")[1] in telling]
        return [page for page in self.pages if page not in alike] + few


def published_at(path: Path) -> str:
    """The address a staged page is published at: ``a/b.md`` → ``a/b/``."""
    parts = path.with_suffix("").parts
    if parts[-1] == "index":
        parts = parts[:-1]
    return "".join(part + "/" for part in parts)


def run_site(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """``python -m scripts.site`` on the day of the tests."""
    command = [sys.executable, "-m", "scripts.site", "--today", str(TODAY), *arguments]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False, **options
    )


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The real site, built once for all workers."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / "real-site"
    log = folder / "log.txt"
    with FileLock(f"{folder}.lock"):
        if not log.exists():
            done = run_site("--out", str(folder / "docs"), "--site", str(folder / "site"))
            folder.mkdir(exist_ok=True)
            log.write_text(f"{done.returncode}\n{done.stdout}{done.stderr}", encoding="utf-8")
    text = log.read_text(encoding="utf-8")
    assert text.startswith("0\n"), text
    return Built(folder / "docs", folder / "site")


class Handler(SimpleHTTPRequestHandler):
    """Files of a folder below a base path; 404.html for what is not there; silent."""

    base = "/"

    def translate_path(self, path: str) -> str:
        """Files live below the base path only."""
        if not path.startswith(self.base):
            return os.devnull + "/outside"
        return super().translate_path("/" + path.removeprefix(self.base))

    def send_error(self, code: int, *_: Any) -> None:
        """The site's own error page."""
        page = Path(self.directory) / "404.html"
        body = page.read_bytes() if code == 404 and page.is_file() else b""
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """A server that browsers may hang up on."""

    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A reader who leaves a page before it is whole is no error."""


@contextmanager
def serving(folder: Path, base: str) -> Iterator[str]:
    """Serve a folder at ``http://127.0.0.1:PORT{base}``."""
    handler = type("BaseHandler", (Handler,), {"base": base})
    server = Server(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}{base}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Shared:
    """One browser per process, however many modules use it (Playwright allows no second one)."""

    users = 0
    stack: ExitStack
    browser: Browser


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of this machine."""
    if not Shared.users:
        path = ensure_chromium()
        Shared.stack = ExitStack()
        playwright = Shared.stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        Shared.browser = Shared.stack.enter_context(browser)
    Shared.users += 1
    try:
        yield Shared.browser
    finally:
        Shared.users -= 1
        if not Shared.users:
            Shared.stack.close()


@dataclass
class Visit:
    """A page being looked at, with what went wrong on the way."""

    page: Page
    base: str
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a page of the site and wait until its scripts are ready."""
        response = self.page.goto(self.base + path)
        assert response is not None
        assert response.status == 200, f"{path}: {response.status}"
        return self.page

    @property
    def strangers(self) -> list[str]:
        """Requests that left the site."""
        return [url for url in self.requests if not url.startswith((self.base, "data:", "blob:"))]


class Visitor:
    """Opens pages the way different readers do."""

    def __init__(self, browser: Browser, base: str) -> None:
        self._browser, self._base = browser, base

    @contextmanager
    def __call__(
        self, *, js: bool = True, width: int = 1280, height: int = 800, dark: bool = False
    ) -> Iterator[Visit]:
        """A fresh reader: no cookies, nothing cached, no other host within reach."""
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=js,
            reduced_motion="reduce",
            locale="ja-JP",
        )
        context.add_init_script(VIOLATION)
        page = context.new_page()
        visit = Visit(page, self._base)

        def seen(request: Request) -> None:
            visit.requests.append(request.url)

        page.on("request", seen)
        page.on("console", lambda m: visit.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: visit.errors.append(str(error)))
        page.set_default_timeout(15_000)
        try:
            yield visit
        finally:
            context.close()


@pytest.fixture(scope="session")
def visitor(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """A browser in front of the real site."""
    with FileLock(tmp_path_factory.getbasetemp().parent / "chromium.lock"):
        ensure_chromium()
    with serving(built.site, built.base) as base, chromium() as browser:
        yield Visitor(browser, base)


def screenshot(target: Path) -> None:
    """The picture of the README: the home page at 1280 × 800."""
    built = Built(ROOT / "build" / "docs", ROOT / "site")
    with (
        serving(built.site, built.base) as base,
        chromium() as browser,
        Visitor(browser, base)() as visit,
    ):
        page = visit.go("")
        page.wait_for_load_state("networkidle")
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=target)


def main() -> None:
    """Command line of the helper."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser")
    parser.add_argument("--ensure", action="store_true", help="find or install the browser")
    parser.add_argument("--screenshot", type=Path, metavar="FILE", help="picture of site/")
    a = parser.parse_args()
    if a.ensure:
        sys.stdout.write(ensure_chromium() + "\n")
    if a.screenshot:
        screenshot(a.screenshot)


if __name__ == "__main__":
    main()
