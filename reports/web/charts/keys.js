// Keyboard and pointer on the marks of a chart: a chart is one stop of the Tab key, arrow keys go from mark to mark,
// and the mark under the pointer or the focus is spelled out.

const FORWARD = new Set(["ArrowRight", "ArrowDown"]);

function nextIndex(key, at, count, columns) {
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const step = columns > 1 && (key === "ArrowUp" || key === "ArrowDown") ? columns : 1;
  const to = FORWARD.has(key) ? at + step : at - step;
  return to >= 0 && to < count ? to : at;
}

/**
 * Makes `marks` (elements, in reading order) reachable. `say(index)` shows what the mark means, `say(null)` nothing.
 * With `columns` the marks are a grid, and up and down go by rows.
 */
export function reachable(marks, say, columns = 1) {
  marks.forEach((mark, index) => {
    mark.setAttribute("tabindex", index === 0 ? "0" : "-1");
    mark.addEventListener("pointerenter", () => say(index));
    mark.addEventListener("pointerleave", () => say(null));
    mark.addEventListener("focus", () => say(index));
    mark.addEventListener("blur", () => say(null));
    mark.addEventListener("keydown", (event) => {
      if (!/^(Arrow(Up|Down|Left|Right)|Home|End)$/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey)
        return;
      event.preventDefault();
      const to = nextIndex(event.key, index, marks.length, columns);
      mark.setAttribute("tabindex", "-1");
      marks[to].setAttribute("tabindex", "0");
      marks[to].focus();
    });
  });
}
