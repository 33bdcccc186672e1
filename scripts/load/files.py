"""From a path to text: safe opening, strict decoding, and files that nothing declares."""

from __future__ import annotations

import difflib
import os
import stat
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path, PurePosixPath

from scripts.load.limits import MAX_FILE_BYTES, MAX_PACKAGE_BYTES, MAX_STRAYS
from scripts.model import Problem

TIDY = "「nox -s tidy」で直せます。"
SAVE_AGAIN = "Excel では「CSV UTF-8（コンマ区切り）」を選んで保存し直してください。"

NOT_CSV = (
    (b"PK\x03\x04", "Excel のブック（.xlsx）"),
    (b"\xd0\xcf\x11\xe0", "古い Excel のブック（.xls）"),
    (b"%PDF", "PDF"),
    (b"{\\rtf", "リッチテキスト"),
)
"""First bytes of files that people rename to ``.csv``."""


def is_inside(path: str) -> bool:
    """Whether a declared path is relative and stays below the package."""
    pure = PurePosixPath(path)
    return not (
        pure.is_absolute()
        or not pure.parts
        or ".." in pure.parts
        or any(c in path for c in "\\\0\n\r")
        or ":" in pure.parts[0]
    )


def read_bytes(base: Path, path: str) -> tuple[bytes | None, list[Problem]]:
    """The bytes of a declared file; ``None`` with the reason when it must not or cannot be read."""

    def refuse(code: str, message: str, fix: str) -> tuple[None, list[Problem]]:
        return None, [Problem(path, 0, "", code, message, fix)]

    file = base / path
    try:
        if not file.resolve().is_relative_to(base.resolve()):
            return refuse(
                "unsafe-path",
                "パッケージの外のファイルを指しています。",
                "リンクをやめて、ファイルそのものを data/ の中に置いてください。",
            )
        about = file.stat()
        if not stat.S_ISREG(about.st_mode):
            return refuse(
                "file-missing",
                "ファイルではありません。",
                "同じ名前のフォルダーなどをよけてください。",
            )
        if about.st_size > MAX_FILE_BYTES:
            return refuse(
                "file-too-large",
                f"{about.st_size:,}バイトあり、大きすぎます（上限は{MAX_FILE_BYTES:,}バイト）。",
                "別のファイルを置いていないか確かめてください。",
            )
        with file.open("rb") as stream:
            return stream.read(about.st_size), []  # as much as was asked, should it grow
    except (OSError, ValueError, RuntimeError):
        others = {name.lower(): name for name in names_in(file.parent) if name != file.name}
        near = difflib.get_close_matches(file.name.lower(), others, cutoff=0.85)
        hint = f"「{others[near[0]]}」という名前のファイルはあります。" if near else ""
        return refuse(
            "file-missing",
            f"ファイルが見つからないか、読めません。{hint}",
            "ファイルの名前と場所を確かめてください。",
        )


def too_much(base: Path, paths: Iterable[str]) -> Problem | None:
    """What is wrong with tables that are each small enough but not all together."""
    total = 0
    for path in paths:
        try:
            total += (base / path).stat().st_size
        except (OSError, ValueError):
            continue  # said when the table is read
    if total <= MAX_PACKAGE_BYTES:
        return None
    return Problem(
        "datapackage.json",
        0,
        "",
        "file-too-large",
        f"表は全部で{total:,}バイトあり、大きすぎます（上限は{MAX_PACKAGE_BYTES:,}バイト）。",
        "別のファイルを置いていないか確かめ、大きな自治体は、パッケージを分けてください。",
    )


def names_in(folder: Path) -> list[str]:
    """Names of the entries of a folder in order, at most :data:`MAX_STRAYS`."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in islice(entries, MAX_STRAYS))
    except (OSError, ValueError):
        return []


def undeclared_files(base: Path, declared: Iterable[str]) -> Iterator[Problem]:
    """Files that lie beside the tables but that no table reads (notes in Markdown may stay)."""
    known = {PurePosixPath(p) for p in declared if is_inside(p)}
    for folder in sorted({p.parent for p in known} - {PurePosixPath(".")}):
        for name in names_in(base / folder):
            place = folder / name
            if place in known or name.startswith(".") or name.lower().endswith(".md"):
                continue
            if any(place in other.parents for other in known):
                continue
            lock = name.startswith("~$")
            yield Problem(
                str(place),
                0,
                "",
                "undeclared-file",
                "Excel が開いている間に作る一時ファイルです。"
                if lock
                else "どの表でもないファイルです。中身は公開されません。",
                "Excel を閉じて、このファイルを消してください。"
                if lock
                else "表の更新なら元の名前で上書きし、不要なら消してください。"
                "新しい表なら datapackage.json に書いてください。",
            )


def decode(path: str, raw: bytes) -> tuple[str | None, list[Problem]]:
    """Decode strictly as UTF-8.

    A file in another encoding that can be told for certain is an error but is read on, so that
    its other mistakes are reported in the same run. Line ends come back as LF, without BOM.
    """

    def problem(
        code: str, message: str, fix: str, *, row: int = 0, level: str = "error"
    ) -> Problem:
        return Problem(path, row, "", code, message, fix, level=level)

    for start, kind in NOT_CSV:
        if raw.startswith(start):
            return None, [
                problem(
                    "not-csv",
                    f"CSV ではなく、{kind}です。名前を変えただけでは CSV になりません。",
                    SAVE_AGAIN,
                )
            ]
    text, problems = decode_bytes(path, raw)
    if text is None:
        return None, problems
    if text.startswith("\ufeff"):
        text = text[1:]
        if raw.startswith(b"\xef\xbb\xbf"):
            problems.append(
                problem(
                    "byte-order-mark",
                    "先頭に BOM（見えない印）が付いています。",
                    TIDY,
                    level="warning",
                )
            )
    if "\r" in text:
        row = text[: text.index("\r")].count("\n") + 1
        kind = "CRLF" if "\r\n" in text else "CR"
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        problems.append(
            problem(
                "line-ending", f"改行が LF ではなく {kind} です。", TIDY, row=row, level="warning"
            )
        )
    if not text or text.isspace():
        return None, [
            problem("file-empty", "ファイルが空です。", "元のファイルを取り戻してください。")
        ]
    return text, problems


def decode_bytes(path: str, raw: bytes) -> tuple[str | None, list[Problem]]:
    """The text and, when it was not UTF-8, the error that says what it was."""

    def wrong(message: str, fix: str, row: int = 0, code: str = "encoding-error") -> list[Problem]:
        return [Problem(path, row, "", code, message, fix)]

    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return raw.decode("utf-16"), wrong(
                "文字コードが UTF-8 ではなく UTF-16（Excel の「Unicode テキスト」）です。",
                SAVE_AGAIN + TIDY,
            )
        except UnicodeDecodeError:
            return None, wrong("UTF-16 のファイルが途中で壊れています。", SAVE_AGAIN)
    if (nul := raw.find(b"\0")) >= 0:
        row = raw[:nul].count(b"\n") + 1
        return None, wrong(
            "文字ではないデータ（NUL）が入っています。",
            "元のファイルから保存し直してください。" + SAVE_AGAIN,
            row,
            "nul-byte",
        )
    try:
        return raw.decode(), []
    except UnicodeDecodeError as error:
        start = error.start
    row = raw[:start].count(b"\n") + 1
    if other := other_encoding(raw, start):
        return raw.decode(other), wrong(
            "文字コードが UTF-8 ではなく Shift_JIS（Excel の「CSV」）です。", SAVE_AGAIN + TIDY
        )
    return None, wrong(
        "UTF-8 として読めない文字があります。2つの文字コードが混ざったか、壊れています。"
        if not raw[:start].isascii()
        else "文字コードが UTF-8 ではなく、Shift_JIS とも決められません。",
        "この行の文字を入力し直し、「CSV UTF-8」の形式で保存し直してください。",
        row,
    )


def other_encoding(raw: bytes, bad: int) -> str:
    """``cp932`` when the bytes are certainly that, else blank.

    Not certain: Japanese in UTF-8 stands before the first bad byte (two encodings mixed), or the
    bytes are EUC-JP as well.
    """
    if not raw[:bad].isascii():
        return ""
    try:
        raw.decode("cp932")
    except UnicodeDecodeError:
        return ""
    try:
        raw.decode("euc_jp")
    except UnicodeDecodeError:
        return "cp932"
    return ""
