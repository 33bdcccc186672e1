"""Charts as they stand on the screen: nothing overlaps, nothing is cut off, scripts only on demand.

``test-results/charts/index.html`` is the contact sheet: every chart at two widths, light and dark.
"""

from __future__ import annotations

import html
import json
from pathlib import Path

import pytest
from lxml.html import parse, tostring
from playwright.sync_api import expect

from scripts.charts import subjects_of
from scripts.progress import judge_all
from tests.browser import Built, Visitor, built, visitor
from tests.helpers import ROOT

__all__ = ["built", "visitor"]

SHEET = ROOT / "test-results" / "charts"
STRIP = 4000
"""Height of a picture of the contact sheet in pixels."""

WIDTHS = (320, 360, 768, 1280)

CLASHES = """() => {
  const found = [];
  for (const svg of document.querySelectorAll('.chart__picture svg')) {
    if (!svg.checkVisibility()) continue;
    const frame = svg.getBoundingClientRect();
    const words = [...svg.querySelectorAll('text')].flatMap(text => {
      const parts = text.querySelectorAll('tspan');
      return [...(parts.length ? parts : [text])];
    }).map(node => {
      // the letters, not the line: the box of a text is taller than anything it draws
      const box = node.getBoundingClientRect(), cut = box.height * 0.18;
      return {word: node.textContent, left: box.left, right: box.right,
              top: box.top + cut, bottom: box.bottom - cut};
    });
    if (words.length < 4) found.push(`only ${words.length} words`);
    words.forEach((a, i) => {
      if (a.left < frame.left - 0.5 || a.right > frame.right + 0.5
          || a.top < frame.top - 0.5 || a.bottom > frame.bottom + 0.5)
        found.push(`${a.word} leaves the picture`);
      for (const b of words.slice(i + 1))
        if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
          found.push(`${a.word} / ${b.word}`);
    });
  }
  const size = document.querySelectorAll('.chart__picture svg');
  if (![...size].some(svg => svg.checkVisibility())) found.push('no picture');
  return found;
}"""
"""Words of the visible chart that touch each other or stick out, and charts without words."""

SMALLEST = """() => Math.min(...[...document.querySelectorAll('.chart__picture svg text')]
  .filter(t => t.checkVisibility())
  .map(t => parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().d))"""
"""The smallest letters of the visible chart, in pixels of the screen."""


def charted(built: Built) -> list[str]:
    """The indicators that have a chart."""
    return list(subjects_of(built.package, judge_all(built.package)))


@pytest.mark.parametrize("width", WIDTHS)
def test_no_word_of_a_chart_touches_another(built: Built, visitor: Visitor, width: int) -> None:
    clashes, small = {}, {}
    with visitor(width=width, js=True) as visit:
        for kpi_id in charted(built):
            page = visit.go(f"kpis/{kpi_id}/")
            if found := page.evaluate(CLASHES):
                clashes[kpi_id] = found
            if (letters := page.evaluate(SMALLEST)) < 10:
                small[kpi_id] = letters
    assert clashes == {}
    assert small == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_no_word_of_a_small_chart_touches_another(visitor: Visitor, width: int) -> None:
    """The columns of figures without a target."""
    with visitor(width=width) as visit:
        page = visit.go("achievements/")
        page.get_by_role("button", name="すべて開く").click()
        assert page.locator(".series__chart svg:visible").count() > 5
        assert page.evaluate(CLASHES.replace(".chart__picture", ".series__chart")) == []
        assert page.evaluate(SMALLEST.replace(".chart__picture", ".series__chart")) >= 10


def test_a_touching_word_is_noticed(built: Built, visitor: Visitor) -> None:
    """The measurement above bites: a planted clash and a word outside are both found."""
    with visitor() as visit:
        page = visit.go(f"kpis/{charted(built)[0]}/")
        page.evaluate("""() => {
          const svg = [...document.querySelectorAll('.chart__picture svg')]
            .find(s => s.checkVisibility());
          const [one, two] = svg.querySelectorAll('text');
          two.parentNode.append(one.cloneNode(true));
          two.setAttribute('transform', 'translate(-400,0)');
        }""")
        found = page.evaluate(CLASHES)
    assert any("/" in each for each in found)
    assert any("leaves" in each for each in found)


@pytest.fixture
def kpi_id(built: Built) -> str:
    """An indicator with several values."""
    subjects = subjects_of(built.package, judge_all(built.package))
    return max(subjects, key=lambda k: len(subjects[k].observations))


def test_exploring_loads_vega_on_a_click_only(built: Built, visitor: Visitor, kpi_id: str) -> None:
    with visitor() as visit:
        page = visit.go(f"kpis/{kpi_id}/")
        page.wait_for_load_state("networkidle")
        assert not [url for url in visit.requests if "vega" in url or ".vl.json" in url]
        picture, place = page.locator(".chart__picture"), page.locator(".chart__live")
        words = page.locator(".chart__words")
        page.locator(".chart__explore").click()
        place.locator("canvas").wait_for()
        expect(picture).to_be_hidden()
        assert [url for url in visit.requests if "/vega." in url]
        assert visit.strangers == []
        expect(place).to_be_focused()
        rows = json.loads((built.site / "data" / "kpis" / f"{kpi_id}.vl.json").read_bytes())
        seen = rows["data"]["values"]
        expect(words).to_contain_text(seen[-1]["label"])
        before = place.locator("canvas").screenshot()
        page.keyboard.press("Home")
        expect(words).to_contain_text(seen[0]["label"])
        expect(words).to_contain_text(seen[0]["shown"])
        assert place.get_attribute("aria-valuetext") == words.inner_text()
        assert place.locator("canvas").screenshot() != before, "the cursor is not to be seen"
        page.keyboard.press("ArrowRight")
        expect(words).to_contain_text(seen[1]["label"])
        box = place.locator("canvas").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] * 0.06, box["y"] + box["height"] / 2)
        page.mouse.move(box["x"] + box["width"] * 0.07, box["y"] + box["height"] / 2)
        expect(words).to_contain_text(seen[0]["label"])
        page.locator(".chart__explore").click()
        expect(picture).to_be_visible()
        expect(place).to_be_hidden()
        assert visit.errors == []


def test_an_open_chart_follows_the_colours_and_the_width(visitor: Visitor, kpi_id: str) -> None:
    """Drawn in light colours it could not be read in the dark, nor a wide one on a phone."""
    lightness = """() => {
      const canvas = document.querySelector('.chart__live canvas');
      if (!canvas) return null;
      const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let light = 0, drawn = 0;
      for (let at = 0; at < data.length; at += 4) {
        drawn += data[at + 3] / 255;
        light += data[at + 3] / 255 * (data[at] + data[at + 1] + data[at + 2]) / 765;
      }
      return light / drawn;
    }"""
    with visitor() as visit:
        page = visit.go(f"kpis/{kpi_id}/")
        canvas = page.locator(".chart__live canvas")
        page.locator(".chart__explore").click()
        canvas.wait_for()
        assert page.evaluate(lightness) > 0.7
        page.locator('input[data-md-color-scheme="slate"]').evaluate("e => e.click()")
        page.wait_for_function(f"() => {{ const l = ({lightness})(); return l && l < 0.4; }}")
        page.set_viewport_size({"width": 360, "height": 740})
        page.wait_for_function(
            "() => document.querySelector('.chart__live canvas')?.clientWidth < 360"
        )
        expect(page.locator(".chart__live")).not_to_be_focused()
        assert visit.errors == []


def test_a_failure_keeps_the_picture(visitor: Visitor, kpi_id: str) -> None:
    with visitor() as visit:
        page = visit.go(f"kpis/{kpi_id}/")
        page.route("**/vega.*", lambda route: route.abort())
        page.locator(".chart__explore").click()
        expect(page.locator(".chart__words")).to_contain_text("表示できませんでした")
        expect(page.locator(".chart__picture")).to_be_visible()
        expect(page.locator(".chart__live")).to_be_hidden()
        expect(page.locator(".chart__explore")).to_be_enabled()


def test_without_scripts_there_is_no_button_that_does_nothing(
    visitor: Visitor, kpi_id: str
) -> None:
    with visitor(js=False) as visit:
        page = visit.go(f"kpis/{kpi_id}/")
        expect(page.locator(".chart__picture")).to_be_visible()
        expect(page.locator(".chart__explore")).to_be_hidden()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 700])
def test_a_frame_shows_the_chart_and_its_source(
    visitor: Visitor, kpi_id: str, width: int, dark: bool
) -> None:
    with visitor(js=False, width=width, dark=dark) as visit:
        visit.go(f"embed/{kpi_id}/")
    with visitor(width=width, dark=dark) as visit:
        page = visit.go(f"embed/{kpi_id}/")
        assert page.locator("script").count() == 0
        assert page.evaluate(CLASHES) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        expect(page.locator(".source")).to_contain_text("出典")
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (ground == "rgb(255, 255, 255)") != dark
        assert visit.strangers == []
        assert visit.errors == []


def test_links_carry_a_picture(built: Built, visitor: Visitor, kpi_id: str) -> None:
    goal = built.current[kpi_id].target.goal_id
    wanted = {
        f"kpis/{kpi_id}/": f"assets/cards/{kpi_id}.png",
        f"goals/{goal}/": f"assets/cards/{goal}.png",
        "": "assets/cards/default.png",
        "method/": "assets/cards/default.png",
    }
    with visitor(js=False) as visit:
        for path, card in wanted.items():
            page = visit.go(path)
            meta = {
                tag.get_attribute("property") or "": tag.get_attribute("content") or ""
                for tag in page.locator('meta[property^="og:"]').all()
            }
            assert meta["og:image"] == built.homepage + card
            assert (built.site / card).is_file()
            assert meta["og:title"].strip()
            assert meta["og:description"].strip()


PICTURES = {
    "index.html": ("overview",),
    "goals/*/index.html": ("paths",),
    "kpis/*/index.html": ("chart",),
    "kpis/index.html": (),
    "projects/index.html": ("bars",),
    "achievements/index.html": ("seriescards",),
    "kpis/status/index.html": ("kpicards",),
}
"""Pages with pictures, and the classes of the elements that hold them."""


def pictures(site: Path) -> list[str]:
    """Every picture of the site as HTML, under the address of its page."""
    found = []
    for pattern, names in PICTURES.items():
        for file in sorted(site.glob(pattern)):
            tree = parse(str(file)).getroot()
            parts = [
                part
                for name in names
                for part in tree.xpath(f"//*[contains(concat(' ', @class, ' '), ' {name} ')]")
            ]
            if parts:
                found.append(f"<h2>{html.escape(str(file.relative_to(site).parent))}</h2>")
            for part in parts:
                around = part.getparent() if part.tag == "table" else part
                found.append(tostring(around, encoding="unicode", with_tail=False))
    return found


def test_contact_sheet(built: Built, visitor: Visitor) -> None:
    """Not a judgement but a page to look at: every chart at 360 and 1280 px, light and dark."""
    SHEET.mkdir(parents=True, exist_ok=True)
    for old in SHEET.glob("*.png"):
        old.unlink()
    everything = pictures(built.site)
    assert len(everything) > 2 * len(charted(built))
    home = parse(str(built.site / "index.html")).getroot()
    styles = "".join(  # in the order of the page: ours mend the theme's
        f'<link rel="stylesheet" href="{(built.site / str(address)).as_uri()}">'
        for address in home.xpath('//link[@rel="stylesheet"]/@href')
    )
    images = []
    for dark in (False, True):
        scheme = "slate" if dark else "default"
        home.body.set("data-md-color-scheme", scheme)
        body = " ".join(f'{name}="{value}"' for name, value in home.body.items())
        sheet = SHEET / f"{scheme}.html"
        sheet.write_text(
            f'<!doctype html><html lang="ja"><meta charset="utf-8"><title>図の一覧</title>{styles}'
            f"<body {body}>"
            '<article class="md-typeset md-content__inner">'
            f"{''.join(everything)}</article></body></html>\n",
            encoding="utf-8",
        )
        for width in (360, 1280):
            with visitor(js=False, width=width, height=STRIP, dark=dark) as visit:
                page = visit.page
                page.goto(sheet.as_uri())
                whole = page.evaluate("document.documentElement.scrollHeight")
                for part, top in enumerate(range(0, whole, STRIP)):
                    name = f"{scheme}-{width}-{part:02}.png"
                    page.evaluate(f"scrollTo(0, {top})")
                    page.screenshot(path=SHEET / name)
                    images.append(f'<img src="{name}" alt="{name}" loading="lazy">')
    (SHEET / "index.html").write_text(
        '<!doctype html><html lang="ja"><meta charset="utf-8"><title>図の一覧</title>'
        f"<style>img{{margin:4px;vertical-align:top}}</style><p>{''.join(images)}</p></html>\n",
        encoding="utf-8",
    )
