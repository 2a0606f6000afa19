// Numbers as people read them: three figures that count, the unit that fits.

const UNITS = [
  ["ns", 1],
  ["µs", 1e3],
  ["ms", 1e6],
  ["s", 1e9],
];
const IN_NS = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 };

/** "0.00605", "16.0", "369", "82 634": three significant digits, and all there are before the point. */
export function number(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const rounded = Number(size.toPrecision(3));
  const text =
    rounded > 1e15 || rounded < 1e-6
      ? size.toExponential(2)
      : rounded >= 100
        ? size.toFixed(0).replace(/\B(?=(\d{3})+$)/g, size >= 9999.5 ? "\u202f" : "")
        : size.toPrecision(3);
  return (value < 0 ? "−" : "") + text;
}

/** The same without zeros at the end, for axes. */
export const brief = (value) => {
  const text = number(value);
  return text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text;
};

export const isTime = (unit) => unit in IN_NS;
export const nanoseconds = (value, unit) => value * IN_NS[unit];

/** A quantity with its unit: a time in the unit that suits it, anything else as it is. */
export function quantity(value, unit, figures = number) {
  if (value === 0 && figures === brief) return "0";
  if (!isTime(unit)) return unit === "" ? figures(value) : `${figures(value)} ${unit}`;
  const ns = nanoseconds(value, unit);
  let chosen = UNITS[0];
  for (const one of UNITS) if (Math.abs(ns) >= one[1] * 0.9995) chosen = one;
  return `${figures(ns / chosen[1])} ${chosen[0]}`;
}

export const times = (ratio) => `${number(ratio)}\u202f×`;
export const between = ([low, high], figures = number) => `${figures(low)} to ${figures(high)}`;
export const signed = (value) => (value > 0 ? "+" : "") + number(value);
export const percent = (value) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value).toFixed(1)}\u202f%`;
/** "+10 %", for axes. */
export const briefPercent = (value) => `${value > 0 ? "+" : ""}${brief(value)}\u202f%`;
export const unitName = (unit) => (unit === "us" ? "µs" : unit);
