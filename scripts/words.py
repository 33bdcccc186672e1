"""Numbers and judgements in plain Japanese, made from the data alone.

Every sentence here is tested over all indicators; none depends on a particular city.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from scripts.model import Kpi, Observation, StatusBand, Target
from scripts.progress import (
    ACHIEVED,
    MAINTAINED,
    NO_BASELINE,
    NO_OBSERVATION,
    REGRESSED,
    Progress,
    start_of,
)
from scripts.years import era_label, short_year_label, year_label

PERCENT = ("%", "％")

DIRECTIONS = {"increase": "増やす", "decrease": "減らす", "maintain": "維持する"}
ACCUMULATIONS = {
    "annual": "各年度の値",
    "cumulative": "累計",
    "point": "ある時点の値",
    "survey": "調査の値",
    "average": "平均値",
}
OBSERVATION_STATUS = {"final": "確定値", "provisional": "速報値", "estimate": "推計値"}
RELATIONS = {
    "replaced-by": "別の指標に替わった",
    "redefined-as": "定義が変わった",
    "see-also": "あわせて見る",
}
ROLES = {"goal": "基本目標の数値目標", "kpi": "施策のKPI"}


def number(value: Decimal | int) -> str:
    """Digits with thousands separators and the printed decimals; minus as ``−``."""
    return f"{value:,}".replace("-", "−")


def plain(value: Decimal | int) -> str:
    """Digits for machines: no separators, printed decimals, never an exponent."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def rounded(value: Decimal, digits: int) -> str:
    """A computed ratio for display, rounded half up."""
    return number(value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def percent(value: Decimal) -> str:
    """A ratio as a percentage with one decimal."""
    return rounded(value * 100, 1) + "%"


def with_unit(value: Decimal, kpi: Kpi) -> str:
    """``45.9万人``, ``16,611 PV``, ``77.2%``; a pure number stays bare."""
    gap = " " if kpi.unit[:1].isascii() and kpi.unit[:1].isalpha() else ""
    return number(value) + gap + kpi.unit


def difference(value: Decimal, kpi: Kpi) -> str:
    """The size of a difference; differences of percentages are points."""
    if kpi.unit in PERCENT:
        return number(abs(value)) + "ポイント"
    return with_unit(abs(value), kpi)


def kpi_year(year: int, kpi: Kpi) -> str:
    """``2021年度(令和3年度)``, with the date for values at a point of the year."""
    return year_label(year, kpi.year_type, kpi.as_of)


def kpi_era(year: int, kpi: Kpi) -> str:
    """``令和3年度``."""
    return era_label(year, kpi.year_type)


def short_year(year: int, kpi: Kpi) -> str:
    """``2021年度``."""
    return short_year_label(year, kpi.year_type) + kpi.as_of


def nature(kpi: Kpi) -> str:
    """What kind of value an indicator has: ``累計``, ``各年度の値``, or ``各年の値``."""
    words = ACCUMULATIONS[kpi.accumulation]
    return words if kpi.year_type == "fiscal" else words.replace("年度", "年")


def moved(value: Decimal, kpi: Kpi, *, ending: str = "て") -> str:
    """``増えて`` / ``減って``, or ``上がって`` / ``下がって`` for rates."""
    rate = kpi.unit in PERCENT or not kpi.unit or kpi.accumulation == "average"
    stem = {
        (False, True): ("増え", "増え", "増えました"),
        (False, False): ("減って", "減り", "減りました"),
        (True, True): ("上がって", "上がり", "上がりました"),
        (True, False): ("下がって", "下がり", "下がりました"),
    }[(rate, value > 0)]
    return {"て": stem[0], "り": stem[1], "ました": stem[2]}[ending]


def target_words(target: Target, kpi: Kpi) -> str:
    """The target as a reader sees it: the number with its unit, or the printed words."""
    return (
        target.target_text if target.target_value is None else with_unit(target.target_value, kpi)
    )


def baseline_words(target: Target, kpi: Kpi) -> str:
    """The baseline with its unit; cumulative indicators start from 0; ``―`` when not known."""
    _, start = start_of(target)
    if start is None:
        return "―"
    return with_unit(start, kpi)


def headline(item: Progress) -> str:
    """One line for the top of a chart: the distance to the target and the side of the baseline."""
    kpi, latest = item.kpi, item.latest
    if item.target.target_value is None:
        return f"目標は「{item.target.target_text}」。数値の目標ではありません。"
    goal = with_unit(item.target.target_value, kpi)
    if latest is None:
        return f"目標は{goal}。基準年より後の実績は資料にありません。"
    if item.status.status_id == ACHIEVED:
        return f"目標の{goal}に届いています。"
    if item.status.status_id == MAINTAINED:
        return f"目標の{goal}を保っています。"
    left = f"目標まであと{difference(item.remaining or Decimal(0), kpi)}。"
    if item.change is None:
        return left
    if item.status.status_id == REGRESSED:
        side = "下回" if item.change < 0 else "上回"
        return left + f"基準値を{side}っています。"
    if item.change == 0:
        return left + "基準値から変わっていません。"
    start = "基準値" if item.target.baseline_value is not None else "数え始め"
    return (
        left
        + f"{start}から{difference(item.change, kpi)}{moved(item.change, kpi, ending='ました')}。"
    )


def sentence(item: Progress) -> str:
    """What the judgement says, in one to three plain sentences with the numbers in them."""
    kpi, target, latest = item.kpi, item.target, item.latest
    goal_year = short_year(target.target_year, kpi)
    if target.target_value is None:
        text = (
            f"目標は「{target.target_text}」で、数値で示されていないため、"
            "計算による判定はできません。"
        )
        if latest is not None:
            text += (
                f"最新の値は{short_year(latest.year, kpi)}の{with_unit(latest.value, kpi)}です。"
            )
        return text
    goal = f"{goal_year}の目標{with_unit(target.target_value, kpi)}"
    if latest is None:
        return f"{goal}に対して、基準年より後の実績が収録した資料にないため、判定できません。"
    now = f"{short_year(latest.year, kpi)}の値は{with_unit(latest.value, kpi)}です。"
    if item.change is None or item.baseline_year is None or item.baseline is None:
        return now + (
            f"{goal}に届いています。"
            if item.status.status_id == ACHIEVED
            else f"{goal}に届いていません。"
        )
    base = f"基準値の{with_unit(item.baseline, kpi)}({short_year(item.baseline_year, kpi)})"
    if target.baseline_value is None:
        base = f"数え始め({short_year(item.baseline_year + 1, kpi)})"
    left = difference(item.remaining or Decimal(0), kpi)
    if item.status.status_id == ACHIEVED:
        return now + f"{goal}に届いています。"
    if item.status.status_id == MAINTAINED:
        side = "上回" if kpi.direction == "decrease" else "下回"
        return now + f"{base}を{side}らず、維持の目標を保っています。"
    if item.status.status_id == REGRESSED:
        return (
            now
            + f"{base}より{difference(item.change, kpi)}{moved(item.change, kpi, ending='り')}、"
            + (
                f"維持の目標を{'下回' if item.change < 0 else '上回'}っています。"
                if target.target_value == item.baseline
                else f"目標から遠ざかっています。{goal}まであと{left}です。"
            )
        )
    if item.change == 0:
        return now + f"{base}から変わっていません。{goal}まであと{left}です。"
    pace = {
        "good": "目標年に届く速さで進んでいます。",
        "warn": "良くなっていますが、目標年に届くには速さが足りません。",
        "bad": "良くなっていますが、目標年に届く速さには大きく足りません。",
    }.get(item.status.tone, "")
    return (
        now
        + f"{base}から{difference(item.change, kpi)}{moved(item.change, kpi, ending='り')}、"
        + f"{goal}まであと{left}です。{pace}"
    )


def final_words(item: Progress, this_year: int, year_type: str = "fiscal") -> str:
    """What to say when the term is over and the value of the target year is not known.

    ``this_year`` and the years of the term are of ``year_type``.
    """
    if item.strategy.end_year >= this_year or item.is_final or item.target.target_value is None:
        return ""
    ended = short_year_label(item.strategy.end_year, year_type)
    return (
        f"{item.strategy.short_title}は{ended}で終わりましたが、"
        f"目標年({short_year(item.target.target_year, item.kpi)})の最終の値は"
        "収録した資料にありません。"
    )


def why(item: Progress) -> list[tuple[str, str]]:
    """The judgement redone with its numbers: pairs of what is computed and the calculation."""
    target, latest = item.target, item.latest
    steps: list[tuple[str, str]] = []
    if (
        item.progress is None
        or item.pace is None
        or item.elapsed is None
        or latest is None
        or item.baseline is None
        or item.baseline_year is None
        or target.target_value is None
    ):
        return steps
    a, b, c = number(latest.value), number(item.baseline), number(target.target_value)
    gain, way = latest.value - item.baseline, target.target_value - item.baseline
    steps.append(
        (
            "進捗率",
            (
                f"(最新値 {a} − 基準値 {b}) ÷ (目標値 {c} − 基準値 {b}) = "
                f"{number(gain)} ÷ {number(way)} = {percent(item.progress)}"
            ),
        )
    )
    years, span = latest.year - item.baseline_year, target.target_year - item.baseline_year
    steps.append(
        (
            "経過率",
            (
                f"(最新の年 {latest.year} − 基準年 {item.baseline_year}) ÷ "
                f"(目標年 {target.target_year} − 基準年 {item.baseline_year}) = "
                f"{years} ÷ {span} = {percent(item.elapsed)}"
            ),
        )
    )
    steps.append(
        (
            "ペース",
            (
                f"進捗率 {percent(item.progress)} ÷ 経過率 {percent(item.elapsed)} = "
                f"{rounded(item.pace, 2)}"
            ),
        )
    )
    return steps


def verdict(item: Progress, bands: Sequence[StatusBand]) -> str:
    """Which rule gave the status, in words, with the bounds of its band."""
    status = item.status
    if item.reason:
        because = {NO_OBSERVATION: "基準年より後の実績がない", NO_BASELINE: "基準値がない"}
        return f"{because.get(item.reason, item.reason)}ため、{status.label}です。"
    if status.status_id == ACHIEVED:
        return f"最新値が目標値に届いているので、{status.label}です。"
    side = "上回" if item.kpi.direction == "decrease" else "下回"
    if status.status_id == MAINTAINED:
        return (
            f"目標値が基準値と同じ(維持の目標)で、最新値が基準値を{side}らないので、"
            f"{status.label}です。"
        )
    if status.status_id == REGRESSED and item.progress is None:
        return f"維持の目標ですが、最新値が基準値を{side}るので、{status.label}です。"
    if status.status_id == REGRESSED:
        return f"進捗率が0%より小さいので、{status.label}です。"
    low = status.min_pace or Decimal(0)
    above = [b.min_pace for b in bands if b.min_pace is not None and b.min_pace > low]
    until = f"{number(min(above))}未満" if above else ""
    return f"ペースが{number(low)}以上{until}なので、{status.label}です。"


def observation_trend(observations: tuple[Observation, ...], kpi: Kpi) -> str:
    """The course of the values for the description of a chart."""
    if not observations:
        return "実績値はありません。"
    first, last = observations[0], observations[-1]
    if len(observations) == 1:
        return f"実績値は{short_year(first.year, kpi)}の{with_unit(first.value, kpi)}だけです。"
    high, low = max(observations, key=lambda o: o.value), min(observations, key=lambda o: o.value)
    return (
        f"{short_year(first.year, kpi)}の{with_unit(first.value, kpi)}から"
        f"{short_year(last.year, kpi)}の{with_unit(last.value, kpi)}まで{len(observations)}個の値。"
        f"最も大きい値は{short_year(high.year, kpi)}の{with_unit(high.value, kpi)}、"
        f"最も小さい値は{short_year(low.year, kpi)}の{with_unit(low.value, kpi)}です。"
    )


def things(count: int) -> str:
    """A number of things as it stands before の: ``4つ``, and ``12`` where つ is not said."""
    return f"{count}つ" if count < 10 else number(count)


TONES = {
    "good": "うまく進んでいます",
    "warn": "少し遅れています",
    "bad": "遅れているか、悪くなっています",
    "none": "判定できません",
}
"""What the tone of a status says to somebody who has never read a plan."""


def tally_words(counts: Mapping[StatusBand, int]) -> str:
    """How things stand, in plain sentences: ``11はうまく進んでいます。17は…``."""
    by_tone = dict.fromkeys(TONES, 0)
    for band, count in counts.items():
        by_tone[band.tone] += count
    said = [f"{things(n)}は{TONES[tone]}。" for tone, n in by_tone.items() if n]
    if said and not by_tone["good"] and by_tone["warn"] + by_tone["bad"]:
        said.insert(0, "うまく進んでいるものはありません。")
    return "".join(said)


def yen(thousand: int) -> str:
    """An amount in thousand yen as people say it, exactly: ``2477869`` → ``24億7,786万9千円``."""
    oku, rest = divmod(abs(thousand), 100_000)
    man, sen = divmod(rest, 10)
    parts = [
        f"{number(value)}{name}" for value, name in ((oku, "億"), (man, "万"), (sen, "千")) if value
    ]
    return ("−" if thousand < 0 else "") + ("".join(parts) or "0") + "円"


NATURES = {
    "result": "実績",
    "forecast": "見込",
    "plan": "計画・予定",
    "cap": "上限",
    "ratio": "比・割合",
}
BEFORE = ("延べ", "約", "過去", "最大", "上限")
"""Qualifiers that stand before a number; the others stand behind it."""


def qualified(value: Decimal, unit: str, qualifier: str) -> str:
    """A figure with its qualifiers where Japanese puts them: ``延べ15,000人以上``."""
    words = [word for word in qualifier.split("・") if word]
    before = "".join(word for word in words if word in BEFORE)
    behind = "".join(
        f"（{word}）" if word in ("見込", "予定") else word for word in words if word not in BEFORE
    )
    return f"{before}{number(value)}{unit}{behind}"
