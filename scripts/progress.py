"""How an indicator is judged: pure arithmetic on exact decimals, nothing rounded.

The rule is published on the method page. In short: progress ``P = (latest − baseline) /
(target − baseline)``, elapsed ``E = (latest year − baseline year) /
(target year − baseline year)``, pace ``P / E``; the pace is compared with the bounds of
``status_bands``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext

from scripts.model import Kpi, Observation, Package, StatusBand, Strategy, Target

EXACT = Context(prec=60)
"""Wide enough that products of printed values are exact, so a value on a bound is never lost."""

ACHIEVED, MAINTAINED, REGRESSED, UNKNOWN = "achieved", "maintained", "regressed", "unknown"

NO_TARGET = "目標が数値でない"
NO_OBSERVATION = "実績なし"
NO_BASELINE = "基準値なし"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Every input and result of one judgement.

    ``baseline`` is the value the arithmetic starts from (0 at ``window_start_year − 1`` for a
    cumulative indicator without a printed baseline). ``progress``, ``elapsed`` and ``pace`` are
    plain ratios (1 = reached), ``None`` where they cannot be computed.
    """

    strategy: Strategy
    target: Target
    kpi: Kpi
    baseline_year: int | None
    baseline: Decimal | None
    latest: Observation | None
    progress: Decimal | None
    elapsed: Decimal | None
    pace: Decimal | None
    status: StatusBand
    reason: str

    @property
    def is_final(self) -> bool:
        """Whether the latest value belongs to the target year."""
        return self.latest is not None and self.latest.year == self.target.target_year

    @property
    def remaining(self) -> Decimal | None:
        """Distance from the latest value to the target, signed, in the unit of the indicator."""
        if self.latest is None or self.target.target_value is None:
            return None
        return self.target.target_value - self.latest.value

    @property
    def change(self) -> Decimal | None:
        """Latest value minus baseline, signed, in the unit of the indicator."""
        if self.latest is None or self.baseline is None:
            return None
        return self.latest.value - self.baseline


def start_of(target: Target) -> tuple[int | None, Decimal | None]:
    """Year and value the arithmetic starts from."""
    if target.baseline_value is not None:
        return target.baseline_year, target.baseline_value
    if target.window_start_year is not None:
        return target.window_start_year - 1, Decimal(0)
    return target.baseline_year, None


def latest_of(target: Target, observations: Iterable[Observation]) -> Observation | None:
    """The last observation after the baseline year and up to the target year."""
    start, _ = start_of(target)
    inside = [
        o
        for o in observations
        if (start is None or o.year > start) and o.year <= target.target_year
    ]
    return max(inside, key=lambda o: o.year, default=None)


def band_of(gain: Decimal, way: Decimal, years: int, span: int, bands: Sequence[StatusBand]) -> str:
    """The band of a pace, compared without dividing: ``gain/way ≥ bound × years/span``.

    ``way`` is target minus baseline and not 0; ``years`` and ``span`` are positive.
    A value on a bound belongs to the better band.
    """
    if way < 0:
        gain, way = -gain, -way
    if gain < 0:
        return REGRESSED
    paced = sorted(
        ((b.min_pace, b.status_id) for b in bands if b.min_pace is not None), reverse=True
    )
    with localcontext(EXACT):
        for bound, status_id in paced:
            if gain * span >= bound * way * years:
                return status_id
    return UNKNOWN


def judge(
    strategy: Strategy,
    target: Target,
    kpi: Kpi,
    observations: Iterable[Observation],
    bands: Sequence[StatusBand],
) -> Progress:
    """Judge one indicator in one term by the published rule."""
    by_id = {band.status_id: band for band in bands}
    start_year, start = start_of(target)
    latest = latest_of(target, observations)
    goal = target.target_value
    ratio = elapsed = pace = None
    reason = ""
    if start_year is not None and latest is not None:
        with localcontext(EXACT):
            elapsed = Decimal(latest.year - start_year) / (target.target_year - start_year)
            if start is not None and goal is not None and goal != start:
                ratio = (latest.value - start) / (goal - start)
                pace = ratio / elapsed
    if goal is None:
        status, reason = UNKNOWN, NO_TARGET
    elif latest is None:
        status, reason = UNKNOWN, NO_OBSERVATION
    elif start is None or start_year is None:
        reached = latest.value <= goal if kpi.direction == "decrease" else latest.value >= goal
        status, reason = (ACHIEVED, "") if reached else (UNKNOWN, NO_BASELINE)
    elif goal == start:
        kept = latest.value <= start if kpi.direction == "decrease" else latest.value >= start
        status = MAINTAINED if kept else REGRESSED
    elif (latest.value >= goal) if goal > start else (latest.value <= goal):
        status = ACHIEVED
    else:
        status = band_of(
            latest.value - start,
            goal - start,
            latest.year - start_year,
            target.target_year - start_year,
            bands,
        )
    return Progress(
        strategy=strategy,
        target=target,
        kpi=kpi,
        baseline_year=start_year,
        baseline=start,
        latest=latest,
        progress=ratio,
        elapsed=elapsed,
        pace=pace,
        status=by_id[status],
        reason=reason,
    )


def judge_all(package: Package) -> tuple[Progress, ...]:
    """Judge every target of the package, in the order of the targets table."""
    strategies = {s.strategy_id: s for s in package.strategies}
    kpis = {k.kpi_id: k for k in package.kpis}
    series: dict[str, list[Observation]] = {}
    for observation in package.observations:
        series.setdefault(observation.kpi_id, []).append(observation)
    return tuple(
        judge(
            strategies[t.strategy_id],
            t,
            kpis[t.kpi_id],
            series.get(t.kpi_id, ()),
            package.status_bands,
        )
        for t in package.targets
    )


def current_of(judged: Iterable[Progress]) -> dict[str, Progress]:
    """For each indicator its judgement in the latest term that has it."""
    current: dict[str, Progress] = {}
    for item in judged:
        known = current.get(item.kpi.kpi_id)
        if known is None or item.strategy.start_year > known.strategy.start_year:
            current[item.kpi.kpi_id] = item
    return current


def counts(judged: Iterable[Progress], bands: Sequence[StatusBand]) -> Mapping[StatusBand, int]:
    """How many judgements fall into each band, in the order of the bands, zeros included."""
    seen = Counter(item.status.status_id for item in judged)
    return {b: seen[b.status_id] for b in sorted(bands, key=lambda b: b.position)}


def attention_order(judged: Iterable[Progress]) -> list[Progress]:
    """Those that need attention first: the worst band, then the slowest pace, then the id."""
    return sorted(
        judged,
        key=lambda p: (
            p.status.tone == "none",
            -p.status.position,
            p.pace if p.pace is not None else Decimal(0),
            p.kpi.kpi_id,
        ),
    )
