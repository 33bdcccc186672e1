"""The picture of an indicator to take along: it says what it is where no page is around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import ceil

from scripts import words
from scripts.charts.paper import Paper
from scripts.charts.scene import Size, Subject
from scripts.charts.spec import kpi_drawing, starts_at_zero
from scripts.charts.svg import Speech, to_svg
from scripts.model import Package, Site, Source

WIDTH, MARGIN = 800, 32
CHART = Size(WIDTH - 2 * MARGIN, 360)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the numbers come from and under which terms they go on."""

    sources: tuple[Source, ...]
    site: Site
    today: date

    def lines(self, kpi_id: str) -> list[str]:
        """Sources, terms, address and date, each a line."""
        titles = "、".join(f"「{s.title}」({s.publisher})" for s in self.sources)
        return [
            f"出典：{titles}を加工して作成",
            f"作成：{self.site.publisher}　ライセンス：{self.site.licence}",
            f"{self.site.url(f'kpis/{kpi_id}/')}　{words_of(self.today)}時点のデータ",
        ]


def words_of(day: date) -> str:
    """``2026年11月22日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def origin_of(package: Package, site: Site, subject: Subject, today: date) -> Origin:
    """The documents behind the values and targets of an indicator, in their order."""
    used = [o.source_id for o in subject.observations]
    used += [t.target.source_id for t in subject.terms]
    by_id = {s.source_id: s for s in package.sources}
    return Origin(tuple(by_id[i] for i in dict.fromkeys(used)), site, today)


def subtitle(subject: Subject) -> str:
    """Unit and kind of the values."""
    kpi = subject.terms[-1].kpi
    unit = f"単位：{kpi.unit}、" if kpi.unit else ""
    when = f"（{kpi.as_of}）" if kpi.as_of else ""
    return f"{unit}{words.nature(kpi)}{when}"


def legend(subject: Subject) -> str:
    """What the marks mean, in one line."""
    seen, current = subject.observations, subject.terms[-1]
    parts = []
    if seen:
        parts.append("棒：実績" if subject.as_bars else "線と丸：実績")
    if subject.has_gaps:
        parts.append("破線：間の年の値が資料にない区間")
    unsure = {o.status for o in seen} - {"final"}
    if unsure:
        names = "・".join(words.OBSERVATION_STATUS[s] for s in sorted(unsure))
        parts.append(f"白抜き：{names}")
    if current.baseline is not None:
        start = "数え始め" if current.target.baseline_value is None else "基準値"
        parts.append(f"四角：{start}")
        if current.target.target_value is not None:
            parts.append(f"ひし形：目標　点線：{start}から目標までの道すじ")
    parts.append("色の帯：計画の期間")
    if subject.follows or subject.followed:
        parts.append("波線：定義の切れ目")
    if not starts_at_zero(subject):
        parts.append("縦の軸は0から始まっていません")
    year = "年度" if current.kpi.year_type == "fiscal" else "年"
    return "　".join([*parts, f"横の軸は{year}（Hは平成、Rは令和）"])


def standalone_svg(subject: Subject, speech: Speech, origin: Origin) -> str:
    """The whole picture, 800 px wide: title, message, chart, legend, source, licence and date."""
    kpi = subject.terms[-1].kpi
    paper = Paper(WIDTH, 20, MARGIN, accent=origin.site.accent)
    paper.write(kpi.name, 22, bold=True)
    paper.y += 2
    paper.write(words.headline(subject.terms[-1]), 16, bold=True)
    paper.write(subtitle(subject), 13, colour="var(--muted)")
    paper.y += 10
    chart = to_svg(kpi_drawing(subject, CHART))
    paper.y += paper.put(chart, MARGIN, paper.y) + 6
    paper.write(legend(subject), 12, colour="var(--chart-ink)", leading=1.6)
    paper.y += 8
    paper.box(MARGIN, paper.y, WIDTH - 2 * MARGIN, 1, fill="var(--rule)")
    paper.y += 6
    for line in origin.lines(kpi.kpi_id):
        paper.write(line, 12, colour="var(--muted)", leading=1.6)
    return paper.finish(ceil(paper.y + 20), speech.title, speech.description)
