/* When the page is whole, which it may be already; a fault in one part leaves the others alone. */
const ready = (part) => {
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", part);
    return;
  }
  try {
    part();
  } catch (error) {
    reportError(error);
  }
};
