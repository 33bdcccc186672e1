"""Broken packages for the rules of the plan; :mod:`tests.test_rules` runs them with the others."""

from __future__ import annotations

from tests.helpers import Broken, Copy, broken

SUM = "data/projects.csv の予算と、資料の小計を見比べてください。 [project-totals]"
ROWS = "data/projects.csv の行の抜けや重なりを確かめてください。 [project-totals]"
GOAL_1 = "基本目標「まちで*働き*、暮らす人を増やす」"
GOAL_2 = "基本目標「学びと<健康>を支える & 広げる」"


def one_more_yen(town: Copy) -> None:
    """A budget that differs by 1 from the document."""
    town.cell("projects", "2023,p2-c,2", "budget_thousand_yen", "123457")


def lost_row(town: Copy) -> None:
    """A project without budget that was forgotten: only the number of rows can tell."""
    town.drop("projects", "2019,p1-b,3")
    town.drop("departments", "farm-office")
    town.cell("projects", "2023,p2-b,1", "department_id", "town-office")


def unmarked_repeat(town: Copy) -> None:
    """A repeat without its mark."""
    town.cell("projects", "2019,p1-b,1", "is_repeat", "false")
    town.cell("control_totals", "2019,goal-1", "repeat_rows", "0")


def other_budget(town: Copy) -> None:
    """A repeat with another budget; the printed totals were adapted to it."""
    town.cell("projects", "2019,p1-b,1", "budget_thousand_yen", "1300")
    for goal in ("goal-1", "total"):
        town.cell("control_totals", f"2019,{goal}", "budget_thousand_yen", "37500")


def renamed_origin(town: Copy) -> None:
    """The first appearance of a repeat under another name."""
    town.cell("projects", "2023,p2-b,2", "name", "まちなか集い事業")


def answer_to_nothing(town: Copy) -> None:
    """What was done about an opinion that is not written down."""
    town.cell("dialogues", "roads", "opinion", "")
    town.cell("dialogues", "roads", "response", "段差をなくした。")


PLAN_CASES: list[Broken] = [
    broken(
        "project-totals: one thousand yen too much",
        one_more_yen,
        f"data/control_totals.csv:5: budget_thousand_yen: {GOAL_2}の予算は、印字の計が123,906千円、"
        f"事業の行の和が123,907千円で、1千円多いです。{SUM}",
        "data/control_totals.csv:6: budget_thousand_yen: 全体の予算は、印字の計が132,356千円、"
        f"事業の行の和が132,357千円で、1千円多いです。{SUM}",
    ),
    broken(
        "project-totals: a row is missing",
        lost_row,
        f"data/control_totals.csv:2: rows: {GOAL_1}の行数は、印字が4行、事業の表が3行です。{ROWS}",
    ),
    broken(
        "project-totals-complete",
        lambda town: town.drop("control_totals", "2023,goal-1"),
        f"data/control_totals.csv: goal_id: （確認）2023年度の{GOAL_1}の計がなく、"
        "2行を確かめられません。資料に印字された計を足してください。印字がなければこのままで構いません。"
        " [project-totals-complete]",
    ),
    broken(
        "project-repeats: a repeat without its mark",
        unmarked_repeat,
        "data/projects.csv:2: is_repeat: 「企業訪問事業」は、再掲の印のない行が2回以上あります。"
        "資料で再掲なら is_repeat を true に、別の事業なら名前を確かめてください。"
        " [project-repeats]",
    ),
    broken(
        "project-repeats: no first appearance",
        renamed_origin,
        "data/projects.csv:8: is_repeat: 再掲の「まちなか交流事業」に、"
        "同じ名前の初出の行がありません。"
        "名前の違いや、初出の行の抜けを確かめてください。 [project-repeats]",
    ),
    broken(
        "project-repeats: another budget",
        other_budget,
        "data/projects.csv:4: budget_thousand_yen: 再掲の「企業訪問事業」の予算「1300」が、"
        "初出（2行目）の「1200」と違います。資料の2つの行を見比べてください。 [project-repeats]",
    ),
    broken(
        "project-year",
        lambda town: (
            town.cell("projects", "2019,p1-b,3", "fiscal_year", "2022"),
            town.cell("control_totals", "2019,goal-1", "rows", "3"),
        ),
        "data/projects.csv:5: fiscal_year: 2022年度は、施策の期（第1期、2017-2021）の外です。"
        "年度か measure_id を直してください。 [project-year]",
    ),
    broken(
        "goal-known",
        lambda town: town.cell("dialogues", "health", "goal_id", "goal-9"),
        "data/dialogues.csv:3: goal_id: 基本目標「goal-9」は data/goals.csv にありません。"
        "goal-1、goal-2 のどれかを書いてください。 [goal-known]",
    ),
    broken(
        "element-place",
        lambda town: town.cell("revision_elements", "g2-keyword-1", "measure_id", "p2-a"),
        "data/revision_elements.csv:5: measure_id: 施策「企業を招く」は goal-1 の施策で、"
        "この行の基本目標「goal-2」と違います。goal_id か measure_id を直してください。"
        " [element-place]",
    ),
    broken(
        "achievements-unique",
        lambda town: (
            town.cell("achievements", "walkers-2024", "period", "令和5年度"),
            town.cell("achievements", "walkers-2024", "year", "2023"),
        ),
        "data/achievements.csv:6: indicator: 「歩こう会の参加者数」の令和5年度の値が、"
        "5行目にもあります。同じ数値なら1行を消し、違う数値なら名称か期間で区別してください。"
        " [achievements-unique]",
    ),
    broken(
        "dialogue-pairs",
        answer_to_nothing,
        "data/dialogues.csv:4: opinion: 「道路」に反映の記述がありますが、意見が空です。"
        "もとになった意見を資料から要約してください。 [dialogue-pairs]",
    ),
    broken(
        "relations-forward",
        lambda town: town.cell("measure_relations", "p1-b", "related_measure_id", "p1-a"),
        "data/measure_relations.csv:2: related_measure_id: "
        "引き継ぐ施策が、引き継がれる施策より後の期のものではありません。"
        "measure_id に前の期、related_measure_id に次の期の施策を書いてください。"
        " [relations-forward]",
    ),
    broken(
        "code-tables-used",
        lambda town: town.cell("achievements", "walkers-ratio-2024", "unit", "%"),
        "data/units.csv:7: unit: （確認）「倍」を使う行がありません。"
        "使わない行を消すか、使う側の綴りを確かめてください。 [code-tables-used]",
    ),
]
"""Each line that must come, and no other."""
