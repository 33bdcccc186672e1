"""Loading: every mistake a file can have comes back as a sentence with its place and its mend.

Each case is the fixture with one mistake. The lines are compared whole and all of them, so a
mistake that causes a second, misleading message fails here too.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scripts.load import load_package
from scripts.model import TABLES, Package
from tests.helpers import FIXTURE, ROOT, Broken, Copy, broken

OBSERVATIONS = "data/observations.csv"
HEADER = "kpi_id,year,value,status,source_id,locator,note"
FIRST_LINE = f"1行目は {HEADER} です。"
ROW = "farm-persons,2025"
"""The row that most cases break: line 12 of the observations."""


def cell(table: str, key: str, field: str, value: str) -> Callable[[Copy], None]:
    """Put a value into a cell."""
    return lambda town: town.cell(table, key, field, value)


def value(text: str) -> Callable[[Copy], None]:
    """Put a text where the number of line 12 stands."""
    return cell("observations", ROW, "value", text)


def year(text: str) -> Callable[[Copy], None]:
    """Put a text where the year of line 12 stands."""
    return cell("observations", ROW, "year", text)


def swap(old: str, new: str, path: str = OBSERVATIONS) -> Callable[[Copy], None]:
    """Replace a text of a file."""
    return lambda town: town.swap(path, old, new)


def raw(table: str, change: Callable[[bytes], bytes]) -> Callable[[Copy], None]:
    """Change the bytes of a file."""
    return lambda town: town.bytes(table, change)


def with_column(town: Copy) -> None:
    """A column that nobody declared, as Excel users add for their own notes."""
    rows = town.rows("observations")
    town.write("observations", [rows[0] + ["memo"], *(row + [""] for row in rows[1:])])


def link_outside(town: Copy) -> None:
    """A table that is a symbolic link to a file outside the package."""
    outside = town.folder.parent / "outside.csv"
    town.file("ratings").rename(outside)
    town.file("ratings").symlink_to(outside)


def resource(descriptor: dict[str, Any], table: str) -> dict[str, Any]:
    """The declaration of a table."""
    found: dict[str, Any]
    (found,) = [r for r in descriptor["resources"] if r["name"] == table]
    return found


def describe(change: Callable[[dict[str, Any]], object]) -> Callable[[Copy], None]:
    """Change ``datapackage.json``."""
    return lambda town: town.describe(change)


def at_value(text: str, fix: str) -> str:
    """The line for something that is not a number."""
    return f"{OBSERVATIONS}:12: value: 「{text}」{fix} [type-error]"


def at_year(text: str, fix: str) -> str:
    """The line for something that is not a year."""
    return f"{OBSERVATIONS}:12: year: 「{text}」{fix} [type-error]"


NOT_PLAIN = "は数値として読めません。半角数字で、桁区切りなしで書いてください"
NOT_A_NUMBER = "は数値として読めません。半角数字だけで書いてください（例: 12.5）。"
WITH_UNIT = "に数字以外の文字が付いています。単位や記号を除き、数字だけを書いてください"
NEGATIVE = "は数値として読めません。負の数は半角のハイフンで書いてください"
WESTERN = "西暦4けたの半角数字で書いてください"

FILES = [
    broken(
        "file missing",
        lambda town: town.file("observations").unlink(),
        f"{OBSERVATIONS}: ファイルが見つからないか、読めません。名前と場所を確かめてください。"
        " [file-missing]",
    ),
    broken(
        "file empty",
        raw("observations", lambda _: b"\n \n"),
        f"{OBSERVATIONS}: ファイルが空です。元のファイルを取り戻してください。 [file-empty]",
    ),
    broken(
        "saved by Excel as CP932",
        raw("observations", lambda text: text.decode().encode("cp932")),
        f"{OBSERVATIONS}: Excel の旧い文字コード（Shift_JIS）で保存されています。"
        "Excel で「CSV UTF-8」を選んで保存し直してください。「nox -s tidy」で直せます。"
        " [encoding-error]",
    ),
    broken(
        "bytes that are no text at all",
        raw("goals", lambda text: text.replace("学び".encode(), b"\xff\xfd\x80", 1)),
        "data/goals.csv:3: UTF-8 として読めない文字があります。"
        "「CSV UTF-8」の形式で保存し直してください。 [encoding-error]",
    ),
    broken(
        "UTF-16",
        raw("observations", lambda text: text.decode().encode("utf-16")),
        f"{OBSERVATIONS}: UTF-16 で保存されています。「nox -s tidy」で直せます。 [encoding-error]",
    ),
    broken(
        "NUL bytes",
        raw("observations", lambda text: text + b"\0"),
        f"{OBSERVATIONS}: 文字ではないデータ（NUL）が入っています。"
        "元のファイルから保存し直してください。 [nul-byte]",
    ),
    broken(
        "BOM",
        raw("observations", lambda text: b"\xef\xbb\xbf" + text),
        f"{OBSERVATIONS}: （確認）先頭に BOM が付いています。「nox -s tidy」で直せます。 [bom]",
    ),
    broken(
        "CRLF",
        raw("observations", lambda text: text.replace(b"\n", b"\r\n")),
        f"{OBSERVATIONS}: （確認）改行が LF ではありません。「nox -s tidy」で直せます。"
        " [line-ending]",
    ),
    broken(
        "lone CR",
        raw("observations", lambda text: text.replace(b"\n", b"\r")),
        f"{OBSERVATIONS}: （確認）改行が LF ではありません。「nox -s tidy」で直せます。"
        " [line-ending]",
    ),
    broken(
        "merge conflict",
        swap(f"\n{ROW}", f"\n<<<<<<< HEAD\n{ROW}"),
        f"{OBSERVATIONS}:12: 変更の衝突の印（<<<<<<< など）が残っています。"
        "正しい行だけを残し、印の行を消してください。 [merge-conflict]",
    ),
    broken(
        "half of a merge conflict",
        swap(f"\n{ROW}", f"\n=======\n{ROW}"),
        f"{OBSERVATIONS}:12: 変更の衝突の印（<<<<<<< など）が残っています。"
        "正しい行だけを残し、印の行を消してください。 [merge-conflict]",
    ),
    broken(
        "line break in a cell",
        cell("observations", ROW, "note", "一行目\n二行目"),
        f'{OBSERVATIONS}:12: セルの中に改行があるか、引用符「"」が閉じていません。'
        '1件を1行にし、「"」を対にしてください。 [line-break]',
    ),
    broken(
        "quote left open",
        swap("市の推計。", '"市の推計。'),
        f'{OBSERVATIONS}:9: 引用符「"」の使い方が正しくありません。'
        '「"」を対にするか、消してください。 [quote-error]',
    ),
    broken(
        "text after a quote",
        swap("市の推計。", '"市の"推計。'),
        f'{OBSERVATIONS}:9: 引用符「"」の使い方が正しくありません。'
        '「"」を対にするか、消してください。 [quote-error]',
    ),
    broken(
        "blank row",
        swap(f"\n{ROW}", f"\n\n{ROW}"),
        f"{OBSERVATIONS}:12: 空の行です。行を消してください。 [blank-row]",
    ),
    broken(
        "row of commas",
        swap(f"\n{ROW}", f"\n,,,,,,\n{ROW}"),
        f"{OBSERVATIONS}:12: 空の行です。行を消してください。 [blank-row]",
    ),
    broken(
        "too few cells",
        swap(f"{ROW},18,", f"{ROW},"),
        f"{OBSERVATIONS}:12: 列の数が6で、見出しの7より少ないです。"
        'コンマの数を確かめてください。コンマを含む文は「"」で囲みます。 [missing-cell]',
    ),
    broken(
        "too many cells",
        swap(f"{ROW},18,", f"{ROW},1,8,"),
        f"{OBSERVATIONS}:12: 列の数が8で、見出しの7より多いです。"
        'コンマの数を確かめてください。コンマを含む文は「"」で囲みます。 [extra-cell]',
    ),
    broken(
        "header repeated",
        swap(HEADER, HEADER.replace("note", "locator")),
        f"{OBSERVATIONS}:1: locator: 列「locator」が2回以上あります。{FIRST_LINE}"
        " [duplicate-label]",
        f"{OBSERVATIONS}:1: note: 列「note」がありません。{FIRST_LINE} [missing-label]",
    ),
    broken(
        "header renamed",
        swap(HEADER, HEADER.replace("note", "remark")),
        f"{OBSERVATIONS}:1: note: 列「note」がありません。{FIRST_LINE} [missing-label]",
        f"{OBSERVATIONS}:1: remark: 列「remark」は決められた列ではありません。{FIRST_LINE}"
        " [extra-label]",
    ),
    broken(
        "header reordered",
        swap(HEADER, HEADER.replace("year,value", "value,year")),
        f"{OBSERVATIONS}:1: 列の順番が違います。{FIRST_LINE} [incorrect-label]",
    ),
    broken(
        "header full-width",
        swap(HEADER, HEADER.replace("year", "ｙｅａｒ")),
        f"{OBSERVATIONS}:1: ｙｅａｒ: 列「ｙｅａｒ」は決められた列ではありません。"
        f"「year」の書き違いかもしれません。{FIRST_LINE} [extra-label]",
    ),
    broken(
        "header with a trailing space",
        swap(HEADER, HEADER.replace("year", "year ")),
        f"{OBSERVATIONS}:1: year : 列「year 」は決められた列ではありません。"
        f"「year」の書き違いかもしれません。{FIRST_LINE} [extra-label]",
    ),
    broken(
        "column that nobody declared",
        with_column,
        f"{OBSERVATIONS}:1: memo: 列「memo」は決められた列ではありません。{FIRST_LINE}"
        " [extra-label]",
    ),
    broken(
        "table linked from outside the package",
        link_outside,
        "data/ratings.csv: パッケージの外のファイルを指しています。data/ の中に置いてください。"
        " [unsafe-path]",
    ),
]

CELLS = [
    broken("full-width digits", value("１８"), at_value("１８", NOT_PLAIN + "（例: 18）。")),
    broken(
        "full-width digits with separator",
        value("１，２３４"),
        at_value("１，２３４", NOT_PLAIN + "（例: 1234）。"),
    ),
    broken("thousands separator", value("1,234"), at_value("1,234", NOT_PLAIN + "（例: 1234）。")),
    broken("full-width minus", value("－3"), at_value("－3", NOT_PLAIN + "（例: -3）。")),
    broken("minus as ▲", value("▲3"), at_value("▲3", NEGATIVE + "（例: -3）。")),
    broken("minus as △", value("△3.5"), at_value("△3.5", NEGATIVE + "（例: -3.5）。")),
    broken(
        "unit in the cell", value("45.9万人"), at_value("45.9万人", WITH_UNIT + "（例: 45.9）。")
    ),
    broken("percent sign", value("98%"), at_value("98%", WITH_UNIT + "（例: 98）。")),
    broken("full-width with unit", value("１８人"), at_value("１８人", WITH_UNIT + "（例: 18）。")),
    broken(
        "digits shortened by Excel",
        value("1E+05"),
        at_value(
            "1E+05",
            "は Excel が桁を省いた表示です。元の資料の数字をすべて書いてください（例: 100000）。",
        ),
    ),
    broken(
        "column too narrow in Excel",
        value("#######"),
        at_value(
            "#######",
            "は Excel の列の幅が足りないときの表示です。元の資料の数字を書いてください。",
        ),
    ),
    *(
        broken(
            f"not a number: {text}",
            cell("targets", "plan-2,farm-persons", "target_value", text),
            f"data/targets.csv:8: target_value: 「{text}」{NOT_A_NUMBER}"
            "分からないときは空欄にします。 [type-error]",
        )
        for text in ("l8", "O", "-", "不明", "NaN", "INF", "'18", "1_000", "+3", ".5")
    ),
    # an observation without a value is refused, so nothing may advise to leave it blank
    broken("not a number in a required cell", value("不明"), at_value("不明", NOT_A_NUMBER)),
    broken(
        "decimals in a whole number",
        cell("measures", "p2-d", "position", "7.0"),
        "data/measures.csv:8: position: 「7.0」は整数として読めません。"
        "半角数字だけで書いてください（例: 12）。 [type-error]",
    ),
    broken(
        "era letter for a year",
        year("R7"),
        at_year("R7", f"は年の書き方が違います。{WESTERN}（例: 2025）。"),
    ),
    broken(
        "era year",
        year("平成31年度"),
        at_year("平成31年度", f"は年の書き方が違います。{WESTERN}（例: 2019）。"),
    ),
    broken(
        "full-width year",
        year("２０２５"),
        at_year("２０２５", f"は年の書き方が違います。{WESTERN}（例: 2025）。"),
    ),
    broken(
        "era year that never was",
        year("平成32"),
        at_year("平成32", f"は存在しない年です（令和2年のことですか）。{WESTERN}（例: 2021）。"),
    ),
    broken(
        "date for a year",
        year("2025/4/1"),
        at_year("2025/4/1", f"は年として読めません。{WESTERN}（例: 2021）。"),
    ),
    broken(
        "letter l in a year",
        year("20l5"),
        at_year("20l5", f"は年として読めません。{WESTERN}（例: 2021）。"),
    ),
    broken(
        "space before",
        value(" 18"),
        f"{OBSERVATIONS}:12: value: 「 18」の前後に空白があります。空白を消してください。"
        "「nox -s tidy」で直せます。 [stray-space]",
    ),
    broken(
        "ideographic space behind",
        cell("kpis", "farm-persons", "name", "新規就農者数\u3000"),
        "data/kpis.csv:7: name: 「新規就農者数\u3000」の前後に空白があります。"
        "空白を消してください。「nox -s tidy」で直せます。 [stray-space]",
    ),
    broken(
        "invisible character",
        cell("observations", ROW, "note", "速報\u200b値"),
        f"{OBSERVATIONS}:12: note: 目に見えない制御文字が入っています。"
        "セルを入力し直してください。 [control-character]",
    ),
    broken(
        "tab",
        cell("observations", ROW, "note", "速報\t値"),
        f"{OBSERVATIONS}:12: note: 目に見えない制御文字が入っています。"
        "セルを入力し直してください。 [control-character]",
    ),
]

SCHEMA = [
    broken(
        "required: a number",
        value(""),
        f"{OBSERVATIONS}:12: value: 「実績値」が空です。値を書いてください。 [constraint-error]",
    ),
    broken(
        "required: a text",
        cell("kpis", "farm-persons", "definition", ""),
        "data/kpis.csv:7: definition: 「定義」が空です。値を書いてください。 [constraint-error]",
    ),
    broken(
        # nothing stands twice here: the blank key is the only mistake
        "required: a key",
        lambda town: (
            town.swap("data/ratings.csv", "keep,継続", ",継続"),
            town.cell("evaluations", "plan-2,2025,library-loans", "rating", "grow"),
        ),
        "data/ratings.csv:3: rating_id: 「評価ID」が空です。値を書いてください。"
        " [constraint-error]",
    ),
    broken(
        "enum",
        cell("observations", ROW, "status", "確定"),
        f"{OBSERVATIONS}:12: status: 「確定」は選べる値ではありません。"
        "final、provisional、estimate のどれかを書いてください。 [constraint-error]",
    ),
    broken(
        "pattern: an id",
        lambda town: town.add("sources", "Year_Book,統計書,みなもと市,,毎年の統計。,"),
        "data/sources.csv:6: source_id: 「Year_Book」は記号（ID）の形ではありません。"
        "半角の英小文字、数字、ハイフンだけで書いてください（例: airport-passengers）。"
        " [constraint-error]",
    ),
    broken(
        "pattern: a date of publication",
        cell("sources", "plan-first", "published", "平成29年3月"),
        "data/sources.csv:2: published: 「平成29年3月」は「発行時期」の形ではありません。"
        "資料に印字された発行または作成の時期。YYYY、YYYY-MM、YYYY-MM-DD のいずれか。"
        "空欄は印字なし。 [constraint-error]",
    ),
    broken(
        "pattern: an address that runs code",
        cell("sources", "plan-second", "url", "javascript:alert(1)"),
        "data/sources.csv:3: url: 「javascript:alert(1)」は「URL」の形ではありません。"
        "資料の公開先。空欄は不明。 [constraint-error]",
    ),
    broken(
        "pattern: a reading in katakana",
        cell("kpis", "farm-persons", "reading", "シンキ"),
        "data/kpis.csv:7: reading: 「シンキ」は「よみ」の形ではありません。"
        "指標名のよみ（ひらがな）。検索に使う。 [constraint-error]",
    ),
    broken(
        "maxLength",
        cell("measures", "p2-d", "label", "イ" * 11),
        "data/measures.csv:8: label: 11文字あり、長すぎます。10文字までで書いてください。"
        " [constraint-error]",
    ),
    broken(
        "minimum",
        cell("measures", "p2-d", "position", "0"),
        "data/measures.csv:8: position: 「0」は小さすぎます。1 以上の値を書いてください。"
        " [constraint-error]",
    ),
    broken(
        "minimum: an impossible year",
        year("1868"),
        f"{OBSERVATIONS}:12: year: 「1868」は小さすぎます。1900 以上の値を書いてください。"
        " [constraint-error]",
    ),
    broken(
        "maximum",
        cell("kpis", "farm-persons", "decimals", "7"),
        "data/kpis.csv:7: decimals: 「7」は大きすぎます。6 以下の値を書いてください。"
        " [constraint-error]",
    ),
    broken(
        "duplicate row",
        lambda town: town.add(
            "observations", "waste-per-person,2024,830.2,final,yearbook-2025,40ページ,"
        ),
        f"{OBSERVATIONS}:27: year: 「waste-per-person・2024」の行が2回以上あります。"
        "同じものを表す行は1行にまとめてください。 [primary-key]",
    ),
    broken(
        "unknown indicator",
        lambda town: town.add("observations", "zoo-visitors,2024,1,final,yearbook-2025,1ページ,"),
        f"{OBSERVATIONS}:27: kpi_id: 「zoo-visitors」が表「kpis」にありません。"
        "kpis.csv に行を足すか、綴りを直してください。 [foreign-key]",
    ),
    broken(
        "unknown source",
        cell("observations", ROW, "source_id", "yearbook-2026"),
        f"{OBSERVATIONS}:12: source_id: 「yearbook-2026」が表「sources」にありません。"
        "sources.csv に行を足すか、綴りを直してください。 [foreign-key]",
    ),
    broken(
        "unknown measure",
        cell("targets", "plan-2,farm-persons", "measure_id", "p2-z"),
        "data/targets.csv:8: measure_id: 「p2-z」が表「measures」にありません。"
        "measures.csv に行を足すか、綴りを直してください。 [foreign-key]",
    ),
    broken(
        "unknown goal of a term",
        cell("targets", "plan-2,bright-index", "goal_id", "goal-9"),
        "data/targets.csv:5: goal_id: 「plan-2・goal-9」が表「goals」にありません。"
        "goals.csv に行を足すか、綴りを直してください。 [foreign-key]",
    ),
    broken(
        "unknown parent in the same table",
        cell("measures", "p2-b-1", "parent_id", "p2-z"),
        "data/measures.csv:6: parent_id: 「p2-z」が表「measures」にありません。"
        "measures.csv に行を足すか、綴りを直してください。 [foreign-key]",
    ),
    broken(
        "evaluation of an indicator that the term does not have",
        cell("evaluations", "plan-2,2025,farm-persons", "kpi_id", "farm-households"),
        "data/evaluations.csv:4: kpi_id: 「plan-2・farm-households」が表「targets」にありません。"
        "targets.csv に行を足すか、綴りを直してください。 [foreign-key]",
    ),
]

DESCRIPTOR = [
    broken(
        "descriptor missing",
        lambda town: town.descriptor.unlink(),
        "datapackage.json: datapackage.json が見つかりません。場所を確かめてください。"
        " [file-missing]",
    ),
    broken(
        "descriptor not UTF-8",
        lambda town: town.descriptor.write_bytes(
            town.descriptor.read_bytes().decode().encode("cp932", "replace")
        ),
        "datapackage.json: UTF-8 として読めません。UTF-8 で保存し直してください。 [encoding-error]",
    ),
    broken(
        "comma forgotten in the descriptor",
        swap('"name": "minamoto-plan",', '"name": "minamoto-plan"', "datapackage.json"),
        "datapackage.json:4: JSON として読めません（4行3文字目）。"
        '直前の行の「,」や「"」の付け忘れ、余分な「,」を確かめてください。 [json-error]',
    ),
    broken(
        "no tables declared",
        describe(lambda d: d.pop("resources")),
        "datapackage.json: resources（表の一覧）がありません。 [package-error]",
    ),
    broken(
        "table without a name",
        describe(lambda d: resource(d, "ratings").pop("name")),
        "datapackage.json: name と path のない表があります。 [package-error]",
    ),
    broken(
        "unknown table",
        describe(lambda d: resource(d, "ratings").update(name="grades")),
        "datapackage.json: 表「grades」は、このサイトが知らない表です。"
        f"使える表は {'、'.join(TABLES)} です。 [package-error]",
    ),
    broken(
        "needed table not declared",
        describe(lambda d: d["resources"].remove(resource(d, "goals"))),
        "datapackage.json: 必要な表「goals」の宣言がありません。 [table-missing]",
    ),
    broken(
        "table declared twice",
        describe(lambda d: d["resources"].append(resource(d, "ratings"))),
        "datapackage.json: 表「ratings」が2回以上宣言されています。 [package-error]",
    ),
    broken(
        "path that leaves the package",
        describe(lambda d: resource(d, "ratings").update(path="../ratings.csv")),
        "datapackage.json: 表「ratings」の場所「../ratings.csv」は、パッケージの外を指しています。"
        "datapackage.json と同じフォルダーの中に置いてください。 [unsafe-path]",
    ),
    broken(
        "absolute path",
        describe(lambda d: resource(d, "ratings").update(path="/etc/hostname")),
        "datapackage.json: 表「ratings」の場所「/etc/hostname」は、パッケージの外を指しています。"
        "datapackage.json と同じフォルダーの中に置いてください。 [unsafe-path]",
    ),
]

CASES = [*FILES, *CELLS, *SCHEMA, *DESCRIPTOR]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_broken_package(case: Broken, town: Copy) -> None:
    """The mistake is named with its place, the value found, why, and how to mend it."""
    case.mutate(town)
    assert town.problems() == list(case.lines)


def test_every_problem_at_once(town: Copy) -> None:
    """Two mistakes in different files, and one in a file that cannot even be read: all three."""
    town.cell("observations", ROW, "value", "１８")
    town.cell("sources", "plan-first", "title", "")
    town.bytes("goals", lambda text: text.decode().encode("utf-16"))
    assert town.problems() == [
        "data/goals.csv: UTF-16 で保存されています。「nox -s tidy」で直せます。 [encoding-error]",
        at_value("１８", NOT_PLAIN + "（例: 18）。"),
        "data/sources.csv:2: title: 「資料名」が空です。値を書いてください。 [constraint-error]",
    ]


def test_several_problems_in_one_file_come_in_the_order_of_the_rows(town: Copy) -> None:
    """Staff mend a file from top to bottom."""
    town.cell("observations", ROW, "value", "18人")
    town.cell("observations", "bright-index,2021", "value", "")
    town.cell("observations", "waste-per-person,2024", "status", "?")
    rows = [int(line.split(":")[1]) for line in town.problems()]
    assert rows == [2, 12, 26]


def codes_in_the_loader() -> set[str]:
    """Every code that the loader writes down, read from its source."""
    found = set()
    for file in sorted((ROOT / "scripts" / "load").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id not in ("Problem", "at", "problem", "refuse"):
                continue
            arguments = [*node.args, *(k.value for k in node.keywords if k.arg == "code")]
            found |= {
                part.value
                for argument in arguments
                for part in ast.walk(argument)
                if isinstance(part, ast.Constant)
                and isinstance(part.value, str)
                and re.fullmatch(r"[a-z]+(-[a-z]+)*", part.value)
            }
    return found


def test_every_code_of_the_loader_has_a_broken_package() -> None:
    """A check that no broken package triggers is a check that nobody knows to work."""
    written = codes_in_the_loader()
    assert {"bom", "type-error", "json-error", "extra-cell"} <= written  # the search finds codes
    assert written <= {code for case in CASES for code in case.codes}


def test_every_kind_of_constraint_has_a_broken_package(real: Package) -> None:
    """Each kind of constraint that a table of the real package declares is tried out above."""
    declared = {
        kind
        for table in real.descriptor["resources"]
        for field in table["schema"]["fields"]
        for kind in field.get("constraints", {})
    }
    assert declared == {case.name.partition(":")[0] for case in SCHEMA} & declared


MISDECLARED: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    ("table without a schema", lambda d: resource(d, "ratings").pop("schema")),
    ("schema without fields", lambda d: resource(d, "ratings")["schema"].pop("fields")),
    ("schema in another file", lambda d: resource(d, "ratings").update(schema="ratings.json")),
    ("field without a type", lambda d: field(d, "ratings", "label").pop("type")),
    ("unknown type", lambda d: field(d, "ratings", "label").update(type="text")),
    ("type that the site does not use", lambda d: field(d, "ratings", "label").update(type="date")),
    (
        "misspelt constraint",
        lambda d: field(d, "ratings", "label").update(constraints={"maxlength": 3}),
    ),
]


def field(descriptor: dict[str, Any], table: str, name: str) -> dict[str, Any]:
    """The declaration of a field."""
    found: dict[str, Any]
    (found,) = [f for f in resource(descriptor, table)["schema"]["fields"] if f["name"] == name]
    return found


@pytest.mark.parametrize(("name", "change"), MISDECLARED, ids=[m[0] for m in MISDECLARED])
def test_a_wrong_declaration_is_a_problem_and_no_traceback(
    town: Copy, name: str, change: Callable[[dict[str, Any]], object]
) -> None:
    """Whoever adapts ``datapackage.json`` to another plan is told what is wrong with it."""
    town.describe(change)
    lines = town.problems()
    assert lines and all(line.startswith("datapackage.json:") for line in lines)


def test_a_key_may_be_declared_as_a_single_name(town: Copy) -> None:
    """Data Package allows ``"primaryKey": "rating_id"`` beside the list."""
    town.describe(lambda d: resource(d, "ratings")["schema"].update(primaryKey="rating_id"))
    assert town.problems() == []


# --- what a good package becomes ----------------------------------------------------------------


def test_the_fixture_has_no_problem(town: Copy) -> None:
    """Otherwise no case above would say anything."""
    assert town.problems() == []


def test_records_are_typed_and_know_their_line() -> None:
    """Printed digits stay, blanks are not zeros, and each record points at its line."""
    package = load_package(FIXTURE / "datapackage.json").package
    assert package is not None
    of = next(t for t in package.targets if t.kpi_id == "clinic-satisfaction")
    assert (of.row, str(of.baseline_value), of.baseline_year) == (6, "62.0", 2021)
    count = next(t for t in package.targets if t.kpi_id == "company-visits-2022")
    assert (count.baseline_value, count.baseline_year, count.target_text) == (None, None, "")
    band = next(b for b in package.status_bands if b.status_id == "behind")
    assert band.min_pace == Decimal(0) and band.min_pace is not None
    note = next(o for o in package.observations if o.kpi_id == "library-loans" and o.year == 2019)
    assert note.note == '改装で1か月休んだ, "仮の"窓口だけの月がある。'


@pytest.mark.parametrize("table", [t for t in TABLES if (FIXTURE / f"data/{t}.csv").is_file()])
def test_every_cell_arrives(table: str, town: Copy) -> None:
    """No value is lost, rounded or moved on the way from the file to the record."""
    package = load_package(town.descriptor).package
    assert package is not None
    header, *rows = town.rows(table)
    records = getattr(package, table)
    assert [record.row for record in records] == list(range(2, len(rows) + 2))
    for record, row in zip(records, rows, strict=True):
        read = [getattr(record, name) for name in header]
        # a boolean is written in small letters
        texts = [str(cell).lower() if isinstance(cell, bool) else str(cell) for cell in read]
        assert ["" if text == "None" else text for text in texts] == row


def test_booleans_of_the_real_package(real: Package) -> None:
    """``true`` and ``false`` become values, not texts that are both true."""
    assert {project.is_new for project in real.projects} == {True, False}


@pytest.mark.parametrize("name", ["BOM", "CRLF", "lone CR"])
def test_a_warning_does_not_stop_publishing(name: str, town: Copy) -> None:
    """A file that Excel saved as UTF-8 says the same as before."""
    (case,) = [case for case in FILES if case.name == name]
    case.mutate(town)
    changed, fixture = load_package(town.descriptor), load_package(FIXTURE / "datapackage.json")
    assert changed.package is not None and fixture.package is not None
    assert changed.package.observations == fixture.package.observations
    assert [p.level for p in changed.problems] == ["warning"]


def test_optional_tables_may_be_left_out(town: Copy) -> None:
    """A plan without evaluations or relations is a plan, too."""
    town.describe(
        lambda d: d.update(
            resources=[
                r
                for r in d["resources"]
                if r["name"] not in ("evaluations", "ratings", "kpi_relations")
            ]
        )
    )
    loaded = load_package(town.descriptor)
    assert loaded.problems == () and loaded.package is not None
    assert loaded.package.evaluations == ()


def test_a_declared_column_of_ones_own_is_left_alone(town: Copy) -> None:
    """Columns may be added to the contract; the site shows what it knows."""
    town.describe(
        lambda d: resource(d, "ratings")["schema"]["fields"].append(
            {"name": "memo", "title": "メモ", "type": "string"}
        )
    )
    rows = town.rows("ratings")
    town.write("ratings", [rows[0] + ["memo"], *(row + ["覚え書き"] for row in rows[1:])])
    loaded = load_package(town.descriptor)
    assert loaded.problems == () and loaded.package is not None
    assert [r.rating_id for r in loaded.package.ratings] == ["grow", "keep", "rethink"]


def test_the_descriptor_may_start_with_a_bom(town: Copy) -> None:
    """Windows editors write one; JSON readers choke on it."""
    town.descriptor.write_bytes(b"\xef\xbb\xbf" + town.descriptor.read_bytes())
    assert town.problems() == []


def test_a_broken_package_gives_no_records(town: Copy) -> None:
    """Nothing can be published by accident."""
    town.cell("observations", ROW, "value", "１８")
    assert load_package(town.descriptor).package is None


def test_a_path_is_said_relative_to_the_package(tmp_path: Path) -> None:
    """Messages name the file as its owner knows it, wherever the check is run from."""
    town = Copy(tmp_path / "deep" / "down" / "town")
    town.file("goals").unlink()
    assert town.problems()[0].startswith("data/goals.csv: ")
