// The shapes of points. A meaning is never told by colour alone: each has its own outline.
import { symbol, symbolCircle, symbolDiamond2, symbolTimes, symbolTriangle } from "d3-shape";
import { svg } from "./dom.js";

const SHAPES = {
  point: { type: symbolCircle, size: 42 },
  slower: { type: symbolTriangle, size: 56, turn: 90 },
  faster: { type: symbolTriangle, size: 56, turn: -90 },
  "no change": { type: symbolCircle, size: 42 },
  "cannot tell": { type: symbolDiamond2, size: 44, hollow: true },
  "not comparable": { type: symbolTimes, size: 40, hollow: true },
};

/** A point of one of those shapes at x, y. */
export function point(shape, x, y) {
  const { type, size, turn = 0, hollow = false } = SHAPES[shape] ?? SHAPES.point;
  return svg("path", {
    class: `point ${shape.replace(" ", "-")}${hollow ? " hollow" : ""}`,
    d: symbol(type, size)(),
    transform: `translate(${x} ${y}) rotate(${turn})`,
  });
}
