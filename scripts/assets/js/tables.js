/* Find, filter and sort in long lists. Without this script a list is simply whole.

   <table data-tools="what a row is" data-filters="key:label …" data-sorts="key:label -key:label …"
          data-sum="key" data-once="key" data-unit="unit"> with rows that carry data-<key>.
   Sums count rows with the same data-<once> one time. Instead of a table, anything may hold
   details.group with tables or lists (data-items says what an item is): groups open to show what
   was found, close again when nothing is asked for, and make way for one table when it is sorted. */
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

  /* One empty table for all groups together, in front of them. */
  function common(list) {
    const model = list.querySelector(".tablewrap");
    if (!model) return null;
    const copy = model.cloneNode(true);
    copy.querySelector("tbody").replaceChildren();
    copy.setAttribute("aria-label", list.dataset.tools);
    copy.hidden = true;
    list.prepend(copy);
    return copy;
  }

  function tools(list) {
    const rows = Array.from(list.querySelectorAll(list.dataset.items || "tbody tr"));
    const homes = rows.map((row) => row.parentNode);
    const words = rows.map((row) => plain(row.textContent));
    const groups = Array.from(list.querySelectorAll("details.group"));
    const sets = Array.from(list.querySelectorAll(".groupset"));
    const { tools: what, sum, once, unit, sorts } = list.dataset;
    const together = groups.length && sorts ? common(list) : null;

    const search = make("input", { type: "search", autocomplete: "off" });
    const filters = pairs(list.dataset.filters).map(([key, label]) => {
      const values = Array.from(new Set(rows.map((row) => row.dataset[key]))).filter(Boolean);
      const options = values.map((value) => [value, value]);
      return { key, label, select: choice([["", "すべて"], ...options]) };
    });
    const sort = choice(pairs(sorts));
    const unfold = make("button", { type: "button", className: "tools__unfold" });
    const reset = make("button", { type: "button", className: "tools__reset" }, "条件を消す");
    const result = make("output", { className: "tools__result" });

    function order() {
      if (!sorts) return;
      const down = sort.value.startsWith("-");
      const key = down ? sort.value.slice(1) : sort.value;
      const flat = together && sort.selectedIndex > 0 ? together.querySelector("tbody") : null;
      const sorted = rows.slice().sort((a, b) => {
        const left = a.dataset[key];
        const right = b.dataset[key];
        const difference =
          isNaN(left) || isNaN(right) ? left.localeCompare(right, "ja") : left - right;
        return (down ? -difference : difference) || rows.indexOf(a) - rows.indexOf(b);
      });
      sorted.forEach((row) => (flat || homes[rows.indexOf(row)]).append(row));
      if (together) together.hidden = !flat;
    }

    /* what an address has unfolded before anything was asked stays open */
    let touched = false;

    function fold() {
      const asked = search.value || filters.some(({ select }) => select.value);
      groups.forEach((group) => {
        group.hidden = !Array.from(group.querySelectorAll("[data-item]")).some((r) => !r.hidden);
        if (touched || asked) group.open = Boolean(asked);
      });
      sets.forEach((set) => {
        set.hidden = groups.every((group) => group.hidden || !set.contains(group));
      });
      touched = true;
      label();
    }

    function label() {
      const all = groups.every((group) => group.open);
      unfold.textContent = all ? "すべて閉じる" : "すべて開く";
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
      let text = `${rows.length}件のうち${shown}件を表示しています。`;
      if (groups.length && shown === rows.length) text = `${rows.length}件あります。`;
      if (sum && shown) {
        text += `同じ${what}を1回だけ数えた合計は${total.toLocaleString("ja-JP")}${unit}です。`;
      }
      if (!shown) text = `条件に合う${what}はありません。`;
      result.textContent = text;
      fold();
    }

    rows.forEach((row) => row.setAttribute("data-item", ""));
    search.addEventListener("input", filter);
    filters.forEach(({ select }) => select.addEventListener("change", filter));
    sort.addEventListener("change", () => {
      order();
      fold();
    });
    unfold.addEventListener("click", () => {
      const open = groups.some((group) => !group.open);
      groups.forEach((group) => {
        group.open = open;
      });
      label();
    });
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
      ...(sorts ? [field("並べ替え", sort)] : []),
      reset,
      ...(groups.length ? [unfold] : []),
      result,
    );
    panel.setAttribute("role", "group");
    panel.setAttribute("aria-label", `${what}のしぼり込み${sorts ? "と並べ替え" : ""}`);
    const place = list.closest(".tablewrap") || list;
    place.before(panel);
    filter();
  }

  document.querySelectorAll("[data-tools]").forEach(tools);
})();
