"""The HTML of the preview: made whole once, afterwards only the pages whose source changed.

:class:`Reprint` keeps the generator's settings, files, menu and templates at hand. What it cannot
do page by page (a page that came or went, a title in the menu, a style sheet, the settings) it does
by making everything anew, with the memory of :mod:`scripts.galley`.
"""

from __future__ import annotations

import io
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException
from mkdocs.structure.files import File

from scripts.console import say
from scripts.engines import Order
from scripts.galley import Press, listen
from scripts.tree import swap, write_file

State = dict[str, tuple[int, int, int]]
"""Time, size and number of each staged file by its path."""


class LivePress(Press):
    """Writes into ``site`` once there is one, so that a reader sees the old or the new page."""

    site: Path | None = None

    def write(self, place: str, html: bytes) -> None:
        """Write finished HTML: whole, in one step, where the site is now."""
        if self.site is None:
            super().write(place, html)
            return
        made, scratch = Path(place), Path(self.config.site_dir)
        if made.is_relative_to(scratch):
            made = self.site / made.relative_to(scratch)
        made.parent.mkdir(parents=True, exist_ok=True)
        write_file(made, self.filled(html))


class Reprint:
    """Keeps the folder ``site`` in step with the staged pages of ``out``."""

    def __init__(self, out: Path, site: Path) -> None:
        self.out, self.site = out, site
        self.press: LivePress | None = None
        self.made: State = {}
        self.warned = listen(logging.WARNING)

    def whole(self, order: Order) -> bool:
        """Make everything; the old folder stays when it fails. Says why on the terminal."""
        state = look_at(self.out)
        self.site.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(
            tempfile.mkdtemp(prefix=f".{self.site.name}.", suffix=".tmp", dir=self.site.parent)
        )
        try:
            fresh.chmod(0o755)
            press = self.loaded(order, fresh)
            if press is None:
                return False
            swap(fresh, self.site)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        self.press, self.made = press, state
        return True

    def loaded(self, order: Order, fresh: Path) -> LivePress | None:
        """A press that has made the site in a folder; ``None`` when it could not."""
        os.environ.update(order.environment)  # the day, which MkDocs looks up there
        settings = json.dumps(order.settings, ensure_ascii=False).encode()
        stream = io.BytesIO(settings)
        stream.name = str(order.config.resolve().with_name("preview"))
        try:
            config = load_config(config_file=stream, site_dir=str(fresh.resolve()), strict=False)
            config.plugins.on_startup(command="build", dirty=False)
            press = LivePress(config, settings, self.warned)
            press.run()
        except MkDocsException as error:
            say(str(error))
            return None
        return press

    def stale(self) -> set[str] | None:
        """Staged files that changed since they were made; ``None`` when all has to be made."""
        if self.press is None or not (self.site / "index.html").is_file():
            return None
        now = look_at(self.out)
        changed = {path for path, state in now.items() if self.made.get(path) != state}
        if now.keys() != self.made.keys() or any(
            path.startswith("assets/") and not path.startswith(("assets/search/", "assets/cards/"))
            for path in changed
        ):
            return None
        return None if self.press.shared_by_all() != self.press.shared else changed

    def follow(self, paths: Iterable[str], stopped: Callable[[], bool] = bool) -> bool:
        """Make these staged files anew; ``False`` when stopped before the end.

        Raises what the generator raises.
        """
        if self.press is None:
            return False
        self.press.site = self.site.resolve()
        scratch = self.press.config.site_dir
        try:
            for path in sorted(paths):
                if stopped():
                    return False
                state = look_at(self.out, path)
                if file := self.press.files.get_file_from_path(path):
                    self.renew(self.press, file)
                self.made |= state
        finally:
            shutil.rmtree(scratch, ignore_errors=True)  # where the theme wrote
        return True

    def renew(self, press: LivePress, file: File) -> None:
        """Make one file anew."""
        if file.page is None:
            file.dest_dir = str(press.site)
            press.copy_one(file)
            return
        if file.src_uri not in press.menu:
            file.page.__dict__.pop("title", None)  # it is looked up again
        press.again(file.page)


def look_at(out: Path, *names: str) -> State:
    """The state of staged files: these, or all."""
    found: State = {}
    places = [out / name for name in names] or (
        Path(folder, name) for folder, _, files in os.walk(out) for name in files
    )
    for place in places:
        try:
            at = place.stat()
        except OSError:
            continue
        found[place.relative_to(out).as_posix()] = at.st_mtime_ns, at.st_size, at.st_ino
    return found
