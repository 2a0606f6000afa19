// Whole distributions: each case of a group in a panel of its own, the others of the group in grey behind it.
import { line, curveStepAfter } from "d3-shape";
import { describe, groupName, grouped, headOf, linkTo, shortName } from "./data.js";
import { drawing, fitted, html, svg, textWidth } from "./dom.js";
import { linearScale, logScale, logTicks, roomFor } from "./axis.js";
import { brief, nanoseconds, quantity } from "./format.js";
import { panelGrid } from "./panels.js";
import { reachable } from "./keys.js";
import { tipIn } from "./tip.js";

const HEAD = 24;
const CURVE = 84;
const FOOT = 16;

function picker(plot, names, chosen, redraw) {
  const select = html(
    "select",
    {},
    names.map((name) => html("option", { value: name, selected: name === chosen }, name)),
  );
  select.addEventListener("change", () => redraw(select.value));
  plot.append(html("label", { class: "pick" }, "Cases of ", select));
}

function panel(curve, all, x, y, panelWidth, scaleX) {
  const scaleY = linearScale([0, 1], [y + HEAD + CURVE, y + HEAD]);
  const path = line(
    (point) => x + scaleX(point[0]),
    (point) => scaleY(point[1]),
  ).curve(curveStepAfter);
  const median = quantity(curve.median, "ns");
  const base = y + HEAD + CURVE;
  const ticks = logTicks(
    scaleX,
    roomFor(
      scaleX.domain().map((tick) => quantity(tick, "ns", brief)),
      11,
    ),
  );
  const mark = svg(
    "a",
    { class: "row", href: linkTo(curve.one.id), "aria-label": curve.tip.join(", ") },
    svg("rect", { class: "hit", x: x - 4, y, width: panelWidth + 8, height: HEAD + CURVE + FOOT }),
  );
  const ink = svg(
    "g",
    { class: "panel", "aria-hidden": "true" },
    svg(
      "text",
      { class: "panel-title", x, y: y + 14 },
      fitted(shortName(curve.one).replace(`@${curve.one.style}`, ""), panelWidth - textWidth(median, 12) - 10, 13, 600),
    ),
    svg("text", { class: "figure", x: x + panelWidth, y: y + 14, "text-anchor": "end" }, median),
    ticks.map((tick) =>
      svg(
        "g",
        { class: "axis" },
        svg("line", { class: "grid", x1: x + scaleX(tick), x2: x + scaleX(tick), y1: y + HEAD, y2: base }),
        svg("text", { x: x + scaleX(tick), y: base + 15, "text-anchor": "middle" }, quantity(tick, "ns", brief)),
      ),
    ),
    svg("line", { class: "half", x1: x, x2: x + panelWidth, y1: scaleY(0.5), y2: scaleY(0.5) }),
    all.filter((other) => other !== curve).map((other) => svg("path", { class: "other", d: path(other.points) })),
    svg("path", { class: "curve", d: path(curve.points) }),
    svg("line", { class: "zero", x1: x, x2: x + panelWidth, y1: base, y2: base }),
  );
  return { mark, ink };
}

function draw(plot, width, members) {
  const curves = members
    .map(({ one, phase }) => ({
      one,
      median: nanoseconds(phase.estimate.p50, one.unit),
      points: phase.ecdf.map(([value, fraction]) => [nanoseconds(value, one.unit), fraction]),
      tip: describe(one, phase),
    }))
    .filter((curve) => curve.points.every(([value]) => value > 0));
  const height = HEAD + CURVE + FOOT;
  const grid = panelGrid(width, curves.length, { least: 165, height });
  // The slowest hundredth may be a thousand times slower: the axis shows up to p99, the table has the rest.
  const scaleX = logScale(
    curves.flatMap((curve) => curve.points.filter(([, fraction]) => fraction <= 0.99).map(([value]) => value)),
    [0, grid.panelWidth],
  ).clamp(true);
  const panels = curves.map((curve, index) => {
    const { x, y } = grid.at(index);
    return panel(curve, curves, x, y, grid.panelWidth, scaleX);
  });
  const part = html("div", { class: "part" });
  part.append(
    drawing(
      width,
      grid.total,
      "Share of samples up to each time, one panel a case",
      panels.map(({ mark, ink }) => [mark, ink]),
    ),
  );
  plot.append(part);
  const show = tipIn(part);
  reachable(
    panels.map(({ mark }) => mark),
    (index) => (index === null ? show(null) : show(panels[index].mark, curves[index].tip)),
    grid.columns,
  );
}

export function ecdf(plot, width, { cases, memory }, redraw) {
  const usable = cases.map((one) => ({ one, phase: headOf(one) })).filter(({ phase }) => phase?.ecdf.length > 1);
  if (usable.length === 0) return false;
  const groups = grouped(usable, ({ one }) => groupName(one));
  const names = [...groups.keys()];
  const chosen = groups.has(memory.group)
    ? memory.group
    : (names.find((name) => name.startsWith("create")) ?? names[0]);
  picker(plot, names, chosen, (name) => {
    memory.group = name;
    redraw();
    plot.querySelector("select").focus();
  });
  draw(plot, width, groups.get(chosen));
  return true;
}
