"""Reads the git history of a package, once, at the edge. The only user of git in the build.

Merges are left out: every change is told by the commit that made it, in that commit's words.
Nothing here raises: without git, without a repository or with an unreadable one there is no log,
and the site says so.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from scripts.history.model import Log, Revision

COMMAND = (
    "git",
    "--no-pager",
    "--no-optional-locks",
    "--literal-pathspecs",
    "-c",
    "core.quotepath=off",
    "-c",
    "safe.directory=*",
    "-c",
    "log.showSignature=false",
    "-c",
    "i18n.logOutputEncoding=UTF-8",
)
TIMEOUT = 60.0
"""Seconds after which git is taken for missing."""

FORMAT = "%H%x1f%P%x1f%cI%x1f%B"


class GitError(Exception):
    """Git is not there, refused, or said something unexpected."""


def read_log(descriptor: Path, paths: Mapping[str, str]) -> Log | None:
    """The commits that touched the tables; ``None`` when they cannot be known.

    ``paths`` maps tables to paths relative to the descriptor.
    """
    folder = descriptor.resolve().parent
    try:
        prefix = run(folder, "rev-parse", "--show-prefix").decode().rstrip("\n")
        cut = boundary(folder)
        listed = run(
            folder, "log", "--no-merges", "-z", f"--format={FORMAT}", "--", *paths.values()
        )
        commits = [
            commit.split("\x1f", 3)
            for commit in listed.decode(errors="replace").split("\0")
            if commit.strip()
        ]
        names = {
            f"{commit}:{prefix}{path}"
            for commit, parents, *_ in commits
            for commit in (commit, *parents.split()[:1])
            for path in paths.values()
        }
        blobs = read_blobs(folder, sorted(names))
    except (GitError, ValueError):
        return None

    def tables(commit: str) -> dict[str, bytes]:
        found = {t: blobs.get(f"{commit}:{prefix}{p}") for t, p in paths.items()}
        return {table: content for table, content in found.items() if content is not None}

    revisions = tuple(
        Revision(
            commit=commit,
            when=datetime.fromisoformat(when),
            message=message,
            before=tables(parents.split()[0]) if parents else {},
            after=tables(commit),
        )
        for commit, parents, when, message in commits
        if commit not in cut
    )
    return Log(revisions=revisions, complete=not cut)


def commit_of(descriptor: Path) -> str:
    """The commit that :func:`read_log` starts from; blank when that alone does not tell its answer.

    A shallow clone can be deepened without a new commit.
    """
    try:
        said = run(descriptor.resolve().parent, "rev-parse", "HEAD", "--is-shallow-repository")
    except GitError:
        return ""
    commit, shallow = said.decode().split()
    return commit if shallow == "false" else ""


def boundary(folder: Path) -> frozenset[str]:
    """Commits whose parents a shallow clone does not have: what they changed is not known."""
    if run(folder, "rev-parse", "--is-shallow-repository").strip() != b"true":
        return frozenset()
    file = folder / run(folder, "rev-parse", "--git-path", "shallow").decode().rstrip("\n")
    try:
        return frozenset(file.read_text(encoding="ascii").split()) or frozenset({"unknown"})
    except OSError as error:
        raise GitError(str(error)) from error


def read_blobs(folder: Path, names: Sequence[str]) -> dict[str, bytes]:
    """The contents behind ``commit:path`` names; those that do not exist are left out."""
    listed = run(folder, "cat-file", "--batch-check=%(objectname) %(objecttype)", feed=names)
    ids: dict[str, str] = {}
    for name, line in zip(names, listed.decode().splitlines(), strict=True):
        if match := re.fullmatch(r"([0-9a-f]{40,64}) blob", line):
            ids[name] = match[1]
    wanted = sorted(set(ids.values()))
    stream = run(folder, "cat-file", "--batch=%(objectsize)", feed=wanted)
    contents: dict[str, bytes] = {}
    at = 0
    for name in wanted:
        end = stream.index(b"\n", at)
        size = int(stream[at:end])
        contents[name] = stream[end + 1 : end + 1 + size]
        at = end + 1 + size + 1
    return {name: contents[blob] for name, blob in ids.items()}


def run(folder: Path, *arguments: str, feed: Iterable[str] | None = None) -> bytes:
    """What git says. Raises :class:`GitError` when it cannot."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    given = None if feed is None else "".join(f"{line}\n" for line in feed).encode()
    try:
        done = subprocess.run(
            [*COMMAND, *arguments],
            cwd=folder,
            env=environment | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"},
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            timeout=TIMEOUT,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise GitError(str(error)) from error
    return done.stdout
