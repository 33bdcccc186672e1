"""``tidy``: mends what is certain, shows it, never touches a value, and then has nothing to do."""

from __future__ import annotations

import copy
import csv
import errno
import io
import unicodedata
from decimal import Decimal, InvalidOperation
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts import tidy
from scripts.console import REASONS
from scripts.load import load_package, read_descriptor
from scripts.load.mend import SPACES, is_year
from scripts.load.tidying import out_of_order, tidy_table
from scripts.messages import CATALOGUE
from scripts.model import TABLES
from scripts.tree import write_file
from scripts.years import parse_year
from tests.breaking import HEADER, ROW, Mistake
from tests.helpers import FIXTURE, ROOT, Copy, codes_of
from tests.mistakes import FILES, MISTAKES
from tests.test_load_bounds import OBSERVATIONS

PATH = "data/observations.csv"


def run(town: Copy, *more: str) -> int:
    return tidy.main([str(town.descriptor), *more])


def mend(town: Copy) -> None:
    """The same without looking at what is left."""
    descriptor, _ = read_descriptor(town.descriptor)
    if descriptor is not None:
        for item in tidy.tidy_package(town.descriptor, descriptor["resources"]):
            write_file(item.file, item.content)


def contents(town: Copy) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (town.folder / "data").iterdir()}


def test_a_day_in_excel_is_mended(town: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    """CP932, CRLF, full-width digits, separators, an era year, a space, a blank row, a late row."""
    good = town.file("observations").read_bytes()
    town.swap(PATH, "library-loans,2025,57800", "library-loans,２０２５,５７，８００")
    town.swap(PATH, "library-loans,2024,55800", 'library-loans,令和6年度," 55,800"')
    town.swap(PATH, "waste-per-person,2022,841.0,final", "waste-per-person,2022,841.0,final ")
    town.swap(PATH, "farm-persons,2025,18,final,yearbook-2025,33ページ,\n", "")
    town.add("observations", ",,,,,,")
    town.add("observations", "farm-persons,R7,１８,final,yearbook-2025,33ページ,")
    town.bytes("observations", lambda t: t.decode().replace("\n", "\r\n").encode("cp932"))
    assert run(town) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{PATH}: 文字コード Shift_JIS → UTF-8",
        f"{PATH}: 改行 CRLF → LF",
        f"{PATH}:26: 空の行 → なし",
        f"{PATH}:18: year: 「令和6年度」 → 「2024」",
        f"{PATH}:18: value: 「 55,800」 → 「55800」",
        f"{PATH}:19: year: 「２０２５」 → 「2025」",
        f"{PATH}:19: value: 「５７，８００」 → 「57800」",
        f"{PATH}:24: status: 「final 」 → 「final」",
        f"{PATH}:27: year: 「R7」 → 「2025」",
        f"{PATH}:27: value: 「１８」 → 「18」",
        f"{PATH}:27: 「farm-persons・2025」の行の場所 → 12行目",
        "1ファイルの11か所を直しました。",
        "公開を止める間違いは、もうありません。",
    ]
    assert town.file("observations").read_bytes() == good


def test_a_dry_run_writes_nothing(town: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    town.cell("observations", ROW, "value", "１８")
    before = contents(town)
    assert run(town, "--dry-run") == 0
    assert contents(town) == before
    out = capsys.readouterr().out
    assert f"{PATH}:12: value: 「１８」 → 「18」" in out
    assert "まだ書き込んでいません" in out


@pytest.mark.parametrize("descriptor", [FIXTURE / "datapackage.json", ROOT / "datapackage.json"])
def test_a_clean_package_is_left_alone(
    descriptor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tidy.main([str(descriptor), "--dry-run"]) == 0
    assert capsys.readouterr().out == "直すところはありませんでした。\n"


def test_a_broken_definition_is_said(town: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    town.descriptor.write_bytes(b"{")
    before = contents(town)
    assert run(town) == 1
    assert "[json-error]" in capsys.readouterr().out
    assert contents(town) == before


@pytest.mark.parametrize("mistake", MISTAKES, ids=[m.name for m in MISTAKES])
def test_running_twice_changes_nothing_more(mistake: Mistake, town: Copy) -> None:
    """And a mistake that tidy does not know stays exactly as it is."""
    mistake.change(town)
    data = town.folder / "data"
    if not town.descriptor.is_file() or not all(f.is_file() for f in data.iterdir()):
        return
    mend(town)
    once = contents(town)
    mend(town)
    assert contents(town) == once


MENDED = [
    *(
        "Excel の「CSV」で保存した（Shift_JIS）",
        "Excel の「Unicode テキスト」の文字コード（UTF-16）",
    ),
    *(
        "BOM が付いた",
        "改行が CRLF",
        "改行が CR だけ",
        "全角の数字",
        "桁区切りのコンマ",
        "空の行がある",
    ),
    *("コンマだけの行がある", "列の順番が違う", "列の名前の後ろに空白", "列の名前が全角"),
    *(
        "列の名前が日本語",
        "全角のマイナス",
        "和暦の記号",
        "全角の年",
        "前に空白",
        "後ろに全角の空白",
    ),
    *("記号の後ろに空白", "空白だけ", "行の順番が違う"),
]


@pytest.mark.parametrize("name", MENDED)
def test_the_guide_promises_what_tidy_does(name: str, town: Copy) -> None:
    """After tidy none of the messages that name it is left, and the catalogue says so."""
    (mistake,) = [m for m in MISTAKES if m.name == name]
    mistake.change(town)
    codes = codes_of(town.problems())
    assert any(CATALOGUE[code].tidy for code in codes)
    assert run(town) == 0
    left = codes_of(town.problems())
    assert not [code for code in left if CATALOGUE[code].tidy]
    assert load_package(town.descriptor).package is not None


LEFT = [
    *(
        "▲でマイナス",
        "単位を付けた",
        "和暦の年",
        "存在しない和暦",
        "日付になった年",
        "数字の0の代わりに O",
    ),
    *("3桁ごとではないコンマ", "先頭に0", "セルが足りない", "結合したセルの跡", "見出しがない"),
    *(
        "変更の衝突の印が残った",
        "引用符が閉じていない",
        "Shift_JIS か EUC-JP か分からない",
        "値が空",
    ),
    *("2つの文字コードが混ざった", "NUL が入った", "Excel が 1E+05 にした", "「約」を付けた"),
]


@pytest.mark.parametrize("name", LEFT)
def test_nothing_is_guessed(name: str, town: Copy) -> None:
    """What has two readings stays, byte for byte."""
    (mistake,) = [m for m in MISTAKES if m.name == name]
    mistake.change(town)
    before = contents(town)
    mend(town)
    assert contents(town) == before


def test_other_lines_keep_their_writing(town: Copy) -> None:
    """A line that needs no mending stays as it was typed, needless quotes and all."""
    town.swap(PATH, "bright-index,2021,", '"bright-index","2021",')
    town.cell("kpis", "farm-persons", "name", "新規就農者数 ")
    town.swap(PATH, f"{ROW},18", f"{ROW},１８")
    run(town)
    lines = town.file("observations").read_text(encoding="utf-8").splitlines()
    assert lines[1].startswith('"bright-index","2021",0.95')
    assert lines[11].startswith(f"{ROW},18,")


def test_a_failed_write_leaves_the_file(
    town: Copy, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The new content takes the place of the old in one step or not at all; a sentence says so."""
    town.cell("observations", ROW, "value", "１８")
    before = contents(town)

    def fail(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    assert run(town) == 1
    assert REASONS[errno.ENOSPC] in capsys.readouterr().out
    assert contents(town) == before


def test_a_link_inside_the_package_stays_a_link(town: Copy) -> None:
    town.file("ratings").rename(town.folder / "ratings.csv")
    town.file("ratings").symlink_to("../ratings.csv")
    town.bytes("ratings", lambda text: text.replace(b"\n", b"\r\n"))
    run(town)
    assert town.file("ratings").is_symlink()
    assert b"\r" not in town.file("ratings").read_bytes()


def test_as_few_rows_as_can_be_are_moved() -> None:
    """Of every order of five keys: what stays is in order, and no more could stay."""
    for keys in permutations([(1,), (2,), (2,), (3,), (4,)]):
        moved = out_of_order(list(keys))
        left = [key for place, key in enumerate(keys) if place not in moved]
        assert left == sorted(left)
        longest = max(
            bits.bit_count()
            for bits in range(32)
            if (some := [key for n, key in enumerate(keys) if bits >> n & 1]) == sorted(some)
        )
        assert len(left) == longest
    assert out_of_order([]) == []


def test_numbers_are_ordered_as_numbers() -> None:
    """9 comes before 10, in keys with and without a fraction."""
    resource = copy.deepcopy(OBSERVATIONS)
    resource["schema"]["primaryKey"] = ["value"]
    head, *rows = [",".join(f["name"] for f in resource["schema"]["fields"]), "a,2024,10,,,,"]
    rows += ["a,2024,9.5,,,,", "a,2024,9,,,,"]
    made, changes = tidy_table("a.csv", resource, "\n".join([head, *rows]).encode())
    assert made.decode().splitlines() == [head, *reversed(rows)]
    assert len(changes) == 2


# --- properties ---------------------------------------------------------------------------------

NUMBERS = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str),
    st.integers(-(10**9), 10**9).map(lambda n: f"{n:,}"),
    st.integers(0, 10**6).map(
        lambda n: str(n).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    ),
    st.sampled_from(
        ["▲3", "1,23", "１，２３４．５", "－7", "45.9万人", "", " ", "1E+05", "007", "O"]
    ),
    st.text(alphabet="0123456789０１，,.．-－ 　万人", max_size=8),
)
YEARS = st.sampled_from(
    [
        "2021",
        "R3",
        "令和3年度",
        "令和3年",
        "平成32",
        "２０２１",
        "2021年度",
        "2021年",
        "H31",
        "21",
        "",
        "l",
    ]
)
TEXTS = st.text(alphabet="あ市 　,\"'=\t-・a\n", max_size=6)
ROWS = st.lists(
    st.tuples(st.sampled_from(["a", "b", " a", "c　"]), YEARS, NUMBERS, TEXTS, TEXTS, TEXTS, TEXTS),
    max_size=6,
)


def table(rows: list[tuple[str, ...]], encoding: str, end: str) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end)
    writer.writerow(HEADER.split(","))
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


ANY_TABLE = st.builds(
    table,
    ROWS,
    st.sampled_from(["utf-8", "utf-8-sig", "cp932", "utf-16"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)


@given(raw=ANY_TABLE)
def test_twice_is_once(raw: bytes) -> None:
    once, _ = tidy_table(PATH, OBSERVATIONS, raw)
    again, changes = tidy_table(PATH, OBSERVATIONS, once)
    assert again == once
    assert changes == []


@given(raw=ANY_TABLE)
def test_bytes_change_exactly_when_a_change_is_shown(raw: bytes) -> None:
    content, changes = tidy_table(PATH, OBSERVATIONS, raw)
    assert (content != raw) == bool(changes)


def meaning(cell: str, name: str) -> object:
    """What a cell says, read by other means than tidy's own; the text where it is unclear."""
    folded = unicodedata.normalize("NFKC", cell).strip()
    if is_year(name):
        try:
            return parse_year(folded)
        except ValueError:
            return folded
    try:
        return Decimal(folded.replace(",", ""))
    except InvalidOperation:
        return folded


@given(rows=ROWS)
def test_no_value_ever_changes(rows: list[tuple[str, ...]]) -> None:
    """The same rows with the same values come out, whatever they looked like."""
    content, _ = tidy_table(PATH, OBSERVATIONS, table(rows, "utf-8", "\n"))
    names = HEADER.split(",")

    def read(cells: tuple[str, ...] | list[str]) -> tuple[object, ...]:
        return tuple(
            meaning(cell, name) if name in ("year", "value") else cell.strip(SPACES)
            for cell, name in zip(cells, names, strict=True)
        )

    after = list(csv.reader(io.StringIO(content.decode(), newline="")))[1:]
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    assert sorted(map(repr, map(read, after))) == sorted(map(repr, map(read, kept)))


def test_every_table_is_looked_at(town: Copy) -> None:
    """Not only the observations."""
    tables = [t for t in TABLES if town.file(t).is_file()]
    for name in tables:
        town.bytes(name, lambda text: text.replace(b"\n", b"\r\n"))
    run(town)
    assert all(b"\r" not in town.file(name).read_bytes() for name in tables)


def test_files_are_named_in_the_cases() -> None:
    """The lists above name mistakes that exist."""
    names = {m.name for m in MISTAKES}
    assert {*MENDED, *LEFT} <= names
    assert FILES
