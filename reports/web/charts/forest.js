// Every case against its floor, and the times of those that have none.
import { describe, grouped, headOf, linkTo, shortName } from "./data.js";
import { dotRows } from "./dot_rows.js";
import { between, brief, nanoseconds, quantity, times } from "./format.js";

const measured = (cases) => cases.map((one) => ({ one, phase: headOf(one) })).filter(({ phase }) => phase);

function row({ one, phase }, value, interval, figures) {
  const tip = describe(one, phase);
  return { label: shortName(one), href: linkTo(one.id), value, interval, figures, tip, spoken: tip.join(", ") };
}

function byFloor(plot, width, cases) {
  const usable = cases.filter(({ one, phase }) => one.floor && phase.ratio?.value > 0);
  if (usable.length === 0) return false;
  const groups = [...grouped(usable, ({ one }) => `${one.family}\n${one.floor}`).values()].map((members) => ({
    title: members[0].one.family,
    note: `× ${members[0].one.floor}`,
    rows: members
      .sort((a, b) => a.phase.ratio.value - b.phase.ratio.value)
      .map((member) => {
        const { one, phase } = member;
        return row(member, phase.ratio.value, phase.ratio.interval, [
          times(phase.ratio.value),
          between(phase.ratio.interval),
          quantity(phase.estimate.p5, one.unit),
        ]);
      }),
  }));
  dotRows(plot, width, {
    label: "Ratio of every case to its floor, with 95 % intervals, on a logarithmic axis",
    groups,
    log: true,
    columns: ["× floor", "95 %", "time"],
    reference: 1,
    tickFormat: (tick) => `${brief(tick)}×`,
  });
  return true;
}

function byTime(plot, width, cases) {
  const usable = cases.filter(({ one, phase }) => !(one.floor && phase.ratio?.value > 0) && phase.estimate.p5 > 0);
  if (usable.length === 0) return false;
  const ns = ({ one }, value) => nanoseconds(value, one.unit);
  const groups = [...grouped(usable, ({ one }) => one.family).entries()].map(([family, members]) => ({
    title: family,
    rows: members
      .sort((a, b) => ns(a, a.phase.estimate.p5) - ns(b, b.phase.estimate.p5))
      .map((member) => {
        const { one, phase } = member;
        const q = (value) => quantity(value, one.unit);
        return row(
          member,
          ns(member, phase.estimate.p5),
          phase.estimate.interval.map((value) => ns(member, value)),
          [q(phase.estimate.p5), between(phase.estimate.interval, q)],
        );
      }),
  }));
  dotRows(plot, width, {
    label: "Times of the cases that have no floor, with 95 % intervals, on a logarithmic axis",
    groups,
    log: true,
    columns: ["time", "95 %"],
    tickFormat: (tick) => quantity(tick, "ns", brief),
  });
  return true;
}

export const forest = (plot, width, { cases }) => byFloor(plot, width, measured(cases));
export const timeForest = (plot, width, { cases }) => byTime(plot, width, measured(cases));
