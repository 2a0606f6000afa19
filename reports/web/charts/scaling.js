// How costs grow: a panel for each series, with intervals, and the fitted line where there is one.
import { line } from "d3-shape";
import { linkTo } from "./data.js";
import { drawing, fitted, svg, widest } from "./dom.js";
import { horizontalGrid, linearScale } from "./axis.js";
import { between, brief, isTime, nanoseconds, number, quantity, unitName } from "./format.js";
import { panelGrid } from "./panels.js";
import { reachable } from "./keys.js";
import { point } from "./marks.js";
import { tipIn } from "./tip.js";

const HEAD = 58;
const CURVE = 150;
const FOOT = 42;

function seriesOf(cases) {
  return cases.flatMap((one) =>
    one.series.filter((series) => series.points.length > 0).map((series) => ({ one, series })),
  );
}

function describeSeries({ one, series }) {
  const first = series.points[0];
  const last = series.points[series.points.length - 1];
  const q = (value) => quantity(value, series.unit);
  return [
    `${one.id}: ${series.title}`,
    `${q(first.estimate.p5)} at ${brief(first.x)}, ${q(last.estimate.p5)} at ${brief(last.x)} ${series.x_title}`,
    `interval of the last point ${between(last.estimate.interval, q)}`,
    series.better === "higher" ? "higher is better" : null,
  ].filter(Boolean);
}

function fitText(series) {
  if (!series.line) return series.better === "higher" ? "higher is better" : "";
  const unit = (series.slope_title ?? "").replace(/^us\b/, "µs");
  return `${number(series.line.slope)} ${unit || `${unitName(series.unit)} a step`}, R² ${series.line.r2.toFixed(3)}`;
}

function panel({ one, series }, x, y, width) {
  const inTime = isTime(series.unit);
  const value = (v) => (inTime ? nanoseconds(v, series.unit) : v);
  const format = (v) => (inTime ? quantity(v, "ns", brief) : brief(v));
  const xs = series.points.map((p) => p.x);
  const highs = series.points.map((p) => value(Math.max(p.estimate.interval[1], p.estimate.p5)));
  const base = y + HEAD + CURVE;
  const scaleY = linearScale([0, Math.max(...highs) * 1.05 || 1], [base, y + HEAD]);
  const ticksY = scaleY.ticks(4);
  const left = x + widest(ticksY.map(format), 12) + 10;
  const scaleX = linearScale(
    [Math.min(0, ...xs), Math.max(...xs) || 1],
    [left + 6, x + width - widest(xs.map(brief), 12) / 2],
  );
  const room = widest(xs.map(brief), 12) + 18;
  const whole = xs.length <= 5 && xs.every((at, index) => index === 0 || scaleX(at) - scaleX(xs[index - 1]) > room);
  const ticksX = whole ? xs : scaleX.ticks(Math.max(2, Math.floor((width - 60) / room / 1.5)));
  const path = line(
    (p) => scaleX(p.x),
    (p) => scaleY(value(p.estimate.p5)),
  );
  const fit = series.line && scaleX.domain().map((at) => [at, value(series.line.intercept + series.line.slope * at)]);
  const mark = svg(
    "a",
    { class: "row", href: linkTo(one.id), "aria-label": describeSeries({ one, series }).join(", ") },
    svg("rect", { class: "hit", x: x - 4, y, width: width + 8, height: HEAD + CURVE + FOOT }),
  );
  const ink = svg(
    "g",
    { class: "panel", "aria-hidden": "true" },
    svg("text", { class: "panel-title", x, y: y + 14 }, fitted(one.id, width, 13, 600)),
    svg(
      "text",
      { class: "label", x, y: y + 31 },
      fitted(isTime(series.unit) ? series.title : `${series.title}, ${series.unit}`, width),
    ),
    svg("text", { class: "note", x, y: y + 47 }, fitted(fitText(series), width, 12)),
    horizontalGrid(scaleY, ticksY, { left, right: x + width, format }),
    svg(
      "g",
      { class: "axis" },
      ticksX.map((tick) => svg("text", { x: scaleX(tick), y: base + 17, "text-anchor": "middle" }, brief(tick))),
      svg(
        "text",
        { x: (left + x + width) / 2, y: base + 35, "text-anchor": "middle" },
        fitted(series.x_title, width - 40, 12),
      ),
    ),
    fit
      ? svg("line", {
          class: "fit",
          x1: scaleX(fit[0][0]),
          x2: scaleX(fit[1][0]),
          y1: scaleY(fit[0][1]),
          y2: scaleY(fit[1][1]),
        })
      : null,
    svg("path", { class: "curve", d: path(series.points) }),
    series.points.map((p) => [
      svg("line", {
        class: "interval",
        x1: scaleX(p.x),
        x2: scaleX(p.x),
        y1: scaleY(value(p.estimate.interval[0])),
        y2: scaleY(value(p.estimate.interval[1])),
      }),
      point("point", scaleX(p.x), scaleY(value(p.estimate.p5))),
    ]),
  );
  return { mark, ink };
}

export function scaling(plot, width, { cases }) {
  const all = seriesOf(cases);
  if (all.length === 0) return false;
  const grid = panelGrid(width, all.length, { least: 225, height: HEAD + CURVE + FOOT, gap: 36, most: 4 });
  const panels = all.map((entry, index) => {
    const { x, y } = grid.at(index);
    return panel(entry, x, y, grid.panelWidth);
  });
  plot.append(
    drawing(
      width,
      grid.total,
      "How costs grow, one panel a series",
      panels.map(({ mark, ink }) => [mark, ink]),
    ),
  );
  const show = tipIn(plot);
  reachable(
    panels.map(({ mark }) => mark),
    (index) => (index === null ? show(null) : show(panels[index].mark, describeSeries(all[index]))),
    grid.columns,
  );
  return true;
}
