"""Pictures for links posted elsewhere, 1200 × 630: the indicator or goal, its value and status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scripts import words
from scripts.charts.layout import text_width
from scripts.charts.paper import Paper, wrap
from scripts.charts.scene import Size, Subject
from scripts.charts.spec import kpi_drawing
from scripts.charts.svg import to_svg
from scripts.model import Goal, Site, StatusBand
from scripts.progress import Progress, attention_order

WIDTH, HEIGHT, MARGIN = 1200, 630, 64
CHART, CHART_SCALE = Size(400, 300), 1.35


def sheet(site: Site) -> Paper:
    """An empty card with the name of the site at its foot."""
    paper = Paper(WIDTH, 52, MARGIN, accent=site.accent)
    paper.box(0, 0, WIDTH, 14, fill="var(--accent)")
    paper.letters(site.title, MARGIN, HEIGHT - 36, 24, False, "var(--muted)")
    return paper


def status_box(paper: Paper, band: StatusBand, x: float, y: float, extra: str = "") -> float:
    """Symbol and word of a status in a box whose shape repeats it; the width of the box."""
    text = f"{band.symbol} {band.label}{extra}"
    width = text_width(text, 34) + 52
    corner = {"good": "31", "warn": "10"}.get(band.tone, "0")
    dashes = {"stroke_dasharray": "8 6"} if band.tone == "none" else {}
    paper.box(
        x,
        y,
        width,
        62,
        rx=corner,
        fill=f"var(--{band.tone}-tint)",
        stroke=f"var(--{band.tone})",
        stroke_width="3",
        **dashes,
    )
    paper.letters(text, x + 26, y + 43, 34, True, f"var(--{band.tone})")
    return width


def kpi_card(subject: Subject, site: Site) -> str:
    """Name, status, latest value and target of an indicator, and its chart."""
    current = subject.terms[-1]
    kpi, latest = current.kpi, current.latest
    paper = sheet(site)
    size = 46 if len(wrap(kpi.name, 46, WIDTH - 2 * MARGIN)) < 3 else 38
    paper.write(kpi.name, size, bold=True, most=3, leading=1.35, even=True)
    paper.y += 20
    top = paper.y
    status_box(paper, current.status, MARGIN, top)
    paper.y = top + 84
    column = WIDTH - 2 * MARGIN - CHART.width * CHART_SCALE - 24
    if latest is not None:
        when = words.short_year(latest.year, kpi)
        paper.write(f"最新の値（{when}）", 24, colour="var(--muted)", width=column)
        value = words.with_unit(latest.value, kpi)
        paper.write(value, _fit(value, 72, column), bold=True, width=column, most=1, leading=1.2)
    else:
        paper.write("基準年より後の実績は、資料にありません。", 28, width=column)
    paper.y += 14
    when = words.short_year(current.target.target_year, kpi)
    paper.write(f"目標（{when}）", 24, colour="var(--muted)", width=column)
    goal = words.target_words(current.target, kpi)
    paper.write(
        goal,
        _fit(goal, 44, column),
        bold=True,
        width=column,
        colour="var(--chart-target)",
        most=2,
        leading=1.25,
    )
    paper.put(
        to_svg(kpi_drawing(subject, CHART)),
        WIDTH - MARGIN - CHART.width * CHART_SCALE,
        min(top, HEIGHT - 70 - CHART.height * CHART_SCALE),
        CHART_SCALE,
    )
    return paper.finish(HEIGHT, kpi.name, words.headline(current))


def _fit(text: str, size: float, width: float) -> float:
    """The size at which a text fits one line, not under 28."""
    return max(28.0, min(size, size * width / text_width(text, size)))


def goal_card(
    goal: Goal, number: int, items: Sequence[Progress], bands: Mapping[StatusBand, int], site: Site
) -> str:
    """A goal, how many of its indicators have which status, and which these are."""
    paper = sheet(site)
    paper.write(
        f"{site.terms.goal}{number}　{goal.short_title}", 30, bold=True, colour="var(--accent)"
    )
    paper.y += 4
    paper.write(goal.title, 44, bold=True, most=2, leading=1.35, even=True)
    tally(paper, bands)
    top, column = paper.y + 24, (WIDTH - 2 * MARGIN) / 2
    rows = min(5, max(0, int((HEIGHT - 84 - top) // 36)))
    for place, item in enumerate(attention_order(items)[: 2 * rows]):
        x, y = MARGIN + column * (place // rows), top + 36 * (place % rows) + 26
        name = wrap(item.kpi.short_name, 24, column - 60, 1)[0]
        paper.letters(item.status.symbol, x, y, 24, True, f"var(--{item.status.tone})")
        paper.letters(name, x + 36, y, 24, False, "var(--ink)")
    return paper.finish(HEIGHT, goal.title, words_of(bands))


def default_card(site: Site, counts: Mapping[StatusBand, int]) -> str:
    """The site as a whole."""
    paper = sheet(site)
    paper.y += 30
    paper.write(
        f"{site.municipality}の約束は、どこまで進んだか", 56, bold=True, most=2, leading=1.4
    )
    paper.y += 24
    total = sum(counts.values())
    paper.write(
        f"{total}の{site.terms.indicator}を、公表された数字だけから判定", 32, colour="var(--muted)"
    )
    paper.y += 10
    tally(paper, counts)
    return paper.finish(HEIGHT, site.title, words_of(counts))


def tally(paper: Paper, counts: Mapping[StatusBand, int]) -> None:
    """Status boxes with their numbers, as many rows as they need."""
    x, y = float(MARGIN), paper.y + 18
    for band, count in counts.items():
        if not count:
            continue
        width = text_width(f"{band.symbol} {band.label} {count}", 34) + 52
        if x + width > WIDTH - MARGIN:
            x, y = float(MARGIN), y + 80
        x += status_box(paper, band, x, y, f" {count}") + 20
    paper.y = y + 62


def words_of(counts: Mapping[StatusBand, int]) -> str:
    """The tally in words."""
    return "、".join(f"{band.label}{count}" for band, count in counts.items() if count)


def newest_items(items: Sequence[Progress]) -> list[Progress]:
    """The judgements of the latest term among ``items``."""
    last = max((p.strategy.start_year for p in items), default=0)
    return [p for p in items if p.strategy.start_year == last]
