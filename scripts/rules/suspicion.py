"""Warnings: what may be published but is often a slip. A reason in ``note`` answers most."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import chain, pairwise

from scripts.model import Kpi, Observation, Package, Problem
from scripts.rules.registry import at, dated_rule, digits, rule
from scripts.years import fiscal_year_of, short_year_label

JUMP_FACTOR = 5
"""A value this many times larger or smaller than the series is asked about."""

SMALL_COUNT = 4
"""Counts of persons up to this may point at somebody."""

PERSONS = ("人", "名")
"""Units that count persons."""

ANSWER = "正しければ、理由を note に書くと、この確認は出なくなります。"


def series_of(package: Package) -> Iterator[tuple[Kpi, list[Observation]]]:
    """Each indicator with its observations in the order of the years."""
    series: dict[str, list[Observation]] = {}
    for observation in package.observations:
        series.setdefault(observation.kpi_id, []).append(observation)
    for kpi in package.kpis:
        yield kpi, sorted(series.get(kpi.kpi_id, []), key=lambda o: o.year)


@rule
def sudden_change(package: Package) -> Iterator[Problem]:
    """実績値が、前の実績からも、ほかの年の過半からも5倍を超えて違えば、確認を求める。"""
    for kpi, series in series_of(package):
        for index, item in enumerate(series):
            if item.note or len(series) < (2 if index else 3):
                continue
            near = series[index - 1] if index else series[1]
            if not is_jump(item.value, near.value):
                continue
            far = [o for o in series if o is not item and is_jump(item.value, o.value)]
            if 2 * len(far) > len(series) - 1:
                times = max(abs(item.value / near.value), abs(near.value / item.value))
                yield at(
                    package,
                    "observations",
                    item,
                    "value",
                    "sudden-change",
                    f"「{item.value}」は、{short_year_label(near.year, kpi.year_type)}の"
                    f"{near.value}と{times:.0f}倍違います。",
                    f"けたと単位（{kpi.unit or 'なし'}）を資料と見比べてください。{ANSWER}",
                    level="warning",
                )


def is_jump(value: Decimal, other: Decimal) -> bool:
    """Whether two values of the same sign are more than :data:`JUMP_FACTOR` apart."""
    if value * other <= 0:
        return False
    small, large = sorted((abs(value), abs(other)))
    return large > small * JUMP_FACTOR


@rule
def same_as_before(package: Package) -> Iterator[Problem]:
    """実績値が前の年とまったく同じなら、写し間違いでないか確認を求める（0を除く）。"""
    for kpi, series in series_of(package):
        for before, item in pairwise(series):
            if item.year == before.year + 1 and item.value == before.value != 0 and not item.note:
                yield at(
                    package,
                    "observations",
                    item,
                    "value",
                    "same-as-before",
                    f"「{item.value}」は、"
                    f"{short_year_label(before.year, kpi.year_type)}と同じ値です。",
                    f"前の年の値を写したままでないか確かめてください。{ANSWER}",
                    level="warning",
                )


@rule
def small_count(package: Package) -> Iterator[Problem]:
    """1人から4人の人数は、だれのことか分かるおそれがあるので、確認を求める。"""
    units = {kpi.kpi_id: kpi.unit for kpi in package.kpis}
    counted = chain(
        (
            ("observations", o, units.get(o.kpi_id, ""), o.value, o.note)
            for o in package.observations
        ),
        (("achievements", a, a.unit, a.value, a.note) for a in package.achievements),
    )
    for table, record, unit, value, note in counted:
        if unit in PERSONS and 1 <= value <= SMALL_COUNT and not note:
            yield at(
                package,
                table,
                record,
                "value",
                "small-count",
                f"「{value}」{unit}は、だれのことか分かってしまうおそれがあります。",
                f"公開してよい値か確かめてください。{ANSWER}",
                level="warning",
            )


@rule
def precision_differs(package: Package) -> Iterator[Problem]:
    """3つ以上ある実績値の1つだけ小数の桁が少なければ、末尾の0が落ちていないか確認を求める。"""
    for _, series in series_of(package):
        places = [digits(item.value) for item in series]
        fewest, wanted = sorted(places)[:2] if len(series) > 2 else (0, 0)
        if fewest < wanted:
            item = series[places.index(fewest)]
            if not item.note:
                yield at(
                    package,
                    "observations",
                    item,
                    "value",
                    "precision-differs",
                    f"「{item.value}」は、ほかの年（小数{wanted}桁）より桁が少ない値です。",
                    "Excel が末尾の0を消していないか、資料と見比べてください"
                    f"（例: {item.value:.{wanted}f}）。{ANSWER}",
                    level="warning",
                )


@rule
def unit_changes(package: Package) -> Iterator[Problem]:
    """同じ話題の同じ名前の数値は、行が違っても同じ単位で書く。"""
    first: dict[tuple[str, str, str], tuple[str, int]] = {}
    for item in package.achievements:
        key = (item.topic, item.indicator, item.nature)
        unit, row = first.setdefault(key, (item.unit, item.row))
        if item.unit != unit and not item.note:
            yield at(
                package,
                "achievements",
                item,
                "unit",
                "unit-changes",
                f"「{item.indicator}」の単位が「{item.unit}」で、{row}行目の「{unit}」と違います。",
                f"資料と見比べてください。{ANSWER}",
                level="warning",
            )


@dated_rule
def still_provisional(package: Package, today: date) -> Iterator[Problem]:
    """速報値は、その年（度）が終わって1年たったら、確定値が出ていないか確認を求める。"""
    types = {kpi.kpi_id: kpi.year_type for kpi in package.kpis}
    for item in package.observations:
        if item.status == "provisional" and item.year < year_of(today, types[item.kpi_id]) - 1:
            yield at(
                package,
                "observations",
                item,
                "status",
                "still-provisional",
                f"{short_year_label(item.year, types[item.kpi_id])}の値が、"
                "1年以上たっても速報値のままです。",
                "確定値を調べて書き換え、status を final にしてください。",
                level="warning",
            )


@dated_rule
def future_year(package: Package, today: date) -> Iterator[Problem]:
    """実績と評価の年は、まだ来ていない年であってはならない。"""
    types = {kpi.kpi_id: kpi.year_type for kpi in package.kpis}
    dated = chain(
        (("observations", o, "year", o.year, types[o.kpi_id]) for o in package.observations),
        (
            ("evaluations", e, "evaluated_year", e.evaluated_year, "fiscal")
            for e in package.evaluations
        ),
    )
    for table, record, field, year, kind in dated:
        if year > year_of(today, kind):
            yield at(
                package,
                table,
                record,
                field,
                "future-year",
                f"{short_year_label(year, kind)}は、まだ来ていません"
                f"（今は{short_year_label(year_of(today, kind), kind)}）。",
                "年を資料と見比べてください。目標の値なら targets.csv に書きます。",
            )


def year_of(today: date, year_type: str) -> int:
    """The year a day belongs to, fiscal or calendar."""
    return fiscal_year_of(today) if year_type == "fiscal" else today.year
