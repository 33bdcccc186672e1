"""``python -m scripts.watch [PACKAGE] [--docs DIR] [--site URL] [--format text|github]``.

Looks at what is published: are the data those of this checkout, do the links to other hosts still
lead somewhere? The only command that uses the network; nothing of the build or the tests does.
Exit 0 good, 1 something to mend, 2 wrong use.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from scripts.check import check, verdict
from scripts.command import Parser
from scripts.console import answering, say, show_problems
from scripts.exports import all_tables
from scripts.exports.descriptor import fingerprint
from scripts.exports.table import csv_of
from scripts.model import Package, Problem, site_of
from scripts.progress import judge_all

TIMEOUT = 20.0
TRIES = 3
AGENT = "Mozilla/5.0 (compatible; link check of a municipal open data site)"
GONE = (404, 410)
_LINK = re.compile(r"https?://[^\s<>()\"'`「」（）、。|\]]+")
EXAMPLES = ("example.jp", "example.com", "example.org", "localhost", "127.0.0.1")
"""Hosts of examples in the documents: nobody is meant to go there."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address gave: ``status`` of HTTP (0: no answer), the body, the reason of a failure.

    ``lost`` says that there is no such host, as opposed to one that did not answer in time.
    """

    status: int
    body: bytes = b""
    reason: str = ""
    lost: bool = False


Fetch = Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class Link:
    """An address and where it stands."""

    url: str
    path: str
    row: int


def fetch(url: str) -> Answer:
    """Get an address, trying again when nothing comes back."""
    if urlsplit(url).scheme not in ("http", "https"):
        return Answer(0, reason="http か https ではありません", lost=True)
    answer = Answer(0)
    for _ in range(TRIES):
        answer = fetch_once(url)
        if answer.status or answer.lost:
            break
    return answer


def fetch_once(url: str) -> Answer:
    """Get an address."""
    request = Request(url, headers={"User-Agent": AGENT, "Accept-Language": "ja"})  # noqa: S310
    try:
        with urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310
            return Answer(response.status, response.read())
    except HTTPError as error:
        return Answer(error.code, reason=f"HTTP {error.code}")
    except URLError as error:
        lost = isinstance(error.reason, socket.gaierror)
        return Answer(0, reason=str(error.reason), lost=lost)
    except (OSError, http.client.HTTPException) as error:
        return Answer(0, reason=str(error) or type(error).__name__)


def published_problems(
    package: Package, descriptor: Path, base: str, get: Fetch
) -> Iterator[Problem]:
    """Compare the tables of the published site with those of this checkout, hash by hash."""
    address = base.rstrip("/") + "/data/datapackage.json"

    def problem(code: str, message: str, fix: str) -> Problem:
        return Problem(descriptor.name, 0, "homepage", code, message, fix, base)

    answer = get(address)
    if answer.status != 200:
        yield problem(
            "site-unreachable",
            f"公開中のサイト {address} を読めません（{answer.reason or answer.status}）。",
            "公開の設定と、datapackage.json の homepage を確かめてください。",
        )
        return
    try:
        resources = json.loads(answer.body)["resources"]
        there = {resource["path"]: resource.get("hash", "") for resource in resources}
    except (ValueError, KeyError, TypeError):
        yield problem(
            "site-unreachable",
            f"{address} は、このサイトのデータの一覧ではありません。",
            "homepage が公開中のサイトの番地かを確かめてください。",
        )
        return
    stale = [
        table.path
        for table in all_tables(package, judge_all(package))
        if there.get(table.path) != fingerprint([csv_of(table)])["hash"]
    ]
    if stale:
        yield problem(
            "site-stale",
            f"公開中のデータが、ここにあるデータと違います（{'、'.join(stale)}）。",
            "最後の「公開する」の実行が成功しているかを確かめ、やり直してください。",
        )


def links_of(package: Package, descriptor: Path, docs: Path) -> Iterator[Link]:
    """The addresses on other hosts that the site sends its readers to, each where it stands."""
    for source in package.sources:
        if source.url:
            yield Link(source.url, package.path("sources"), source.row)
    files = [descriptor, *sorted(docs.rglob("*.md"))]
    for file in files:
        for row, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            for match in _LINK.finditer(line):
                yield Link(match[0].rstrip(".,:;"), file.as_posix(), row)


def link_problems(links: Iterator[Link], base: str, get: Fetch) -> Iterator[Problem]:
    """Links that lead nowhere (errors) and those that would not say (warnings)."""
    answers: dict[str, Answer] = {}
    for link in links:
        host = urlsplit(link.url).hostname or ""
        if link.url.startswith(base) or host.endswith(EXAMPLES):
            continue
        url = link.url.partition("#")[0]
        if url not in answers:
            answers[url] = get(url)
        answer = answers[url]
        if answer.status and answer.status < 400:
            continue
        dead = answer.status in GONE or answer.lost
        yield Problem(
            path=link.path,
            row=link.row,
            field="",
            code="link-dead" if dead else "link-unsure",
            message=f"リンク先 {link.url} "
            + ("がありません" if dead else "を確かめられませんでした")
            + f"（{answer.reason}）。",
            fix="新しい番地に直すか、リンクを外してください。"
            if dead
            else "ブラウザーで開いて確かめてください。",
            value=link.url,
            level="error" if dead else "warning",
        )


@answering
def main(argv: list[str] | None = None, get: Fetch = fetch) -> int:
    """Command line of the watch; ``get`` fetches an address."""
    parser = Parser("watch", "公開中のサイトと、外へのリンクを確かめます。")
    parser.package()
    parser.docs()
    parser.add_argument(
        "--site", default="", metavar="URL", help="公開中のサイト（なければ homepage）"
    )
    parser.form("text", "github")
    arguments = parser.parse_args(argv)
    package, problems = check(arguments.package)
    if package is None:
        show_problems(problems, arguments.format)
        say(verdict(problems))
        return 1
    base = arguments.site or site_of(package.descriptor).homepage
    if not base:
        parser.exit(2, "datapackage.json に homepage（公開中のサイトの番地）がありません。\n")
    links = links_of(package, arguments.package, arguments.docs)
    found = [
        *published_problems(package, arguments.package, base, get),
        *link_problems(links, site_of(package.descriptor).homepage or base, get),
    ]
    show_problems(found, arguments.format)
    errors = sum(problem.level == "error" for problem in found)
    say(f"直すところ {errors}件、確かめられなかったところ {len(found) - errors}件。")
    return 1 if errors else 0


if __name__ == "__main__":
    raise SystemExit(main())
