"""The history: a change in a repository appears in words, in the page and in the feed."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scripts.build import render
from scripts.history import OPENING, History, history_of, read_log
from scripts.history.git import run as git_run
from tests.conftest import sound
from tests.helpers import FIXTURE, ROOT, TODAY, Copy

SCHEMA = ROOT / "tests" / "schemas" / "atom.rng"


class Repository(Copy):
    """A copy of the fixture under version control."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.clock = 1_700_000_000
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit("データを公開\n\nSigned-off-by: Someone <someone@example.jp>")

    def git(self, *arguments: str) -> None:
        """Run git without the settings of this machine."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        subprocess.run(
            ["git", "-c", "user.name=T", "-c", "user.email=t@example.jp", *arguments],
            cwd=self.folder,
            env={
                **kept,
                "GIT_CONFIG_GLOBAL": os.devnull,
                "GIT_CONFIG_NOSYSTEM": "1",
                "GIT_AUTHOR_DATE": f"{self.clock} +0900",
                "GIT_COMMITTER_DATE": f"{self.clock} +0900",
            },
            check=True,
            capture_output=True,
        )

    def commit(self, message: str) -> None:
        """Record everything a day later."""
        self.clock += 86_400
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def history(self) -> History | None:
        """The history as the build reads it."""
        package = sound(self.descriptor)
        return history_of(package, read_log(self.descriptor, package.paths))

    def pages(self) -> dict[str, bytes]:
        """The staged tree with its history."""
        package = sound(self.descriptor)
        log = read_log(self.descriptor, package.paths)
        return dict(render(package, FIXTURE / "docs", TODAY, log=log))


@pytest.fixture
def place(tmp_path: Path) -> Repository:
    """A repository with one publication."""
    return Repository(tmp_path / "town")


def some_value(place: Copy) -> tuple[str, str, str]:
    """Key, value and status column of the last observation of an indicator."""
    row = next(r for r in place.rows("observations") if r[0] == "library-loans")
    return f"{row[0]},{row[1]}", row[1], row[2]


def test_the_first_publication_is_told_as_such(place: Repository) -> None:
    history = place.history()
    assert history is not None
    (entry,) = history.entries
    assert entry.first and not entry.correction and history.complete
    assert entry.shown == ()
    assert entry.subject == "データを公開"
    assert "@" not in entry.body and "Signed-off-by" not in entry.body
    assert history.last == entry.day


def test_a_changed_value_is_a_correction_with_old_and_new(place: Repository) -> None:
    """In the words of the commit: what, from what, to what, why; on the pages and in the feed."""
    key, year, old = some_value(place)
    new = str(int(old) + 7)
    place.cell("observations", key, "value", new)
    place.commit("書き間違えた数を直す\n\n資料の <注> を読み落としていた。 a@b.example")
    history = place.history()
    assert history is not None
    entry = history.entries[0]
    (change,) = entry.changes
    assert (change.kind, change.kpi_id) == ("corrected", "library-loans")
    shown = f"{int(old):,}", f"{int(new):,}"
    assert change.what == f"{year}年度の実績値"
    assert shown[0] in change.before and shown[1] in change.after
    assert entry.correction and not entry.first
    pages = place.pages()
    for path in ("updates.md", "kpis/library-loans.md"):
        text = pages[path].decode()
        assert f"<del>{change.before}</del> → <ins>{change.after}</ins>" in text
        assert "訂正" in text and "書き間違えた数を直す" in text
    feed = pages["feed.xml"].decode()
    assert f"{change.before} → {change.after}" in feed
    assert "【訂正】書き間違えた数を直す" in feed
    assert "&lt;注&gt;" in feed
    assert "a@b.example" not in feed + pages["updates.md"].decode()
    other = pages["kpis/bright-index.md"].decode()
    assert "<del>" not in other and "はじめて公開" in other


def test_new_rows_gone_rows_and_confirmed_values(place: Repository) -> None:
    """Adding is not correcting, and a provisional value that becomes final is neither."""
    key, _, old = some_value(place)
    place.cell("observations", key, "status", "provisional")
    place.commit("速報値とする")
    place.cell("observations", key, "status", "final")
    place.cell("observations", key, "value", str(int(old) + 1))
    place.commit("確定")
    place.drop("observations", key)
    place.commit("取り下げ")
    history = place.history()
    assert history is not None
    kinds = [[change.kind for change in entry.shown] for entry in history.entries]
    assert kinds == [["removed"], ["confirmed"], ["changed"], []]


def test_a_commit_that_says_so_is_a_correction(place: Repository) -> None:
    key, _, _ = some_value(place)
    place.drop("observations", key)
    place.commit("訂正: 別の指標の値だった")
    history = place.history()
    assert history is not None
    assert history.entries[0].correction


def test_commits_that_touch_no_data_are_not_news(place: Repository) -> None:
    (place.folder / "note.txt").write_text("x", encoding="utf-8")
    place.commit("A note")
    place.bytes("observations", lambda raw: b"\xef\xbb\xbf" + raw)
    place.commit("Only the encoding")
    history = place.history()
    assert history is not None and len(history.entries) == 1


def test_changes_on_branches_are_told_once(place: Repository) -> None:
    key, _, old = some_value(place)
    place.git("switch", "--quiet", "--create", "work")
    place.cell("observations", key, "value", str(int(old) + 5))
    place.commit("枝での変更")
    place.git("switch", "--quiet", "main")
    place.git("merge", "--no-ff", "--message", "まとめる", "work")
    history = place.history()
    assert history is not None
    assert [entry.subject for entry in history.entries] == ["枝での変更", "データを公開"]


def test_a_shallow_clone_says_that_it_is_cut(place: Repository, tmp_path: Path) -> None:
    """The oldest commit it has is not taken for the first publication."""
    key, _, old = some_value(place)
    for step in (1, 2):
        place.cell("observations", key, "value", str(int(old) + step))
        place.commit(f"変更{step}")
    clone = tmp_path / "clone"
    place.git("clone", "--quiet", "--depth=2", f"file://{place.folder}", str(clone))
    package = sound(clone / "datapackage.json")
    log = read_log(clone / "datapackage.json", package.paths)
    history = history_of(package, log)
    assert history is not None and not history.complete
    assert [entry.subject for entry in history.entries] == ["変更2"]
    text = dict(render(package, FIXTURE / "docs", TODAY, log=log))["updates.md"].decode()
    assert "新しいほうの一部の記録だけ" in text


def test_without_a_repository_the_site_is_whole_and_says_so(
    town: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tarball, a machine without git, a repository without a commit."""
    package = sound(town.descriptor)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(town.folder.parent))
    assert read_log(town.descriptor, package.paths) is None
    pages = render(package, FIXTURE / "docs", TODAY)
    assert "変更の記録を使えません" in pages["updates.md"].decode()
    assert valid(pages["feed.xml"]) == ""
    subprocess.run(["git", "init", "--quiet"], cwd=town.folder, check=True, capture_output=True)
    assert read_log(town.descriptor, package.paths) is None
    monkeypatch.setenv("PATH", "")
    assert read_log(ROOT / "datapackage.json", package.paths) is None


def test_old_tables_that_cannot_be_read_do_no_harm(place: Repository) -> None:
    """Past mistakes stay in the past."""
    good = place.file("observations").read_bytes()
    place.bytes("observations", lambda _: "kpi_id\n値\n".encode("cp932"))
    place.commit("Broken")
    place.bytes("observations", lambda _: good)
    place.commit("Mended")
    assert place.history() is not None


def valid(feed: bytes) -> str:
    """What RELAX NG says against a feed; blank when nothing."""
    from lxml import etree

    schema = etree.RelaxNG(etree.parse(str(SCHEMA)))
    return "" if schema.validate(etree.fromstring(feed)) else str(schema.error_log)


def test_the_feed_is_valid_atom(place: Repository) -> None:
    key, _, old = some_value(place)
    for step in range(3):
        place.cell("observations", key, "value", str(int(old) + step + 1))
        place.commit(f"変更 <{step}> & \x07 制御文字")
    feed = place.pages()["feed.xml"]
    assert feed.count(b"<entry>") == 4
    assert valid(feed) == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<updated>", b"<updated>soon"),
        (b"<id>https", b"<id>no address https"),
        (b"<author>", b"<author><age>4</age>"),
        (b"</feed>", b"<entry><id>a:b</id></entry></feed>"),
        (b' href="https', b' hfre="https'),
    ],
)
def test_the_schema_of_the_feed_bites(place: Repository, old: bytes, new: bytes) -> None:
    feed = place.pages()["feed.xml"]
    assert old in feed
    assert valid(feed.replace(old, new, 1)) != ""


def test_git_is_read_only_and_without_the_callers_repository(
    place: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Variables of a hook that runs the build must not lead to another repository."""
    monkeypatch.setenv("GIT_DIR", str(ROOT / ".git"))
    listed = git_run(place.folder, "log", "--format=%s").decode().split()
    assert listed == ["データを公開"]


def test_what_was_prepared_before_the_first_publication_is_one_entry(place: Repository) -> None:
    """Trials before the site went public are no news; everything after it is."""
    key, _, old = some_value(place)
    place.cell("observations", key, "value", str(int(old) + 7))
    place.commit("Try another reading of the source")
    opened = datetime.fromtimestamp(place.clock + 3600, tz=UTC)
    place.describe(lambda d: d.update(firstPublished=opened.isoformat()))
    place.cell("observations", key, "value", old)
    place.commit("読み違いを訂正する")
    history = place.history()
    assert history is not None
    after, before = history.entries
    assert (before.subject, before.first, before.shown) == (OPENING, True, ())
    assert [(c.kind, c.before, c.after) for c in after.changes] == [
        ("corrected", f"{int(old) + 7:,}冊", f"{int(old):,}冊")
    ]
