"""Templates compiled once: kept by all that their code depends on, whoever renders them."""

from __future__ import annotations

from importlib.metadata import version

from jinja2 import BytecodeCache
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
