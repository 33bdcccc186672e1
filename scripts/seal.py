"""The last step over finished HTML: what a page may load and run, written into the page itself.

:func:`seal` takes and gives text, whichever generator wrote it. No page has a script inside, so the
policy needs neither ``'unsafe-inline'`` nor hashes and is the same for all pages and for the
server's headers: whoever gets a script into a page through the data gains nothing.
"""

from __future__ import annotations

import html
import re

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "object-src": "'none'",
}
"""Everything comes from our own host; pictures in style sheets may be part of them (``data:``)."""

CHARSET = re.compile(r"<meta charset=[^>]*>", re.IGNORECASE)


def policy(**more: str) -> str:
    """The policy as one line; ``frame_ancestors="'self'"`` adds what only a header can say."""
    rules = {**POLICY, **{name.replace("_", "-"): value for name, value in more.items()}}
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def seal(page: str) -> str:
    """A finished page with its policy, before anything that the page loads.

    Raises ``ValueError`` for a page without a declared charset, which has to come first.
    """
    if not (start := CHARSET.search(page)):
        raise ValueError("no <meta charset>")
    rules = html.escape(policy(), quote=False)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{rules}">'
    return page[: start.end()] + meta + page[start.end() :]
