"""What a schema cannot say: rules across rows and tables.

Each rule is a small generator whose docstring is the published rule (the method page and the staff
guide print it). Add a rule by writing a function in one of the modules here and decorating it.
"""

from __future__ import annotations

from scripts.rules import plan, settings, suspicion, tables, values
from scripts.rules.registry import RULES, check_package, check_readable, code_of

__all__ = [
    "RULES",
    "check_package",
    "check_readable",
    "code_of",
    "plan",
    "settings",
    "suspicion",
    "tables",
    "values",
]
