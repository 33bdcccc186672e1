"""The published site as a whole: complete, linked, self-contained."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree

from scripts.finish import finish
from scripts.marks import Marks, fill_holes
from tests.browser import Built, built, published_at
from tests.helpers import TODAY
from tests.published import css_links, html_pages, nav_paths, parse, resolve

__all__ = ["built"]


def test_every_staged_page_became_html(built: Built) -> None:
    missing = [p for p in built.pages if not (built.site / p / "index.html").is_file()]
    assert not missing
    frames = len(list((built.site / "embed").glob("*/index.html")))
    assert len(html_pages(built)) == len(built.pages) + frames + 1  # and 404.html


def test_every_staged_file_was_published(built: Built) -> None:
    marks = Marks(built.staged, built.config.theme.dirs)
    for file in sorted(built.staged.rglob("*")):
        if file.is_file() and file.suffix != ".md":
            copy = built.site / file.relative_to(built.staged)
            made = file.read_bytes()
            if file.suffix == ".html":  # the policy is written into finished pages
                made = fill_holes(finish(made.decode(), marks.sheets).encode(), marks.names)
            assert copy.read_bytes() == made, copy


def test_every_indicator_and_goal_has_its_page(built: Built) -> None:
    wanted = {f"kpis/{k.kpi_id}/" for k in built.package.kpis}
    wanted |= {f"goals/{g.goal_id}/" for g in built.package.goals}
    assert wanted <= set(built.pages)


def test_internal_links_resolve(built: Built) -> None:
    broken = []
    for page in html_pages(built):
        for tag, relation, link in parse(page).links:
            if link.startswith(("mailto:", "tel:", "data:")) or relation == "edit":
                continue
            file, anchor = resolve(built, page, link)
            if file is None:
                continue
            known = file.is_file() and (
                not anchor or anchor == "__top" or anchor in parse(file).ids
            )
            if not known:
                broken.append(f"{page.relative_to(built.site)}: <{tag}> {link}")
    assert not broken, "\n".join(broken[:40])


def test_ids_are_unique(built: Built) -> None:
    for page in html_pages(built):
        ids = parse(page).ids
        assert len(ids) == len(set(ids)), (page, sorted({i for i in ids if ids.count(i) > 1}))


def test_every_menu_entry_resolves_and_is_reached_from_home(built: Built) -> None:
    home = built.site / "index.html"
    reached = {resolve(built, home, link)[0] for tag, _, link in parse(home).links if tag == "a"}
    wanted = [built.site / published_at(Path(path)) / "index.html" for path in nav_paths(built.nav)]
    assert len(wanted) > 5
    for page in wanted:
        assert page.is_file()
        assert page in reached, page


def test_nothing_is_loaded_from_another_host(built: Built) -> None:
    for page in html_pages(built):
        for link in parse(page).fetched:
            if not link.startswith(("data:", "#")):
                file, _ = resolve(built, page, link)
                assert file is not None, f"{page.relative_to(built.site)}: {link}"
                assert file.is_file(), f"{page.relative_to(built.site)}: {link}"


def test_style_sheets_load_nothing_from_another_host(built: Built) -> None:
    sheets = sorted(built.site.rglob("*.css"))
    assert sheets
    for sheet in sheets:
        for link in css_links(sheet.read_text(encoding="utf-8")):
            if not link.startswith(("data:", "#")):
                assert resolve(built, sheet, link)[0] is not None, f"{sheet}: {link}"


def test_pages_name_themselves(built: Built) -> None:
    titles: dict[str, Path] = {}
    for page in html_pages(built):
        found = parse(page)
        assert found.lang == "ja", page
        assert found.title.strip(), page
        assert "viewport" in found.meta, page
        if page.name == "404.html":
            continue
        assert found.meta.get("description", "").strip(), page
        assert len(found.headings) == 1, (page, found.headings)
        assert found.headings[0].strip(), page
        assert found.title not in titles, f"{page} and {titles[found.title]}: {found.title}"
        titles[found.title] = page


def test_sitemap_names_every_page(built: Built) -> None:
    tree = ElementTree.parse(built.site / "sitemap.xml")
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    found = {node.text for node in tree.iter(f"{space}loc")}
    assert found == {urljoin(built.homepage, built.base + page) for page in built.pages}
    assert {node.text for node in tree.iter(f"{space}lastmod")} <= {str(TODAY)}


def test_the_report_says_what_was_made_and_how_to_look(built: Built) -> None:
    log = (built.site.parent / "log.txt").read_text(encoding="utf-8")
    kpis = len(built.package.kpis)
    assert f"ページ {len(built.pages)}、指標 {kpis}、図 " in log
    assert "python -m http.server -d" in log
    assert "nox -s serve" in log
    assert "end of life" not in log
