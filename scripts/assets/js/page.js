/* Small helps of every page; without this script the page is whole.
   Copy buttons for citations and lines to paste, links that work from a folder, everything
   unfolded on paper. */
(() => {
  "use strict";

  const WORDS = { copy: "コピー", done: "コピーしました", marked: "選びました" };

  const status = document.createElement("p");
  status.className = "sr-only";
  status.setAttribute("role", "status");

  /* Without a secure connection the clipboard is closed: the words are then marked for Ctrl+C. */
  async function copy(place) {
    const range = document.createRange();
    range.selectNodeContents(place);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    try {
      await navigator.clipboard.writeText(place.textContent.trim());
    } catch {
      return document.execCommand("copy");
    }
    return true;
  }

  for (const place of document.querySelectorAll(".citation, .feedback__subject")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = WORDS.copy;
    button.addEventListener("click", async () => {
      const done = await copy(place.querySelector("code") || place);
      button.textContent = done ? WORDS.done : WORDS.marked;
      status.textContent = done
        ? "コピーしました。貼り付けて使えます。"
        : "文を選びました。Ctrl+C（MacではCommand+C）でコピーできます。";
      setTimeout(() => {
        button.textContent = WORDS.copy;
        status.textContent = "";
      }, 4000);
    });
    place.after(button);
    document.body.append(status);
  }

  /* From a folder or a USB stick nobody turns an address ending in "/" into its page. */
  if (location.protocol === "file:") {
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (link && link.protocol === "file:" && link.pathname.endsWith("/")) {
        link.pathname += "index.html";
      }
    });
  }

  /* An address that points into something folded unfolds it. */
  function reveal() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const folded = target && target.closest("details:not([open])");
    if (!folded) return;
    folded.open = true;
    target.scrollIntoView();
  }
  addEventListener("hashchange", reveal);
  reveal();

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open], .citations, .chart__take)")];
    for (const details of folded) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of folded) details.open = false;
  });
})();
