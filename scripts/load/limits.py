"""How much a package may hold. What is larger is refused before it costs time or memory."""

from __future__ import annotations

MAX_DESCRIPTOR_BYTES = 2_000_000
"""Bytes of ``datapackage.json``."""

MAX_FILE_BYTES = 100_000_000
"""Bytes of one table; asked of the file system before a byte is read."""

MAX_PACKAGE_BYTES = 200_000_000
"""Bytes of all tables together, asked in the same way."""

MAX_ROWS = 1_100_000
"""Lines of one table: a million rows and some."""

MAX_COLUMNS = 200
"""Columns of one table."""

MAX_CELLS = 20_000_000
"""Declared columns times lines of one table."""

MAX_LINE_CHARS = 100_000
"""Characters of one line, and so of one cell."""

MAX_DIGITS = 15
"""Digits of one number: Excel keeps no more, and 12 hold a city's budget in yen."""

MAX_PROBLEMS = 200
"""Problems listed per file; the rest is counted."""

MAX_COLLECTED = 2_000
"""Problems in the cells of one file after which looking on is of no use to anybody."""

MAX_STRAYS = 1_000
"""Entries of a data folder that are looked at."""

MAX_KNOWN = 100_000
"""Different cells of a column that are remembered, so that equal ones take no memory again."""
