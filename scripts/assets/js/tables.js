/* Filter and sort for long tables. Without this script the table is simply whole.

   <table data-tools="what a row is" data-filters="key:label …" data-sorts="key:label -key:label …"
          data-sum="key" data-once="key" data-unit="unit"> with rows that carry data-<key>.
   Sums count rows with the same data-<once> one time. */
(function () {
  "use strict";

  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const pairs = (text) => (text || "").split(" ").filter(Boolean).map((pair) => pair.split(":"));

  function make(tag, properties, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  function field(label, control) {
    return make("label", { className: "tools__field" }, make("span", {}, label), control);
  }

  function choice(options) {
    return make(
      "select",
      {},
      ...options.map(([value, text]) => make("option", { value: value }, text)),
    );
  }

  function tools(table) {
    const body = table.tBodies[0];
    const rows = Array.from(body.rows);
    const words = rows.map((row) => plain(row.textContent));
    const { tools: what, sum, once, unit } = table.dataset;

    const search = make("input", { type: "search", autocomplete: "off" });
    const filters = pairs(table.dataset.filters).map(([key, label]) => {
      const values = Array.from(new Set(rows.map((row) => row.dataset[key]))).filter(Boolean);
      const options = values.map((value) => [value, value]);
      return { key, label, select: choice([["", "すべて"], ...options]) };
    });
    const sort = choice(pairs(table.dataset.sorts));
    const reset = make("button", { type: "button", className: "tools__reset" }, "条件を消す");
    const result = make("output", { className: "tools__result" });

    function order() {
      const down = sort.value.startsWith("-");
      const key = down ? sort.value.slice(1) : sort.value;
      const sorted = rows.slice().sort((a, b) => {
        const left = a.dataset[key];
        const right = b.dataset[key];
        const difference =
          isNaN(left) || isNaN(right) ? left.localeCompare(right, "ja") : left - right;
        return (down ? -difference : difference) || rows.indexOf(a) - rows.indexOf(b);
      });
      body.append(...sorted);
    }

    function filter() {
      const typed = plain(search.value).split(/\s+/).filter(Boolean);
      const counted = new Set();
      let shown = 0;
      let total = 0;
      rows.forEach((row, index) => {
        row.hidden = !(
          filters.every(({ key, select }) => !select.value || row.dataset[key] === select.value) &&
          typed.every((word) => words[index].includes(word))
        );
        if (row.hidden) return;
        shown += 1;
        if (sum && !counted.has(row.dataset[once])) total += Number(row.dataset[sum]);
        counted.add(row.dataset[once]);
      });
      let text = `${rows.length}行のうち${shown}行を表示しています。`;
      if (sum && shown) {
        text += `同じ${what}を1回だけ数えた合計は${total.toLocaleString("ja-JP")}${unit}です。`;
      }
      if (!shown) text = `条件に合う${what}はありません。`;
      result.textContent = text;
    }

    search.addEventListener("input", filter);
    filters.forEach(({ select }) => select.addEventListener("change", filter));
    sort.addEventListener("change", order);
    reset.addEventListener("click", () => {
      search.value = "";
      filters.forEach(({ select }) => {
        select.value = "";
      });
      sort.selectedIndex = 0;
      order();
      filter();
      search.focus();
    });

    const panel = make(
      "div",
      { className: "tools" },
      field("言葉でさがす", search),
      ...filters.map(({ label, select }) => field(label, select)),
      field("並べ替え", sort),
      reset,
      result,
    );
    panel.setAttribute("role", "group");
    panel.setAttribute("aria-label", `${what}のしぼり込みと並べ替え`);
    const place = table.closest(".tablewrap") || table;
    place.before(panel);
    filter();
  }

  document.querySelectorAll("table[data-tools]").forEach(tools);
})();
