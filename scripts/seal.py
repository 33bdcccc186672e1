"""The last step over finished HTML: what a page may load and run, written into the page itself.

:func:`seal` takes and gives text, whichever generator wrote it. Scripts inside the page become
files of their own, so that the policy needs neither ``'unsafe-inline'`` nor hashes that change
with every version of the theme, and is the same for all pages and for the server's headers.
"""

from __future__ import annotations

import hashlib
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

SCRIPTS = "assets/inline/"
"""Where scripts that stood in a page are kept."""

INLINE = re.compile(r"<script(?P<attributes>\s[^>]*)?>(?P<code>.*?)</script>", re.DOTALL)
RUNS = re.compile(r"""\stype=["']?(?:text/javascript|module)["'\s>]""")
CHARSET = re.compile(r"<meta charset=[^>]*>", re.IGNORECASE)
TOP = re.compile(r"""<(?:link|script)\b[^>]*\s(?:href|src)=["']([^"':]*)assets/""")
"""A file that every page loads: what stands before ``assets/`` leads to the top of the site."""


def policy(**more: str) -> str:
    """The policy as one line; ``frame_ancestors="'self'"`` adds what only a header can say."""
    rules = {**POLICY, **{name.replace("_", "-"): value for name, value in more.items()}}
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def seal(page: str) -> tuple[str, dict[str, bytes]]:
    """A finished page with its policy, and the files its own scripts moved to.

    Raises ``ValueError`` for a page without a declared charset (the policy has to come early) or
    with a script but nothing that shows the way to the top of the site.
    """
    if not (start := CHARSET.search(page)):
        raise ValueError("no <meta charset>")
    files: dict[str, bytes] = {}

    def move(found: re.Match[str]) -> str:
        attributes, code = found["attributes"] or "", found["code"]
        runs = "type=" not in attributes or RUNS.search(attributes + ">")
        if "src=" in attributes or not runs or not code.strip():
            return found[0]
        if not (top := TOP.search(page)):
            raise ValueError("no file of the site in sight")
        content = code.encode()
        name = f"{SCRIPTS}{hashlib.sha256(content).hexdigest()[:16]}.js"
        files[name] = content
        return f'<script{attributes} src="{top[1]}{name}"></script>'

    rules = html.escape(policy(), quote=False)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{rules}">'
    return page[: start.end()] + meta + INLINE.sub(move, page[start.end() :]), files
