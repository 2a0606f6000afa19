// Judges the pages of html_pages in headless Chromium: judge.mjs DIRECTORY. Exit status 0 if nothing is to complain of.
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { behaviour } from "./behaviour.mjs";
import { launch, open } from "./browser.mjs";
import { accessibility, drawings, layout, links } from "./checks.mjs";

const MOST_BYTES = 600 * 1024; // of a page without data
const directory = process.argv[2];
const file = (name) => join(directory, `${name}.html`);
const complaints = [];

async function judge(browser, path, { axe, ...settings }) {
  const { page, complaints: found } = await open(browser, path, settings);
  for (const check of [drawings, layout, links]) found.push(...(await check(page)));
  if (axe) found.push(...(await accessibility(page)));
  await page.close();
  return found;
}

// A judge that accepts everything proves nothing: here every kind of complaint is provoked.
async function provoke(browser) {
  const faults = `<img src='broken.png'><a href='#nowhere'>x</a><p><font color='#bbbbbb'>pale</font></p>
    <pre>${"wide ".repeat(400)}</pre><section><figure data-chart='none'></figure></section>
    <svg class='drawing' aria-label='x'><text y='9'>one</text><text y='9'>two</text></svg><script>1</script>`;
  const path = join(directory, "broken.html");
  writeFileSync(
    path,
    readFileSync(file("empty"), "utf8")
      .replace("img-src data:", "img-src *")
      .replace("</main>", faults + "</main>"),
  );
  const found = await judge(browser, path, { axe: true });
  for (const kind of [
    "console error",
    "request: ",
    "axe image-alt",
    "axe color-contrast",
    "a link to nowhere",
    "the page is",
    "lies upon",
    "has no marks",
    "has no table",
  ])
    if (!found.some((one) => one.includes(kind))) complaints.push(`the judge overlooks “${kind}”`);
}

const VISITS = [
  ...[400, 900, 1600].flatMap((width) =>
    ["light", "dark"].map((scheme) => ({ name: "comparison", width, scheme, axe: width === 900 })),
  ),
  { name: "run", width: 900, scheme: "light" },
  { name: "hostile", width: 400, scheme: "light" },
  { name: "hostile", width: 900, scheme: "dark" },
  { name: "tables", width: 400, scheme: "light", axe: true },
  { name: "empty", width: 900, scheme: "light" },
];
const ACTS = {
  filters: ["comparison"],
  followsLinks: ["run"],
  goesByKeys: ["run"],
  prints: ["run"],
  doesWithoutScript: ["comparison", "tables"],
  holdsHostileText: ["hostile"],
};

const browser = await launch();
try {
  const size = statSync(file("empty")).size;
  console.log(`a page without data has ${size} bytes`);
  if (size > MOST_BYTES) complaints.push(`that is more than ${MOST_BYTES}`);
  for (const { name, ...settings } of VISITS) {
    const where = `${name}, ${settings.width} wide, ${settings.scheme}`;
    for (const complaint of await judge(browser, file(name), settings)) complaints.push(`${where}: ${complaint}`);
    console.log(`judged: ${where}`);
  }
  for (const [name, act] of Object.entries(behaviour)) {
    try {
      await act(browser, ...ACTS[name].map(file));
      console.log(`judged: ${name}`);
    } catch (error) {
      complaints.push(`${name}: ${error.message}`);
    }
  }
  await provoke(browser);
} finally {
  await browser.close();
}
for (const complaint of complaints) console.error(complaint);
process.exit(complaints.length === 0 ? 0 : 1);
