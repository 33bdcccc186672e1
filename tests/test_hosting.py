"""The server settings of the guide are the ones that work, and name the policy of the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from filelock import FileLock

from scripts.exports.descriptor import MEDIA
from scripts.seal import policy
from tests.browser import Built, built
from tests.helpers import ROOT
from tests.nginx import ensure_nginx, free_port, nginx

__all__ = ["built"]

GUIDE = (ROOT / "docs" / "guide" / "hosting.md").read_text(encoding="utf-8")
WHOLE = policy(frame_ancestors="'self'")


def block(language: str) -> str:
    """The one example of the guide in this language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.fixture(scope="module")
def address(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real site on nginx with the settings of the guide, without encryption."""
    with FileLock(tmp_path_factory.getbasetemp().parent / "nginx.lock"):
        ensure_nginx()
    port, settings = free_port(), block("nginx")
    for old, new in {
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port};",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "/srv/strategy/site": str(built.site),
    }.items():
        assert settings.count(old) == 1
        settings = settings.replace(old, new)
    settings = re.sub(r"^\s+ssl_certificate.*\n", "", settings, flags=re.MULTILINE)
    with nginx(tmp_path_factory.mktemp("nginx"), settings, port):
        yield f"http://127.0.0.1:{port}/"


def headers(url: str) -> dict[str, str]:
    """The answer's headers, with the status under ``status``."""
    try:
        with urlopen(url, timeout=20) as answer:
            return {**{k.lower(): v for k, v in answer.headers.items()}, "status": "200"}
    except HTTPError as error:
        return {**{k.lower(): v for k, v in error.headers.items()}, "status": str(error.code)}


def test_pages_come_with_every_header(address: str, built: Built) -> None:
    kpi_id = next(iter(built.current))
    for path in ("", "kpis/", f"kpis/{kpi_id}/", "404.html", "no/such/page/"):
        found = headers(address + path)
        assert found["status"] == ("404" if path.startswith("no/") else "200")
        assert found["content-type"] == "text/html; charset=utf-8", path
        assert found["content-security-policy"] == WHOLE, path
        assert found["x-content-type-options"] == "nosniff", path
        assert found["referrer-policy"] == "strict-origin-when-cross-origin", path
        assert found["cache-control"] == "no-cache", path
        assert found["strict-transport-security"].startswith("max-age="), path
        assert "camera=()" in found["permissions-policy"], path
        assert "access-control-allow-origin" not in found, path


def test_charts_can_be_framed_and_nothing_else(address: str, built: Built) -> None:
    found = headers(f"{address}embed/{next(iter(built.current))}/")
    assert found["content-security-policy"] == policy()


def test_files_have_their_types(address: str, built: Built) -> None:
    text = {"csv", "svg", "jsonld"}
    for form, media in MEDIA.items():
        file = min(built.site.joinpath("data").rglob(f"*.{form}"))
        found = headers(address + file.relative_to(built.site).as_posix())
        wanted = f"{media}; charset=utf-8" if form in text else media
        assert found["content-type"] == wanted, file
        assert found["access-control-allow-origin"] == "*", file
    assert headers(f"{address}feed.xml")["content-type"] == "application/atom+xml; charset=utf-8"


def test_only_names_with_a_mark_of_their_content_are_kept(address: str, built: Built) -> None:
    """What a page asks for before a click, except the page itself, and the library of charts."""
    page = built.site / "kpis" / next(iter(built.current)) / "index.html"
    asked = re.findall(
        r'<(?:link rel="stylesheet"|script|img)[^>]* (?:href|src)="([^"]+)"',
        page.read_text(encoding="utf-8"),
    )
    files = [(page.parent / address).resolve() for address in asked]
    assert {file.suffix for file in files} == {".css", ".js", ".svg"}
    files += (built.site / "assets" / "js").glob("vega.*.js")
    for file in files:
        assert re.search(r"\.[0-9a-f]{8}\.", file.name), file
        found = headers(address + file.relative_to(built.site.resolve()).as_posix())
        assert found["status"] == "200"
        assert found["cache-control"].endswith("immutable"), file
    gone = headers(f"{address}assets/site.00000000.css")
    assert (gone["status"], gone["cache-control"]) == ("404", "no-cache")
    for name in ("assets/site.css", "assets/js/site.js", "assets/search/index.js"):
        assert headers(address + name)["cache-control"] == "no-cache"


def test_both_servers_say_the_same() -> None:
    """Caddy is not run here: its example has to carry the same policy and headers."""
    caddy, sample = block("caddyfile"), block("nginx")
    assert f'Content-Security-Policy "{WHOLE}"' in caddy
    assert f'header @framed Content-Security-Policy "{policy()}"' in caddy
    for name, value in re.findall(r'add_header (\S+) "([^"$]+)" always', sample):
        assert f'{name} "{value}"' in caddy, name
    for value in re.findall(r'"(public, [^"]+)"', sample):
        assert f'Cache-Control "{value}"' in caddy
