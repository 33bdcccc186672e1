"""The site generators that can turn the staged pages into HTML, all from one ``mkdocs.yml``.

A generator gets the staged pages, the settings and an empty folder; it answers with the folder of
the site, every page of it finished (:mod:`scripts.finish`), or ``None`` when it failed and has said
why on the terminal.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scripts.finish import finish_folder

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Order:
    """What a generator is to do; ``folder`` is empty and its own, ``held`` stays open with it.

    Templates read the day of the run from the settings (``extra.built``): each generator has
    another name for its clock, or none.
    """

    config: Path
    pages: Path
    folder: Path
    today: date
    strict: bool
    environment: Mapping[str, str]
    held: Sequence[int] = ()

    @property
    def settings(self) -> dict[str, object]:
        """The settings of MkDocs for this run."""
        return {
            "INHERIT": str(self.config.resolve()),
            "docs_dir": str(self.pages.resolve()),
            **self.extra,
        }

    @property
    def extra(self) -> dict[str, object]:
        """Settings of this run, for the templates of the theme."""
        day = f"{self.today.year}年{self.today.month}月{self.today.day}日"
        return {"extra": {"built": day}}

    def run(self, command: Sequence[str], settings: Mapping[str, object] | None = None) -> bool:
        """Run ``python -m …`` beside the settings; ``settings`` go in as text."""
        importable = filter(None, [str(ROOT), self.environment.get("PYTHONPATH")])
        done = subprocess.run(
            [sys.executable, "-m", *command],
            input=json.dumps(settings, ensure_ascii=False).encode() if settings else b"",
            cwd=self.config.resolve().parent,
            env={**self.environment, "PYTHONPATH": os.pathsep.join(importable)},
            pass_fds=tuple(self.held),
            check=False,
        )
        return done.returncode == 0


def run_mkdocs(order: Order) -> Path | None:
    """MkDocs with Material: what the site is published with; unchanged pages are remembered."""
    command = ["scripts.press", "--site-dir", str(order.folder.resolve())]
    command += ["--strict"] if order.strict else []
    return order.folder if order.run(command, order.settings) else None


def run_zensical(order: Order) -> Path | None:
    """Zensical, the successor of Material, in its classic look.

    It takes pages and site from below its settings only, so it works on a copy of the pages, in
    which the addresses inside raw HTML stand as Zensical wants them (:func:`as_seen_from_file`).
    """
    project = order.folder.resolve()
    shutil.copytree(order.pages, project / "docs")
    for page in (project / "docs").rglob("*.md"):
        if page.name != "index.md":
            text = page.read_text(encoding="utf-8")
            page.write_text(as_seen_from_file(text, page.stem), encoding="utf-8", newline="\n")
    settings = {
        "INHERIT": str(order.config.resolve()),
        "docs_dir": "docs",
        "site_dir": "site",
        "theme": {"variant": "classic", **custom_theme(order.config)},
        "plugins": [{"search": {"enabled": False}}],  # else it is on; the site brings its own
        **order.extra,
    }
    file = project / "zensical.yml"
    file.write_text(json.dumps(settings, ensure_ascii=False), encoding="utf-8")
    command = ["zensical", "build", "--config-file", str(file)]
    if not order.run(command + ["--strict"] * order.strict):
        return None
    finish_folder(project / "site")
    return project / "site"


def custom_theme(config: Path) -> dict[str, str]:
    """``custom_dir`` of the settings as an absolute path: below the copy it would be lost."""
    import yaml

    # tags like !!python/object stay text: only one plain value is wanted
    theme = yaml.load(config.read_bytes(), yaml.BaseLoader)["theme"]  # noqa: S506
    folder = theme.get("custom_dir") if isinstance(theme, dict) else None
    return {"custom_dir": str(config.resolve().parent / folder)} if folder else {}


_CODE = re.compile(
    r"^(`{3,}|~{3,}).*?^\1[`~]*[ \t]*$|(?<!`)(`+)(?!`).+?(?<!`)\2(?!`)", re.MULTILINE | re.DOTALL
)
_TAG = re.compile(r"<[a-zA-Z][^<>]*>")
_ADDRESS = re.compile(
    r"""(?<=\s)(href|src|srcset)=(["'])(?![a-zA-Z][a-zA-Z0-9+.-]*:|[/#?])(.+?)\2"""
)


def as_seen_from_file(text: str, name: str) -> str:
    """A page ``name.md`` with the addresses in its raw HTML as seen from the file.

    We write them as seen from the published page ``name/``, and MkDocs leaves them so; Zensical
    puts ``../`` before each. Addresses in code, and those of Markdown links, stay.
    """

    def address(match: re.Match[str]) -> str:
        attribute, quote, value = match.groups()
        seen = value[3:] or "./" if value.startswith("../") else f"{name}/{value}"
        return f"{attribute}={quote}{seen}{quote}"

    def outside_code(part: str) -> str:
        return _TAG.sub(lambda tag: _ADDRESS.sub(address, tag[0]), part)

    made, end = [], 0
    for code in _CODE.finditer(text):
        made += [outside_code(text[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*made, outside_code(text[end:])])


ENGINES: dict[str, Callable[[Order], Path | None]] = {
    "mkdocs": run_mkdocs,
    "zensical": run_zensical,
}
"""The generators by the name that ``--engine`` takes; the first is the default."""


def missing_pages(pages: Path, site: Path) -> list[str]:
    """Staged pages that did not become HTML: not every generator notices."""
    return [
        page.relative_to(pages).as_posix()
        for page in sorted(pages.rglob("*.md"))
        if not (site / html_of(page.relative_to(pages))).is_file()
    ]


def html_of(page: Path) -> Path:
    """The file that a staged page becomes: ``a/b.md`` → ``a/b/index.html``."""
    folder = page.parent if page.name == "index.md" else page.with_suffix("")
    return folder / "index.html"
