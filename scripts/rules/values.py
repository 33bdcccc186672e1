"""Rules for targets, baselines and observations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from scripts.model import Package, Problem, Record, Target
from scripts.progress import start_of
from scripts.rules.registry import at, digits, rule

KEPT = re.compile("保|維持")
"""What a note says of a target that keeps what had to rise or fall before."""

WAYS = {"increase": "増やす", "decrease": "減らす", "maintain": "維持する"}


def by_kpi(package: Package) -> dict[str, list[Target]]:
    """Targets of each indicator."""
    found: dict[str, list[Target]] = {}
    for target in package.targets:
        found.setdefault(target.kpi_id, []).append(target)
    return found


@rule
def target_direction(package: Package) -> Iterator[Problem]:
    """目標値と基準値の大小は、指標の「めざす向き」と合う。同じ値を保つ目標は、補足で示す。"""
    kpis = {k.kpi_id: k for k in package.kpis}
    for target in package.targets:
        _, start = start_of(target)
        if start is None or target.target_value is None or target.kpi_id not in kpis:
            continue
        way = target.target_value - start
        actual = "increase" if way > 0 else "decrease" if way < 0 else "maintain"
        declared = kpis[target.kpi_id].direction
        if actual == "maintain" and KEPT.search(target.target_note):
            continue  # what had to rise or fall is kept from now on
        if actual != declared:
            yield at(
                package,
                "targets",
                target,
                "target_value",
                "target-direction",
                f"目標値{target.target_value}は、基準値{start}から{WAYS[actual]}目標ですが、"
                f"指標のめざす向きは「{WAYS.get(declared, declared)}」（{declared}）です。",
                "目標値か基準値を資料と見比べ、正しければ kpis.csv の direction を直してください。"
                + (
                    "そのまま保つ目標なら、target_note に「保つ」と書いてください。"
                    * (actual == "maintain")
                ),
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
    wanted = {(t.kpi_id, t.baseline_year) for t in package.targets}
    values = {k: o.value for o in package.observations if (k := (o.kpi_id, o.year)) in wanted}
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
    known = {
        kpi_id: [
            (start_of(t)[0] or 0, t.target_year)  # without a baseline no year is too early
            for t in targets
        ]
        for kpi_id, targets in by_kpi(package).items()
    }
    for observation in package.observations:
        spans = known.get(observation.kpi_id)
        if spans and not any(a <= observation.year <= b for a, b in spans) and not observation.note:
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
    for table, record, kpi_id, field, value in values_of(package):
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
    """単位が%の値は0以上100以下である。そうでない指標は、読み方の注意でそのことを示す。"""
    percent = {k.kpi_id: k.caution for k in package.kpis if k.unit in ("%", "％")}
    for table, record, kpi_id, field, value in values_of(package):
        if kpi_id not in percent or value is None or 0 <= value <= 100:
            continue
        if ("マイナス" if value < 0 else "100") not in percent[kpi_id]:
            yield at(
                package,
                table,
                record,
                field,
                "percentage-range",
                f"「{value}」は割合（%）として0から100の外です。",
                "小数点の位置と単位を資料と見比べてください。正しければ、kpis.csv の caution に"
                "「マイナスになることがある」か「100%を超えることがある」と書いてください。",
            )


def values_of(package: Package) -> Iterator[tuple[str, Record, str, str, Decimal | None]]:
    """Every value of an indicator: table, record, indicator, column, value."""
    for o in package.observations:
        yield "observations", o, o.kpi_id, "value", o.value
    for t in package.targets:
        yield "targets", t, t.kpi_id, "baseline_value", t.baseline_value
        yield "targets", t, t.kpi_id, "target_value", t.target_value
