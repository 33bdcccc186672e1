"""Ways to break a table, for the mistakes that people make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.helpers import Copy

Change = Callable[[Copy], object]

HEADER = "kpi_id,year,value,status,source_id,locator,note"
ROW = "farm-persons,2025"
"""The row that most mistakes break: line 12 of the observations."""

LINE = f"{ROW},18,final,yearbook-2025,33ページ,"


@dataclass(frozen=True)
class Mistake:
    """A mistake with the name that staff would give it."""

    group: str
    name: str
    change: Change


def cell(table: str, key: str, field: str, value: str) -> Change:
    """Put a value into a cell."""
    return lambda town: town.cell(table, key, field, value)


def value(text: str) -> Change:
    """Put a text where the number of line 12 stands."""
    return cell("observations", ROW, "value", text)


def year(text: str) -> Change:
    """Put a text where the year of line 12 stands."""
    return cell("observations", ROW, "year", text)


def note(text: str) -> Change:
    """Put a text into the note of line 12."""
    return cell("observations", ROW, "note", text)


def target(**cells: str) -> Change:
    """Put values into the target of line 8."""

    def change(town: Copy) -> None:
        for field, text in cells.items():
            town.cell("targets", "plan-2,farm-persons", field, text)

    return change


def swap(old: str, new: str, path: str = "data/observations.csv") -> Change:
    """Replace a text of a file."""
    return lambda town: town.swap(path, old, new)


def raw(change: Callable[[bytes], bytes], table: str = "observations") -> Change:
    """Change the bytes of a file."""
    return lambda town: town.bytes(table, change)


def describe(change: Callable[[dict[str, Any]], object]) -> Change:
    """Change ``datapackage.json``."""
    return lambda town: town.describe(change)


def resource(descriptor: dict[str, Any], table: str) -> dict[str, Any]:
    """The declaration of a table."""
    found: dict[str, Any]
    (found,) = [r for r in descriptor["resources"] if r["name"] == table]
    return found


def field(descriptor: dict[str, Any], table: str, name: str) -> dict[str, Any]:
    """The declaration of a column."""
    found: dict[str, Any]
    (found,) = [f for f in resource(descriptor, table)["schema"]["fields"] if f["name"] == name]
    return found


def encoded(name: str) -> Change:
    """Save the observations in another encoding."""
    return raw(lambda text: text.decode().encode(name))


def with_column(label: str) -> Change:
    """A column that nobody declared, as Excel users add for their own notes."""

    def change(town: Copy) -> None:
        rows = town.rows("observations")
        town.write("observations", [[*rows[0], label], *([*row, ""] for row in rows[1:])])

    return change


def reordered(town: Copy) -> None:
    """The columns of year and value changed places, header and cells."""
    town.write(
        "observations", ([r[0], r[2], r[1], *r[3:]] for r in list(town.rows("observations")))
    )


def without_column(town: Copy) -> None:
    """The column of the status was deleted."""
    town.write("observations", ([*r[:3], *r[4:]] for r in list(town.rows("observations"))))


def merged_cells(town: Copy) -> None:
    """The indicator stands only in the first row of each block."""
    rows = town.rows("observations")
    for row, above in reversed(list(zip(rows[5:8], rows[4:7], strict=True))):
        if row[0] == above[0]:
            row[0] = ""
    town.write("observations", rows)


def linked_outside(town: Copy) -> None:
    """A table that is a symbolic link to a file outside the package."""
    outside = town.folder.parent / "outside.csv"
    town.file("ratings").rename(outside)
    town.file("ratings").symlink_to(outside)


def in_a_circle(town: Copy) -> None:
    """A table that is a link to itself."""
    town.file("ratings").unlink()
    town.file("ratings").symlink_to("ratings.csv")


def a_folder(town: Copy) -> None:
    """A folder with the name of a table."""
    town.file("ratings").unlink()
    town.file("ratings").mkdir()


def renamed(town: Copy) -> None:
    """A table whose name got a capital letter."""
    town.file("ratings").rename(town.folder / "data" / "Ratings.csv")


def stray(name: str) -> Change:
    """A file that nothing declares."""
    return lambda town: (town.folder / "data" / name).write_bytes(b"a,b\n")


def orphan_source(town: Copy) -> None:
    """A document that nothing was taken from."""
    town.add("sources", "zz-old,古い統計書,みなもと市,,もう使わない。,")


def unsorted(town: Copy) -> None:
    """Two rows that changed places."""
    header, first, second, *rest = town.rows("ratings")
    town.write("ratings", [header, second, first, *rest])


def new_indicator(town: Copy) -> None:
    """An indicator was added without a target."""
    rows = town.rows("kpis")
    (like,) = [row for row in rows if row[0] == "waste-per-person"]
    town.write("kpis", [*rows, ["zoo-visitors", "動物園の入園者数", *like[2:]]])


def several(town: Copy) -> None:
    """The day of somebody who works in Excel: CP932, full-width digits, commas, an era year."""
    town.cell("observations", "library-loans,2025", "value", "５７，８００")
    town.cell("observations", "library-loans,2024", "value", "55,800")
    town.cell("observations", "farm-persons,2025", "year", "令和7年度")
    town.cell("targets", "plan-2,clinic-satisfaction", "target_value", "60.0")
    town.cell("observations", "clinic-satisfaction,2023", "value", "605")
    town.bytes("observations", lambda text: text.decode().encode("cp932"))
