"""The lines of values of an indicator, and the target that is stated for each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from scripts.import_open_sdg.report import Note, Report
from scripts.import_open_sdg.repository import Indicator, Repository

UNITS = ("Units", "UNIT_MEASURE")
SERIES = ("Series", "SERIES")
IGNORED = ("Progress",)
"""A column of Open SDG's own arithmetic, no breakdown."""

BASE_YEAR, TARGET_YEAR = 2015, 2030
"""What Open SDG takes where its progress is computed and nothing is written (its documentation)."""

NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
YEAR = re.compile(r"(?:19|20|21)\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Value:
    """A value as written, and the line it stands in."""

    year: int
    text: str
    line: int


@dataclass(slots=True)
class Series:
    """One line of an indicator: the whole without any breakdown, in one series and unit."""

    series: str
    unit: str
    values: list[Value] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stated:
    """A target: its number, its year and base year if they are known, the way, the place."""

    value: str
    place: str
    year: int | None = None
    base_year: int | None = None
    direction: str = ""


def series_of(indicator: Indicator, latest: int, report: Report) -> list[Series]:
    """The headline rows by series and unit, in the order of the file, up to the year ``latest``."""
    special = {"Year", "Value", *UNITS, *SERIES, *IGNORED}
    breakdowns = [c for c in indicator.columns if c not in special]
    found: dict[tuple[str, str], Series] = {}
    left = 0
    used: set[str] = set()
    for line, cells in indicator.rows:
        row = dict(zip(indicator.columns, cells, strict=True))
        if apart := [column for column in breakdowns if row[column].strip()]:
            left += 1
            used.update(apart)
            continue
        key = (first(row, SERIES), first(row, UNITS))
        value = value_of(indicator, line, row, report)
        if value and value.year > latest:
            place = f"{indicator.data}:{line}"
            report.left.append(
                Note(place, f"{value.year}は、まだ来ていません。", "実績ではありません。")
            )
        elif value:
            found.setdefault(key, Series(*key)).values.append(value)
    if left:
        columns = "、".join(column for column in breakdowns if column in used)
        report.left.append(
            Note(indicator.data, f"内訳の{left}行（{columns}）。", "内訳を持つ表はありません。")
        )
    if not indicator.rows:
        report.left.append(Note(indicator.data, "値の行がありません。"))
    elif not found:
        report.left.append(
            Note(
                indicator.data,
                "全体の値の行（内訳の列がすべて空の行）がありません。",
                "内訳から全体を計算することはしません。",
            )
        )
    return [line for line in found.values() if settle_twice(indicator, line, report)]


def first(row: dict[str, str], names: tuple[str, ...]) -> str:
    """The cell of the first column of these names that is there."""
    return next((row[name].strip() for name in names if name in row), "")


def value_of(indicator: Indicator, line: int, row: dict[str, str], report: Report) -> Value | None:
    """The value of a row; what is no plain number or year is noted."""
    place, text, year = f"{indicator.data}:{line}", row["Value"].strip(), row["Year"].strip()
    if not text:
        report.left.append(Note(place, "Value が空です（値なし）。"))
    elif not NUMBER.fullmatch(text):
        report.left.append(Note(place, f"Value の「{text}」は数値ではありません。"))
    elif not YEAR.fullmatch(year):
        report.left.append(Note(place, f"Year の「{year}」は西暦4けたの年ではありません。"))
    else:
        return Value(int(year), text, line)
    return None


def settle_twice(indicator: Indicator, line: Series, report: Report) -> bool:
    """Leave years with two different values; whether any value is left."""
    by_year: dict[int, list[Value]] = {}
    for value in line.values:
        by_year.setdefault(value.year, []).append(value)
    kept = []
    for year, values in sorted(by_year.items()):
        if len({Decimal(value.text) for value in values}) == 1:
            kept.append(values[0])
            continue
        lines = "、".join(str(value.line) for value in values)
        report.left.append(
            Note(indicator.data, f"{year}の値が2つあります（{lines}行目）。", "選びませんでした。")
        )
    line.values = kept
    return bool(kept)


def target_of(indicator: Indicator, line: Series, repository: Repository, report: Report) -> Stated:
    """The one target of a series, from everywhere it may stand; blank without one number."""
    found = [
        *from_options(indicator, line, repository, report),
        *from_lines(indicator, line, repository, report),
    ]
    numbers = {Decimal(stated.value) for stated in found if stated.value}
    years = {stated.year for stated in found if stated.value and stated.year}
    if len(numbers) > 1 or len(years) > 1:
        said = "、".join(f"{s.year or '年なし'}に{s.value}" for s in found if s.value)
        report.left.append(
            Note(indicator.places[found[0].place], f"目標が2つあります（{said}）。", "選びません。")
        )
        return Stated("", "")
    whole = [stated for stated in found if stated.value]
    return Stated(
        value=whole[0].value if whole else "",
        place=whole[0].place if whole else "",
        year=next(iter(years), None),
        base_year=next((s.base_year for s in found if s.base_year), None),
        direction=next((s.direction for s in found if s.direction), ""),
    )


def items_of(indicator: Indicator, key: str) -> list[dict[str, object]]:
    """A fact that is a list of mappings (or one mapping)."""
    value = indicator.facts.get(key)
    listed = value if isinstance(value, list) else [value]
    return [item for item in listed if isinstance(item, dict)]


def meant(item: dict[str, object], line: Series, repository: Repository) -> bool:
    """Whether an item is about this series and unit; without a name it is about all."""
    for key, own in (("series", line.series), ("unit", line.unit)):
        name = str(item.get(key) or "")
        if name and name != own and repository.text(name) != repository.text(own):
            return False
    return True


def number_in(
    indicator: Indicator, key: str, item: dict[str, object], name: str, report: Report
) -> str:
    """A number of an item as text; what is none is noted."""
    value = item.get(name)
    if value is None or value == "":
        return ""
    text = str(value).strip()
    if NUMBER.fullmatch(text):
        return text
    report.left.append(
        Note(f"{indicator.places[key]} {key}", f"目標の「{text}」は数値ではありません。")
    )
    return ""


def from_options(
    indicator: Indicator, line: Series, repository: Repository, report: Report
) -> Iterator[Stated]:
    """``progress_calculation_options``: target, years and direction in fields of their own."""
    key = "progress_calculation_options"
    automatic = indicator.facts.get("auto_progress_calculation") is True
    for item in items_of(indicator, key):
        place = f"{indicator.places[key]} {key}"
        if item.get("group") or item.get("disaggregation"):
            report.left.append(Note(place, "内訳の目標と、まとめた目標は運びません。"))
            continue
        if not meant(item, line, repository):
            continue
        if item.get("limit") not in (None, ""):
            report.left.append(
                Note(place, f"限度（limit）{item['limit']}。", "目標ではありません。")
            )
        value = number_in(indicator, key, item, "target", report)
        years = {}
        for name, default in (("base_year", BASE_YEAR), ("target_year", TARGET_YEAR)):
            text = str(item.get(name) or "")
            if YEAR.fullmatch(text):
                years[name] = int(text)
            elif automatic and not text:
                years[name] = default
                report.chosen.append(
                    Note(
                        place, f"{name} がないので{default}。", "Open SDGの説明書にある決まりです。"
                    )
                )
        way = {"negative": "decrease", "positive": "increase"}.get(str(item.get("direction")), "")
        yield Stated(value, key, years.get("target_year"), years.get("base_year"), way)


def from_lines(
    indicator: Indicator, line: Series, repository: Repository, report: Report
) -> Iterator[Stated]:
    """Target lines of the graph; the year stands in the words of the line, if anywhere."""
    for key in ("graph_target_lines", "graph_annotations"):
        for item in items_of(indicator, key):
            place = f"{indicator.places.get(key, '')} {key}"
            if not meant(item, line, repository):
                continue
            if key == "graph_annotations" and item.get("preset") != "target_line":
                report.left.append(Note(place, "目標の線（target_line）ではない線。"))
                continue
            if value := number_in(indicator, key, item, "value", report):
                yield Stated(value, key, year_in(item, key, place, repository, report))


def year_in(
    item: dict[str, object], key: str, place: str, repository: Repository, report: Report
) -> int | None:
    """The year in the words of a target line."""
    label = item.get("label")
    words = item.get("label_content") or (label.get("content") if isinstance(label, dict) else "")
    if not words and key == "graph_target_lines":
        why = "説明書によれば、ことばのない線は「2030 target」です。"
        report.chosen.append(Note(place, f"目標年を{TARGET_YEAR}にしました。", why))
        return TARGET_YEAR
    text = repository.text(words) or str(words)
    years = set(YEAR.findall(text))
    if len(years) != 1:
        return None
    report.chosen.append(Note(place, f"目標年{min(years)}。", f"線のことば「{text}」からです。"))
    return int(min(years))
