"""What was promised, and how far the figures are from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import ge, le

from tests.bench.sites import Figures
from tests.bench.table import figure, lay, per_kpi

OURS = "このプロジェクト"
OBSERVABLE = "Observable Framework"


@dataclass(frozen=True, slots=True)
class Goal:
    """``value`` of the figures has to be at most ``limit`` (at least, with ``least``)."""

    what: str
    limit: float
    kind: str
    value: Callable[[Figures], float]
    least: bool = False

    def found(self, figures: Figures) -> float | None:
        """The measured value; ``None`` when its part was not run."""
        try:
            return self.value(figures)
        except (KeyError, IndexError):
            return None

    def reached(self, value: float) -> bool:
        """Whether the value is on the right side; the limit itself is."""
        return bool((ge if self.least else le)(value, self.limit))

    def row(self, value: float | None) -> tuple[str, str, str]:
        """A line of the table."""
        side = "以上" if self.least else "以下"
        limit = figure(self.limit, self.kind) + (side if self.kind != "y" else "")
        return self.what, limit, "" if value is None else figure(value, self.kind)


def build(size: str, key: str) -> Callable[[Figures], float]:
    """A figure of the part that makes sites."""
    return lambda f: float(f["build"][size][key])


def phone(key: str) -> Callable[[Figures], float]:
    """Our figure on the slow phone against that of Observable Framework."""
    return lambda f: float(f["phone"][OURS][key] / f["phone"][OBSERVABLE][key])


def page(name: str, key: str) -> Callable[[Figures], float]:
    """A figure of a first visit."""
    return lambda f: float(f["page-bytes"][name]["before"][key])


def growth(figures: Figures) -> float:
    """How much heavier the page of an indicator is in the largest town than in the smallest."""
    return per_kpi(figures["growth"], "kpi_gzip") - 1


GOALS = (
    Goal("もう一度作る ÷ 素のテーマ（指標500）", 1.0, "r", build("500", "warm_to_plain")),
    Goal("もう一度作る ÷ 素のテーマ（指標5,000）", 0.65, "r", build("5000", "warm_to_plain")),
    Goal("もう一度作る ÷ Materialとその検索（指標500）", 0.6, "r", build("500", "warm_to_stock")),
    Goal(
        "もう一度作る ÷ Materialとその検索（指標5,000）", 0.4, "r", build("5000", "warm_to_stock")
    ),
    Goal(
        "初めて作る ÷ 素朴な作りかた（指標500）",
        0.2,
        "r",
        lambda f: f["naive"]["500"]["cold_to_naive"],
    ),
    Goal("1つの値を変えて作る ÷ 初めて作る（指標500）", 0.1, "r", build("500", "cell_to_cold")),
    Goal("1つの値を変えて作る ÷ 初めて作る（指標5,000）", 0.1, "r", build("5000", "cell_to_cold")),
    Goal(
        "指標1つの費用、5,000のとき ÷ 50のとき（`build`をもう一度）",
        1.3,
        "r",
        lambda f: f["build"]["5000"]["stages_ms_per_kpi"] / f["build"]["50"]["stages_ms_per_kpi"],
    ),
    Goal(
        "指標1つの費用、5,000のとき ÷ 50のとき（全部をもう一度）",
        1.3,
        "r",
        lambda f: f["build"]["5000"]["warm_ms_per_kpi"] / f["build"]["50"]["warm_ms_per_kpi"],
    ),
    Goal(
        "指標1つの費用、5,000のとき ÷ 50のとき（全部を初めて）",
        1.3,
        "r",
        lambda f: f["build"]["5000"]["cold_ms_per_kpi"] / f["build"]["50"]["cold_ms_per_kpi"],
    ),
    Goal("最も大きいプロセスの記憶、初めて（指標5,000）", 200, "MB", build("5000", "cold_peak_mb")),
    Goal(
        "最も大きいプロセスの記憶、もう一度（指標5,000）", 200, "MB", build("5000", "warm_peak_mb")
    ),
    Goal("プレビューで値を1つ変えてから新しいページまで", 1.0, "s", lambda f: f["live"]["live_s"]),
    Goal("指標のページの初めの訪問（gzip）", 70_000, "KB", page("指標", "gzip")),
    Goal("指標のページの初めの訪問のリクエスト", 6, "n", page("指標", "requests")),
    Goal("ホームの初めの訪問（gzip）", 90_000, "KB", page("ホーム", "gzip")),
    Goal("指標が50から5,000になったときの、指標のページの増えかた", 0.02, "%", growth),
    Goal("遅い電話で図が見えるまで ÷ Observable Framework", 0.5, "r", phone("chart_s")),
    Goal("同じく、HTTP/1.1のサーバーで", 0.5, "r", phone("chart_http1_s")),
    Goal(
        "JavaScriptなしで図が見える",
        True,
        "y",
        lambda f: f["phone"][OURS]["without_script"],
        least=True,
    ),
    Goal(
        "検索の索引 ÷ Materialの索引（指標5,000）",
        0.1,
        "r",
        lambda f: f["search"]["5000"]["index_to_stock"],
    ),
    Goal(
        "検索に触れる前に読む検索のファイル",
        0,
        "n",
        lambda f: f["search"]["5000"]["before_touch"],
    ),
    Goal(
        "検索に触れてから最初の結果まで（指標5,000）",
        0.3,
        "s",
        lambda f: f["search"]["5000"]["first_result_s"],
    ),
    Goal(
        "Frictionlessだけの検査 ÷ バイトとセルの検査（実績50,000）",
        5,
        "r",
        lambda f: f["load"]["5000"]["stock_to_preflight"],
        least=True,
    ),
    Goal(
        "実績1,000,000の検査の、最も大きいプロセスの記憶（示した上限）",
        700,
        "MB",
        lambda f: f["million"]["100000"]["peak_mb"],
    ),
)


def render_goals(figures: Figures) -> str:
    """Reached, missed and not measured, each as a table."""
    found = [(goal, goal.found(figures)) for goal in GOALS]
    groups = (
        ("届いた目標", [(g, v) for g, v in found if v is not None and g.reached(v)]),
        ("届いていない目標", [(g, v) for g, v in found if v is not None and not g.reached(v)]),
        ("測っていない目標", [(g, v) for g, v in found if v is None]),
    )
    return "\n\n".join(
        f"**{title}**（{len(group)}）\n\n"
        + lay(("目標", "決めた値", "測った値"), [goal.row(value) for goal, value in group])
        for title, group in groups
        if group
    )
