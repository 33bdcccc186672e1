"""このプロジェクトの手引き。コマンドは全部ここにあります。

準備は ``pip install nox`` だけです。どのコマンドも、自分の環境を自分で作ります。

    nox              サイトを作る（nox -s site と同じ）
    nox -s serve     編集しながら見る
    nox -s check     データだけを数秒で確かめる
    nox -l           コマンドの一覧

``--`` の後ろは、そのまま中のコマンドに渡ります（例: ``nox -s check -- --format json``）。
2回目からは環境を使い回します。作り直すときは ``--reuse-venv=never`` を付けます。

コマンドを足すときは、下の関数を1つまねて書きます。使うライブラリーは pyproject.toml の
``[dependency-groups]`` に足し、``nox -s lock`` で版を決めます。
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import nox
from nox.command import CommandFailed

nox.needs_version = ">=2025.5"
nox.options.default_venv_backend = "virtualenv"
nox.options.error_on_external_run = True
nox.options.reuse_venv = "yes"

PYTHON = "python"
CONSTRAINTS = "constraints.txt"
WORKFLOWS = sorted(map(str, Path(".github/workflows").glob("*.yml")))


def install(session: nox.Session, group: str) -> None:
    """pyproject.toml の group を constraints.txt の版で入れる。前と同じなら何もしない。"""
    wanted = nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), group)
    pins = Path(CONSTRAINTS).read_text(encoding="utf-8")
    stamp = Path(session.virtualenv.location) / "installed.sha256"
    digest = hashlib.sha256("\n".join([*wanted, pins]).encode()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == digest:
        return
    session.install("-c", CONSTRAINTS, *wanted)
    stamp.write_text(digest, encoding="ascii")


@nox.session(default=True)
def site(session: nox.Session) -> None:
    """サイトを作る。検査 → build/docs → site/。失敗したら前の site/ がそのまま残る。

    ``nox -s site -- --engine zensical`` は、同じページを Zensical で作る。
    """
    install(session, "engines" if "zensical" in session.posargs else "site")
    session.run(PYTHON, "-m", "scripts.site", *session.posargs)


@nox.session(default=False)
def serve(session: nox.Session) -> None:
    """編集しながら見る。保存すると作り直し、ブラウザーが読み直す。終わりは Ctrl+C。"""
    install(session, "site")
    session.run(PYTHON, "-m", "scripts.serve", *session.posargs)


@nox.session(default=False)
def check(session: nox.Session) -> None:
    """データだけを確かめる。直すところがあれば、全部を一度に示して終了コード1。"""
    install(session, "check")
    session.run(PYTHON, "-m", "scripts.check", *session.posargs)


@nox.session(default=False)
def tidy(session: nox.Session) -> None:
    """推測せずに直せるところ（文字コード、全角数字、行の順番など）を直し、全部を示す。"""
    install(session, "check")
    session.run(PYTHON, "-m", "scripts.tidy", *session.posargs)


@nox.session(default=False)
def import_xlsx(session: nox.Session) -> None:
    """Excel のブックを取り込む。``-- FILE``。ひな形は ``-- --template 2022 FILE``。"""
    install(session, "import")
    session.run(PYTHON, "-m", "scripts.import_xlsx", *session.posargs)


@nox.session(default=False)
def start(session: nox.Session) -> None:
    """別の自治体のサイトの一式を、新しいフォルダーに作る。``nox -s start -- ../DIR``。"""
    install(session, "check")
    session.run(PYTHON, "-m", "scripts.start", *session.posargs)


@nox.session(default=False)
def import_open_sdg(session: nox.Session) -> None:
    """Open SDG のデータを表にする。``-- DIR --out DIR``。運べないものは報告に出る。"""
    install(session, "import")
    session.run(PYTHON, "-m", "scripts.import_open_sdg", *session.posargs)


@nox.session(default=False)
def diff(session: nox.Session) -> None:
    """公開されるものの変わるところを示す。``nox -s diff -- main --format markdown``。"""
    install(session, "site")
    session.run(PYTHON, "-m", "scripts.diff", *session.posargs)


@nox.session(default=False)
def tests(session: nox.Session) -> None:
    """テストを全部動かす（ブラウザーも）。一部だけなら ``nox -s tests -- tests/test_site.py``。

    ``nox -s tests -- --cov`` は、通った分かれ道の割合も示す。
    """
    install(session, "test")
    session.run(PYTHON, "-m", "tests.browser", "--ensure")
    # without them only their own tests fail, and say so
    session.run(PYTHON, "-m", "tests.validator", "--ensure", success_codes=[0, 1])
    session.run(PYTHON, "-m", "tests.nginx", "--ensure", success_codes=[0, 1])
    session.run(PYTHON, "-m", "pytest", "-n", "auto", "--maxprocesses=4", *session.posargs)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """性能を比で測る。全部だと40分ほど。``-- --sizes 50 500 --only build page-bytes`` で一部。"""
    install(session, "bench")
    session.run(PYTHON, "-m", "tests.browser", "--ensure")
    session.run(PYTHON, "-m", "tests.bench", *session.posargs)


@nox.session(default=False)
def mutants(session: nox.Session) -> None:
    """判定と検査のプログラムを少しずつ変え、テストが気づくかを試す。長くかかる。"""
    install(session, "mutants")
    session.run(PYTHON, "-m", "tests.mutants", *session.posargs)


@nox.session(default=False)
def lint(session: nox.Session) -> None:
    """書き方、型、ワークフローを確かめる。``nox -s lint -- --fix`` は、直せるものを直す。"""
    install(session, "lint")
    fix = "--fix" in session.posargs
    failed = []
    for command in (
        ["ruff", "check", *(["--fix"] if fix else []), "."],
        ["ruff", "format", *([] if fix else ["--diff"]), "."],
        ["mypy"],
        ["check-jsonschema", "--builtin-schema", "vendor.github-workflows", *WORKFLOWS],
        ["check-jsonschema", "--builtin-schema", "vendor.dependabot", ".github/dependabot.yml"],
        ["zizmor", "--offline", "--quiet", "--persona", "pedantic", ".github"],
    ):
        try:
            session.run(*command)
        except CommandFailed:
            failed.append(" ".join(command))
    if failed:
        session.error("、".join(failed))


@nox.session(default=False)
def record(session: nox.Session) -> None:
    """機械可読性のルールを点検する。``nox -s record -- --write`` は、結果を記録する。"""
    install(session, "site")
    session.run(PYTHON, "-m", "scripts.record", *session.posargs)


@nox.session(default=False)
def a11y(session: nox.Session) -> None:
    """すべてのページのアクセシビリティを調べる。``nox -s a11y -- --write`` は、結果を記録する。"""
    install(session, "test")
    session.run(PYTHON, "-m", "tests.browser", "--ensure")
    session.run(PYTHON, "-m", "tests.audit", *session.posargs)


@nox.session(default=False)
def watch(session: nox.Session) -> None:
    """公開中のサイトがここにあるデータと同じか、外へのリンクが生きているかを見る。"""
    install(session, "site")
    session.run(PYTHON, "-m", "scripts.watch", *session.posargs)


@nox.session(default=False)
def audit(session: nox.Session) -> None:
    """使っている部品に、知られている弱点がないかを調べる。尋ねられなければ失敗する。"""
    install(session, "audit")
    session.run(PYTHON, "-m", "scripts.advisories", *session.posargs)


@nox.session(default=False, reuse_venv=False)
def lock(session: nox.Session) -> None:
    """constraints.txt を、いま手に入る版で書き直す。変わった版は、テストを通してから残す。

    いちばん古い Python（Debian 12 の 3.11.2）で動かす。新しい Python で動かすと、
    古いほうに入らない版が選ばれることがある。
    """
    wanted = nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), "dev")
    session.install(*wanted, *session.posargs)
    frozen = session.run(PYTHON, "-m", "pip", "freeze", silent=True)
    pins = sorted((line for line in str(frozen).splitlines() if "==" in line), key=str.lower)
    head = "# 使うものすべての版。nox -s lock が書く。手で直さない。\n"
    Path(CONSTRAINTS).write_text(head + "\n".join(pins) + "\n", encoding="utf-8")
    session.log(f"{CONSTRAINTS}: {len(pins)}")
