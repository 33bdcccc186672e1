"""Runs the steps of a workflow in a checkout, as far as a machine without a network can.

Shell steps run as they are written, with ``nox``, ``pip`` and ``sudo`` stood in for: a session of
the noxfile runs its own commands in the Python of the tests. Actions that hand the site on and
publish it are played with folders. ``python -m tests.runner nox …`` is the stand-in for nox.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml

from tests.helpers import ROOT

TESTED_ELSEWHERE = ("lint", "tests")
"""Sessions that the stand-in only notes: they would run this very test again."""


@dataclass
class Run:
    """What a run of a workflow did: the result of each job, all output, files of the jobs."""

    jobs: dict[str, str] = field(default_factory=dict)
    log: str = ""
    summary: str = ""
    artifacts: dict[str, Path] = field(default_factory=dict)


class Runner:
    """A machine that checks out a repository anew for every run, and a place to publish to."""

    def __init__(self, folder: Path, origin: Path) -> None:
        self.folder = folder
        self.origin = origin
        self.published = folder / "published"
        self.count = 0
        self.environment = stand_ins(folder / "bin")

    def run(self, workflow: str, revision: str = "main", **values: str) -> Run:
        """Run a workflow of the checked out revision; ``values`` fill its ``${{ … }}``."""
        self.count += 1
        result = Run()
        place = self.folder / f"run{self.count}"
        document: dict[str, Any] | None = None
        pending = ["first"]
        while pending:
            for name in pending:
                checkout = place / name
                git = ["git", "clone", "--quiet", "--branch", revision, str(self.origin)]
                subprocess.run([*git, str(checkout)], check=True)
                (checkout / ".cache").symlink_to(ROOT / ".cache")  # pictures made before
                if document is None:
                    text = (checkout / ".github" / "workflows" / workflow).read_text("utf-8")
                    document = yaml.safe_load(text)
                    continue
                job = document["jobs"][name]
                if all(result.jobs.get(n) == "success" for n in needs_of(job)):
                    result.jobs[name] = self.job(job, checkout, result, values)
                else:
                    result.jobs[name] = "skipped"
            assert document is not None
            pending = [
                name
                for name, job in document["jobs"].items()
                if name not in result.jobs and all(n in result.jobs for n in needs_of(job))
            ]
        return result

    def job(self, job: dict[str, Any], checkout: Path, result: Run, values: dict[str, str]) -> str:
        """Run the steps of a job until one fails."""
        for step in job["steps"]:
            if "run" in step:
                code = self.shell(step, checkout, result, values)
                if code:
                    return "failure"
            else:
                self.action(step, checkout, result)
        return "success"

    def shell(
        self, step: dict[str, Any], checkout: Path, result: Run, values: dict[str, str]
    ) -> int:
        """Run a shell step the way the runner does."""
        summary = checkout.with_suffix(".summary")
        extra = {
            name: re.sub(r"\$\{\{ *(.+?) *\}\}", lambda m: values[m[1]], text)
            for name, text in step.get("env", {}).items()
        }
        assert "${{" not in step["run"], "values reach the shell through its environment"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=checkout,
            env={**self.environment, **extra, "GITHUB_STEP_SUMMARY": str(summary)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        result.log += done.stdout
        if summary.exists():
            result.summary += summary.read_text(encoding="utf-8")
        return done.returncode

    def action(self, step: dict[str, Any], checkout: Path, result: Run) -> None:
        """Play an action with folders."""
        name = step["uses"].partition("@")[0]
        settings = step.get("with", {})
        if name == "actions/upload-artifact":
            result.artifacts[settings["name"]] = checkout / settings["path"]
        elif name == "actions/upload-pages-artifact":
            result.artifacts["github-pages"] = checkout / settings["path"]
        elif name == "actions/deploy-pages":
            shutil.rmtree(self.published, ignore_errors=True)
            shutil.copytree(result.artifacts["github-pages"], self.published)
        else:
            assert name in ("actions/checkout", "actions/setup-python"), name


def stand_ins(programs: Path) -> dict[str, str]:
    """An environment whose ``nox``, ``python`` and ``sudo`` need no network."""
    programs.mkdir(parents=True)
    python = sys.executable
    for name, script in {
        "nox": f'exec "{python}" -m tests.runner nox "$@"',
        "python": f'case "$*" in "-m pip "*) exit 0;; esac\nexec "{python}" "$@"',
        "sudo": "exit 0",
    }.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    return {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }


def needs_of(job: dict[str, Any]) -> list[str]:
    """The jobs that must have succeeded before."""
    needs = job.get("needs", [])
    return [needs] if isinstance(needs, str) else list(needs)


def noxless(arguments: list[str]) -> int:
    """Run the sessions of ``./noxfile.py`` that ``nox -s …`` names, without environments."""
    spec = importlib.util.spec_from_file_location("noxfile", Path("noxfile.py"))
    assert spec is not None
    assert spec.loader is not None
    noxfile = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(noxfile)
    before, _, after = " ".join(arguments).partition(" -- ")
    assert before.startswith("-s "), before
    for name in before.split()[1:]:
        session = getattr(noxfile, name).func
        if name in TESTED_ELSEWHERE:
            sys.stdout.write(f"nox -s {name}: 別のところで確かめています\n")
            continue
        session(stand_in(after.split()))
    return 0


def stand_in(posargs: list[str]) -> Any:
    """A session that installs nothing and runs commands with the Python of the tests."""

    def run(program: str, *arguments: str, **_: Any) -> None:
        command = [sys.executable if program == "python" else program, *arguments]
        environment = {**os.environ, "PYTHONPATH": "."}
        code = subprocess.run(command, env=environment, check=False).returncode
        if code:
            raise SystemExit(1)

    return SimpleNamespace(
        posargs=posargs,
        install=lambda *_: None,
        run=run,
        virtualenv=SimpleNamespace(location=".git"),
    )


if __name__ == "__main__":
    assert sys.argv[1] == "nox"
    raise SystemExit(noxless(sys.argv[2:]))
