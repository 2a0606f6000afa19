// How the 256 sets lie in a square of 16 by 16: four types by rows and four by columns, in Gray code, so that
// neighbours (and opposite edges) differ by one type. The square is the lattice of subsets, unrolled.

const GRAY = Array.from({ length: 16 }, (_, index) => index ^ (index >> 1));

/** The types with the largest effects change least often, and take turns between columns and rows. */
export function latticeOrder(effects) {
  const types = Object.keys(effects).sort((a, b) => Math.abs(effects[b]) - Math.abs(effects[a]));
  const side = (offset) => {
    const four = types.filter((_, index) => index % 2 === offset);
    const places = GRAY.map((code) => four.filter((_, bit) => code & (8 >> bit)));
    return { types: four, places, has: (place, type) => places[place].includes(type) };
  };
  return { columns: side(0), rows: side(1) };
}

/** Runs of neighbouring places that have the type: [first, last] each. */
export function runsOf(side, type) {
  const runs = [];
  for (let place = 0; place < side.places.length; ++place) {
    if (!side.has(place, type)) continue;
    if (place > 0 && side.has(place - 1, type)) runs[runs.length - 1][1] = place;
    else runs.push([place, place]);
  }
  return runs;
}

export const keyOf = (types) => [...types].sort().join("+");
