// What each namespace type adds, by the additive model.
import { bars } from "./bars.js";
import { quantity } from "./format.js";

export function effects(plot, width, { matrix }) {
  if (!matrix || matrix.cells.length === 0) return false;
  const q = (value) => quantity(value, matrix.unit);
  const rows = [["base", matrix.base], ...Object.entries(matrix.effects).sort((a, b) => b[1] - a[1])];
  bars(plot, Math.min(width, 640), {
    label: "What the additive model says: the base, and what each type adds to it",
    columns: ["cost in the additive model"],
    rows: rows.map(([name, value]) => {
      const words = name === "base" ? `the base, with no namespace: ${q(value)}` : `${name} adds ${q(value)}`;
      return { label: name, cells: [{ value, text: q(value) }], spoken: words, tip: [words] };
    }),
  });
  return true;
}
