"""What a schema cannot say: rules across rows and tables.

Each rule is a small generator whose docstring is the published rule (the method page and the staff
guide print it). Add a rule by writing the function below and decorating it; nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from scripts.model import Package, Problem, Record, Target
from scripts.progress import ACHIEVED, MAINTAINED, REGRESSED, UNKNOWN, start_of

Rule = Callable[[Package], Iterator[Problem]]
RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    """Register a rule; its name with hyphens is the code of its problems."""
    RULES.append(function)
    return function


def code_of(function: Rule) -> str:
    """``target_direction`` → ``target-direction``."""
    return function.__name__.replace("_", "-")


def check_package(package: Package) -> tuple[Problem, ...]:
    """Run every rule and return what they found, in file and row order."""
    return tuple(sorted({problem for function in RULES for problem in function(package)}))


def at(
    package: Package,
    table: str,
    record: Record | None,
    field: str,
    code: str,
    message: str,
    fix: str = "",
    level: str = "error",
) -> Problem:
    """A problem in a cell of a record (or in a whole table when there is no record)."""
    value = getattr(record, field, "") if record is not None and field else ""
    return Problem(
        path=package.path(table),
        row=record.row if record is not None else 0,
        field=field,
        code=code,
        message=message,
        fix=fix,
        value="" if value is None else str(value),
        level=level,
    )


def by_kpi(package: Package) -> dict[str, list[Target]]:
    """Targets of each indicator."""
    found: dict[str, list[Target]] = {}
    for target in package.targets:
        found.setdefault(target.kpi_id, []).append(target)
    return found


@rule
def target_direction(package: Package) -> Iterator[Problem]:
    """目標値と基準値の大小は、指標の「めざす向き」と合っていなければならない。"""
    kpis = {k.kpi_id: k for k in package.kpis}
    for target in package.targets:
        _, start = start_of(target)
        if start is None or target.target_value is None or target.kpi_id not in kpis:
            continue
        way = target.target_value - start
        actual = "increase" if way > 0 else "decrease" if way < 0 else "maintain"
        declared = kpis[target.kpi_id].direction
        if actual != declared:
            yield at(
                package,
                "targets",
                target,
                "target_value",
                "target-direction",
                f"目標値{target.target_value}は基準値{start}から見て{actual}ですが、"
                f"指標のめざす向きは{declared}です。",
                "目標値か基準値を資料と見比べ、正しければ kpis.csv の direction を直してください。",
            )


@rule
def target_stated(package: Package) -> Iterator[Problem]:
    """目標は、目標値か文章の目標のどちらか一方を持つ。"""
    for target in package.targets:
        if target.target_value is None and not target.target_text:
            yield at(
                package,
                "targets",
                target,
                "target_value",
                "target-stated",
                "目標値も文章の目標も空です。",
                "資料の目標値を target_value に、数値でなければ target_text に書いてください。",
            )
        if target.target_value is not None and target.target_text:
            yield at(
                package,
                "targets",
                target,
                "target_text",
                "target-stated",
                "目標値と文章の目標の両方があります。",
                "数値の目標なら target_text を空にし、補足は target_note に書いてください。",
            )


@rule
def baseline_complete(package: Package) -> Iterator[Problem]:
    """基準値には基準年があり、基準値のない数値目標は累計の開始年を持つ。"""
    for target in package.targets:
        if (target.baseline_value is None) != (target.baseline_year is None):
            yield at(
                package,
                "targets",
                target,
                "baseline_year",
                "baseline-complete",
                "基準値と基準年の片方だけがあります。",
                "両方を書くか、両方を空にしてください。",
            )
        if target.baseline_value is not None and target.window_start_year is not None:
            yield at(
                package,
                "targets",
                target,
                "window_start_year",
                "baseline-complete",
                "基準値があるのに、累計の開始年もあります。",
                "どちらか一方を空にしてください。",
            )
        if (
            target.baseline_value is None
            and target.target_value is not None
            and target.window_start_year is None
        ):
            yield at(
                package,
                "targets",
                target,
                "baseline_value",
                "baseline-complete",
                "基準値がなく、累計の開始年もありません。進み具合を計算できません。",
                "基準値を書くか、累計なら window_start_year を書いてください。",
                level="warning",
            )


@rule
def target_years(package: Package) -> Iterator[Problem]:
    """目標年は計画の期間の中、基準年は期間の始まりまで。外れるときは注記で理由を示す。"""
    strategies = {s.strategy_id: s for s in package.strategies}
    for target in package.targets:
        term = strategies.get(target.strategy_id)
        if term is None:
            continue
        start, _ = start_of(target)
        if start is not None and start >= target.target_year:
            yield at(
                package,
                "targets",
                target,
                "target_year",
                "target-years",
                f"目標年{target.target_year}が基準年{start}より後ではありません。",
                "どちらの年も資料と見比べてください。",
            )
        if not term.start_year <= target.target_year <= term.end_year and not target.target_note:
            yield at(
                package,
                "targets",
                target,
                "target_year",
                "target-years",
                f"目標年{target.target_year}が{term.short_title}の期間"
                f"（{term.start_year}-{term.end_year}）の外です。",
                "年を直すか、理由を target_note に書いてください。",
            )
        if (
            target.baseline_year is not None
            and target.baseline_year > term.start_year
            and not target.baseline_note
        ):
            yield at(
                package,
                "targets",
                target,
                "baseline_year",
                "target-years",
                f"基準年{target.baseline_year}が{term.short_title}の始まり"
                f"（{term.start_year}）より後です。",
                "年を直すか、理由を baseline_note に書いてください。",
            )


@rule
def baseline_observed(package: Package) -> Iterator[Problem]:
    """基準値は同じ年の実績値と一致する。平均などで一致しないときは注記で理由を示す。"""
    values = {(o.kpi_id, o.year): o.value for o in package.observations}
    for target in package.targets:
        if target.baseline_value is None or target.baseline_year is None or target.baseline_note:
            continue
        seen = values.get((target.kpi_id, target.baseline_year))
        if seen is None:
            yield at(
                package,
                "targets",
                target,
                "baseline_value",
                "baseline-observed",
                f"基準年{target.baseline_year}の実績が observations.csv にありません。",
                "実績の行を足すか、理由を baseline_note に書いてください。",
            )
        elif seen != target.baseline_value:
            yield at(
                package,
                "targets",
                target,
                "baseline_value",
                "baseline-observed",
                f"基準値{target.baseline_value}が、同じ年の実績値{seen}と違います。",
                "資料と見比べ、改定などで違うなら理由を baseline_note に書いてください。",
            )


@rule
def observation_years(package: Package) -> Iterator[Problem]:
    """実績の年は、どれかの期の基準年から目標年までにある。外れるときは注記で理由を示す。"""
    targets = by_kpi(package)
    for observation in package.observations:
        spans = [
            (start_of(t)[0] if start_of(t)[0] is not None else t.target_year, t.target_year)
            for t in targets.get(observation.kpi_id, [])
        ]
        if (
            spans
            and not any((a or 0) <= observation.year <= b for a, b in spans)
            and not observation.note
        ):
            yield at(
                package,
                "observations",
                observation,
                "year",
                "observation-years",
                f"{observation.year}は、この指標のどの期の基準年から目標年までにも入りません。",
                "年を直すか、載せる理由を note に書いてください。",
            )


@rule
def kpi_has_target(package: Package) -> Iterator[Problem]:
    """どの指標も、少なくとも1つの期の目標を持つ。ないときは読み方の注意で理由を示す。"""
    targets = by_kpi(package)
    for kpi in package.kpis:
        if kpi.kpi_id not in targets and not kpi.caution:
            yield at(
                package,
                "kpis",
                kpi,
                "kpi_id",
                "kpi-has-target",
                f"指標「{kpi.name}」の目標が targets.csv にありません。",
                "目標の行を足すか、目標のない理由を caution に書いてください。",
            )


@rule
def decimals_declared(package: Package) -> Iterator[Problem]:
    """値の小数の桁数は、指標に宣言した桁数を超えない。"""
    kpis = {k.kpi_id: k for k in package.kpis}

    def digits(value: Decimal) -> int:
        exponent = value.as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0

    cells: list[tuple[str, Record, str, str, Decimal | None]] = [
        ("observations", o, o.kpi_id, "value", o.value) for o in package.observations
    ]
    for t in package.targets:
        cells.append(("targets", t, t.kpi_id, "baseline_value", t.baseline_value))
        cells.append(("targets", t, t.kpi_id, "target_value", t.target_value))
    for table, record, kpi_id, field, value in cells:
        kpi = kpis.get(kpi_id)
        if kpi and value is not None and digits(value) > kpi.decimals:
            yield at(
                package,
                table,
                record,
                field,
                "decimals-declared",
                f"「{value}」は小数{digits(value)}桁で、宣言した{kpi.decimals}桁を超えます。",
                "値を資料と見比べ、正しければ kpis.csv の decimals を直してください。",
            )


@rule
def percentage_range(package: Package) -> Iterator[Problem]:
    """単位が%の値は、0以上100以下である。"""
    percent = {k.kpi_id for k in package.kpis if k.unit in ("%", "％")}
    for observation in package.observations:
        if observation.kpi_id in percent and not 0 <= observation.value <= 100:
            yield at(
                package,
                "observations",
                observation,
                "value",
                "percentage-range",
                f"「{observation.value}」は割合（%）として0から100の外です。",
                "小数点の位置と単位を資料と見比べてください。",
            )


@rule
def sources_used(package: Package) -> Iterator[Problem]:
    """出典資料は、どこかの行から使われている。"""
    used = {
        record.source_id  # type: ignore[attr-defined]
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
    """施策は、親子の期と目標が一致する。"""
    measures = {m.measure_id: m for m in package.measures}
    for measure in package.measures:
        parent = measures.get(measure.parent_id)
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
        keys = resource["schema"].get("primaryKey", [])
        records: Iterable[Record] = getattr(package, table)
        previous: tuple[object, ...] | None = None
        for record in records:
            key = tuple(getattr(record, k) for k in keys)
            if previous is not None and key < previous:
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
                break
            previous = key
