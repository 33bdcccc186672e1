"""Read a data repository in the layout of the Open SDG data starter, as it is.

``data/indicator_1-1-1.csv`` holds values, ``indicator-config/1-1-1.yml`` and ``meta/1-1-1.yml`` (or
``.md`` with front matter) what is known of the indicator, ``translations/LANGUAGE/GROUP.yml`` the
texts behind keys like ``GROUP.key``, ``config_data.yml`` the languages.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.import_open_sdg.report import Note, Report

INDICATOR = re.compile(r"(?:indicator_)?([0-9a-z]+(?:-[0-9a-z]+)+)", re.IGNORECASE)
"""The id of an indicator in the name of its file: 1-1-1, 1-a-2, 10-7-2-a."""

META_FOLDERS = ("indicator-config", "meta")
"""Where an indicator is described; what the later one says counts, as in Open SDG's own build."""

KEY = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+")


@dataclass(slots=True)
class Indicator:
    """An indicator of the repository: what is said of it, where, and its rows of values.

    ``rows`` pairs the line in the file with its cells; ``columns`` is the header.
    """

    indicator_id: str
    facts: dict[str, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    data: str = ""
    columns: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)

    @property
    def number(self) -> str:
        """``1.1.1``: what it is called in public."""
        return self.indicator_id.replace("-", ".")


@dataclass(frozen=True, slots=True)
class Repository:
    """The indicators, and the texts of one language by their keys."""

    indicators: tuple[Indicator, ...]
    words: Mapping[str, str]
    english: Mapping[str, str]

    def text(self, value: object) -> str:
        """A fact as text: a translation key becomes its text, one that is unknown becomes blank."""
        return translated(value, self.words)


def translated(value: object, words: Mapping[str, str]) -> str:
    """The text behind a key; plain text stays, a key without a text becomes blank."""
    text = " ".join(str(value).split()) if isinstance(value, str | int | float) else ""
    if text in words:
        return words[text]
    if f"data.{text}" in words:  # the short way to write keys of this group
        return words[f"data.{text}"]
    return "" if KEY.fullmatch(text) and re.search("[A-Za-z]", text) else text


def read_repository(top: Path, language: str, report: Report) -> Repository:
    """Everything of the repository; files that cannot be read are noted and left."""
    config = read_yaml(top, top / "config_data.yml", report)
    inputs = config.get("inputs") or []
    for item in inputs if isinstance(inputs, list) else []:
        kind = str(item.get("class", "")) if isinstance(item, dict) else ""
        if kind and kind not in ("InputCsvData", "InputYamlMeta", "InputYamlMdMeta"):
            report.left.append(
                Note("config_data.yml", f"{kind} の入力は読めません。", "CSVとYAMLだけを読みます。")
            )
    found: dict[str, Indicator] = {}
    for file in sorted((top / "data").glob("*-*.csv")):
        if match := INDICATOR.fullmatch(file.stem):
            read_values(top, file, indicator_of(found, match[1]), report)
    for folder in (top / name for name in META_FOLDERS):
        for place in (folder, folder / language):  # texts of one language may have a folder
            for file in sorted([*place.glob("*-*.yml"), *place.glob("*-*.md")]):
                if match := INDICATOR.fullmatch(file.stem):
                    read_facts(top, file, indicator_of(found, match[1]), report)
    return Repository(
        indicators=tuple(sorted(found.values(), key=lambda i: natural(i.indicator_id))),
        words=dict(read_words(top, language, report)),
        english=dict(read_words(top, "en", report)),
    )


def indicator_of(found: dict[str, Indicator], name: str) -> Indicator:
    """The indicator of that id, new when nothing named it before."""
    return found.setdefault(name.lower(), Indicator(name.lower()))


def natural(indicator_id: str) -> list[tuple[int, int, str]]:
    """1-2-1 before 1-10-1 before 1-a-1."""
    parts = indicator_id.split("-")
    return [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in parts]


def languages_of(top: Path) -> list[str]:
    """The languages of the site, in its own order."""
    listed = read_yaml(top, top / "config_data.yml", Report("")).get("languages")
    return [str(name) for name in listed] if isinstance(listed, list) else []


def read_text(top: Path, file: Path, report: Report) -> str | None:
    """A text file as UTF-8; anything else is noted."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except (UnicodeDecodeError, OSError):
        note = Note(named(top, file), "UTF-8として読めません。", "UTF-8で保存してください。")
        report.left.append(note)
        return None


def named(top: Path, file: Path) -> str:
    """The path of a file below the repository."""
    return file.relative_to(top).as_posix()


def read_yaml(top: Path, file: Path, report: Report, text: str | None = None) -> dict[str, Any]:
    """The mapping of a YAML file (or of ``text`` from it); blank when there is none."""
    import yaml

    if text is None:
        text = read_text(top, file, report) if file.is_file() else ""
    try:
        loaded = yaml.safe_load(text or "")
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{mark.line + 1}行のあたりを直してください。" if mark else ""
        report.left.append(Note(named(top, file), "YAMLとして読めません。", where))
        return {}
    if loaded is not None and not isinstance(loaded, dict):
        report.left.append(Note(named(top, file), "「項目: 値」の形ではありません。"))
        return {}
    return {str(key): value for key, value in (loaded or {}).items()}


def read_facts(top: Path, file: Path, indicator: Indicator, report: Report) -> None:
    """What a file says of an indicator; blank values say nothing."""
    text = read_text(top, file, report)
    if text is None:
        return
    if file.suffix == ".md":
        match = re.match(r"---[ \t]*\r?\n(.*?)^---[ \t]*$(.*)", text, re.DOTALL | re.MULTILINE)
        if match is None:
            report.left.append(Note(named(top, file), "先頭に --- で囲んだ項目がありません。"))
            return
        if match[2].strip():
            report.left.append(Note(named(top, file), "項目の下の本文は運びません。"))
        text = match[1]
    for key, value in read_yaml(top, file, report, text).items():
        if value in (None, "", [], {}):
            continue
        old = indicator.facts.get(key)
        if old is not None and old != value:
            report.chosen.append(
                Note(
                    f"{named(top, file)} {key}",
                    f"{indicator.places[key]} と違います。",
                    "Open SDGと同じく、こちらの値にしました。",
                )
            )
        indicator.facts[key] = value
        indicator.places[key] = named(top, file)


def read_values(top: Path, file: Path, indicator: Indicator, report: Report) -> None:
    """The header and the rows of a table of values."""
    text = read_text(top, file, report)
    if text is None:
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    place = named(top, file)
    try:
        header = next(reader, [])
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error:
        report.left.append(Note(f"{place}:{reader.line_num}", "CSVとして読めません。"))
        return
    if "Year" not in header or "Value" not in header:
        report.left.append(
            Note(
                f"{place}:1",
                "Year と Value の列がありません。",
                "名前は大文字と小文字まで、この通りに書きます（前後の空白もなし）。",
            )
        )
        return
    if len(set(header)) < len(header):
        report.left.append(Note(f"{place}:1", "同じ名前の列が2つあります。"))
        return
    indicator.data, indicator.columns = place, header
    for number, row in rows:
        if len(row) == len(header):
            indicator.rows.append((number, row))
        else:
            why = f"見出しは{len(header)}列、この行は{len(row)}列です。"
            report.left.append(Note(f"{place}:{number}", "列の数が見出しと違います。", why))


def read_words(top: Path, language: str, report: Report) -> Iterator[tuple[str, str]]:
    """Keys and texts of a language: ``GROUP.key`` from ``translations/LANGUAGE/GROUP.yml``."""
    for file in sorted((top / "translations" / language).glob("*.yml")):
        yield from flattened(file.stem, read_yaml(top, file, report))


def flattened(prefix: str, value: object) -> Iterator[tuple[str, str]]:
    """The texts of nested mappings by their keys joined with dots."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flattened(f"{prefix}.{key}", inner)
    elif isinstance(value, str | int | float):
        yield prefix, " ".join(str(value).split())
