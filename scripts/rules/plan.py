"""Rules for projects and their printed totals, the draft revision, achievements and voices."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.model import Achievement, Package, Problem, Project, Record
from scripts.plan import TOTAL, first_appearances, reconcile
from scripts.rules.registry import at, rule


def goal_names(package: Package) -> dict[str, str]:
    """What messages call a goal."""
    names = {g.goal_id: f"基本目標「{g.title}」" for g in package.goals}
    return {**names, TOTAL: "全体"}


@rule
def project_totals(package: Package) -> Iterator[Problem]:
    """事業の行数、再掲の行数、予算の合計は、資料に印字された小計と合計に一致する。"""
    names = goal_names(package)
    for item in reconcile(package):
        control, where = item.control, names.get(item.goal_id, item.goal_id)
        if control is None:
            continue
        if item.difference:
            word = "多い" if item.difference > 0 else "少ない"
            yield at(
                package,
                "control_totals",
                control,
                "budget_thousand_yen",
                "project-totals",
                f"{where}の予算は、印字の計が{control.budget_thousand_yen:,}千円、"
                f"事業の行の和が{item.gross:,}千円で、"
                f"{abs(item.difference):,}千円{word}です。",
                f"{package.path('projects')} の予算と、資料の小計を見比べてください。",
            )
        counts = (
            ("rows", "行数", control.rows, item.rows),
            ("repeat_rows", "再掲の行数", control.repeat_rows, item.repeats),
        )
        for field, title, printed, seen in counts:
            if printed is not None and printed != seen:
                yield at(
                    package,
                    "control_totals",
                    control,
                    field,
                    "project-totals",
                    f"{where}の{title}は、印字が{printed}行、事業の表が{seen}行です。",
                    f"{package.path('projects')} の行の抜けや重なりを確かめてください。",
                )


@rule
def project_totals_complete(package: Package) -> Iterator[Problem]:
    """小計のある年度では、事業のあるどの基本目標にも小計がある。"""
    names = goal_names(package)
    years = {c.fiscal_year for c in package.control_totals}
    for item in reconcile(package):
        if item.control is None and item.fiscal_year in years:
            yield at(
                package,
                "control_totals",
                None,
                "goal_id",
                "project-totals-complete",
                f"{item.fiscal_year}年度の{names.get(item.goal_id, item.goal_id)}の計がなく、"
                f"{item.rows}行を確かめられません。",
                "資料に印字された計を足してください。印字がなければこのままで構いません。",
                level="warning",
            )


@rule
def project_repeats(package: Package) -> Iterator[Problem]:
    """再掲の事業には、同じ年度、名前、部局、予算の初出の行がある。初出は1回だけである。"""
    first = first_appearances(package.projects)
    for project in package.projects:
        origin = first.get((project.fiscal_year, project.name))
        if not project.is_repeat:
            if origin is not project:
                yield at(
                    package,
                    "projects",
                    project,
                    "is_repeat",
                    "project-repeats",
                    f"「{project.name}」は、再掲の印のない行が2回以上あります。",
                    "資料で再掲なら is_repeat を true に、別の事業なら名前を確かめてください。",
                )
        elif origin is None:
            yield at(
                package,
                "projects",
                project,
                "is_repeat",
                "project-repeats",
                f"再掲の「{project.name}」に、同じ名前の初出の行がありません。",
                "名前の違いや、初出の行の抜けを確かめてください。",
            )
        else:
            yield from repeat_differs(package, project, origin)


def repeat_differs(package: Package, project: Project, origin: Project) -> Iterator[Problem]:
    """Department or budget of a repeat that differ from its first appearance."""
    for field, title in (("department_id", "部局"), ("budget_thousand_yen", "予算")):
        here, there = getattr(project, field), getattr(origin, field)
        if here != there:
            yield at(
                package,
                "projects",
                project,
                field,
                "project-repeats",
                f"再掲の「{project.name}」の{title}「{here}」が、"
                f"初出（{origin.row}行目）の「{there}」と違います。",
                "資料の2つの行を見比べてください。",
            )


@rule
def project_year(package: Package) -> Iterator[Problem]:
    """事業の年度は、施策の期の期間の中にある。"""
    terms = {s.strategy_id: s for s in package.strategies}
    measures = {m.measure_id: m for m in package.measures}
    for project in package.projects:
        term = terms[measures[project.measure_id].strategy_id]
        if not term.start_year <= project.fiscal_year <= term.end_year:
            yield at(
                package,
                "projects",
                project,
                "fiscal_year",
                "project-year",
                f"{project.fiscal_year}年度は、施策の期（{term.short_title}、"
                f"{term.start_year}-{term.end_year}）の外です。",
                "年度か measure_id を直してください。",
            )


@rule
def goal_known(package: Package) -> Iterator[Problem]:
    """小計、改訂の要素、取組の数値、提言、対話が指す基本目標は、どれかの期の基本目標にある。"""
    known = {g.goal_id for g in package.goals}
    cells: list[tuple[str, Record, str]] = [
        ("control_totals", c, c.goal_id) for c in package.control_totals if c.goal_id != TOTAL
    ]
    cells += [("revision_elements", e, e.goal_id) for e in package.revision_elements]
    cells += [("achievements", a, a.goal_id) for a in package.achievements]
    cells += [("proposals", p, p.goal_id) for p in package.proposals]
    cells += [("dialogues", d, d.goal_id) for d in package.dialogues]
    for table, record, goal_id in cells:
        if goal_id and goal_id not in known:
            yield at(
                package,
                table,
                record,
                "goal_id",
                "goal-known",
                f"基本目標「{goal_id}」は {package.path('goals')} にありません。",
                f"{'、'.join(sorted(known))} のどれかを書いてください。",
            )


@rule
def element_place(package: Package) -> Iterator[Problem]:
    """改訂の要素の施策は、その行の基本目標の施策である。"""
    measures = {m.measure_id: m for m in package.measures}
    for element in package.revision_elements:
        measure = measures.get(element.measure_id)
        if measure and measure.goal_id != element.goal_id:
            yield at(
                package,
                "revision_elements",
                element,
                "measure_id",
                "element-place",
                f"施策「{measure.title}」は {measure.goal_id} の施策で、"
                f"この行の基本目標「{element.goal_id}」と違います。",
                "goal_id か measure_id を直してください。",
            )


@rule
def achievements_unique(package: Package) -> Iterator[Problem]:
    """取組の数値は、同じ名称と同じ時点・期間の行を2回以上持たない。"""
    seen: dict[tuple[str, str, int | None, str], Achievement] = {}
    for item in package.achievements:
        key = (item.topic, item.indicator, item.year, item.period)
        other = seen.setdefault(key, item)
        if other is not item:
            when = item.period or item.year
            yield at(
                package,
                "achievements",
                item,
                "indicator",
                "achievements-unique",
                f"「{item.indicator}」の{f'{when}の' if when else '時点のない'}値が、"
                f"{other.row}行目にもあります。",
                "同じ数値なら1行を消し、違う数値なら名称か期間で区別してください。",
            )


@rule
def dialogue_pairs(package: Package) -> Iterator[Problem]:
    """対話の場の反映には、もとになった意見がある。"""
    for dialogue in package.dialogues:
        if dialogue.response and not dialogue.opinion:
            yield at(
                package,
                "dialogues",
                dialogue,
                "opinion",
                "dialogue-pairs",
                f"「{dialogue.field}」に反映の記述がありますが、意見が空です。",
                "もとになった意見を資料から要約してください。",
            )


@rule
def relations_forward(package: Package) -> Iterator[Problem]:
    """施策のつながりは、前の期から後の期へ向かう。"""
    start = {s.strategy_id: s.start_year for s in package.strategies}
    years = {m.measure_id: start[m.strategy_id] for m in package.measures}
    for relation in package.measure_relations:
        if years[relation.measure_id] >= years[relation.related_measure_id]:
            yield at(
                package,
                "measure_relations",
                relation,
                "related_measure_id",
                "relations-forward",
                "引き継ぐ施策が、引き継がれる施策より後の期のものではありません。",
                "measure_id に前の期、related_measure_id に次の期の施策を書いてください。",
            )


@rule
def code_tables_used(package: Package) -> Iterator[Problem]:
    """単位と部局の表には、どこかの行で使う値だけがある。"""
    units = {k.unit for k in package.kpis} | {a.unit for a in package.achievements}
    departments = {p.department_id for p in package.projects}
    cells: list[tuple[str, Record, str, str, bool]] = [
        ("units", u, "unit", u.unit, u.unit in units) for u in package.units
    ]
    cells += [
        ("departments", d, "department_id", d.name, d.department_id in departments)
        for d in package.departments
    ]
    for table, record, field, name, used in cells:
        if not used:
            yield at(
                package,
                table,
                record,
                field,
                "code-tables-used",
                f"「{name}」を使う行がありません。",
                "使わない行を消すか、使う側の綴りを確かめてください。",
                level="warning",
            )
