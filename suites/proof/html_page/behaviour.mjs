// What a reader does with the page: filters, follows links, goes by keys, prints, does without JavaScript.
import assert from "node:assert/strict";
import { open } from "./browser.mjs";

const rows = (page) =>
  page.evaluate(() => [...document.querySelectorAll("tr[data-case]:not([hidden])")].map((row) => row.dataset.case));
const countOf = (page, selector) => page.evaluate((what) => document.querySelectorAll(what).length, selector);
const marksOf = (page, chart) => countOf(page, `figure[data-chart=${chart}] .row`);

async function filters(browser, file) {
  const { page } = await open(browser, file);
  const all = await rows(page);
  const marks = await marksOf(page, "forest");
  await page.type("#words", "create net");
  const left = await rows(page);
  assert.ok(left.length > 0 && left.length < all.length);
  assert.ok(
    left.every((id) => id.includes("create") && id.includes("net")),
    `filtered rows: ${left}`,
  );
  await page.waitForFunction(
    (before) => document.querySelectorAll("figure[data-chart=forest] .row").length < before,
    {},
    marks,
  );
  assert.match(await page.$eval("#filter-count", (node) => node.textContent), /^\d+ of \d+ cases$/);
  await page.click("#filter button[type=reset]");
  await page.waitForFunction(() => document.getElementById("filter-count").textContent.startsWith("all"));
  assert.deepEqual(await rows(page), all);
  await page.click("input[value=runtime]");
  assert.ok((await rows(page)).every((id) => id.startsWith("runtime/")));
  await page.type("#words", "no such case");
  assert.equal((await rows(page)).length, 0);
  await page.waitForSelector(".nothing"); // an empty chart says so
  await page.close();
}

// Whether a row can be read: unfolded, in the window, and with nothing over it.
const readable = (page, id) =>
  page.evaluate((name) => {
    const { left, top, height } = document.getElementById(name).getBoundingClientRect();
    return document.elementFromPoint(left + 20, top + height / 2)?.closest("tr")?.id === name;
  }, id);

async function followsLinks(browser, file) {
  const { page } = await open(browser, file);
  await page.click("figure[data-chart=forest] .row .hit");
  const target = await page.evaluate(() => document.querySelector("tr:target")?.id);
  assert.match(target ?? "", /^case-/, "a mark leads to the row of its case");
  assert.ok(await readable(page, target), `${target} can be read`);
  await page.close();
  const direct = await open(browser, file, { hash: "#case-create%2Fnet" });
  assert.ok(await readable(direct.page, "case-create/net"), "a link from outside unfolds and goes there");
  await direct.page.close();
}

async function goesByKeys(browser, file) {
  const { page } = await open(browser, file);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  const label = () => page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  await page.$eval("figure[data-chart=lattice] [tabindex='0']", (mark) => mark.focus());
  const first = await label();
  assert.match(first, /^none, measured/);
  await page.keyboard.press("ArrowDown");
  const below = await label();
  await page.keyboard.press("ArrowRight");
  assert.equal(new Set([first, below, await label()]).size, 3, "arrow keys go from set to set");
  assert.ok(
    await page.$eval("figure[data-chart=lattice] .tip:not([hidden])", (tip) => tip.textContent.includes("residual")),
  );
  await page.keyboard.press("Home");
  assert.equal(await label(), first);
  assert.ok(
    await page.evaluate(() => document.querySelectorAll("figure[data-chart=lattice] [tabindex='0']").length === 2),
    "each map is one stop of the Tab key",
  );
  await page.close();
}

async function prints(browser, file) {
  const { page } = await open(browser, file, { scheme: "dark" });
  await page.evaluate(() =>
    window.addEventListener("beforeprint", () => {
      window.foldedOnPaper = document.querySelectorAll("details:not([open])").length;
    }),
  );
  const paper = await page.pdf({ format: "A4" });
  assert.ok(paper.length > 50_000);
  assert.equal(await page.evaluate(() => window.foldedOnPaper), 0, "every table is on paper");
  assert.ok(
    (await page.evaluate(() => document.querySelectorAll("details:not([open])").length)) > 0,
    "and folded again after",
  );
  await page.emulateMediaType("print");
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
  await page.close();
}

// Without JavaScript, and in a build without charts, every figure is there as a table.
async function doesWithoutScript(browser, file, tables) {
  const cells = (page) => countOf(page, "td, tbody th");
  const drawn = await open(browser, file);
  const still = await open(browser, file, { script: false });
  const plain = await open(browser, tables);
  const counts = [await cells(drawn.page), await cells(still.page), await cells(plain.page)];
  assert.ok(counts[0] > 1000 && counts.every((count) => count === counts[0]), `cells of tables: ${counts}`);
  assert.equal(await countOf(plain.page, "script, figure, noscript, details:not([open])"), 0);
  for (const { page } of [drawn, still, plain]) await page.close();
}

// Text from the result is text wherever it appears, and the page's own policy forbids what would get in nevertheless.
async function holdsHostileText(browser, file) {
  const { page, complaints } = await open(browser, file);
  assert.deepEqual(
    await page.evaluate(() => ({
      broken: window.broken ?? null,
      scripts: document.scripts.length,
      images: document.images.length,
      json: typeof JSON.parse(document.getElementById("result").textContent),
      shown: document.querySelector("main").textContent.includes("<script>window.broken=1</script>"),
      drawn: [...document.querySelectorAll("svg text")].some((text) => text.textContent.includes("</script>")),
      reordered: /[\u202e\u2028\u001b]/.test(document.body.textContent),
    })),
    { broken: null, scripts: 2, images: 0, json: "object", shown: true, drawn: true, reordered: false },
  );
  assert.deepEqual(complaints, []);
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.broken = 2";
    document.body.append(script);
    const image = document.createElement("img");
    image.src = "https://example.invalid/x.png";
    document.body.append(image);
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(await page.evaluate(() => window.broken), undefined, "the policy stops a script that is not the page's");
  assert.ok(complaints.some((one) => one.includes("Content Security Policy")));
  assert.ok(complaints.includes("stopped by csp: https://example.invalid/x.png"), "and every request");
  await page.close();
}

export const behaviour = { filters, followsLinks, goesByKeys, prints, doesWithoutScript, holdsHostileText };
