"""The rows of a new package: plainly examples, so many that every page has something to show.

Every name begins with :data:`MARK`. The years follow the term of the plan, so that the examples are
neither in the future nor outside the plan.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scripts.start.answers import Answers

MARK = "（記入例）"
REPLACE = "記入例です。自分の計画のものに書き換えてください。"
PLAN, REPORT, STRATEGY = "plan-1", "report-1", "strategy-1"

Row = dict[str, object]

GENERAL = (
    *("actual", "baseline", "cumulative", "elapsed-rate", "fiscal-year", "kpi", "open-data"),
    *("pace", "progress-rate", "project", "source", "target", "basic-goal", "measure"),
)  # fmt: skip
"""Words of our glossary that every municipality needs."""


@dataclass(frozen=True, slots=True)
class Series:
    """An example indicator: its first value stands at the year before the plan."""

    kpi_id: str
    name: str
    name_en: str
    reading: str
    unit: str
    unit_en: str
    direction: str
    accumulation: str
    decimals: int
    values: tuple[str, ...]
    target: str
    role: str
    goal: int
    topic: str


SERIES = (
    Series("library-loans", "図書館の貸出冊数", "Books lent by the library",
           "としょかんのかしだしさっすう", "冊", "books", "increase", "annual", 0,
           ("52300", "53800", "54900", "56400"), "60000", "kpi", 1, "learning"),
    Series("waste-per-person", "1人1日あたりのごみの量", "Waste per person and day",
           "ひとりいちにちあたりのごみのりょう", "g", "g", "decrease", "annual", 1,
           ("912.4", "905.8", "907.1"), "850.0", "kpi", 2, "living"),
    Series("children-waiting", "保育所の待機児童数", "Children waiting for a nursery place",
           "ほいくしょのたいきじどうすう", "人", "children", "decrease", "point", 0,
           ("38", "21", "12"), "0", "kpi", 1, "learning"),
    Series("residents-content", "住み続けたいと思う人の割合", "Residents who want to stay",
           "すみつづけたいとおもうひとのわりあい", "%", "%", "increase", "survey", 1,
           ("71.3",), "80.0", "goal", 1, "living"),
)  # fmt: skip
"""Increasing, decreasing, with the target 0, and a survey at the level of a goal."""

TOPICS = (("learning", "学び・子育て", "まなびこそだて"), ("living", "くらし", "くらし"))
UNITS = {"冊": "本の数", "g": "重さ（グラム）", "人": "人の数", "%": "百分率"}
RATINGS = (
    ("expand", "拡充", "取組を広げる。"),
    ("keep", "継続", "今の取組を続ける。"),
    ("review", "見直し", "取組のしかたを変える。"),
)


def rows_of(answers: Answers, inherited: Mapping[str, bytes]) -> dict[str, list[Row]]:
    """The rows of each table that is not empty; ``inherited`` are tables of this project."""
    seen = [o for series in SERIES for o in observations(answers, series)]
    graded = list(evaluations(answers, seen))
    made: dict[str, list[Row]] = {
        "sources": sources(answers, reported=any(o["source_id"] == REPORT for o in seen)),
        "strategies": [strategy(answers)],
        "goals": list(goals(answers)),
        "measures": list(measures(answers)),
        "kpis": [kpi(answers, series) for series in SERIES],
        "units": [{"unit": unit, "description": text} for unit, text in UNITS.items()],
        "topics": [
            {
                "topic_id": topic,
                "label": label,
                "reading": reading,
                "position": position,
                "description": f"{MARK}暮らしの話題。{REPLACE}",
                "words": "",
            }
            for position, (topic, label, reading) in enumerate(TOPICS, 1)
        ],
        "kpi_topics": [{"topic_id": s.topic, "kpi_id": s.kpi_id} for s in SERIES],
        "targets": [target(answers, series) for series in SERIES],
        "observations": seen,
        "evaluations": graded,
        "ratings": [
            {"rating_id": r, "label": label, "description": f"{MARK}{text}", "position": n}
            for n, (r, label, text) in enumerate(RATINGS, 1)
        ],
        "status_bands": read_rows(inherited["status_bands"]),
        "glossary": list(glossary(answers, read_rows(inherited.get("glossary", b"")))),
    }
    if not graded:
        made["ratings"] = []
    return made


def read_rows(raw: bytes) -> list[Row]:
    """The rows of a table that is taken over."""
    return [dict(row) for row in csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))]


def sources(answers: Answers, *, reported: bool) -> list[Row]:
    """The plan and, where there are results, their report."""
    name, plan = answers["name"], answers["plan"]
    return [
        {"source_id": PLAN, "title": f"{MARK}{name}{plan}", "publisher": name,
         "published": answers.first, "description": f"計画の本文。{REPLACE}"},
        {"source_id": REPORT, "title": f"{MARK}{name}{plan} 実績報告", "publisher": name,
         "published": answers.now, "description": f"年ごとの実績。{REPLACE}"},
    ][: 2 if reported else 1]  # fmt: skip


def strategy(answers: Answers) -> Row:
    """The term."""
    return {
        "strategy_id": STRATEGY,
        "title": f"{answers['name']}{answers['plan']}",
        "short_title": "第1期",
        "title_en": "First plan" if answers["name_en"] else "",
        "start_year": answers.first,
        "end_year": answers.last,
        "source_id": PLAN,
        "summary": f"計画の紹介。{REPLACE}",
    }


def goals(answers: Answers) -> Iterator[Row]:
    """As many goals as the plan has."""
    for number in range(1, int(answers["goals"]) + 1):
        yield {
            "strategy_id": STRATEGY,
            "goal_id": f"goal-{number}",
            "position": number,
            "title": f"{MARK}{answers['goal_word']}{number}の題",
            "short_title": f"{MARK}目標{number}",
            "title_en": f"(Example) Goal {number}",
            "summary": f"めざす姿を1つか2つの文で書く。{REPLACE}",
            "plain": "",
        }


def measures(answers: Answers) -> Iterator[Row]:
    """One measure below each goal."""
    for number in range(1, int(answers["goals"]) + 1):
        yield {
            "measure_id": measure_id(number),
            "strategy_id": STRATEGY,
            "goal_id": f"goal-{number}",
            "label": "ア",
            "title": f"{MARK}{answers['measure_word']}の題",
            "summary": f"何をするかを1つか2つの文で書く。{REPLACE}",
            "position": number,
        }


def measure_id(number: int) -> str:
    """The id of the measure below a goal."""
    return f"s1-g{number}-a"


def goal_of(answers: Answers, series: Series) -> int:
    """The number of the goal of an indicator; plans with one goal have all in it."""
    return min(series.goal, int(answers["goals"]))


def kpi(answers: Answers, series: Series) -> Row:
    """The definition of an indicator."""
    point = series.accumulation == "point"
    return {
        "kpi_id": series.kpi_id,
        "name": f"{MARK}{series.name}",
        "short_name": series.name,
        "name_en": f"(Example) {series.name_en}",
        "reading": series.reading,
        "unit": series.unit,
        "unit_en": series.unit_en,
        "direction": series.direction,
        "accumulation": series.accumulation,
        "year_type": "calendar" if point else answers["year_type"],
        "as_of": "4月1日" if point else "",
        "decimals": series.decimals,
        "definition": f"何をどう数えるかを書く。{REPLACE}",
        "caution": "",
        "keywords": "",
    }


def target(answers: Answers, series: Series) -> Row:
    """From the year before the plan to its last year."""
    number = goal_of(answers, series)
    return {
        "strategy_id": STRATEGY,
        "kpi_id": series.kpi_id,
        "role": series.role,
        "goal_id": f"goal-{number}",
        "measure_id": measure_id(number) if series.role == "kpi" else "",
        "printed_name": series.name,
        "baseline_year": answers.base,
        "baseline_value": series.values[0],
        "target_year": answers.last,
        "target_value": series.target,
        "source_id": PLAN,
        "locator": "10ページ",
    }


def observations(answers: Answers, series: Series) -> Iterator[Row]:
    """The values that can be known today, year by year."""
    for year, value in enumerate(series.values, answers.base):
        if year < answers.now and year <= answers.last:
            yield {
                "kpi_id": series.kpi_id,
                "year": year,
                "value": value,
                "status": "final",
                "source_id": PLAN if year == answers.base else REPORT,
                "locator": "10ページ" if year == answers.base else "3ページ",
            }


def evaluations(answers: Answers, seen: Sequence[Row]) -> Iterator[Row]:
    """The city's own grades for the first year with results; none before there is one."""
    graded = {"library-loans": "expand", "waste-per-person": "review"}
    for kpi_id, rating in graded.items():
        if any((o["kpi_id"], o["year"]) == (kpi_id, answers.first) for o in seen):
            yield {
                "strategy_id": STRATEGY,
                "evaluated_year": answers.first,
                "kpi_id": kpi_id,
                "rating": rating,
                "finding": f"{MARK}現状をどう見ているか。",
                "outlook": f"{MARK}これからどうするか。",
                "viewpoint": f"{MARK}どこから見た評価か。",
                "source_id": REPORT,
            }


def glossary(answers: Answers, ours: Sequence[Row]) -> Iterator[Row]:
    """The general words, in the words of the plan; words the plan does not use are left out."""
    say = answers.terms.say
    kept = [r for r in ours if r["term_id"] in GENERAL and say(str(r["term"])) == r["term"]]
    known = {row["term_id"] for row in kept}
    for row in kept:
        see = row["see"] if row["see"] in known else ""
        yield row | {"definition": say(str(row["definition"])), "see": see}


def table(resource: Mapping[str, Any], rows: Sequence[Row]) -> bytes:
    """Rows as the CSV of a table, in the order of its key; columns without a value are blank."""
    names = [column["name"] for column in resource["schema"]["fields"]]
    numbers = {c["name"] for c in resource["schema"]["fields"] if c["type"] == "integer"}
    keys = resource["schema"]["primaryKey"]

    def order(row: Mapping[str, object]) -> list[tuple[int, str]]:
        return [(int(str(row[k])) if k in numbers else 0, str(row[k])) for k in keys]

    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=order))
    return text.getvalue().encode()
