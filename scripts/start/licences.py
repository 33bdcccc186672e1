"""Licences that Japanese municipalities publish data under."""

from __future__ import annotations

from typing import NamedTuple


class Licence(NamedTuple):
    """What the descriptor, the pages and harvesters call a licence, and where it is written."""

    name: str
    title: str
    path: str
    remark: str


LICENCES = {
    licence.name: licence
    for licence in (
        Licence(
            "CC-BY-4.0",
            "クリエイティブ・コモンズ 表示 4.0 国際",
            "https://creativecommons.org/licenses/by/4.0/deed.ja",
            "出典を示せば、だれでも自由に使えます。国の推奨データセットなどで標準の許諾です。",
        ),
        Licence(
            "PDL-1.0",
            "公共データ利用規約（第1.0版）",
            "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0",
            "国の府省が使う規約です。出典と加工したことを示せば使え、CC BY 4.0と互換です。",
        ),
        Licence(
            "CC0-1.0",
            "CC0 1.0 全世界",
            "https://creativecommons.org/publicdomain/zero/1.0/deed.ja",
            "権利を主張しません。出典を示さなくても使えます。",
        ),
        Licence(
            "CC-BY-SA-4.0",
            "クリエイティブ・コモンズ 表示-継承 4.0 国際",
            "https://creativecommons.org/licenses/by-sa/4.0/deed.ja",
            "出典を示し、同じ許諾で公開すれば使えます。",
        ),
    )
}
"""The licences by the name that machines read."""
