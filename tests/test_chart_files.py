"""What can be taken along of a chart: files, specs, pixels, the cache behind them."""

from __future__ import annotations

import json
import os
import re
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest

from scripts import cache
from scripts.charts import KpiCharts, draw, pixels
from scripts.charts.files import chart_files
from scripts.charts.interactive import COLOURS, palette, public_spec
from scripts.charts.standalone import origin_of, standalone_svg
from scripts.charts.theme import SHEETS
from scripts.model import Package, site_of
from scripts.progress import Progress, judge_all
from scripts.words import number
from tests.helpers import TODAY
from tests.test_charts import drawn

__all__ = ["drawn"]


@pytest.fixture(scope="module")
def files(package: Package, drawn: dict[str, KpiCharts]) -> Mapping[str, bytes]:
    """The files made from the charts of the fixture package."""
    said: list[str] = []
    judged = judge_all(package)
    made = chart_files(package, judged, drawn, today=TODAY, say=said.append)
    assert said == [], "the tests need a Japanese font (fonts-noto-cjk)"
    return made


def png_size(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG."""
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def test_every_indicator_can_be_taken_along(
    files: dict[str, bytes], drawn: dict[str, KpiCharts], package: Package
) -> None:
    site = site_of(package.descriptor)
    for kpi_id, charts in drawn.items():
        svg = files[f"data/kpis/{kpi_id}.svg"].decode()
        words = "".join(ElementTree.fromstring(svg).itertext())
        assert "var(" not in svg
        for wanted in (
            charts.subject.terms[-1].kpi.name[:8],
            "出典",
            site.licence,
            "2026年11月22日",
        ):
            assert wanted in words, (kpi_id, wanted)
        root = ElementTree.fromstring(svg)
        width, height = float(root.get("width", 0)), float(root.get("height", 0))
        assert png_size(files[f"data/kpis/{kpi_id}.png"]) == (round(width * 2), round(height * 2))
        assert png_size(files[f"assets/cards/{kpi_id}.png"]) == (1200, 630)
        page = files[f"embed/{kpi_id}/index.html"].decode()
        assert 'name="robots" content="noindex"' in page
        assert "<script" not in page and "style=" not in page
        assert "出典" in page
    for goal in package.goals:
        assert png_size(files[f"assets/cards/{goal.goal_id}.png"]) == (1200, 630)
    assert png_size(files["assets/cards/default.png"]) == (1200, 630)


def test_specs_are_valid_and_carry_their_data(
    files: dict[str, bytes], drawn: dict[str, KpiCharts]
) -> None:
    import altair as alt

    for kpi_id, charts in drawn.items():
        spec = json.loads(files[f"data/kpis/{kpi_id}.vl.json"])
        alt.LayerChart.from_dict(spec, validate=True)
        assert spec["$schema"] == alt.SCHEMA_URL.rsplit("/", 1)[0] + "/v6.json"
        assert [r["year"] for r in spec["data"]["values"]] == [
            o.year for o in charts.subject.observations
        ]
        assert "url" not in json.dumps(spec["data"])


def test_specs_draw_alone(files: dict[str, bytes], drawn: dict[str, KpiCharts]) -> None:
    """As in the public editor: compiled and drawn from the one file, every mark with its data."""
    import vl_convert

    def sources(node: object) -> Iterator[Mapping[str, object]]:
        if isinstance(node, dict):
            if "data" in node:
                yield node["data"]
            node = list(node.values())
        for part in node if isinstance(node, list) else ():
            yield from sources(part)

    for kpi_id, charts in drawn.items():
        spec = json.loads(files[f"data/kpis/{kpi_id}.vl.json"])
        assert all(set(source) == {"values"} for source in sources(spec))
        assert not [each for each in vl_convert.vegalite_to_vega(spec)["data"] if "url" in each]
        picture = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
        words = "".join(ElementTree.fromstring(picture).itertext())
        assert charts.subject.terms[-1].kpi.name in words
        if charts.subject.observations:
            assert number(charts.subject.observations[-1].value) in words


def test_the_page_can_put_its_own_colours_into_a_spec() -> None:
    assert len(set(palette().values())) == len(COLOURS)


def test_the_bundle_is_a_module_of_our_own(files: dict[str, bytes]) -> None:
    bundle = files["assets/js/vega.js"].decode()
    assert re.search(r"export\s*\{[^}]*\bvegaEmbed\b", bundle)
    loader = (SHEETS / "js" / "charts.js").read_text(encoding="utf-8")
    assert "import(" in loader
    assert "ast: true" in loader


def looks(charts: KpiCharts) -> tuple[object, ...]:
    """All pictures of an indicator."""
    return charts.wide, charts.narrow, charts.spark, charts.tracks


def test_pictures_do_not_depend_on_the_cache(
    package: Package, drawn: dict[str, KpiCharts], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cold cache, a warm one and one that cannot be written give the same bytes."""
    one = next(iter(drawn.values())).subject
    warm = looks(draw(one))
    for folder in (tmp_path / "cold", tmp_path / "cold", Path("/dev/null/nowhere")):
        monkeypatch.setattr(cache, "FOLDER", folder)
        assert looks(draw(one)) == warm
    assert list((tmp_path / "cold").glob("*.svg"))


def test_old_pictures_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "FOLDER", tmp_path)
    assert cache.remember("svg", "a", lambda: b"picture") == b"picture"
    (kept,) = tmp_path.iterdir()
    moment, day = kept.stat().st_mtime, 86400
    late = moment + day * (cache.KEEP_DAYS + 1)
    assert cache.forget(moment + day) == 0
    assert cache.forget(late) == 1
    assert cache.remember("svg", "a", lambda: b"other") == b"other"
    # what another run has just renamed or removed is no fault
    (tmp_path / "gone.svg").symlink_to(tmp_path / "nowhere")
    os.utime(next(tmp_path.glob("*[!e].svg")), (moment, moment))
    assert cache.forget(late + day / 2) == 0, "once a day is enough"
    assert cache.forget(late + day) == 1
    # a clock that was wrong once does not stop it for ever
    assert cache.remember("svg", "a", lambda: b"third") == b"third"
    os.utime(next(tmp_path.glob("*[!e].svg")), (0, 0))
    assert cache.forget(moment) == 1


def test_a_cache_that_is_not_there_is_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "FOLDER", tmp_path / "none")
    assert cache.forget() == 0
    assert not list(tmp_path.iterdir())


def test_a_cache_that_cannot_be_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "FOLDER", Path("/dev/null/nowhere"))
    assert cache.forget() == 0


def test_without_pictures_in_pixels_the_renderer_does_not_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It takes 17 MB and a tenth of a second to find out what the letters look like."""

    def never(svg: str, scale: float) -> bytes:
        raise AssertionError(svg, scale)

    monkeypatch.setattr(pixels, "_draw", never)
    pixels.japanese_font.cache_clear()
    assert dict(pixels.to_pngs({})) == {}


def test_without_a_japanese_font_the_rest_is_made(
    package: Package, drawn: dict[str, KpiCharts], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.charts.files.japanese_font", lambda: None)
    said: list[str] = []
    made = chart_files(package, judge_all(package), drawn, today=TODAY, say=said.append)
    assert said == [pixels.MISSING]
    assert [path for path in made if path.endswith(".png")] == ["assets/cards/default.png"]
    assert any(path.endswith(".svg") for path in made)


def test_pixels_survive_better_packing() -> None:
    import vl_convert

    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="7"><circle r="5"/></svg>'
    png = vl_convert.svg_to_png(svg)
    packed = pixels.deflated(png)
    assert png_size(packed) == png_size(png) == (9, 7)
    assert pixels.deflated(packed) == packed


def test_the_origin_names_every_document(package: Package, drawn: dict[str, KpiCharts]) -> None:
    site = site_of(package.descriptor)
    for charts in drawn.values():
        origin = origin_of(package, site, charts.subject, TODAY)
        used = {o.source_id for o in charts.subject.observations}
        used |= {t.target.source_id for t in charts.subject.terms}
        assert {s.source_id for s in origin.sources} == used
        first = origin.lines("k")[0]
        assert all(s.title in first for s in origin.sources)
        assert public_spec(charts.subject, origin)["usermeta"]["source"][0] == first
        assert standalone_svg(charts.subject, charts.speech, origin).startswith("<svg")


def test_terms_that_are_judged_are_drawn(package: Package, drawn: dict[str, KpiCharts]) -> None:
    def ids(items: tuple[Progress, ...]) -> Iterator[str]:
        return (p.strategy.strategy_id for p in items)

    for item in judge_all(package):
        charts = drawn[item.kpi.kpi_id]
        assert item.strategy.strategy_id in ids(charts.subject.terms)
        assert item.strategy.strategy_id in charts.tracks
