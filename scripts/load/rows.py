"""From text to rows of cells, block by block: a table is never held as text and as rows at once."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scripts.load.files import TIDY
from scripts.load.limits import MAX_CELLS, MAX_COLLECTED, MAX_LINE_CHARS, MAX_ROWS
from scripts.load.mend import is_plain
from scripts.load.text import check_private
from scripts.messages import shown
from scripts.model import Problem

CONFLICT = re.compile(r"(<{7}|\|{7}|={7}|>{7})( |$)")

BLOCK_CHARS = 1 << 17
"""Characters that are split at once; more than the longest line."""


@dataclass(frozen=True, slots=True)
class Split:
    """Rows, the line that each starts on, and what stands between their cells."""

    lines: list[int]
    rows: list[list[str]]
    delimiter: str


def split_rows(path: str, text: str, columns: int) -> Split | None:
    """All rows at once; ``None`` when not all of them can be told apart."""
    if refused(path, text, columns):
        return None
    source = Rows(path, text)
    blocks = list(source)
    if not source.whole:
        return None
    lines = [number for numbers, _ in blocks for number in numbers]
    return Split(lines, [row for _, rows in blocks for row in rows], source.delimiter)


def refused(path: str, text: str, columns: int) -> Problem | None:
    """Why a text is not to be split at all: too many cells, too long lines, an open conflict."""
    count = text.count("\n") + 1
    if count > MAX_ROWS:  # counted first: ten million short lines would fill the memory
        return Problem(
            path,
            0,
            "",
            "file-too-large",
            f"{count:,}行あり、多すぎます（上限は{MAX_ROWS:,}行）。",
            "別のファイルを置いていないか、空の行が続いていないか確かめてください。",
        )
    if count * columns > MAX_CELLS:
        return Problem(
            path,
            0,
            "",
            "file-too-large",
            f"{count:,}行に{columns}列あり、多すぎます（上限は{MAX_CELLS:,}個の欄）。",
            "使わない列の宣言がないか、別のファイルを置いていないか確かめてください。",
        )
    start = 0
    while len(text) - start > MAX_LINE_CHARS:
        end = text.rfind("\n", start, start + MAX_LINE_CHARS + 1)
        if end < 0:
            stop = text.find("\n", start)
            length = (len(text) if stop < 0 else stop) - start
            return Problem(
                path,
                text[:start].count("\n") + 1,
                "",
                "line-too-long",
                f"1行が{length:,}文字あり、長すぎます（上限は{MAX_LINE_CHARS:,}文字）。",
                '引用符「"」の閉じ忘れや、余分なコンマの連続がないか確かめてください。',
            )
        start = end + 1
    if any(mark * 7 in text for mark in "<|=>"):
        source = text.split("\n")
        if conflicts := [n for n, line in enumerate(source, 1) if CONFLICT.match(line)]:
            return Problem(
                path,
                conflicts[0],
                "",
                "merge-conflict",
                "変更の衝突の印（<<<<<<< など）が残っています"
                f"（{'、'.join(map(str, conflicts[:9]))}行目）。",
                "2つの書き方のうち正しい行だけを残し、印の行を消してください。",
                shown(source[conflicts[0] - 1]),
            )
    return None


class Rows:
    """The rows of a text in blocks; a record is one line of the file.

    Iterating gives the lines on which the rows of a block start, and the rows. ``problems`` and
    ``whole`` (false when reading stopped early) are complete when the last block was given.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.delimiter, self.problems = find_delimiter(path, text.partition("\n")[0])
        self.whole = True
        self._at = 0
        self._line = 1

    def __iter__(self) -> Iterator[tuple[Sequence[int], list[list[str]]]]:
        """The blocks."""
        text = self.text
        last = len(text) - text.endswith("\n")
        while self._at < len(text) and self.whole:
            end = last
            if len(text) - self._at > BLOCK_CHARS:
                end = self._at + text[self._at : self._at + BLOCK_CHARS].rindex("\n")
            block = text[self._at : end]
            if '"' in block:
                yield self._quoted(end)
            else:
                lines = block.split("\n")
                numbers = range(self._line, self._line + len(lines))
                self._at, self._line = end + 1, numbers.stop
                yield numbers, [line.split(self.delimiter) for line in lines]

    def _quoted(self, end: int) -> tuple[list[int], list[list[str]]]:
        """The rows from here up to at least ``end``, read by the rules of quotes."""
        numbers: list[int] = []
        rows: list[list[str]] = []
        reader = csv.reader(self._lines(), delimiter=self.delimiter, strict=True)
        begin, first = self._at, self._line
        try:
            for row in reader:
                numbers.append(self._line)
                rows.append(row or [""])  # as a blank line is elsewhere
                following = first + reader.line_num
                if following != self._line + 1 and len(self.problems) < MAX_COLLECTED:
                    self.problems.append(
                        Problem(
                            self.path,
                            self._line,
                            "",
                            "line-break",
                            "セルの中に改行があります（Excel の Alt+Enter）。",
                            "改行を消し、1件を1行にしてください。",
                        )
                    )
                begin, self._line = self._at, following
                if begin > end:
                    break
        except csv.Error:
            self.problems += unread_row(
                self.path,
                self._line,
                self.text[begin:].partition("\n")[0].split(self.delimiter),
                "quote-error",
                '引用符「"」の使い方が正しくありません。この行より後は読めていません。',
                '「"」を対にするか、消してください（例: "1行目、2行目"）。',
            )
            self.whole = False
        return numbers, rows

    def _lines(self) -> Iterator[str]:
        """The lines from here on; where it stands is where the next block starts."""
        while self._at < len(self.text):
            stop = self.text.find("\n", self._at)
            stop = len(self.text) if stop < 0 else stop
            line = self.text[self._at : stop] + "\n"
            self._at = stop + 1
            yield line


def unread_row(
    path: str, row: int, cells: list[str], code: str, message: str, fix: str
) -> Iterator[Problem]:
    """What is said of cells that belong to no column: their text is the value.

    A row with personal data is not repeated, as a cell is not; that is said besides, unless the
    cell may belong to a column of numbers.
    """
    private = {cell: finding for cell in cells for finding in check_private(cell)}
    yield Problem(path, row, "", code, message, fix, "" if private else shown(",".join(cells)))
    for cell, finding in private.items():
        if not is_plain(cell, "number"):
            yield Problem(path, row, "", finding.code, finding.message, finding.fix)
            return


def find_delimiter(path: str, first: str) -> tuple[str, list[Problem]]:
    """The comma, or what somebody used instead of it (reported)."""
    for mark, name in (("\t", "タブ"), (";", "セミコロン「;」")):
        if "," not in first and mark in first:
            return mark, [
                Problem(
                    path,
                    1,
                    "",
                    "wrong-delimiter",
                    f"列の区切りがコンマではなく{name}です。",
                    "Excel では「CSV UTF-8（コンマ区切り）」を選んで保存し直してください。" + TIDY,
                )
            ]
    return ",", []
