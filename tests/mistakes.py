"""Every mistake that people make in a package, each as a change to a copy of the fixture.

``test_mistakes.py`` runs them; the table of ``docs/contributing/mistakes.md`` is made from them.
"""

from __future__ import annotations

import codecs

from tests.breaking import (
    HEADER,
    LINE,
    ROW,
    Change,
    Mistake,
    a_folder,
    cell,
    describe,
    encoded,
    field,
    in_a_circle,
    linked_outside,
    merged_cells,
    new_indicator,
    note,
    orphan_source,
    raw,
    renamed,
    reordered,
    resource,
    several,
    stray,
    swap,
    target,
    unsorted,
    value,
    with_column,
    without_column,
    year,
)


def of(group: str, *cases: tuple[str, Change]) -> list[Mistake]:
    """The mistakes of one chapter."""
    return [Mistake(group, name, change) for name, change in cases]


FILES = of(
    "ファイル",
    ("Excel の「CSV」で保存した（Shift_JIS）", encoded("cp932")),
    ("Excel の「Unicode テキスト」の文字コード（UTF-16）", encoded("utf-16")),
    (
        "「Unicode テキスト」そのもの（UTF-16、タブ区切り）",
        raw(lambda text: text.replace(b",", b"\t").decode().encode("utf-16")),
    ),
    ("BOM が付いた", raw(lambda text: codecs.BOM_UTF8 + text)),
    ("改行が CRLF", raw(lambda text: text.replace(b"\n", b"\r\n"))),
    ("改行が CR だけ", raw(lambda text: text.replace(b"\n", b"\r"))),
    ("NUL が入った", raw(lambda text: text + b"\0")),
    ("2つの文字コードが混ざった", raw(lambda text: text + "速報\n".encode("cp932"))),
    ("Shift_JIS か EUC-JP か分からない", raw(lambda _: HEADER.encode() + b"\n\xb5\xfe,,,,,,\n")),
    ("ファイルが空", raw(lambda _: b"\n \n")),
    ("Excel のブックの名前を変えた", raw(lambda _: b"PK\x03\x04" + b"\0" * 30)),
    ("タブで区切った", raw(lambda text: text.replace(b",", b"\t"))),
    ("ファイルがない", lambda town: town.file("observations").unlink()),
    ("ファイルの名前を変えた", renamed),
    ("同じ名前のフォルダーがある", a_folder),
    ("写しを置いたまま", stray("observations (2).csv")),
    ("Excel を開いたまま", stray("~$observations.xlsx")),
    ("外のファイルへのリンク", linked_outside),
    ("自分へのリンク", in_a_circle),
    (
        "パッケージの外を指す",
        describe(lambda d: resource(d, "ratings").update(path="../ratings.csv")),
    ),
    (
        "絶対パスを指す",
        describe(lambda d: resource(d, "ratings").update(path="/etc/hostname")),
    ),
    (
        "ネットワーク上の場所を指す",
        describe(lambda d: resource(d, "ratings").update(path="https://example.jp/r.csv")),
    ),
    ("変更の衝突の印が残った", swap(LINE, f"<<<<<<< HEAD\n{LINE}\n=======\n{LINE}\n>>>>>>> main")),
    ("引用符が閉じていない", swap("市の推計。", '"市の推計。')),
    ("引用符の後に文字がある", swap("市の推計。", '"市の"推計。')),
    ("1行がとても長い", note("あ" * 200_000)),
    ("列がとても多い", raw(lambda text: text.replace(b"note", b"note" + b"," * 5_000, 1))),
)

HEADERS = of(
    "見出し",
    ("見出しがない", swap(HEADER + "\n", "")),
    ("見出しの上に題名がある", swap(HEADER, f"令和7年度 実績一覧,,,,,,\n{HEADER}")),
    ("列の名前を変えた", swap(HEADER, HEADER.replace("note", "remark"))),
    ("列の名前を打ち間違えた", swap(HEADER, HEADER.replace("value", "valeu"))),
    ("列の順番が違う", reordered),
    ("同じ列が2つある", swap(HEADER, HEADER.replace("note", "locator"))),
    ("列の名前の後ろに空白", swap(HEADER, HEADER.replace("year", "year "))),
    ("列の名前が全角", swap(HEADER, HEADER.replace("year", "ｙｅａｒ"))),
    ("列の名前が日本語", swap(HEADER, HEADER.replace("value", "実績値"))),
    ("メモの列を足した", with_column("memo")),
    ("名前のない列がある", with_column("")),
    ("氏名の列がある", with_column("担当者の氏名")),
    ("列を消した", without_column),
)

ROWS = of(
    "行と表のつながり",
    ("セルが足りない", swap(f"{ROW},18,", f"{ROW},")),
    ("セルが多い（桁区切りで分かれた）", swap(f"{ROW},18,", f"{ROW},1,800,")),
    ("空の行がある", swap(LINE, f"\n{LINE}")),
    ("コンマだけの行がある", swap(LINE, f",,,,,,\n{LINE}")),
    ("セルの中に改行がある", note("一行目\n二行目")),
    ("結合したセルの跡", merged_cells),
    ("「〃」で省いた", cell("observations", ROW, "source_id", "〃")),
    ("「同上」と書いた", value("同上")),
    ("値が空", value("")),
    ("同じ行が2回ある", lambda town: town.add("observations", LINE)),
    (
        "訂正を別の行で足した",
        lambda town: town.add("observations", LINE.replace(",18,", ",19,")),
    ),
    (
        "知らない指標",
        lambda town: town.add("observations", "zoo-visitors,2024,1,final,yearbook-2025,1ページ,"),
    ),
    ("指標の綴り違い", cell("observations", ROW, "kpi_id", "farm-person")),
    ("知らない出典", cell("observations", ROW, "source_id", "yearbook-2026")),
    ("知らない施策", target(measure_id="p2-z")),
    ("知らない基本目標", target(goal_id="goal-9")),
    ("知らない親の施策", cell("measures", "p2-b-1", "parent_id", "p2-z")),
    (
        "その期にない指標の評価",
        cell("evaluations", "plan-2,2025,farm-persons", "kpi_id", "farm-households"),
    ),
)

NUMBERS = of(
    "数と年",
    ("全角の数字", value("１８")),
    ("全角の数字と桁区切り", value("１，２３４")),
    ("桁区切りのコンマ", value("1,234")),
    ("3桁ごとではないコンマ", value("1,23")),
    ("全角のマイナス", value("－3")),
    ("▲でマイナス", value("▲3")),
    ("△でマイナス", value("△3.5")),
    ("単位を付けた", value("45.9万人")),
    ("%を付けた", value("98%")),
    ("全角の数字に単位", value("１８人")),
    ("「約」を付けた", value("約18")),
    ("※を付けた", value("18※")),
    ("Excel が 1E+05 にした", value("1E+05")),
    ("Excel が ####### にした", value("#######")),
    ("Excel の計算の誤り", value("#REF!")),
    ("文字の印「'」が付いた", value("'18")),
    ("Excel が日付にした数", value("4月5日")),
    ("計算式", value("=SUM(C2:C9)")),
    ("数字の1の代わりに l", value("l8")),
    ("数字の0の代わりに O", value("1O5")),
    ("数字ではない文字", value("不明")),
    ("ハイフンだけ", value("-")),
    ("NaN", value("NaN")),
    ("下線の桁区切り", value("1_000")),
    ("先頭に0", value("018")),
    ("0を省いた小数", value(".5")),
    ("桁が多すぎる", value("9" * 30)),
    ("整数の列に小数", cell("measures", "p2-d", "position", "7.5")),
    ("和暦の記号", year("R7")),
    ("和暦の年度", year("平成31年度")),
    ("和暦の年", year("令和7年")),
    ("存在しない和暦", year("平成32")),
    ("全角の年", year("２０２５")),
    ("日付になった年", year("2025/4/1")),
    ("1月の日付になった年", year("2025/1/15")),
    ("年の1が l", year("20l5")),
    ("年の0が O", year("2O25")),
    ("日付の連番になった年", year("45748")),
    ("ありえない年", year("1868")),
    ("まだ来ていない年", year("2125")),
)

CELLS = of(
    "セルの文字",
    ("前に空白", value(" 18")),
    ("後ろに全角の空白", cell("kpis", "farm-persons", "name", "新規就農者数\u3000")),
    ("記号の後ろに空白", cell("kpis", "farm-persons", "kpi_id", "farm-persons ")),
    ("空白だけ", note("\u3000")),
    ("見えない文字", note("速報\u200b値")),
    ("タブ", note("速報\t値")),
    ("文字化けの跡", note("速\ufffd値")),
    ("HTML", note("<b>速報</b>")),
    ("Markdown", note("**速報**")),
    ("スクリプト", note("<script>alert(1)</script>")),
    ("文に計算式", note('=HYPERLINK("https://example.jp/")')),
    ("メールアドレス", note("問合せは taro@example.jp まで。")),
    ("電話番号", note("問合せは 0166-00-0000 まで。")),
    ("全角の電話番号", note("０９０－１２３４－５６７８")),
    ("12桁の番号", note("123456789012")),
    ("機種依存文字", note("㈱みなもとの調べ。")),
    ("Mac から写した濁点", note("か\u3099くしゅう")),
    ("長すぎる", cell("measures", "p2-d", "label", "イ" * 11)),
    ("選べない値", cell("observations", ROW, "status", "確定")),
    ("記号の形が違う", cell("ratings", "grow", "rating_id", "Grow_Up")),
    ("発行時期の形が違う", cell("sources", "plan-first", "published", "平成29年3月")),
    ("動くURL", cell("sources", "plan-second", "url", "ftp://example.jp/")),
    ("よみがカタカナ", cell("kpis", "farm-persons", "reading", "シンキ")),
    ("小さすぎる", cell("measures", "p2-d", "position", "0")),
    ("大きすぎる", cell("kpis", "farm-persons", "decimals", "7")),
)

RULE_CASES = of(
    "指標と目標の決まり",
    ("目標のない指標", new_indicator),
    ("目標が基準値の逆側", target(target_value="5")),
    ("めざす向きが違う", cell("kpis", "farm-persons", "direction", "decrease")),
    ("目標値も文章もない", cell("targets", "plan-2,bright-index", "target_text", "")),
    ("目標値と文章の両方", target(target_text="15人以上")),
    ("基準年だけがある", cell("targets", "plan-2,bright-index", "baseline_value", "")),
    ("基準値と累計の開始年の両方", target(window_start_year="2022")),
    (
        "基準値も累計の開始年もない",
        cell("targets", "plan-1,company-visits-2017", "window_start_year", ""),
    ),
    ("目標年が期間の外", target(target_year="2030")),
    ("基準値が実績と違う", target(baseline_value="11")),
    ("実績の年がどの期にも入らない", cell("observations", "library-loans,2018", "year", "2010")),
    ("小数の桁が多い", value("18.5")),
    ("割合が100を超える", cell("observations", "clinic-satisfaction,2023", "value", "605")),
    (
        "割合の目標が100を超える",
        cell("targets", "plan-2,clinic-satisfaction", "target_value", "700"),
    ),
    ("使わない出典", orphan_source),
    ("親の施策が別の期", cell("measures", "p2-b-1", "parent_id", "p1-b")),
    ("施策が自分の親", cell("measures", "p2-b-1", "parent_id", "p2-b-1")),
    ("施策のない目標", target(measure_id="")),
    ("区分が欠けた", lambda town: town.drop("status_bands", "achieved")),
)

PLAN_CASES = of(
    "指標と目標の決まり",
    ("事業の予算の打ち間違い", cell("projects", "2019,p1-b,3", "budget_thousand_yen", "10")),
    (
        "事業の行の抜け",
        lambda town: (
            town.drop("projects", "2019,p1-b,3"),
            town.cell("projects", "2023,p2-c,1", "department_id", "farm-office"),
            town.cell("projects", "2023,p2-b,2", "department_id", "farm-office"),
        ),
    ),
    ("小計の写し忘れ", lambda town: town.drop("control_totals", "2023,goal-2")),
    ("再掲の部局の違い", cell("projects", "2023,p2-c,1", "department_id", "farm-office")),
    ("事業の年度が期間の外", cell("projects", "2023,p2-c,2", "fiscal_year", "2031")),
    ("数値の基本目標の綴り違い", cell("achievements", "walkers-2023", "goal_id", "goal-9")),
    ("改訂の要素の施策の違い", cell("revision_elements", "g2-keyword-1", "measure_id", "p2-b")),
    (
        "同じ数値が2回",
        lambda town: (
            town.cell("achievements", "walkers-2024", "year", "2023"),
            town.cell("achievements", "walkers-2024", "period", "令和5年度"),
        ),
    ),
    ("意見のない反映", cell("dialogues", "health", "opinion", "")),
    ("つながりの向きが逆", swap("p1-b,p2-b,", "p2-b,p1-b,", "data/measure_relations.csv")),
    ("使われない単位", swap("件,件数\n", "件,件数\n個,個数\n", "data/units.csv")),
    ("同じ数値の単位が違う", cell("achievements", "walkers-2024", "unit", "件")),
)

DEVICE: tuple[str, Change] = (
    "指標IDがWindowsの使う名前",
    lambda town: [
        town.bytes(table, lambda text: text.replace(b"waste-per-person", b"con"))
        for table in ("kpis", "kpi_topics", "targets", "observations")
    ],
)

RESERVED: tuple[str, Change] = (
    "指標IDが別のページの名前と重なる",
    lambda town: [
        town.bytes(table, lambda text: text.replace(b"waste-per-person", b"status"))
        for table in ("kpis", "targets", "observations")
    ],
)

ASKED = of(
    "公開できるが確かめること",
    ("値がけた違い", cell("observations", "library-loans,2024", "value", "558000")),
    ("前の年と同じ値", cell("observations", "library-loans,2024", "value", "53600")),
    ("人数が4人以下", value("3")),
    ("速報値のまま", cell("observations", "library-loans,2022", "status", "provisional")),
    ("末尾の0が消えた", cell("observations", "waste-per-person,2022", "value", "841")),
    ("行の順番が違う", unsorted),
)

SETTINGS = of(
    "表の定義（datapackage.json）",
    ("定義のファイルがない", lambda town: town.descriptor.unlink()),
    (
        "定義が UTF-8 でない",
        lambda town: town.descriptor.write_bytes(
            town.descriptor.read_bytes().decode().encode("cp932", "replace")
        ),
    ),
    (
        "コンマの付け忘れ",
        swap('"name": "minamoto-plan",', '"name": "minamoto-plan"', "datapackage.json"),
    ),
    (
        "定義に衝突の印",
        swap(
            '  "name": "minamoto-plan",\n',
            '<<<<<<< HEAD\n  "name": "minamoto-plan",\n=======\n  "name": "other",\n>>>>>>> x\n',
            "datapackage.json",
        ),
    ),
    (
        "同じキーが2回",
        swap('"name": "minamoto-plan",', '"name": "a", "name": "b",', "datapackage.json"),
    ),
    ("入れ子が深すぎる", lambda town: town.descriptor.write_bytes(b"[" * 100_000)),
    ("表の一覧がない", describe(lambda d: d.pop("resources"))),
    ("名前のない表", describe(lambda d: resource(d, "ratings").pop("name"))),
    ("知らない表", describe(lambda d: resource(d, "ratings").update(name="rateings"))),
    ("必要な表がない", describe(lambda d: d["resources"].remove(resource(d, "goals")))),
    ("表が2回ある", describe(lambda d: d["resources"].append(resource(d, "ratings")))),
    (
        "制約の綴り違い",
        describe(
            lambda d: field(d, "ratings", "label").update(
                constraints={"requierd": True, "maxLength": 20}
            )
        ),
    ),
    ("schema の綴り違い", describe(lambda d: resource(d, "ratings").update(scheema={}))),
    ("知らない型", describe(lambda d: field(d, "ratings", "label").update(type="text"))),
    ("型が違う", describe(lambda d: field(d, "observations", "value").update(type="string"))),
    ("必要な列の宣言がない", describe(lambda d: field(d, "ratings", "label").update(name="lable"))),
    (
        "壊れたパターン",
        describe(
            lambda d: field(d, "ratings", "rating_id").update(
                constraints={"required": True, "pattern": "(["}
            )
        ),
    ),
    (
        "先読みのあるパターン",
        describe(
            lambda d: field(d, "ratings", "rating_id").update(
                constraints={"required": True, "pattern": "(?!x)[a-z-]+"}
            )
        ),
    ),
    ("主キーの列がない", describe(lambda d: resource(d, "ratings")["schema"].pop("primaryKey"))),
    (
        "外部キーの先がない",
        describe(
            lambda d: resource(d, "observations")["schema"]["foreignKeys"][0]["reference"].update(
                resource="kpi"
            )
        ),
    ),
    ("月数の設定が違う", describe(lambda d: d.update(freshness={"lag_months": "9か月"}))),
    (
        "全国地方公共団体コードの打ち間違い",
        describe(lambda d: d["municipality"].update(code="990018")),
    ),
    ("コードが5けた", describe(lambda d: d["municipality"].update(code="99001"))),
    ("サイトの色が薄い", describe(lambda d: d.update(accent="#7ab8ff"))),
    ("サイトの色が色でない", describe(lambda d: d.update(accent="青"))),
    ("ことばに記号がある", describe(lambda d: d.update(terms={"measure": "取組（事業）"}))),
    ("ことばの項目が違う", describe(lambda d: d.update(terms={"measures": "取組"}))),
    ("計画の年の数え方が違う", describe(lambda d: d.update(year_type="年度"))),
    ("連絡先がリンクにできない", describe(lambda d: d.update(contact="javascript:alert(1)"))),
    ("公開先の住所が違う", describe(lambda d: d.update(homepage="javascript:alert(1)"))),
    (
        "個人の情報の列を宣言した",
        describe(lambda d: field(d, "ratings", "label").update(title="担当者の氏名")),
    ),
)

TOGETHER = of("いくつもの間違い", ("Excel で一日作業した結果", several))

MISTAKES = [
    *FILES,
    *HEADERS,
    *ROWS,
    *NUMBERS,
    *CELLS,
    *RULE_CASES,
    Mistake("指標と目標の決まり", *RESERVED),
    Mistake("指標と目標の決まり", *DEVICE),
    *PLAN_CASES,
    *ASKED,
    *SETTINGS,
    *TOGETHER,
]
