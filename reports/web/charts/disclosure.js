// Opens what is folded when somebody needs to see it: the target of a link, and everything on paper.

function open(element) {
  for (let node = element; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
}

function goTo(hash) {
  if (!/^#(?:[^%]|%[0-9A-Fa-f]{2})+$/.test(hash)) return;
  const target = document.getElementById(decodeURIComponent(hash.slice(1)));
  if (!target) return;
  open(target);
  target.scrollIntoView({ block: "center" });
}

/** A link to something inside a folded table unfolds it. */
export function openForLinks() {
  window.addEventListener("hashchange", () => goTo(location.hash));
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='#']");
    if (link && link.getAttribute("href") === location.hash) goTo(location.hash);
  });
  goTo(location.hash);
}

/** Unfolds every table while the page is printed, and draws the charts for paper. */
export function openForPrint(before, after) {
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const one of folded) one.open = true;
    before();
  });
  window.addEventListener("afterprint", () => {
    for (const one of folded) one.open = false;
    after();
  });
}
