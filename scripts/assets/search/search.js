/* Search in Japanese: fold the text, find substrings, rank; then the box with its list of results.
   The index is made by scripts/search.py. `siteSearch` is the only global name. */
window.siteSearch = (() => {
  /* ---- Folding: one form for all spellings of the same word ---- */

  const FIRST_YEAR = { 令和: 2019, 平成: 1989, 昭和: 1926, r: 2019, h: 1989, s: 1926 };

  const western = (era, number) => String(FIRST_YEAR[era] - 1 + (number === "元" ? 1 : +number));

  /** Full and half width, upper and lower case, katakana and hiragana, era and western years,
      kinds of dashes: all become one; spaces and signs go away. */
  const fold = (text) => foldLines(text.replace(/\n/g, " "));

  /** Many texts at once, each on a line of its own: ten times as fast as one after the other. */
  const foldAll = (texts) => foldLines(texts.map((t) => t.replace(/\n/g, " ")).join("\n")).split("\n");

  function foldLines(text) {
    return text
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[ァ-ヶ]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0x60))
      .replace(/([ぁ-ゖー])[-‐‑‒–—―−~〜]/g, "$1ー")
      .replace(/(令和|平成|昭和)[^\S\n]*(元|\d{1,2})(?!\d)/g, (_, era, n) => western(era, n))
      .replace(/(^|[\s(・、,])([rhs])\.?(元|\d{1,2})(?=年|$|[\s)・、,〜~])/g, (_, before, era, n) => before + western(era, n))
      .replace(/(\d),(?=\d{3})/g, "$1")
      .replace(/[^\p{L}\p{N}%.\n]+/gu, "")
      .replace(/\.(?!\d)/g, "");
  }

  /* ---- The index in memory ---- */

  function prepare(index) {
    const words = index.topics.map(foldAll);
    const entries = index.entries.map((e) => {
      const [kind, weight, address, title, line = "", names = [], synonyms = [], topics = [], heads = [], rows = []] = e;
      return {
        kind: index.kinds[kind], isTopic: kind === 0, weight, address, title, line, topics, heads, rawRows: rows,
        titles: [title, ...names], words: synonyms, foldedHeads: heads.map((h) => h[1]), rows, text: [line],
      };
    });
    const parts = ["titles", "words", "foldedHeads", "rows", "text"];
    const folded = foldAll(entries.flatMap((e) => parts.flatMap((part) => e[part])));
    let at = 0;
    for (const e of entries) for (const part of parts) e[part] = folded.slice(at, (at += e[part].length));
    let names = "", all = "";
    return {
      entries, words,
      /** What pieces of words are looked for in: made when somebody writes words together. */
      get names() {
        return (names ||= ["", ...entries.flatMap((e) => [...e.titles, ...e.words])].concat(...words).join("\n"));
      },
      get all() {
        return (all ||= this.names + "\n" + entries.flatMap((e) => [...e.foldedHeads, ...e.rows]).join("\n"));
      },
    };
  }

  /* ---- Ranking ---- */

  /** Points of the best text that holds the token: the whole text, its beginning, a part of it. */
  function points(texts, token, whole, beginning, part, closeness) {
    let best = 0, where = -1;
    for (let i = 0; i < texts.length; i++) {
      const text = texts[i], at = text.indexOf(token);
      if (at < 0) continue;
      const score = text === token ? whole : (at ? part : beginning) + (closeness * token.length) / text.length;
      if (score > best) { best = score; where = i; }
    }
    return [best, where];
  }

  /** How well an entry answers a token (0: not at all), and the heading or row that does. */
  function answer(entry, token, topicPoints) {
    let [best] = points(entry.titles, token, 100, 54, 50, 20);
    best = Math.max(best, points(entry.words, token, entry.isTopic ? 60 : 56, 36, 30, 8)[0]);
    const [head, headAt] = points(entry.foldedHeads, token, 32, 24, 20, 6);
    const [row, rowAt] = points(entry.rows, token, 28, 16, 14, 4);
    for (const topic of entry.topics) best = Math.max(best, topicPoints[topic]);
    if (entry.text[0].includes(token)) best = Math.max(best, 8);
    if (head > best && head >= row) return { score: head, head: headAt, row: -1 };
    if (row > best) return { score: row, head: -1, row: rowAt };
    return { score: best, head: -1, row: -1 };
  }

  function rank(data, tokens, every) {
    const nears = tokens.map((token) => data.words.map((list) => points(list, token, 18, 12, 10, 4)[0]));
    const hits = [];
    for (const entry of data.entries) {
      let score = 0, matched = 0, place = null;
      for (let i = 0; i < tokens.length; i++) {
        const got = answer(entry, tokens[i], nears[i]);
        if (got.score) { matched += tokens[i].length; score += got.score; place = place || got; }
        else if (every) { score = 0; break; }
      }
      if (score) hits.push({ entry, place, matched, score: score / tokens.length + entry.weight });
    }
    return hits.sort((a, b) => (every ? 0 : b.matched - a.matched) || b.score - a.score);
  }

  /** The longest pieces of a token that occur anywhere, for words written together. What is only
      hiragana must begin a name or a word: endings of verbs occur everywhere. */
  function pieces(data, token) {
    const found = [];
    for (let at = 0; at < token.length; ) {
      let size = token.length - at;
      const known = (n) => {
        const piece = token.slice(at, at + n);
        return /^[ぁ-ゖー]+$/.test(piece)
          ? n > 2 && data.names.includes("\n" + piece)
          : n > 1 && data.all.includes(piece);
      };
      while (size > 1 && !known(size)) size -= 1;
      if (size > 1) found.push(token.slice(at, at + size));
      at += size;
    }
    return found;
  }

  /** Best first. `near` says that no page has all the words and parts of them were looked for. */
  function find(data, query) {
    const tokens = [...new Set(query.normalize("NFKC").split(/[\s、。,・/?!「」()]+/).map(fold).filter(Boolean))];
    if (!tokens.length) return { hits: [], near: false, tokens };
    const whole = tokens.length > 1 ? [fold(query)] : tokens;
    const exact = rank(data, tokens, true);
    if (exact.length) {
      if (tokens.length > 1) {
        const together = new Map(rank(data, whole, true).map((hit) => [hit.entry, hit]));
        const seen = new Set(together.keys());
        return { hits: [...together.values(), ...exact.filter((hit) => !seen.has(hit.entry))], near: false, tokens };
      }
      return { hits: exact, near: false, tokens };
    }
    const parts = [...new Set(tokens.flatMap((token) => pieces(data, token)))];
    const all = parts.length ? rank(data, parts, true) : [];
    return all.length
      ? { hits: all, near: false, tokens: parts }
      : { hits: parts.length ? rank(data, parts, false) : [], near: true, tokens: parts };
  }

  /* ---- The box ---- */

  const SHOWN = 30;

  /** Text with the found words marked, as nodes (never as HTML). */
  function marked(text, tokens) {
    const folded = [], from = [];
    [...text].forEach((c, i) => { for (const f of fold(c)) { folded.push(f); from.push(i); } });
    const flat = folded.join(""), chars = [...text], on = new Set();
    for (const token of tokens) {
      for (let at = flat.indexOf(token); at >= 0; at = flat.indexOf(token, at + 1)) {
        for (let i = from[at]; i <= from[at + token.length - 1]; i++) on.add(i);
      }
    }
    const nodes = [];
    for (let i = 0; i < chars.length; ) {
      let end = i;
      while (end < chars.length && on.has(end) === on.has(i)) end += 1;
      const piece = chars.slice(i, end).join("");
      if (on.has(i)) {
        const mark = document.createElement("mark");
        mark.textContent = piece;
        nodes.push(mark);
      } else nodes.push(piece);
      i = end;
    }
    return nodes;
  }

  function open(box, root, index) {
    const data = prepare(index);
    const input = box.querySelector("input"), panel = box.querySelector(".finder__panel");
    const list = box.querySelector("[role=listbox]"), status = box.querySelector("[role=status]");
    let active = -1, composing = false, telling = 0;

    const options = () => [...list.children];
    const file = location.protocol === "file:";

    function href(address) {
      const [path, anchor] = address.split("#");
      return new URL(path + (file ? "index.html" : ""), root).href + (anchor ? "#" + anchor : "");
    }

    function line(className, ...content) {
      const span = document.createElement("span");
      span.className = className;
      span.append(...content);
      return span;
    }

    function option(hit, number, tokens) {
      const { entry, place } = hit;
      const head = place && place.head >= 0 ? entry.heads[place.head] : null;
      const row = place && place.row >= 0 ? entry.rawRows[place.row] : "";
      const a = document.createElement("a");
      a.className = "finder__option";
      a.id = "finder-option-" + number;
      a.href = href(entry.address + (head && head[0] && !entry.address.includes("#") ? "#" + head[0] : ""));
      a.tabIndex = -1;
      a.setAttribute("role", "option");
      a.setAttribute("aria-selected", "false");
      a.append(line("finder__kind", entry.kind), line("finder__title", ...marked(entry.title, tokens)));
      if (head) a.append(line("finder__line", "見出し：", ...marked(head[1], tokens)));
      else if (row) a.append(line("finder__line", ...marked(row, tokens)));
      if (entry.line && !head) a.append(line("finder__line", ...marked(entry.line, tokens)));
      return a;
    }

    function tell(text) {
      clearTimeout(telling);
      telling = setTimeout(() => { status.textContent = text; }, 200);
    }

    function select(number) {
      const all = options();
      if (all[active]) all[active].setAttribute("aria-selected", "false");
      active = number;
      const chosen = all[active];
      if (!chosen) { input.removeAttribute("aria-activedescendant"); return; }
      chosen.setAttribute("aria-selected", "true");
      chosen.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", chosen.id);
    }

    function show(yes) {
      panel.hidden = !yes;
      input.setAttribute("aria-expanded", String(yes && list.children.length > 0));
      if (!yes) select(-1);
    }

    function update() {
      const query = input.value.trim();
      const { hits, near, tokens } = query
        ? find(data, query)
        : { hits: data.entries.filter((e) => e.isTopic).map((entry) => ({ entry, place: null })), near: false, tokens: [] };
      select(-1);
      list.replaceChildren(...hits.slice(0, SHOWN).map((hit, i) => option(hit, i, tokens)));
      list.scrollTop = 0;
      show(true);
      if (!query) tell(hits.length ? "ことばを入れるか、話題から選んでください。" : "ことばを入れてください。");
      else if (!hits.length) tell(`「${query}」は見つかりません。短いことばや別の言い方でお試しください。`);
      else if (near) tell(`「${query}」のすべてを含むページはありません。近いもの${hits.length}件です。`);
      else tell(`${hits.length}件見つかりました。${hits.length > SHOWN ? `はじめの${SHOWN}件を示します。` : ""}`);
    }

    input.addEventListener("input", update);
    input.addEventListener("compositionstart", () => { composing = true; });
    input.addEventListener("compositionend", () => { composing = false; update(); });
    input.addEventListener("focus", update);
    input.addEventListener("click", () => { if (panel.hidden) update(); });
    input.addEventListener("keydown", (event) => {
      if (composing || event.isComposing || event.keyCode === 229) return;
      const count = list.children.length;
      const move = { ArrowDown: active + 1, ArrowUp: active < 0 ? count - 1 : active - 1 }[event.key];
      if (move !== undefined && count) {
        event.preventDefault();
        if (panel.hidden) show(true);
        select(move >= count ? -1 : move);
      } else if (event.key === "Escape") {
        event.preventDefault();
        if (!panel.hidden) show(false);
        else if (input.value) { input.value = ""; }
        else input.blur();
      }
    });
    box.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      if (composing) return;
      const chosen = options()[active] || (input.value.trim() && options()[0]);
      if (chosen) chosen.click();
    });
    box.addEventListener("focusout", (event) => {
      if (!box.contains(event.relatedTarget)) show(false);
    });
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", () => { show(false); input.blur(); });
    if (box.contains(document.activeElement)) update();
  }

  return { fold, prepare, find, open };
})();
