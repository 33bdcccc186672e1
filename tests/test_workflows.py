"""The workflows: what they may do, that what they name exists, and what they do in a checkout."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.model import Package
from tests.helpers import ROOT
from tests.runner import Runner, needs_of
from tests.test_site_command import latest_value

FOLDER = ROOT / ".github" / "workflows"
NAMES = sorted(file.name for file in FOLDER.glob("*.yml"))
RUNNERS = {"ubuntu-24.04"}
"""Machines that exist; a misspelt one waits for ever and nobody is told."""

WRITES = {("publish.yml", "deploy"): {"pages": "write", "id-token": "write"}}
"""The only jobs that may do more than read."""

FOLDERS = {".github", "data", "docs", "overrides", "scripts"}
"""What a build needs of the project."""

Workflow = dict[str, Any]


def load(name: str) -> Workflow:
    """A workflow as the runner reads it."""
    return dict(yaml.safe_load((FOLDER / name).read_text(encoding="utf-8")))


def steps(workflow: Workflow) -> Iterator[dict[str, Any]]:
    """All steps of all jobs."""
    for job in workflow["jobs"].values():
        yield from job["steps"]


def sessions() -> set[str]:
    """The sessions of the noxfile, read without running it."""
    tree = ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8"))
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any("session" in ast.unparse(decorator) for decorator in node.decorator_list)
    }


def faults(workflow: Workflow) -> list[str]:
    """What the schema does not see: names that lead nowhere, and machines that do not exist."""
    found = []
    known = sessions()
    jobs = workflow["jobs"]
    for name, job in jobs.items():
        found += [f"{name}: needs {n}" for n in needs_of(job) if n not in jobs]
        if job["runs-on"] not in RUNNERS:
            found.append(f"{name}: runs-on {job['runs-on']}")
        if "timeout-minutes" not in job:
            found.append(f"{name}: timeout-minutes")
        ids = {step.get("id") for step in job["steps"]}
        text = yaml.safe_dump(job)
        found += [f"{name}: steps.{s}" for s in re.findall(r"steps\.(\w+)", text) if s not in ids]
        for step in job["steps"]:
            for line in step.get("run", "").splitlines():
                called = re.search(r"\bnox -s ((?:[\w-]+ ?)+)", line.partition(" -- ")[0])
                names = called[1].split() if called else []
                found += [f"{name}: nox -s {n}" for n in names if n not in known]
                if "nox" in line and not called and "pip install" not in line:
                    found.append(f"{name}: {line}")
    return found


@pytest.mark.parametrize("name", NAMES)
def test_everything_a_workflow_names_exists(name: str) -> None:
    assert faults(load(name)) == []


def misspell_job(workflow: Workflow) -> None:
    workflow["jobs"]["deploy"]["needs"] = "biuld"


def misspell_runner(workflow: Workflow) -> None:
    workflow["jobs"]["build"]["runs-on"] = "ubuntu-24.4"


def misspell_session(workflow: Workflow) -> None:
    step = next(s for s in workflow["jobs"]["build"]["steps"] if s.get("run") == "nox -s site")
    step["run"] = "nox -s stie"


def misspell_step(workflow: Workflow) -> None:
    workflow["jobs"]["deploy"]["environment"]["url"] = "${{ steps.deploy.outputs.page_url }}"


def forget_timeout(workflow: Workflow) -> None:
    del workflow["jobs"]["build"]["timeout-minutes"]


@pytest.mark.parametrize(
    ("plant", "fault"),
    [
        (misspell_job, "deploy: needs biuld"),
        (misspell_runner, "build: runs-on ubuntu-24.4"),
        (misspell_session, "build: nox -s stie"),
        (misspell_step, "deploy: steps.deploy"),
        (forget_timeout, "build: timeout-minutes"),
    ],
)
def test_a_misspelt_name_is_found(plant: Callable[[Workflow], None], fault: str) -> None:
    workflow = deepcopy(load("publish.yml"))
    plant(workflow)
    assert faults(workflow) == [fault]


@pytest.mark.parametrize("name", NAMES)
def test_a_workflow_may_only_read(name: str) -> None:
    workflow = load(name)
    assert workflow["permissions"] == {"contents": "read"}
    for job_name, job in workflow["jobs"].items():
        assert job.get("permissions", {}) == WRITES.get((name, job_name), {})
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert "secrets." not in text
    assert "pull_request_target" not in text


@pytest.mark.parametrize("name", NAMES)
def test_actions_are_pinned_by_hash_and_say_their_version(name: str) -> None:
    uses = re.findall(r"uses: (.+)", (FOLDER / name).read_text(encoding="utf-8"))
    assert uses
    for line in uses:
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


def test_an_action_has_one_version() -> None:
    seen: dict[str, set[str]] = {}
    for name in NAMES:
        for step in steps(load(name)):
            if "uses" in step:
                action, _, version = step["uses"].partition("@")
                seen.setdefault(action, set()).add(version)
    assert {action: len(versions) for action, versions in seen.items()} == dict.fromkeys(seen, 1)


@pytest.mark.parametrize("name", NAMES)
def test_no_checkout_keeps_a_token(name: str) -> None:
    for step in steps(load(name)):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("name", NAMES)
def test_values_reach_the_shell_through_the_environment(name: str) -> None:
    assert not [step["run"] for step in steps(load(name)) if "${{" in step.get("run", "")]


class Project:
    """A repository with the project in it, and the work tree of a member of the staff."""

    def __init__(self, folder: Path) -> None:
        self.origin, self.work = folder / "origin.git", folder / "work"
        self.work.mkdir()
        for entry in ROOT.iterdir():
            if entry.is_dir() and entry.name in FOLDERS:
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(entry, self.work / entry.name, ignore=ignored)
            elif entry.is_file() and entry.name != ".git":
                shutil.copy(entry, self.work)
        (self.work / ".gitignore").write_text("build/\nsite/\n.cache\n", encoding="utf-8")
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.origin))
        self.git("remote", "add", "origin", str(self.origin))
        self.push("最初のデータ")

    def git(self, *arguments: str) -> str:
        """Run git in the work tree."""
        settings = ["-c", "user.name=test", "-c", "user.email=test@example.jp"]
        done = subprocess.run(
            ["git", *settings, *arguments],
            cwd=self.work,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def push(self, message: str, branch: str = "main") -> str:
        """Commit all that is there and push it; answers with the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        self.git("push", "--quiet", "origin", f"HEAD:refs/heads/{branch}")
        return self.git("rev-parse", "HEAD")

    def set_value(self, kpi_id: str, year: int, value: str, note: str = "") -> None:
        """Write a value (and a note) into the observation of a year."""
        file = self.work / "data" / "observations.csv"
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        row = next(i for i, line in enumerate(lines) if line.startswith(f"{kpi_id},{year},"))
        cells = lines[row].rstrip("\n").split(",")
        cells[2], cells[-1] = value, note
        lines[row] = ",".join(cells) + "\n"
        file.write_text("".join(lines), encoding="utf-8", newline="")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A scratch repository."""
    return Project(tmp_path)


def shown(folder: Path, kpi_id: str) -> str:
    """The published file of an indicator."""
    return (folder / "data" / "kpis" / f"{kpi_id}.csv").read_text(encoding="utf-8-sig")


def test_a_bad_value_never_replaces_the_good_site(
    project: Project, real: Package, tmp_path: Path
) -> None:
    """Push a good state, a bad value, then the mend, each through the steps of the workflow."""
    kpi_id, year, value = latest_value(real)
    runner = Runner(tmp_path / "runner", project.origin)
    first = runner.run("publish.yml")
    assert first.jobs == {"build": "success", "deploy": "success"}, first.log
    assert f",{value}," in shown(runner.published, kpi_id)
    good = {p: p.read_bytes() for p in runner.published.rglob("*") if p.is_file()}

    project.set_value(kpi_id, year, "約12万")
    project.push("値を直したつもり")
    second = runner.run("publish.yml")
    assert second.jobs == {"build": "failure", "deploy": "skipped"}
    assert "::error file=data/observations.csv,line=" in second.log
    assert "「約12万」" in second.log
    assert {p: p.read_bytes() for p in runner.published.rglob("*") if p.is_file()} == good

    mended = str(int(float(value)) + 1)
    project.set_value(kpi_id, year, mended, "資料の訂正に合わせた。")
    project.push("値を直した")
    third = runner.run("publish.yml")
    assert third.jobs == {"build": "success", "deploy": "success"}, third.log
    assert f",{mended}," in shown(runner.published, kpi_id)
    page = (runner.published / "kpis" / kpi_id / "index.html").read_text(encoding="utf-8")
    assert f"{int(mended):,}" in page


def test_a_pull_request_shows_what_changes_and_wants_a_reason(
    project: Project, real: Package, tmp_path: Path
) -> None:
    kpi_id, year, value = latest_value(real)
    base = project.git("rev-parse", "HEAD")
    event = {"github.event.pull_request.base.sha": base, "github.ref": "refs/pull/1/merge"}
    runner = Runner(tmp_path / "runner", project.origin)
    mended = str(int(float(value)) + 1)

    project.set_value(kpi_id, year, mended)
    project.push("訂正", "correction")
    silent = runner.run("check.yml", "correction", **event)
    assert silent.jobs == {
        "data": "success",
        "code": "success",
        "tests": "success",
        "changes": "failure",
        "preview": "success",
    }, silent.log
    assert "[correction-reason]" in silent.log
    assert "### 公開済みの値の訂正" in silent.summary
    assert shown(silent.artifacts["preview"], kpi_id)

    project.set_value(kpi_id, year, mended, "資料の訂正に合わせた。")
    project.push("理由を書いた", "correction")
    explained = runner.run("check.yml", "correction", **event)
    assert set(explained.jobs.values()) == {"success"}, explained.log
    assert "資料の訂正に合わせた。" in explained.summary


def test_a_pull_request_with_bad_data_stops_early(project: Project, tmp_path: Path) -> None:
    file = project.work / "data" / "targets.csv"
    file.write_bytes(file.read_bytes().replace(b",2024,", ",令和6年度,".encode(), 1))
    project.push("年度を直したつもり", "bad")
    result = Runner(tmp_path / "runner", project.origin).run("check.yml", "bad")
    assert result.jobs["data"] == "failure"
    assert result.jobs["changes"] == result.jobs["preview"] == "skipped"
    assert "::error file=data/targets.csv,line=" in result.log
