// Makes elements. Text goes in as text nodes only, so nothing that a report says can become markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined) continue;
    node.append(typeof child === "object" ? child : String(child));
  }
  return node;
}

/** An SVG element: svg("circle", {r: 3}). */
export const svg = (name, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, name), attributes, children);

/** An HTML element. */
export const html = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);

/** An SVG drawing of a size in CSS pixels, which shrinks with the page but never grows. */
export function drawing(width, height, label, ...children) {
  return svg(
    "svg",
    {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "group",
      "aria-label": label,
      class: "drawing",
    },
    ...children,
  );
}

const ruler = document.createElement("canvas").getContext("2d");

/** The width of a line of text in CSS pixels, in the font of the page. */
export function textWidth(text, size = 13, weight = 400) {
  ruler.font = `${weight} ${size}px ${getComputedStyle(document.body).fontFamily}`;
  return ruler.measureText(text).width;
}

export const widest = (texts, size, weight) => Math.max(0, ...texts.map((text) => textWidth(text, size, weight)));

/** The text in at most two lines of that width, the second one cut if it must be. */
export function twoLines(text, width, size = 13) {
  const words = text.split(" ");
  let first = words.shift();
  while (words.length > 0 && textWidth(`${first} ${words[0]}`, size) <= width) first += ` ${words.shift()}`;
  return [first, words.join(" ")].filter(Boolean).map((line) => fitted(line, width, size));
}

/** The text, cut with an ellipsis where it is wider than `width` pixels. */
export function fitted(text, width, size = 13, weight = 400) {
  if (textWidth(text, size, weight) <= width) return text;
  const letters = [...text.slice(0, 300)];
  while (letters.length > 1 && textWidth(letters.join("") + "…", size, weight) > width) letters.pop();
  return letters.join("").trimEnd() + "…";
}
