/* The search and its index are fetched when the reader first touches the search box. */
(() => {
  const box = document.querySelector("[data-search]");
  if (!box) return;
  box.classList.add("finder--live");
  let asked = false;
  const start = () => {
    if (asked) return;
    asked = true;
    let left = 2;
    for (const name of ["index.js", "search.js"]) {
      const script = document.createElement("script");
      script.src = new URL(`../search/${name}`, site).href;
      script.addEventListener("load", () => {
        left -= 1;
        if (!left) window.siteSearch.open(box, new URL("../../", site).href, window.siteSearchIndex);
      });
      script.addEventListener("error", () => {
        asked = false;
        box.querySelector("[role=status]").textContent =
          "検索を読み込めませんでした。通信を確かめて、もう一度お試しください。";
        box.querySelector(".finder__panel").hidden = false;
      });
      document.head.append(script);
    }
  };
  box.addEventListener("focusin", start);
  if (box.contains(document.activeElement)) start();
})();
