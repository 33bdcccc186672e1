"""Faults of the theme, mended in finished HTML: short rules instead of copies of its templates.

Each rule is a pattern and what to put in its place. A rule that finds nothing does nothing, so
another theme or a mended one passes unchanged.
"""

from __future__ import annotations

import re

RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # the button that unfolds a section of the menu, and the menu named by it, have no words
    (
        re.compile(
            r'(<div class="md-nav__link md-nav__container">\s*<a [^>]*>\s*'
            r'<span class="md-ellipsis">\s*([^<]*?)\s*</span>\s*</a>\s*'
            r'<label [^>]*>\s*<span class="md-nav__icon md-icon"></span>)'
        ),
        r'\1<span class="sr-only">\2のページ</span>',
    ),
    # the button of the menu on narrow screens has no words and no place among the keys
    (
        re.compile(
            r'(<label class="md-header__button md-icon" for="__drawer")>(.*?)(?=</label>)',
            re.DOTALL,
        ),
        r'\1 tabindex="0">\2<span class="sr-only">メニュー</span>',
    ),
    # a word for fields of text on a box to tick
    (re.compile(r'(<input class="md-toggle[^>]*) autocomplete="off"'), r"\1"),
    # an empty number, and a state that a menu as a whole cannot have
    (re.compile(r'(<label class="md-nav__link[^>]*) tabindex=""'), r"\1"),
    (re.compile(r'(<nav class="md-nav"[^>]*) aria-expanded="\w+"'), r"\1"),
)


def mend(page: str) -> str:
    """A finished page without the faults of the theme."""
    if "md-" not in page:
        return page
    for pattern, better in RULES:
        page = pattern.sub(better, page)
    return page
