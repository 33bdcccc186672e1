"""The same indicator made with other tools, to be read beside ours; nothing of them is kept here.

Material is in the environment anyway. Observable Framework is fetched with npm into a temporary
folder when somebody runs this part and npm is there; no test and no other command does so.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
from pathlib import Path

from tests.bench.sites import STOCK, Figures, Tell, generator

PACKAGES = {"@observablehq/framework": "1.13.4", "@observablehq/plot": "0.6.17"}
NPM = ("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")

CONFIG = {
    "title": "試算町",
    "root": "src",
    "theme": "air",
    "globalStylesheets": [],  # no letters from another host: this is in its favour
    "toc": False,
    "pager": False,
    "pages": [],
}

PAGE = """---
title: {name}
---

# {name}

{definition}

```js
import * as Plot from "@observablehq/plot";
const rows = {rows};
display(Plot.plot({{
  y: {{grid: true, label: "{unit}"}},
  x: {{tickFormat: "d", label: "年度"}},
  marks: [Plot.lineY(rows, {{x: "year", y: "value", marker: true}})]
}}));
```

| 年度 | 値 |
| --- | --- |
{table}
"""


def stock_site(docs: Path, site: Path) -> Path:
    """Our staged pages with stock Material and its search."""
    if not (site / "index.html").is_file():
        generator(docs, site, STOCK)
    return site


def observable_site(town: Path, folder: Path, tell: Tell) -> Path | None:
    """One indicator of a town as a site of Observable Framework; ``None`` where npm is missing."""
    if not shutil.which("npm"):
        return None
    tell("Observable Frameworkを用意する")
    (folder / "src").mkdir(parents=True, exist_ok=True)
    write_project(town, folder)
    for command in (NPM, ("npm", "exec", "--offline", "--", "observable", "build")):
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "OBSERVABLE_TELEMETRY_DISABLE": "true"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode:
            tell(f"{' '.join(command[:2])}: {done.stderr[-300:]}")
            return None
    return folder / "dist"


def write_project(town: Path, folder: Path) -> None:
    """The text, the chart and the table of the first indicator."""
    kpi = records(town / "data" / "kpis.csv")[0]
    rows: list[Figures] = [
        {"year": int(row["year"]), "value": float(row["value"])}
        for row in records(town / "data" / "observations.csv")
        if row["kpi_id"] == kpi["kpi_id"]
    ]
    page = PAGE.format(
        **{name: kpi[name] for name in ("name", "definition", "unit")},
        rows=json.dumps(rows),
        table="\n".join(f"| {row['year']} | {row['value']:.0f} |" for row in rows),
    )
    package = {"private": True, "type": "module", "dependencies": PACKAGES}
    files = {
        "package.json": json.dumps(package),
        "observablehq.config.js": f"export default {json.dumps(CONFIG, ensure_ascii=False)};\n",
        "src/index.md": page,
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def records(file: Path) -> list[dict[str, str]]:
    """The rows of a table of a town."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
