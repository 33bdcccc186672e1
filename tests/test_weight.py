"""What a reader's browser fetches before the first click: at most so many files, so many bytes."""

from __future__ import annotations

import re

import pytest

from tests.bench.reading import sizes
from tests.browser import Built, Visitor, built, visitor

__all__ = ["built", "visitor"]

LIMITS = {
    "": 90_000,
    "kpis/{kpi}/": 70_000,
    "goals/goal-1/": 90_000,
    "method/": 70_000,
}
"""Bytes with gzip of everything a first visit fetches, by page."""

REQUESTS = 6


@pytest.mark.parametrize("path", LIMITS)
def test_a_first_visit_is_light(path: str, built: Built, visitor: Visitor) -> None:
    """Budgets hold for the indicator with the longest definition, too."""
    judged = built.current
    heaviest = max(judged, key=lambda kpi_id: len(judged[kpi_id].kpi.definition))
    with visitor() as visit:
        visit.go(path.format(kpi=heaviest)).wait_for_load_state("networkidle")
        assert visit.strangers == []
        base = visit.base.removesuffix(built.base)
        fetched = [url.removeprefix(base) for url in visit.requests if url.startswith(visit.base)]
    found = sizes(built.site, built.base, fetched)
    assert found["requests"] <= REQUESTS, fetched
    assert found["gzip"] <= LIMITS[path], found
    assert len(fetched) == len(set(fetched))


def test_scripts_wait_for_a_touch(built: Built, visitor: Visitor) -> None:
    """Charts to explore, the search and its index come when they are asked for."""
    with visitor() as visit:
        visit.go("kpis/").wait_for_load_state("networkidle")
        scripts = [url.rpartition("/")[2] for url in visit.requests if url.endswith(".js")]
    marked = [re.sub("[0-9a-f]{8}", "*", script) for script in scripts]
    assert marked == ["scheme.*.js", "site.*.js"]
