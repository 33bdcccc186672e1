"""What the comparison with the published data and the watch over the published site say."""

from __future__ import annotations

from scripts.messages.entry import Entry

COMPARE = "公開済みのものとの違い（nox -s diff）"
WATCH = "公開中のサイト（nox -s watch）"

ENTRIES = (
    Entry(
        "correction-reason",
        COMPARE,
        "公開済みの値の訂正に理由がない",
        "前の値を引用した人が、なぜ変わったかを知る必要があります。",
        "示された列（note、target_note、baseline_note）に、訂正の理由を書きます。"
        "前からある注記は理由になりません。",
        "（空）",
        "元の資料が2026年10月に訂正されたため、それに合わせた。",
    ),
    Entry(
        "removal-reason",
        COMPARE,
        "公開済みの値がなくなるのに理由がない",
        "行が消えると、理由を書く場所も消えます。",
        "年を移したなら、移した先の行の note に書きます。取り消すなら、指標の caution に書きます。",
    ),
    Entry(
        "kpi-removed",
        COMPARE,
        "公開済みの指標がなくなる",
        "そのページへのリンクや引用が、すべて切れます。",
        "行を戻し、使わなくなったことを caution に書きます。",
    ),
    Entry(
        "site-unreachable",
        WATCH,
        "公開中のサイトを読めない",
        "公開の設定か、homepage の番地が違います。",
        "ブラウザーで番地を開いて確かめ、homepage か公開の設定を直します。",
    ),
    Entry(
        "site-stale",
        WATCH,
        "公開中のデータが古い",
        "最後の公開が失敗し、前のサイトが残っています。",
        "「公開する」の実行の記録を見て、直すところを直し、もう一度動かします。",
    ),
    Entry(
        "link-dead",
        WATCH,
        "リンク先がない",
        "資料の置き場所が変わることがあります。",
        "新しい番地に直すか、リンクを外します。",
    ),
    Entry(
        "link-unsure",
        WATCH,
        "リンク先を確かめられなかった",
        "相手のサイトが混んでいるか、機械からの問い合わせを断っています。",
        "ブラウザーで開いて確かめます。開ければ、そのままで構いません。",
        level="warning",
    ),
)
