"""Packages with one broken rule each, and the line that must come."""

from __future__ import annotations

from tests.breaking import cell, orphan_source, target, unsorted
from tests.helpers import Copy, broken
from tests.plan_cases import PLAN_CASES

FARM = "plan-2,farm-persons"
"""The target on line 8 of the targets."""

BY_NOTE = "年を直すか、理由を {}_note に書いてください。"


def errors(town: Copy) -> list[str]:
    """What keeps the copy from being published."""
    return [line for line in town.problems() if "（確認）" not in line]


def late_baseline(town: Copy) -> None:
    """A baseline in the middle of the term."""
    town.cell("targets", FARM, "baseline_year", "2023")
    town.cell("observations", "farm-persons,2021", "year", "2023")


def target_after_term(town: Copy) -> None:
    """A target year beyond the end of the term."""
    town.cell("targets", FARM, "target_year", "2030")


def no_target(town: Copy) -> None:
    """An indicator whose target was deleted."""
    town.drop("targets", "plan-2,waste-per-person")


def reserved_id(town: Copy) -> None:
    """An indicator named like the page that lists indicators by their judgement."""
    for file in town.folder.glob("data/*.csv"):
        text = file.read_bytes().decode()
        file.write_bytes(text.replace("town-residents", "status").encode())


CASES = [
    broken(
        "kpi-id-free: the name of another page",
        reserved_id,
        "data/kpis.csv:9: kpi_id: 「status」は、サイトが判定ごとの一覧に使う名前です。"
        "別の指標IDにしてください。 [kpi-id-free]",
    ),
    broken(
        "ids-safe: a name that Windows keeps for itself",
        cell("glossary", "library", "term_id", "nul"),
        "data/glossary.csv:3: term_id: 「nul」は、ページやファイルの名前にできない記号（ID）です。"
        "半角の英小文字、数字、ハイフンだけで、80文字までにしてください"
        "（例: child-care-2021。con、nul などは Windows が使う名前です）。 [ids-safe]",
    ),
    broken(
        "target-direction: wrong way",
        cell("kpis", "farm-persons", "direction", "decrease"),
        "data/targets.csv:8: target_value: 目標値15は、基準値10から増やす目標ですが、"
        "指標のめざす向きは「減らす」（decrease）です。"
        "目標値か基準値を資料と見比べ、正しければ kpis.csv の direction を直してください。"
        " [target-direction]",
    ),
    broken(
        "target-direction: nothing to gain",
        lambda town: (
            town.cell("kpis", "town-residents", "direction", "increase"),
            town.cell("targets", "plan-2,town-residents", "target_note", ""),
        ),
        "data/targets.csv:10: target_value: 目標値12000は、基準値12000から維持する目標ですが、"
        "指標のめざす向きは「増やす」（increase）です。"
        "目標値か基準値を資料と見比べ、正しければ kpis.csv の direction を直してください。"
        "そのまま保つ目標なら、target_note に「保つ」と書いてください。"
        " [target-direction]",
    ),
    broken(
        "target-direction: a count from zero that should fall",
        cell("kpis", "company-visits-2022", "direction", "decrease"),
        "data/targets.csv:7: target_value: 目標値30は、基準値0から増やす目標ですが、"
        "指標のめざす向きは「減らす」（decrease）です。"
        "目標値か基準値を資料と見比べ、正しければ kpis.csv の direction を直してください。"
        " [target-direction]",
    ),
    broken(
        "target-stated: neither number nor words",
        cell("targets", "plan-2,bright-index", "target_text", ""),
        "data/targets.csv:5: target_value: 目標値も文章の目標も空です。"
        "資料の目標値を target_value に、数値でなければ target_text に書いてください。"
        " [target-stated]",
    ),
    broken(
        "target-stated: number and words",
        target(target_text="15人以上"),
        "data/targets.csv:8: target_text: 目標値と文章の目標の両方があります。"
        "数値の目標なら target_text を空にし、補足は target_note に書いてください。"
        " [target-stated]",
    ),
    broken(
        "baseline-complete: a year without a value",
        cell("targets", "plan-2,bright-index", "baseline_value", ""),
        "data/targets.csv:5: baseline_year: 基準値と基準年の片方だけがあります。"
        "両方を書くか、両方を空にしてください。 [baseline-complete]",
    ),
    broken(
        "baseline-complete: baseline and window",
        target(window_start_year="2022"),
        "data/targets.csv:8: window_start_year: 基準値があるのに、累計の開始年もあります。"
        "どちらか一方を空にしてください。 [baseline-complete]",
    ),
    broken(
        "baseline-complete: neither baseline nor window",
        cell("targets", "plan-1,company-visits-2017", "window_start_year", ""),
        "data/targets.csv:2: baseline_value: （確認）基準値がなく、累計の開始年もありません。"
        "進み具合を計算できません。基準値を書くか、累計なら window_start_year を書いてください。"
        " [baseline-complete]",
    ),
    broken(
        "target-years: not after the baseline",
        lambda town: (
            town.cell("targets", "plan-1,farm-households", "baseline_year", "2021"),
            town.cell("targets", "plan-1,farm-households", "baseline_note", "資料のとおり。"),
            town.cell("observations", "farm-households,2016", "year", "2021"),
        ),
        "data/targets.csv:3: target_year: 目標年2021が基準年2021より後ではありません。"
        "どちらの年も資料と見比べてください。 [target-years]",
    ),
    broken(
        "target-years: target outside the term",
        target_after_term,
        "data/targets.csv:8: target_year: 目標年2030が第2期の期間（2022-2026）の外です。"
        + BY_NOTE.format("target")
        + " [target-years]",
    ),
    broken(
        "target-years: baseline inside the term",
        late_baseline,
        "data/targets.csv:8: baseline_year: 基準年2023が第2期の始まり（2022）より後です。"
        + BY_NOTE.format("baseline")
        + " [target-years]",
    ),
    broken(
        "baseline-observed: no observation of that year",
        lambda town: town.drop("observations", "farm-persons,2021"),
        "data/targets.csv:8: baseline_value: 基準年2021の実績が observations.csv にありません。"
        "実績の行を足すか、理由を baseline_note に書いてください。 [baseline-observed]",
    ),
    broken(
        "baseline-observed: another value in that year",
        target(baseline_value="11"),
        "data/targets.csv:8: baseline_value: 基準値11が、同じ年の実績値10と違います。"
        "資料と見比べ、改定などで違うなら理由を baseline_note に書いてください。"
        " [baseline-observed]",
    ),
    broken(
        "observation-years: before the only baseline",
        cell("observations", "farm-persons,2025", "year", "2017"),
        "data/observations.csv:12: kpi_id: （確認）「farm-persons・2017」の行が、主キーの順に並んで"
        "いません。「nox -s tidy」で並べ替えられます。 [row-order]",
        "data/observations.csv:12: year: 2017は、この指標のどの期の基準年から目標年までにも"
        "入りません。年を直すか、載せる理由を note に書いてください。 [observation-years]",
    ),
    broken(
        "observation-years: before the first baseline",
        cell("observations", "library-loans,2016", "year", "2015"),
        "data/observations.csv:13: year: 2015は、この指標のどの期の基準年から目標年までにも"
        "入りません。年を直すか、載せる理由を note に書いてください。 [observation-years]",
        "data/targets.csv:4: baseline_value: 基準年2016の実績が observations.csv にありません。"
        "実績の行を足すか、理由を baseline_note に書いてください。 [baseline-observed]",
    ),
    broken(
        "kpi-has-target",
        no_target,
        "data/kpis.csv:10: kpi_id: 指標「1人1日あたりのごみの量」の目標が targets.csv に"
        "ありません。目標の行を足すか、目標のない理由を caution に書いてください。"
        " [kpi-has-target]",
    ),
    broken(
        "decimals-declared: an observation",
        cell("observations", "farm-persons,2025", "value", "18.5"),
        "data/observations.csv:12: value: 「18.5」は小数1桁で、宣言した0桁を超えます。"
        "値を資料と見比べ、正しければ kpis.csv の decimals を直してください。"
        " [decimals-declared]",
    ),
    broken(
        "decimals-declared: zeros count as printed",
        cell("observations", "farm-persons,2025", "value", "18.00"),
        "data/observations.csv:12: value: 「18.00」は小数2桁で、宣言した0桁を超えます。"
        "値を資料と見比べ、正しければ kpis.csv の decimals を直してください。"
        " [decimals-declared]",
    ),
    broken(
        "decimals-declared: a target",
        target(target_value="15.5"),
        "data/targets.csv:8: target_value: 「15.5」は小数1桁で、宣言した0桁を超えます。"
        "値を資料と見比べ、正しければ kpis.csv の decimals を直してください。"
        " [decimals-declared]",
    ),
    broken(
        "decimals-declared: a baseline",
        target(baseline_value="10.0"),
        "data/targets.csv:8: baseline_value: 「10.0」は小数1桁で、宣言した0桁を超えます。"
        "値を資料と見比べ、正しければ kpis.csv の decimals を直してください。"
        " [decimals-declared]",
    ),
    broken(
        "percentage-range: over 100",
        cell("observations", "clinic-satisfaction,2023", "value", "100.5"),
        "data/observations.csv:5: value: 「100.5」は割合（%）として0から100の外です。"
        "小数点の位置と単位を資料と見比べてください。正しければ、kpis.csv の caution に"
        "「マイナスになることがある」か「100%を超えることがある」と書いてください。"
        " [percentage-range]",
    ),
    broken(
        "percentage-range: below 0",
        cell("observations", "clinic-satisfaction,2023", "value", "-0.1"),
        "data/observations.csv:5: value: 「-0.1」は割合（%）として0から100の外です。"
        "小数点の位置と単位を資料と見比べてください。正しければ、kpis.csv の caution に"
        "「マイナスになることがある」か「100%を超えることがある」と書いてください。"
        " [percentage-range]",
    ),
    broken(
        "sources-used",
        orphan_source,
        "data/sources.csv:6: source_id: 出典「古い統計書」を使う行がありません。"
        "使わない出典の行を消すか、値の source_id を確かめてください。 [sources-used]",
    ),
    broken(
        "measures-used: parent of another term",
        cell("measures", "p2-b-1", "parent_id", "p1-b"),
        "data/measures.csv:6: parent_id: 親の施策「農業の担い手を育てる」は、"
        "別の期か別の基本目標の施策です。parent_id を直してください。 [measures-used]",
    ),
    broken(
        "measures-used: parent of another goal",
        cell("measures", "p2-b-1", "parent_id", "p2-c"),
        "data/measures.csv:6: parent_id: 親の施策「健康と環境_を_守る」は、"
        "別の期か別の基本目標の施策です。parent_id を直してください。 [measures-used]",
    ),
    broken(
        "target-place: no measure",
        target(measure_id=""),
        "data/targets.csv:8: measure_id: 施策のKPIなのに、施策が空です。"
        "measure_id を書くか、基本目標の数値目標なら role を goal にしてください。"
        " [target-place]",
    ),
    broken(
        "target-place: measure of another term",
        target(measure_id="p1-b"),
        "data/targets.csv:8: measure_id: 施策「農業の担い手を育てる」は、"
        "この行の期か基本目標と違います。"
        "strategy_id、goal_id、measure_id を見比べてください。 [target-place]",
    ),
    broken(
        "target-place: measure of another goal",
        target(measure_id="p2-c"),
        "data/targets.csv:8: measure_id: 施策「健康と環境_を_守る」は、"
        "この行の期か基本目標と違います。"
        "strategy_id、goal_id、measure_id を見比べてください。 [target-place]",
    ),
    *(
        broken(
            f"bands-complete: {band}",
            lambda town, band=band: town.drop("status_bands", band),  # type: ignore[misc]
            f"data/status_bands.csv: status_id: 判定の区分「{band}」がありません。"
            "status_bands.csv に行を足してください。 [bands-complete]",
        )
        for band in ("achieved", "maintained", "regressed", "unknown")
    ),
    broken(
        "bands-complete: nothing from 0",
        cell("status_bands", "behind", "min_pace", "0.1"),
        "data/status_bands.csv: min_pace: 下限が0の区分がありません。"
        "いちばん下のペースの区分の min_pace を 0 にしてください。 [bands-complete]",
    ),
    broken(
        "row-order",
        unsorted,
        "data/ratings.csv:3: rating_id: （確認）「grow」の行が、主キーの順に並んでいません。"
        "「nox -s tidy」で並べ替えられます。 [row-order]",
    ),
    broken(
        "freshness-setting",
        lambda town: town.describe(lambda d: d.update(freshness={"lag_months": "9か月"})),
        "datapackage.json: freshness: 「9か月」は、値がそろうまでの月数として読めません。"
        '"freshness": {"lag_months": 9} のように、0から60までの整数を書いてください。'
        " [freshness-setting]",
    ),
    broken(
        "municipality-code",
        lambda town: town.describe(lambda d: d["municipality"].update(code="990018")),
        "datapackage.json: municipality: 全国地方公共団体コード「990018」は、"
        "6けための検査数字が合いません。はじめの5けた「99001」が正しければ、"
        "検査数字は「9」で、「990019」です。総務省の一覧で確かめてください。"
        " [municipality-code]",
    ),
    broken(
        "web-addresses: the setting",
        lambda town: town.describe(lambda d: d.update(repository="//evil.example/")),
        "datapackage.json: repository: 「//evil.example/」は、リンクにできる住所ではありません。"
        "https:// で始まる住所を書いてください（例: https://example.jp/）。 [web-addresses]",
    ),
    broken(
        "web-addresses: the source, though the schema has no pattern",
        lambda town: [
            town.field("sources", "url", constraints={}),
            town.cell("sources", "plan-first", "url", "data:,x"),
        ],
        "data/sources.csv:2: url: 「data:,x」は、リンクにできる住所ではありません。"
        "https:// で始まる住所を書いてください（例: https://example.jp/）。 [web-addresses]",
    ),
    broken(
        "accent-colour",
        lambda town: town.describe(lambda d: d.update(accent="#7ab8ff")),
        "datapackage.json: accent: 「#7ab8ff」は薄く、地の色との差が1.8:1しかありません"
        "（4.5:1以上が要ります）。同じ色合いなら「#4a709c」が使えます。 [accent-colour]",
    ),
    broken(
        "terms-setting",
        lambda town: town.describe(lambda d: d.update(terms={"measures": "取組"})),
        "datapackage.json: terms: 「measures」ということばの項目はありません。使える項目は"
        " plan、goal、measure、indicator、kpi、project、city です。 [terms-setting]",
    ),
    broken(
        "year-type-setting",
        lambda town: town.describe(lambda d: d.update(year_type="年度")),
        "datapackage.json: year_type: 「年度」は、計画の年の数え方ではありません。"
        '"year_type": "fiscal"（年度）か "calendar"（年）と書いてください。 [year-type-setting]',
    ),
    *PLAN_CASES,
]
