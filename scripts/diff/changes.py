"""The rows of one indicator side by side: each difference in words. Pure.

A correction is a change of something already published as settled: a value, a target, a baseline
or a grade of the city. It must carry its reason in the note of its row; a provisional value that
becomes final is no correction. What is taken back altogether has no row left: its reason stands in
the caution of the indicator, or in the note of the row it moved to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scripts import words
from scripts.diff.problems import unexplained, vanished, withdrawn
from scripts.model import Evaluation, Kpi, Observation, Package, Problem, Target

SETTLED = {"estimate": 0, "provisional": 1, "final": 2}
"""How settled a value is; a step upwards explains a new value by itself."""

FACTS = {
    "name": "名称",
    "unit": "単位",
    "direction": "めざす向き",
    "accumulation": "値の性質",
    "year_type": "暦の区分",
    "as_of": "時点",
    "definition": "定義",
    "caution": "読み方の注意",
}
NOTHING = "（なし）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference. ``kind`` is a word for the reader (追加, 訂正, 取り消し, 確定, 変更)."""

    kind: str
    subject: str
    before: str = ""
    after: str = ""
    source: str = ""
    reason: str = ""
    problem: Problem | None = None

    @property
    def is_correction(self) -> bool:
        """Whether something already published is altered or taken back."""
        return self.kind in ("訂正", "取り消し")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """All rows of one indicator in one package, each table by the rest of its key."""

    package: Package
    kpi: Kpi
    observations: dict[int, Observation]
    targets: dict[str, Target]
    evaluations: dict[tuple[str, int], Evaluation]


def rows_of(package: Package) -> dict[str, Rows]:
    """The rows of every indicator of a package."""
    found = {
        kpi.kpi_id: Rows(package=package, kpi=kpi, observations={}, targets={}, evaluations={})
        for kpi in package.kpis
    }
    for o in package.observations:
        found[o.kpi_id].observations[o.year] = o
    for t in package.targets:
        found[t.kpi_id].targets[t.strategy_id] = t
    for e in package.evaluations:
        found[e.kpi_id].evaluations[e.strategy_id, e.evaluated_year] = e
    return found


def changes_of(old: Rows | None, new: Rows) -> tuple[Change, ...]:
    """All differences of one indicator; ``old`` is ``None`` when it is new."""
    if old is None:
        old = Rows(package=new.package, kpi=new.kpi, observations={}, targets={}, evaluations={})
    return (
        *fact_changes(old.kpi, new.kpi),
        *observation_changes(old, new),
        *target_changes(old, new),
        *evaluation_changes(old, new),
    )


def loss_of(old: Rows) -> tuple[Change, ...]:
    """The one difference of an indicator that disappears."""
    gone = vanished(old.kpi)
    return (Change(kind="取り消し", subject="指標", before=old.kpi.name, problem=gone),)


def fact_changes(old: Kpi, new: Kpi) -> Iterator[Change]:
    """Facts of the definition that differ."""
    for name, title in FACTS.items():
        one, two = getattr(old, name), getattr(new, name)
        if one != two:
            yield Change(kind="変更", subject=title, before=one or NOTHING, after=two or NOTHING)


def observation_changes(old: Rows, new: Rows) -> Iterator[Change]:
    """Values added, corrected, settled or withdrawn."""
    for year in sorted(old.observations.keys() | new.observations.keys()):
        one, two = old.observations.get(year), new.observations.get(year)
        subject = f"{words.short_year(year, new.kpi)}の実績"
        if one is not None and two is None:
            reason = moved_because(one, old, new) or fresh(old.kpi.caution, new.kpi.caution)
            before = value_words(one, old.kpi)
            yield Change(
                kind="取り消し",
                subject=subject,
                before=before,
                source=source_words(old.package, one),
                reason=reason,
                problem=None if reason else withdrawn(new.package, new.kpi, subject, before),
            )
        elif two is not None and one is None:
            yield Change(
                kind="追加",
                subject=subject,
                after=value_words(two, new.kpi),
                source=source_words(new.package, two),
                reason=two.note,
            )
        elif one is not None and two is not None and one != two:
            yield value_change(old, new, subject, one, two)


def value_change(old: Rows, new: Rows, subject: str, one: Observation, two: Observation) -> Change:
    """The change of a value that stays: a correction, a settling, or its circumstances."""
    reason, kind, problem = fresh(one.note, two.note), "変更", None
    before, after = value_words(one, old.kpi), value_words(two, new.kpi)
    if one.value != two.value:
        kind = "確定" if SETTLED[two.status] > SETTLED[one.status] else "訂正"
        if kind == "訂正" and not reason:
            problem = unexplained(
                new.package, "observations", two, "note", (new.kpi.name, subject, before, after)
            )
    if before == after:
        before, after = circumstances(one, two), circumstances(two, one)
    return Change(
        kind=kind,
        subject=subject,
        before=before,
        after=after,
        source=source_words(new.package, two),
        reason=reason,
        problem=problem,
    )


def target_changes(old: Rows, new: Rows) -> Iterator[Change]:
    """Targets and baselines added, altered or taken back."""
    terms = {
        s.strategy_id: s.short_title for s in (*old.package.strategies, *new.package.strategies)
    }
    for term in sorted(old.targets.keys() | new.targets.keys()):
        one, two = old.targets.get(term), new.targets.get(term)
        goal, base = f"{terms[term]}の目標", f"{terms[term]}の基準値"
        if one is not None and two is None:
            yield taken_back(old, new, goal, goal_words(one, old.kpi))
        elif two is not None and one is None:
            yield Change(
                kind="追加",
                subject=goal,
                after=goal_words(two, new.kpi),
                source=source_words(new.package, two),
                reason=two.target_note,
            )
        elif one is not None and two is not None:
            sides = ((one, old.kpi), (two, new.kpi))
            said = [goal_words(*side) for side in sides], [base_words(*side) for side in sides]
            if said[0][0] != said[0][1]:
                yield correction(new, ("targets", "target_note"), goal, one, two, said[0])
            if said[1][0] != said[1][1]:
                yield correction(new, ("targets", "baseline_note"), base, one, two, said[1])
            if (one.goal_id, one.measure_id) != (two.goal_id, two.measure_id):
                yield Change(
                    kind="変更",
                    subject=f"{terms[term]}の施策",
                    before=one.measure_id or one.goal_id,
                    after=two.measure_id or two.goal_id,
                )


def correction(
    new: Rows,
    place: tuple[str, str],
    subject: str,
    one: Target | Evaluation,
    two: Target | Evaluation,
    said: list[str],
) -> Change:
    """A published promise or grade that is another now; ``place``: table and field of the why."""
    table, note = place
    before, after = said
    reason = fresh(getattr(one, note), getattr(two, note))
    name = (new.kpi.name, subject, before, after)
    return Change(
        kind="訂正",
        subject=subject,
        before=before,
        after=after,
        source=source_words(new.package, two),
        reason=reason,
        problem=None if reason else unexplained(new.package, table, two, note, name),
    )


def evaluation_changes(old: Rows, new: Rows) -> Iterator[Change]:
    """The city's own grades, and our summaries of its words."""
    labels = {r.rating_id: r.label for r in (*old.package.ratings, *new.package.ratings)}
    for key in sorted(old.evaluations.keys() | new.evaluations.keys()):
        one, two = old.evaluations.get(key), new.evaluations.get(key)
        subject = f"{key[1]}年度の市の評価"
        if one is not None and two is None:
            yield taken_back(old, new, subject, labels[one.rating])
        elif two is not None and one is None:
            source = source_words(new.package, two)
            yield Change(kind="追加", subject=subject, after=labels[two.rating], source=source)
        elif one is None or two is None or one == two:
            continue
        elif one.rating != two.rating:
            said = [labels[one.rating], labels[two.rating]]
            yield correction(new, ("evaluations", "note"), subject, one, two, said)
        elif one != two:
            yield Change(
                kind="変更", subject=f"{subject}の要約の文", before="前の文", after="新しい文"
            )


def taken_back(old: Rows, new: Rows, subject: str, before: str) -> Change:
    """A target or an evaluation whose row is gone."""
    reason = fresh(old.kpi.caution, new.kpi.caution)
    return Change(
        kind="取り消し",
        subject=subject,
        before=before,
        reason=reason,
        problem=None if reason else withdrawn(new.package, new.kpi, subject, before),
    )


def fresh(before: str, after: str) -> str:
    """The note as a reason: only a note written for this change explains it."""
    return after if after != before else ""


def moved_because(gone: Observation, old: Rows, new: Rows) -> str:
    """The note of the row with the same value that came up in another year."""
    return next(
        (
            o.note
            for year, o in new.observations.items()
            if year not in old.observations and o.value == gone.value and o.note
        ),
        "",
    )


def value_words(observation: Observation, kpi: Kpi) -> str:
    """``45.9万人``; anything but a final value says so."""
    text = words.with_unit(observation.value, kpi)
    if observation.status == "final":
        return text
    return f"{text}（{words.OBSERVATION_STATUS[observation.status]}）"


def circumstances(this: Observation, other: Observation) -> str:
    """Source, place and note of a row, as far as the other differs, for values that stay."""
    titles = {"value": "書き方", "source_id": "出典", "locator": "箇所", "note": "注記"}
    return "、".join(
        f"{title} {getattr(this, name) or NOTHING}"
        for name, title in titles.items()
        if str(getattr(this, name)) != str(getattr(other, name))
    )


def goal_words(target: Target, kpi: Kpi) -> str:
    """``145万人（2024年度）``."""
    return f"{words.target_words(target, kpi)}（{words.short_year(target.target_year, kpi)}）"


def base_words(target: Target, kpi: Kpi) -> str:
    """``110.9万人（2014年度）``, or where a count starts."""
    if target.baseline_value is not None and target.baseline_year is not None:
        year = words.short_year(target.baseline_year, kpi)
        return f"{words.with_unit(target.baseline_value, kpi)}（{year}）"
    if target.window_start_year is not None:
        return f"{words.short_year(target.window_start_year, kpi)}から数える"
    return NOTHING


def source_words(package: Package, record: Observation | Target | Evaluation) -> str:
    """``資料名（箇所）``."""
    source_id, locator = record.source_id, getattr(record, "locator", "")
    title = next((s.title for s in package.sources if s.source_id == source_id), source_id)
    return f"{title}（{locator}）" if locator else title
