"""Whatever the machine does: a sentence and an exit code, and what was there before stays whole."""

from __future__ import annotations

import errno
import subprocess
import sys
import threading
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import pytest

from scripts import memory, spool, tree
from scripts.build import main as build_main
from scripts.check import main as check_main
from scripts.console import REASONS, answering, trouble
from scripts.site import alone, clean_up
from tests.helpers import FIXTURE, ROOT, TODAY, Copy, run

KEPT = "前に作ったものは、そのまま残っています。"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A tree of an earlier build."""
    folder = tmp_path / "build" / "docs"
    tree.write_tree({"index.md": b"old", "kpis/a.md": b"old"}, folder)
    return folder


def build(town: Copy, out: Path) -> int:
    """Build a copy of the fixture over the old tree."""
    docs = ["--docs", str(town.folder / "docs")]
    return build_main([str(town.descriptor), *docs, "--out", str(out), "--today", str(TODAY)])


def refusing(number: int, path: str) -> OSError:
    return OSError(number, "reason in English", path)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG, errno.EROFS])
def test_a_full_disk_is_said(
    number: int,
    town: Copy,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The first file that does not fit ends the build; nothing of it stays."""

    def full(path: str, _: Iterable[bytes]) -> None:
        raise refusing(number, path)

    monkeypatch.setattr(tree, "fill", full)
    assert build(town, out) == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert REASONS[number] in last and last.endswith(KEPT)
    monkeypatch.undo()
    assert {p.name: p.read_bytes() for p in out.rglob("*.md")} == {
        "index.md": b"old",
        "a.md": b"old",
    }
    assert [p.name for p in out.parent.iterdir()] == ["docs"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux plays a full disk")
def test_a_full_disk_under_the_spool_is_said(
    town: Copy, out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a build holds on disk may not fit, too."""
    full = partial(open, "/dev/full", "w+b", buffering=0)
    monkeypatch.setattr(spool, "TemporaryFile", full)
    monkeypatch.setattr(memory, "LARGE", 1000)
    assert build(town, out) == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert REASONS[errno.ENOSPC] in last and last.endswith(KEPT)
    assert (out / "index.md").read_bytes() == b"old"


def test_a_document_that_may_not_be_read_is_named(
    town: Copy, out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Permissions do not stop the administrator, so the refusal is played."""
    read = Path.read_bytes

    def locked(path: Path) -> bytes:
        if path.name == "about.md":
            raise refusing(errno.EACCES, str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", locked)
    assert build(town, out) == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith(str(town.folder / "docs" / "about.md"))
    assert REASONS[errno.EACCES] in last
    assert (out / "index.md").read_bytes() == b"old"


def test_a_document_in_another_encoding_is_named(
    town: Copy, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = town.folder / "docs" / "old.md"
    page.write_bytes("# 題\n\n日本".encode("cp932"))
    assert build(town, out) == 1
    said = capsys.readouterr().out.splitlines()
    assert f"{page}:1: UTF-8 として読めない文字があります。" in said[-2]
    assert (out / "index.md").read_bytes() == b"old"


WATCHED = """
import os, sys
from datetime import date
from functools import partial
from pathlib import Path
from scripts import site

out, target = Path(sys.argv[1]), Path(sys.argv[2])
touched = []

def watch(event, args):
    if not event.startswith(("os.", "shutil.", "open")):
        return
    if event == "open" and not (args[2] & (os.O_WRONLY | os.O_RDWR)):
        return
    paths = [os.fsdecode(a) for a in args if isinstance(a, (str, bytes, os.PathLike))]
    inside = any(p == str(target) or p.startswith(f"{target}/") for p in paths)
    if inside and event not in ("os.listdir", "os.scandir"):
        touched.append(event)

def engine(order):
    (order.folder / "index.html").write_text("new")
    return order.folder

site.ENGINES["mkdocs"] = engine
sys.addaudithook(watch)
assert site.generate(Path("mkdocs.yml"), out, target, date(2026, 1, 1), lock=None)
print(sorted(set(touched)), (target / "index.html").read_text())
"""
"""Publishes a site of one page and tells which steps were done in the folder of the old one."""


@pytest.mark.skipif(sys.platform != "linux", reason="folders change places in one step on Linux")
def test_nothing_is_written_in_the_place_of_the_old_site(out: Path, tmp_path: Path) -> None:
    """Whatever moment it is killed in: there is no step between the old site and the new one."""
    old = tmp_path / "site"
    tree.write_tree({"index.html": b"old", "404.html": b"old"}, old)
    tree.write_tree({"index.md": b"new"}, out)
    done = run("-c", WATCHED, str(out), str(old))
    assert done.stdout.strip() == "[] new", done.stdout + done.stderr
    assert not (old / "404.html").exists()


def test_a_tree_that_was_set_aside_comes_back(tmp_path: Path) -> None:
    """Where folders cannot be exchanged in one step, a run can be killed between the two."""
    out, site = tmp_path / "build" / "docs", tmp_path / "site"
    for place in (out, site):
        aside = place.with_name(f".{place.name}.x1.tmp.old")
        aside.mkdir(parents=True)
        (aside / "404.html").write_text(place.name, encoding="utf-8")
        place.with_name(f".{place.name}.x2.tmp").mkdir()
    clean_up(out, site)
    assert [p.joinpath("404.html").read_text(encoding="utf-8") for p in (out, site)] == [
        "docs",
        "site",
    ]
    aside = site.with_name(".site.x3.tmp.old")
    aside.mkdir()
    clean_up(out, site)
    assert site.joinpath("404.html").exists()
    assert not aside.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no locks on folders")
def test_a_second_run_waits_for_the_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two sites at once would mix their folders: the second says that it waits, then goes on."""
    out = tmp_path / "build" / "docs"
    order: list[str] = []

    def second() -> None:
        with alone(out):
            order.append("second")

    with alone(out):
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
        order.append("first")
    waiting.join(30)
    assert order == ["first", "second"]
    assert capsys.readouterr().out == "別の実行が終わるのを待っています。\n"


def test_a_refusal_without_a_sentence_of_ours_is_said_too() -> None:
    assert trouble(OSError(errno.EXDEV, "odd", "there")) == "there: 読み書きに失敗しました（odd）。"
    assert trouble(OSError("only words")) == "読み書きに失敗しました（only words）。"


@pytest.mark.parametrize(
    ("raised", "code", "words"),
    [(MemoryError(), 1, "メモリーが足りません"), (KeyboardInterrupt(), 130, "途中で止めました")],
)
def test_what_ends_a_command(
    raised: BaseException, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    @answering
    def main() -> int:
        raise raised

    assert main() == code
    assert words in capsys.readouterr().out


def test_a_terminal_that_cannot_show_japanese(town: Copy) -> None:
    """Characters become escapes; the answer and the exit code are the same."""
    town.cell("observations", "farm-persons,2025", "value", "１８")
    done = run("-m", "scripts.check", str(town.descriptor), PYTHONIOENCODING="ascii")
    assert done.returncode == check_main([str(town.descriptor)]) == 1
    assert "\\uff11" in done.stdout and "[type-error]" in done.stdout
    assert done.stderr == ""


def test_a_reader_who_has_seen_enough(tmp_path: Path) -> None:
    """``check | head -1`` ends without a traceback."""
    with subprocess.Popen(
        [sys.executable, "-m", "scripts.check", str(FIXTURE / "datapackage.json")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 1
