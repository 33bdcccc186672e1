// Turns a chart into one that can be explored, when the reader asks for it and only then.
// The picture that is there stays until the new one stands, and for good if anything fails.

const WORDS = {
  wait: "図を準備しています…",
  fail: "動かせる図を表示できませんでした。上の図と、下の表をご覧ください。",
  ready: "図を動かせるようになりました。左右の矢印キーで年を選べます。",
  back: "もとの図に戻す",
};

const plain = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (value) => String(value).replace(/[&<>"]/g, (c) => plain[c]);

/** The spec in the reader's colours, as wide as its place, without what the page says already. */
function fitted(spec, place) {
  const style = getComputedStyle(place);
  const tokens = spec.usermeta.tokens;
  const text = JSON.stringify(spec, (key, value) =>
    key !== "tokens" && typeof value === "string" && value in tokens
      ? style.getPropertyValue(tokens[value]).trim()
      : value,
  );
  const own = JSON.parse(text);
  own.width = place.clientWidth;
  own.height = own.width < 500 ? 280 : 320;
  own.config.font = style.fontFamily;
  own.background = "transparent";
  delete own.title;
  return own;
}

/** Move the data cursor by pointer and keys, and say where it is. */
function steer(view, rows, place, words) {
  const move = (index) => {
    const row = rows[index];
    view.signal("chosen", row ? row.year : null).run();
    words.textContent = row ? `${row.label}：${row.shown}（${row.status}）` : "";
    place.setAttribute("aria-valuenow", row ? row.year : rows[0].year);
    place.setAttribute("aria-valuetext", words.textContent || "年を選んでいません");
  };
  let at = -1;
  place.addEventListener("keydown", (event) => {
    const next = {
      ArrowLeft: Math.max(0, at - 1),
      ArrowDown: Math.max(0, at - 1),
      ArrowRight: Math.min(rows.length - 1, at + 1),
      ArrowUp: Math.min(rows.length - 1, at + 1),
      Home: 0,
      End: rows.length - 1,
      Escape: -1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    move((at = next));
  });
  view.addEventListener("pointermove", (event) => {
    const box = place.querySelector("canvas, svg").getBoundingClientRect();
    const year = view.scale("x").invert(event.clientX - box.left - view.origin()[0]);
    const near = rows.reduce((a, b) => (Math.abs(b.year - year) < Math.abs(a.year - year) ? b : a));
    move((at = rows.indexOf(near)));
  });
  place.addEventListener("focus", () => move((at = at < 0 ? rows.length - 1 : at)));
}

async function explore(figure, button, words, focus = true) {
  const picture = figure.querySelector(".chart__picture");
  const place = figure.querySelector(".chart__live");
  words.textContent = WORDS.wait;
  button.disabled = true;
  try {
    const [response, { vegaEmbed }] = await Promise.all([
      fetch(button.dataset.spec),
      import("./vega.js"),
    ]);
    if (!response.ok) throw new Error(`${response.status} ${response.url}`);
    const spec = await response.json();
    place.hidden = false;
    const { view } = await vegaEmbed(place.firstElementChild, fitted(spec, place), {
      actions: false,
      ast: true,
      defaultStyle: false,
      renderer: "canvas",
      tooltip: {
        disableDefaultStyle: true,
        formatTooltip: (value, _sanitize) =>
          Object.entries(value)
            .map(([name, shown]) => `<div><b>${escaped(name)}</b> ${escaped(shown)}</div>`)
            .join(""),
      },
    });
    picture.hidden = true;
    const rows = [...spec.data.values].sort((a, b) => a.year - b.year);
    if (rows.length) {
      place.setAttribute("aria-valuemin", rows[0].year);
      place.setAttribute("aria-valuemax", rows[rows.length - 1].year);
      steer(view, rows, place, words);
    }
    words.textContent = WORDS.ready;
    button.textContent = WORDS.back;
    if (focus) place.focus();
  } catch (error) {
    place.hidden = true;
    picture.hidden = false;
    words.textContent = WORDS.fail;
    console.warn(error);
  } finally {
    button.disabled = false;
  }
}

function restore(figure, button, words, label) {
  const place = figure.querySelector(".chart__live");
  place.hidden = true;
  place.replaceChildren(document.createElement("div"));
  const fresh = place.cloneNode(true);
  place.replaceWith(fresh);
  figure.querySelector(".chart__picture").hidden = false;
  words.textContent = "";
  button.textContent = label;
}

for (const button of document.querySelectorAll(".chart__explore")) {
  const figure = button.closest("figure");
  const words = figure.querySelector(".chart__words");
  const label = button.textContent;
  const open = () => figure.querySelector(".chart__picture").hidden;
  let timer = 0;
  let width = 0;
  /* colours and width are drawn into the chart: other ones need another drawing */
  const redraw = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!open()) return;
      restore(figure, button, words, label);
      explore(figure, button, words, false);
    }, 100);
  };
  new MutationObserver(redraw).observe(document.body, {
    attributeFilter: ["data-md-color-scheme"],
  });
  new ResizeObserver(() => {
    if (width && width !== figure.clientWidth) redraw();
    width = figure.clientWidth;
  }).observe(figure);
  button.hidden = false;
  button.addEventListener("click", () =>
    open() ? restore(figure, button, words, label) : explore(figure, button, words),
  );
}
