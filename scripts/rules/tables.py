"""Rules for how tables hang together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from operator import attrgetter

from scripts.model import Measure, Package, Problem, Record
from scripts.progress import ACHIEVED, MAINTAINED, REGRESSED, UNKNOWN
from scripts.rules.registry import at, rule

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_ID = 80
"""Characters of an id: file names end at 255 bytes, and addresses are read out and typed."""

DEVICES = {"con", "prn", "aux", "nul", *(f"{n}{i}" for n in ("com", "lpt") for i in range(10))}
"""Names that no file can have on Windows, whatever comes after the dot."""

RESERVED_KPI_IDS = frozenset({"index", "status"})
"""Names below ``kpis/`` that are pages of their own."""


@rule
def sources_used(package: Package) -> Iterator[Problem]:
    """出典資料は、どこかの行から使われている。"""
    used = {
        record.source_id
        for table in package.paths
        if table != "sources"
        for record in getattr(package, table)
        if hasattr(record, "source_id")
    }
    for source in package.sources:
        if source.source_id not in used:
            yield at(
                package,
                "sources",
                source,
                "source_id",
                "sources-used",
                f"出典「{source.title}」を使う行がありません。",
                "使わない出典の行を消すか、値の source_id を確かめてください。",
            )


@rule
def measures_used(package: Package) -> Iterator[Problem]:
    """施策の親をたどっても自分に戻らず、親子の期と目標が一致する。"""
    measures = {m.measure_id: m for m in package.measures}
    for measure in package.measures:
        parent = measures.get(measure.parent_id)
        if in_circle(measure, measures):
            yield at(
                package,
                "measures",
                measure,
                "parent_id",
                "measures-used",
                "親の施策をたどると、自分に戻ります。",
                "親の施策の記号を書くか、小項目でなければ空にしてください。",
            )
        if parent and (parent.strategy_id, parent.goal_id) != (
            measure.strategy_id,
            measure.goal_id,
        ):
            yield at(
                package,
                "measures",
                measure,
                "parent_id",
                "measures-used",
                f"親の施策「{parent.title}」は、別の期か別の基本目標の施策です。",
                "parent_id を直してください。",
            )


def in_circle(measure: Measure, measures: Mapping[str, Measure]) -> bool:
    """Whether the parents of a measure lead back to it."""
    seen: set[str] = set()
    parent = measure.parent_id
    while parent in measures and parent not in seen:
        seen.add(parent)
        parent = measures[parent].parent_id
    return measure.measure_id in seen


@rule
def target_place(package: Package) -> Iterator[Problem]:
    """KPIの目標は施策に属し、施策の期と基本目標は目標の行と一致する。"""
    measures = {m.measure_id: m for m in package.measures}
    for target in package.targets:
        if target.role == "kpi" and not target.measure_id:
            yield at(
                package,
                "targets",
                target,
                "measure_id",
                "target-place",
                "施策のKPIなのに、施策が空です。",
                "measure_id を書くか、基本目標の数値目標なら role を goal にしてください。",
            )
        measure = measures.get(target.measure_id)
        if measure and (measure.strategy_id, measure.goal_id) != (
            target.strategy_id,
            target.goal_id,
        ):
            yield at(
                package,
                "targets",
                target,
                "measure_id",
                "target-place",
                f"施策「{measure.title}」は、この行の期か基本目標と違います。",
                "strategy_id、goal_id、measure_id を見比べてください。",
            )


@rule
def bands_complete(package: Package) -> Iterator[Problem]:
    """判定の区分には、達成・維持・後退・判定不可と、下限0のペースの区分がある。"""
    ids = {band.status_id for band in package.status_bands}
    for needed in (ACHIEVED, MAINTAINED, REGRESSED, UNKNOWN):
        if needed not in ids:
            yield at(
                package,
                "status_bands",
                None,
                "status_id",
                "bands-complete",
                f"判定の区分「{needed}」がありません。",
                "status_bands.csv に行を足してください。",
            )
    if not any(band.min_pace == 0 for band in package.status_bands):
        yield at(
            package,
            "status_bands",
            None,
            "min_pace",
            "bands-complete",
            "下限が0の区分がありません。",
            "いちばん下のペースの区分の min_pace を 0 にしてください。",
        )


@rule
def row_order(package: Package) -> Iterator[Problem]:
    """行は主キーの順に並べる。"""
    for resource in package.descriptor["resources"]:
        table = resource["name"]
        keys = resource["schema"]["primaryKey"]
        records: Sequence[Record] = getattr(package, table)
        places = map(attrgetter(*keys), records)
        wrong = next((n for n, (a, b) in enumerate(pairwise(places), 1) if b < a), None)
        if wrong is not None:
            record = records[wrong]
            key = [getattr(record, k) for k in keys]
            yield at(
                package,
                table,
                record,
                keys[0],
                "row-order",
                f"「{'・'.join(map(str, key))}」の行が、主キーの順に並んでいません。",
                "「nox -s tidy」で並べ替えられます。",
                level="warning",
            )


@rule
def kpi_id_free(package: Package) -> Iterator[Problem]:
    """指標IDは、サイトが別のページに使う名前と重ならない。"""
    for kpi in package.kpis:
        if kpi.kpi_id in RESERVED_KPI_IDS:
            yield at(
                package,
                "kpis",
                kpi,
                "kpi_id",
                "kpi-id-free",
                f"「{kpi.kpi_id}」は、サイトが判定ごとの一覧に使う名前です。",
                "別の指標IDにしてください。",
            )


@rule
def ids_safe(package: Package) -> Iterator[Problem]:
    """記号（ID）は半角の英小文字、数字、ハイフンで80文字まで。Windowsが使う名前（conなど）は使わない。"""
    safe = {""}
    for table in package.paths:
        records: Sequence[Record] = getattr(package, table)
        names = records[0].__dataclass_fields__ if records else ()
        for name in (n for n in names if n.endswith("_id")):
            for record in records:
                value = getattr(record, name)
                if value in safe:
                    continue
                if is_safe(value):
                    safe.add(value)
                    continue
                yield at(
                    package,
                    table,
                    record,
                    name,
                    "ids-safe",
                    f"「{value[:LONGEST_ID]}」は、ページやファイルの名前にできない記号（ID）です。",
                    "半角の英小文字、数字、ハイフンだけで、80文字までにしてください"
                    "（例: child-care-2021。con、nul などは Windows が使う名前です）。",
                )


def is_safe(value: str) -> bool:
    """Whether an id can be the name of a page and of a file anywhere."""
    return bool(ID.fullmatch(value)) and len(value) <= LONGEST_ID and value not in DEVICES
