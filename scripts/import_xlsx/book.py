"""Open a workbook that anybody may have sent: bounded, and never a traceback."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from scripts.messages import shown
from scripts.model import Problem

MAX_BOOK_BYTES = 10_000_000
"""Bytes of the file; asked of the file system before a byte is read."""

MAX_PARTS = 1_000
"""Files inside the workbook (a workbook is a zip archive)."""

MAX_UNPACKED_BYTES = 40_000_000
"""Bytes of all parts together; asked of the archive and checked while unpacking."""

AGAIN = "Excel で開き、「Excel ブック（.xlsx）」として保存し直してください。"


def open_book(path: Path) -> tuple[Workbook | None, list[Problem]]:
    """The workbook, or the reason why it is not opened."""
    name = shown(path.name)

    def refuse(code: str, message: str, fix: str) -> tuple[None, list[Problem]]:
        return None, [Problem(name, 0, "", code, message, fix)]

    try:
        if not path.is_file():
            return refuse(
                "file-missing", "ファイルが見つかりません。", "名前と場所を確かめてください。"
            )
        if path.stat().st_size > MAX_BOOK_BYTES:
            return refuse(
                "file-too-large",
                f"大きすぎます（上限は{MAX_BOOK_BYTES:,}バイト）。",
                "画像などを除き、表だけのブックにしてください。",
            )
        raw = path.read_bytes()
    except (OSError, ValueError):
        return refuse(
            "file-missing", "ファイルを読めません。", "Excel で閉じてから、もう一度試してください。"
        )
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        return refuse(
            "workbook-unreadable",
            "古い形式（.xls）か、パスワードの付いたブックです。",
            "パスワードを外し、" + AGAIN,
        )
    if trouble := unsafe_parts(raw):
        return refuse("workbook-unreadable", trouble, AGAIN)
    try:
        return load_workbook(io.BytesIO(raw)), []
    except Exception:  # noqa: BLE001 - whatever a library makes of a file that is no workbook
        return refuse("workbook-unreadable", "Excel のブックとして読めません。", AGAIN)


def unsafe_parts(raw: bytes) -> str:
    """Why an archive must not be unpacked; blank when it may."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(p.file_size for p in parts) > MAX_UNPACKED_BYTES:
                return "中身を広げると大きすぎます。"
            if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
                return "マクロの入ったブックは読みません。"
            left = MAX_UNPACKED_BYTES
            for part in parts:
                with archive.open(part) as stream:
                    content = stream.read(left + 1)
                left -= len(content)
                if left < 0:
                    return "中身を広げると大きすぎます。"
                wide = b"\0" in content[:100] and part.filename.lower().endswith((".xml", ".rels"))
                if wide or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                    # Excel writes UTF-8; in UTF-16 the search would not see a definition
                    return "ブックに、表ではない仕掛け（XML の定義）があります。"
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        return "Excel のブック（.xlsx）ではないか、壊れています。"
    except Exception:  # noqa: BLE001 - decompressors raise errors of their own
        return "Excel のブック（.xlsx）ではないか、壊れています。"
    return ""
