"""The site for everyone: every page in every state, and the ways of readers who need more."""

from __future__ import annotations

import pytest

from tests.audit import Findings, every_page, look
from tests.browser import Built, Visitor, built, visitor

__all__ = ["built", "visitor"]

PARTS = 8
"""Shares of the pages, so that several processes can look at once."""


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_in_every_state(built: Built, visitor: Visitor, part: int) -> None:
    """No violation of axe-core, no faint picture, nothing sideways or cut, no other host."""
    findings = Findings()
    with visitor() as visit:
        for path in every_page(built)[part::PARTS]:
            look(visit, path, findings)
    assert findings.pages > 0
    assert findings.runs == findings.pages * 4
    assert {"color-contrast", "target-size", "aria-dialog-name"} <= findings.rules
    assert findings.faults == []
