// Rows of points with intervals on one common axis, in titled groups, with columns of figures beside them: the forest
// plot, the ladder of runtimes and the comparison are all made of it.
import { drawing, fitted, svg, textWidth, widest } from "./dom.js";
import { logScale, linearScale, logTicks, roomFor, verticalGrid } from "./axis.js";
import { reachable } from "./keys.js";
import { point } from "./marks.js";
import { tipIn } from "./tip.js";

const NARROW = 600;
const GAP = 16;
const HEAD = 30;
const GROUP_HEAD = 34;

function valuesOf(groups) {
  return groups.flatMap((group) =>
    group.rows.flatMap((row) => [row.value, ...(row.interval ?? []), ...(row.ticks ?? [])]),
  );
}

function scaleFor(spec, range) {
  const values = valuesOf(spec.groups);
  if (spec.log)
    return logScale(
      [...values, spec.reference].filter((value) => value > 0),
      range,
    ).clamp(true);
  const reach = Math.max(...values.map((value) => Math.abs(value - spec.reference)), spec.band ?? 0) * 1.06;
  return linearScale([spec.reference - reach, spec.reference + reach], range);
}

// Columns of figures at the right end; where the page is narrow only the first ones stay, and labels go above their
// rows.
function layoutOf(spec, width) {
  const narrow = width < NARROW;
  const rows = spec.groups.flatMap((group) => group.rows);
  const shown = spec.columns
    .map((title, index) => ({ title, index }))
    .filter(({ index }) => !narrow || index < (spec.narrowColumns ?? 1));
  const columns = shown.map(({ title, index }) => ({
    title,
    index,
    width: Math.max(textWidth(title, 12), widest(rows.map((row) => row.figures[index]))),
  }));
  const labels = narrow ? 0 : Math.min(widest(rows.map((row) => row.label)) + 14, width * 0.3);
  const figures = columns.reduce((sum, column) => sum + column.width + GAP, 0);
  return { narrow, columns, left: labels + 8, right: width - figures - 8, rowHeight: narrow ? 40 : 24 };
}

// What can be reached of a row, which speaks a whole sentence, and what is seen of it.
function rowMark(row, y, layout, scale, { width, stem }) {
  const { narrow, columns, left, rowHeight } = layout;
  const labelY = narrow ? y - rowHeight / 2 + 14 : y + 4;
  const middle = narrow ? y + 8 : y;
  let end = width;
  const figures = [...columns].reverse().map((column) => {
    const text = svg(
      "text",
      { class: `figure figure-${column.index}`, x: end, y: middle + 4, "text-anchor": "end" },
      row.figures[column.index],
    );
    end -= column.width + GAP;
    return text;
  });
  const dot = point(row.shape ?? "point", scale(row.value), middle);
  const [low, high] = row.interval ?? [row.value, row.value];
  const label = svg(
    "text",
    { class: "label", x: narrow ? 0 : left - 14, y: labelY, "text-anchor": narrow ? "start" : "end" },
    fitted(row.label, narrow ? width : left - 14),
  );
  const mark = svg(
    "a",
    { class: "row", href: row.href, "aria-label": row.spoken },
    svg("rect", { class: "hit", x: 0, y: y - rowHeight / 2, width, height: rowHeight }),
  );
  const ink = svg(
    "g",
    { class: "ink", "aria-hidden": "true" },
    label,
    (row.ticks ?? []).map((tick) =>
      svg("line", {
        class: "tick",
        x1: scale(tick),
        x2: scale(tick),
        y1: middle - 7,
        y2: middle + 7,
      }),
    ),
    stem === null ? null : svg("line", { class: "stem", x1: stem, x2: scale(row.value), y1: middle, y2: middle }),
    svg("line", { class: "interval", x1: scale(low), x2: scale(high), y1: middle, y2: middle }),
    dot,
    figures,
  );
  return { mark, ink, dot };
}

function columnTitles(columns, y, width) {
  let end = width;
  return [...columns].reverse().map((column) => {
    const text = svg("text", { class: "column", x: end, y, "text-anchor": "end" }, column.title);
    end -= column.width + GAP;
    return text;
  });
}

function underlay(spec, scale, top, bottom) {
  const from = scale(spec.reference - spec.band);
  return [
    spec.band
      ? svg("rect", {
          class: "band",
          x: from,
          width: scale(spec.reference + spec.band) - from,
          y: top,
          height: bottom - top,
        })
      : null,
    spec.reference === undefined
      ? null
      : svg("line", {
          class: "reference",
          x1: scale(spec.reference),
          x2: scale(spec.reference),
          y1: top,
          y2: bottom,
        }),
  ];
}

// One group as a drawing of its own, so that paper can break between groups; on a screen they join without a seam.
function drawGroup(group, { spec, width, layout, scale, ticks, first, last }) {
  const top = first ? HEAD : 0;
  const titled = group.title ? GROUP_HEAD : 0;
  const name = fitted(group.title ?? "", width / 2, 14, 650);
  const title = svg(
    "text",
    { class: "group", x: 0, y: top + 22 },
    name,
    group.note
      ? svg("tspan", { class: "note", dx: 8 }, fitted(group.note, width - textWidth(name, 14, 650) - 16, 12))
      : null,
  );
  const stem = spec.log && spec.reference !== undefined ? scale(spec.reference) : null;
  const rows = group.rows.map((row, index) =>
    rowMark(row, top + titled + (index + 0.5) * layout.rowHeight, layout, scale, { width, stem }),
  );
  const bottom = top + titled + group.rows.length * layout.rowHeight + 6;
  const labels = [...(first ? ["top"] : []), ...(last ? ["bottom"] : [])];
  const [band, reference] = underlay(spec, scale, top, bottom);
  const drawn = drawing(
    width,
    bottom + (last ? 22 : 0),
    group.title ? `${spec.label}: ${group.title}` : spec.label,
    band,
    verticalGrid(scale, ticks, { top, bottom, format: spec.tickFormat, labels }),
    reference,
    first ? columnTitles(layout.columns, top - 7, width) : null,
    svg(
      "g",
      { class: "rows" },
      group.title ? title : null,
      rows.map(({ mark, ink }) => [mark, ink]),
    ),
  );
  return { drawn, rows };
}

/**
 * Draws into `plot` (an element). spec: {label, groups: [{title, note, rows}], columns: [titles], log, reference (a
 * line, if given), band, tickFormat, narrowColumns}; a row: {label, href, value, interval, ticks, shape, figures,
 * spoken, tip}.
 */
export function dotRows(plot, width, spec) {
  const layout = layoutOf(spec, width);
  const { left, right } = layout;
  const scale = scaleFor(spec, [left + 6, right - 6]);
  const room = roomFor(scale.domain().map(spec.tickFormat));
  const ticks = spec.log ? logTicks(scale, room) : scale.ticks(Math.max(2, Math.floor((right - left) / room / 1.6)));
  const groups = spec.groups.map((group, index) =>
    drawGroup(group, { spec, width, layout, scale, ticks, first: index === 0, last: index === spec.groups.length - 1 }),
  );
  plot.append(...groups.map(({ drawn }) => drawn));
  const rows = groups.flatMap((group) => group.rows);
  const tips = spec.groups.flatMap((group) => group.rows.map((row) => row.tip));
  const show = tipIn(plot);
  reachable(
    rows.map(({ mark }) => mark),
    (index) => (index === null ? show(null) : show(rows[index].dot, tips[index])),
  );
}
