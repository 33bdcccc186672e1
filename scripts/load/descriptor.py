"""Read ``datapackage.json`` and check all that reading the tables depends on."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from scripts.load.files import is_inside
from scripts.load.limits import MAX_COLLECTED, MAX_DESCRIPTOR_BYTES
from scripts.load.shape import REMOVE, RESTORE, check_schema_shape
from scripts.messages import shown
from scripts.model import REQUIRED_TABLES, TABLES, Problem

PACKAGE_KEYS = [
    *("$schema", "profile", "name", "id", "title", "description", "version", "created"),
    *("homepage", "image", "keywords", "licenses", "contributors", "sources", "resources"),
    *("municipality", "official", "contact", "title_en", "repository"),
    *("freshness", "firstPublished", "accent", "terms", "year_type"),
]
RESOURCE_KEYS = [
    *("name", "path", "type", "title", "description", "format", "mediatype", "encoding"),
    *("scheme", "dialect", "schema", "bytes", "hash", "sources", "licenses", "profile", "$schema"),
]

Say = Any
"""``say(code, message, fix, key, inside)`` makes a problem; ``key`` inside a table and column finds
the line."""


def read_descriptor(path: Path) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The descriptor and what is wrong with it; ``None`` when no table can be read by it."""
    name = path.name or "datapackage.json"

    def one(code: str, message: str, fix: str) -> tuple[None, list[Problem]]:
        return None, [Problem(name, 0, "", code, message, fix)]

    try:
        if not path.is_file():
            return one(
                "file-missing",
                f"{shown(name)} が見つかりません。",
                "リポジトリーのいちばん上のフォルダーで実行しているか確かめてください。",
            )
        if path.stat().st_size > MAX_DESCRIPTOR_BYTES:
            return one(
                "file-too-large",
                f"大きすぎます（上限は{MAX_DESCRIPTOR_BYTES:,}バイト）。",
                "別のファイルを置いていないか確かめてください。",
            )
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            return one(
                "encoding-error", "UTF-8 として読めません。", "UTF-8 で保存し直してください。"
            )
        return one("file-missing", f"{shown(name)} を読めません。", "場所を確かめてください。")
    descriptor, problem = parse_json(name, text)
    if problem:
        return None, [problem]

    def say(
        code: str, message: str, fix: str, key: str = "", inside: tuple[str, ...] = ()
    ) -> Problem:
        row = line_of(text, key, inside)
        return Problem(name, row, shown(key), code, message, fix, shown(key))

    if isinstance(descriptor, dict):
        listed_keys(descriptor)
    problems = list(islice(check_descriptor(descriptor, say), MAX_COLLECTED))
    if not problems:
        problems = list(check_references({r["name"]: r for r in descriptor["resources"]}, say))
    return (None if problems else descriptor), problems


def listed_keys(descriptor: dict[str, Any]) -> None:
    """Write keys given as one name as a list of one; the standard allows both."""
    resources = descriptor.get("resources")
    for resource in resources if isinstance(resources, list) else ():
        schema = resource.get("schema") if isinstance(resource, dict) else None
        if not isinstance(schema, dict):
            continue
        foreign = schema.get("foreignKeys")
        keys = [k for k in (foreign if isinstance(foreign, list) else ()) if isinstance(k, dict)]
        places = [(schema, "primaryKey"), *((key, "fields") for key in keys)]
        places += [(r, "fields") for k in keys if isinstance(r := k.get("reference"), dict)]
        for owner, name in places:
            if isinstance(owner.get(name), str):
                owner[name] = [owner[name]]


def parse_json(name: str, text: str) -> tuple[Any, Problem | None]:
    """JSON without repeated keys, or the problem with its line."""

    def problem(message: str, fix: str, row: int) -> tuple[None, Problem]:
        return None, Problem(name, row, "", "json-error", message, fix)

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        seen = dict(pairs)
        if len(seen) != len(pairs):
            keys = [key for key, _ in pairs]
            raise RepeatedKeyError(next(k for k in keys if keys.count(k) > 1))
        return seen

    if match := re.search(r"^(<{7}|\|{7}|={7}|>{7})( |$)", text, re.MULTILINE):
        return None, Problem(
            name,
            text[: match.start()].count("\n") + 1,
            "",
            "merge-conflict",
            "変更の衝突の印（<<<<<<< など）が残っています。",
            "正しい行だけを残し、印の行を消してください。",
        )
    try:
        return json.loads(text, object_pairs_hook=unique), None
    except json.JSONDecodeError as error:
        return problem(
            f"JSON として読めません（{error.lineno}行{error.colno}文字目）。",
            'この行と直前の行の、「,」や「"」の付け忘れ、余分な「,」、全角の記号を確かめてください'
            '（例: "name": "kpis",）。',
            error.lineno,
        )
    except RepeatedKeyError as error:
        return problem(
            f"キー「{shown(error.args[0])}」が同じ {{ }} の中に2回あります。",
            "1つを残して消してください。",
            line_of(text, error.args[0]),
        )
    except (RecursionError, ValueError):
        return problem(
            "JSON の入れ子か数字が、読める大きさを超えています。", "書き直してください。", 0
        )


class RepeatedKeyError(Exception):
    """A key, the argument, stands twice in one JSON object."""


def line_of(text: str, key: str, inside: tuple[str, ...] = ()) -> int:
    """The line where a key or a value first stands in the JSON text, 0 when it does not.

    ``inside`` names the table and the column in which it stands.
    """
    if not key:
        return 0
    start = 0
    for outer in inside:
        named = re.compile(r'"name"\s*:\s*' + re.escape(json.dumps(outer, ensure_ascii=False)))
        if match := named.search(text, start):
            start = match.start()
    at = text.find(json.dumps(key, ensure_ascii=False), start)
    return text[:at].count("\n") + 1 if at >= 0 else 0


def check_descriptor(descriptor: Any, say: Say) -> Iterator[Problem]:
    """Every fault of the descriptor that would keep the tables from being read or published."""
    if not isinstance(descriptor, dict) or not isinstance(descriptor.get("resources"), list):
        yield say(
            "package-error",
            "resources（表の一覧）がありません。",
            "元のファイルを取り戻してください。",
        )
        return
    yield from misspelt(descriptor, PACKAGE_KEYS, "全体", say)
    yield from check_settings(descriptor, say)
    seen: set[str] = set()
    for resource in descriptor["resources"]:
        table = resource.get("name") if isinstance(resource, dict) else None
        if not isinstance(table, str) or not isinstance(resource.get("path"), str):
            yield say(
                "package-error",
                "name と path（文字1つ）のそろっていない表があります。",
                '書き足してください（例: "name": "kpis", "path": "data/kpis.csv"）。',
            )
        elif table in seen:
            yield say("package-error", f"表「{table}」が2回以上宣言されています。", REMOVE, table)
        elif table not in TABLES:
            near = difflib.get_close_matches(table, TABLES)
            yield say(
                "package-error",
                f"表「{shown(table)}」は、このサイトが知らない表です。",
                f"「{near[0]}」の書き違いなら直してください。"
                if near
                else f"使える表は {'、'.join(TABLES)} です。",
                table,
            )
        else:
            seen.add(table)
            yield from check_resource(table, resource, say)
    for table in REQUIRED_TABLES:
        if table not in seen:
            yield say(
                "table-missing",
                f"必要な表「{table}」の宣言がありません。",
                "resources に書き足すか、元のファイルを取り戻してください。",
            )


def misspelt(
    given: Mapping[str, Any], known: list[str], where: str, say: Say, inside: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """Keys that are close to a known one but not it; others are somebody's own and may stay."""
    for key in islice(given, MAX_COLLECTED):
        if key in known:
            continue
        if near := difflib.get_close_matches(key, known, cutoff=0.85):
            yield say(
                "schema-key",
                f"{where}のキー「{shown(key)}」は、綴りが違うようです。",
                f"「{near[0]}」のことなら直してください。",
                key,
                inside,
            )


def check_settings(descriptor: Mapping[str, Any], say: Say) -> Iterator[Problem]:
    """The settings of the site, in the shapes that pages and files rely on."""
    shapes: dict[str, tuple[type, str]] = {
        **dict.fromkeys(("title", "description", "homepage", "version"), (str, "文字")),
        **dict.fromkeys(("contact", "repository", "title_en"), (str, "文字")),
        **dict.fromkeys(("licenses", "contributors", "sources", "keywords"), (list, "一覧 [ ]")),
        "municipality": (dict, "{ }"),
        "official": (bool, "true か false"),
    }
    for key, (kind, name) in shapes.items():
        if key in descriptor and not isinstance(descriptor[key], kind):
            yield say("package-error", f"「{key}」は{name}で書きます。", RESTORE, key)
    for key in ("licenses", "contributors"):
        value = descriptor.get(key)
        for item in value if isinstance(value, list) else ():
            if not isinstance(item, dict) or not all(
                isinstance(item.get(k, ""), str) for k in ("name", "title", "path")
            ):
                yield say(
                    "package-error",
                    f"「{key}」の中は {{ }} で、名前や場所は文字で書きます。",
                    RESTORE,
                    key,
                )
    place = descriptor.get("municipality")
    if isinstance(place, dict) and not all(isinstance(v, str) for v in place.values()):
        yield say(
            "package-error",
            "「municipality」の中は文字で書きます。",
            '例: "name": "○○市" のように書きます。',
            "municipality",
        )
    homepage = descriptor.get("homepage")
    if isinstance(homepage, str) and homepage and not re.match(r"https?://[^\s\"<>]+\Z", homepage):
        yield say(
            "package-error",
            f"「homepage」の「{shown(homepage)}」は公開先の住所ではありません。",
            "https:// で始まる住所を書いてください（例: https://example.jp/）。",
            "homepage",
        )


def check_resource(table: str, resource: dict[str, Any], say: Say) -> Iterator[Problem]:
    """Path, dialect and schema of one table."""
    where = resource["path"]
    yield from misspelt(resource, RESOURCE_KEYS, f"表「{table}」", say, (table,))
    if not is_inside(where):
        yield say(
            "unsafe-path",
            f"表「{table}」の場所「{shown(where)}」は、パッケージの外を指しています。",
            f"datapackage.json と同じフォルダーの中に置いてください（例: data/{table}.csv）。",
            where,
            (table,),
        )
    if "encoding" in resource and str(resource["encoding"]).lower() not in ("utf-8", "utf8"):
        yield say(
            "package-error",
            f"表「{table}」の encoding は utf-8 だけが使えます。",
            RESTORE,
            "encoding",
        )
    dialect = resource.get("dialect", {})
    if not isinstance(dialect, dict) or dialect.get("delimiter", ",") != ",":
        yield say(
            "package-error", f"表「{table}」の区切りはコンマだけが使えます。", RESTORE, "dialect"
        )
    yield from check_schema_shape(table, resource.get("schema"), say, misspelt)


def check_references(tables: Mapping[str, dict[str, Any]], say: Say) -> Iterator[Problem]:
    """Foreign keys must name declared tables and columns; for tables of the right shape."""

    def columns(table: str) -> set[str]:
        return {field["name"] for field in tables[table]["schema"]["fields"]}

    for table, resource in tables.items():
        for key in resource["schema"].get("foreignKeys", ()):
            other = key["reference"].get("resource") or table
            if not isinstance(other, str) or other not in tables:
                yield say(
                    "schema-key",
                    f"表「{table}」の foreignKeys の表「{shown(str(other))}」の宣言がありません。",
                    "表の名前を直してください。",
                    str(other),
                    (table,),
                )
            elif not set(map(str, key["reference"]["fields"])) <= columns(other):
                yield say(
                    "schema-key",
                    f"表「{table}」の foreignKeys が、表「{other}」にない列を指しています。",
                    "列の名前を直してください。",
                    "foreignKeys",
                    (table,),
                )
