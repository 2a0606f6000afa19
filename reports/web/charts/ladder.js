// The ladder of runtimes: from a container made by hand upwards, each a multiple of it.
import { describe, headOf, linkTo } from "./data.js";
import { dotRows } from "./dot_rows.js";
import { brief, nanoseconds, quantity, times } from "./format.js";

export function ladder(plot, width, { cases, all }) {
  const runtimes = cases.filter((one) => one.family === "runtime" && headOf(one));
  const floor = all.find((one) => one.id === runtimes[0]?.floor && headOf(one));
  if (runtimes.length === 0 || !floor) return false;
  const ns = (one) => nanoseconds(headOf(one).estimate.p5, one.unit);
  const rows = [floor, ...runtimes]
    .sort((a, b) => ns(a) - ns(b))
    .map((one) => {
      const phase = headOf(one);
      const own = one === floor;
      const ratio = own ? 1 : (phase.ratio?.value ?? ns(one) / ns(floor));
      const tip = describe(one, phase);
      return {
        label: own ? one.id : one.id.slice("runtime/".length),
        href: linkTo(one.id),
        value: ratio,
        interval: own ? [1, 1] : phase.ratio?.interval,
        figures: [times(ratio), quantity(phase.estimate.p5, one.unit)],
        spoken: tip.join(", "),
        tip,
      };
    });
  dotRows(plot, width, {
    label: `Runtimes as multiples of ${floor.id}, on a logarithmic axis`,
    groups: [{ rows }],
    log: true,
    columns: [`× ${floor.id}`, "time"],
    reference: 1,
    tickFormat: (tick) => `${brief(tick)}×`,
  });
  return true;
}
