"""What several test modules share: the fixture package, copies of it to break, small factories."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from scripts.check import check
from scripts.model import Kpi, Observation, Problem, StatusBand, Strategy, Target
from scripts.start.example import table as csv_table

ROOT = Path(__file__).resolve().parent.parent
"""The project: the real package, its documents and ``scripts/``."""

FIXTURE = ROOT / "tests" / "fixture"
"""A small package of a town that does not exist."""

TODAY = date(2026, 11, 22)
"""The day every build of the tests is made on."""


SECOND = ROOT / "tests" / "second"
"""Another town: other words, scales, ids and years. Its tables name the columns they use."""


def second_town(folder: Path) -> Copy:
    """The package of the other town: its settings and rows, the tables as everybody has them."""
    ours = json.loads((ROOT / "datapackage.json").read_bytes())
    there = {file.stem for file in (SECOND / "data").glob("*.csv")}
    resources = [r for r in ours["resources"] if r["name"] in there]
    settings = json.loads((SECOND / "settings.json").read_bytes())
    shutil.copytree(SECOND / "docs", folder / "docs")
    (folder / "data").mkdir()
    for resource in resources:
        with (SECOND / resource["path"]).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        (folder / resource["path"]).write_bytes(csv_table(resource, rows))
    descriptor = {"$schema": ours["$schema"], **settings, "resources": resources}
    (folder / "datapackage.json").write_text(
        json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    return Copy(folder.with_name(folder.name + "-copy"), folder)


class Copy:
    """A copy of the fixture package that a test breaks and then looks at."""

    def __init__(self, folder: Path, source: Path = FIXTURE) -> None:
        for name in ("data", "docs"):
            shutil.copytree(source / name, folder / name)
        shutil.copy(source / "datapackage.json", folder)
        self.folder = folder
        self.descriptor = folder / "datapackage.json"

    def file(self, table: str) -> Path:
        """The CSV of a table."""
        return self.folder / "data" / f"{table}.csv"

    def rows(self, table: str) -> list[list[str]]:
        """All rows of a table, the header first."""
        with self.file(table).open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    def write(self, table: str, rows: Iterable[Iterable[str]]) -> None:
        """Write a table the way the fixture is written."""
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(rows)
        self.file(table).write_text(text.getvalue(), encoding="utf-8", newline="")

    def keys(self, table: str) -> list[str]:
        """The primary key of a table."""
        descriptor = json.loads(self.descriptor.read_bytes())
        (resource,) = [r for r in descriptor["resources"] if r["name"] == table]
        key = resource["schema"]["primaryKey"]
        return [key] if isinstance(key, str) else list(key)

    def cell(self, table: str, key: str, field: str, value: str) -> None:
        """Put ``value`` into a field of the one row whose line starts with ``key``."""
        rows = self.rows(table)
        (row,) = [r for r in rows[1:] if ",".join(r).startswith(key + ",")]
        row[rows[0].index(field)] = value
        self.write(table, rows)

    def column(self, table: str, field: str, value: str) -> None:
        """Put ``value`` into a field of every row."""
        header, *rows = self.rows(table)
        for row in rows:
            row[header.index(field)] = value
        self.write(table, [header, *rows])

    def add(self, table: str, line: str) -> None:
        """Append a line to a table."""
        with self.file(table).open("a", encoding="utf-8", newline="") as file:
            file.write(line + "\n")

    def drop(self, table: str, key: str) -> None:
        """Take out the one row whose line starts with ``key``."""
        rows = self.rows(table)
        (row,) = [r for r in rows[1:] if ",".join(r).startswith(key + ",")]
        rows.remove(row)
        self.write(table, rows)

    def swap(self, path: str, old: str, new: str) -> None:
        """Replace the only occurrence of ``old`` in a file of the package."""
        file = self.folder / path
        text = file.read_bytes().decode()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        file.write_bytes(text.replace(old, new).encode())

    def bytes(self, table: str, change: Callable[[bytes], bytes]) -> None:
        """Change the raw bytes of a table."""
        file = self.file(table)
        file.write_bytes(change(file.read_bytes()))

    def describe(self, change: Callable[[dict[str, Any]], object]) -> None:
        """Change ``datapackage.json`` in place."""
        descriptor = json.loads(self.descriptor.read_bytes())
        change(descriptor)
        text = json.dumps(descriptor, ensure_ascii=False, indent=2)
        self.descriptor.write_text(text + "\n", encoding="utf-8")

    def field(self, table: str, name: str, **changes: Any) -> None:
        """Change the declaration of a field."""

        def change(descriptor: dict[str, Any]) -> None:
            (resource,) = [r for r in descriptor["resources"] if r["name"] == table]
            (found,) = [f for f in resource["schema"]["fields"] if f["name"] == name]
            found.update(changes)

        self.describe(change)

    def leave_out(self, *tables: str) -> None:
        """Take tables out of the package: declaration and file."""
        self.describe(
            lambda d: d.update(resources=[r for r in d["resources"] if r["name"] not in tables])
        )
        for table in tables:
            self.file(table).unlink()

    def calm(self) -> None:
        """Replace the odd characters of the fixture, so that the check asks nothing at all."""
        for problem in check(self.descriptor, TODAY)[1]:
            table = Path(problem.path).stem
            rows = self.rows(table)
            rows[problem.row - 1][rows[0].index(problem.field)] = "ふつうの文"
            self.write(table, rows)

    def found(self) -> list[Problem]:
        """What the check says about the copy and would not say of the fixture."""
        return [p for p in check(self.descriptor, TODAY)[1] if essence(p) not in known()]

    def problems(self) -> list[str]:
        """The same line by line."""
        return [p.line() for p in self.found()]


@cache
def known() -> frozenset[tuple[str, str, str]]:
    """What the check asks about the sound fixture, which shows off odd characters."""
    return frozenset(map(essence, check(FIXTURE / "datapackage.json", TODAY)[1]))


def essence(problem: Problem) -> tuple[str, str, str]:
    """A problem wherever its row has moved to."""
    return problem.path, problem.field, problem.message


def codes_of(lines: Iterable[str]) -> set[str]:
    """The codes that stand at the end of the lines of problems."""
    return {line.rpartition("[")[2].rstrip("]") for line in lines}


@dataclass(frozen=True)
class Broken:
    """A package with one mistake: what was done to the fixture, and every line that must come."""

    name: str
    mutate: Callable[[Copy], object]
    lines: tuple[str, ...]

    @property
    def codes(self) -> set[str]:
        """The codes that stand at the end of the lines."""
        return codes_of(self.lines)


def broken(name: str, mutate: Callable[[Copy], object], *lines: str) -> Broken:
    """A case of a broken package, as the tables in the tests write it."""
    return Broken(name, mutate, lines)


def bands(**bounds: str) -> tuple[StatusBand, ...]:
    """The seven bands; bounds of the pace as in the published rule unless told otherwise."""
    paces = {"on-track": "0.95", "slightly-behind": "0.60", "behind": "0", **bounds}
    tones = {
        "achieved": "good",
        "maintained": "good",
        "on-track": "good",
        "slightly-behind": "warn",
        "behind": "bad",
        "regressed": "bad",
        "unknown": "none",
    }
    return tuple(
        StatusBand(
            status_id=status_id,
            label=status_id,
            symbol="*",
            tone=tone,
            description="",
            position=position,
            min_pace=Decimal(paces[status_id]) if status_id in paces else None,
        )
        for position, (status_id, tone) in enumerate(tones.items(), 1)
    )


def strategy(**changes: Any) -> Strategy:
    """A term from 2020 to 2024."""
    values: dict[str, Any] = {
        "strategy_id": "s",
        "title": "計画",
        "short_title": "第1期",
        "start_year": 2020,
        "end_year": 2024,
        "source_id": "doc",
    }
    return Strategy(**values | changes)


def kpi(**changes: Any) -> Kpi:
    """An indicator counted in 件 that should grow."""
    values: dict[str, Any] = {
        "kpi_id": "k",
        "name": "指標",
        "short_name": "指標",
        "name_en": "Indicator",
        "reading": "しひょう",
        "unit": "件",
        "direction": "increase",
        "accumulation": "annual",
        "year_type": "fiscal",
        "decimals": 6,
        "definition": "数えた値。",
    }
    return Kpi(**values | changes)


def target(
    start: tuple[int, Decimal | int | str] | None,
    goal: tuple[int, Decimal | int | str | None],
    **changes: Any,
) -> Target:
    """From ``(year, value)`` to ``(year, value)``; a blank baseline or goal is ``None``."""
    values: dict[str, Any] = {
        "strategy_id": "s",
        "kpi_id": "k",
        "role": "kpi",
        "goal_id": "goal-1",
        "measure_id": "m",
        "printed_name": "指標",
        "baseline_year": start[0] if start else None,
        "baseline_value": Decimal(start[1]) if start else None,
        "target_year": goal[0],
        "target_value": None if goal[1] is None else Decimal(goal[1]),
        "target_text": "全国水準" if goal[1] is None else "",
        "source_id": "doc",
        "locator": "表1",
    }
    return Target(**values | changes)


def observations(*pairs: tuple[int, Decimal | int | str]) -> tuple[Observation, ...]:
    """Final values of the indicator, one per year."""
    return tuple(
        Observation(
            kpi_id="k",
            year=year,
            value=Decimal(value),
            status="final",
            source_id="doc",
            locator="表1",
        )
        for year, value in pairs
    )


def run(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``python`` with arguments as a person would, from the top of the project."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
