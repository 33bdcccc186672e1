"""The words of a plan: what a municipality calls its goals, measures, indicators and itself.

Templates and pictures are written in the words of :class:`Terms`' defaults. A package that says
otherwise (``"terms": {"measure": "取組"}`` and ``"year_type": "calendar"`` in ``datapackage.json``)
gets its own words through :meth:`Terms.say`. Only our own texts are said anew, never data; the
names of columns stay the same everywhere, so that the data of municipalities can be put together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

SUFFIX = {"fiscal": "年度", "calendar": "年"}
"""What stands behind the number of a year."""

KINDS_OF_PLACES = {
    **dict.fromkeys("市", ("市", "city")),
    **dict.fromkeys("町", ("町", "town")),
    **dict.fromkeys("村", ("村", "village")),
    **dict.fromkeys("区", ("区", "ward")),
    **dict.fromkeys("都道府県", ("県", "prefecture")),
}
"""Last letter of a municipality's name → what the name calls it, in Japanese and in English."""

WORD = re.compile(r"[\w・]{1,12}\Z")
"""A word that may stand anywhere in a page: no punctuation, no markup, no space."""


@dataclass(frozen=True)
class Terms:
    """The words of one package. ``city_en`` is used on the English page only."""

    plan: str = "総合戦略"
    goal: str = "基本目標"
    measure: str = "施策"
    indicator: str = "指標"
    kpi: str = "KPI"
    project: str = "事業"
    city: str = "市"
    city_en: str = "city"
    year_type: str = "fiscal"

    @property
    def year(self) -> str:
        """``年度``, or ``年`` for a plan that counts calendar years."""
        return SUFFIX[self.year_type]

    @cached_property
    def _said(self) -> dict[str, str]:
        """Pattern of a default word → the word of this package, where the two differ."""
        words = [
            ("(?<=}})年度", "年度", self.year),  # the year of the plan stands before it
            ("(?<!都)市(?=[民のがは])", "市", self.city),  # 市民, 市の, 市が, 市は
        ]
        for name in ("plan", "goal", "measure", "indicator", "kpi", "project"):
            usual = getattr(DEFAULT, name)
            words.append((re.escape(usual), usual, getattr(self, name)))
        return {pattern: word for pattern, usual, word in words if word != usual}

    def say(self, text: str) -> str:
        """A text of ours in the words of this package; every word is replaced once."""
        if not self._said:
            return text
        words = list(self._said.values())
        pattern = "|".join(f"({p})" for p in self._said)
        text = re.sub(pattern, lambda m: words[(m.lastindex or 1) - 1], text)
        same = self.indicator == self.kpi  # 指標（KPI） need not be said twice
        return text.replace(f"{self.kpi}（{self.kpi}）", self.kpi) if same else text


DEFAULT = Terms()

NAMES = tuple(f.name for f in fields(Terms) if f.name not in ("year_type", "city_en"))
"""The words a package may set."""


def terms_of(descriptor: Mapping[str, Any]) -> Terms:
    """The words of a package; what kind of municipality it is, its name says."""
    place = descriptor.get("municipality") or {}
    city, city_en = KINDS_OF_PLACES.get(str(place.get("name", ""))[-1:], ("市", "city"))
    if city_en == "prefecture":
        city = str(place["name"])[-1]
    given = descriptor.get("terms") or {}
    return Terms(
        **{"city": city, **{name: str(given[name]) for name in NAMES if name in given}},
        city_en=city_en,
        year_type=str(descriptor.get("year_type", "fiscal")),
    )
