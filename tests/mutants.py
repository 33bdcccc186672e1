"""Mutation testing: change the judging code a little, again and again; the tests must notice.

``python -m tests.mutants [--every N] [--children N] [NAME…]`` works in a copy below ``.cache/``.
``NAME`` is a pattern of mutants (``scripts.years.*``); ``--every 5`` tries each fifth of them.
Survivors are printed with their difference: kill them with a better test, or explain them in
docs/contributing/testing.md.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import re
import shutil
import subprocess
import sys
from collections import Counter

from tests.helpers import ROOT

PLACE = ROOT / ".cache" / "mutants"
PARTS = ("scripts", "tests", "data", "docs", "overrides", ".github")
FILES = ["pyproject.toml", "datapackage.json", "mkdocs.yml", "constraints.txt", "README.md"]
FILES += ["readability.json", "noxfile.py"]
KILLED = (1, 3)
"""Exit codes of pytest that mean that a test noticed."""


def lay_copy() -> None:
    """A fresh copy of the project in which the rules can be mutated."""
    for name in PARTS:
        shutil.rmtree(PLACE / name, ignore_errors=True)
        shutil.copytree(ROOT / name, PLACE / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, PLACE / name)
    for module in (PLACE / "scripts" / "rules").glob("*.py"):
        module.write_text(undecorated(module.read_text(encoding="utf-8")), encoding="utf-8")


def undecorated(code: str) -> str:
    """Register rules below their functions: mutmut leaves decorated functions alone."""
    found = re.findall(r"^@((?:dated_)?rule)\ndef (\w+)", code, re.MULTILINE)
    bare = re.sub(r"^@(?:dated_)?rule\n(?=def )", "", code, flags=re.MULTILINE)
    return bare + "".join(f"\n{kind}({name})\n" for kind, name in found)


def mutmut(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run mutmut in the copy."""
    return subprocess.run(
        [sys.executable, "-m", "mutmut", *arguments],
        cwd=PLACE,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def results() -> dict[str, int | None]:
    """Exit code of the tests for each mutant, ``None`` where it was not tried."""
    found: dict[str, int | None] = {}
    for meta in sorted((PLACE / "mutants" / "scripts").rglob("*.meta")):
        found |= json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--every", type=int, default=1, metavar="N")
    parser.add_argument("--children", type=int, default=2, metavar="N")
    parser.add_argument("names", nargs="*", default=["*"], metavar="NAME")
    a = parser.parse_args()
    lay_copy()
    first = mutmut("run", "--max-children", str(a.children), "scripts.years.x_era_code__mutmut_1")
    known = [n for n in results() if any(fnmatch.fnmatch(n, shape) for shape in a.names)]
    if not known:
        sys.stdout.write(first.stdout[-2_000:] + first.stderr[-2_000:])
        return 1
    chosen = known[:: a.every]
    for start in range(0, len(chosen), 100):
        mutmut("run", "--max-children", str(a.children), *chosen[start : start + 100])
        sys.stdout.write(f"{min(start + 100, len(chosen))}/{len(chosen)}\n")
        sys.stdout.flush()
    codes = results()
    modules = Counter(name.rpartition(".x")[0] for name in chosen)
    left = [name for name in chosen if codes[name] not in KILLED]
    alive = Counter(name.rpartition(".x")[0] for name in left)
    for module, count in modules.items():
        sys.stdout.write(f"{module}: {count - alive[module]}/{count}\n")
    for name in left:
        sys.stdout.write(f"\n# {name} ({codes[name]})\n{mutmut('show', name).stdout}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
