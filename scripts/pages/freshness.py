"""The freshness board: which values are there, which are late and since when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scripts.freshness import CURRENT, LATE, MISSING, WAITING, board, lag_months
from scripts.pages.environment import Pieces, Renderer
from scripts.pages.views import Views


@dataclass(frozen=True, slots=True)
class State:
    """A state as the board shows it."""

    label: str
    symbol: str
    tone: str
    description: str


STATES = {
    MISSING: State("値がない", "―", "bad", "基準年より後の値が、収録した資料に一つもありません。"),
    LATE: State(
        "新しい値を待っている",
        "！",
        "warn",
        "値はありますが、その次の年の値がそろう時期を過ぎています。",
    ),
    WAITING: State("まだ時期ではない", "…", "none", "値はまだありませんが、そろう時期の前です。"),
    CURRENT: State("そろっている", "✓", "good", "今の時点でそろうはずの値が、すべてあります。"),
}


def pages(render: Renderer, views: Views) -> Iterator[tuple[str, Pieces]]:
    """The board of the latest term."""
    lag = lag_months(views.package.descriptor)
    yield (
        "status.md",
        render(
            "freshness",
            "../",
            lag=lag,
            states=STATES,
            board=board(views.latest_items, views.today, lag),
        ),
    )
