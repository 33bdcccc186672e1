"""Charts: Vega-Lite specs made with Altair, rendered to SVG by vl-convert.

Titles, legends and notes stand around the pictures as HTML. Colours are CSS custom properties, so
one picture serves light, dark and print.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scripts import words
from scripts.charts.pixels import japanese_font
from scripts.charts.scene import Size, Subject
from scripts.charts.spec import Drawing, kpi_drawing, spark_drawing, starts_at_zero
from scripts.charts.svg import Speech, to_svg
from scripts.charts.team import ALONE, Team
from scripts.charts.tracks import track_svg
from scripts.memory import NOTHING, Bundle, Made, Memory, stamp_of
from scripts.model import Observation, Package
from scripts.progress import Progress

WIDE, NARROW = Size(720, 340), Size(340, 300)
BREAKS = ("replaced-by", "redefined-as")
"""Relations between series with different definitions."""

MANY = 100
"""From this many indicators on, drawing at the same time pays for the start of the processes."""

Picture = Callable[[Drawing, Speech | None], str]


@dataclass(frozen=True, slots=True)
class KpiCharts:
    """The pictures of one indicator, read when they are asked for.

    ``drawn`` holds ``wide`` and ``narrow``, the full chart for wide and narrow places, ``spark``,
    the small one of lists, and ``tracks``, the bars from baseline to target;
    ``pictures`` says whether there are PNG files of it (they need a Japanese font). ``stamp``
    stands for the content of the subject.
    """

    subject: Subject
    stamp: str
    speech: Speech
    drawn: Bundle
    pictures: bool

    @property
    def wide(self) -> str:
        """The chart for wide places."""
        return self.drawn["wide"].decode()

    @property
    def narrow(self) -> str:
        """The chart for narrow places."""
        return self.drawn["narrow"].decode()

    @property
    def spark(self) -> str:
        """The small chart of lists."""
        return self.drawn["spark"].decode()

    @property
    def tracks(self) -> Mapping[str, str]:
        """The bar from baseline to target of each term by ``strategy_id``."""
        tracks: Mapping[str, str] = json.loads(self.drawn["tracks"])
        return tracks

    @property
    def from_zero(self) -> bool:
        """Whether the axis of values starts at zero."""
        return bool(self.drawn.facts["from_zero"])


def series_of(package: Package) -> dict[str, tuple[Observation, ...]]:
    """Observations of each indicator in the order of years."""
    found: dict[str, list[Observation]] = {}
    for observation in package.observations:
        found.setdefault(observation.kpi_id, []).append(observation)
    return {k: tuple(sorted(v, key=lambda o: o.year)) for k, v in found.items()}


def subjects_of(package: Package, judged: Sequence[Progress]) -> dict[str, Subject]:
    """What the chart of each indicator with a target shows."""
    series = series_of(package)
    breaks = [r for r in package.kpi_relations if r.relation in BREAKS]
    follows, followed = {r.related_kpi_id for r in breaks}, {r.kpi_id for r in breaks}
    terms: dict[str, list[Progress]] = {}
    for item in judged:
        terms.setdefault(item.kpi.kpi_id, []).append(item)
    return {
        kpi_id: Subject(
            terms=tuple(sorted(items, key=lambda p: p.strategy.start_year)),
            observations=series.get(kpi_id, ()),
            follows=kpi_id in follows,
            followed=kpi_id in followed,
        )
        for kpi_id, items in terms.items()
    }


def draw_all(
    package: Package,
    judged: Sequence[Progress],
    tell: Callable[[str, int, int], None],
    picture: Picture = to_svg,
    pngs: bool = True,
    memory: Memory = NOTHING,
    team: Team = ALONE,
) -> dict[str, KpiCharts]:
    """Draw every indicator; ``tell(name, done, total)`` reports progress.

    ``pngs`` says whether there will be PNG files.
    ``picture`` makes the text of a drawing; who only compares pages gives one that is cheaper.
    ``team`` draws what is many and new.
    """
    subjects = subjects_of(package, judged)
    stamps = {kpi_id: stamp_of(subject) for kpi_id, subject in subjects.items()}
    new = [subjects[k] for k, stamp in stamps.items() if memory.lacks("drawn", stamp)]
    if picture is to_svg and new:
        together = team.run if team.pays(len(new), MANY) else team.aside
        jobs = ((memory.code, subject) for subject in new)
        for done, _ in enumerate(together(prepare, jobs), 1):
            tell("図", done, len(new))
    charts = {}
    for done, (kpi_id, subject) in enumerate(subjects.items(), 1):
        stamp = stamps[kpi_id]
        charts[kpi_id] = draw(subject, picture, pngs=pngs, memory=memory, stamp=stamp)
        tell("図", done, len(subjects))
    return charts


def prepare(code: str, subject: Subject) -> None:
    """Draw an indicator into the cache, in a process of a team."""
    draw(subject, pngs=False, memory=Memory(code))


def draw(
    subject: Subject,
    picture: Picture = to_svg,
    *,
    pngs: bool = True,
    memory: Memory = NOTHING,
    stamp: str = "",
) -> KpiCharts:
    """The pictures of one indicator; ``stamp`` stands for its subject, where that is known."""
    stamp = stamp or stamp_of(subject)
    kpi = subject.terms[-1].kpi
    title, description = f"{kpi.name}の図", describe(subject)

    def make() -> Made:
        tracks = {t.strategy.strategy_id: track_svg(t) for t in subject.terms}
        texts = {
            size: picture(kpi_drawing(subject, measures), Speech(size, title, description))
            for size, measures in (("wide", WIDE), ("narrow", NARROW))
        }
        texts["spark"] = picture(spark_drawing(subject), None)
        texts["tracks"] = json.dumps(tracks)
        return Made(
            files={name: text.encode() for name, text in texts.items()},
            facts={"from_zero": starts_at_zero(subject)},
        )

    return KpiCharts(
        subject=subject,
        stamp=stamp,
        speech=Speech(kpi.kpi_id, title, description),
        drawn=memory.recall("drawn", stamp, make),
        pictures=pngs and japanese_font() is not None,
    )


def describe(subject: Subject) -> str:
    """The message of the chart in words: distance to the target, course and extremes."""
    current = subject.terms[-1]
    text = words.headline(current)
    text += words.observation_trend(subject.observations, current.kpi)
    for term in subject.terms:
        if term.target.target_value is not None:
            goal = words.with_unit(term.target.target_value, term.kpi)
            year = words.short_year(term.target.target_year, term.kpi)
            text += f"{term.strategy.short_title}の目標は{year}の{goal}です。"
    if subject.follows:
        text += "これより前は、定義の違う別の指標です。"
    if subject.followed:
        text += "これより後は、定義の違う別の指標に替わりました。"
    return text
