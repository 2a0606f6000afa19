// Axes: where the ticks of a scale are, and their lines and labels.
import { scaleLinear, scaleLog } from "d3-scale";
import { svg, widest } from "./dom.js";

/** A logarithmic scale over the values with some room at both ends. */
export function logScale(values, range) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  return scaleLog([low / 1.15, high * 1.15], range);
}

export const linearScale = (domain, range) => scaleLinear(domain, range);

/** Ticks of a logarithmic scale: decades, and 2 and 5 between them where `room` pixels a label allow it. */
export function logTicks(scale, room) {
  const [low, high] = scale.domain();
  const [from, to] = scale.range();
  const decade = Math.abs(to - from) / Math.log10(high / low);
  const steps = decade > room * 4 ? [1, 2, 5] : decade > room * 2.4 ? [1, 3] : [1];
  const every = Math.max(1, Math.ceil(room / decade));
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); ++power) {
    if (((power % every) + every) % every !== 0) continue;
    for (const step of steps) {
      const tick = step * 10 ** power;
      if (tick >= low && tick <= high) ticks.push(Number(tick.toPrecision(2)));
    }
  }
  return ticks.length > 0 ? ticks : [Number(Math.sqrt(low * high).toPrecision(2))];
}

/** Labels of an axis in px from each other: room for the widest, and some air. */
export const roomFor = (labels, size = 12) => widest(labels, size) + 14;

/** Vertical lines at the ticks, with labels above (`labels: "top"`), below ("bottom"), at both ends or at none. */
export function verticalGrid(scale, ticks, { top, bottom, format, labels = ["top"] }) {
  return svg(
    "g",
    { class: "axis", "aria-hidden": "true" },
    ticks.map((tick) => {
      const x = Math.round(scale(tick)) + 0.5;
      return [
        svg("line", { class: "grid", x1: x, x2: x, y1: top, y2: bottom }),
        labels.includes("top") ? svg("text", { x, y: top - 7, "text-anchor": "middle" }, format(tick)) : null,
        labels.includes("bottom") ? svg("text", { x, y: bottom + 16, "text-anchor": "middle" }, format(tick)) : null,
      ];
    }),
  );
}

/** Horizontal lines at the ticks of a vertical scale, with labels at the left. */
export function horizontalGrid(scale, ticks, { left, right, format }) {
  return svg(
    "g",
    { class: "axis", "aria-hidden": "true" },
    ticks.map((tick) => {
      const y = Math.round(scale(tick)) + 0.5;
      return [
        svg("line", { class: "grid", x1: left, x2: right, y1: y, y2: y }),
        svg("text", { x: left - 6, y: y + 4, "text-anchor": "end" }, format(tick)),
      ];
    }),
  );
}
