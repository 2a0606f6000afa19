// Bars in columns: every row is a thing, every column a quantity with a linear scale of its own that begins at zero.
import { drawing, fitted, svg, twoLines, widest } from "./dom.js";
import { linearScale } from "./axis.js";
import { reachable } from "./keys.js";
import { tipIn } from "./tip.js";

const ROW = 24;
const LINE = 15;
const NARROW = 600;

function bar(cell, scale, x, y) {
  if (cell === null) return [svg("text", { class: "figure none", x: x + 4, y: y + 16 }, "not measured")];
  const from = scale(Math.min(0, cell.value));
  const to = scale(Math.max(0, cell.value));
  return [
    svg("rect", { class: "bar", x: from, y: y + 5, width: Math.max(1, to - from), height: ROW - 10 }),
    svg("text", { class: "figure", x: to + 5, y: y + 16 }, cell.text),
  ];
}

/**
 * spec: {label, columns: [title], rows: [{label, href, cells: [{value, text} or null], spoken, tip}]}. Where the page
 * is narrow the columns stand below each other.
 */
export function bars(plot, width, spec) {
  const narrow = width < NARROW && spec.columns.length > 1;
  const labels = Math.min(widest(spec.rows.map((row) => row.label)) + 14, width * 0.34);
  const across = narrow ? 1 : spec.columns.length;
  const gap = 20;
  const columnWidth = (width - labels - gap * (across - 1)) / across;
  const titles = spec.columns.map((title) => twoLines(title, narrow ? width : columnWidth, 12));
  const head = 15 + LINE * Math.max(...titles.map((lines) => lines.length));
  const blockHeight = head + spec.rows.length * ROW + 10;
  const parts = [];
  const marks = [];
  spec.columns.forEach((title, index) => {
    const left = narrow ? labels : labels + index * (columnWidth + gap);
    const top = narrow ? index * blockHeight : 0;
    const cells = spec.rows.map((row) => row.cells[index]);
    const values = cells.filter((cell) => cell !== null).map((cell) => cell.value);
    const room = widest(cells.map((cell) => cell?.text ?? "")) + 8;
    const scale = linearScale([Math.min(0, ...values), Math.max(0, ...values) || 1], [left, left + columnWidth - room]);
    titles[index].forEach((line, at) => {
      const y = top + head - 14 - (titles[index].length - 1 - at) * LINE;
      parts.push(svg("text", { class: "column", x: narrow ? 0 : left, y }, line));
    });
    spec.rows.forEach((row, at) => {
      const y = top + head + at * ROW;
      if (narrow || index === 0)
        parts.push(
          svg(
            "text",
            { class: "label", x: labels - 12, y: y + 16, "text-anchor": "end" },
            fitted(row.label, labels - 12),
          ),
        );
      parts.push(svg("g", {}, bar(cells[at], scale, left, y)));
    });
    parts.push(
      svg("line", {
        class: "zero",
        x1: scale(0),
        x2: scale(0),
        y1: top + head,
        y2: top + head + spec.rows.length * ROW,
      }),
    );
  });
  spec.rows.forEach((row, at) => {
    const mark = svg(
      row.href ? "a" : "g",
      { class: "row", href: row.href, role: row.href ? null : "img", "aria-label": row.spoken },
      svg("rect", { class: "hit", x: 0, y: head + at * ROW, width, height: ROW }),
    );
    marks.push(mark);
  });
  const height = narrow ? spec.columns.length * blockHeight : blockHeight;
  plot.append(drawing(width, height, spec.label, marks, parts));
  const show = tipIn(plot);
  reachable(marks, (index) => (index === null ? show(null) : show(marks[index], spec.rows[index].tip)));
}
