"""The patterns of columns, matched in a time that grows with the text alone.

Anybody who writes a ``datapackage.json`` can write ``(a+)+$``, on which the regular expressions of
Python do not come to an end. RE2 always does; it knows all but looking around and back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

_CLASSES = {r"\d": r"\p{Nd}", r"\w": r"\p{L}\p{N}_", r"\s": r"\s\p{Z}"}
"""What these mean to Python; to RE2 they are ASCII."""


@lru_cache(1_000)
def matcher(pattern: str) -> Callable[[str], bool]:
    """A function that says whether a whole text is as the pattern wants it.

    Raises ``ValueError`` for a pattern that RE2, or whoever checks our data with Python's own
    regular expressions, cannot read.
    """
    import re2

    options = re2.Options()
    options.log_errors = False
    compiled = re2.Set.FullMatchSet(options)
    try:
        re.compile(f"^{pattern}$")
        compiled.Add(translated(pattern))
        compiled.Compile()
    except (re.error, re2.error, RecursionError, OverflowError) as error:
        raise ValueError(pattern) from error
    return lambda text: bool(compiled.Match(text))


def translated(pattern: str) -> str:
    """The pattern with the classes of Python in the words of RE2."""
    parts: list[str] = []
    inside = False
    for piece in re.findall(r"\\.|.", pattern, re.DOTALL):
        if known := _CLASSES.get(piece):
            parts.append(known if inside else f"[{known}]")
            continue
        inside = piece == "[" or (inside and piece != "]")
        parts.append(piece)
    return "".join(parts)
