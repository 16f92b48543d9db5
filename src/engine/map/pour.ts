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

/**
 * The same for amounts and their ages at once, the amounts into two: one look at where a cell lies does for all.
 *
 * @param bands a row of `count` of `tiers` starts at `into`; `own` and `ages` are one row
 */
export function pourAged(
  { band, part }: Placement,
  cells: { amounts: Float64Array; ages: Float64Array },
  at: number,
  factor: number,
  bands: { tiers: Float64Array; own: Float64Array; ages: Float64Array },
  into: number,
  count: number,
): void {
  const { amounts, ages: cellAges } = cells;
  const { tiers, own, ages } = bands;
  for (let i = 0; i < band.length; i++) {
    const amount = amounts[at + i]! * factor;
    if (amount === 0) continue;
    const age = cellAges[at + i]! * factor;
    const k = band[i]!;
    const here = part[i]!;
    if (k >= 0 && k < count) {
      const usd = amount * here;
      tiers[into + k]! += usd;
      own[k]! += usd;
      ages[k]! += age * here;
    }
    if (here < 1 && k + 1 >= 0 && k + 1 < count) {
      const usd = amount * (1 - here);
      tiers[into + k + 1]! += usd;
      own[k + 1]! += usd;
      ages[k + 1]! += age * (1 - here);
    }
  }
}
