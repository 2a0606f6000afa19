// The filter of the page: words that must occur in the name of a case, and families. It chooses rows of every table and
// marks of every chart.

const form = () => document.getElementById("filter");

/** Calls `changed` with a function (id, family, text) -> boolean whenever the filter changes. */
export function listen(changed) {
  const box = form();
  box.hidden = false;
  const apply = () => changed(current());
  box.addEventListener("input", apply);
  box.addEventListener("submit", (event) => event.preventDefault());
  box.addEventListener("reset", () => setTimeout(apply));
}

/** What the filter lets through now. */
export function current() {
  const words = form().elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
  const families = new Set([...form().querySelectorAll("input[name=family]:checked")].map((box) => box.value));
  return (id, family, text = "") =>
    (families.size === 0 || families.has(family)) &&
    words.every((word) => `${id} ${text}`.toLowerCase().includes(word));
}

/** Hides the rows of cases that are not wanted, and says how many of the cases remain. */
export function filterTables(cases, wanted) {
  const byId = new Map(cases.map((one) => [one.id, wanted(one.id, one.family, one.title)]));
  for (const row of document.querySelectorAll("tr[data-case]")) {
    const id = row.dataset.case;
    row.hidden = !(byId.get(id) ?? wanted(id, id.split("/")[0]));
  }
  const left = [...byId.values()].filter(Boolean).length;
  document.getElementById("filter-count").textContent =
    left === cases.length ? `all ${left} cases` : `${left} of ${cases.length} cases`;
}
