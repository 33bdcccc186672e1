"""Rows of our tables from an Open SDG repository; what it does not say stays blank."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from scripts.import_open_sdg.report import Note, Report
from scripts.import_open_sdg.repository import Indicator, Repository
from scripts.import_open_sdg.rows import DATA, PLAN, Decisions, Tables, some
from scripts.import_open_sdg.series import Series, Stated, Value, series_of, target_of
from scripts.import_open_sdg.sources import SOURCE, add_source

DEFINITIONS = (
    "national_indicator_description",
    "STAT_CONC_DEF",
    "indicator_definition",
    "un_definition",
)
NAMES = ("indicator_available", "indicator_name")
USED = {
    *DEFINITIONS,
    *NAMES,
    "auto_progress_calculation",
    "computation_units",
    "data_footnote",
    "data_non_statistical",
    "graph_annotations",
    "graph_target_lines",
    "indicator",
    "indicator_number",
    "placeholder",
    "precision",
    "progress_calculation_options",
    "published",
    "reporting_status",
    "sdg_goal",
    "sources",
    "standalone",
    "target",
    "target_id",
    "target_name",
}
"""Facts that have a place in our tables, or decide whether an indicator is carried."""


def make_tables(repository: Repository, decisions: Decisions, report: Report, name: str) -> Tables:
    """All rows of the repository ``name``."""
    tables = Tables(decisions, repository, report)
    add_plan(tables, name)
    carried = []
    for indicator in repository.indicators:
        if reason := refusal(indicator):
            place = next(iter(indicator.places.values()), indicator.data) or indicator.indicator_id
            report.left.append(Note(place, f"指標{indicator.number}。", reason))
            continue
        if lines := series_of(indicator, decisions.latest, report):
            carried.append(indicator)
            add_indicator(tables, indicator, lines)
    add_hierarchy(tables, carried)
    note_unused(carried, report)
    return tables


def refusal(indicator: Indicator) -> str:
    """Why an indicator is not carried as a whole, blank when it may be."""
    facts = indicator.facts
    if not facts:
        return "説明（meta か indicator-config）がありません。"
    if facts.get("standalone") is True or facts.get("placeholder"):
        return "どの目標にも属さない指標です。"
    if facts.get("published") is False:
        return "公開していない指標です。"
    if facts.get("data_non_statistical") is True or not indicator.data:
        return "値がありません。"
    if (status := facts.get("reporting_status")) not in (None, "complete"):
        return f"reporting_status が {status} です（Open SDGも値を見せません）。"
    return ""


def add_plan(tables: Tables, name: str) -> None:
    """The strategy and the source that stands for the repository."""
    said = tables.decisions
    tables.add(
        "strategies",
        PLAN,
        strategy_id=PLAN,
        title=tables.fitting(said.title, 100, PLAN),
        short_title=said.title if len(said.title) <= 20 else "",
        start_year=said.first_year,
        end_year=said.last_year,
        source_id=DATA,
    )
    tables.add(
        "sources",
        DATA,
        source_id=DATA,
        title=f"Open SDGのデータ（{name}）",
        publisher=said.publisher,
        description="Open SDGの形式のデータ。ここから値と目標を取り込んだ。",
    )


def add_hierarchy(tables: Tables, carried: Sequence[Indicator]) -> None:
    """The goals and the targets of the hierarchy (our measures) that the indicators stand in."""
    words = tables.repository.words
    goals = {goal_of(indicator): indicator for indicator in reversed(carried)}
    for number in sorted(goals, key=lambda n: (len(n), n)):
        tables.add(
            "goals",
            f"goal-{number}",
            strategy_id=PLAN,
            goal_id=f"goal-{number}",
            title=tables.fitting(words.get(f"global_goals.{number}-title", ""), 100, "goals"),
            short_title=tables.fitting(words.get(f"global_goals.{number}-short", ""), 30, "goals"),
        )
    measures: dict[str, tuple[str, str]] = {}
    for indicator in carried:
        text = tables.repository.text(
            indicator.facts.get("target_name") or indicator.facts.get("target") or ""
        ) or words.get(f"global_targets.{dashed(target_id(indicator))}-title", "")
        known = measures.get(target_id(indicator), ("", ""))
        measures[target_id(indicator)] = (goal_of(indicator), known[1] or text)
    for position, (label, (goal, text)) in enumerate(measures.items(), 1):
        tables.add(
            "measures",
            f"target-{dashed(label)}",
            measure_id=f"target-{dashed(label)}",
            strategy_id=PLAN,
            goal_id=f"goal-{goal}",
            label=label,
            title=text if len(text) <= 100 else "",
            summary=tables.fitting(text, 400, f"target-{dashed(label)}"),
            position=str(position),
        )


def goal_of(indicator: Indicator) -> str:
    """``1``: the goal an indicator belongs to."""
    return str(indicator.facts.get("sdg_goal") or indicator.indicator_id.split("-")[0]).lower()


def target_id(indicator: Indicator) -> str:
    """``1.2``: the target of the hierarchy an indicator belongs to."""
    return str(
        indicator.facts.get("target_id") or ".".join(indicator.indicator_id.split("-")[:2])
    ).lower()


def dashed(number: str) -> str:
    """``1.2`` → ``1-2``."""
    return number.replace(".", "-")


def add_indicator(tables: Tables, indicator: Indicator, lines: Sequence[Series]) -> None:
    """The rows of an indicator: one KPI per series and unit, its target, its values, its source."""
    series = list(dict.fromkeys(line.series for line in lines))
    units = list(dict.fromkeys(line.unit for line in lines))
    if len(lines) > 1:
        why = f"系列と単位の組（{len(lines)}）ごとに、別の指標にしました。"
        tables.report.chosen.append(Note(indicator.data, f"指標{indicator.number}。", why))
    source = add_source(tables, indicator)
    for line in lines:
        kpi_id = indicator.indicator_id
        kpi_id += f"-s{series.index(line.series) + 1}" if len(series) > 1 else ""
        kpi_id += f"-u{units.index(line.unit) + 1}" if len(units) > 1 else ""
        marks = [line.series] * (len(series) > 1) + [line.unit] * (len(units) > 1)
        stated = target_of(indicator, line, tables.repository, tables.report)
        base = baseline_of(indicator, line, stated, tables.report)
        add_kpi(tables, indicator, line, kpi_id, marks, stated, direction_of(stated, base))
        if stated.value:
            add_target(tables, indicator, kpi_id, stated, base)
        for value in line.values:
            early = base is not None and value.year < base.year
            outside = early or (stated.year is not None and value.year > stated.year)
            tables.add(
                "observations",
                f"{kpi_id},{value.year}",
                kpi_id=kpi_id,
                year=str(value.year),
                value=value.text,
                status=tables.decisions.status,
                source_id=source,
                locator=f"{indicator.data} {value.line}行目",
                note="取り込み元にある、基準年から目標年までの外の値。" if outside else "",
            )


def add_kpi(
    tables: Tables,
    indicator: Indicator,
    line: Series,
    kpi_id: str,
    marks: Sequence[str],
    stated: Stated,
    direction: str,
) -> None:
    """The definition of an indicator."""
    text, facts = tables.repository.text, indicator.facts
    named = next((facts[name] for name in NAMES if facts.get(name)), "")
    apart = f"（{'・'.join(text(mark) or mark for mark in marks)}）" if marks else ""
    name = text(named) + apart if text(named) else ""
    if named and not name:
        what = f"鍵「{named}」の文が translations にありません。"
        tables.report.left.append(
            Note(kpi_id, what, "Open SDGの共通の訳は、この中にはありません。")
        )
    english = tables.repository.english.get(str(named), "")
    defined = next((text(facts[d]) for d in DEFINITIONS if facts.get(d)), "")
    unit = tables.fitting(text(line.unit or facts.get("computation_units", "")), 10, kpi_id)
    footnote = tables.fitting(text(facts.get("data_footnote", "")), 300, kpi_id)
    caution = footnote if stated.value else f"{footnote}取り込み元に数値の目標がない。"
    tables.add(
        "kpis",
        kpi_id,
        kpi_id=kpi_id,
        name=tables.fitting(name, 100, kpi_id),
        short_name=name if len(name) <= 24 else "",
        name_en=tables.fitting(english, 120, kpi_id),
        unit=unit,
        unit_en=tables.fitting(tables.repository.english.get(f"data.{line.unit}", ""), 40, kpi_id),
        direction=direction,
        accumulation=tables.decisions.accumulation,
        year_type=tables.decisions.year_type,
        decimals=str(decimals_of(facts.get("precision"), line, stated)),
        definition=tables.fitting(defined, 400, kpi_id),
        caution=caution,
    )
    if unit and all(row["unit"] != unit for row in tables.rows.get("units", [])):
        tables.add("units", unit, unit=unit, description="")


def decimals_of(precision: object, line: Series, stated: Stated) -> int:
    """The most decimals of any value, of the target, or that the repository asks for."""
    texts = [value.text for value in line.values] + [stated.value]
    asked: list[int] = [
        item["decimals"]
        for item in (precision if isinstance(precision, list) else [])
        if isinstance(item, dict) and isinstance(item.get("decimals"), int)
    ]
    return max([len(text.partition(".")[2]) for text in texts] + asked)


def baseline_of(indicator: Indicator, line: Series, stated: Stated, report: Report) -> Value | None:
    """The value of the base year, where one is written and has a value."""
    if not stated.value or not stated.base_year:
        return None
    base = next((value for value in line.values if value.year == stated.base_year), None)
    if base is None:
        what = f"指標{indicator.number}の基準年{stated.base_year}の値がありません。"
        why = "ほかの年の値を基準値にはしません。"
        report.left.append(Note(indicator.places[stated.place], what, why))
    return base


def direction_of(stated: Stated, base: Value | None) -> str:
    """The way that is written, else the way from the baseline to the target; blank if unknown."""
    if stated.direction or base is None:
        return stated.direction
    way = Decimal(stated.value) - Decimal(base.text)
    return "increase" if way > 0 else "decrease" if way < 0 else "maintain"


def add_target(
    tables: Tables, indicator: Indicator, kpi_id: str, stated: Stated, base: Value | None
) -> None:
    """The promise for an indicator."""
    name = tables.repository.text(indicator.facts.get(NAMES[1], ""))
    tables.add(
        "targets",
        kpi_id,
        strategy_id=PLAN,
        kpi_id=kpi_id,
        role="kpi",
        goal_id=f"goal-{goal_of(indicator)}",
        measure_id=f"target-{dashed(target_id(indicator))}",
        printed_name=tables.fitting(name, 160, kpi_id),
        baseline_year=str(base.year) if base else "",
        baseline_value=base.text if base else "",
        target_year=str(stated.year or ""),
        target_value=stated.value,
        source_id=DATA,
        locator=f"{indicator.places[stated.place]} {stated.place}",
    )


def note_unused(carried: Sequence[Indicator], report: Report) -> None:
    """Facts without a place in our tables, each once."""
    keys: dict[str, list[str]] = {}
    for indicator in carried:
        for key in indicator.facts:
            if key not in USED and not SOURCE.fullmatch(key):
                keys.setdefault(key, []).append(indicator.number)
    for key, numbers in keys.items():
        report.left.append(
            Note(key, f"項目（指標{some(numbers)}）。", "入れるところがありません。")
        )
