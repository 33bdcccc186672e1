"""Our own reading of the 30 public rules of machine readability, over every published file.

:func:`measure` looks, :func:`regressions` compares with the committed record (``readability.json``
beside ``datapackage.json``): a rule that was kept must stay kept.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from itertools import islice

from scripts.exports.cells import to_json
from scripts.exports.table import Table
from scripts.memory import NOTHING, Files, Made, Memory, stamp_of
from scripts.model import Problem
from scripts.readability.rules import RULES, Rule
from scripts.readability.sheets import Sheet, book_sheets, csv_sheet

RECORD = "readability.json"
PASSED, EXCEPTED, FAILED = "passed", "excepted", "failed"
LABELS = {PASSED: "適合", EXCEPTED: "理由のある例外", FAILED: "不適合"}


class Regression(Exception):  # noqa: N818 - it says what happened, not that code failed
    """A rule that was kept is kept no more."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.line() for problem in problems))
        self.problems = tuple(problems)


EXAMPLES = 3
"""How many findings of a file are shown."""

OPEN_FORMATS = ("csv", "xlsx", "json", "jsonld", "sqlite")


@dataclass(frozen=True, slots=True)
class Exemption:
    """A rule that a file does not keep, on purpose: ``files`` is a pattern, ``only`` a finding."""

    rule_id: str
    files: str
    only: str
    reason: str


EXEMPTIONS = (
    Exemption(
        "L1-01",
        "*.zip",
        "",
        "CSVを束ねたファイルです。同じCSVを1つずつでも公開しています。",
    ),
    Exemption(
        "L1-01",
        "kpis/*.[sp][vn]g",
        "",
        "図は見るためのものです。同じ値をCSV、JSON、Excelで公開しています。",
    ),
    Exemption(
        "L1-08",
        "measures.csv",
        "のlabelの「",
        "資料に印字された施策の番号です。別の文字に替えると、資料と突き合わせられなくなります。",
    ),
    Exemption(
        "L1-08",
        "all.xlsx",
        "の番号の「",
        "資料に印字された施策の番号です。別の文字に替えると、資料と突き合わせられなくなります。",
    ),
    Exemption(
        "L3-04",
        "*",
        "単位がファイルの中にありません",
        "単位は指標ごとに違い、kpis.csv の unit 列にあります。"
        "指標ごとのCSVとExcelでは、見出しに単位があります。",
    ),
    Exemption(
        "L3-05",
        "*",
        "の印字された時期「",
        "資料に印字された時期をそのまま残す列です。西暦の年は別の列にあります。",
    ),
    Exemption(
        "L3-05",
        "*",
        "の時点「",
        "毎年同じ月日に測る指標の、その月日です。年は実績の列にあります。",
    ),
    Exemption(
        "L3-06",
        "*",
        "地域の列がありません",
        "どの行も同じ1つの自治体のデータで、コードと名称は datapackage.json にあります。"
        "指標ごとのCSVとExcelには、コードと名称の列があります。",
    ),
    Exemption(
        "L3-08",
        "kpis/*",
        "項目名が日本語です",
        "人が開くためのファイルなので、見出しを日本語にしています。"
        "英数字の項目名は、表のCSVと datapackage.json にあります。",
    ),
    Exemption(
        "L3-08",
        "all.xlsx",
        "項目名が日本語です",
        "人が開くためのファイルなので、見出しを日本語にしています。"
        "英数字の項目名との対応は「定義」のシートにあります。",
    ),
)
"""Known exceptions of our formats with their reasons; one that no file needs fails the tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One rule over one file: ``findings`` with the reason where each is an exception."""

    rule_id: str
    findings: tuple[tuple[str, str], ...] = ()

    @property
    def outcome(self) -> str:
        """``passed``, ``excepted`` (every finding has a reason) or ``failed``."""
        if not self.findings:
            return PASSED
        return EXCEPTED if all(reason for _, reason in self.findings) else FAILED


Results = tuple[Result, ...]
"""The results of the rules that are for a file."""


class Report:
    """All results; a rule that is not for a file has none there.

    ``files`` gives the results by path. Files with the same results share them.
    """

    def __init__(self, rules: Sequence[Rule], files: Mapping[str, Results]) -> None:
        self.rules, self.files = tuple(rules), files
        self._alike: dict[Results, list[str]] = {}
        for path, results in files.items():
            self._alike.setdefault(results, []).append(path)
        self._counts = {rule.rule_id: Counter[str]() for rule in rules}
        for results, paths in self._alike.items():
            for result in results:
                self._counts[result.rule_id][result.outcome] += len(paths)

    def of(self, rule_id: str) -> Iterator[tuple[Result, list[str]]]:
        """The results of a rule, each with the files that have it."""
        for results, paths in self._alike.items():
            for result in results:
                if result.rule_id == rule_id:
                    yield result, paths

    def outcome(self, rule_id: str) -> str:
        """The worst result of a rule."""
        found = self._counts[rule_id]
        return next((o for o in (FAILED, EXCEPTED) if found[o]), PASSED)

    def counts(self, rule_id: str) -> dict[str, int]:
        """How many files have each result."""
        return {outcome: self._counts[rule_id][outcome] for outcome in LABELS}

    @property
    def summary(self) -> dict[str, int]:
        """How many rules have each result."""
        found = Counter(self.outcome(rule.rule_id) for rule in self.rules)
        return {outcome: found[outcome] for outcome in LABELS}

    def reasons(self, rule_id: str) -> dict[str, list[str]]:
        """The reasons for exceptions of a rule and the files they hold for."""
        found: dict[str, dict[str, None]] = {}
        for result, paths in self.of(rule_id):
            for _, reason in result.findings:
                if reason:
                    found.setdefault(reason, {}).update(dict.fromkeys(paths))
        order = {path: place for place, path in enumerate(self.files)}
        return {reason: sorted(paths, key=order.__getitem__) for reason, paths in found.items()}

    def failures(self, rule_id: str) -> list[tuple[str, str]]:
        """Files that break a rule with an example."""
        return [
            (path, finding)
            for result, paths in self.of(rule_id)
            for path in paths
            for finding, reason in result.findings
            if not reason
        ]

    def alike(self) -> list[tuple[list[str], Results]]:
        """Files of the same folder and form with the same results, together."""
        found: dict[tuple[str, str, Results], list[str]] = {}
        for path, results in self.files.items():
            folder, _, name = path.rpartition("/")
            key = (folder, name.partition(".")[2], results) if folder else (path, "", results)
            found.setdefault(key, []).append(path)
        return [(paths, results) for (_, _, results), paths in found.items()]


def measure(
    files: Files,
    tables: Sequence[Table],
    kpi_tables: Mapping[str, Table],
    memory: Memory = NOTHING,
) -> Report:
    """Look at every published file; ``files`` by path relative to ``data/``.

    ``kpi_tables`` are the tables of the indicators by path, made when they are asked for.
    """
    flat = {table.path: table for table in tables}
    titles = {table.title: table for table in tables}
    shape = stamp_of([(table.title, table.fields) for table in tables])
    shared: dict[Results, Results] = {}

    def look(path: str) -> Results:
        form = path.rpartition(".")[2]
        own = path.removesuffix("xlsx").removesuffix("csv") + "csv"
        if path in flat:
            sheets = iter([csv_sheet(path, files[path], flat[path], "table")])
        elif path in kpi_tables:
            sheets = iter([csv_sheet(path, files[path], kpi_tables[path], "kpi")])
        elif form == "xlsx":
            named = {"データ": kpi_tables[own]} if own in kpi_tables else titles
            sheets = book_sheets(path, files[path], named)
        else:
            found = () if form in OPEN_FORMATS else (f"形式は{form}です",)
            return (result_of("L1-01", sort_out(path, "L1-01", found, {})),)
        return tuple(results_of(path, sheets))

    def results(path: str) -> Results:
        if path.rpartition(".")[2] not in ("csv", "xlsx"):
            return look(path)
        what = path, files.stamp(path), shape if "/" not in path else ""
        kept = memory.recall("readable", what, lambda: Made(facts=packed(look(path))))
        return unpacked(kept.facts)

    return Report(RULES, {path: shared.setdefault(r := results(path), r) for path in files})


def packed(results: Results) -> list[list[object]]:
    """Results as JSON."""
    return [[r.rule_id, [list(finding) for finding in r.findings]] for r in results]


def unpacked(facts: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> Results:
    """Results from JSON."""
    return tuple(
        Result(rule_id=rule_id, findings=tuple((text, reason) for text, reason in findings))
        for rule_id, findings in facts
    )


Kept = dict[str, list[str]]
"""A few findings of a rule by the reason why each is an exception (blank: it is none)."""


def results_of(path: str, sheets: Iterable[Sheet]) -> Iterator[Result]:
    """Every rule over the sheets of one file, which are looked at one after the other."""
    kept: dict[str, Kept] = {}
    for sheet in sheets:
        for rule in RULES:
            if sheet.kind in rule.kinds:
                found = (sheet.label + finding for finding in rule.find(sheet))
                sort_out(path, rule.rule_id, found, kept.setdefault(rule.rule_id, {}))
    for rule in RULES:
        if rule.rule_id in kept:
            yield result_of(rule.rule_id, kept[rule.rule_id])


def sort_out(path: str, rule_id: str, findings: Iterable[str], kept: Kept) -> Kept:
    """Add findings to those of the same reason; of many a few are kept."""
    for finding in findings:
        same = kept.setdefault(reason_of(rule_id, path, finding), [])
        if len(same) < EXAMPLES:
            same.append(finding)
    return kept


def result_of(rule_id: str, kept: Kept) -> Result:
    """A result with the reasons that are known."""
    return Result(
        rule_id=rule_id,
        findings=tuple((finding, reason) for reason, some in kept.items() for finding in some),
    )


def reason_of(rule_id: str, path: str, finding: str) -> str:
    """Why a finding is an exception; blank when it is not."""
    for known in EXEMPTIONS:
        if known.rule_id == rule_id and fnmatch(path, known.files) and known.only in finding:
            return known.reason
    return ""


def record_of(report: Report) -> bytes:
    """The record to commit: the result of each rule."""
    return to_json({rule.rule_id: report.outcome(rule.rule_id) for rule in report.rules})


def regressions(report: Report, record: bytes | None) -> list[Problem]:
    """Rules that the record calls kept and that are kept no more; nothing without a record."""
    if record is None:
        return []
    try:
        known = dict(json.loads(record.decode("utf-8-sig")))
    except (ValueError, TypeError):
        return [problem("JSON として読めません。", "記録を作り直してください。")]
    rank = list(LABELS)
    worse = [
        rule
        for rule in report.rules
        if known.get(rule.rule_id) in rank
        and rank.index(report.outcome(rule.rule_id)) > rank.index(known[rule.rule_id])
    ]
    return [
        problem(
            f"機械可読性のルール {rule.rule_id}「{rule.title}」を守れなくなりました: "
            + "、".join(f"data/{path} の {text}" for path, text in islice(broken(report, rule), 3))
            + "。",
            "公開するデータを直してください。",
        )
        for rule in worse
    ]


def broken(report: Report, rule: Rule) -> Iterator[tuple[str, str]]:
    """Files and findings of a rule, those without a reason first."""
    yield from report.failures(rule.rule_id)
    for result, paths in report.of(rule.rule_id):
        for finding, reason in result.findings:
            if reason:
                yield from ((path, finding) for path in paths)


def problem(message: str, fix: str) -> Problem:
    """A problem of the record."""
    return Problem(RECORD, 0, "", "readability", message, fix)
