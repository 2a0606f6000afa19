// The cost of all 256 sets as a map of the lattice of subsets, and the same map of what the additive model does not
// explain.
import { drawing, html, svg, textWidth, widest } from "./dom.js";
import { linearScale, logScale, logTicks } from "./axis.js";
import { brief, number, quantity, signed, unitName } from "./format.js";
import { keyOf, latticeOrder, runsOf } from "./lattice_order.js";
import { reachable } from "./keys.js";
import { tipIn } from "./tip.js";

const STRIP = 13;
const LEFT = 4 * STRIP + 8;

// Share of the strong colour in a cell, 0 to 1, and which colour that is; the style sheet does the rest, in light and
// dark.
function paint(node, { share, side }) {
  node.classList.add("painted", side);
  node.style.setProperty("--share", share.toFixed(3));
}

function strips(order, cell, top, left) {
  const across = order.columns.types.flatMap((type, index) => {
    const y = top - (4 - index) * STRIP - 5;
    return [
      svg("text", { class: "strip-label", x: left - 6, y: y + 8.5, "text-anchor": "end" }, type),
      ...runsOf(order.columns, type).map(([from, to]) =>
        svg("rect", {
          class: "strip",
          x: left + from * cell + 1,
          y: y + 2,
          width: (to - from + 1) * cell - 2,
          height: 5,
        }),
      ),
    ];
  });
  const bottom = top + 16 * cell;
  const down = order.rows.types.flatMap((type, index) => {
    const x = left - (4 - index) * STRIP - 5;
    return [
      svg(
        "text",
        {
          class: "strip-label",
          transform: `translate(${x + 8.5} ${bottom + 7}) rotate(-90)`,
          "text-anchor": "end",
        },
        type,
      ),
      ...runsOf(order.rows, type).map(([from, to]) =>
        svg("rect", {
          class: "strip",
          x: x + 2,
          y: top + from * cell + 1,
          width: 5,
          height: (to - from + 1) * cell - 2,
        }),
      ),
    ];
  });
  return svg("g", { class: "axis", "aria-hidden": "true" }, across, down);
}

function legend(map, x, y, width) {
  const steps = 24;
  const blocks = Array.from({ length: steps }, (_, index) => {
    const value = map.scale.invert(
      map.scale.range()[0] + ((index + 0.5) / steps) * (map.scale.range()[1] - map.scale.range()[0]),
    );
    const block = svg("rect", { x: x + (index * width) / steps, y, width: width / steps + 0.5, height: 8 });
    paint(block, map.colour(value));
    return block;
  });
  const place = (value) =>
    x + ((map.scale(value) - map.scale.range()[0]) / (map.scale.range()[1] - map.scale.range()[0])) * width;
  return svg(
    "g",
    { class: "axis", "aria-hidden": "true" },
    blocks,
    map.ticks.map((tick) => svg("text", { x: place(tick), y: y + 22, "text-anchor": "middle" }, map.tickFormat(tick))),
  );
}

function drawMap(plot, width, matrix, order, map) {
  const part = html("div", { class: "part" });
  const cell = Math.floor(Math.min(40, (width - LEFT - 2) / 16));
  const top = 4 * STRIP + 8;
  const left = LEFT;
  const bySet = new Map(matrix.cells.map((one) => [keyOf(one.types), one]));
  const widestText = (fontSize) =>
    widest(
      matrix.cells.map((one) => map.text(one)),
      fontSize,
    );
  const size = cell < 24 ? undefined : [10, 9, 8].find((fontSize) => widestText(fontSize) <= cell * 0.92);
  const marks = [];
  const tips = [];
  for (let row = 0; row < 16; ++row) {
    for (let column = 0; column < 16; ++column) {
      const one = bySet.get(keyOf([...order.columns.places[column], ...order.rows.places[row]]));
      if (!one) continue;
      const q = (value) => quantity(value, matrix.unit);
      const tip = [
        one.set,
        `measured ${q(one.estimate.p5)}, model ${q(one.model)}`,
        `residual ${one.residual > 0 ? "+" : ""}${q(one.residual)}`,
      ];
      const x = left + column * cell;
      const y = top + row * cell;
      const colour = map.colour(map.value(one));
      const square = svg("rect", { class: "cell", x: x + 0.5, y: y + 0.5, width: cell - 1, height: cell - 1 });
      const text = size ? map.text(one) : map.sign(one, colour.share);
      const mark = svg(
        "g",
        { class: `set${one.set === matrix.worst ? " worst" : ""}`, role: "img", "aria-label": tip.join(", ") },
        square,
        text
          ? svg(
              "text",
              {
                x: x + cell / 2,
                y: y + cell / 2 + (size ?? 9) * 0.36,
                "text-anchor": "middle",
                "font-size": size ?? 9,
              },
              text,
            )
          : null,
      );
      paint(mark, colour);
      marks.push(mark);
      tips.push(tip);
    }
  }
  const bottom = top + 16 * cell;
  const footer = bottom + 14;
  const worst = marks.find((mark) => mark.classList.contains("worst"));
  part.append(
    html("h3", {}, map.title),
    drawing(
      width,
      bottom + Math.max(46, 10 + Math.ceil(widest(order.rows.types, 11))),
      `${map.title}, 16 by 16 sets`,
      strips(order, cell, top, left),
      marks,
      worst,
      legend(map, left + 20, footer, 16 * cell - 40),
    ),
  );
  plot.append(part);
  const show = tipIn(part);
  reachable(marks, (index) => (index === null ? show(null) : show(marks[index], tips[index])), 16);
}

function costMap(matrix) {
  const scale = logScale(
    matrix.cells.map((one) => one.estimate.p5),
    [0.04, 1],
  );
  return {
    title: `Measured, ${unitName(matrix.unit)}`,
    scale,
    value: (one) => one.estimate.p5,
    text: (one) => {
      const value = one.estimate.p5;
      if (value >= 1000) return `${(value / 1000).toFixed(1)}k`;
      return value >= 100 ? number(value) : String(Number(value.toPrecision(2)));
    },
    sign: () => null,
    colour: (value) => ({ share: scale(value), side: "heat" }),
    ticks: logTicks(scale, 0.12),
    tickFormat: brief,
  };
}

function residualMap(matrix) {
  const most = Math.max(...matrix.cells.map((one) => Math.abs(one.residual)));
  const scale = linearScale([-most, most], [-1, 1]);
  const ticks = scale.ticks(5);
  return {
    title: `Residual: measured minus model, ${unitName(matrix.unit)}`,
    scale,
    value: (one) => one.residual,
    text: (one) => signed(Math.round(one.residual)).replace(/\.0+$/, ""),
    sign: (one, share) => (share < 0.2 ? null : one.residual < 0 ? "−" : "+"),
    colour: (value) => ({ share: Math.abs(scale(value)), side: value < 0 ? "under" : "over" }),
    ticks,
    tickFormat: (tick) => (tick > 0 ? "+" : "") + brief(tick),
  };
}

export function lattice(plot, width, { matrix }) {
  if (!matrix || matrix.cells.length === 0) return false;
  const order = latticeOrder(matrix.effects);
  const beside = width >= 980;
  const mapWidth = beside ? (width - 48) / 2 : width;
  const holder = html("div", { class: beside ? "beside" : "" });
  plot.append(holder);
  drawMap(holder, mapWidth, matrix, order, costMap(matrix));
  drawMap(holder, mapWidth, matrix, order, residualMap(matrix));
  return true;
}
