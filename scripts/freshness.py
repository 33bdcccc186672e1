"""How fresh the value of each indicator is: what should be there by today, and what is there.

A value of a year is expected a fixed number of months after that year ends. The months are a
setting of the package (``"freshness": {"lag_months": 9}`` in ``datapackage.json``), because no
source prints when its numbers come out. Surveys are not made every year: of them only the value of
the target year is expected. After the target year nothing more is expected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from scripts.model import Kpi
from scripts.progress import Progress, start_of

LAG_MONTHS = 9
"""Months from the end of a year to its value, where the package does not say."""

MISSING, LATE, WAITING, CURRENT = "missing", "late", "waiting", "current"
STATES = (MISSING, LATE, WAITING, CURRENT)
"""The states, those that need work first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """The state of one indicator in one term on one day.

    ``state``: ``missing`` no value after the baseline though one is expected, ``late`` a value is
    there but a newer one is expected, ``waiting`` no value and none expected yet, ``current``
    everything expected is there. ``next_year`` is the year whose value comes next, ``late_from``
    the first day on which that value is late; both ``None`` once the target year has its value.
    ``behind`` counts the years whose values are overdue.
    """

    item: Progress
    state: str
    next_year: int | None
    late_from: date | None
    behind: int
    note: str

    @property
    def due(self) -> date | None:
        """The last day on which the next value is in time."""
        return self.late_from - timedelta(days=1) if self.late_from else None


def lag_months(descriptor: Mapping[str, Any]) -> int:
    """The setting of the package, or the usual lag."""
    settings = descriptor.get("freshness") or {}
    return int(settings.get("lag_months", LAG_MONTHS))


def late_from(year: int, kpi: Kpi, lag: int) -> date:
    """The first day on which the value of a year is late: ``lag`` months after the year ends."""
    last = year * 12 + (14 if kpi.year_type == "fiscal" else 11)
    first_late = last + lag + 1
    return date(first_late // 12, first_late % 12 + 1, 1)


def newest_expected(kpi: Kpi, today: date, lag: int) -> int:
    """The newest year whose value is late if it is not there."""
    year = today.year
    while late_from(year, kpi, lag) > today:
        year -= 1
    return year


def freshness_of(item: Progress, today: date, lag: int) -> Freshness:
    """The state of one indicator on a day."""
    kpi, target, latest = item.kpi, item.target, item.latest
    note = next((n for n in (latest.note if latest else "", kpi.caution) if n), "")
    if latest and latest.year >= target.target_year:
        return Freshness(
            item=item, state=CURRENT, next_year=None, late_from=None, behind=0, note=note
        )
    start, _ = start_of(target)
    known = latest.year if latest else start
    if kpi.accumulation == "survey" or known is None:
        following = target.target_year
    else:
        following = min(max(known + 1, item.strategy.start_year), target.target_year)
    limit = late_from(following, kpi, lag)
    behind = min(newest_expected(kpi, today, lag), target.target_year) - following + 1
    overdue = limit <= today
    return Freshness(
        item=item,
        state=(LATE if latest else MISSING) if overdue else (CURRENT if latest else WAITING),
        next_year=following,
        late_from=limit,
        behind=max(0, behind),
        note=note,
    )


def board(items: Iterable[Progress], today: date, lag: int) -> dict[str, list[Freshness]]:
    """The indicators of each state, the longest overdue first."""
    found = [freshness_of(item, today, lag) for item in items]
    found.sort(key=lambda f: (-f.behind, f.late_from or date.max, f.item.kpi.kpi_id))
    return {state: [f for f in found if f.state == state] for state in STATES}
