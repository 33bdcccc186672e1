"""Ways in besides the goals: topics of daily life, and the indicators by their judgement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scripts.model import Topic
from scripts.pages.environment import Pieces, Renderer
from scripts.pages.views import Views
from scripts.progress import Progress, attention_order


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicView:
    """A topic with the judgements of its indicators; ``former`` are those of former terms only."""

    topic: Topic
    items: tuple[Progress, ...]
    former: tuple[Progress, ...]


def pages(render: Renderer, views: Views) -> Iterator[tuple[str, Pieces]]:
    """Paths and texts of the topic pages and of the page by status."""
    topics = topic_views(views)
    yield "topics/index.md", render("topics", "../", topics=topics)
    for topic in topics:
        yield f"topics/{topic.topic.topic_id}.md", render("topic", "../../", view=topic)
    yield "kpis/status.md", render("status", "../../")


def topic_views(views: Views) -> list[TopicView]:
    """Topics that have indicators, in their order; each list needs attention first."""
    of_topic: dict[str, set[str]] = {}
    for pair in views.package.kpi_topics:
        of_topic.setdefault(pair.topic_id, set()).add(pair.kpi_id)
    latest = {p.kpi.kpi_id for p in views.latest_items}
    newest = {p.kpi.kpi_id: p for p in sorted(views.judged, key=lambda p: p.strategy.start_year)}
    found = []
    for topic in sorted(views.package.topics, key=lambda t: t.position):
        items = [newest[k] for k in sorted(of_topic.get(topic.topic_id, ())) if k in newest]
        if items:
            found.append(
                TopicView(
                    topic=topic,
                    items=tuple(attention_order([p for p in items if p.kpi.kpi_id in latest])),
                    former=tuple(p for p in items if p.kpi.kpi_id not in latest),
                )
            )
    return found
