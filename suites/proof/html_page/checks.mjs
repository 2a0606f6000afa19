// What is asked of every page, whatever it shows. Each check returns a list of complaints.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Accessibility by axe-core, with every table unfolded; a few rows of each stand for all, for axe-core takes its time. */
export async function accessibility(page) {
  await page.evaluate(() => {
    for (const one of document.querySelectorAll("details")) one.open = true;
    for (const row of document.querySelectorAll("tbody tr:nth-child(n + 5)")) row.remove();
  });
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map(
    (one) =>
      `axe ${one.id}: ${one.help}: ${one.nodes
        .slice(0, 3)
        .map((node) => node.html.slice(0, 160))
        .join(" | ")}`,
  );
}

/** Every link leads to a place in the page. */
export const links = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("a")]
      .map((link) => link.getAttribute("href"))
      .filter((href) => !href?.startsWith("#") || !document.getElementById(decodeURIComponent(href.slice(1))))
      .map((href) => `a link to nowhere: ${href}`),
  );

/** Nothing sticks out of the page, and no two labels of a drawing lie upon each other. */
export const layout = (page) =>
  page.evaluate(() => {
    const complaints = [];
    if (document.documentElement.scrollWidth > window.innerWidth)
      complaints.push(`the page is ${document.documentElement.scrollWidth} wide, the window ${window.innerWidth}`);
    for (const drawing of document.querySelectorAll("svg.drawing")) {
      const name = drawing.getAttribute("aria-label");
      const boxes = [...drawing.querySelectorAll("text")].map((text) => ({
        text: text.textContent,
        box: text.getBoundingClientRect(),
      }));
      boxes.sort((a, b) => a.box.left - b.box.left);
      boxes.forEach((one, index) => {
        if (one.box.left < -1 || one.box.right > window.innerWidth + 1)
          complaints.push(`${name}: “${one.text}” sticks out`);
        for (const other of boxes.slice(index + 1)) {
          if (other.box.left > one.box.right - 1) break;
          const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
          if (high > 4) complaints.push(`${name}: “${one.text}” lies upon “${other.text}”`);
        }
      });
    }
    return complaints;
  });

/** Every figure has a drawing with marks that can be reached by keys, each with words. */
export const drawings = (page) =>
  page.evaluate(() => {
    const complaints = [];
    for (const figure of document.querySelectorAll("figure")) {
      const name = figure.dataset.chart;
      const marks = figure.querySelectorAll("svg [aria-label][tabindex]");
      if (marks.length === 0) complaints.push(`${name} has no marks`);
      if (figure.querySelectorAll("svg [tabindex='0']").length === 0)
        complaints.push(`${name} cannot be reached by keys`);
      if ([...marks].some((mark) => mark.getAttribute("aria-label").length < 5))
        complaints.push(`${name} has a mark without words`);
      const shapes = [...figure.querySelectorAll("svg [d], svg [x], svg [x1]")].map((shape) => shape.outerHTML);
      if (shapes.some((shape) => /NaN|undefined|Infinity/.test(shape)))
        complaints.push(`${name} draws what is no number`);
      const section = figure.closest("section");
      if (section.querySelectorAll("figure").length > section.querySelectorAll("table").length)
        complaints.push(`${name} has no table`);
    }
    return complaints;
  });
