"""What a comparison may find wrong: something published changes and nobody says why."""

from __future__ import annotations

from scripts.model import Kpi, Package, Problem, Record


def unexplained(
    package: Package, table: str, record: Record, field: str, said: tuple[str, str, str, str]
) -> Problem:
    """A correction without a reason; ``said`` is indicator, subject, before and after."""
    name, subject, before, after = said
    return Problem(
        path=package.path(table),
        row=record.row,
        field=field,
        code="correction-reason",
        message=f"公開済みの「{name}」の{subject}が {before} から {after} に変わりますが、"
        "理由が書かれていません。",
        fix=f"この行の {field} に、訂正の理由を書いてください"
        "（例: 元の資料が2026年10月に訂正されたため、それに合わせた。）。",
        value=str(getattr(record, field)),
    )


def withdrawn(package: Package, kpi: Kpi, subject: str, before: str) -> Problem:
    """Something published that disappears without a word."""
    return Problem(
        path=package.path("kpis"),
        row=kpi.row,
        field="caution",
        code="removal-reason",
        message=f"公開済みの「{kpi.name}」の{subject}（{before}）がなくなりますが、"
        "理由が書かれていません。",
        fix="年を移したなら、移した先の行の note に、取り消すなら、この指標の caution に、"
        "理由を書いてください（例: 2021年度の値は、資料の取り下げにより取り消した。）。",
        value=kpi.caution,
    )


def vanished(kpi: Kpi) -> Problem:
    """An indicator whose published address would lead nowhere."""
    return Problem(
        path="data/kpis.csv",
        row=0,
        field="kpi_id",
        code="kpi-removed",
        message=f"公開済みの指標「{kpi.name}」（{kpi.kpi_id}）がなくなり、"
        f"ページ /kpis/{kpi.kpi_id}/ を開けなくなります。",
        fix="一度公開した番地は残します。使わなくなった指標も行を消さず、"
        "そのことを caution に書いてください。",
        value=kpi.kpi_id,
    )
