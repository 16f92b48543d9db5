import { tierLeverages } from '../records';

/** Width of a fine cell in ln(price). */
export const cellStep = 0.00025;
/** Cells of the grid. */
export const cellCount = 16000;

const tiers = tierLeverages.length;
/** 1 / n for every width in cells that an entry can have: a division costs as much as the rest of an entry. */
const inverse = Float64Array.from({ length: cellCount }, (_, n) => 1 / n);

/**
 * The open positions of one side by liquidation price, tier by tier, in running units (see `TierUnits`).
 *
 * Cells are kept as differences from the cell next to them on the side of price, so that an even deposit is two additions
 * however wide it is: the amount in a cell is the sum of the differences from price to it. Each amount is followed by its
 * moment (amount × opening hour), because both are wanted at the same time and lie in the same line of the processor's
 * cache. Sweeping carries the running sum along.
 */
export class SideCells {
  /** Coins that price passed during the last bar, in all and by tier. */
  forced = 0;
  readonly forcedTiers = new Float64Array(tiers);
  /** All tiers brought to the same unit: what stands for the whole open interest. */
  total = 0;
  /** The total at the start of the bar, and coins per unit then: what the map showed before it. */
  before = 0;
  private scale = 0;
  /** Whether price passed a difference during the last bar: otherwise what was forced is 0 already. */
  private isPassed = false;

  /** What stands, and what of each remembered moment still stands. */
  private readonly stores: Float64Array[] = [new Float64Array(2 * tiers * cellCount)];
  /** Nearest cell to price that may hold a difference, by tier: most sweeps need not look further. */
  private readonly nearest: Int32Array;
  /** Farthest cell from price that may hold one in any tier: the first tier reaches farthest. */
  private end: number;
  private readonly sums = new Float64Array(tiers);

  /**
   * @param direction from price to the side's cells: −1 for longs
   * @param near,far cells from an entry to the ends of a tier's liquidation prices
   */
  constructor(
    private readonly direction: -1 | 1,
    private readonly near: Int32Array,
    private readonly far: Int32Array,
  ) {
    this.nearest = new Int32Array(tiers).fill(direction < 0 ? -1 : cellCount);
    this.end = direction < 0 ? cellCount : -1;
  }

  /** A bar begins: nothing has been forced in it. */
  begin(): void {
    if (!this.isPassed) return;
    this.isPassed = false;
    this.forced = 0;
    for (let t = 0; t < tiers; t++) this.forcedTiers[t] = 0;
  }

  /** Keeps what stands now as the state before the bar. */
  weigh(openInterest: number): void {
    this.before = this.total;
    this.scale = openInterest / this.total;
  }

  /** Remembers what stands. Returns its number. */
  remember(): number {
    const row = this.stores[0]!;
    const copy = new Float64Array(row.length);
    for (let t = 0; t < tiers; t++) {
      const near = this.nearest[t]!;
      if ((this.end - near) * this.direction < 0) continue;
      const low = 2 * (t * cellCount + Math.min(near, this.end));
      const high = 2 * (t * cellCount + Math.max(near, this.end) + 1);
      copy.set(row.subarray(low, high), low);
    }
    return this.stores.push(copy) - 1;
  }

  hasRemembered(number: number): boolean {
    return this.stores[number] !== undefined;
  }

  /**
   * Opens `amount` coins of longs with entries even over the cells `low` … `high`. What would be liquidated at once is not
   * entered: the tier's amount goes to what survives. The two directions are two methods, short enough for the compiler to
   * put both where they are called. `reach` has to be told after.
   *
   * @param units running units of one coin, by tier
   * @param price the cell price is in
   */
  enterBelow(
    low: number,
    high: number,
    amount: number,
    hour: number,
    units: Float64Array,
    price: number,
  ): void {
    const { near, far, sums, nearest } = this;
    const row = this.stores[0]!;
    const below = price - 1;
    for (let t = 0, base = 0; t < tiers; t++, base += 2 * cellCount) {
      const entry = high + near[t]!;
      const top = entry < below ? entry : below;
      const lowest = low + far[t]!;
      const share = amount * units[t]!;
      const each = share * inverse[top - lowest + 1]!;
      const moment = each * hour;
      const first = base + (top << 1);
      const past = base + ((lowest - 1) << 1);
      row[first]! += each;
      row[first + 1]! += moment;
      row[past]! -= each;
      row[past + 1]! -= moment;
      sums[t]! += share;
      if (top > nearest[t]!) nearest[t] = top;
    }
  }

  /** The same of shorts. */
  enterAbove(
    low: number,
    high: number,
    amount: number,
    hour: number,
    units: Float64Array,
    price: number,
  ): void {
    const { near, far, sums, nearest } = this;
    const row = this.stores[0]!;
    const above = price + 1;
    for (let t = 0, base = 0; t < tiers; t++, base += 2 * cellCount) {
      const entry = low + near[t]!;
      const bottom = entry > above ? entry : above;
      const highest = high + far[t]!;
      const share = amount * units[t]!;
      const each = share * inverse[highest - bottom + 1]!;
      const moment = each * hour;
      const start = base + (bottom << 1);
      const after = base + ((highest + 1) << 1);
      row[start]! += each;
      row[start + 1]! += moment;
      row[after]! -= each;
      row[after + 1]! -= moment;
      sums[t]! += share;
      if (bottom < nearest[t]!) nearest[t] = bottom;
    }
  }

  /** Entries have been spread over cells as low as `low` and as high as `high`. Once a path, not once an entry. */
  static reach(long: SideCells, short: SideCells, low: number, high: number): void {
    long.end = Math.min(long.end, low + long.far[0]! - 1);
    short.end = Math.max(short.end, high + short.far[0]! + 1);
  }

  /** Empties every cell from price out to `cell`, that one included. */
  sweep(cell: number, coins: Float64Array): void {
    const { direction, nearest } = this;
    if (direction < 0) {
      if (cell - 1 < this.end) this.end = cell - 1;
      for (let t = 0; t < tiers; t++) if (nearest[t]! >= cell) this.take(t, cell, coins[t]!);
    } else {
      if (cell + 1 > this.end) this.end = cell + 1;
      for (let t = 0; t < tiers; t++) if (nearest[t]! <= cell) this.take(t, cell, coins[t]!);
    }
  }

  /** Empties a tier out to `cell`, in what stands and in what was remembered of it. */
  private take(t: number, cell: number, coins: number): void {
    const { direction, stores, nearest } = this;
    const from = nearest[t]!;
    this.isPassed = true;
    nearest[t] = cell + direction;
    const swept = carry(stores[0]!, t * cellCount, from, cell, direction);
    for (let k = 1; k < stores.length; k++) carry(stores[k]!, t * cellCount, from, cell, direction);
    const passed = swept * coins * this.scale;
    this.sums[t]! -= swept;
    this.forcedTiers[t]! += passed;
    this.forced += passed;
  }

  /** Brings the totals of both sides up to date. */
  static count(long: SideCells, short: SideCells, coins: Float64Array): void {
    const { sums: longSums } = long;
    const { sums: shortSums } = short;
    let longTotal = 0;
    let shortTotal = 0;
    for (let t = 0; t < tiers; t++) {
      longTotal += longSums[t]! * coins[t]!;
      shortTotal += shortSums[t]! * coins[t]!;
    }
    long.total = longTotal;
    short.total = shortTotal;
  }

  /** Adds the sums up anew from the cells: after much was taken, what is left of them is mostly rounding. */
  recount(price: number): void {
    const row = this.stores[0]!;
    const end = this.direction < 0 ? -1 : cellCount;
    for (let t = 0; t < tiers; t++) {
      let amount = 0;
      let sum = 0;
      for (let i = price + this.direction; i !== end; i += this.direction) {
        amount += row[2 * (t * cellCount + i)]!;
        if (amount > 0) sum += amount;
      }
      this.sums[t] = sum;
    }
  }

  clear(): void {
    for (const store of this.stores) store.fill(0);
    this.sums.fill(0);
  }

  /** Divides a tier by a number, so that its unit may begin anew. */
  rescale(t: number, by: number): void {
    for (const store of this.stores)
      for (let k = 2 * t * cellCount; k < 2 * (t + 1) * cellCount; k++) store[k]! /= by;
    this.sums[t]! /= by;
  }

  /** Moves every cell down by `shift`. Amounts end where the grid ends: the difference that closes them may have gone. */
  slide(shift: number): void {
    this.end = this.direction < 0 ? 0 : cellCount - 1;
    const last = 2 * this.end;
    for (const store of this.stores)
      for (let t = 0; t < tiers; t++)
        slideTier(store.subarray(2 * t * cellCount, 2 * (t + 1) * cellCount), 2 * shift, last);
    for (let t = 0; t < tiers; t++) {
      const moved = this.nearest[t]! - shift;
      this.nearest[t] = this.direction < 0 ? Math.max(-1, moved) : Math.min(cellCount, moved);
    }
  }

  /** Coins that stand in each tier; they sum to `openInterest`. */
  tierAmounts(openInterest: number, coins: Float64Array): Float64Array {
    return this.sums.map((sum, t) => (this.total > 0 ? (sum * coins[t]! * openInterest) / this.total : 0));
  }

  /**
   * Coins and moments of the cells `from` … `to` (exclusive), tier-major, into columns that hold 0.
   *
   * @param remembered number of a moment: only what was opened since counts
   */
  read(
    { amounts, moments }: { amounts: Float64Array; moments: Float64Array },
    { from, to, price }: { from: number; to: number; price: number },
    openInterest: number,
    units: Float64Array,
    remembered?: number,
  ): void {
    const { total, direction } = this;
    if (!(total > 0)) return;
    const row = this.stores[0]!;
    const older = remembered === undefined ? undefined : this.stores[remembered];
    const coins = openInterest / total;
    // Differences carry rounding of about 1e-17 of the total; what is below this was never opened.
    const nothing = total * 1e-15;
    const end = direction < 0 ? from - 1 : to;
    for (let t = 0; t < tiers; t++) {
      const base = t * cellCount;
      const into = t * (to - from) - from;
      const unit = units[t]!;
      let amount = 0;
      let moment = 0;
      for (let i = price + direction; i !== end && i >= 0 && i < cellCount; i += direction) {
        const k = 2 * (base + i);
        amount += row[k]!;
        moment += row[k + 1]!;
        if (older) {
          amount -= older[k]!;
          moment -= older[k + 1]!;
        }
        const standing = amount * unit;
        if (standing < nothing || i < from || i >= to) continue;
        amounts[into + i] = standing * coins;
        moments[into + i] = Math.max(0, moment * unit) * coins;
      }
    }
  }
}

/**
 * Empties a tier from cell `from` out to `to`, and leaves what closes the emptied run behind it; returns what was there. The
 * two directions are two loops, which run faster than one with a step.
 */
function carry(row: Float64Array, base: number, from: number, to: number, direction: -1 | 1): number {
  return direction < 0 ? carryDown(row, base, from, to) : carryUp(row, base, from, to);
}

function carryDown(row: Float64Array, base: number, top: number, bottom: number): number {
  let amount = 0;
  let moment = 0;
  let swept = 0;
  const end = 2 * (base + bottom);
  for (let k = 2 * (base + top); k >= end; k -= 2) {
    amount += row[k]!;
    moment += row[k + 1]!;
    swept += amount;
    row[k] = 0;
    row[k + 1] = 0;
  }
  row[end - 2]! += amount;
  row[end - 1]! += moment;
  return swept;
}

function carryUp(row: Float64Array, base: number, bottom: number, top: number): number {
  let amount = 0;
  let moment = 0;
  let swept = 0;
  const end = 2 * (base + top);
  for (let k = 2 * (base + bottom); k <= end; k += 2) {
    amount += row[k]!;
    moment += row[k + 1]!;
    swept += amount;
    row[k] = 0;
    row[k + 1] = 0;
  }
  row[end + 2]! += amount;
  row[end + 3]! += moment;
  return swept;
}

function slideTier(tier: Float64Array, shift: number, last: number): void {
  if (Math.abs(shift) >= tier.length) tier.fill(0);
  else if (shift > 0) {
    tier.copyWithin(0, shift);
    tier.fill(0, tier.length - shift);
  } else {
    tier.copyWithin(-shift, 0);
    tier.fill(0, 0, -shift);
  }
  let amount = 0;
  let moment = 0;
  for (let k = 0; k < tier.length; k += 2) {
    amount += tier[k]!;
    moment += tier[k + 1]!;
  }
  tier[last]! -= amount;
  tier[last + 1]! -= moment;
}
