"""The foot of an indicator's page: how to report an error, where a value stands."""

from __future__ import annotations

from urllib.parse import quote

from scripts.model import Record, Site
from scripts.pages.views import KpiView
from scripts.words import short_year, with_unit


def subject(view: KpiView) -> str:
    """``空港の乗降客数（2021年度 45.9万人）について``, the subject of a message."""
    latest = view.current.latest if view.current else None
    value = (
        f"（{short_year(latest.year, view.kpi)} {with_unit(latest.value, view.kpi)}）"
        if latest
        else ""
    )
    return f"{view.kpi.name}{value}について"


def contact_link(site: Site, view: KpiView) -> str:
    """Where a message goes, its subject filled in; blank when no contact is set.

    ``contact`` is an e-mail address or a web address; ``{subject}`` and ``{page}`` in a web address
    are replaced.
    """
    page = site.url(f"kpis/{view.kpi.kpi_id}/")
    if "@" in site.contact and "/" not in site.contact:
        address = site.contact.removeprefix("mailto:")
        body = quote(f"\r\n\r\nページ：{page}\r\n")
        return f"mailto:{address}?subject={quote(subject(view))}&body={body}"
    return site.contact.replace("{subject}", quote(subject(view), safe="")).replace(
        "{page}", quote(page, safe="")
    )


def row_link(site: Site, path: str, record: Record) -> str:
    """Address of a line of a table in the public repository; blank when none is set.

    ``repository`` may hold ``{path}`` and ``{row}``; without them the form of GitHub is used.
    """
    if not site.repository:
        return ""
    pattern = site.repository
    if "{path}" not in pattern:
        pattern = pattern.rstrip("/") + "/blob/HEAD/{path}?plain=1#L{row}"
    return pattern.replace("{path}", path).replace("{row}", str(record.row))
