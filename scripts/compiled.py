"""Templates compiled once, and listed without what nobody asks for, whoever renders them.

A compiled one is kept by all that its code depends on.
"""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path

from jinja2 import BytecodeCache, FileSystemLoader
from jinja2.bccache import Bucket

from scripts.cache import fetch, keep, name_of


class Compiled(BytecodeCache):
    """Good for as long as a template, Jinja and ``depends_on`` (what sets it up) stay the same."""

    def __init__(self, depends_on: str) -> None:
        self._stamp = f"{depends_on}\n{version('jinja2')}"

    def _name(self, bucket: Bucket) -> str:
        return name_of("jinja", f"{self._stamp}\n{bucket.key}\n{bucket.checksum}")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with what is kept of its template."""
        if kept := fetch(self._name(bucket)):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template."""
        keep(self._name(bucket), bucket.bytecode_to_string())


class Templates(FileSystemLoader):
    """The templates of a theme; what MkDocs would leave out of their list is not looked through."""

    def list_templates(self) -> list[str]:
        """All but hidden ones: Material has thousands of icons in a hidden folder."""
        found: set[str] = set()
        for top in self.searchpath:
            for folder, folders, names in os.walk(top):
                folders[:] = [name for name in folders if not name.startswith(".")]
                below = Path(folder).relative_to(top)
                found.update((below / name).as_posix() for name in names)
        return sorted(found)
