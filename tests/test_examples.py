"""The examples for programmers, run as they stand on the page, against a server of our own."""

from __future__ import annotations

import html
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scripts.model import Package, site_of

EXAMPLE = re.compile(r'<pre data-example="(\w+)"><code>(.*?)</code></pre>')


@pytest.fixture(scope="module")
def examples(built: dict[str, bytes]) -> dict[str, str]:
    """Name and code of each example on the page."""
    found = EXAMPLE.findall(built["data/developers.md"].decode())
    return {name: html.unescape(code) for name, code in found}


class Quiet(SimpleHTTPRequestHandler):
    """A server that keeps its log to itself."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(built: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The published files, served."""
    folder = tmp_path_factory.mktemp("served")
    for path, content in built.items():
        if path.startswith("data/") and not path.endswith(".md"):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_the_page_has_all_of_them(examples: dict[str, str]) -> None:
    assert list(examples) == ["shell", "python", "pandas", "sqlite", "r", "powerquery"]


@pytest.mark.parametrize("name", ["shell", "python", "pandas", "sqlite"])
def test_an_example_runs(
    name: str, examples: dict[str, str], address: str, package: Package, tmp_path: Path
) -> None:
    home = site_of(package.descriptor).url()
    assert home in examples[name]
    code = examples[name].replace(home, address)
    command = ["sh", "-e", "-c", code] if name == "shell" else [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    wanted = {
        "shell": "ハッシュは合っています",
        "python": f"{len(package.targets)} 件の判定",
        "pandas": "value",
        "sqlite": package.status_bands[0].label,
    }
    assert wanted[name] in done.stdout


def test_the_others_name_files_and_columns_that_exist(
    examples: dict[str, str], built: dict[str, bytes], package: Package
) -> None:
    """What cannot be run here is at least right about the data."""
    home = site_of(package.descriptor).url()
    for name in ("r", "powerquery"):
        for path in re.findall(rf'"{re.escape(home)}([^"]+\.csv)"', examples[name]):
            assert path in built
    query = examples["powerquery"]
    (path,) = re.findall(rf'"{re.escape(home)}([^"]+)"', query)
    header = built[path].decode("utf-8-sig").splitlines()[0].split(",")
    columns = re.findall(r'\{"([^"]+)", (?:Int64\.Type|type number)\}', query)
    assert len(columns) == 2 and set(columns) <= set(header)
    assert query.count("{") == query.count("}")
