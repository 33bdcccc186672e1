"""Read a revision of the repository into a folder of its own; the work tree is never touched."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from scripts.tree import safe

MAIN_BRANCHES = ("origin/main", "main")
"""Where the published state is looked for when no revision is named, in this order."""


class RevisionError(Exception):
    """A revision that cannot be read, said in Japanese for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit: what was asked for, its short hash and its date (YYYY-MM-DD)."""

    asked: str
    commit: str
    short: str
    date: str

    @property
    def label(self) -> str:
        """``main（3c74be8、2026-07-01）``."""
        return f"{self.asked}（{self.short}、{self.date}）"


@dataclass(frozen=True, slots=True)
class Repository:
    """A git work tree; all calls only read."""

    top: Path

    @classmethod
    def around(cls, folder: Path) -> Repository:
        """The repository a folder belongs to. Raises :class:`RevisionError` when there is none."""
        top = _git(folder, "rev-parse", "--show-toplevel")
        if top is None:
            raise RevisionError(
                f"{folder} は git のリポジトリーの中にありません。"
                "git clone で取り出したフォルダーの中で実行してください。"
            )
        return cls(Path(top.decode().rstrip("\n")))

    def find(self, asked: str | None) -> Revision:
        """Look a revision up; ``None`` means the merge base with the main branch, else HEAD."""
        if asked is None:
            return self._default()
        commit = self._commit(asked)
        if commit is None:
            raise RevisionError(
                f"「{asked}」という版が見つかりません。"
                "枝の名前、タグ、または git log に出るコミットの番号を書いてください（例: main）。"
            )
        return self._revision(asked, commit)

    def extract(self, revision: Revision, paths: list[str], into: Path) -> None:
        """Write files and folders of a revision below ``into``; those it lacks are left out."""
        present = [p for p in paths if self._has(revision, p)]
        if not present:
            return
        raw = _git(self.top, "archive", "--format=tar", revision.commit, "--", *present)
        if raw is None:
            raise RevisionError(f"{revision.label} のファイルを取り出せませんでした。")
        with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isfile() else None
                if content is not None:  # links and folders are left out
                    file = into / safe(member.name)
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_bytes(content.read())

    def relative(self, path: Path) -> str | None:
        """A path as the repository names it, ``None`` when it is outside."""
        try:
            return path.resolve().relative_to(self.top.resolve()).as_posix()
        except ValueError:
            return None

    def differs(self, revision: Revision, paths: list[str]) -> bool:
        """Whether tracked files below ``paths`` differ from the work tree."""
        return _git(self.top, "diff", "--quiet", revision.commit, "--", *paths) is None

    def _default(self) -> Revision:
        for branch in MAIN_BRANCHES:
            if self._commit(branch) and (base := _git(self.top, "merge-base", "HEAD", branch)):
                return self._revision(branch, base.decode().strip())
        commit = self._commit("HEAD")
        if commit is None:
            raise RevisionError(
                "このリポジトリーには、まだコミットがありません。比べる相手がありません。"
            )
        return self._revision("HEAD", commit)

    def _commit(self, asked: str) -> str | None:
        raw = _git(
            self.top, "rev-parse", "--verify", "--quiet", "--end-of-options", asked + "^{commit}"
        )
        return raw.decode().strip() if raw else None

    def _revision(self, asked: str, commit: str) -> Revision:
        raw = _git(self.top, "show", "--no-patch", "--format=%h %cs", commit) or b"? ?"
        short, date = raw.decode().split()
        return Revision(asked, commit, short, date)

    def _has(self, revision: Revision, path: str) -> bool:
        return _git(self.top, "cat-file", "-e", f"{revision.commit}:{path}") is not None


def _git(folder: Path, *arguments: str) -> bytes | None:
    """Output of a git command, ``None`` when it failed."""
    program = shutil.which("git")
    if program is None:
        raise RevisionError("git が見つかりません。git を入れてから実行してください。")
    command = [program, "--literal-pathspecs", "-C", str(folder), *arguments]
    done = subprocess.run(command, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None
