/* What the theme's own script (114 KB) would do here: light and dark, the way back to the top,
   where one is in the contents. Without this script the page is whole. */
const palette = document.querySelector("[data-md-component=palette]");
if (palette) {
  const inputs = [...palette.querySelectorAll("input")];
  const choose = (input) => {
    input.checked = true;
    for (const label of palette.querySelectorAll("label")) label.hidden = true;
    if (input.nextElementSibling) input.nextElementSibling.hidden = false;
    return scheme.apply(input.dataset);
  };
  const now = inputs.find((input) => input.dataset.mdColorScheme === scheme.chosen());
  choose(now || inputs.find((input) => matchMedia(input.dataset.mdColorMedia).matches) || inputs[0]);
  for (const input of inputs) {
    input.addEventListener("change", () => scheme.keep(inputs.indexOf(input), choose(input)));
  }
}

const up = document.querySelector("[data-md-component=top]");
if (up) {
  let last = scrollY;
  const show = (shown) => {
    up.hidden = !shown;
    up.tabIndex = shown ? 0 : -1;
  };
  show(false);
  addEventListener(
    "scroll",
    () => {
      show(scrollY > 400 && scrollY < last);
      last = scrollY;
    },
    { passive: true },
  );
  up.addEventListener("click", () => {
    scrollTo({ top: 0 });
    show(false);
  });
}

const contents = new Map();
for (const link of document.querySelectorAll(".md-nav--secondary a[href^='#']")) {
  const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (heading) contents.set(heading, link);
}
if (contents.size) {
  /* a heading is passed once it is in the upper third of the screen or above it */
  const passed = new Set();
  const watch = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) passed.add(target);
        else passed.delete(target);
      }
      const now = [...contents.keys()].filter((heading) => passed.has(heading)).pop();
      for (const [heading, link] of contents) {
        link.classList.toggle("md-nav__link--active", heading === now);
      }
    },
    { rootMargin: "1000000px 0px -67% 0px" },
  );
  for (const heading of contents.keys()) watch.observe(heading);
}

/* A table that is wider than the screen can be moved with the keys. */
for (const table of document.querySelectorAll("article table:not([class])")) {
  if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
}

/* Labels that open a part of the menu are reached with the keys and pressed like buttons. */
addEventListener("keydown", (event) => {
  if (event.target instanceof HTMLLabelElement && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    event.target.click();
  }
});
