"""``python -m scripts.advisories [FILE]``: known vulnerabilities of the pinned libraries.

pip-audit asks a service; when it cannot, it may say that it found nothing. Here «could not be
audited» is a failure: every pin must have an answer of its own, and a release with published
vulnerabilities must be found out as such.
Exit 0 good, 1 vulnerabilities, 2 could not be audited (or wrong use).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scripts.command import Parser
from scripts.console import answering, say

KNOWN_BAD = "jinja2==2.4.1"
"""An old release with published vulnerabilities: the proof that the service answers."""

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)")

Ask = Callable[[Path], list[dict[str, Any]] | None]


def pins_of(text: str) -> list[str]:
    """The names of a list of pins, as the index writes them."""
    found = (_PIN.match(line) for line in text.splitlines())
    return sorted(re.sub(r"[-_.]+", "-", match[1]).lower() for match in found if match)


def ask_service(requirements: Path) -> list[dict[str, Any]] | None:
    """What pip-audit says of each pin of a file; ``None`` when it could not say."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(requirements)]
    command += ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    try:
        answer = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        say(done.stderr.strip()[-2000:])
        return None
    return list(answer)


def audit(file: Path, ask: Ask) -> tuple[int, list[str]]:
    """Exit code and what to say about a file of pins."""
    with tempfile.TemporaryDirectory() as folder:
        proof = Path(folder) / "proof.txt"
        proof.write_text(KNOWN_BAD + "\n", encoding="utf-8")
        known = ask(proof)
    if not known or not any(entry.get("vulns") for entry in known):
        return 2, ["弱点の一覧を持つサービスに尋ねられませんでした。検査は済んでいません。"]
    wanted = pins_of(file.read_text(encoding="utf-8"))
    answer = ask(file)
    if answer is None:
        return 2, ["検査できませんでした。"]
    told = {
        re.sub(r"[-_.]+", "-", str(entry["name"])).lower() for entry in answer if "vulns" in entry
    }
    if missing := [name for name in wanted if name not in told]:
        return 2, [f"検査できなかったものがあります: {'、'.join(missing)}"]
    lines = [
        f"{entry['name']} {entry['version']}: {vulnerability['id']}"
        f"（直った版: {'、'.join(vulnerability.get('fix_versions', [])) or 'まだありません'}）"
        for entry in answer
        for vulnerability in entry.get("vulns", [])
    ]
    if lines:
        return 1, [*lines, "nox -s lock で新しい版にし、テストを通してください。"]
    return 0, [f"{len(wanted)}個を検査し、知られている弱点はありませんでした。"]


@answering
def main(argv: list[str] | None = None, ask: Ask = ask_service) -> int:
    """Command line of the audit."""
    parser = Parser("advisories", "使っている部品の、知られている弱点を調べます。")
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        default=Path("constraints.txt"),
        metavar="FILE",
        help="使うものの版の一覧（書かなければ constraints.txt）",
    )
    arguments = parser.parse_args(argv)
    if not arguments.file.is_file():
        parser.exit(2, f"{arguments.file} がありません。\n")
    code, lines = audit(arguments.file, ask)
    for line in lines:
        say(line)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
