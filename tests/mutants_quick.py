"""mutmut for :mod:`tests.mutants`: the same tests, in the order that notices soonest.

Nearly all the time of a mutant goes into collecting tests, into work that no mutant touches, and
into tests that cannot notice. So the tests are collected once and every mutant is tried in a fork
of that process; what the mutated code has no part in is remembered by its input; and the tests
that noticed the neighbours of a mutant come first. No test that runs the mutated function is left
out, and no answer of mutated code is kept.

Run as a file of its own, outside of ``tests``: as a part of it, it would bring the code that is
not mutated along.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import pickle
import re
import resource
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from _pytest.config import _prepareconfig
from mutmut import __main__ as command
from mutmut.mutation.trampoline import get_mutant_under_test, set_mutant_under_test
from mutmut.runners.harness import PytestRunner
from mutmut.utils.file_utils import change_cwd
from mutmut.workers.isolation import ForkRunner, run_in_fork

PLACE = Path.cwd()
NOTICED = PLACE / "noticed.jsonl"
"""One line per mutant that was noticed: its function and the test."""

REMEMBERED = PLACE / "remembered"
"""Answers of what is not mutated, pickled, named by their input."""

THIS = sys.modules[__name__]


def function_of(name: str) -> str:
    """``scripts.rules.values.x_target_years__mutmut_3`` → without the number."""
    return name.partition("__mutmut_")[0]


def one(nodeid: str) -> str:
    """The name of a test; pytest escapes what is not ASCII once more each time it collects."""
    return re.sub(r"\\+", r"\\", nodeid)


def pytest_configure() -> None:
    """Remember what no mutant changes."""
    if "rules" in PLACE.name:
        remember_loading()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note which test noticed."""
    mutant = get_mutant_under_test()
    if report.failed and "__mutmut_" in mutant:
        with NOTICED.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps([function_of(mutant), one(report.nodeid)]) + "\n")


def in_order(items: Iterable[pytest.Item], function: str) -> list[pytest.Item]:
    """First the tests that noticed mutants of this function, then of its module."""
    near: Counter[str] = Counter()
    far: Counter[str] = Counter()
    if NOTICED.is_file():
        for line in NOTICED.read_text(encoding="utf-8").splitlines():
            where, test = json.loads(line)
            near[test] += where == function
            far[test] += where.rpartition(".")[0] == function.rpartition(".")[0]
    return sorted(items, key=lambda item: (-near[one(item.nodeid)], -far[one(item.nodeid)]))


def forget() -> None:
    """Empty the caches of functions: what tests keep for one another would hide a mutant."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("scripts", "tests")):
            for value in list(vars(module).values()):
                if isinstance(value, functools._lru_cache_wrapper):
                    value.cache_clear()


def remembered(key: bytes, make: Callable[[], Any]) -> Any:
    """What ``make`` gives, kept under a digest of all that it depends on."""
    file = REMEMBERED / hashlib.blake2b(key, digest_size=20).hexdigest()
    if file.is_file():
        return pickle.loads(file.read_bytes())  # noqa: S301
    made = make()
    REMEMBERED.mkdir(exist_ok=True)
    part = file.with_suffix(f".{os.getpid()}")
    part.write_bytes(pickle.dumps(made, 5))
    part.replace(file)
    return made


def remember_loading() -> None:
    """Loading has no part in the rules: the same files give the same package."""
    from scripts import check, load
    from tests import conftest

    real = load.load_package

    def quick(descriptor: Path, **options: Any) -> load.Loaded:
        base = descriptor.parent
        files = [descriptor, *sorted((base / "data").rglob("*"))]
        if any(file.is_symlink() or not file.is_file() for file in files):
            return real(descriptor, **options)
        names = [str(file.relative_to(base)).encode() for file in files]
        parts = [hashlib.blake2b(file.read_bytes()).digest() for file in files]
        key = b"\n".join([repr(options).encode(), *names, *parts])
        found: load.Loaded = remembered(key, lambda: real(descriptor, **options))
        return found

    for module in (check, conftest):
        vars(module)["load_package"] = quick


class Tests(PytestRunner):
    """The tests of a group, collected once."""

    session: pytest.Session
    limit = 0
    """CPU seconds that a mutant may take; without end when 0."""

    def _pytest_args_regular_run(self, _: Iterable[str]) -> list[str]:
        """All by their files: hundreds of names take longer to look up than the tests."""
        return ["-x", "-q", *self._pytest_add_cli_args_test_selection]

    def execute_pytest(self, params: list[str], plugins: Sequence[Any] = ()) -> int:
        """A run with this module as a plugin."""
        forget()
        return int(super().execute_pytest(params, plugins=[*plugins, THIS]))

    def collect(self) -> None:
        """What every fork starts with."""
        given = [*self._pytest_args_regular_run(()), *self._pytest_add_cli_args]
        given += ["--rootdir=.", "--tb=no", "--capture=sys"]
        with change_cwd("mutants"):
            config = _prepareconfig(given, [THIS])
            self.session = pytest.Session.from_config(config)
            config._do_configure()
            config.hook.pytest_sessionstart(session=self.session)
            config.hook.pytest_collection(session=self.session)
        config.pluginmanager.getplugin("capturemanager").suspend_global_capture(in_=True)
        forget()

    def run_tests(self, *, mutant_name: str | None, tests: Iterable[str]) -> int:
        """In a fork: the tests that run the function of the mutant, until one fails."""
        if mutant_name is None:
            return int(super().run_tests(mutant_name=None, tests=tests))
        session, wanted = self.session, set(map(one, tests))
        chosen = [item for item in session.items if one(item.nodeid) in wanted]
        session.items = in_order(chosen, function_of(mutant_name))
        session.testscollected = len(chosen)
        if self.limit and self.limit < resource.getrlimit(resource.RLIMIT_CPU)[0]:
            resource.setrlimit(resource.RLIMIT_CPU, (self.limit, self.limit + 1))
        self.output = sys.stdout  # left open: a file that is forgotten is a warning, which fails
        folder = Path(tempfile.mkdtemp(prefix="mutant-"))
        vars(session.config)["_tmp_path_factory"]._basetemp = folder
        try:
            with change_cwd("mutants"):
                session.config.hook.pytest_runtestloop(session=session)
        except (session.Failed, session.Interrupted):
            return 1
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return 1 if session.testsfailed else 0


def spent() -> float:
    """CPU seconds of the forks so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Forks(ForkRunner):
    """mutmut's forks, of a process that has collected the tests."""

    def startup(self) -> None:
        """Collect, and see that the tests pass in a fork without any mutant."""
        tests = self.test_runner
        tests.collect()
        set_mutant_under_test("")
        every = [one(item.nodeid) for item in tests.session.items]
        before = spent()
        if run_in_fork(lambda: tests.run_tests(mutant_name="none", tests=every)):
            raise SystemExit("the tests fail without any mutant")
        tests.limit = 5 + round(3 * (spent() - before))  # a mutant that does not end ends then
        super().startup()


if __name__ == "__main__":
    vars(command)["get_mutant_runner"] = lambda children=1: Forks(children, Tests())
    command.cli()
