/** Where each of a row of cells lies among even bands: `part` of cell i is in `band`, the rest in the next one. */
export interface Placement {
  band: Int32Array;
  part: Float64Array;
}

/**
 * Places cells of a row among the bands of a map. A cell is at most as wide as a band, so it straddles two at most.
 *
 * @param edges where the cells begin and, last, where the last one ends, in ln(price), ascending: one more than cells
 * @param map lower edge of its first band in ln(price), and the width of a band
 */
export function place(edges: Float64Array, map: { lnLow: number; step: number }): Placement {
  const count = edges.length - 1;
  const band = new Int32Array(count);
  const part = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const start = (edges[i]! - map.lnLow) / map.step;
    const width = (edges[i + 1]! - edges[i]!) / map.step;
    band[i] = Math.floor(start);
    part[i] = width > 0 ? Math.min(1, (band[i]! + 1 - start) / width) : 1;
  }
  return { band, part };
}

/**
 * Adds the cells' amounts, each times `factor`, to the bands. What lies beyond the bands is left out; a cell that
 * straddles two is split in proportion.
 *
 * @param cells a row of them starts at `at`
 * @param bands a row of `count` starts at `into`
 */
export function pour(
  { band, part }: Placement,
  cells: Float64Array,
  at: number,
  factor: number,
  bands: Float64Array,
  into: number,
  count: number,
): void {
  for (let i = 0; i < band.length; i++) {
    const amount = cells[at + i]! * factor;
    if (amount === 0) continue;
    const k = band[i]!;
    const here = part[i]!;
    if (k >= 0 && k < count) bands[into + k]! += amount * here;
    if (here < 1 && k + 1 >= 0 && k + 1 < count) bands[into + k + 1]! += amount * (1 - here);
  }
}
