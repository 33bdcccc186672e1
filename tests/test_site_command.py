"""``scripts.site`` and ``scripts.serve``: the same every time, and never at the old site's cost."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from scripts.model import Package
from scripts.site import main as site_main
from tests.browser import Built, built
from tests.helpers import ROOT, TODAY

__all__ = ["built"]


def tree_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


class Checkout:
    """A copy of the project's data, documents and settings, with an old site to protect."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT / "data", folder / "data")
        shutil.copytree(ROOT / "docs", folder / "docs")
        shutil.copy(ROOT / "datapackage.json", folder)
        shutil.copy(ROOT / "mkdocs.yml", folder)
        shutil.copy(ROOT / "accessibility.json", folder)
        theme = re.search(r"^\s+custom_dir: (\S+)", self.config, re.MULTILINE)
        if theme and (ROOT / theme[1]).is_dir() and not theme[1].startswith("build/"):
            shutil.copytree(ROOT / theme[1], folder / theme[1])
        self.old = {"index.html": b"old", "404.html": b"old"}
        (folder / "site").mkdir()
        for name, content in self.old.items():
            (folder / "site" / name).write_bytes(content)

    @property
    def config(self) -> str:
        """The text of mkdocs.yml."""
        return (self.folder / "mkdocs.yml").read_text(encoding="utf-8")

    @property
    def site(self) -> dict[str, bytes]:
        """The published files."""
        return tree_of(self.folder / "site")

    @property
    def leftovers(self) -> list[Path]:
        """Staging folders that somebody forgot."""
        return sorted(self.folder.glob(".*.tmp*"))

    def edit(self, path: str, change: Callable[[str], str]) -> None:
        """Change a text file of the copy."""
        file = self.folder / path
        old = file.read_text(encoding="utf-8")
        new = change(old)
        assert new != old
        file.write_text(new, encoding="utf-8")

    def start(
        self, module: str, *arguments: str, log: Path, **environment: str
    ) -> subprocess.Popen[bytes]:
        """Start a command in the copy, in a process group of its own."""
        with log.open("wb") as output:
            return subprocess.Popen(
                [sys.executable, "-m", module, "--today", str(TODAY), *arguments],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def run(self, module: str, *arguments: str, **environment: str) -> tuple[int, str]:
        """Run a command in the copy to its end."""
        log = self.folder.with_name("log.txt")
        with self.start(module, *arguments, log=log, **environment) as process:
            process.wait(timeout=300)
        return process.returncode, log.read_text(encoding="utf-8", errors="replace")


@pytest.fixture
def place(tmp_path: Path) -> Checkout:
    """A fresh copy."""
    return Checkout(tmp_path / "place")


def test_the_same_input_gives_the_same_bytes(built: Built, place: Checkout) -> None:
    # with its own copy of the code it shares no kept pictures with the first build
    shutil.copytree(ROOT / "scripts", place.folder / "scripts")
    if (ROOT / ".git").exists():  # the history of the data is part of the input
        (place.folder / ".git").symlink_to(ROOT / ".git")
    odd = {"LC_ALL": "C", "LANG": "tr_TR.UTF-8", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    code, output = place.run("scripts.site", TZ="Pacific/Kiritimati", PYTHONHASHSEED="7", **odd)
    assert code == 0, output
    for one, two in ((built.staged, "build/docs"), (built.site, "site")):
        first, second = tree_of(one), tree_of(place.folder / two)
        assert first.keys() == second.keys()
        assert [path for path in first if first[path] != second[path]] == []


def latest_value(package: Package) -> tuple[str, int, str]:
    """An observation that no baseline depends on: its indicator, year and printed value."""
    baselines = {(t.kpi_id, t.baseline_year) for t in package.targets}
    found = next(
        o
        for o in reversed(package.observations)
        if (o.kpi_id, o.year) not in baselines and o.value > 9 and not o.note
    )
    return found.kpi_id, found.year, str(found.value)


def full_width(text: str) -> str:
    """The digits as a Japanese keyboard may type them."""
    return text.translate({ord(a): chr(ord(a) + 0xFEE0) for a in "0123456789"})


def replace_value(package: Package, new: str) -> Callable[[str], str]:
    """An edit that gives the observation of :func:`latest_value` another value."""
    kpi_id, year, value = latest_value(package)
    return lambda text: text.replace(f"\n{kpi_id},{year},{value},", f"\n{kpi_id},{year},{new},")


def test_a_failing_check_leaves_the_old_site(place: Checkout, built: Built) -> None:
    value = full_width(latest_value(built.package)[2])
    place.edit("data/observations.csv", replace_value(built.package, value))
    code, output = place.run("scripts.site")
    assert code == 1
    assert f"value: 「{value}」" in output
    assert place.site == place.old
    assert place.leftovers == []


def test_a_broken_link_leaves_the_old_site(place: Checkout) -> None:
    place.edit("docs/about.md", lambda text: text + "\n[行き止まり](nowhere.md)\n")
    code, output = place.run("scripts.site")
    assert code == 1
    assert "nowhere.md" in output
    assert "前に作った site はそのまま残しています。" in output
    assert place.site == place.old
    assert place.leftovers == []


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and process groups")
def test_a_killed_build_leaves_the_old_site_and_the_next_one_cleans_up(place: Checkout) -> None:
    with place.start("scripts.site", log=place.folder.with_name("killed.txt")) as process:
        wait_for(lambda: any(any(left.rglob("*.html")) for left in place.leftovers), process)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert process.returncode == -signal.SIGKILL
    assert place.site == place.old
    assert place.leftovers
    code, output = place.run("scripts.site")
    assert code == 0, output
    assert place.leftovers == []
    assert len(place.site) > len(place.old)
    assert place.site["index.html"] != b"old"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--site", "."],
        ["--site", "docs"],
        ["--site", "data"],
        ["--site", "build"],
        ["--site", "build/docs/site"],
        ["--site", "docs/site"],
        ["--out", "."],
        ["--out", "data"],
        ["--out", "docs"],
        ["--out", "docs/build"],
        ["--out", "site"],
        ["--docs", "nowhere"],
        ["--config", "nowhere.yml"],
        ["--today", "yesterday"],
        ["--unknown"],
    ],
)
def test_wrong_use_exits_2(
    place: Checkout, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place.folder)
    before = tree_of(place.folder)
    with pytest.raises(SystemExit) as stopped:
        site_main(arguments)
    assert stopped.value.code == 2
    assert tree_of(place.folder) == before


def wait_for(
    ready: Callable[[], object], process: subprocess.Popen[bytes], seconds: float = 180.0
) -> None:
    """Wait until something is true while a process is running."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, f"it ended early: {process.returncode}"
        if ready():
            return
        time.sleep(0.01)
    pytest.fail("it took too long")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_the_preview_follows_edits_and_survives_broken_ones(
    place: Checkout, built: Built, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    kpi_id, _, value = latest_value(built.package)
    home = f"http://127.0.0.1:{port}{built.base}"
    csv = f"{home}data/kpis/{kpi_id}.csv"

    def get(url: str) -> str:
        try:
            with urlopen(url, timeout=60) as answer:
                return str(answer.read().decode("utf-8-sig"))
        except (URLError, OSError):
            return ""

    log = tmp_path / "preview.log"

    def said(words: str) -> bool:
        return words in log.read_text(encoding="utf-8", errors="replace")

    with place.start("scripts.serve", "--address", f"127.0.0.1:{port}", log=log) as process:
        try:
            wait_for(lambda: said("で見られます"), process)
            wait_for(lambda: get(home), process)
            assert "/livereload/" in get(home)
            assert f",{value}," in get(csv)

            place.edit("data/observations.csv", replace_value(built.package, "12345"))
            wait_for(lambda: ",12345," in get(csv), process)
            assert "12,345" in get(f"{home}kpis/{kpi_id}/")

            place.edit("data/observations.csv", lambda text: text.replace(",12345,", ",１２,"))
            wait_for(lambda: said("「１２」は数値として読めません"), process)
            assert ",12345," in get(csv)

            place.edit("data/observations.csv", lambda text: text.replace(",１２,", ",54321,"))
            place.edit("docs/about.md", lambda text: text + "\n追記しました。\n")
            wait_for(lambda: ",54321," in get(csv), process)
            wait_for(lambda: "追記しました。" in get(f"{home}about/"), process)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0
    assert place.site == place.old
