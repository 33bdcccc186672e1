"""Mutation testing: change the judging code a little, again and again; the tests must notice.

``python -m tests.mutants [--every N] [--children N] [GROUP…]`` works in copies below
``build/mutants/``. ``--every 5`` tries each fifth mutant. Survivors are printed with their
difference: kill them with a better test, or explain them in docs/contributing/testing.md.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.helpers import ROOT

PLACE = ROOT / "build" / "mutants"
PARTS = ("scripts", "tests", "data", "docs", "overrides", ".github")
FILES = ["pyproject.toml", "datapackage.json", "mkdocs.yml", "constraints.txt", "README.md"]
FILES += ["readability.json", "noxfile.py"]
KILLED = (1, 3)
"""Exit codes of pytest that mean that a test noticed."""

TOO_LONG = (-24, 24, 152)
"""Exit codes of a mutant that does not end: noticed as well."""

GROUPS: dict[str, tuple[list[str], list[str], str]] = {
    "progress": (
        ["scripts/progress.py", "scripts/years.py"],
        ["tests/test_progress.py", "tests/test_progress_properties.py", "tests/test_years.py"],
        "",
    ),
    "rules": (
        ["scripts/rules/*.py"],
        ["tests/test_rules_edges.py", "tests/test_rules.py", "tests/test_mistakes.py"],
        "not published and not for_people",
    ),
    "load": (
        ["scripts/load/*.py"],
        [
            "tests/test_readings.py",
            "tests/test_keys.py",
            "tests/test_limits.py",
            "tests/test_again.py",
            "tests/test_load.py",
            "tests/test_mistakes.py",
            "tests/test_tidy.py",
            "tests/test_load_bounds.py",
        ],
        "not for_people and not every_code and not every_entry and not bounded and not endless_list"
        " and not random and not running_twice and not twice_is_once and not bytes_change"
        " and not no_value_ever and not full_check",
    ),
}
"""What is changed, the quick tests that must notice, and which of these are left out."""

CONFIG = """
[tool.mutmut]
source_paths = ["scripts"]
only_mutate = {modules}
also_copy = {copied}
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = ["-p", "no:xdist", "-k", "{wanted}"]
# forked where everything is imported; tests.mutants_quick forgets what tests keep for one another
process_isolation = "fork"
track_dependencies = false
timeout_multiplier = 5.0
use_git_change_detection = false
"""


def lay_copy(group: str) -> Path:
    """A fresh copy of the project in which the modules of a group can be mutated."""
    place = PLACE / group
    noticed = place / "noticed.jsonl"
    notes = noticed.read_bytes() if noticed.is_file() else b""
    shutil.rmtree(place, ignore_errors=True)
    for name in PARTS:
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, place / name)
    for module in (place / "scripts" / "rules").glob("*.py"):
        module.write_text(undecorated(module.read_text(encoding="utf-8")), encoding="utf-8")
    modules, tests, wanted = GROUPS[group]
    copied = [*PARTS[2:], *FILES]
    config = CONFIG.format(modules=modules, tests=tests, wanted=wanted, copied=copied)
    with (place / "pyproject.toml").open("a", encoding="utf-8") as stream:
        stream.write(config)
    noticed.write_bytes(notes)  # only the order of the tests depends on it
    (place / "quick").mkdir()
    shutil.copy(ROOT / "tests" / "mutants_quick.py", place / "quick")
    return place


def undecorated(code: str) -> str:
    """Register rules below their functions: mutmut leaves decorated functions alone."""
    found = re.findall(r"^@((?:dated_)?rule)\ndef (\w+)", code, re.MULTILINE)
    bare = re.sub(r"^@(?:dated_)?rule\n(?=def )", "", code, flags=re.MULTILINE)
    return bare + "".join(f"\n{kind}({name})\n" for kind, name in found)


def mutmut(place: Path, *arguments: str) -> str:
    """What mutmut says when it is run in the copy."""
    quick = ["quick/mutants_quick.py"] if arguments[0] == "run" else ["-m", "mutmut"]
    memory = Path("/dev/shm")  # noqa: S108
    done = subprocess.run(
        [sys.executable, *quick, *arguments],
        cwd=place,
        # each mutant lays copies of the package: in memory where there is such a place
        env={**os.environ, "TMPDIR": str(memory if memory.is_dir() else place)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return done.stdout


def results(place: Path) -> dict[str, int | None]:
    """Exit code of the tests for each mutant, ``None`` where it was not tried."""
    found: dict[str, int | None] = {}
    for meta in sorted((place / "mutants" / "scripts").rglob("*.meta")):
        found |= json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def try_group(group: str, children: int, every: int) -> bool:
    """Try the mutants of a group and say what became of them."""
    place = lay_copy(group)
    first = mutmut(place, "run", "--max-children", "1", "no.such.mutant")  # writes all, tries none
    chosen = list(results(place))[::every]
    named = chosen if every > 1 else ()  # without names it tries all
    said = mutmut(place, "run", "--max-children", str(children), *named) if chosen else first
    codes = results(place)
    tried = [name for name in chosen if codes[name] is not None]
    left = [name for name in tried if codes[name] not in KILLED + TOO_LONG]
    modules = Counter(name.rpartition(".x")[0] for name in tried)
    alive = Counter(name.rpartition(".x")[0] for name in left)
    for module, count in modules.items():
        sys.stdout.write(f"{module}: {count - alive[module]}/{count}\n")
    for name in left:
        sys.stdout.write(f"\n# {name} ({codes[name]})\n{mutmut(place, 'show', name)}")
    if len(tried) < len(chosen) or not tried:
        sys.stdout.write(f"{group}: {len(tried)}/{len(chosen)} tried\n{said[-3_000:]}\n")
    sys.stdout.flush()
    return bool(tried) and len(tried) == len(chosen)


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--every", type=int, default=1, metavar="N")
    parser.add_argument("--children", type=int, default=2, metavar="N")
    parser.add_argument("groups", nargs="*", default=list(GROUPS), metavar="GROUP")
    a = parser.parse_args()
    done = [try_group(group, a.children, a.every) for group in a.groups]
    return 0 if all(done) else 1


if __name__ == "__main__":
    raise SystemExit(main())
