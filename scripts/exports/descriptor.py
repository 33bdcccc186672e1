"""The descriptor as published: every file with its size, its hash and, for tables, its schema."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scripts.exports.cells import spliced
from scripts.exports.table import Table, heading

MEDIA = {
    "csv": "text/csv",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "sqlite": "application/vnd.sqlite3",
    "svg": "image/svg+xml",
    "png": "image/png",
    "zip": "application/zip",
}


def fingerprint(pieces: Iterable[bytes]) -> dict[str, Any]:
    """Size and hash of a file, which may come in pieces."""
    size, digest = 0, hashlib.sha256()
    for piece in pieces:
        size += len(piece)
        digest.update(piece)
    return {"bytes": size, "hash": "sha256:" + digest.hexdigest()}


def table_resource(
    table: Table, content: Iterable[bytes], *, titled: bool = False
) -> dict[str, Any]:
    """The resource of a CSV, given in pieces.

    With ``titled`` its columns are named by their Japanese titles.
    Written as a plain dict: adding resources through the library is quadratic in their number.
    """
    fields = [dict(field) for field in table.fields]
    if titled:
        for field in fields:
            field["name"] = heading(field)
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if table.primary_key:
        schema["primaryKey"] = list(table.primary_key)
    if table.keys:
        schema["foreignKeys"] = [dict(key) for key in table.keys]
    return {
        "name": table.name,
        "type": "table",
        "title": table.title,
        "description": table.description,
        "path": table.path,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "dialect": {"delimiter": ",", "lineTerminator": "\n"},
        **fingerprint(content),
        "schema": schema,
    }


def file_resource(path: str, title: str, content: Iterable[bytes]) -> dict[str, Any]:
    """The resource of a file that is not a table of its own; ``path`` is relative to ``data/``.

    ``content`` is given in pieces.
    """
    form = path.rpartition(".")[2]
    return {
        "name": path.replace("/", "-").replace(".", "-").replace("_", "-"),
        "title": title,
        "path": path,
        "format": form,
        "mediatype": MEDIA[form],
        **fingerprint(content),
    }


def published(descriptor: Mapping[str, Any], resources: Iterable[bytes]) -> Iterator[bytes]:
    """The descriptor of the published folder: the settings of the package, our resources.

    ``resources`` are fragments of JSON (:func:`scripts.exports.cells.fragment`); it comes in
    pieces.
    """
    return spliced(descriptor, "resources", resources)
