"""Where the bench works: each town and each site is made once and shared by all parts."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.measure import Cost, our
from tests.bench.town import write_town

NO_PNG = "--without-png"
"""Pictures in pixels are counted by themselves: they would hide everything else."""


@dataclass
class Place:
    """A working folder; kept between runs, it saves the parts that read a site from making it."""

    folder: Path
    colds: dict[int, Cost] = field(default_factory=dict)
    """What first builds have cost in this run, by the number of indicators."""

    def folder_of(self, kpis: int) -> Path:
        """The folder of a town: ``town``, ``docs``, ``site``, ``cache`` and what others add."""
        return self.folder / str(kpis)

    def town(self, kpis: int) -> Path:
        """The descriptor of a town of so many indicators."""
        descriptor = self.folder_of(kpis) / "town" / "datapackage.json"
        if not descriptor.is_file():
            write_town(fresh(descriptor.parent), kpis)
        return descriptor

    def build(self, kpis: int) -> Cost:
        """Make the site of a town from nothing."""
        fresh(self.folder_of(kpis))
        cost = self.colds[kpis] = self.again(kpis)
        return cost

    def again(self, kpis: int) -> Cost:
        """Make the site of a town with whatever is remembered."""
        folder = self.folder_of(kpis)
        return our("site", self.town(kpis), folder, "--site", str(folder / "site"), NO_PNG)

    def site(self, kpis: int) -> Path:
        """The site of a town, made if it is not there."""
        site = self.folder_of(kpis) / "site"
        if not (site / "index.html").is_file():
            self.colds[kpis] = self.again(kpis)
        return site


def fresh(folder: Path) -> Path:
    """An empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
