"""Sentences made from the data: right for one of each kind, and sound for every indicator."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts import words
from scripts.charts import series_of
from scripts.model import Package
from scripts.progress import Progress, judge, judge_all
from tests.helpers import bands, kpi, observations, strategy, target

BANDS = bands()


def judged(of: Any, *pairs: tuple[int, Any], **changes: Any) -> Progress:
    """Judge one target; ``changes`` describe the indicator."""
    return judge(strategy(), of, kpi(**changes), observations(*pairs), BANDS)


RISING = target((2019, 1000), (2024, 2000))
RATE = target((2019, "50.0"), (2024, "60.0"))
FALLING = target((2019, "900.0"), (2024, 800))
KEEPING = target((2019, 12000), (2024, 12000))
COUNT = target(None, (2024, 30), window_start_year=2020)

G: dict[str, Any] = {"unit": "g", "direction": "decrease", "accumulation": "average"}
PERCENT: dict[str, Any] = {"unit": "%", "accumulation": "survey"}
HEADS: dict[str, Any] = {
    "unit": "人",
    "direction": "maintain",
    "year_type": "calendar",
    "as_of": "10月1日",
}

# what is judged, the sentence, the headline
SAID: list[tuple[str, Callable[[], Progress], str, str]] = [
    (
        "achieved, a count",
        lambda: judged(RISING, (2021, 2345)),
        "2021年度の値は2,345件です。2024年度の目標2,000件に届いています。",
        "目標の2,000件に届いています。",
    ),
    (
        "on track, a count",
        lambda: judged(RISING, (2021, 1400)),
        "2021年度の値は1,400件です。基準値の1,000件(2019年度)から400件増え、"
        "2024年度の目標2,000件まであと600件です。目標年に届く速さで進んでいます。",
        "目標まであと600件。基準値から400件増えました。",
    ),
    (
        "slightly behind, a rate",
        lambda: judged(RATE, (2022, "54.0"), **PERCENT),
        "2022年度の値は54.0%です。基準値の50.0%(2019年度)から4.0ポイント上がり、"
        "2024年度の目標60.0%まであと6.0ポイントです。"
        "良くなっていますが、目標年に届くには速さが足りません。",
        "目標まであと6.0ポイント。基準値から4.0ポイント上がりました。",
    ),
    (
        "slightly behind, a falling average",
        lambda: judged(FALLING, (2021, "875.5"), **G),
        "2021年度の値は875.5 gです。基準値の900.0 g(2019年度)から24.5 g下がり、"
        "2024年度の目標800 gまであと75.5 gです。"
        "良くなっていますが、目標年に届くには速さが足りません。",
        "目標まであと75.5 g。基準値から24.5 g下がりました。",
    ),
    (
        "behind, counted from zero",
        lambda: judged(COUNT, (2022, 3)),
        "2022年度の値は3件です。数え始め(2020年度)から3件増え、"
        "2024年度の目標30件まであと27件です。"
        "良くなっていますが、目標年に届く速さには大きく足りません。",
        "目標まであと27件。数え始めから3件増えました。",
    ),
    (
        "behind, nothing changed",
        lambda: judged(RISING, (2021, 1000)),
        "2021年度の値は1,000件です。基準値の1,000件(2019年度)から変わっていません。"
        "2024年度の目標2,000件まであと1,000件です。",
        "目標まであと1,000件。基準値から変わっていません。",
    ),
    (
        "regressed, a count",
        lambda: judged(RISING, (2021, 900)),
        "2021年度の値は900件です。基準値の1,000件(2019年度)より100件減り、"
        "目標から遠ざかっています。2024年度の目標2,000件まであと1,100件です。",
        "目標まであと1,100件。基準値を下回っています。",
    ),
    (
        "regressed, a rate",
        lambda: judged(RATE, (2021, "43.8"), **PERCENT),
        "2021年度の値は43.8%です。基準値の50.0%(2019年度)より6.2ポイント下がり、"
        "目標から遠ざかっています。2024年度の目標60.0%まであと16.2ポイントです。",
        "目標まであと16.2ポイント。基準値を下回っています。",
    ),
    (
        "regressed, an average that should fall",
        lambda: judged(FALLING, (2021, "901.0"), **G),
        "2021年度の値は901.0 gです。基準値の900.0 g(2019年度)より1.0 g上がり、"
        "目標から遠ざかっています。2024年度の目標800 gまであと101.0 gです。",
        "目標まであと101.0 g。基準値を上回っています。",
    ),
    (
        "maintained, on a day of the calendar year",
        lambda: judged(KEEPING, (2021, 12005), **HEADS),
        "2021年10月1日の値は12,005人です。基準値の12,000人(2019年10月1日)を下回らず、"
        "維持の目標を保っています。",
        "目標の12,000人を保っています。",
    ),
    (
        "not maintained",
        lambda: judged(KEEPING, (2021, 11990), **HEADS),
        "2021年10月1日の値は11,990人です。基準値の12,000人(2019年10月1日)より10人減り、"
        "維持の目標を下回っています。",
        "目標まであと10人。基準値を下回っています。",
    ),
    (
        "unknown, a target in words",
        lambda: judged(target((2019, "1.28"), (2024, None)), (2021, "1.31"), unit=""),
        "目標は「全国水準」で、数値で示されていないため、計算による判定はできません。"
        "最新の値は2021年度の1.31です。",
        "目標は「全国水準」。数値の目標ではありません。",
    ),
    (
        "unknown, a target in words and no value",
        lambda: judged(target((2019, "1.28"), (2024, None)), unit=""),
        "目標は「全国水準」で、数値で示されていないため、計算による判定はできません。",
        "目標は「全国水準」。数値の目標ではありません。",
    ),
    (
        "unknown, no value",
        lambda: judged(RISING, (2019, 1000), unit="PV"),
        "2024年度の目標2,000 PVに対して、基準年より後の実績が収録した資料にないため、"
        "判定できません。",
        "目標は2,000 PV。基準年より後の実績は資料にありません。",
    ),
    (
        "unknown, no baseline",
        lambda: judged(target(None, (2024, 30)), (2021, 29)),
        "2021年度の値は29件です。2024年度の目標30件に届いていません。",
        "目標まであと1件。",
    ),
    (
        "negative numbers",
        lambda: judged(target((2019, -500), (2024, 0)), (2021, -250), unit="万円"),
        "2021年度の値は−250万円です。基準値の−500万円(2019年度)から250万円増え、"
        "2024年度の目標0万円まであと250万円です。目標年に届く速さで進んでいます。",
        "目標まであと250万円。基準値から250万円増えました。",
    ),
]


@pytest.mark.parametrize(
    ("make", "sentence", "headline"), [s[1:] for s in SAID], ids=[s[0] for s in SAID]
)
def test_said(make: Callable[[], Progress], sentence: str, headline: str) -> None:
    """The whole sentence and the whole headline, one for each status and kind of unit."""
    item = make()
    assert (words.sentence(item), words.headline(item)) == (sentence, headline)


VERDICTS = [
    ("achieved, a count", "最新値が目標値に届いているので、achievedです。"),
    (
        "maintained, on a day of the calendar year",
        "目標値が基準値と同じ(維持の目標)で、最新値が基準値を下回らないので、maintainedです。",
    ),
    ("not maintained", "維持の目標ですが、最新値が基準値を下回るので、regressedです。"),
    ("regressed, a rate", "進捗率が0%より小さいので、regressedです。"),
    ("on track, a count", "ペースが0.95以上なので、on-trackです。"),
    ("slightly behind, a rate", "ペースが0.60以上0.95未満なので、slightly-behindです。"),
    ("behind, nothing changed", "ペースが0以上0.60未満なので、behindです。"),
    ("unknown, a target in words", "目標が数値でないため、unknownです。"),
    ("unknown, no value", "基準年より後の実績がないため、unknownです。"),
    ("unknown, no baseline", "基準値がないため、unknownです。"),
]


@pytest.mark.parametrize(("name", "verdict"), VERDICTS, ids=[v[0] for v in VERDICTS])
def test_verdict(name: str, verdict: str) -> None:
    """Which step of the published rule gave the status, with the bounds of its band."""
    (make,) = [said[1] for said in SAID if said[0] == name]
    assert words.verdict(make(), BANDS) == verdict


def test_why_shows_the_formula_with_its_numbers() -> None:
    """A reader can redo the three steps with what is printed."""
    (make,) = [said[1] for said in SAID if said[0] == "slightly behind, a falling average"]
    assert words.why(make()) == [
        (
            "進捗率",
            "(最新値 875.5 − 基準値 900.0) ÷ (目標値 800 − 基準値 900.0) = −24.5 ÷ −100.0 = 24.5%",
        ),
        ("経過率", "(最新の年 2021 − 基準年 2019) ÷ (目標年 2024 − 基準年 2019) = 2 ÷ 5 = 40.0%"),
        ("ペース", "進捗率 24.5% ÷ 経過率 40.0% = 0.61"),
    ]


def test_a_past_term_without_its_last_value_says_so() -> None:
    """Only when the term is over, its target is a number and its last value is not known."""
    missing = judged(RISING, (2023, 1400))
    assert words.final_words(missing, 2025) == (
        "第1期は2024年度で終わりましたが、目標年(2024年度)の最終の値は収録した資料にありません。"
    )
    assert words.final_words(missing, 2024) == ""
    assert words.final_words(judged(RISING, (2024, 1400)), 2025) == ""
    assert words.final_words(judged(target((2019, 1), (2024, None))), 2025) == ""
    assert words.final_words(judged(RISING), 2025) != ""


NUMBERS = [
    (Decimal(1234567), "1,234,567"),
    (Decimal("60.0"), "60.0"),
    (Decimal("-1234.50"), "−1,234.50"),
    (Decimal("0.05"), "0.05"),
    (0, "0"),
]


@pytest.mark.parametrize(("value", "text"), NUMBERS)
def test_number(value: Decimal | int, text: str) -> None:
    """Separators for readers, the printed decimals, and a minus that is not a hyphen."""
    assert words.number(value) == text


def test_rounding_is_half_up() -> None:
    """As people round: 0.05 % of 12.25 goes up, on both sides of zero."""
    assert words.percent(Decimal("0.12345")) == "12.3%"
    assert words.percent(Decimal("0.1225")) == "12.3%"
    assert words.percent(Decimal("-0.1225")) == "−12.3%"
    assert words.rounded(Decimal("0.605"), 2) == "0.61"
    assert words.rounded(Decimal("0E+1"), 2) == "0.00"


@given(st.decimals(-(10**12), 10**12, places=3))
def test_a_number_reads_back(value: Decimal) -> None:
    """What is shown is what was printed in the source, digit by digit."""
    assert words.number(value).replace(",", "").replace("−", "-") == str(value)
    assert Decimal(words.plain(value)) == value


TREND = [
    ((), "実績値はありません。"),
    (((2021, 5),), "実績値は2021年度の5件だけです。"),
    (
        ((2019, 5), (2020, 9), (2021, 4)),
        "2019年度の5件から2021年度の4件まで3個の値。"
        "最も大きい値は2020年度の9件、最も小さい値は2021年度の4件です。",
    ),
]


@pytest.mark.parametrize(("pairs", "text"), TREND)
def test_trend(pairs: tuple[tuple[int, int], ...], text: str) -> None:
    """What the picture shows, for those who cannot see it."""
    assert words.observation_trend(observations(*pairs), kpi()) == text


# --- every sentence of every indicator ----------------------------------------------------------


def everything_said(package: Package) -> Iterator[tuple[str, Progress, str]]:
    """Every text that is made for every judgement, with the name of its maker."""
    series = series_of(package)
    for item in judge_all(package):
        yield "sentence", item, words.sentence(item)
        yield "headline", item, words.headline(item)
        yield "verdict", item, words.verdict(item, package.status_bands)
        yield "final_words", item, words.final_words(item, 2026) or "。"
        yield "trend", item, words.observation_trend(series.get(item.kpi.kpi_id, ()), item.kpi)
        for name, formula in words.why(item):
            yield name, item, formula


BAD = re.compile(r"None|NaN|E[+-]?\d|Decimal|\{|\}|。。|、、|、。|  | 、| 。|\d-\d|-\d")


@pytest.mark.parametrize("which", ["fixture", "real"])
def test_every_text_is_sound(which: str, package: Package, real: Package) -> None:
    """No hole, no exponent, no doubled punctuation, no hyphen as a minus; sentences end."""
    seen = 0
    for maker, item, text in everything_said({"fixture": package, "real": real}[which]):
        where = f"{maker} of {item.strategy.strategy_id} {item.kpi.kpi_id}: {text}"
        own_words = text.replace(item.target.target_text or "\0", "")
        assert not BAD.search(own_words), where
        assert text.endswith("。") or maker in ("進捗率", "経過率", "ペース"), where
        seen += 1
    assert seen > 40


@pytest.mark.parametrize("which", ["fixture", "real"])
def test_every_value_has_its_unit(which: str, package: Package, real: Package) -> None:
    """A number in a sentence is a year or is followed by what it counts."""
    for item in judge_all({"fixture": package, "real": real}[which]):
        unit = item.kpi.unit
        text = words.sentence(item).replace(item.target.target_text or "\0", "")
        text = text.replace(item.kpi.as_of or "\0", "年度")
        units = {unit, "ポイント"} if unit in words.PERCENT else {unit}
        for found in re.finditer(r"−?[\d,]*\d(?:\.\d+)?", text):
            behind = text[found.end() :].lstrip(" ")
            if behind.startswith("年"):
                continue
            assert unit == "" or behind.startswith(tuple(units)), f"{found[0]} in {text}"
        for value in (item.target.target_value, item.latest.value if item.latest else None):
            if value is not None:
                assert words.with_unit(value, item.kpi) in text, text


@pytest.mark.parametrize("which", ["fixture", "real"])
def test_every_code_has_a_word(which: str, package: Package, real: Package) -> None:
    """Nothing coded reaches a page without its Japanese word."""
    source = {"fixture": package, "real": real}[which]
    assert {k.direction for k in source.kpis} <= set(words.DIRECTIONS)
    assert {k.accumulation for k in source.kpis} <= set(words.ACCUMULATIONS)
    assert {o.status for o in source.observations} <= set(words.OBSERVATION_STATUS)
    assert {r.relation for r in source.kpi_relations} <= set(words.RELATIONS)
    assert {t.role for t in source.targets} <= set(words.ROLES)


def test_every_choice_of_the_schema_has_a_word(real: Package) -> None:
    """A choice that the schema allows has a word before anyone uses it."""
    known = {
        ("kpis", "direction"): words.DIRECTIONS,
        ("kpis", "accumulation"): words.ACCUMULATIONS,
        ("observations", "status"): words.OBSERVATION_STATUS,
        ("kpi_relations", "relation"): words.RELATIONS,
        ("targets", "role"): words.ROLES,
    }
    for (table, name), labels in known.items():
        (resource,) = [r for r in real.descriptor["resources"] if r["name"] == table]
        (field,) = [f for f in resource["schema"]["fields"] if f["name"] == name]
        assert set(field["constraints"]["enum"]) == set(labels)


@pytest.mark.parametrize(
    ("tones", "text"),
    [
        (
            {"good": 11, "bad": 17, "none": 2},
            "11はうまく進んでいます。17は遅れているか、悪くなっています。2つは判定できません。",
        ),
        ({"bad": 4}, "うまく進んでいるものはありません。4つは遅れているか、悪くなっています。"),
        ({"good": 1, "warn": 1}, "1つはうまく進んでいます。1つは少し遅れています。"),
        ({"none": 3}, "3つは判定できません。"),
        ({}, ""),
    ],
)
def test_how_things_stand_in_plain_words(tones: dict[str, int], text: str, real: Package) -> None:
    """One sentence per tone; bands of one tone are counted together."""
    by_tone = {band.tone: band for band in real.status_bands}
    assert words.tally_words({by_tone[tone]: n for tone, n in tones.items()}) == text
    assert {band.tone for band in real.status_bands} <= set(words.TONES)
    two = [band for band in real.status_bands if band.tone == "good"][:2]
    assert words.tally_words(dict.fromkeys(two, 2)) == "4つはうまく進んでいます。"
