"""Charts: what they show, where their words go, what leaves the site, what is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts import cache
from scripts.charts import KpiCharts, draw_all, subjects_of
from scripts.charts.labels import place_labels, term_labels
from scripts.charts.layout import Box, Label, place, text_width, value_scale, year_ticks
from scripts.charts.paper import NOT_FIRST, NOT_LAST, balanced, wrap
from scripts.charts.scene import Frame, Size, Subject, years_of
from scripts.charts.spec import kpi_drawing
from scripts.charts.team import Team
from scripts.charts.theme import DARK, LIGHT, tokens
from scripts.charts.tracks import track_svg
from scripts.memory import Memory
from scripts.model import Observation, Package
from scripts.progress import judge, judge_all
from tests.helpers import bands, kpi, observations, strategy, target

SVG = "{http://www.w3.org/2000/svg}"
LATIN = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture(scope="module")
def drawn(package: Package) -> dict[str, KpiCharts]:
    """The charts of the fixture package."""
    return draw_all(package, judge_all(package), lambda *_: None)


@pytest.fixture(scope="module")
def all_drawn(package: Package, real: Package) -> dict[str, KpiCharts]:
    """The charts of the fixture and of the published package."""
    return {
        kpi_id: charts
        for each in (package, real)
        for kpi_id, charts in draw_all(each, judge_all(each), lambda *_: None).items()
    }


def subject(
    *pairs: tuple[int, str],
    start: tuple[int, str] | None = (2018, "10"),
    goal: tuple[int, str | None] = (2024, "20"),
    unit: str = "件",
    status: Mapping[int, str] | None = None,
    accumulation: str = "annual",
    window: int | None = None,
    follows: bool = False,
    followed: bool = False,
) -> Subject:
    """An indicator with one term from 2020 to 2024."""
    made = kpi(unit=unit, decimals=1, accumulation=accumulation)
    wanted = target(start, goal, window_start_year=window)
    seen = tuple(
        Observation(**{f: getattr(o, f) for f in o.__slots__} | {"status": status[o.year]})
        if status and o.year in status
        else o
        for o in observations(*pairs)
    )
    judged = judge(strategy(), wanted, made, seen, bands())
    return Subject((judged,), seen, follows, followed)


def rows(made: Subject, layer: str) -> list[dict[str, object]]:
    """The rows of a layer in the spec of a chart."""
    found: list[dict[str, object]] = kpi_drawing(made, Size(720, 340)).spec["datasets"][layer]
    return found


def test_values_a_year_apart_are_joined_and_gaps_are_dashed() -> None:
    made = subject((2018, "10"), (2019, "12"), (2022, "15"))
    assert [r["x"] for r in rows(made, "solid")] == [2018, 2019]
    assert [r["x"] for r in rows(made, "gaps")] == [2019, 2022]
    assert made.has_gaps


def test_survey_years_are_joined_without_a_gap() -> None:
    made = subject((2018, "10"), (2021, "12"), accumulation="survey")
    assert rows(made, "gaps") == [] == rows(made, "solid")
    assert [r["x"] for r in rows(made, "surveys")] == [2018, 2021]
    assert not made.has_gaps


def test_sums_of_a_term_are_bars_that_stand_on_zero() -> None:
    made = subject((2020, "3"), (2021, "8"), start=None, window=2020, accumulation="cumulative")
    bars = rows(made, "bars")
    assert [(r["y"], r["y2"]) for r in bars] == [(3.0, 0.0), (8.0, 0.0)]
    assert rows(made, "points") == [] == rows(made, "solid")


def test_values_that_are_not_final_are_open() -> None:
    made = subject((2018, "10"), (2021, "12"), status={2021: "provisional"})
    assert [r["x"] for r in rows(made, "open")] == [2021]
    assert [r["x"] for r in rows(made, "points")] == [2018]
    summed = subject(
        (2021, "8"), start=None, window=2020, accumulation="cumulative", status={2021: "estimate"}
    )
    assert [r["y"] for r in rows(summed, "openbars")] == [8.0]
    assert rows(summed, "bars") == []


def test_a_break_of_definition_is_marked_at_its_side() -> None:
    def sides(made: Subject) -> list[bool]:
        frame_start, frame_end = years_of(made)
        middle = (frame_start + frame_end) / 2
        return sorted({float(str(r["x"])) > middle for r in rows(made, "breaks")})

    points = (2018, "10"), (2021, "12")
    assert sides(subject(*points)) == []
    assert sides(subject(*points, follows=True)) == [False]
    assert sides(subject(*points, followed=True)) == [True]


def test_relations_break_the_charts_of_both_series(real: Package) -> None:
    subjects = subjects_of(real, judge_all(real))
    for relation in real.kpi_relations:
        if relation.relation != "see-also":
            assert subjects[relation.kpi_id].followed
            assert subjects[relation.related_kpi_id].follows


def test_a_target_in_words_has_no_line() -> None:
    made = subject((2018, "10"), (2021, "12"), goal=(2024, None))
    assert rows(made, "targets") == [] == rows(made, "path")


def test_the_last_value_and_the_target_are_always_labelled(all_drawn: dict[str, KpiCharts]) -> None:
    for kpi_id, charts in all_drawn.items():
        made = charts.subject
        for picture in (charts.wide, charts.narrow):
            words = [t.text for t in ElementTree.fromstring(picture).iter(f"{SVG}text")]
            text = " ".join(w for w in words if w)
            if made.observations:
                assert f"{made.observations[-1].value:,}" in text, kpi_id
            for term in made.terms:
                if term.target.target_value is not None:
                    assert f"{term.target.target_value:,}" in text, kpi_id


def test_pictures_speak_japanese(all_drawn: dict[str, KpiCharts]) -> None:
    for kpi_id, charts in all_drawn.items():
        units = {charts.subject.terms[0].kpi.unit}
        names = charts.subject.terms[0].kpi.name
        for picture in (charts.wide, charts.narrow):
            root = ElementTree.fromstring(picture)
            assert root.get("role") == "img", kpi_id
            title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
            assert title is not None and title.text and description is not None
            assert description.text and len(description.text) > 20, kpi_id
            assert {root.get("aria-labelledby"), root.get("aria-describedby")} == {
                title.get("id"),
                description.get("id"),
            }
            words = [*root.itertext(), *(e.get("aria-label", "") for e in root.iter())]
            for word in words:
                left = [w for w in LATIN.findall(word) if w not in units and w not in names]
                assert left == [], (kpi_id, word)
            assert "#" not in "".join(t.text or "" for t in root.iter(f"{SVG}text"))


def test_pictures_take_every_colour_from_the_page(all_drawn: dict[str, KpiCharts]) -> None:
    known = {f"var({token})" for token in tokens(LIGHT)}
    for charts in all_drawn.values():
        for picture in (charts.wide, charts.narrow, charts.spark):
            for element in ElementTree.fromstring(picture).iter():
                for name in ("fill", "stroke"):
                    assert element.get(name, "none") in known | {"none", "transparent"}


coordinates = st.floats(0, 300)
labels = st.builds(
    Label,
    st.lists(
        st.text("0123456789.,目標基準値万人%", min_size=1, max_size=12), min_size=1, max_size=2
    ).map(tuple),
    coordinates,
    coordinates.map(lambda y: y * 0.7),
    st.sampled_from([12.0, 13.0, 14.0]),
    st.just("plain"),
    st.booleans(),
)


@given(st.lists(labels, max_size=12), st.lists(st.tuples(coordinates, coordinates), max_size=8))
def test_labels_never_overlap_and_stay_inside(
    wanted: list[Label], points: list[tuple[float, float]]
) -> None:
    frame = Box(0, 0, 300, 210)
    solid = [Box(x, y * 0.7, x + 8, y * 0.7 + 8) for x, y in points]
    placed = place(wanted, frame, solid)
    for spot in placed:
        assert spot.box.inside(frame)
        assert not any(spot.box.meets(mark) for mark in solid)
        assert text_width(spot.text, spot.label.size) <= spot.box.right - spot.box.left
    for one, two in combinations(placed, 2):
        assert not one.box.meets(two.box)


values = st.decimals(-1_000_000, 100_000_000, places=1)


@given(
    st.lists(values, min_size=1, max_size=8),
    values,
    values,
    st.sampled_from(["件", "万人", "PV", "%", "千円"]),
    st.sampled_from([340, 400, 720]),
)
def test_words_of_any_chart_stay_apart(
    seen: list[object], base: object, goal: object, unit: str, width: int
) -> None:
    made = subject(
        *((2016 + i, str(v)) for i, v in enumerate(seen)),
        start=(2018, str(base)),
        goal=(2024, str(goal)),
        unit=unit,
    )
    first, last = years_of(made)
    bottom, top, _ = value_scale([float(str(v)) for v in (*seen, base, goal)], zero=False)
    frame = Frame(width - 80, 230, first - 0.6, last + 0.6, bottom, top)
    room = Box(0, 0, frame.width, frame.height)
    placed = place_labels(made, frame, room)
    for one, two in combinations([*placed, *term_labels(made, frame)], 2):
        assert not one.box.meets(two.box)
    assert all(spot.box.inside(room) for spot in placed)


@given(st.lists(st.floats(-1e7, 1e7), min_size=1, max_size=6), st.booleans(), st.integers(0, 3))
def test_the_axis_holds_every_value(seen: list[float], zero: bool, decimals: int) -> None:
    bottom, top, ticks = value_scale(seen, zero=zero, decimals=decimals)
    assert bottom <= min(seen)
    assert top >= max(seen)
    assert bottom < top
    assert all(bottom - 1e-6 <= t <= top + 1e-6 for t in ticks)
    if zero or min(seen) < 0 < max(seen):
        assert bottom <= 0 <= top
    if min(seen) >= 0:
        assert bottom >= 0


@given(st.integers(1990, 2030), st.integers(1, 40), st.floats(5, 80))
def test_years_never_run_into_each_other(first: int, count: int, per_year: float) -> None:
    years = range(first, first + count)
    shown = year_ticks(years, [first], per_year, 40)
    assert first in shown
    assert all(b - a >= 40 / per_year - 1e-9 for a, b in pairwise(shown))


@given(st.text("あ漢、。（）「」12.5% ab", max_size=60), st.integers(60, 300))
def test_wrapped_lines_fit_and_keep_the_text(text: str, width: int) -> None:
    for lines in (wrap(text, 12, width), balanced(text, 12, width)):
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        for line in lines[1:]:
            assert not line or line[0] not in NOT_FIRST or line[0] in "%.%)"
        for line in lines[:-1]:
            assert line[-1:] not in tuple(NOT_LAST)
    assert wrap("あ" * 50, 10, 100, 2)[-1].endswith("…")


def test_a_track_shows_progress_pace_and_direction(real: Package) -> None:
    for item in judge_all(real):
        root = ElementTree.fromstring(track_svg(item))
        classes = [e.get("class", "") for e in root.iter()]
        assert root.get("aria-hidden") == "true"
        assert ("track__goal" in classes) == (item.target.target_value is not None)
        assert ("track__pace" in classes) == (item.progress is not None)
        for element in root.iter():
            for name in ("x", "x1", "x2", "cx"):
                share = element.get(name, "0%")
                assert 0 <= float(share.rstrip("%")) <= 100


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, two: str) -> float:
    """Contrast of two colours, 1 to 21."""
    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


GROUNDS = ("--chart-paper", "--chart-band", "--paper")
TEXTS = ("--chart-ink", "--chart-muted", "--chart-line", "--chart-target", "--muted")
MARKS = ("--chart-line", "--chart-target", "--chart-muted", "--good", "--warn", "--bad", "--none")


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_contrast_of_texts_and_marks(scheme: str) -> None:
    """Texts 4.5:1 and marks 3:1 on everything they are drawn on (WCAG 1.4.3 and 1.4.11)."""
    colours = tokens(scheme)
    low = {
        f"{front} on {ground}": round(contrast(colours[front], colours[ground]), 2)
        for wanted, fronts in ((4.5, TEXTS), (3.0, MARKS))
        for front in fronts
        for ground in GROUNDS
        if contrast(colours[front], colours[ground]) < wanted
    }
    assert low == {}
    for tone in ("good", "warn", "bad", "none"):
        assert contrast(colours[f"--{tone}"], colours[f"--{tone}-tint"]) >= 4.5


def test_many_pictures_are_drawn_by_others_and_are_the_same(
    package: Package,
    drawn: dict[str, KpiCharts],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What processes of a team draw is found in the cache, to the byte what is drawn here."""
    monkeypatch.setenv("SITE_CACHE", str(tmp_path))
    monkeypatch.setattr(cache, "FOLDER", tmp_path / "made")
    monkeypatch.setattr("scripts.charts.MANY", 2)

    def not_here(*_: object) -> str:
        raise AssertionError("drawn in the process of the build")

    monkeypatch.setattr("scripts.charts.svg.rendered", not_here)
    told: list[int] = []
    with Team(2) as team:
        made = draw_all(
            package,
            judge_all(package),
            lambda _, done, __: told.append(done),
            memory=Memory("code"),
            team=team,
        )
    assert told[: len(made)] == list(range(1, len(made) + 1))
    for kpi_id, charts in made.items():
        for kind in ("wide", "narrow", "spark", "tracks"):
            assert getattr(charts, kind) == getattr(drawn[kpi_id], kind)
