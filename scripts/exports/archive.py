"""The archive with every table, its descriptor and a README; the same files give the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

from scripts.exports.table import Table, heading
from scripts.exports.workbook import categories
from scripts.memory import Files


def archive(files: Mapping[str, bytes]) -> bytes:
    """Files as a zip, sorted by name, without clocks or permissions of this machine."""
    target, given = io.BytesIO(), Files(files)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bundle:
        for name in sorted(given):
            with bundle.open(name, "w") as stream:  # its time is the earliest that a zip can carry
                stream.writelines(given.pieces(name))
            entry = bundle.getinfo(name)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
    return target.getvalue()


def readme(tables: Sequence[Table], about: Sequence[tuple[str, str]], title: str) -> bytes:
    """What is in the archive, in Japanese: files, terms, columns and codes."""
    lines = [f"# {title}", ""]
    for name, text in about:
        lines += [f"## {name}", "", text, ""]
    lines += ["## ファイル", ""]
    lines += [f"- {t.path}：{t.title}（{len(t.rows)}行）。{t.description}" for t in tables]
    lines += [
        "- kpis/：指標ごとの実績。列の見出しは日本語で、値の見出しに単位があります。",
        "- datapackage.json：すべての表と列の定義、ファイルの大きさとハッシュ。",
        "",
        "## 列の定義",
        "",
    ]
    for table in tables:
        lines += [f"### {table.title}（{table.path}）", ""]
        for column in table.fields:
            codes = "、".join(f"{c['value']}={c['label']}" for c in categories(column))
            text = str(column.get("description", ""))
            lines.append(
                f"- {column['name']}：{heading(column)}。{text}"
                + (f"コード：{codes}。" if codes else "")
            )
        lines.append("")
    return "\n".join(lines).encode()
