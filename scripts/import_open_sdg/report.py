"""What the import did: rows made, decisions, what was left out, what a person must write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """One remark: the place it is about (a file, or a table and its rows), what, and why or how."""

    place: str
    what: str
    why: str = ""


HEADS = {
    "chosen": "取り込みで決めたこと",
    "left": "運ばなかったもの",
    "fill": "人が書くところ（空のままです）",
    "problems": "検査が止めるところ（書き終えてから、もう一度検査してください）",
}


@dataclass(slots=True)
class Report:
    """Everything that is said about an import; ``rows`` counts the rows made per table."""

    source: str
    rows: dict[str, int] = field(default_factory=dict)
    chosen: list[Note] = field(default_factory=list)
    left: list[Note] = field(default_factory=list)
    fill: list[Note] = field(default_factory=list)
    problems: list[Note] = field(default_factory=list)

    def parts(self) -> Iterator[tuple[str, list[Note]]]:
        """The lists that hold anything, each with its heading."""
        for name, head in HEADS.items():
            if notes := sorted(set(getattr(self, name))):
                yield head, notes


def to_text(report: Report) -> str:
    """For the terminal."""
    lines = [f"{report.source} から作った行: {counts(report)}"]
    for head, notes in report.parts():
        lines += ["", f"{head}（{len(notes)}件）"]
        lines += [f"  {n.place}: {n.what}{n.why}" for n in notes]
    return "\n".join(lines) + "\n"


def to_markdown(report: Report) -> str:
    """For a page or an issue."""
    lines = ["# Open SDGからの取り込み", "", f"もと: `{report.source}`", ""]
    lines += [f"作った行: {counts(report)}", ""]
    for head, notes in report.parts():
        lines += [f"## {head}", "", "| 場所 | こと | 理由・書き方 |", "| --- | --- | --- |"]
        lines += [f"| {cell(n.place)} | {cell(n.what)} | {cell(n.why)} |" for n in notes]
        lines.append("")
    return "\n".join(lines)


def to_json(report: Report) -> str:
    """For programs."""
    whole = asdict(report)
    for name in HEADS:
        whole[name] = [asdict(note) for note in sorted(set(getattr(report, name)))]
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def counts(report: Report) -> str:
    """``kpis 3、targets 2``."""
    return "、".join(f"{table} {count}" for table, count in report.rows.items() if count) or "なし"


def cell(text: str) -> str:
    """Text that neither ends a cell of a Markdown table nor starts HTML."""
    plain = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return plain.replace("\\", "\\\\").replace("|", "\\|")
