// Where the time of a creation goes: until clone3 returns, until the child's first instruction, from there until it is
// reaped, and until the kernel has destroyed the namespace. The first two run at the same time on different CPUs and
// the last is a thousand times longer, so the phases stand beside each other and are not stacked.
import { groupName, grouped, linkTo, shortName } from "./data.js";
import { bars } from "./bars.js";
import { html } from "./dom.js";
import { nanoseconds, quantity } from "./format.js";

const PHASES = ["return", "first_instruction", "exit"];

const phaseOf = (one, name) => one.phases.find((phase) => phase.name === name);
const isCreation = (one) => PHASES.filter((name) => phaseOf(one, name)).length > 1;

function cellOf(one, name) {
  const phase = one && phaseOf(one, name);
  return phase
    ? { value: nanoseconds(phase.estimate.p5, one.unit), text: quantity(phase.estimate.p5, one.unit) }
    : null;
}

// The columns of a group: the phases that it has, in the words of its own cases, and destruction if that is known.
function columnsOf(members, destroyed) {
  const columns = PHASES.flatMap((name) => {
    const has = members.find((one) => phaseOf(one, name));
    return has ? [{ title: phaseOf(has, name).title, cell: (one) => cellOf(one, name) }] : [];
  });
  if (members.some((one) => destroyed.has(one.set)))
    columns.push({ title: "until it is destroyed", cell: (one) => cellOf(destroyed.get(one.set), "destroyed") });
  return columns;
}

function drawGroup(plot, width, name, members, destroyed) {
  const part = html("div", { class: "part" }, html("h3", {}, name));
  plot.append(part);
  const columns = columnsOf(members, destroyed);
  bars(part, width, {
    label: `Phases of ${name}, one row a case, one column a phase`,
    columns: columns.map(({ title }) => title),
    rows: members.map((one) => {
      const cells = columns.map(({ cell }) => cell(one));
      const words = columns.map(({ title }, index) => `${title}: ${cells[index]?.text ?? "not measured"}`);
      return {
        label: shortName(one).replace(`@${one.style}`, ""),
        href: linkTo(one.id),
        cells,
        spoken: [one.id, ...words].join(", "),
        tip: [one.id, ...words],
      };
    }),
  });
}

export function phases(plot, width, { cases, all }) {
  const creations = cases.filter(isCreation);
  if (creations.length === 0) return false;
  const destroyed = new Map(all.filter((one) => one.set && phaseOf(one, "destroyed")).map((one) => [one.set, one]));
  for (const [name, members] of grouped(creations, groupName)) drawGroup(plot, width, name, members, destroyed);
  return true;
}
