"""Parts of the theme that we keep a mended copy of: a new version is looked at again."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

import pytest

COPIED = {
    "partials/header.html": "8cf3fb15bcf969ff596649616fd99366b3c31c08d57a86d05308efc16d8fa75f",
    "partials/nav-item.html": "89895208f22d68ce405a4bcb6649b9150eba5bbb04663a6cb3f93f02daf1d2f7",
}
"""Files of the theme that stand in overrides/ with changes, as they were when they were copied."""


@pytest.mark.parametrize("name", COPIED)
def test_the_copy_is_of_the_installed_theme(name: str) -> None:
    spec = find_spec("material")
    assert spec is not None and spec.origin is not None
    file = Path(spec.origin).parent / "templates" / name
    assert hashlib.sha256(file.read_bytes()).hexdigest() == COPIED[name], (
        f"compare overrides/{name} with the theme's {file} and note its new sha256 here"
    )
