import { isAmount, need } from '../need';
import { type Cells, Inventory } from '../positions/inventory';
import type { InventoryOptions } from '../positions/inventory-options';
import { type BarColumns, tierLeverages } from '../records';
import { hourMs } from '../time';
import { typicalHours } from './typical-prior';

const tiers = tierLeverages.length;

/** A profile reaches this many cells of the inventory from price, ±35 %; what lies beyond is one number a tier. */
export const profileReach = 1400;
/** Values of a tier: cells at distance 1 … `profileReach`, then what lies beyond. */
export const profileRow = profileReach + 1;

/** The map of a symbol on one venue as it usually is: plain values, to be stored and copied. */
export interface Profile {
  /** Hourly maps it is the mean of; 0 for the shipped prior. */
  hours: number;
  /** Moment of the newest of them, ms; 0 where there is none. */
  time: number;
  /**
   * Mean share of one-sided open interest by tier and distance from price, both sides averaged: tier t at distance of j
   * cells (j ≥ 1) is at t · `profileRow` + j − 1, what lies beyond at the row's end. Sums to 1.
   */
  shares: Float32Array;
}

/** Below this many hourly maps a profile is young: where it differs from the map, the profile may be what is wrong. */
const enoughHours = 50;

/** Hours after which an old hourly map has given way to newer ones: 30 days. */
const memoryHours = 720;
/** Hourly maps that the shipped prior counts for against those of the market itself. */
const priorHours = 12;
/** A reservoir that was just filled says nothing of what is typical: as many hours of it are passed over. */
const fillHours = 24;

const priors = new Map<string, Profile>();

/**
 * Where a market's own typical map is not known yet: that of a market like others under the same margin terms, `hours` 0.
 *
 * @param model the venue's margin terms
 */
export function priorProfile(model: InventoryOptions = {}): Profile {
  const terms = `${model.maxLeverage} ${model.maintenanceRate}`;
  const known = priors.get(terms);
  if (known) return known;
  const learner = new ProfileLearner({ hours: 0, time: 0, shares: new Float32Array(tiers * profileRow) });
  for (const inventory of typicalHours(model)) learner.add(inventory);
  const { shares } = learner.profile();
  // Counted on top of nothing, the shares do not sum to 1 yet.
  const sum = shares.reduce((total, share) => total + share, 0);
  const prior = { hours: 0, time: 0, shares: shares.map((share) => share / sum) };
  priors.set(terms, prior);
  return prior;
}

/** Whether the market's own maps are too few for its profile to be trusted. */
export function isYoung(profile: Profile): boolean {
  return profile.hours < enoughHours;
}

/**
 * A profile of stored values, or undefined for values that are none: of another length, not finite, negative, not summing
 * to 1, or of a time to come.
 *
 * @param now ms
 */
export function restoreProfile(stored: unknown, now: number): Profile | undefined {
  const { hours, time, shares } = (stored ?? {}) as Partial<Profile>;
  if (!(Number.isInteger(hours) && hours! >= 0 && isAmount(time!) && time! <= now)) return undefined;
  if (!(shares instanceof Float32Array && shares.length === tiers * profileRow)) return undefined;
  let sum = 0;
  for (const share of shares) {
    if (!(share >= 0 && share <= 1)) return undefined;
    sum += share;
  }
  return Math.abs(sum - 1) < 1e-3 ? { hours: hours!, time: time!, shares: shares.slice() } : undefined;
}

/** Takes in hourly maps one by one. */
export class ProfileLearner {
  private readonly shares: Float64Array;
  private readonly cells: Cells;
  private hours: number;
  private time: number;
  /** The moment to count next. */
  private next = Number.NaN;

  /** @param from what was known before, or the prior */
  constructor(from: Profile) {
    need(from.shares.length === tiers * profileRow, 'ProfileLearner', 'a profile of its own length');
    this.shares = Float64Array.from(from.shares);
    this.hours = from.hours;
    this.time = from.time;
    const length = tiers * (2 * profileReach + 1);
    const column = () => new Float64Array(length);
    this.cells = { long: column(), short: column(), longOpened: column(), shortOpened: column() };
  }

  /**
   * Counts the map as it stands after a bar, once a whole hour: the first day, which only fills the reservoir, and times up
   * to the profile's own are passed over.
   */
  observe(inventory: Inventory): void {
    const { time, epoch } = inventory;
    if (Number.isNaN(this.next)) this.next = Math.max(epoch + fillHours * hourMs, this.time + hourMs);
    if (time < this.next) return;
    this.next = (Math.floor(time / hourMs) + 1) * hourMs;
    this.add(inventory);
  }

  /** Counts the map as it stands. Without effect where nothing is open. */
  add(inventory: Inventory): void {
    const { openInterest, priceCell, time } = inventory;
    if (!(openInterest > 0)) return;
    const from = Math.max(0, priceCell - profileReach);
    const to = Math.min(inventory.count, priceCell + profileReach + 1);
    if (to - from !== 2 * profileReach + 1) return;
    const { long, short } = inventory.read(undefined, from, to, this.cells);
    const amounts = inventory.tierAmounts();
    this.hours++;
    this.time = time;
    const weight = 1 / (Math.min(this.hours, memoryHours) + (this.hours < memoryHours ? priorHours : 0));
    const count = to - from;
    for (let t = 0; t < tiers; t++) {
      const middle = t * count + profileReach;
      const row = t * profileRow - 1;
      let near = 0;
      for (let j = 1; j <= profileReach; j++) {
        const share = (long[middle - j]! + short[middle + j]!) / (2 * openInterest);
        near += share;
        this.shares[row + j]! += (share - this.shares[row + j]!) * weight;
      }
      const beyond = Math.max(0, (amounts[t]! + amounts[tiers + t]!) / (2 * openInterest) - near);
      const last = row + profileRow;
      this.shares[last]! += (beyond - this.shares[last]!) * weight;
    }
  }

  /** What is known now, as values of its own. */
  profile(): Profile {
    return { hours: this.hours, time: this.time, shares: Float32Array.from(this.shares) };
  }
}

/**
 * The typical map of one venue, from all its bars: the mean of the maps at whole hours, the first day left out, on top of
 * what is known already. Maps up to the time of `kept` are not counted again, so that a profile reaches back farther than
 * the bars that are still there.
 *
 * @param bars ascending in time
 * @param model the venue's margin terms
 * @param kept an earlier profile of the same market
 * @returns a new profile; the prior while the bars do not reach beyond a day
 * @throws RangeError for bad bars (see Inventory)
 */
export function learnProfile(bars: BarColumns, model: InventoryOptions = {}, kept?: Profile): Profile {
  const learner = new ProfileLearner(kept ?? priorProfile(model));
  if (bars.length === 0) return learner.profile();
  const inventory = new Inventory(model);
  for (let i = 0; i < bars.length; i++) {
    inventory.addBar(bars, i);
    learner.observe(inventory);
  }
  return learner.profile();
}

/** Coins that typically stand at each distance of 1 … `profileReach` cells from price, all tiers, per coin of open interest. */
export function typicalShares({ shares }: Profile): Float64Array {
  const sums = new Float64Array(profileReach);
  for (let t = 0; t < tiers; t++) {
    for (let j = 0; j < profileReach; j++) sums[j]! += shares[t * profileRow + j]!;
  }
  return sums;
}
