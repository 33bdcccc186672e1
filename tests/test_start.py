"""A new municipality: refused with a sentence, or a whole repository that makes its site."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from scripts.check import check
from scripts.colours import DARK, LIGHT, READABLE, readable, style, tokens, weakest
from scripts.import_xlsx.wide import COLUMNS
from scripts.model import Terms, check_digit, code_fault, terms_of
from scripts.model.terms import NAMES
from scripts.start.__main__ import main as start_main
from scripts.start.answers import QUESTIONS
from scripts.start.example import MARK
from scripts.start.licences import LICENCES
from tests.helpers import ROOT, TODAY

TOWN = {
    "name": "やまかわ町",
    "prefecture": "架空県",
    "code": "990027",
    "name_en": "Yamakawa Town",
    "plan": "総合計画",
    "homepage": "https://open.example.jp/plan",
    "licence": "PDL-1.0",
    "accent": "#f08a24",
    "contact": "plan@town.example.jp",
    "goal_word": "政策の柱",
    "measure_word": "取組",
    "goals": "11",
    "year_type": "calendar",
    "publisher": "やまかわ町 企画課",
    "official": "はい",
}


def options(**answers: str) -> list[str]:
    """Answers as they are typed."""
    return [
        part
        for question in QUESTIONS
        if question.name in answers
        for part in (question.option, answers[question.name])
    ]


def start(target: Path, **answers: str) -> int:
    """The command without a terminal."""
    return start_main([str(target), "--today", TODAY.isoformat(), *options(**answers)])


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The new repository with its site, made once for all workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "yamakawa"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            assert start(folder, **TOWN) == 0
            done = subprocess.run(
                [sys.executable, "-m", "scripts.site", "--today", TODAY.isoformat()],
                cwd=folder,
                capture_output=True,
                encoding="utf-8",
                check=False,
            )
            (folder / "log.txt").write_text(
                f"{done.returncode}\n{done.stdout}{done.stderr}", encoding="utf-8"
            )
    text = (folder / "log.txt").read_text(encoding="utf-8")
    assert text.startswith("0\n"), text
    return folder


def read(town: Path, path: str) -> str:
    """A file of the new repository."""
    return (town / path).read_text(encoding="utf-8")


def test_the_new_site_is_built_by_its_own_program(town: Path) -> None:
    """Every staged page became HTML, with the names, words and years of the town."""
    home = read(town, "site/index.html")
    assert "やまかわ町の約束は、どこまで進んだか" in home
    assert "町が公表した" in home and "市が公表した" not in home
    assert '<a href="goals/goal-11/"><span class="board__no">政策の柱11</span>' in home
    assert "年度から" not in home
    staged = [p.relative_to(town / "build" / "docs") for p in (town / "build").rglob("*.md")]
    made = ["index.html" if path.stem == "index" else f"{path.stem}/index.html" for path in staged]
    for path, name in zip(staged, made, strict=True):
        assert (town / "site" / path.parent / name).is_file(), path
    # the goals stand in their order, the eleventh last
    order = re.findall(r'href="goals/(goal-\d+)/"><span class="board__no">', home)
    assert order == [f"goal-{n}" for n in range(1, 12)]


def test_nothing_of_our_city_goes_along(town: Path, real: Any) -> None:
    """Neither in the data, the settings, the pages nor in what is built."""
    strange = {"旭川", "asahikawa", real.descriptor["municipality"]["code"]}
    for path in sorted(town.rglob("*")):
        if path.is_file() and path.suffix in {".csv", ".json", ".md", ".yml", ".html", ".svg"}:
            text = path.read_text(encoding="utf-8")
            found = [word for word in strange if word in text]
            assert not found, f"{path.relative_to(town)}: {found}"


def test_its_settings_are_those_that_were_said(town: Path) -> None:
    """What the answers say stands in one place each, in the shape the rest reads."""
    descriptor = json.loads(read(town, "datapackage.json"))
    assert descriptor["municipality"] == {
        "code": "990027",
        "prefecture": "架空県",
        "name": "やまかわ町",
        "name_en": "Yamakawa Town",
    }
    assert descriptor["terms"] == {"plan": "総合計画", "goal": "政策の柱", "measure": "取組"}
    assert descriptor["year_type"] == "calendar"
    assert descriptor["licenses"][0]["name"] == "PDL-1.0"
    assert descriptor["contributors"][0]["title"] == "やまかわ町 企画課"
    assert descriptor["official"] is True
    assert "firstPublished" not in descriptor
    ours = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))
    assert descriptor["resources"] == ours["resources"]  # derived, never a second copy
    config = read(town, "mkdocs.yml")
    assert 'site_name: "やまかわ町総合計画オープンデータ"' in config
    assert "検索（例：図書館、ごみ）" in read(town, "site/index.html")
    assert 'site_url: "https://open.example.jp/plan/"' in config
    assert "- 政策の柱:" in config and "- 町の評価:" in config


def test_its_examples_are_plainly_examples(town: Path) -> None:
    """Every name a reader could take for a fact says that it is an example; the check passes."""
    package, problems = check(town / "datapackage.json", TODAY)
    assert package is not None
    assert [p.line() for p in problems] == []
    shown = [goal.title for goal in package.goals] + [kpi.name for kpi in package.kpis]
    shown += [measure.title for measure in package.measures]
    shown += [source.title for source in package.sources]
    assert all(title.startswith(MARK) for title in shown)


def test_its_sessions_and_workflows_fit_each_other(town: Path) -> None:
    """No workflow runs a session that went away with ``tests/``, and no job needs a missing one."""
    sessions = set(re.findall(r"(?m)^def (\w+)\(session", read(town, "noxfile.py")))
    assert {"site", "serve", "check", "tidy", "diff", "start"} <= sessions
    assert not sessions & {"tests", "lint"}
    for file in sorted((town / ".github" / "workflows").glob("*.yml")):
        jobs = yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"]
        for name, job in jobs.items():
            needs = job.get("needs", [])
            assert {needs} if isinstance(needs, str) else set(needs) <= set(jobs), name
            for step in job["steps"]:
                command = step.get("run", "")
                for line in re.findall(r"nox -s ([\w ]+?)(?: --|$)", command, re.MULTILINE):
                    assert set(line.split()) <= sessions, f"{file.name}: {line}"
    publish = yaml.safe_load(read(town, ".github/workflows/publish.yml"))["jobs"]
    assert "nox -s site" in str(publish) and "deploy-pages" in str(publish)
    assert not (town / "tests").exists()


def test_the_colour_is_readable_everywhere(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A pale colour is darkened for light ground and lightened for dark ground."""
    accent = json.loads(read(town, "datapackage.json"))["accent"]
    assert weakest(accent) >= READABLE > weakest(TOWN["accent"])
    sheet = read(town, "build/docs/assets/site.css")
    assert sheet.endswith(style(accent)) and f"--accent: {accent};" in sheet
    assert weakest(tokens(DARK, accent)["--accent"], DARK) >= READABLE
    assert accent in read(town, "build/docs/data/kpis/library-loans.svg")
    assert accent in read(town, "docs/assets/logo.svg")


@given(st.integers(0, 0xFFFFFF))
def test_any_colour_becomes_readable(number: int) -> None:
    """Whatever colour a city has, texts in it can be read; one that can be read stays as it is."""
    colour = f"#{number:06x}"
    for scheme in (LIGHT, DARK):
        assert weakest(readable(colour, scheme), scheme) >= READABLE
        if weakest(colour, scheme) >= READABLE:
            assert readable(colour, scheme) == colour


# --- refusals -----------------------------------------------------------------------------------


def refused(target: Path, capsys: pytest.CaptureFixture[str], **answers: str) -> str:
    """What is said when nothing is made; the exit code is that of wrong use."""
    with pytest.raises(SystemExit) as stopped:
        start(target, **answers)
    assert stopped.value.code == 2
    return capsys.readouterr().err


def test_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not one file of a folder that holds anything is touched."""
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert "空ではありません" in refused(tmp_path, capsys, **TOWN)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]
    assert "リポジトリーの中です" in refused(ROOT / "new", capsys, **TOWN)


def test_everything_that_is_missing_or_wrong_is_said_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence per answer, with its option; then the folder does not exist."""
    said = refused(
        tmp_path / "new", capsys, name="やまかわ", code="990028", accent="橙", licence="MIT"
    )
    for sentence in (
        "--name: 「やまかわ」は使えません。市、区、町、村、都、道、府、県のどれかで終わる",
        "--prefecture: 都道府県の名前を書いてください（例: 架空県）。",
        "--code: 「990028」は使えません。6けための検査数字が合いません。はじめの5けた「99002」が"
        "正しければ、検査数字は「7」で、「990027」です。",
        "--accent: 「橙」は使えません。",
        "--licence: 「MIT」は使えません。CC-BY-4.0、PDL-1.0、CC0-1.0、CC-BY-SA-4.0 のどれか",
    ):
        assert sentence in said
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"first_year": "2025", "last_year": "2025"}, "最後の年2025が、最初の年2025より後では"),
        ({"first_year": "2040", "last_year": "2044"}, "最初の年2040は先すぎます"),
        ({"homepage": "plan.example.jp"}, "https:// で始まる公開先の住所を"),
        ({"contact": "企画課"}, "メールアドレスか、https:// で始まる住所を"),
        ({"title": "海 & まち"}, '半角の < > & " は使えません'),
        ({"goals": "0"}, "1から20までの半角の数字で"),
        ({"measure_word": "取組（事業）"}, "記号も空白もない12文字までの1語に"),
        ({"lag_months": "1年"}, "0から60までの半角の数字で"),
    ],
)
def test_an_answer_that_will_not_do(
    answers: dict[str, str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each says what is wrong and what to write."""
    assert sentence in refused(tmp_path / "new", capsys, **{**TOWN, **answers})


def test_a_person_is_asked_only_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked again until the answer will do; an empty line takes the default."""
    lines = iter(["やまかわ\n", "やまかわ町\n", *["\n"] * len(QUESTIONS)])
    monkeypatch.setattr("sys.stdin", type("Terminal", (), {
        "isatty": lambda _: True, "readline": lambda _: next(lines),
    })())  # fmt: skip
    assert start(tmp_path / "new", prefecture="架空県", code="990027", official="いいえ") == 0
    said = capsys.readouterr().out
    assert said.count("自治体の名前（例: みなもと市）") == 2
    assert "全国地方公共団体コード" not in said and "自治体の公式サイトですか" not in said
    assert "cd " in said and "pip install nox" in said and "nox -s site" in said
    package, _ = check(tmp_path / "new" / "datapackage.json", TODAY)
    assert package is not None and package.strategies[0].start_year == 2024


def test_a_plan_that_begins_next_year_has_no_values_yet(tmp_path: Path) -> None:
    """Examples never lie in the future; a plan without results is sound, too."""
    assert start(tmp_path / "new", **{**TOWN, "first_year": "2027", "last_year": "2031"}) == 0
    package, problems = check(tmp_path / "new" / "datapackage.json", date(2026, 11, 22))
    assert package is not None and not [p for p in problems if p.level == "error"]
    assert not package.evaluations and {o.year for o in package.observations} == {2025}


# --- the parts ----------------------------------------------------------------------------------

KNOWN = ("011002", "012041", "131016", "271004", "401307", "472018", "130001", "990019")
"""Codes as printed in the public list, and one that is not in it."""


@pytest.mark.parametrize("code", KNOWN)
def test_known_codes_are_sound(code: str) -> None:
    """The published check digits."""
    assert code_fault(code) == "" and check_digit(code[:5]) == code[5]


@given(st.integers(1, 47), st.integers(0, 999), st.integers(0, 4), st.integers(1, 9))
def test_one_wrong_digit_is_found(prefecture: int, place: int, where: int, more: int) -> None:
    """The weights are made to notice a single digit typed wrong."""
    five = f"{prefecture:02}{place:03}"
    code = five + check_digit(five)
    assert code_fault(code) == ""
    digit = str((int(code[where]) + more) % 10)
    other = code[:where] + digit + code[where + 1 :]
    # a remainder of 0 and of 10 share the digit 1: the standard cannot tell those two apart
    if check_digit(other[:5]) != code[5]:
        assert f"検査数字は「{check_digit(other[:5])}」" in code_fault(other)


def test_terms_speak_of_our_texts_once() -> None:
    """Each word is replaced where it stands for the plan, and no word is replaced twice."""
    terms = Terms(goal="施策の柱", measure="指標群", indicator="数値", kpi="成果", city="村")
    assert terms.say("基本目標の施策の指標（KPI）") == "施策の柱の指標群の数値（成果）"
    assert terms.say("市の評価と市民。市区町村名") == "村の評価と村民。市区町村名"
    assert Terms(year_type="calendar").say("{{ year }}年度の年度") == "{{ year }}年の年度"
    assert Terms().say("基本目標の施策") == "基本目標の施策"
    for name, city, english in (
        ("あ市", "市", "city"),
        ("い村", "村", "village"),
        ("う府", "府", "prefecture"),
        ("", "市", "city"),
    ):
        found = terms_of({"municipality": {"name": name}})
        assert (found.city, found.city_en) == (city, english)


# --- the documents ------------------------------------------------------------------------------

ADOPT = ROOT / "docs" / "adopt"


def test_every_question_and_word_is_explained() -> None:
    """An option that no page names is one that nobody uses."""
    page = (ADOPT / "start.md").read_text(encoding="utf-8")
    assert [q.option for q in QUESTIONS if f"`{q.option}`" not in page] == []
    assert [name for name in LICENCES if f"`{name}`" not in page] == []
    page = (ADOPT / "settings.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (\w+)", page, re.MULTILINE))
    assert rows == {name: getattr(Terms, name) for name in NAMES}
    for name, (example,) in {"accent": ("#00626b",), "year_type": ("calendar",)}.items():
        assert f'"{name}": "{example}"' in page
    assert weakest("#00626b") >= READABLE


def test_every_column_of_the_list_is_explained() -> None:
    """The page about the Excel list names each heading that is read."""
    page = (ADOPT / "excel.md").read_text(encoding="utf-8")
    assert [label for label in COLUMNS if f"`{label}`" not in page] == []
