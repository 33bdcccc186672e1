"""The house: who may import whom, how long a module may be, and that nothing names a city."""

from __future__ import annotations

import ast
import csv
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scripts.check import check
from scripts.model import REQUIRED_TABLES, TABLES, Package
from tests.helpers import FIXTURE, ROOT, run

SCRIPTS = ROOT / "scripts"

MODULES = sorted(SCRIPTS.rglob("*.py"))

STAGES = {
    "model": set(),
    "tree": set(),
    "years": set(),
    "progress": {"model", "years"},
    "messages": set(),
    "colours": set(),
    "cache": set(),
    "spool": set(),
    "memory": {"cache", "spool"},
    "load": {"messages", "model", "years"},
    "plan": {"model"},
    "rules": {"model", "years", "progress", "plan", "colours"},
    "words": {"model", "years", "progress"},
}
"""What the inner stages may import of ours, themselves aside."""

ENTRIES = {
    "advisories",
    "press",
    "record",
    "build",
    "check",
    "diff",
    "import_open_sdg",
    "import_xlsx",
    "serve",
    "site",
    "start",
    "tidy",
    "watch",
}
"""Commands: they import the stages, and no stage imports them."""

OWNERS: dict[str, str | tuple[str, ...] | None] = {
    "argparse": "command",  # elsewhere it would answer in English
    "altair": "charts",
    "vl_convert": "charts",
    "jinja2": ("compiled", "galley", "pages"),
    "sqlite3": "exports",
    "xlsxwriter": "exports",
    "openpyxl": "import_xlsx",
    "frictionless": "load",
    "re2": "load",
    "mkdocs": ("galley", "press", "reprint", "serve"),
    "material": None,
    "pandas": None,
}
"""Who uses a library; those with nobody are used through their own commands, or not at all."""


def stage_of(module: Path) -> str:
    """``scripts/load/cells.py`` → ``load``, ``scripts/tree.py`` → ``tree``."""
    return module.relative_to(SCRIPTS).parts[0].removesuffix(".py")


@cache
def imported(module: Path) -> frozenset[str]:
    """Full names of everything a module imports, inside functions, too."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are absolute"
            assert node.module is not None
            # "from scripts import words" imports scripts.words
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def ours(module: Path) -> set[str]:
    """The stages a module imports, its own aside."""
    found = {name.split(".")[1] for name in imported(module) if name.startswith("scripts.")}
    return found - {stage_of(module)}


def libraries(module: Path) -> set[str]:
    """The libraries a module imports."""
    return {name.partition(".")[0] for name in imported(module)} - {"scripts"}


@pytest.mark.parametrize("stage", STAGES)
def test_the_data_goes_one_way(stage: str) -> None:
    """Inner stages know only what is named above, so no change outside can break them."""
    modules = [module for module in MODULES if stage_of(module) == stage]
    assert modules
    for module in modules:
        assert ours(module) <= STAGES[stage], module.relative_to(ROOT)


def test_no_stage_imports_a_command() -> None:
    """Commands call stages; the other way round would be a circle."""
    for module in MODULES:
        if stage_of(module) not in ENTRIES:
            assert not ours(module) & ENTRIES, module.relative_to(ROOT)


def test_pages_charts_and_exports_do_not_read_files_of_data() -> None:
    """Only the loader reads ``data/``: the others get records."""
    for module in MODULES:
        if stage_of(module) in {"pages", "charts", "exports", "rules", "progress", "words"}:
            assert not ours(module) & {"load", "tree"}, module.relative_to(ROOT)


@pytest.mark.parametrize("library", OWNERS)
def test_each_library_has_one_user(library: str) -> None:
    """A library can be replaced by changing one stage."""
    users = {stage_of(module) for module in MODULES if library in libraries(module)}
    owners = OWNERS[library] or ()
    allowed = {owners} if isinstance(owners, str) else set(owners)
    assert users == allowed, "nobody imports it any more: change the table"


def test_slow_libraries_are_imported_late() -> None:
    """``check`` answers in seconds because nothing slow is imported before it is needed."""
    script = (
        "import sys, scripts.check, scripts.build;"
        "print(sorted({'altair', 'vl_convert', 'frictionless', 'pandas', 'mkdocs'}"
        " & set(sys.modules)))"
    )
    assert run("-c", script).stdout.strip() == "[]"


def test_only_the_console_prints() -> None:
    """What people read on the terminal is made in one place."""
    for module in MODULES:
        calls = {
            node.func.id
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert "print" not in calls or stage_of(module) == "console", module.relative_to(ROOT)


@pytest.mark.parametrize("module", MODULES, ids=[m.relative_to(ROOT).as_posix() for m in MODULES])
def test_a_module_can_be_read_at_once(module: Path) -> None:
    """Under 400 lines; what outgrows them becomes a folder with the same name."""
    text = module.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    assert ast.get_docstring(ast.parse(text)), "a module says in its first line what it is for"


def city_names(descriptor: dict[str, Any]) -> set[str]:
    """The words by which a package names its city, without 市 and in Roman letters."""
    name = descriptor["municipality"]["name"]
    return {
        name,
        re.sub("[市区町村]$", "", name),
        descriptor["name"],
        descriptor["name"].partition("-")[0],
    }


def texts(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every text file of a folder."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path, path.read_text(encoding="utf-8", errors="replace")


def test_nothing_in_the_program_names_the_city(real: Package) -> None:
    """Another municipality replaces data and settings and touches no program."""
    names = city_names(dict(real.descriptor))
    assert len(names) == 4 and all(len(name) >= 2 for name in names)
    # what belongs to the plan: its titles, its goals, the offices
    names |= {strategy.title for strategy in real.strategies}
    names |= {goal.short_title for goal in real.goals}
    names |= {department.name for department in real.departments}
    names |= {str(real.descriptor["municipality"][key]) for key in ("code", "prefecture")}
    for path, text in texts(SCRIPTS):
        found = sorted(name for name in names if name.lower() in text.lower())
        assert found == [], path.relative_to(ROOT)


def test_the_fixture_is_a_town_that_does_not_exist(real: Package, package: Package) -> None:
    """Otherwise the tests could pass because of the real city's words."""
    for path, text in texts(FIXTURE):
        found = [n for n in city_names(dict(real.descriptor)) if n.lower() in text.lower()]
        assert found == [], path.relative_to(ROOT)
    assert city_names(dict(package.descriptor)).isdisjoint(city_names(dict(real.descriptor)))


# --- the real package ---------------------------------------------------------------------------


def test_the_real_package_passes(real: Package) -> None:
    """Nothing is published that the check would refuse, and nothing suspicious is left either."""
    package, problems = check(ROOT / "datapackage.json")
    assert package is not None
    assert [problem.line() for problem in problems] == []
    assert package == real


COUNTS = {"targets": 60, "kpis": 47, "observations": 86, "evaluations": 30}


@pytest.mark.parametrize("table", COUNTS)
def test_the_real_package_is_complete(table: str, real: Package) -> None:
    """As many rows as were counted in the documents: a row that goes missing is noticed."""
    assert len(getattr(real, table)) == COUNTS[table]


@pytest.mark.parametrize("home", [ROOT, FIXTURE], ids=["real", "fixture"])
def test_frictionless_agrees(home: Path) -> None:
    """The packages are valid for everyone's tools, not only for our own loader."""
    done = run("-m", "frictionless", "validate", "datapackage.json", cwd=home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "INVALID" not in done.stdout


DESCRIPTORS = {
    "real": ROOT / "datapackage.json",
    "fixture": FIXTURE / "datapackage.json",
}


def fields_of(path: Path) -> list[tuple[str, dict[str, Any]]]:
    """Every field of every table, with the name of its table."""
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    return [
        (f"{table['name']}.{field['name']}", field)
        for table in descriptor["resources"]
        for field in table["schema"]["fields"]
    ]


JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")

SHARED_UNIT = {
    "targets.baseline_value",
    "targets.target_value",
    "observations.value",
    "achievements.value",
}
"""Numbers whose unit stands in a column or with their indicator; their description says so."""

WITHOUT_UNIT = re.compile(r"(_year|^year|position|decimals|_no)$")
"""Years, places in an order, counts of digits and numbers of rows have no unit."""


@pytest.mark.parametrize("which", DESCRIPTORS)
def test_every_field_is_explained_in_japanese(which: str) -> None:
    """Metadata is the product: title and description for every column."""
    for name, field in fields_of(DESCRIPTORS[which]):
        assert JAPANESE.search(field.get("title", "")) or field["title"] == "URL", name
        assert JAPANESE.search(field.get("description", "")), name
        assert field["description"].endswith("。"), name
        assert field["type"] in {"string", "integer", "number", "boolean"}, name


@pytest.mark.parametrize("which", DESCRIPTORS)
def test_every_number_has_a_unit(which: str) -> None:
    """A number says what it counts, in the schema or where the schema says."""
    for name, field in fields_of(DESCRIPTORS[which]):
        if field["type"] not in {"integer", "number"}:
            assert "unit" not in field, name
        elif name in SHARED_UNIT:
            assert "単位" in field["description"] or name == "achievements.value", name
        elif not WITHOUT_UNIT.search(name.partition(".")[2]):
            assert field.get("unit"), name


@pytest.mark.parametrize("which", DESCRIPTORS)
def test_every_table_is_declared_completely(which: str) -> None:
    """Title, description, key, encoding, and foreign keys to tables that exist."""
    descriptor = json.loads(DESCRIPTORS[which].read_text(encoding="utf-8"))
    names = [table["name"] for table in descriptor["resources"]]
    assert set(REQUIRED_TABLES) <= set(names) <= set(TABLES)
    for table in descriptor["resources"]:
        assert JAPANESE.search(table["title"]) and JAPANESE.search(table["description"])
        assert table["path"] == f"data/{table['name']}.csv"
        assert table["encoding"] == "utf-8" and table["schema"]["missingValues"] == [""]
        columns = {field["name"] for field in table["schema"]["fields"]}
        assert table["schema"]["primaryKey"] and set(table["schema"]["primaryKey"]) <= columns
        for key in table["schema"].get("foreignKeys", []):
            assert key["reference"]["resource"] in {*names, ""}
            assert set(key["fields"]) <= columns
    for needed in ("title", "description", "licenses", "sources", "contributors", "homepage"):
        assert descriptor[needed], needed


def test_ids_are_ids(real: Package) -> None:
    """Every id of the package becomes an address or an anchor."""
    for table in real.paths:
        for record in getattr(real, table):
            for name in record.__dataclass_fields__:
                if name.endswith("_id") and getattr(record, name):
                    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", getattr(record, name))


def test_the_fixture_has_the_schemas_of_the_real_package(updating: bool) -> None:
    """The fixture is broken on purpose in the tests; its schemas must be the ones in use.

    ``--update-expected`` copies them anew; a new column comes in blank.
    """
    file = DESCRIPTORS["fixture"]
    fixture = json.loads(file.read_text(encoding="utf-8"))
    real = {
        table["name"]: table
        for table in json.loads(DESCRIPTORS["real"].read_text(encoding="utf-8"))["resources"]
    }
    wanted = [real[table["name"]] for table in fixture["resources"]]
    if updating:
        fixture["resources"] = wanted
        text = json.dumps(fixture, ensure_ascii=False, indent=2) + "\n"
        file.write_text(text, encoding="utf-8")
        for table in wanted:
            add_columns(FIXTURE / table["path"], [f["name"] for f in table["schema"]["fields"]])
    assert fixture["resources"] == wanted


def add_columns(file: Path, names: list[str]) -> None:
    """Write a table of the fixture again with these columns, blank where there was none."""
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
