"""``python -m scripts.press --site-dir DIR [--strict]``: ``mkdocs build`` with a memory.

The settings come as text on stdin, as for ``mkdocs build --config-file -``; what is made is told in
:mod:`scripts.galley`. Exit 0 good, 1 as ``mkdocs build``.
"""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Sequence

from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from scripts.cache import forget
from scripts.command import Parser, collect_seldom, hand_back
from scripts.galley import Press, listen


def main(argv: Sequence[str] | None = None) -> int:
    """Command line."""
    collect_seldom()
    hand_back()
    parser = Parser("press", "設定を標準入力から読み、HTMLを作ります。")
    parser.add_argument("--site-dir", required=True, metavar="DIR", help="HTMLを置くフォルダー")
    parser.add_argument("--strict", action="store_true", help="警告があれば失敗する")
    a = parser.parse_args(argv)
    settings = sys.stdin.buffer.read()
    warned = listen(logging.INFO)
    try:
        again = io.BytesIO(settings)
        again.name = sys.stdin.name  # the settings it inherits from are looked up beside it
        config = load_config(config_file=again, site_dir=a.site_dir, strict=a.strict)
        config.plugins.on_startup(command="build", dirty=False)
        Press(config, settings, warned).run()
    except MkDocsException as error:
        logging.getLogger("mkdocs").error(str(error))  # noqa: TRY400 - no traceback for a person
        return 1
    forget()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
