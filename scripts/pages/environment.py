"""The Jinja environment: strict, and safe for Markdown and HTML at once.

Every value that is not already markup is escaped so that it means itself in Markdown text, in HTML
text and in attributes: special characters of either become character references.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup

from scripts import words
from scripts.compiled import Compiled
from scripts.exports.citation import japanese_date
from scripts.model import Terms, web_address
from scripts.pages import kpi_end
from scripts.pages.views import KpiView
from scripts.years import year_label

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"

DEFAULT_TERMS = Terms()

PIECE = 1 << 16
"""Characters that are held while a page is made."""

Pieces = Iterator[bytes]
"""A page, piece by piece."""

# An underscore inside a word (status_bands) means itself in Markdown; as a reference it would
# hide an anchor from a site generator that compares the addresses of links as they are written.
_SPECIAL = re.compile(r"""[&<>"'*`\[\]\\|~{}#!^$]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])""")
_LEADING = re.compile(r"\A([-+=:])|\A(\d+)([.)])(?=\s)")


def escape(value: object) -> Markup:
    """A value as text that neither Markdown nor HTML will read as anything else."""
    return _escaped(str(value))


@lru_cache(maxsize=4096)  # units, labels and names stand in every line of a list
def _escaped(value: str) -> Markup:
    text = _SPECIAL.sub(lambda m: f"&#{ord(m[0])};", " ".join(value.split()))
    text = _LEADING.sub(lambda m: f"&#{ord(m[1])};" if m[1] else f"{m[2]}&#{ord(m[3])};", text)
    return Markup(text)


def front(value: object) -> Markup:
    """A value for the front matter: a quoted YAML string, safe where themes print it unescaped."""
    return Markup(
        json.dumps(html.escape(" ".join(html.unescape(str(value)).split())), ensure_ascii=False)
    )


def finalize(value: Any) -> Any:
    """Escape every expression of a template unless it is markup."""
    if isinstance(value, Markup):
        return value
    if value is None:
        raise ValueError("a template printed None")
    return escape(value)


def verbatim(value: object) -> Markup:
    """Text inside ``pre``: escaped, line ends as references, so that it stays one line here."""
    text = _SPECIAL.sub(lambda m: f"&#{ord(m[0])};", str(value).strip("\n"))
    return Markup(text.replace("\n", "&#10;"))


def indented(value: object) -> str:
    """A value as readable JSON."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def citation_sources(view: KpiView) -> list[str]:
    """Ids of the documents behind the values of an indicator, in the order of the values."""
    ids = [o.source_id for o in view.observations] + [t.target.source_id for t in view.terms]
    return list(dict.fromkeys(ids))


class Vocabulary(Extension):
    """Templates speak in the words of :class:`Terms`' defaults; a package may have others."""

    def preprocess(
        self,
        source: str,
        name: str | None,  # noqa: ARG002 - the signature is Jinja's
        filename: str | None = None,  # noqa: ARG002
    ) -> str:
        """The template in the words of the package."""
        terms = cast(Terms, self.environment.globals["terms"])
        return terms.say(source)


def said(value: Any, terms: Terms) -> Any:
    """A name of ``words`` for templates: texts of ours by code are said in the package's words."""
    if isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
        return {key: terms.say(text) for key, text in value.items()}
    return value


def make_environment(terms: Terms = DEFAULT_TERMS) -> Environment:
    """The environment of all templates; ``terms`` are the words of the package."""
    environment = Environment(
        extensions=[Vocabulary],
        bytecode_cache=Compiled(f"{terms}\n{Path(__file__).read_text('utf-8')}"),
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        finalize=finalize,
        autoescape=True,
        comment_start_string="{##",
        comment_end_string="##}",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(
        {n: said(getattr(words, n), terms) for n in dir(words) if not n.startswith("_")}
    )
    environment.globals["terms"] = terms
    environment.globals["year_label"] = partial(year_label, year_type=terms.year_type)
    environment.globals["citation_sources"] = citation_sources
    environment.globals["japanese_date"] = japanese_date
    for function in (kpi_end.subject, kpi_end.contact_link, kpi_end.row_link):
        environment.globals[function.__name__] = function
    environment.filters["markup"] = Markup
    environment.filters["front"] = front
    environment.filters["web"] = web_address
    environment.filters["verbatim"] = verbatim
    environment.filters["indented"] = indented
    return environment


class Renderer:
    """Renders a template with what every page needs, piece by piece: some pages are long."""

    def __init__(self, **shared: Any) -> None:
        self._environment = make_environment(shared["site"].terms)
        self.shared = shared

    def __call__(self, template: str, root: str, **values: Any) -> Pieces:
        """Render ``template``; ``root`` is the relative address of the site's top."""
        made = self._environment.get_template(f"{template}.md.jinja")
        return tidied(made.generate(**{**self.shared, "root": root, **values}))


def tidied(texts: Iterable[str]) -> Pieces:
    """One text without blanks around it, and with one blank line where there are several."""
    held, size, begun = [""], 0, False

    def flush() -> bytes:
        nonlocal size, begun
        text = "".join(held)
        body = (text if begun else text.lstrip()).rstrip()
        held[:], size = [text[len(text.rstrip()) :]], 0  # what follows decides about these blanks
        begun = begun or bool(body)
        return re.sub(r"\n{3,}", "\n\n", body).encode()

    for text in texts:
        held.append(text)
        size += len(text)
        if size > PIECE:
            yield flush()
    yield flush() + b"\n"


def example(name: str, **values: Any) -> str:
    """An example program from ``templates/examples/``, as plain text: nothing is escaped."""
    environment = Environment(  # noqa: S701 - a program, not a page; the page escapes it
        loader=FileSystemLoader(TEMPLATES / "examples"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    return environment.get_template(f"{name}.jinja").render(**values)
