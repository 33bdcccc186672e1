/* The colours the reader chose last time. The place and the form in which they are kept are those
   of the theme. */
const scheme = {
  key: `${new URL("../../", site).pathname}.__palette`,
  kept() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) || {};
    } catch {
      return {};
    }
  },
  chosen() {
    return this.kept().color && this.kept().color.scheme;
  },
  apply(data) {
    const color = {};
    for (const name of ["media", "scheme", "primary", "accent"]) {
      color[name] = data[`mdColor${name[0].toUpperCase()}${name.slice(1)}`];
      document.body.setAttribute(`data-md-color-${name}`, color[name]);
    }
    return color;
  },
  keep(index, color) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ index, color }));
    } catch {
      /* a reader who lets nothing be kept chooses again on the next page */
    }
  },
};
