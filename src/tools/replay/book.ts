import { crc32 } from 'node:zlib';
import type { ReplayMarket } from './market';
import { seededSize } from './random';
import { rounded } from './walk';

/**
 * Derived order books. Each price level has a size of its own that depends on the level's price alone; near the touch it
 * changes every two seconds. The best bid is the last price, the best ask one tick above it.
 */

export type BookLevel = [price: number, base: number];

export interface BookSnapshot {
  bids: BookLevel[];
  asks: BookLevel[];
  /** Counts tenths of seconds of replay time: two books with the same id are the same. */
  id: number;
}

const stepMs = 100;
/** Levels on either side of the touch whose size moves. */
const lively = 50;

export function bookId(now: number): number {
  return Math.floor(now / stepMs);
}

/** Levels of a side that reach so far in price from the touch at `price`. */
export function levelsWithin(market: ReplayMarket, price: number, reach: number): number {
  return Math.ceil(reach / (spacing(Math.round(price / market.tick)) * market.tick));
}

/** Ticks between two levels: wide enough that 1,000 levels reach about 5 % away. */
function spacing(ticks: number): number {
  return Math.max(1, Math.round((ticks * 0.05) / 1000));
}

function levelAt(
  market: ReplayMarket,
  tickIndex: number,
  step: number,
  away: number,
  typical: number,
  time: number,
): BookLevel {
  const price = rounded(tickIndex * market.tick, market.priceDecimals);
  // a twentieth of the levels changes with every tenth of a second
  const phase = Math.floor((time + (Math.floor(tickIndex / step) % 20) * 100) / 2000);
  const size = seededSize(market.coin, market.profile.id, 'level', tickIndex, away < lively ? phase : 0);
  // a bar's volume rests within some hundred levels
  const base = market.coins((typical / 60) * size);
  return [price, Math.max(base, market.step)];
}

/** The book at `now`, best first, up to `depth` levels a side. */
export function bookAt(market: ReplayMarket, now: number, depth: number): BookSnapshot {
  const id = bookId(now);
  const time = id * stepMs;
  const touch = Math.round(market.price(time) / market.tick);
  const step = spacing(touch);
  // coarser than the recorded minute: sizes change with the levels, not with every bar
  const typical = market.typicalVolume(Math.floor(time / 3_600_000) * 3_600_000);
  const bids: BookLevel[] = [];
  const asks: BookLevel[] = [];
  const firstBid = Math.floor(touch / step);
  const levels = (side: BookLevel[], indexOf: (away: number) => number) => {
    for (let away = 0; away < depth; away++) {
      const index = indexOf(away);
      if (index <= 0) break;
      side.push(levelAt(market, index, step, away, typical, time));
    }
  };
  levels(bids, (away) =>
    away === 0 ? touch : firstBid * step < touch ? (firstBid - away + 1) * step : (firstBid - away) * step,
  );
  levels(asks, (away) => (away === 0 ? touch + 1 : (Math.floor((touch + 1) / step) + away) * step));
  return { bids, asks, id };
}

/** What changed between two books, a size of 0 for levels that are gone. */
export function bookChanges(
  before: BookSnapshot,
  after: BookSnapshot,
): { bids: BookLevel[]; asks: BookLevel[] } {
  const changes = (old: BookLevel[], now: BookLevel[]): BookLevel[] => {
    const known = new Map(old);
    const changed: BookLevel[] = [];
    for (const [price, base] of now) {
      if (known.get(price) !== base) changed.push([price, base]);
      known.delete(price);
    }
    for (const price of known.keys()) changed.push([price, 0]);
    return changed;
  };
  return { bids: changes(before.bids, after.bids), asks: changes(before.asks, after.asks) };
}

/**
 * The check sum that OKX and Bitget send with a book: CRC-32, as a signed number, of the best 25 levels of both sides in
 * turn, `bid:size:ask:size:…`, in the venue's own spelling of the numbers.
 */
export function bookChecksum(bids: string[][], asks: string[][]): number {
  const parts: string[] = [];
  for (let i = 0; i < 25; i++) {
    for (const level of [bids[i], asks[i]]) if (level) parts.push(level[0]!, level[1]!);
  }
  return crc32(parts.join(':')) | 0;
}

/** The first `most` levels when they are merged to multiples of `step`, in the order they come. */
export function merged(
  side: readonly BookLevel[],
  step: number,
  round: (multiples: number) => number,
  most: number,
): BookLevel[] {
  const levels = new Map<number, number>();
  for (const [price, base] of side) {
    const at = round(price / step);
    if (!levels.has(at) && levels.size === most) break;
    levels.set(at, (levels.get(at) ?? 0) + base);
  }
  return [...levels].map(([at, base]) => [Number((at * step).toPrecision(12)), base]);
}
