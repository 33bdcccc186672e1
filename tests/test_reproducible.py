"""``--today`` is the only clock: what a build makes depends on nothing else of this moment."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.helpers import ROOT

CLOCKS = {"date", "datetime", "time", "os", "random", "uuid", "secrets", "socket", "platform"}
"""Modules and classes that can give another answer at another time or on another machine."""

ASKED = {
    *("today", "now", "utcnow", "time", "time_ns", "monotonic", "perf_counter", "localtime"),
    *("gmtime", "ctime", "asctime", "getpid", "urandom", "uuid1", "uuid4", "random", "randint"),
    *("choice", "shuffle", "token_hex", "token_bytes", "gethostname", "getlogin", "node", "uname"),
}
"""What is asked of them."""

STAMPS = {"st_mtime", "st_mtime_ns", "st_ctime", "st_ctime_ns", "st_atime", "st_ino"}
"""What a file system knows about a file beside its content."""

EDGES = {
    ("diff/__main__.py", "make_report", "now"),
    ("serve.py", "today", "today"),
    # how long it took, told on the terminal
    ("serve.py", "refresh", "monotonic"),
    ("site.py", "make_site", "monotonic"),
    # what is old enough to be cleared away, and what an editor has just saved
    ("cache.py", "forget", "time"),
    ("cache.py", "_read", "time"),
    ("cache.py", "_read", "st_mtime"),
    ("cache.py", "forget", "st_mtime"),
    ("site.py", "clean_up", "time"),
    ("site.py", "clean_up", "st_mtime"),
    # the name of a folder beside the tree, for who has to clear it away
    ("tree.py", "write_tree", "getpid"),
    ("lookout.py", "look", "st_mtime_ns"),
    ("lookout.py", "settle", "monotonic"),
    ("lookout.py", "stable", "monotonic"),
    ("serve.py", "reload", "monotonic"),
    ("reprint.py", "look_at", "st_mtime_ns"),
    ("reprint.py", "look_at", "st_ino"),
}
"""Where a clock may be read besides ``main``, which asks for the day: module, function, clock. None
of them is below a function that makes bytes."""


def clocks(module: str, tree: ast.AST, function: str = "") -> Iterator[tuple[str, str, str]]:
    """Every clock that a module reads, with the function it stands in."""
    for node in ast.iter_child_nodes(tree):
        inside = node.name if isinstance(node, ast.FunctionDef) else function
        if isinstance(node, ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            if node.attr in STAMPS or (owner in CLOCKS and node.attr in ASKED):
                yield module, function, node.attr
        if isinstance(node, ast.ImportFrom) and node.module in CLOCKS - {"datetime"}:
            for name in node.names:
                if name.name in ASKED:
                    yield module, function, name.name
        yield from clocks(module, node, inside)


def test_the_day_is_read_at_the_edge_only() -> None:
    found = set()
    for file in (ROOT / "scripts").rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        found |= set(clocks(file.relative_to(ROOT / "scripts").as_posix(), tree))
    assert {clock for clock in found if clock[1:] != ("main", "today")} == EDGES
