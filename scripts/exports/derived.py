"""Tables that are computed, not curated. A new one is one more function in :data:`DERIVED`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from scripts.exports.cells import blank, ratio
from scripts.exports.table import Field, Rows, Table, field
from scripts.model import Package
from scripts.plan import KpiProject, kpi_projects
from scripts.progress import Progress

PROGRESS_FIELDS: tuple[Field, ...] = (
    field("strategy_id", "戦略ID", "計画の期を表す記号。"),
    field("kpi_id", "指標ID", "指標を表す記号。"),
    field("role", "位置づけ", "goal=基本目標の数値目標、kpi=施策のKPI。"),
    field("goal_id", "基本目標ID", "基本目標を表す記号。"),
    field("measure_id", "施策ID", "施策を表す記号。空欄は基本目標の数値目標。"),
    field("unit", "単位", "値の単位。空欄は単位のない数。"),
    field("baseline_year", "基準年", "計算の始まりの年（西暦）。", "integer"),
    field(
        "baseline_value", "基準値", "計算の始まりの値。累計で基準値の印字がないものは0。", "number"
    ),
    field("target_year", "目標年", "目標の年（西暦）。", "integer"),
    field("target_value", "目標値", "目標の値。空欄は数値でない目標。", "number"),
    field("target_text", "目標の文言", "数値でない目標の、印字された文言。"),
    field("latest_year", "最新の年", "判定に使う実績の年（西暦）。", "integer"),
    field("latest_value", "最新の値", "判定に使う実績の値。", "number"),
    field("latest_status", "最新の値の状態", "final=確定値、provisional=速報値、estimate=推計値。"),
    field(
        "progress",
        "進捗率",
        "(最新値−基準値)÷(目標値−基準値)。1で目標に届く。",
        "number",
        unit="倍",
    ),
    field("elapsed", "経過率", "(最新の年−基準年)÷(目標年−基準年)。", "number", unit="倍"),
    field("pace", "ペース", "進捗率÷経過率。", "number", unit="倍"),
    field("status_id", "判定ID", "判定の区分。"),
    field("status_label", "判定", "判定の区分の名称。"),
    field("reason", "判定できない理由", "判定できないときの理由。"),
    field("is_final", "最終値か", "最新の値が目標年のものなら true。", "boolean"),
)
"""Every input and result of the published rule; ratios with six decimals."""


def progress_row(item: Progress) -> dict[str, str]:
    """Every input and result of one judgement as text; ratios with six decimals."""
    latest = item.latest
    values = (
        item.target.strategy_id,
        item.kpi.kpi_id,
        item.target.role,
        item.target.goal_id,
        item.target.measure_id,
        item.kpi.unit,
        blank(item.baseline_year),
        blank(item.baseline),
        blank(item.target.target_year),
        blank(item.target.target_value),
        item.target.target_text,
        blank(latest.year if latest else None),
        blank(latest.value if latest else None),
        latest.status if latest else "",
        ratio(item.progress),
        ratio(item.elapsed),
        ratio(item.pace),
        item.status.status_id,
        item.status.label,
        item.reason,
        "true" if item.is_final else "false",
    )
    names = (str(column["name"]) for column in PROGRESS_FIELDS)
    return dict(zip(names, values, strict=True))


def progress_table(package: Package, judged: Sequence[Progress]) -> Table:  # noqa: ARG001
    """All judgements with their inputs."""
    return Table(
        name="progress",
        path="progress.csv",
        title="判定の計算",
        description="すべての指標の判定の、入力と結果。判定の方法のページの式をやり直せる。",
        fields=PROGRESS_FIELDS,
        rows=Rows(lambda: (tuple(progress_row(item).values()) for item in judged), len(judged)),
        primary_key=("strategy_id", "kpi_id"),
        keys=(
            {
                "fields": ["strategy_id", "kpi_id"],
                "reference": {"resource": "targets", "fields": ["strategy_id", "kpi_id"]},
            },
            {
                "fields": ["status_id"],
                "reference": {"resource": "status_bands", "fields": ["status_id"]},
            },
        ),
    )


KPI_PROJECT_FIELDS: tuple[Field, ...] = (
    field("strategy_id", "戦略ID", "計画の期を表す記号。"),
    field("kpi_id", "指標ID", "指標を表す記号。"),
    field("kpi_name", "指標名", "指標の名称。"),
    field("goal_id", "基本目標ID", "基本目標を表す記号。"),
    field("measure_id", "施策ID", "指標が置かれた施策。"),
    field("measure_title", "施策名", "指標が置かれた施策の題。"),
    field(
        "project_measure_id",
        "事業の施策ID",
        "事業が印字された施策。番号の付いた施策では、そのもとの施策。空欄は事業の一覧がない。",
    ),
    field("fiscal_year", "年度", "事業の年度（西暦）。", "integer"),
    field("project_no", "番号", "施策の中で印字された番号。", "integer"),
    field("project_name", "事業名", "印字された事業名。"),
    field("department", "部局名", "担当する部局。"),
    field("relevance", "関連性", "direct=◎直接的に関係する事業、supporting=○補完する関連事業。"),
    field(
        "is_repeat",
        "再掲",
        "再掲と印字されていれば true。",
        "boolean",
    ),
    field("budget_thousand_yen", "予算事業費", "予算の事業費。", "integer", unit="千円"),
    field("source_id", "出典ID", "事業の出典。sources の source_id。"),
)
"""The join of indicators with the projects listed under their measures."""


def kpi_project_cells(line: KpiProject, departments: Mapping[str, str]) -> tuple[str, ...]:
    """One line of the join as text; blank where the measure has no listed project."""
    project = line.project
    start = (
        line.target.strategy_id,
        line.kpi.kpi_id,
        line.kpi.name,
        line.target.goal_id,
        line.measure.measure_id,
        line.measure.title,
    )
    if project is None:
        return start + ("",) * (len(KPI_PROJECT_FIELDS) - len(start))
    return (
        *start,
        line.home.measure_id,
        str(project.fiscal_year),
        str(project.project_no),
        project.name,
        departments[project.department_id],
        project.relevance,
        "true" if project.is_repeat else "false",
        str(project.budget_thousand_yen),
        project.source_id,
    )


def kpi_projects_table(package: Package, judged: Sequence[Progress]) -> Table:  # noqa: ARG001
    """Indicator → measure → projects → budget."""
    departments = {d.department_id: d.name for d in package.departments}
    lines = kpi_projects(package)
    return Table(
        name="kpi-projects",
        path="kpi-projects.csv",
        title="指標と事業のつながり",
        description="指標、指標が置かれた施策、その施策の事業と予算をつないだ表。"
        "同じ事業が何度も出るので、予算をそのまま足してはいけない。",
        fields=KPI_PROJECT_FIELDS,
        rows=Rows(lambda: (kpi_project_cells(line, departments) for line in lines), len(lines)),
        keys=(
            {
                "fields": ["strategy_id", "kpi_id"],
                "reference": {"resource": "targets", "fields": ["strategy_id", "kpi_id"]},
            },
        ),
    )


DERIVED: tuple[Callable[[Package, Sequence[Progress]], Table], ...] = (
    progress_table,
    kpi_projects_table,
)
"""Each becomes a CSV in ``data/``, a sheet, a table of the database and part of the dictionary."""
