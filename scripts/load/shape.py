"""The shape of one table schema, checked here so that nothing unexpected reaches Frictionless."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from typing import Any

from scripts.load.limits import MAX_COLUMNS
from scripts.load.pattern import matcher
from scripts.load.records import CONVERT
from scripts.load.text import is_personal
from scripts.messages import shown
from scripts.model import TABLES, Problem

SCHEMA_KEYS = ["fields", "fieldsMatch", "missingValues", "primaryKey", "foreignKeys", "uniqueKeys"]
SCHEMA_KEYS += ["title", "description", "$schema", "profile"]
FIELD_KEYS = ["name", "title", "description", "type", "format", "constraints", "unit", "example"]
FIELD_KEYS += ["trueValues", "falseValues", "rdfType", "categories", "missingValues"]
CONSTRAINTS: dict[str, tuple[type, ...]] = {
    "required": (bool,),
    "unique": (bool,),
    "minimum": (int, float, str),
    "maximum": (int, float, str),
    "minLength": (int,),
    "maxLength": (int,),
    "pattern": (str,),
    "enum": (list,),
}
TYPE_OF = {"str": "string", "int": "integer", "Decimal": "number", "bool": "boolean"}
"""The type of a column for the annotation of a record's field."""

RESTORE = "元のファイルを取り戻すか、形を直してください。"
SIMPLER = (
    "かっこの数を確かめ、先読み（(?=…)）や、前と同じ文字（\\1）を使わずに書いてください"
    "（例: ^[a-z0-9-]+$）。"
)
REMOVE = "1つを残して消してください。"

Say = Callable[..., Problem]


def check_schema_shape(
    table: str, schema: Any, say: Say, misspelt: Callable[..., Iterator[Problem]]
) -> Iterator[Problem]:
    """Columns, types, constraints and keys of one table, and the columns that its record needs."""
    fields = schema.get("fields") if isinstance(schema, dict) else None
    if (
        not isinstance(fields, list)
        or not fields
        or not all(isinstance(f, dict) and isinstance(f.get("name"), str) for f in fields)
    ):
        yield say(
            "schema-key",
            f"表「{table}」の schema に、name のある fields（列の一覧）がありません。",
            "元のファイルを取り戻すか、書き足してください。",
            table,
        )
        return
    if len(fields) > MAX_COLUMNS:
        yield say(
            "schema-key",
            f"表「{table}」の列が{len(fields):,}あり、多すぎます（上限は{MAX_COLUMNS}）。",
            "余分な列の宣言を消してください。",
            "fields",
            (table,),
        )
        return
    yield from strange(schema, SCHEMA_KEYS, f"表「{table}」の schema ", say, (table,))
    names = [f["name"] for f in fields]
    for name in sorted({n for n in names if names.count(n) > 1}):
        yield say(
            "schema-key",
            f"表「{table}」に、列「{shown(name)}」が2回以上あります。",
            REMOVE,
            name,
            (table,),
        )
    for field in fields:
        where = f"表「{table}」の列「{shown(field['name'])}」"
        yield from misspelt(field, FIELD_KEYS, where, say, (table, field["name"]))
        yield from check_field(table, field, say)
    yield from check_keys(table, schema, set(names), say)
    yield from check_columns(table, fields, say)


def strange(
    given: dict[str, Any], known: list[str], where: str, say: Say, inside: tuple[str, ...]
) -> Iterator[Problem]:
    """Keys that mean nothing here and so would be passed over in silence."""
    for key in given:
        if key not in known:
            near = difflib.get_close_matches(key, known)
            yield say(
                "schema-key",
                f"{where}に、知らないキー「{shown(key)}」があります。",
                f"「{near[0]}」のことなら直してください。"
                if near
                else f"使えるキーは {'、'.join(known)} です。",
                key,
                inside,
            )


def check_field(table: str, field: dict[str, Any], say: Say) -> Iterator[Problem]:
    """Type and constraints of one column."""
    name, where = field["name"], f"表「{table}」の列「{shown(field['name'])}」"
    inside = (table, name)
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", name):
        yield say(
            "schema-key",
            f"{where}の名前は、半角の英小文字、数字、_ だけで書きます。",
            "名前を直してください（例: target_year）。",
            name,
            (table,),
        )
    if is_personal(name) or is_personal(str(field.get("title"))):
        yield say(
            "personal-data",
            f"{where}は、個人の情報の列です。",
            "個人の情報は公開できません。列ごと消してください。",
            name,
            (table,),
        )
    if field.get("type") not in list(CONVERT):
        yield say(
            "schema-key",
            f"{where}の type「{shown(str(field.get('type')))}」は使えません。",
            f"{'、'.join(CONVERT)} のどれかを書いてください。",
            str(field.get("type")),
            inside,
        )
        return
    for key, kind in (("title", str), ("description", str)):
        if not isinstance(field.get(key, ""), kind):
            yield say("schema-key", f"{where}の {key} は文字で書きます。", RESTORE, key, inside)
    for key in ("trueValues", "falseValues"):
        if field.get(key, [key[:-6]]) != [key[:-6]]:
            yield say(
                "schema-key",
                f"{where}の {key} は {key[:-6]} だけが使えます。",
                RESTORE,
                key,
                inside,
            )
    constraints = field.get("constraints", {})
    if not isinstance(constraints, dict):
        yield say(
            "schema-key",
            f"{where}の constraints は {{ }} で書きます。",
            RESTORE,
            "constraints",
            inside,
        )
        return
    yield from strange(constraints, list(CONSTRAINTS), f"{where}の constraints ", say, inside)
    for key, value in constraints.items():
        if key in CONSTRAINTS and not fits(field["type"], key, value):
            yield say(
                "schema-key",
                f"{where}の {key} の値「{shown(str(value))}」は使えません。",
                SIMPLER if key == "pattern" else RESTORE,
                key,
                inside,
            )


def fits(kind: str, key: str, value: Any) -> bool:
    """Whether a constraint has a value that can be applied to the type of its column."""
    right_type = isinstance(value, CONSTRAINTS[key])
    if not right_type:
        return False
    if isinstance(value, bool) != (key in ("required", "unique")):
        return False
    if key in ("minimum", "maximum"):
        return kind in ("integer", "number") and bool(
            re.fullmatch(r"-?\d{1,20}(\.\d{1,20})?", str(value))
            if kind == "number"
            else re.fullmatch(r"-?\d{1,20}", str(value))
        )
    if key in ("minLength", "maxLength"):
        return bool(kind == "string" and 0 <= value < 1_000_000)
    if key == "pattern":
        try:
            matcher(value)
        except ValueError:
            return False
        return bool(kind == "string")
    if key == "enum":
        return bool(kind == "string" and value and all(isinstance(v, str) for v in value))
    return True


def check_keys(table: str, schema: dict[str, Any], names: set[str], say: Say) -> Iterator[Problem]:
    """Primary and foreign keys are lists of declared columns."""

    def are_columns(value: Any) -> bool:
        return (
            isinstance(value, list)
            and 0 < len(value) <= len(names)
            and all(isinstance(v, str) and v in names for v in value)
        )

    if not are_columns(schema.get("primaryKey")):
        yield say(
            "schema-key",
            f"表「{table}」の primaryKey は、この表の列の一覧で書きます。",
            '直してください（例: "primaryKey": ["kpi_id", "year"]）。',
            "primaryKey",
            (table,),
        )
    if schema.get("missingValues", [""]) != [""]:
        yield say(
            "schema-key",
            f"表「{table}」の missingValues は、空の文字だけが使えます。",
            '直してください（例: "missingValues": [""]）。',
            "missingValues",
            (table,),
        )
    keys = schema.get("foreignKeys", [])
    for key in keys if isinstance(keys, list) and len(keys) <= MAX_COLUMNS else [None]:
        reference = key.get("reference") if isinstance(key, dict) else None
        theirs = reference.get("fields") if isinstance(reference, dict) else None
        if (
            not isinstance(key, dict)
            or not are_columns(key.get("fields"))
            or not isinstance(theirs, list)
            or len(theirs) != len(key["fields"])
        ):
            yield say(
                "schema-key",
                f"表「{table}」の foreignKeys の形が正しくありません。",
                "fields と reference（resource と fields）を、同じ数の列で書いてください。",
                "foreignKeys",
                (table,),
            )


def check_columns(table: str, fields: list[dict[str, Any]], say: Say) -> Iterator[Problem]:
    """The columns that the record of the table has, with its types and without its blanks."""
    declared = {f["name"]: f for f in fields}
    for name, known in TABLES[table].__dataclass_fields__.items():
        if name == "row":
            continue
        kind, _, optional = str(known.type).partition(" | ")
        field = declared.get(name)
        if field is None:
            yield say(
                "schema-key",
                f"表「{table}」に、必要な列「{name}」の宣言がありません。",
                "fields に書き足すか、元のファイルを取り戻してください。",
                table,
            )
            continue
        if field.get("type") in list(CONVERT) and field["type"] != TYPE_OF[kind]:
            yield say(
                "schema-key",
                f"表「{table}」の列「{name}」の type は {TYPE_OF[kind]} でなければなりません。",
                "元の型に戻してください。",
                name,
                (table,),
            )
        constraints = field.get("constraints")
        needed = isinstance(constraints, dict) and constraints.get("required") is True
        if kind != "str" and not optional and not needed:
            yield say(
                "schema-key",
                f"表「{table}」の列「{name}」は空にできません。",
                'constraints に "required": true を書いてください。',
                name,
                (table,),
            )
