"""Options and fixtures shared by the whole suite."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from scripts.build import render
from scripts.load import load_package
from scripts.model import Package
from tests.helpers import FIXTURE, ROOT, TODAY, Copy

EXPECTED = Path(__file__).resolve().parent / "expected"

# Timing on a busy machine says nothing about the code; the same examples on every run do.
settings.register_profile("suite", deadline=None, derandomize=True, max_examples=150)
settings.load_profile("suite")
# By hand, for hours if need be: pytest --hypothesis-profile=long tests/test_tidy.py
settings.register_profile(
    "long", deadline=None, max_examples=2_000, suppress_health_check=list(HealthCheck)
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--update-expected`` accepts what the code makes now; look at the diff before committing."""
    parser.addoption(
        "--update-expected",
        action="store_true",
        help="rewrite tests/expected/ (and the schemas of tests/fixture/) instead of comparing",
    )


@pytest.fixture
def town(tmp_path: Path) -> Copy:
    """A copy of the fixture package to break."""
    return Copy(tmp_path / "town")


@pytest.fixture(scope="session")
def package() -> Package:
    """The fixture package, loaded."""
    return sound(FIXTURE / "datapackage.json")


@pytest.fixture(scope="session")
def real() -> Package:
    """The package that is published, loaded."""
    return sound(ROOT / "datapackage.json")


def sound(descriptor: Path) -> Package:
    """Load a package that must be without errors."""
    loaded = load_package(descriptor)
    assert loaded.package is not None, [p.line() for p in loaded.problems]
    return loaded.package


@pytest.fixture(scope="session")
def built(package: Package) -> dict[str, bytes]:
    """The whole staged tree of the fixture package."""
    return dict(render(package, FIXTURE / "docs", TODAY))


@pytest.fixture
def updating(request: pytest.FixtureRequest) -> bool:
    """Whether the run rewrites what it would compare with."""
    return bool(request.config.getoption("--update-expected"))


@pytest.fixture
def same_as_expected(updating: bool) -> Callable[[str, bytes], None]:
    """Compare with a whole file below ``tests/expected/``, or rewrite it."""

    def compare(name: str, made: bytes) -> None:
        file = EXPECTED / name
        if updating:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(made)
        assert file.is_file(), f"no {file}: run pytest --update-expected and look at the result"
        # as text first: pytest shows the lines that differ
        assert made.decode() == file.read_bytes().decode()

    return compare
