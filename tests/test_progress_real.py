"""The judgements of the real data, worked out by hand from the printed numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from scripts.model import Observation, Package
from scripts.progress import (
    judge_all,
)
from tests.test_progress_properties import by_fractions, close

# Worked out on paper from data/targets.csv and data/observations.csv, not by the program:
# strategy, indicator, progress, elapsed, pace to three digits, status.
BY_HAND = [
    # 90 → 95 (2014 → 2019), 93 in 2018: 3/5 = 0.6 over 4/5 = 0.8 → 0.75
    ("strategy-1", "agribusiness-startups", "0.6", "0.8", "0.750", "slightly-behind"),
    # 17.3 → 25 (2015 → 2019), 22.0 in 2019: 4.7/7.7 = 0.6104 over 4/4 → 0.610, above 0.60
    ("strategy-1", "work-life-balance", "0.610", "1", "0.610", "slightly-behind"),
    # 12781 → 33000, 46789 in 2018: passed; 34008/20219 = 1.682 over 2/3 → 2.523
    ("strategy-1", "matchmaking-page-views", "1.682", "0.667", "2.523", "achieved"),
    # 9641 → 10400, 9817 in 2019: 176/759 = 0.2319 over 5/5 → 0.232
    ("strategy-1", "downtown-residents", "0.232", "1", "0.232", "behind"),
    # 71000 → 71000 with nothing after 2014
    ("strategy-1", "women-employed", None, None, None, "unknown"),
    # 93 → 99 (2018 → 2024), 96 in 2021: 3/6 over 3/6 → exactly 1
    ("strategy-2", "agribusiness-startups", "0.5", "0.5", "1.000", "on-track"),
    # 0 (2019) → 705 (2024), 348 in 2021: 348/705 = 0.4936 over 2/5 → 1.234
    ("strategy-2", "migration-event-participants", "0.494", "0.4", "1.234", "on-track"),
    # 0 (2019) → 30 (2024), 3 in 2021: 1/10 over 2/5 → 0.25
    ("strategy-2", "business-locations-2020-2024", "0.1", "0.4", "0.250", "behind"),
    # 313 → 331, again 313: 0/18 → 0, not below the baseline, so 遅れ and not 後退
    ("strategy-2", "business-startups", "0", "0.5", "0.000", "behind"),
    # 22.0 → 26.5 (2019 → 2024), 23.0 in 2021: 1.0/4.5 = 0.2222 over 2/5 → 0.556, below 0.60
    ("strategy-2", "work-life-balance", "0.222", "0.4", "0.556", "behind"),
    # 44.87 → 48 (2018 → 2024), 47.2 in 2021: 2.33/3.13 = 0.7444 over 3/6 → 1.489
    ("strategy-2", "local-employment-new-graduates", "0.744", "0.5", "1.489", "on-track"),
    # 113.5 → 145, 45.9 in 2021: −67.6/31.5 = −2.146 over 3/6 → −4.292
    ("strategy-2", "airport-passengers", "-2.146", "0.5", "-4.292", "regressed"),
    # 40 → 63 (2018 → 2024), the last value is of 2020: −5/23 = −0.2174 over 2/6 → −0.652
    ("strategy-2", "overseas-bases", "-0.217", "0.333", "-0.652", "regressed"),
    # 58.0 → 66.0, 77.2 in 2021: 19.2/8 = 2.4 over 3/6 → 4.8
    ("strategy-2", "tourist-repeat-rate", "2.4", "0.5", "4.800", "achieved"),
    # the target is 法定雇用率以上; elapsed 2/5, but no number to reach
    ("strategy-2", "disability-employment-rate", None, "0.4", None, "unknown"),
    # the column of 2021 prints the value of the baseline year again
    ("strategy-2", "women-employment-rate", None, None, None, "unknown"),
]


@pytest.mark.parametrize(
    ("strategy_id", "kpi_id", "progress", "elapsed", "pace", "status"),
    BY_HAND,
    ids=[f"{row[0]} {row[1]}" for row in BY_HAND],
)
def test_real_judgement_by_hand(
    real: Package,
    strategy_id: str,
    kpi_id: str,
    progress: str | None,
    elapsed: str | None,
    pace: str | None,
    status: str,
) -> None:
    """A reader with a pencil comes to the same result."""
    (item,) = [
        p
        for p in judge_all(real)
        if (p.strategy.strategy_id, p.kpi.kpi_id) == (strategy_id, kpi_id)
    ]

    def shown(value: Decimal | None) -> Decimal | None:
        return None if value is None else round(value, 3)

    def by_hand(value: str | None) -> Decimal | None:
        return None if value is None else Decimal(value)

    assert (shown(item.progress), shown(item.elapsed), shown(item.pace)) == (
        by_hand(progress),
        by_hand(elapsed),
        by_hand(pace),
    )
    assert item.status.status_id == status


def test_real_judgements_agree_with_fractions(real: Package) -> None:
    """Every numeric target of the published data, redone in exact fractions."""
    values: dict[str, list[Observation]] = {}
    for observation in real.observations:
        values.setdefault(observation.kpi_id, []).append(observation)
    numeric = [p for p in judge_all(real) if p.target.target_value is not None]
    assert numeric
    for item in numeric:
        status, progress, pace = by_fractions(item.target, tuple(values.get(item.kpi.kpi_id, ())))
        assert item.status.status_id == status, item.kpi.kpi_id
        if item.latest is not None:
            assert close(item.progress, progress) and close(item.pace, pace), item.kpi.kpi_id
