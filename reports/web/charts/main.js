/*! The charts use modules of D3 (d3-scale, d3-shape and what these need), (c) 2010-2023 Mike Bostock, ISC licence:
Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted,
provided that the above copyright notice and this permission notice appear in all copies. THE SOFTWARE IS PROVIDED "AS
IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF
MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL
DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT,
NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE. */
// Draws the charts of the performance report into the figures that the page has for them. The page is complete without:
// every chart has its table in the HTML itself.
import { readResult } from "./data.js";
import { ecdf } from "./ecdf.js";
import { effects } from "./effects.js";
import { current, filterTables, listen } from "./filter.js";
import { forest, timeForest } from "./forest.js";
import { html } from "./dom.js";
import { ladder } from "./ladder.js";
import { lattice } from "./lattice.js";
import { openForLinks, openForPrint } from "./disclosure.js";
import { paired } from "./paired.js";
import { phases } from "./phases.js";
import { scaling } from "./scaling.js";

const CHARTS = { forest, "time-forest": timeForest, ladder, phases, ecdf, lattice, effects, scaling, paired };
const PRINT_WIDTH = 680;
const PAUSE = 100; // milliseconds without a keystroke before charts follow the filter
const LEAST_WIDTH = 280; // CSS pixels; a page that is not shown has none

const result = readResult();
const memory = {}; // what the reader has chosen in a chart
let pending; // timer of the next drawing
const drawn = new WeakMap(); // figure -> width

function draw(figure, width) {
  const plot = figure.querySelector(".plot");
  const chart = CHARTS[figure.dataset.chart];
  const wanted = current();
  const familyOf = new Map(result.cases.map((one) => [one.id, one.family]));
  const view = {
    all: result.cases,
    cases: result.cases.filter((one) => wanted(one.id, one.family, one.title)),
    matrix: result.matrix,
    comparison: result.comparison,
    memory,
    wanted: (id) => wanted(id, familyOf.get(id) ?? id.split("/")[0]),
  };
  drawn.set(figure, width);
  plot.replaceChildren();
  try {
    if (!chart(plot, width, view, () => draw(figure, width)))
      plot.append(html("p", { class: "nothing" }, "The filter leaves nothing to draw here."));
  } catch (error) {
    console.error(`${figure.dataset.chart}: ${error.stack}`);
    plot.replaceChildren(html("p", { class: "nothing" }, "This chart could not be drawn. Its table has the figures."));
  }
}

const figures = [...document.querySelectorAll("figure[data-chart]")];
const widthOf = (figure) => Math.max(LEAST_WIDTH, Math.floor(figure.querySelector(".plot").clientWidth));
const drawAll = (width) => figures.forEach((figure) => draw(figure, width ?? widthOf(figure)));

document.documentElement.classList.add("charts");
listen((wanted) => {
  filterTables(result.cases, wanted);
  clearTimeout(pending);
  pending = setTimeout(drawAll, PAUSE);
});
filterTables(result.cases, current());
drawAll();
const observer = new ResizeObserver((entries) => {
  for (const { target } of entries) if (widthOf(target) !== drawn.get(target)) draw(target, widthOf(target));
});
figures.forEach((figure) => observer.observe(figure));
openForLinks();
openForPrint(
  () => drawAll(PRINT_WIDTH),
  () => drawAll(),
);
