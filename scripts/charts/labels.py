"""The words inside a chart and their places: last value, targets, baseline, names of the terms."""

from __future__ import annotations

from itertools import pairwise

from scripts.charts.layout import Box, Label, Placed, along, around, place, text_width
from scripts.charts.scene import EDGE, Frame, Subject, break_years, paths, starts, targets_of
from scripts.charts.template import WORDS
from scripts.words import number, with_unit


def term_labels(subject: Subject, frame: Frame) -> list[Placed]:
    """The name of each term above its band, as far as it fits."""
    placed = []
    for term in subject.terms:
        size = float(WORDS["term"][1])
        start, end = term.strategy.start_year - EDGE, term.strategy.end_year + EDGE
        middle, room = frame.px((start + end) / 2), (end - start) * frame.per_year
        name = term.strategy.short_title
        texts = (f"{name} {term.strategy.start_year}–{term.strategy.end_year}", name)
        for text in texts:
            if text_width(text, size) <= room:
                label = Label(texts, middle, -10, size, "term", True)
                placed.append(Placed(label, text, middle, -10))
                break
    return placed


def place_labels(subject: Subject, frame: Frame, room: Box) -> list[Placed]:
    """The labels of values and targets at places where they collide with nothing."""
    px, py = frame.px, frame.py
    half = min(0.32 * frame.per_year, 16)
    solid = [around(px(t.target.target_year), py(y), 15, 15) for t, y in targets_of(subject)]
    solid += [around(px(x), py(y), 14, 14) for _, x, y in starts(subject)]
    soft: list[Box] = []
    for o in subject.observations:
        x, y = px(o.year), py(float(o.value))
        if subject.as_bars:
            solid.append(Box(x - half, y, x + half, frame.height))
        else:
            solid.append(around(x, y, 12, 12))
    if not subject.as_bars:
        for one, two in pairwise(subject.observations):
            soft += along(px(one.year), py(float(one.value)), px(two.year), py(float(two.value)))
    for term, value in targets_of(subject):
        left, right = px(term.strategy.start_year - EDGE), px(term.target.target_year)
        soft += along(left, py(value), right, py(value))
    for x1, y1, x2, y2 in paths(subject):
        soft += along(px(x1), py(y1), px(x2), py(y2))
    for edge in map(px, break_years(subject, frame)):
        left, right = (edge + 5, room.right) if edge < frame.width / 2 else (room.left, edge - 5)
        room = Box(left, room.top, right, room.bottom)
    ordered = goal_labels(subject, frame) + value_labels(subject, frame)
    rank = {"last": 0, "goal": 1, "plain": 2}
    return place(sorted(ordered, key=lambda label: rank[label.kind]), room, solid, soft)


def goal_labels(subject: Subject, frame: Frame) -> list[Label]:
    """Target labels, the newest first, on the side of the target away from the values."""
    labels = []
    for term, value in reversed(targets_of(subject)):
        text = f"{term.target.target_value:,}".replace("-", "−")
        up = term.baseline is None or float(term.baseline) <= value
        labels.append(
            Label(
                (f"目標 {text}", text),
                frame.px(term.target.target_year),
                frame.py(value),
                WORDS["goal"][1],
                "goal",
                up,
            )
        )
    return labels


def value_labels(subject: Subject, frame: Frame) -> list[Label]:
    """Labels of observations and of baselines without one, the newest first."""
    seen, labels = list(subject.observations), []
    bases = {x: (t, y) for t, x, y in starts(subject)}
    for index, item in reversed(list(enumerate(seen))):
        value, last = float(item.value), item is seen[-1]
        others = [float(p.value) for p in seen[max(0, index - 1) : index + 2] if p is not item]
        rising = index == 0 or value >= float(seen[index - 1].value)
        up = subject.as_bars or value >= max(others, default=value)
        up = up or (rising and value > min(others))
        text = number(item.value)
        texts: tuple[str, ...] = (text,)
        if last:
            texts = (with_unit(item.value, subject.terms[0].kpi), text)
        base = bases.pop(item.year, None)
        if base and base[1] == value and base[0] is subject.terms[-1]:
            texts = (f"基準値 {text}", text)
        labels.append(
            Label(
                texts,
                frame.px(item.year),
                frame.py(value),
                WORDS["last" if last else "plain"][1],
                "last" if last else "plain",
                up,
            )
        )
    for year, (term, value) in bases.items():
        if term.target.baseline_value is not None:
            text = number(term.target.baseline_value)
            labels.append(
                Label(
                    (f"基準値 {text}", text),
                    frame.px(year),
                    frame.py(value),
                    WORDS["plain"][1],
                    "plain",
                    False,
                )
            )
    return labels
