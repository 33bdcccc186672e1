"""What the scheduled checks say: the published site, links to other hosts, vulnerable libraries."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from scripts import advisories, watch
from scripts.watch import Answer
from tests.helpers import Copy

SITE = "https://minamoto.example.jp/"
DATA = SITE + "data/datapackage.json"
ALIVE = Answer(200, b"")


def run(
    town: Copy, capsys: pytest.CaptureFixture[str], get: Callable[[str], Answer], *more: str
) -> tuple[int, list[str]]:
    """Exit code and lines of a watch over a copy of the fixture."""
    docs = ["--docs", str(town.folder / "docs"), "--site", SITE]
    code = watch.main([str(town.descriptor), *docs, *more], get)
    return code, capsys.readouterr().out.replace(str(town.folder), "").splitlines()


@pytest.fixture
def online(built: dict[str, bytes]) -> Callable[[str], Answer]:
    """The fixture as it is published; every other address answers."""
    return lambda url: Answer(200, built["data/datapackage.json"]) if url == DATA else ALIVE


def test_an_up_to_date_site_with_living_links_is_good(
    town: Copy, capsys: pytest.CaptureFixture[str], online: Callable[[str], Answer]
) -> None:
    assert run(town, capsys, online) == (0, ["直すところ 0件、確かめられなかったところ 0件。"])


def test_a_site_behind_its_data_is_told(
    town: Copy, capsys: pytest.CaptureFixture[str], online: Callable[[str], Answer]
) -> None:
    town.cell("observations", "library-loans,2024", "value", "55900")
    code, lines = run(town, capsys, online)
    assert code == 1
    assert lines[0].startswith(
        "datapackage.json: homepage: 公開中のデータが、ここにあるデータと違います（observations.csv"
    )
    assert lines[0].endswith("[site-stale]")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(0, reason="timed out"), f"公開中のサイト {DATA} を読めません（timed out）。"),
        (Answer(404, reason="HTTP 404"), f"公開中のサイト {DATA} を読めません（HTTP 404）。"),
        (Answer(200, b"<html>"), f"{DATA} は、このサイトのデータの一覧ではありません。"),
        (Answer(200, b"[]"), f"{DATA} は、このサイトのデータの一覧ではありません。"),
    ],
)
def test_a_site_that_is_not_there_is_told(
    town: Copy, capsys: pytest.CaptureFixture[str], answer: Answer, told: str
) -> None:
    code, lines = run(town, capsys, lambda url: answer if url == DATA else ALIVE)
    assert code == 1
    assert lines[0].startswith(f"datapackage.json: homepage: {told}")


def test_dead_links_are_told_where_they_stand(
    town: Copy, capsys: pytest.CaptureFixture[str], online: Callable[[str], Answer]
) -> None:
    """A dead one fails, one that would not say is only pointed out; each address is asked once."""
    (town.folder / "docs" / "more.md").write_text(
        "# 見出し\n\n[資料](https://old.invalid/a#x)、https://old.invalid/a、"
        "[別](https://slow.invalid/)。[例](https://example.jp/none)\n",
        encoding="utf-8",
    )
    town.cell("sources", "yearbook-2025", "url", "https://gone.invalid/")
    asked = []

    def get(url: str) -> Answer:
        asked.append(url)
        if "gone" in url:
            return Answer(0, reason="Name or service not known", lost=True)
        if "old" in url:
            return Answer(410, reason="HTTP 410")
        return Answer(429, reason="HTTP 429") if "slow" in url else online(url)

    code, lines = run(town, capsys, get)
    assert code == 1
    fix = "新しい番地に直すか、リンクを外してください。 [link-dead]"
    dead = f"リンク先 https://old.invalid/a{{}} がありません（HTTP 410）。{fix}"
    row = [line[0] for line in town.rows("sources")].index("yearbook-2025") + 1
    assert lines[1:] == [
        f"data/sources.csv:{row}: リンク先 https://gone.invalid/ がありません"
        f"（Name or service not known）。{fix}",
        f"/docs/more.md:3: {dead.format('#x')}",
        f"/docs/more.md:3: {dead.format('')}",
        "/docs/more.md:3: （確認）リンク先 https://slow.invalid/ を確かめられませんでした"
        "（HTTP 429）。ブラウザーで開いて確かめてください。 [link-unsure]",
        "直すところ 4件、確かめられなかったところ 1件。",
    ]
    assert lines[0].endswith("[site-stale]")
    assert asked.count("https://old.invalid/a") == 1
    assert not [url for url in asked if "example.jp/none" in url]


def test_annotations(town: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    _, lines = run(town, capsys, lambda _: Answer(0, reason="x"), "--format", "github")
    assert lines[0].startswith("::error file=datapackage.json,line=1::homepage: ")


def test_without_an_address_there_is_nothing_to_watch(
    town: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    town.describe(lambda d: d.pop("homepage"))
    with pytest.raises(SystemExit) as end:
        watch.main([str(town.descriptor), "--docs", str(town.folder / "docs")], lambda _: ALIVE)
    assert end.value.code == 2
    assert "homepage" in capsys.readouterr().err


class Handler(BaseHTTPRequestHandler):
    """Answers with the status that the path names."""

    def do_GET(self) -> None:
        self.send_response(int(self.path.strip("/")))
        self.end_headers()
        self.wfile.write(b"body")

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def server() -> Iterator[str]:
    """A server on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        thread = Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{made.server_port}"
        made.shutdown()
        thread.join()


def test_addresses_are_really_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "TIMEOUT", 2.0)
    with server() as base:
        assert watch.fetch(f"{base}/200") == Answer(200, b"body")
        assert watch.fetch(f"{base}/404").status == 404
    assert watch.fetch(f"{base}/200").status == 0
    assert watch.fetch("file:///etc/passwd").lost


def test_an_unknown_host_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert watch.fetch("https://nowhere.invalid/").lost


PINS = "# 版\nJinja2==3.1.6\nruamel.yaml==0.19.1\ntomli_w==1.2.0 ; python_version > '3'\n"
BAD = [{"name": "jinja2", "version": "2.4.1", "vulns": [{"id": "PYSEC-1", "fix_versions": []}]}]
GOOD = [
    {"name": "jinja2", "version": "3.1.6", "vulns": []},
    {"name": "ruamel-yaml", "version": "0.19.1", "vulns": []},
    {"name": "tomli-w", "version": "1.2.0", "vulns": []},
]


def audited(
    tmp_path: Path, known: list[dict[str, Any]] | None, answer: list[dict[str, Any]] | None
) -> tuple[int, list[str]]:
    """The audit of three pins by a service that answers so."""
    file = tmp_path / "constraints.txt"
    file.write_text(PINS, encoding="utf-8")
    return advisories.audit(file, lambda asked: answer if asked == file else known)


def test_pins_without_vulnerabilities_are_good(tmp_path: Path) -> None:
    told = (0, ["3個を検査し、知られている弱点はありませんでした。"])
    assert audited(tmp_path, BAD, GOOD) == told


def test_a_vulnerable_pin_is_told_with_the_version_that_mends_it(tmp_path: Path) -> None:
    bad = {
        "name": "jinja2",
        "version": "3.1.6",
        "vulns": [{"id": "CVE-1", "fix_versions": ["3.2"]}, {"id": "CVE-2", "fix_versions": []}],
    }
    assert audited(tmp_path, BAD, [bad, *GOOD[1:]]) == (
        1,
        [
            "jinja2 3.1.6: CVE-1（直った版: 3.2）",
            "jinja2 3.1.6: CVE-2（直った版: まだありません）",
            "nox -s lock で新しい版にし、テストを通してください。",
        ],
    )


@pytest.mark.parametrize(
    ("known", "answer", "told"),
    [
        # the service does not answer, or answers that all is well, whatever it is asked
        (None, None, "弱点の一覧を持つサービスに尋ねられませんでした。検査は済んでいません。"),
        (GOOD[:1], GOOD, "弱点の一覧を持つサービスに尋ねられませんでした。検査は済んでいません。"),
        ([], GOOD, "弱点の一覧を持つサービスに尋ねられませんでした。検査は済んでいません。"),
        (BAD, None, "検査できませんでした。"),
        (BAD, GOOD[:2], "検査できなかったものがあります: tomli-w"),
        (
            BAD,
            [*GOOD[:2], {"name": "tomli-w", "skip_reason": "could not be audited"}],
            "検査できなかったものがあります: tomli-w",
        ),
    ],
)
def test_what_could_not_be_audited_is_a_failure(tmp_path: Path, known, answer, told) -> None:
    assert audited(tmp_path, known, answer) == (2, [told])


def test_a_missing_file_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as end:
        advisories.main([str(tmp_path / "none.txt")], lambda _: None)
    assert end.value.code == 2
