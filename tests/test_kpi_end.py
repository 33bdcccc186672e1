"""The foot of an indicator's page: neighbours, messages and source rows."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

from scripts.model import Package, Record, site_of
from scripts.pages.kpi_end import contact_link, row_link, subject
from scripts.pages.kpi_page import neighbours
from scripts.pages.views import Views
from scripts.progress import judge_all
from tests.helpers import TODAY


def views_of(package: Package) -> Views:
    """Views without pictures."""
    return Views(package, judge_all(package), {}, TODAY)


def test_neighbours_lead_through_a_goal_and_back(real: Package) -> None:
    views = views_of(real)
    for kpi in real.kpis:
        before, after = neighbours(views, views.kpi(kpi.kpi_id))
        here = views.kpi(kpi.kpi_id).current
        for beside, other in ((before, 1), (after, 0)):
            if beside is None:
                continue
            assert here is not None
            assert beside != kpi
            back = neighbours(views, views.kpi(beside.kpi_id))[other]
            current = views.kpi(beside.kpi_id).current
            assert current is not None
            if current.strategy == here.strategy:
                assert back == kpi


def test_a_message_names_the_indicator_and_its_value(real: Package) -> None:
    views = views_of(real)
    for kpi in real.kpis:
        view = views.kpi(kpi.kpi_id)
        assert kpi.name in subject(view)
        site = replace(site_of(real.descriptor), contact="toukei@city.example.jp")
        link = urlsplit(contact_link(site, view))
        assert (link.scheme, link.path) == ("mailto", "toukei@city.example.jp")
        fields = parse_qs(link.query)
        assert fields["subject"] == [subject(view)]
        assert site.url(f"kpis/{kpi.kpi_id}/") in fields["body"][0]


def test_a_form_gets_the_subject_and_the_page(real: Package) -> None:
    view = views_of(real).kpi(real.kpis[0].kpi_id)
    site = replace(site_of(real.descriptor), contact="https://f.example.jp/?s={subject}&p={page}")
    fields = parse_qs(urlsplit(contact_link(site, view)).query)
    assert fields["s"] == [subject(view)]
    plain = replace(site, contact="https://f.example.jp/form@1")
    assert contact_link(plain, view) == "https://f.example.jp/form@1"
    assert contact_link(replace(site, contact=""), view) == ""


def test_a_row_is_linked_only_when_there_is_a_repository(real: Package) -> None:
    site = site_of(real.descriptor)
    record = Record(row=12)
    assert row_link(replace(site, repository=""), "data/a.csv", record) == ""
    github = replace(site, repository="https://code.example.jp/town/site/")
    assert row_link(github, "data/a.csv", record) == (
        "https://code.example.jp/town/site/blob/HEAD/data/a.csv?plain=1#L12"
    )
    own = replace(site, repository="https://x.example.jp/{path}#row={row}")
    assert unquote(row_link(own, "data/a.csv", record)) == "https://x.example.jp/data/a.csv#row=12"
