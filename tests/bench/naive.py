"""``python -m tests.bench.naive PACKAGE OUT RESULT``: the same pages, made the obvious way.

The real build with two things undone: labels stay Japanese in what the renderer draws (so that it
reads the fonts of the machine for each of them), and nothing is kept from one run to the next.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import scripts.build
import scripts.charts.svg
from scripts.charts.spec import Drawing
from scripts.charts.template import TEMPLATES
from tests.helpers import ROOT, TODAY

drawn = 0


def lettered(drawing: Drawing) -> dict[str, Any]:
    """The Vega-Lite spec of a drawing, whole: its data, axis labels and words in it."""
    fill = drawing.spec
    spec = TEMPLATES[drawing.kind]()
    axes = [spec["layer"][0]["encoding"]["x"], spec["layer"][1]["encoding"]["y"]]
    for axis, name in zip(axes, "xy", strict=True) if drawing.kind == "kpi" else ():
        axis["scale"]["domain"] = fill["domains"][name]
        axis["axis"] |= {"values": fill["ticks"][name], "labels": True}
    if drawing.texts:
        words = [
            {"px": word.x, "py": word.y, "t": line} for word in drawing.texts for line in word.lines
        ]
        place = {
            name: {"field": f"p{name}", "type": "quantitative", "scale": None} for name in "xy"
        }
        text = {**place, "text": {"field": "t", "type": "nominal"}}
        spec["layer"].append({"data": {"values": words}, "mark": "text", "encoding": text})
    spec |= {key: fill[key] for key in ("width", "height", "padding") if key in fill}
    return {**spec, "datasets": fill["datasets"]}


def render(drawing: Drawing) -> bytes:
    """What the renderer draws, always anew."""
    import vl_convert

    global drawn  # noqa: PLW0603 - a count of this process
    drawn += 1
    return vl_convert.vegalite_to_svg(vl_spec=lettered(drawing)).encode()


def main(package: str, out: str, result: str) -> int:
    """Stage the pages into ``out`` and say in ``result`` how many pictures were drawn."""
    scripts.charts.svg._render = render
    code = scripts.build.build(Path(package), ROOT / "docs", Path(out), TODAY, pngs=False)
    Path(result).write_text(json.dumps({"pictures": drawn}), encoding="utf-8")
    return code


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
