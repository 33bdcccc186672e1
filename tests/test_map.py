"""The map of the house, drawn from the imports of the code, and the tables about it in the docs."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache

import pytest

from tests.helpers import ROOT
from tests.test_house import ENTRIES, MODULES, SCRIPTS, libraries, ours, stage_of

CONTRIBUTING = ROOT / "docs" / "contributing"
INDEX = (CONTRIBUTING / "index.md").read_text(encoding="utf-8")

HEAD = """---
title: 家の地図
description: プログラムの部屋、使い合う向き、部屋の中のモジュール。コードのimportから作っています。
---

# 家の地図

`scripts/`の中の部屋（モジュールかフォルダー）を、`import`から並べました。上の段は下の段だけを使います。輪はありません。部屋のすることは[開発に加わる](index.md#flow)にあります。

コードと食い違うとテストが失敗します。作り直すには:

```console
nox -s tests -- tests/test_map.py --update-expected
```

## 段 {#layers}

"""


@cache
def rooms() -> dict[str, frozenset[str]]:
    """The stages and what each uses of ours."""
    used: dict[str, set[str]] = {}
    for module in MODULES:
        if module.parent != SCRIPTS or module.name != "__init__.py":
            used.setdefault(stage_of(module), set()).update(ours(module))
    return {room: frozenset(others) for room, others in used.items()}


def floors(used: Mapping[str, frozenset[str]]) -> dict[str, int]:
    """The floor of each room: one above the highest that it uses. Fails on a circle."""
    floor: dict[str, int] = {}
    while len(floor) < len(used):
        ready = [r for r in used if r not in floor and used[r] <= floor.keys()]
        assert ready, f"a circle among {sorted(used.keys() - floor.keys())}"
        floor |= {r: max((floor[u] + 1 for u in used[r]), default=0) for r in ready}
    return floor


def drawn() -> str:
    """The page."""
    used = rooms()
    floor = floors(used)
    lines = [HEAD.rstrip("\n"), "", "```text"]
    for height in sorted(set(floor.values()), reverse=True):
        here = sorted(room for room in floor if floor[room] == height)
        lines.append(f"{height}段  " + "  ".join(f"[{r}]" if r in ENTRIES else r for r in here))
    lines += ["```", "", "[ ]は、`python -m scripts.`に続けて書けるコマンドです。", ""]
    lines += ["## 部屋 {#rooms}", ""]
    lines += ["| 部屋 | 使う部屋 | 使う部品 | モジュール |", "| --- | --- | --- | --- |"]
    for room in sorted(used, key=lambda r: (floor[r], r)):
        modules = [m for m in MODULES if stage_of(m) == room]
        names = sorted({m.stem for m in modules} - {"__init__", room})
        parts = sorted(set().union(*map(libraries, modules)) & set(imported_as().values()))
        cells = [room], sorted(used[room]), parts, names
        lines.append(
            "| " + " | ".join(" ".join(f"`{c}`" for c in cell) or "―" for cell in cells) + " |"
        )
    return "\n".join(lines) + "\n"


@cache
def declared() -> dict[str, list[str]]:
    """The libraries of each group of pyproject.toml, other groups aside."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {
        group: [re.split(r"[<>=\[;]", item)[0] for item in items if isinstance(item, str)]
        for group, items in groups["dependency-groups"].items()
    }


@cache
def imported_as() -> dict[str, str]:
    """The names that libraries are imported by."""
    names = {name for items in declared().values() for name in items}
    odd = {"vl-convert-python": "vl_convert", "pyyaml": "yaml", "mkdocs-material": "material"}
    return {name: odd.get(name, name.replace("-", "_")) for name in names}


def test_the_map_is_drawn_from_the_code(updating: bool) -> None:
    """``--update-expected`` draws it anew."""
    file = CONTRIBUTING / "map.md"
    if updating:
        file.write_text(drawn(), encoding="utf-8")
    assert file.read_text(encoding="utf-8") == drawn()


def test_there_is_no_circle() -> None:
    """A circle would be noticed: two rooms that use each other have no floor."""
    with pytest.raises(AssertionError, match="a circle among"):
        floors({"a": frozenset("b"), "b": frozenset("a"), "c": frozenset()})


def first_cells(anchor: str) -> list[str]:
    """The codes (or words) in the first cells of the table below a heading of the index page."""
    part = INDEX.partition(f"{{#{anchor}}}")[2].partition("\n## ")[0].partition("\n### ")[0]
    cells = re.findall(r'<th scope="row">(.*?)</th>', part)
    return [word for cell in cells for word in re.sub("<.*?>", "", cell).split()]


@pytest.mark.parametrize("room", sorted(rooms()))
def test_every_room_says_what_it_does(room: str) -> None:
    assert first_cells("flow").count(room) == 1


def test_no_room_is_told_of_that_is_gone() -> None:
    assert set(first_cells("flow")) == set(rooms())


PLACES = sorted(
    {"build/", "site/", ".cache/"}
    | {
        place
        for place in (
            "data/", "datapackage.json", "docs/", "scripts/", "mkdocs.yml", "overrides/", "tests/",
            "noxfile.py", "pyproject.toml", "constraints.txt", "readability.json",
            ".github/workflows/", ".ci/run", "CHANGELOG.md",
        )
        if (ROOT / place).exists()
    }
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_every_place_is_on_the_map(place: str) -> None:
    assert place in first_cells("map")


def test_no_place_is_on_the_map_that_is_gone() -> None:
    made = {"build/", "site/", ".cache/"}
    assert [p for p in first_cells("map") if p not in made and not (ROOT / p).exists()] == []


LIBRARIES = sorted({name for items in declared().values() for name in items})


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_library_has_its_reason_and_its_replacement(library: str) -> None:
    rows = re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td></tr>', INDEX)
    (found,) = [row for row in rows if library in row[0].split()]
    assert len(found[1]) > 8 and len(found[2]) > 3


def test_no_library_is_explained_that_is_gone() -> None:
    told = [*first_cells("dependencies-site"), *first_cells("dependencies-test")]
    assert sorted(told) == LIBRARIES


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_library_is_pinned(library: str) -> None:
    """The file of versions names it, or a fresh machine would take another one."""
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").lower()
    same = re.sub(r"[-_.]+", "[-_.]+", library.lower())
    assert re.search(rf"^{same}==", pins, re.MULTILINE)
