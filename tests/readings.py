"""Cells, headers, files and constraints that ``test_readings.py`` has explained."""

from __future__ import annotations

from typing import Any

from tests.breaking import HEADER, LINE

NUMBERS = """
１，２３４．５|7　|\t7|1,234|-1,234.5|12,34|1,234,5|.5|-.5|007|-01.50|1,234人|45.9 万人|-3人
12 ％|約1,200|計 3件|約12兆|約１２件|▲1,234.5|△3 人|– 3|ー5|−5|－5|1E+05|1e5|-1.2E-3|##|#
#REF!|#N/A|#DIV/0!|'12|’-1,234.5|=1+1|+A1|@SUM(A1)|+5|〃|々|同上|〃〃|同じ|同左|"|l8|1O5
2S,000|O|lO|-l0.5|4月5日|4/5|5-Apr|5-apr|14月15日|不明|-|--3|NaN|1_000|12.|1.2.3
1234567890123456|12.0|1,234.5|-3.5|1,234,567,890,123,456|1 2|３．５|true|あ1234567890い
1234567890123円|123円|12a34|12-34|年12|12 名
 1,234| 12人|\u200318|\x0b18|\x0b|123456789012345人|-123456789012345|123456789012.345
1234567890123.456|+a1|@sum(a1)
"""
YEARS = """
R7|R 7|Ｒ７|令和元年度|令和7年|平成32|平成31年度|H31|S64|昭和64年度|２０２５|2025年度|2025年
2025 年度|2025/4/1|2025/3|2025-03-31|2025.12|2025年1月|2025年12月|2025/13|2025/0|2025/12/
2025-1a|45748|21|0|西暦2025|明治10|2019〜2020|令和7年度末|R0|l025|2O25|R|-2025|2025.0|1E+03
２０２５年４月|\x0b|\u2003R7
"""
BOOLEANS = "TRUE|True|ＴＲＵＥ| true |1|yes|はい|False|ｆａｌｓｅ|-"
TEXTS = """
ふつうの文。|a\u200bb|\u0007| x|x　|\u3000x\u3000|速\ufffd|〃|々|同上|同左|"|=1+1|=Xmas|+1|@x|-1|- 1
--|-a|=|=@+x|<script>x|< / SCRIPT|javascript:alert(1)|vbscript :x|onclick=x|onclick = "x"
one=1|data:text/html,x|<b>x|</b>|<!-- x|&amp;|&#12;|&#x1F;|&x|](x|![x|`x`|**x**|__x__|__|~~x~~
{{x}}|{%x|# x|#x|> x|* x|1. x|2) x|1.x|--- |===|=|0166-26-1111|(0166)26-1111|(0166) 26-1111
09012345678|０９０１２３４５６７８|+81-90-1234-5678| 0166-26-1111|0120(123)456
電話0166‐26‐1111
0166−26−1111|12-0166-26-1111|123456789012|1234567890123|1234 5678 9012|1234-5678-9012
1234-5678 9012|〒070-8525|〒 0708525|taro@example.jp|taro@example
https://example.jp/?q=0166-26-1111|090\u200b12345678|①0166-26-1111|http://a.jp taro@example.jp
x\u2003|\x0b|ftp://x taro@a.jp|①|㈱|Ⅲ|№|℡|〜|～|ｱｲ|⼀|か\u3099く|は\u309a|𠮷|10〜20|①と②
"""
HEADERS = [
    HEADER,
    HEADER.replace("note", "remark"),
    HEADER.replace("value", "valeu"),
    HEADER.replace("year", "ｙｅａｒ").replace("value", " value"),
    HEADER.replace("value", "実績値"),
    HEADER.replace("note", "year"),
    "value,year,kpi_id,status,source_id,locator,note",
    "value,year,kpi_id,status,source_id,locator,remark",
    HEADER + ",",
    HEADER + ",memo,電話番号,full name,owner_email",
    "kpi_id,year",
    "あ,い",
    "題名,,\n\n" + HEADER,
    "\n".join(["題名"] * 9 + [HEADER]),
    "\n".join(["題名"] * 10 + [HEADER]),
    HEADER.replace(",", "\t"),
    HEADER.replace(",", ";"),
    HEADER + ";x",
    HEADER.replace("year", " 'Year'"),
    HEADER.replace("year", "Xyear"),
    "value,Year,kpi_id,status,source_id,locator,note",
    "x" * 300,
    "," * 200,
    "," * 199,
    "\n" + HEADER.replace("note", '"note"'),
    HEADER.replace("note", '"note"s'),
]
ROWS = [
    LINE,
    LINE + "\n",
    LINE + "\n\n",
    LINE + "\n \n" + LINE,
    ",,,,,,\n" + LINE,
    LINE + ",",
    "farm-persons,2025",
    LINE.replace("33ページ", '"33ページ, 表1"'),
    LINE.replace("33ページ", '"33ページ" 表1'),
    LINE.replace("33ページ", '"33\nページ"') + "\n" + LINE + "x",
    LINE.replace("33ページ", '"33ページ') + "\n" + LINE,
    LINE.replace("33ページ", '33"ページ'),
    LINE.replace("33ページ", "taro@example.jp") + ",x",
    "farm-persons,123456789012",
    "123456789012,〒070-8525,0166-26-1111",
    LINE.replace("33ページ", '"電話0166-26-1111'),
    LINE + "\n" + LINE.replace("farm-persons", ""),
    LINE.replace("farm-persons", "") + "\n" + LINE,
    *(LINE.replace("33ページ", blank) for blank in (" ", "\x0b")),
    LINE.replace(",18,", ", ,"),
    LINE.replace(",18,", ",18人,").replace("2025", "R7").replace("final", "final "),
    LINE.replace("33ページ", "0166-26-1111"),
    LINE.replace(",18,", ",0166-26-1111,"),
    "<<<<<<< HEAD\n" + LINE + "\n=======\n>>>>>>> x",
    "<<<<<<<HEAD\n" + LINE,
    '"""18"""' + LINE,
    "\n".join(["<<<<<<< a", "||||||| b", "=======", ">>>>>>> c", "=== x", "======="] * 3),
    "x" * 100_001,
]
GOOD = f"{HEADER}\n{LINE}\n"
WHOLE = [
    *(GOOD.encode(name) for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp932")),
    *(GOOD.replace("\n", end).encode() for end in ("\r\n", "\r")),
    *(GOOD.replace(",", mark).encode() for mark in "\t;"),
    GOOD.replace(",", "\t").replace("33ページ", "33ページ, 表1").encode("cp932"),
    GOOD.replace(",", "\t").replace("note", "remark").encode(),
    b"\xff\xfe" + GOOD.encode("utf-16-be"),
    b"\xfe\xff" + GOOD.encode("utf-16-be"),
    f'{HEADER}\r\n{LINE}"x'.encode(),
    f"令和7年度\r\n{LINE}\r\n".encode(),
    (HEADER.replace("value,", "") + "\n" + LINE.replace("18,final", "final ")).encode(),
    *(
        f'{HEADER}\n"farm-persons",R7,18,final,s,l,{last}{end}'.encode()
        for last in ('"1\n2"', '\nfarm-persons,2026,,,s,l,"1\n2"', '\n"farm-persons",2026,,,s,l,')
        for end in ("", "\n")
    ),
    b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").replace("2025", "R7").encode(),
    f"{HEADER}\n{LINE}\n\n{LINE.replace('2025', '2024')}".encode(),
    f"{HEADER}\r\n".encode(),
    f"{HEADER}\na,b\n{LINE.replace('2025', 'R7')}\n".encode(),
    f"{HEADER}\n{LINE.replace('33ページ', chr(0x2003)).replace('2025', 'R7')}\n".encode(),
    (f"{HEADER}\n{LINE.replace('2025', 'R7')}\n" + LINE.replace("farm-persons", '"z"')).encode(),
    "\n".join(
        [HEADER, *(LINE.replace("2025", f"20{n}") for n in (24, 21, 22, 25, 23, 20))]
    ).encode(),
]
FILES = [
    *(b"", b" \n\t", b"PK\x03\x04x", b"\xd0\xcf\x11\xe0", b"%PDF-1", b"{\\rtf1", b"a,b\n\0", b"a"),
    *(
        b"\xef\xbb\xbfa\r\nb",
        b"a\r\nb\rc",
        b"a\nb\rc",
        b"a\rb",
        b"\xef\xbb\xbf",
        b"\xef\xbb\xbf \n",
    ),
    *("あ".encode("utf-16"), "a\nb".encode("utf-16-be"), b"\xfe\xff\0a", b"\xff\xfea"),
    *("数\r\nb".encode("cp932"), "a\n数".encode("euc_jp"), b"a\n\xb1", b"a\nb\xff\nc"),
    *("あ\n".encode() + "数".encode("cp932"), b"a\n\n\xe3\x81", b"\x81", b"\n\xff", b"a\n\0b\n\0"),
]
PLACES = [
    *(
        "data/a.csv",
        "a.csv",
        "data/X.csv",
        "./a.csv",
        "../a.csv",
        "data/../a.csv",
        "data/../../a.csv",
        "/a.csv",
    ),
    *("", ".", "C:a.csv", "data/C:a.csv", "a\\b.csv", "a\nb", "a\rb", "a\0b", "https://a/b.csv"),
]

JSON = [
    *(b"", b"{", b"\xff", b"[]", b"\xef\xbb\xbf3", b"[" * 100_000, b"1" * 5_000),
    *('{\n"é": 1,\n"title": 3,}'.encode(), b'{"a": 1,\n\n"b": {"c": 1, "c": 2}}'),
    *(b'{"a": 1,\n"b": 2,\n"b": 1, "a": 2}', b"{\n\n<<<<<<< HEAD\n=======\n>>>>>>> x\n}"),
    *(b"||||||| x", b"{}\n=======", b"{}\n========", b'{"a": "<<<<<<< "}', b"[\n]\n>>>>>>> x"),
    '{"resources": [{}],\n"titel": 3,\n"homepage": "é é"}'.encode(),
    b"""{"description": "zoo", "resources": [
    {"name": "goals", "path": "g.csv", "schema": {"fields": [{"name": "a", "type": "zoo"},
    {"name": "b", "type": "zoo"}], "primaryKey": ["a"]}},
    {"name": "ratings", "path": "r.csv", "schema": {"fields": [{"name": "a",
    "type": "string"}, {"name": "b",
    "type": "zoo"}], "primaryKey": ["a"]}}]}""",
    b"""{"resources": [3, {"schema": 3}, {"name": "ratings", "path": "r.csv", "schema": {
    "fields": [{"name": "a", "type": "string"}], "primaryKey": "a", "foreignKeys": [
    3, {"fields": "a", "reference": 3},
    {"fields": "a", "reference": {"resource": "", "fields": "a"}}]}}]}""",
]
"""Whole descriptors."""

FIELD = {"name": "label", "title": "題名", "type": "string", "description": "説明。"}
LIMITS: list[tuple[dict[str, Any], str, str]] = [
    *(
        ({**FIELD, "type": kind}, "x", "type")
        for kind in ("string", "integer", "number", "boolean")
    ),
    ({"name": "label", "type": "string"}, "", "required"),
    (FIELD, "", "required"),
    ({**FIELD, "constraints": {"enum": ["annual", "cumulative"]}}, "anual", "enum"),
    ({**FIELD, "constraints": {"enum": ["annual", "cumulative"]}}, "年", "enum"),
    ({**FIELD, "constraints": {"enum": ["annual", "cumulative"]}}, "cumulate", "enum"),
    ({**FIELD, "constraints": {"enum": ["annual", "point"]}}, "poi-po", "enum"),
    *(
        ({**FIELD, "name": name, "constraints": {"minimum": 3, "maximum": 9}}, cell, kind)
        for name in ("position", "year")
        for cell, kind in (("1", "minimum"), ("45748", "maximum"), ("25748", "maximum"))
    ),
    ({**FIELD, "constraints": {"maxLength": 2, "minLength": 2}}, "abc", "maxLength"),
    ({**FIELD, "constraints": {"maxLength": 2, "minLength": 2}}, "a", "minLength"),
    *(
        ({**FIELD, "name": name}, "?", "pattern")
        for name in ("kpi_id", "rating", "published", "reading", "url", "label")
    ),
    ({"name": "label", "type": "string"}, "?", "pattern"),
    (FIELD, "x", "unique"),
    (FIELD, "x", "somethingElse"),
    ({"name": "label", "type": "string"}, "x", "somethingElse"),
]
