"""The next strategy (第3期) of the real city, as rows only: what its staff would add one spring.

Invented for the tests: one goal ends, one is new, indicators go on, change direction or begin.
"""

from __future__ import annotations

from tests.helpers import Copy

YEARS = (2025, 2029)

ROWS = {
    "sources": """
plan-2025,第3期の計画（架空）,テスト,2025-03,テストのための架空の資料。,
""",
    "strategies": """
strategy-3,第3期の計画,第3期,Third comprehensive strategy,2025,2029,plan-2025,架空。
""",
    "goals": """
strategy-3,goal-1,新しい題の約束,こども,Children,第3期で題が変わった。,,
strategy-3,goal-2,人の流れを太くする,人の流れ,A new flow of people,同じ題を受け継いだ。,,
strategy-3,goal-3,しごとを生み出す,しごと,Work,同じ題を受け継いだ。,,
strategy-3,goal-5,脱炭素のまちになる,脱炭素,Carbon,第3期で始まった約束。,,
""",
    "measures": """
s3-g1-a,strategy-3,goal-1,ア,安心して産み育てる,第2期から続く施策。,1,
s3-g2-a,strategy-3,goal-2,ア,移り住む人を迎える,第2期から続く施策。,2,
s3-g3-a,strategy-3,goal-3,ア,販路を広げる,第2期から続く施策。,3,
s3-g5-a,strategy-3,goal-5,ア,排出を減らす,第3期で始まった施策。,4,
""",
    "measure_relations": """
s2-g1-a,s3-g1-a,
s2-g2-a,s3-g2-a,
s2-g3-a,s3-g3-a,
""",
    "kpis": """
co2-emission,温室効果ガス,温室効果ガス,Greenhouse gas,おんしつこうかがす,\
万t,10 kt,decrease,annual,calendar,,1,市全体の排出量。,,
""",
    "units": """
万t,重さ。1万トン
""",
    "targets": """
strategy-3,agribusiness-startups,kpi,goal-3,s3-g3-a,アグリビジネス起業数,2024,99,,2029,110,,,,plan-2025,1ページ
strategy-3,children-growing-well,kpi,goal-1,s3-g1-a,子どもの成長を感じる割合,2019,59.9,,2029,70.0,,,,plan-2025,1ページ
strategy-3,co2-emission,goal,goal-5,,温室効果ガス,2023,212.4,,2029,180.0,,,,plan-2025,1ページ
strategy-3,sports-events,kpi,goal-2,s3-g2-a,スポーツ大会数,2024,21,,2029,25,,,,plan-2025,1ページ
""",
    "observations": """
agribusiness-startups,2024,99,final,plan-2025,2ページ,
agribusiness-startups,2025,101,final,plan-2025,2ページ,
co2-emission,2023,212.4,final,plan-2025,2ページ,
co2-emission,2024,209.9,final,plan-2025,2ページ,
co2-emission,2025,215.0,provisional,plan-2025,2ページ,
sports-events,2024,21,final,plan-2025,2ページ,
""",
}


def add_third_term(city: Copy) -> None:
    """Put the rows where they belong; the header lines stay as they are."""
    for table, text in ROWS.items():
        header, *rows = city.rows(table)
        names = city.keys(table)
        added = [line.split(",") for line in text.strip().splitlines()]
        assert all(len(row) == len(header) for row in added), table
        places = [header.index(name) for name in names]
        rows = sorted([*rows, *added], key=lambda row: [row[place] for place in places])
        city.write(table, [header, *rows])
