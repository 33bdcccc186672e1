"""Rules for projects, printed totals, achievements and voices."""

from __future__ import annotations

from scripts.messages.entry import ASK, RULE, Entry

ENTRIES = (
    Entry(
        "kpi-id-free",
        RULE,
        "指標IDがサイトのほかのページの名前と重なる",
        "指標IDはページの住所になるので、判定ごとの一覧の名前とは重ねられません。",
        "別の指標IDにします。",
    ),
    Entry(
        "ids-safe",
        RULE,
        "記号（ID）がファイルの名前にできない",
        "記号（ID）はページの住所とファイルの名前になります。長すぎる名前、Windows が使う名前"
        "（con、nul など）、フォルダーの外を指す名前は使えません。",
        "半角の英小文字、数字、ハイフンだけで、80文字までにします。",
        "con",
        "consumer-centre",
    ),
    Entry(
        "project-totals",
        RULE,
        "事業の合計が印字された小計と違う",
        "行の抜け、予算の打ち間違い、再掲の付け忘れがあると合いません。",
        "projects.csv の行と予算を資料と見比べます。control_totals.csv の小計も見直します。",
    ),
    Entry(
        "project-totals-complete",
        ASK,
        "小計のない基本目標がある",
        "小計を写し忘れると、事業の合計を確かめられません。",
        "control_totals.csv に行を足します。資料に印字がなければ、そのままで公開できます。",
        level="warning",
    ),
    Entry(
        "project-repeats",
        RULE,
        "再掲の事業の初出が見つからない",
        "名前、部局、予算のどれかが初出の行と違うか、初出に再掲の印が付いています。",
        "初出の行と見比べ、違うところを資料のとおりに直します。",
    ),
    Entry(
        "project-year",
        RULE,
        "事業の年度が施策の期間の外",
        "年度の打ち間違いか、別の期の施策を指しています。",
        "fiscal_year と measure_id を資料と見比べます。",
    ),
    Entry(
        "goal-known",
        RULE,
        "知らない基本目標を指している",
        "goal_id の打ち間違いです。",
        "goals.csv にある goal_id に直します。全体の小計は total と書きます。",
    ),
    Entry(
        "element-place",
        RULE,
        "改訂の要素の施策が別の基本目標にある",
        "施策か基本目標の打ち間違いです。",
        "goal_id と measure_id を資料と見比べます。",
    ),
    Entry(
        "achievements-unique",
        RULE,
        "同じ数値が2回ある",
        "同じ資料を2回写したか、時点・期間を書き分けていません。",
        "1行にまとめるか、period に時点を書きます。",
    ),
    Entry(
        "dialogue-pairs",
        RULE,
        "意見のない反映がある",
        "何への対応か分からない反映は読む人に伝わりません。",
        "もとになった意見を opinion に書くか、反映を空にします。",
    ),
    Entry(
        "relations-forward",
        RULE,
        "施策のつながりの向きが逆",
        "前の期から後の期へつなぐと、施策の移り変わりをたどれます。",
        "前の施策と後の施策を入れ替えます。",
    ),
    Entry(
        "code-tables-used",
        ASK,
        "使われていない単位や部局がある",
        "名前を変えたあと、前の行が残っています。",
        "使わない行を消すか、使う側の綴りを直します。",
        level="warning",
    ),
)
