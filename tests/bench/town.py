"""Packages of a town that does not exist, as large as wanted: same size and seed, same bytes.

The tables are declared by the published ``datapackage.json`` and small code tables are taken over
from the published data, so that pages, texts and checks are those of the real site.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.helpers import ROOT

KEPT = ("status_bands", "ratings", "glossary", "topics")
"""Code tables of the published data."""

MADE = ("sources", "strategies", "goals", "measures", "units", "kpis", "targets", "observations")
LINKED = ("kpi_topics", "evaluations")

TERMS = (("strategy-1", "第1期", 2015, 2019), ("strategy-2", "第2期", 2020, 2024))
GOALS = ("子育て", "人の流れ", "しごと", "まちの暮らし")
PER_MEASURE = 4
"""Indicators of a measure; the real plan has two to five."""

YEARS = range(2014, 2024)
"""Ten observations of each indicator."""

WHAT = (
    ("保育所の待機児童数", "ほいくしょのたいきじどうすう", "人"),
    ("観光客の入込数", "かんこうきゃくのいりこみすう", "万人"),
    ("企業立地の件数", "きぎょうりっちのけんすう", "件"),
    ("健康診査を受けた人の数", "けんこうしんさをうけたひとのかず", "人"),
    ("移住の相談の件数", "いじゅうのそうだんのけんすう", "件"),
    ("路線バスの利用者数", "ろせんばすのりようしゃすう", "万人"),
)
SURNAMES = "青赤白黒東西南北上下中大小高低新古前奥山川森林原野田谷沢岡島浜港橋坂池泉"
READINGS = "あおあかしろくろひがしにし"


def write_town(folder: Path, kpis: int, seed: int = 1) -> Path:
    """Write a package of ``kpis`` indicators into ``folder``; the path of its descriptor."""
    declared = json.loads((ROOT / "datapackage.json").read_bytes())
    wanted = {*KEPT, *MADE, *LINKED}
    resources = [r for r in declared["resources"] if r["name"] in wanted]
    (folder / "data").mkdir(parents=True)
    tables = dict(_tables(kpis, random.Random(seed)))  # noqa: S311 - not for secrets
    for resource in resources:
        name, target = resource["name"], folder / resource["path"]
        if name in KEPT:
            target.write_bytes((ROOT / resource["path"]).read_bytes())
        else:
            target.write_bytes(_csv(resource["schema"], tables[name]))
    town = {
        "title": "試算町総合戦略 オープンデータ",
        "description": "性能を測るための、架空の町のデータ。",
        "municipality": {
            "code": "990019",
            "prefecture": "架空県",
            "name": "試算町",
            "name_en": "Bench Town",
        },
        "sources": [{"title": "架空の資料", "path": "data/sources.csv"}],
        "contributors": [{"title": "試算町", "roles": ["publisher"]}],
        "resources": resources,
    }
    descriptor = folder / "datapackage.json"
    text = json.dumps({**declared, **town}, ensure_ascii=False, indent=2)
    descriptor.write_text(text + "\n", encoding="utf-8")
    return descriptor


def change_one_cell(descriptor: Path, nth: int = 0) -> str:
    """Change the last value of the ``nth`` indicator a little; its id."""
    file = descriptor.parent / "data" / "observations.csv"
    head, *rows = file.read_text(encoding="utf-8").splitlines()
    place = head.split(",").index("value")
    at = len(YEARS) * (nth + 1) - 1
    cells = rows[at].split(",")
    cells[place] = str(int(cells[place]) + 1)
    rows[at] = ",".join(cells)
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8", newline="")
    return cells[0]


def _csv(schema: dict[str, Any], rows: Iterable[dict[str, Any]]) -> bytes:
    """Rows in the canonical order (by primary key) and declared columns, blank where unset."""
    names = [field["name"] for field in schema["fields"]]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: [str(row[k]) for k in schema["primaryKey"]]))
    return out.getvalue().encode()


def _tables(kpis: int, chance: random.Random) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    yield (
        "sources",
        [
            {
                "source_id": f"plan-{number}",
                "title": f"試算町総合戦略（{title}）",
                "publisher": "試算町",
                "published": str(start),
                "description": "架空の計画。",
            }
            for number, (_, title, start, _) in enumerate(TERMS, 1)
        ],
    )
    yield (
        "strategies",
        [
            {
                "strategy_id": strategy_id,
                "title": f"試算町総合戦略（{title}）",
                "short_title": title,
                "start_year": start,
                "end_year": end,
                "source_id": f"plan-{number}",
                "summary": "架空の計画の概要。",
            }
            for number, (strategy_id, title, start, end) in enumerate(TERMS, 1)
        ],
    )
    yield (
        "goals",
        [
            {
                "strategy_id": strategy_id,
                "goal_id": f"goal-{number}",
                "title": f"{name}を支える",
                "short_title": name,
                "title_en": f"Goal {number}",
                "summary": f"{name}にかかわる取組を進めます。",
                "plain": f"{name}の約束です。",
            }
            for strategy_id, *_ in TERMS
            for number, name in enumerate(GOALS, 1)
        ],
    )
    yield "measures", list(_measures(kpis))
    yield (
        "units",
        [{"unit": unit, "description": f"{unit}で数える"} for unit in {u for *_, u in WHAT}],
    )
    yield from _indicators(kpis, chance)


def _measure_id(strategy_id: str, number: int) -> str:
    return f"s{strategy_id[-1]}-m{number // PER_MEASURE + 1:04d}"


def _goal_id(number: int, kpis: int) -> str:
    """Neighbouring indicators share a goal."""
    measures = -(-kpis // PER_MEASURE)
    return f"goal-{number // PER_MEASURE * len(GOALS) // measures + 1}"


def _measures(kpis: int) -> Iterator[dict[str, Any]]:
    for strategy_id, *_ in TERMS:
        for number in range(0, kpis, PER_MEASURE):
            yield {
                "measure_id": _measure_id(strategy_id, number),
                "strategy_id": strategy_id,
                "goal_id": _goal_id(number, kpis),
                "label": f"{number // PER_MEASURE + 1}",
                "title": f"{WHAT[number // PER_MEASURE % len(WHAT)][0]}をよくする取組{number + 1}",
                "summary": "相談の窓口を広げ、情報を届け、関係する人と力を合わせて進めます。",
                "position": number // PER_MEASURE + 1,
            }


def _indicators(kpis: int, chance: random.Random) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    rows: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("kpis", "targets", "observations", *LINKED)
    }
    topics = [
        line.partition(",")[0]
        for line in (ROOT / "data" / "topics.csv").read_text(encoding="utf-8").splitlines()[1:]
    ]
    for number in range(kpis):
        kpi_id = f"kpi-{number + 1:05d}"
        what, reading, unit = WHAT[number % len(WHAT)]
        place = SURNAMES[number % len(SURNAMES)] + SURNAMES[number // len(SURNAMES) % len(SURNAMES)]
        name = f"{place}地区{number // len(SURNAMES) ** 2 + 1}の{what}"
        start = chance.randint(100, 900)
        values = [start]
        while len(values) < len(YEARS):
            values.append(max(1, values[-1] + chance.randint(-8, 16)))
        rows["kpis"].append(
            {
                "kpi_id": kpi_id,
                "name": name,
                "short_name": f"{place}地区の{what}"[:24],
                "name_en": f"Indicator {number + 1} of the town",
                "reading": f"ちく{READINGS[number % len(READINGS)]}の{reading}",
                "unit": unit,
                "unit_en": "units",
                "direction": "increase",
                "accumulation": "annual",
                "year_type": "fiscal",
                "decimals": 0,
                "definition": f"{place}地区で1年間に数えた{what}。町の統計による。",
                "caution": "感染症が広がった年は、集まりを控えた影響がある。"
                if number % 3 == 0
                else "",
            }
        )
        rows["observations"] += [
            {
                "kpi_id": kpi_id,
                "year": year,
                "value": value,
                "status": "provisional" if year == YEARS[-1] and number % 5 == 0 else "final",
                "source_id": "plan-1" if year < TERMS[1][2] else "plan-2",
                "locator": f"第{number // PER_MEASURE + 1}章 表{number % PER_MEASURE + 1}",
                "note": "速報の値。" if year == YEARS[-1] and number % 5 == 0 else "",
            }
            for year, value in zip(YEARS, values, strict=True)
        ]
        for index, (strategy_id, _, first, last) in enumerate(TERMS):
            baseline = values[YEARS.index(first - 1)]
            rows["targets"].append(
                {
                    "strategy_id": strategy_id,
                    "kpi_id": kpi_id,
                    "role": "kpi",
                    "goal_id": _goal_id(number, kpis),
                    "measure_id": _measure_id(strategy_id, number),
                    "printed_name": name,
                    "baseline_year": first - 1,
                    "baseline_value": baseline,
                    "target_year": last,
                    "target_value": baseline + chance.randint(5, 60),
                    "source_id": f"plan-{index + 1}",
                    "locator": f"第{number // PER_MEASURE + 1}章",
                }
            )
        rows["kpi_topics"].append({"topic_id": topics[number % len(topics)], "kpi_id": kpi_id})
        if number % 2 == 0:
            rows["evaluations"].append(
                {
                    "strategy_id": "strategy-2",
                    "evaluated_year": 2021,
                    "kpi_id": kpi_id,
                    "rating": ("expand", "continue", "review")[number % 3],
                    "finding": "前の年より増えた。感染症の影響がやわらいだためとみられる。",
                    "outlook": "窓口を広げ、情報の届け方を改める。",
                    "viewpoint": "目標に届くかを、毎年の値で確かめる。",
                    "source_id": "plan-2",
                }
            )
    yield from rows.items()
