// The small box that says what the mark under the pointer or the focus stands for. Screen readers have the same words
// in the label of the mark, so it is hidden from them.
import { html } from "./dom.js";

/** A box in `plot`; show(mark, lines) puts it beside the mark, show(null) takes it away. The first line is a title. */
export function tipIn(plot) {
  const box = html("div", { class: "tip", "aria-hidden": "true", hidden: true });
  plot.append(box);
  return function show(mark, lines = []) {
    box.hidden = mark === null;
    if (mark === null) return;
    box.replaceChildren(...lines.map((line, index) => html("div", { class: index === 0 ? "tip-title" : "" }, line)));
    const around = plot.getBoundingClientRect();
    const at = mark.getBoundingClientRect();
    const left = at.left - around.left + at.width / 2 - box.offsetWidth / 2;
    const above = at.top - around.top - box.offsetHeight - 8;
    box.style.left = `${Math.max(0, Math.min(left, around.width - box.offsetWidth))}px`;
    box.style.top = `${above >= 0 ? above : at.bottom - around.top + 8}px`;
  };
}
