"""What a page may load and run: the policy in every page, and the site at work under it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from playwright.sync_api import Route, expect

from scripts.charts import subjects_of
from scripts.progress import judge_all
from scripts.seal import POLICY, policy, seal
from tests.browser import Built, Visitor, built, serving, visitor

__all__ = ["built", "visitor"]

HEAD = '<html><head><meta charset="utf-8"><link rel="icon" href="../assets/i.svg">'


def test_the_policy_is_strict() -> None:
    assert POLICY["default-src"] == "'none'"
    assert "unsafe" not in policy()
    assert "*" not in policy()
    assert not re.search(r"https?:", policy())
    assert policy(frame_ancestors="'self'").endswith("; frame-ancestors 'self'")


def test_the_policy_comes_before_everything_else() -> None:
    page = HEAD + "<script>attack()</script>"
    sealed = seal(page)
    assert sealed.index("Content-Security-Policy") < sealed.index("<link")
    assert sealed.replace(sealed[sealed.index("<meta http") : sealed.index("<link")], "") == page


def test_a_page_that_cannot_be_sealed_is_refused() -> None:
    with pytest.raises(ValueError, match="no <meta charset>"):
        seal("<html><head><title>x</title>")


class Inline(HTMLParser):
    """Everything in a page that a strict policy refuses, and where its policy stands."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.head: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if values.get("http-equiv") == "Content-Security-Policy":
            self.head.append(values["content"])
        elif tag in {"script", "link", "style"} and not self.head:
            self.found.append(f"<{tag}> before the policy")
        data = values.get("type", "").endswith("json")
        if tag == "style" or (tag == "script" and "src" not in values and not data):
            self.found.append(f"<{tag}> inside the page")
        for name, value in values.items():
            if name == "style" or name.startswith("on") or value.startswith("javascript:"):
                self.found.append(f'{tag} {name}="{value[:60]}"')


def test_every_page_has_the_policy_and_nothing_it_refuses(built: Built) -> None:
    for file in sorted(built.site.rglob("*.html")):
        page = Inline(file.read_text(encoding="utf-8"))
        assert page.head == [policy()], file
        assert page.found == [], file


def test_a_planted_script_does_not_run(built: Built, visitor: Visitor) -> None:
    """What an attacker might get into a page: each is refused, and we hear of each."""
    planted = (
        "<script>planted = 1</script><img src=x onerror='planted = 2'>"
        "<style>h1 { color: red !important }</style>"
        "<img src='https://elsewhere.example/pixel.png'><base href='https://elsewhere.example/'>"
        "<a id=lure href='javascript:planted=3'>x</a></body>"
    )

    def plant(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</body>", planted))

    with visitor() as visit:
        visit.page.route("**/about/", plant)
        page = visit.go("about/")
        page.locator("#lure").dispatch_event("click")
        page.wait_for_function("document.readyState === 'complete'")
        assert page.evaluate("typeof planted") == "undefined"
        colour = page.locator("h1").evaluate("e => getComputedStyle(e).color")
        assert colour != "rgb(255, 0, 0)"
        assert page.evaluate("document.baseURI").startswith(visit.base)
        heard = {line.split()[1] for line in visit.errors if line.startswith("policy: ")}
    assert {"script-src-elem", "script-src-attr", "style-src-elem", "img-src", "base-uri"} <= heard


def test_nothing_is_refused_while_the_site_is_used(built: Built, visitor: Visitor) -> None:
    """Search, the reader's colours, a chart to explore, a table to sort, on paper."""
    with visitor() as visit:
        page = visit.go("")
        page.get_by_role("combobox").fill("子育て")
        page.get_by_role("option").first.wait_for()
        page.locator('label[for="__palette_1"]:visible').click()
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
        visit.go("kpis/")
        # the choice holds on the next page, before anything is drawn
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
        page.locator(".tools select").last.select_option(index=1)
        kpi_id = next(iter(subjects_of(built.package, judge_all(built.package))))
        visit.go(f"kpis/{kpi_id}/")
        page.locator(".chart__explore").click()
        page.locator(".chart__live canvas").wait_for()
        page.emulate_media(media="print")
        assert visit.errors == []
        assert visit.strangers == []


def test_charts_can_be_framed_by_others(built: Built, visitor: Visitor, tmp_path) -> None:
    kpi_id = next(iter(built.current))
    with visitor() as visit, serving(tmp_path, "/") as elsewhere:
        (tmp_path / "index.html").write_text(
            f'<!doctype html><iframe src="{visit.base}embed/{kpi_id}/"></iframe>', encoding="utf-8"
        )
        page = visit.page
        page.goto(elsewhere.replace("127.0.0.1", "localhost"))
        frame = page.frame_locator("iframe")
        expect(frame.locator("h1")).to_be_visible()
        expect(frame.locator("svg:visible")).to_have_count(1)
        ground = frame.locator("h1").evaluate("e => getComputedStyle(e).fontSize")
        assert ground
        assert visit.errors == []
