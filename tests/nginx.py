"""nginx with settings of ours on a free port. ``python -m tests.nginx --ensure`` finds it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser import install_packages

PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
MISSING = (
    "公開の設定のテストに nginx が要ります。nginx を入れてください。"
    " / The tests of the server settings need nginx: install it."
)


def ensure_nginx() -> str:
    """Find nginx, install it on a Debian machine of ours, or stop with one sentence."""
    if found := shutil.which("nginx", path=PATH):
        return found
    install_packages("nginx-light")
    if found := shutil.which("nginx", path=PATH):
        return found
    raise SystemExit(MISSING)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def nginx(folder: Path, settings: str, port: int) -> Iterator[None]:
    """Run nginx with what stands inside ``http { }``; ``settings`` listen on ``port``."""
    program = ensure_nginx()
    mime = next(p for p in (Path("/etc/nginx"), Path("/usr/local/etc/nginx")) if p.is_dir())
    shutil.copy(mime / "mime.types", folder)
    spaces = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    user = "user root;\n" if hasattr(os, "geteuid") and os.geteuid() == 0 else ""
    file = folder / "nginx.conf"
    file.write_text(
        f"{user}daemon off;\npid {folder}/pid;\nerror_log {folder}/log;\nevents {{ }}\n"
        "http {\ninclude mime.types;\naccess_log off;\n"
        + "".join(f"{name}_temp_path {folder}/{name};\n" for name in spaces)
        + settings
        + "\n}\n",
        encoding="utf-8",
    )
    command = [program, "-c", str(file), "-e", f"{folder}/log"]
    tried = subprocess.run([*command, "-t"], capture_output=True, encoding="utf-8", check=False)
    assert tried.returncode == 0, tried.stderr
    with subprocess.Popen(command) as process:
        try:
            for _ in range(200):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert process.poll() is None, (folder / "log").read_text(encoding="utf-8")
                time.sleep(0.05)
            yield
        finally:
            process.terminate()


if __name__ == "__main__":
    sys.stdout.write(f"{ensure_nginx()}\n")
