// A page in headless Chromium, with everything written down that a page of the report must not do: console messages,
// errors, requests.
import { pathToFileURL } from "node:url";
import { existsSync } from "node:fs";
import puppeteer from "puppeteer-core";

const CANDIDATES = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where Chromium is; undefined if it is not installed. */
export const chromium = CANDIDATES.find((path) => path && existsSync(path));

export const launch = () =>
  puppeteer.launch({
    executablePath: chromium,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--hide-scrollbars",
      "--disable-background-networking",
      "--disable-component-update",
    ],
  });

/** Opens a file; `complaints` grows while the page lives. */
export async function open(browser, file, { width = 900, scheme = "light", script = true, hash = "" } = {}) {
  const page = await browser.newPage();
  const complaints = [];
  const own = pathToFileURL(file).href;
  page.on("console", (message) => complaints.push(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== own && request.url() !== "data:,") complaints.push(`request: ${request.url()}`);
  });
  page.on("requestfailed", (request) =>
    complaints.push(`stopped by ${request.failure()?.errorText}: ${request.url()}`),
  );
  await page.setJavaScriptEnabled(script);
  await page.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: scheme },
    { name: "prefers-reduced-motion", value: "reduce" },
  ]);
  await page.setViewport({ width, height: 900 });
  await page.goto(own + hash, { waitUntil: "load" });
  return { page, complaints };
}
