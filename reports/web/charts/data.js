// The result that the page carries, and the views of it that several charts share.
import { between, quantity, times } from "./format.js";

/** The embedded result (nsproof.bench.v1). */
export const readResult = () => JSON.parse(document.getElementById("result").textContent);

export const headOf = (one) => one.phases.find((phase) => phase.name === one.head) ?? one.phases[0];

/** The name of a case inside its family: "net" of "create/net". */
export const shortName = (one) => (one.id.startsWith(`${one.family}/`) ? one.id.slice(one.family.length + 1) : one.id);

/** Where the page's table of all figures has the case; the page makes the same names. */
export const linkTo = (id) => `#case-${encodeURIComponent(id)}`;

/** "create, fork style": cases that are alike. */
export const groupName = (one) => (one.style ? `${one.family}, ${one.style} style` : one.family);

/** Values by key, in the order in which the keys first come. */
export function grouped(values, keyOf) {
  const groups = new Map();
  for (const value of values) {
    const key = keyOf(value);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(value);
  }
  return groups;
}

/** The lines of a tip on a phase of a case: what it is, the estimate, the quantiles, the ratio. */
export function describe(one, phase) {
  const { estimate, ratio } = phase;
  const q = (value) => quantity(value, one.unit);
  return [
    one.id,
    one.title,
    `${phase.title}: ${q(estimate.p5)} (${between(estimate.interval, q)})`,
    ratio && one.floor ? `${times(ratio.value)} (${between(ratio.interval)}) ${one.floor}` : null,
    `median ${q(estimate.p50)}, p90 ${q(estimate.p90)}, p99 ${q(estimate.p99)}, ${estimate.samples} samples`,
    one.tags.length > 0 ? one.tags.join(", ") : null,
  ].filter((line) => line !== null);
}
