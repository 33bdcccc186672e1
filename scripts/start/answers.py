"""What has to be known of a municipality: the questions, and why an answer will not do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from scripts.colours import HEX, READABLE, readable, weakest
from scripts.model import Terms, code_fault, terms_of
from scripts.model.terms import KINDS_OF_PLACES, WORD
from scripts.start.licences import LICENCES
from scripts.years import fiscal_year_of

YES, NO = ("はい", "yes", "y"), ("いいえ", "no", "n")
KINDS = {"fiscal": "年度（4月から翌年3月）", "calendar": "年（1月から12月）"}
MOST_GOALS = 20


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to know: its option, how it is asked, an example, and the check of the answer.

    ``default`` is made from the answers before; ``None`` means that there must be an answer.
    ``fault`` says in a sentence why an answer will not do, blank when it does.
    """

    name: str
    words: str
    example: str
    default: Callable[[Mapping[str, str], date], str] | None
    fault: Callable[[str], str]

    @property
    def option(self) -> str:
        """``--first-year``."""
        return "--" + self.name.replace("_", "-")


def fixed(text: str) -> Callable[[Mapping[str, str], date], str]:
    """A default that depends on nothing."""
    return lambda *_: text


def by_name(answers: Mapping[str, str], _: date) -> str:
    """The name of the municipality as a default."""
    return answers["name"]


def one_line(text: str) -> str:
    """The fault of a text that cannot be a title."""
    if set(text) & set('<>&"'):
        return '半角の < > & " は使えません。全角で書いてください。'
    return "" if text.isprintable() and len(text) <= 100 else "100文字までの1行で書いてください。"


def name_fault(text: str) -> str:
    """The fault of the name of a municipality."""
    if text[-1:] in KINDS_OF_PLACES and len(text) > 1 and one_line(text) == "":
        return ""
    return "市、区、町、村、都、道、府、県のどれかで終わる、正式な名前を書いてください。"


def prefecture_fault(text: str) -> str:
    """The fault of the name of a prefecture."""
    return "" if text[-1:] in "都道府県" and len(text) > 2 else "「○○県」のように書いてください。"


def english_fault(text: str) -> str:
    """The fault of an English name."""
    return "" if text.isascii() and text.isprintable() else "半角の英字で書いてください。"


def word_fault(text: str) -> str:
    """The fault of a word of the plan."""
    return "" if WORD.match(text) else "記号も空白もない12文字までの1語にしてください。"


def contact_fault(text: str) -> str:
    """The fault of an address to write to; blank is allowed, the pages then say so."""
    if not text or re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+|https?://[^\s\"<>]+", text, re.ASCII):
        return ""
    return "メールアドレスか、https:// で始まる住所を書いてください。"


def homepage_fault(text: str) -> str:
    """The fault of the public address."""
    if re.fullmatch(r"https?://[^\s\"<>/?#]+(/[^\s\"<>?#]*)?", text):
        return ""
    return "https:// で始まる公開先の住所を書いてください（例: https://example.jp/plan/）。"


def choice_fault(*choices: str) -> Callable[[str], str]:
    """The fault of an answer that is none of the choices."""
    return lambda text: (
        "" if text in choices else f"{'、'.join(choices)} のどれかを書いてください。"
    )


def number_fault(low: int, high: int) -> Callable[[str], str]:
    """The fault of an answer that is no whole number between two."""

    def fault(text: str) -> str:
        good = re.fullmatch(r"\d{1,4}", text, re.ASCII) and low <= int(text) <= high
        return "" if good else f"{low}から{high}までの半角の数字で書いてください。"

    return fault


def accent_fault(text: str) -> str:
    """The fault of a colour; a pale one is no fault, it is darkened."""
    return (
        "" if not text or HEX.match(text) else "#0017c1 のように、# と16進数6けたで書いてください。"
    )


QUESTIONS = (
    Question("name", "自治体の名前", "みなもと市", None, name_fault),
    Question("prefecture", "都道府県の名前", "架空県", None, prefecture_fault),
    Question("code", "全国地方公共団体コード（6けた）", "131016", None, code_fault),
    Question("name_en", "自治体の英語の名前", "Minamoto City", fixed(""), english_fault),
    Question("plan", "計画を1語で言うと", "総合戦略", fixed("総合戦略"), word_fault),
    Question(
        "title",
        "サイトの題名",
        "みなもと市総合戦略オープンデータ",
        lambda a, _: f"{a['name']}{a['plan']}オープンデータ",
        one_line,
    ),
    Question(
        "title_en",
        "サイトの英語の題名",
        "Minamoto City Plan: Open Data",
        lambda a, _: f"{a['name_en']} Plan: Open Data" if a["name_en"] else "",
        english_fault,
    ),
    Question("publisher", "公開する人や課の名前", "みなもと市企画課", by_name, one_line),
    Question(
        "official", "自治体の公式サイトですか", "いいえ", fixed(NO[0]), choice_fault(*YES, *NO)
    ),
    Question("contact", "連絡先", "plan@city.example.jp", fixed(""), contact_fault),
    Question(
        "homepage",
        "公開先の住所",
        "https://plan.example.jp/",
        lambda a, _: f"https://{slug(a)}.example.jp/",
        homepage_fault,
    ),
    Question(
        "licence", "データの許諾（ライセンス）", "CC-BY-4.0", fixed("CC-BY-4.0"),
        choice_fault(*LICENCES),
    ),
    Question("accent", "サイトの色", "#0017c1", fixed(""), accent_fault),
    Question("goal_word", "計画の柱を何と呼びますか", "基本目標", fixed(Terms.goal), word_fault),
    Question(
        "measure_word", "柱の下を何と呼びますか", "施策", fixed(Terms.measure), word_fault
    ),
    Question("goals", "柱の数", "4", fixed("2"), number_fault(1, MOST_GOALS)),
    Question("year_type", "計画の年の数え方", "fiscal", fixed("fiscal"), choice_fault(*KINDS)),
    Question(
        "first_year",
        "計画の最初の年（西暦）",
        "2025",
        lambda a, today: str(year_of(today, a["year_type"]) - 2),
        number_fault(1950, 2150),
    ),
    Question(
        "last_year",
        "計画の最後の年（西暦）",
        "2029",
        lambda a, _: str(int(a["first_year"]) + 4),
        number_fault(1950, 2150),
    ),
    Question(
        "lag_months", "年が終わってから値が出そろうまでの月数", "9", fixed("9"), number_fault(0, 60)
    ),
)  # fmt: skip
"""All questions in the order in which they are asked."""


def year_of(today: date, year_type: str) -> int:
    """The year a day belongs to."""
    return fiscal_year_of(today) if year_type == "fiscal" else today.year


def slug(answers: Mapping[str, str]) -> str:
    """A name for machines: from the English name, else from the code."""
    name = re.sub(r"(?i)\b(city|town|village|ward|prefecture)\b", "", answers.get("name_en", ""))
    short = "-".join(re.findall("[a-z0-9]+", name.lower()))
    return f"{short or 'area-' + answers['code']}-plan"


def faults(answers: Mapping[str, str]) -> Iterator[str]:
    """Everything that is wrong with a whole set of answers, each a sentence with its option."""
    for question in QUESTIONS:
        answer = answers.get(question.name)
        if answer is None:
            yield f"{question.option}: {question.words}を書いてください（例: {question.example}）。"
        elif fault := question.fault(answer):
            yield f"{question.option}: 「{answer}」は使えません。{fault}"


def year_fault(answers: Mapping[str, str], today: date) -> str:
    """The fault of a term that ends before it begins or lies in the future; blank when sound."""
    first, last = int(answers["first_year"]), int(answers["last_year"])
    if last <= first:
        return f"--last-year: 計画の最後の年{last}が、最初の年{first}より後ではありません。"
    if first > year_of(today, answers["year_type"]) + 1:
        return f"--first-year: 計画の最初の年{first}は先すぎます。来年までの年を書いてください。"
    return ""


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers in the shapes that the files need; ``remarks`` say what was changed in them."""

    said: Mapping[str, str]
    today: date
    remarks: tuple[str, ...]
    accent: str

    def __getitem__(self, name: str) -> str:
        """The answer to a question."""
        return self.said[name]

    @property
    def official(self) -> bool:
        """Whether the municipality itself publishes the site."""
        return self.said["official"] in YES

    @property
    def slug(self) -> str:
        """The name of the package for machines."""
        return slug(self.said)

    @property
    def first(self) -> int:
        """First year of the plan."""
        return int(self.said["first_year"])

    @property
    def last(self) -> int:
        """Last year of the plan."""
        return int(self.said["last_year"])

    @property
    def now(self) -> int:
        """The year of the plan that today belongs to."""
        return year_of(self.today, self.said["year_type"])

    @property
    def base(self) -> int:
        """The year of the baselines: before the plan, and over by now."""
        return min(self.first, self.now) - 1

    @property
    def words(self) -> dict[str, str]:
        """The words of the plan that are not the usual ones, as ``datapackage.json`` has them."""
        given = {
            "plan": self.said["plan"],
            "goal": self.said["goal_word"],
            "measure": self.said["measure_word"],
        }
        return {name: word for name, word in given.items() if word != getattr(Terms, name)}

    @property
    def terms(self) -> Terms:
        """The words of the plan."""
        place = {"name": self.said["name"]}
        kind = self.said["year_type"]
        return terms_of({"municipality": place, "terms": self.words, "year_type": kind})


def settled(answers: Mapping[str, str], today: date) -> Answers:
    """Sound answers with the colour made readable."""
    accent, remarks = answers["accent"].lower(), []
    if accent and weakest(accent) < READABLE:
        mended = readable(accent)
        remarks.append(
            f"色「{accent}」は薄く、白い地との差が{weakest(accent):.1f}:1しかありません。"
            f"文字が読めるように、同じ色合いで{READABLE}:1以上ある「{mended}」にしました。"
        )
        accent = mended
    return Answers(dict(answers), today, tuple(remarks), accent)
