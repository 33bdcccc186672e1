"""The only reader of ``data/``: bytes → cells → Frictionless schema → typed records.

:func:`load_package` answers with the package and every problem found; the package is ``None``
when records could not be made.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from scripts.load.cells import Table, read_table
from scripts.load.records import make_records
from scripts.load.schema import check_schema
from scripts.model import REQUIRED_TABLES, TABLES, Package, Problem


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading gives: a package, or only the problems that prevented one."""

    package: Package | None
    problems: tuple[Problem, ...]


def load_package(descriptor_path: Path) -> Loaded:
    """Read a ``datapackage.json`` and its tables.

    Never raises for bad data: what is wrong comes back as problems, all at once.
    """
    descriptor, problems = read_descriptor(descriptor_path)
    if descriptor is None:
        return Loaded(None, tuple(problems))
    tables: list[Table] = []
    broken = False
    for resource in descriptor["resources"]:
        table, found = read_table(descriptor_path.parent, resource)
        problems += found
        if table is None:
            broken = True
        else:
            tables.append(table)
    problems += check_schema(tables, complete=not broken)
    if any(p.level == "error" for p in problems):
        return Loaded(None, tuple(sorted(set(problems))))
    package = Package(
        descriptor=descriptor,
        paths={t.name: t.path for t in tables},
        raw={t.name: t.raw for t in tables},
        **{t.name: make_records(TABLES[t.name], t) for t in tables},  # type: ignore[arg-type]
    )
    return Loaded(package, tuple(sorted(set(problems))))


def read_descriptor(path: Path) -> tuple[dict[str, Any] | None, list[Problem]]:
    """Read and check the parts of ``datapackage.json`` that reading the tables depends on."""
    name = path.name

    def problem(code: str, message: str, fix: str = "", row: int = 0) -> Problem:
        return Problem(path=name, row=row, field="", code=code, message=message, fix=fix)

    try:
        text = path.read_bytes().decode("utf-8-sig")
        descriptor = json.loads(text)
    except FileNotFoundError:
        return None, [
            problem("file-missing", f"{name} が見つかりません。", "場所を確かめてください。")
        ]
    except UnicodeDecodeError:
        return None, [
            problem("encoding-error", "UTF-8 として読めません。", "UTF-8 で保存し直してください。")
        ]
    except json.JSONDecodeError as error:
        return None, [
            problem(
                "json-error",
                f"JSON として読めません（{error.lineno}行{error.colno}文字目）。",
                '直前の行の「,」や「"」の付け忘れ、余分な「,」を確かめてください。',
                error.lineno,
            )
        ]
    if not isinstance(descriptor, dict) or not isinstance(descriptor.get("resources"), list):
        return None, [problem("package-error", "resources（表の一覧）がありません。")]
    problems: list[Problem] = []
    seen: list[str] = []
    for resource in descriptor["resources"]:
        where = resource.get("path") if isinstance(resource, dict) else None
        table = resource.get("name") if isinstance(resource, dict) else None
        if not isinstance(where, str) or not isinstance(table, str):
            problems.append(problem("package-error", "name と path のない表があります。"))
        elif table not in TABLES:
            problems.append(
                problem(
                    "package-error",
                    f"表「{table}」は、このサイトが知らない表です。",
                    f"使える表は {'、'.join(TABLES)} です。",
                )
            )
        elif PurePosixPath(where).is_absolute() or ".." in PurePosixPath(where).parts:
            problems.append(
                problem(
                    "unsafe-path",
                    f"表「{table}」の場所「{where}」は、パッケージの外を指しています。",
                    "datapackage.json と同じフォルダーの中に置いてください。",
                )
            )
        else:
            seen.append(table)
    for table in REQUIRED_TABLES:
        if table not in seen:
            problems.append(problem("table-missing", f"必要な表「{table}」の宣言がありません。"))
    for table in sorted({t for t in seen if seen.count(t) > 1}):
        problems.append(problem("package-error", f"表「{table}」が2回以上宣言されています。"))
    return (None if problems else descriptor), problems
