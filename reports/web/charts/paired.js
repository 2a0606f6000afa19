// A comparison: what changed from A to B, with the differences of the pairs of processes that ran side by side.
import { linkTo } from "./data.js";
import { dotRows } from "./dot_rows.js";
import { between, briefPercent, percent } from "./format.js";

const GATE = { none: "", pass: "pass", warn: "warn", fail: "FAIL" };

export function paired(plot, width, { comparison, wanted }) {
  const rows = (comparison?.rows ?? []).filter((row) => wanted(row.id) && row.n_a > 0 && row.n_b > 0);
  if (rows.length === 0) return false;
  const gated = rows.some((row) => row.gate !== "none");
  dotRows(plot, width, {
    label: `Change from ${comparison.a} to ${comparison.b} in percent, with 95 % intervals`,
    groups: [
      {
        rows: [...rows]
          .sort((a, b) => b.effect_percent - a.effect_percent)
          .map((row) => {
            const tip = [
              `${row.id}: ${row.text}`,
              row.basis,
              `${percent(row.effect_percent)} (${between(row.interval_percent, percent)})`,
              `p ${row.p < 0.001 ? "below 0.001" : row.p.toFixed(3)}, ${row.n_a} and ${row.n_b} processes`,
            ];
            return {
              label: row.id,
              href: linkTo(row.id),
              value: row.effect_percent,
              interval: row.interval_percent,
              ticks: row.differences_percent,
              shape: row.word,
              tip,
              spoken: tip.join(", "),
              figures: [row.word, percent(row.effect_percent), ...(gated ? [GATE[row.gate] ?? ""] : [])],
            };
          }),
      },
    ],
    columns: ["verdict", "change", ...(gated ? ["gate"] : [])],
    log: false,
    reference: 0,
    band: comparison.minimum_effect_percent,
    tickFormat: briefPercent,
    narrowColumns: 2,
  });
  return true;
}
