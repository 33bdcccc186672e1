/* Runs before anything is drawn, with the body there or not yet. */
if (scheme.chosen()) {
  const colour = (_, observer) => {
    if (!document.body) return;
    observer.disconnect();
    for (const [name, value] of Object.entries(scheme.kept().color)) {
      document.body.setAttribute(`data-md-color-${name}`, value);
    }
  };
  const observer = new MutationObserver(colour);
  observer.observe(document.documentElement, { childList: true });
  colour(null, observer);
}

/* All else can wait until the style sheet is on its way. */
const rest = document.createElement("script");
rest.src = document.currentScript.dataset.then;
document.head.append(rest);
