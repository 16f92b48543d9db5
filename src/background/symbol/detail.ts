import { sliceBars } from '../../engine/bar-columns';
import type { Depth } from '../../engine/flow/depth';
import { asymmetry } from '../../engine/map/asymmetry';
import { swingZones } from '../../engine/map/levels';
import type { BandMap, BarColumns } from '../../engine/records';
import { averageTrueRange } from '../../engine/regime/atr';
import { fundingRange } from '../../engine/regime/funding';
import { fuelRatio } from '../../engine/risk/fuel';
import { type Edge, measureOvershoots, overshootP80 } from '../../engine/risk/overshoot';
import { findTurningPrices } from '../../engine/risk/support-resistance';
import { dayMs, hourMs, isWithin } from '../../engine/time';
import { type Candles, type Detail, depthView, type Forced, type Leaning } from '../../protocol/detail';
import type { ForcedOrderRow, Store, StoredMap } from '../storage/store';
import type { Listing } from '../venue/listing';
import { reachesOf } from './books';

/** A market from inside: what is known beyond its map. */
export interface Inside {
  /** The venue that stands for the market, and its bars. */
  reference: Listing;
  bars: BarColumns;
  /** All that can be counted now. */
  listings: readonly Listing[];
  /** Joined books at the reference's mark. */
  depth: Depth | undefined;
}

/** Turning points are looked for this far back, in bars of five minutes. */
const turnSlots = 7 * 288;
const historyMs = 30 * dayMs;
const mostHours = 720;
const forcedHours = [1, 4, 24];
const mostOrders = 60;
/** Forced orders are read anew this often, stored maps as seldom as there may be a new one. */
const forcedMs = 15_000;
const mapsMs = 600_000;

/** How stored maps leaned, and how far price ran past their clusters. */
interface Past {
  leaning: Leaning[];
  overshoots: number[];
}

/** Builds what own pages are told of a market. */
export class Details {
  private readonly forced = new Map<string, { at: number; value: Forced }>();
  private readonly past = new Map<string, { at: number; value: Past }>();

  constructor(
    private readonly store: Store,
    private readonly now: () => number,
  ) {}

  /** @param stepMs a whole multiple of the length of the market's bars, `count` of them at most */
  async of(symbol: string, inside: Inside, stepMs: number, count: number): Promise<Detail> {
    const { reference, bars, listings, depth } = inside;
    const [forced, past] = await Promise.all([this.forcedNow(symbol), this.pastOf(symbol, inside)]);
    return {
      symbol,
      venue: reference.venue.id,
      candles: joinedCandles(bars, stepMs, count),
      atr1h: averageTrueRange(last(bars, 2 * 288), { intervalMs: hourMs }),
      overshoot: overshootP80(past.overshoots),
      overshootRuns: past.overshoots.length,
      turns: bars.length > 0 ? findTurningPrices(last(bars, turnSlots)) : [],
      depth: depth ? depthView(depth, reachesOf(listings)) : null,
      funding: {
        running: reference.runningFunding(),
        settled: [...reference.funding.settled],
        usual: fundingRange(reference.funding.settled, this.now()),
      },
      venues: listings.map((listing) => ({
        venue: listing.venue.id,
        name: listing.venue.name,
        mark: listing.mark!.mark,
        openInterestUsd: listing.openInterest!.base * listing.mark!.mark,
        tickSize: (listing.instrument?.tickSize ?? 0) / (listing.instrument?.multiplier ?? 1),
        contractSize: listing.instrument?.contractSize ?? 1,
        tiers: listing.marginSteps().map((tier) => ({
          ...tier,
          cap: Number.isFinite(tier.cap) ? tier.cap : null,
        })),
      })),
      forced,
      leaning: past.leaning,
    };
  }

  private forcedNow(symbol: string): Promise<Forced> {
    return this.kept(this.forced, symbol, forcedMs, async (now) =>
      forcedOf(await this.store.forcedOrders(symbol, now - dayMs), now),
    );
  }

  private pastOf(symbol: string, { bars, listings }: Inside): Promise<Past> {
    return this.kept(this.past, symbol, mapsMs, async (now) => {
      const snapshots = await this.store.snapshots(symbol, now - historyMs);
      const openInterestUsd = listings.reduce(
        (sum, { openInterest, mark }) => sum + openInterest!.base * mark!.mark,
        0,
      );
      return {
        leaning: snapshots.slice(-mostHours).map((snapshot) => leaningOf(snapshot, openInterestUsd)),
        overshoots: measureOvershoots(last(bars, turnSlots), edgesOf(bars, snapshots, now - 7 * dayMs)),
      };
    });
  }

  private async kept<T>(
    known: Map<string, { at: number; value: T }>,
    symbol: string,
    forMs: number,
    read: (now: number) => Promise<T>,
  ): Promise<T> {
    const now = this.now();
    const before = known.get(symbol);
    if (before && isWithin(forMs, before.at, now)) return before.value;
    const value = await read(now);
    known.set(symbol, { at: now, value });
    return value;
  }
}

function leaningOf(snapshot: StoredMap, openInterestUsd: number): Leaning {
  const map = mapOf(snapshot);
  const fuel = (side: 'long' | 'short') =>
    fuelRatio(map, { side, entry: snapshot.price, openInterestUsd }).ratio;
  return {
    time: snapshot.time,
    price: snapshot.price,
    ratio: asymmetry(map, 0.05).ratio,
    fuelLong: fuel('long'),
    fuelShort: fuel('short'),
  };
}

/** A stored map as the engine reads it; ages and tiers are not kept. */
function mapOf({ time, price, lnLow, step, long, short }: StoredMap): BandMap {
  const count = long.length;
  return {
    time,
    price,
    lnLow,
    step,
    count,
    long: Float64Array.from(long),
    short: Float64Array.from(short),
    longAge: new Float64Array(count),
    shortAge: new Float64Array(count),
    longTiers: new Float64Array(5 * count),
    shortTiers: new Float64Array(5 * count),
  };
}

/** Far edges of the unpassed swings that stood near price, at one moment in four hours: neighbours tell the same. */
function edgesOf(bars: BarColumns, snapshots: readonly StoredMap[], from: number): Edge[] {
  return snapshots
    .filter(({ time }) => time >= from && Math.floor(time / hourMs) % 4 === 0)
    .flatMap(({ time, price }) =>
      swingZones(until(bars, time), price).map(({ side, low, high }) => ({
        side,
        price: side === 'long' ? low : high,
        time,
      })),
    );
}

/** The bars that had opened before a moment. */
function until(bars: BarColumns, time: number): BarColumns {
  let length = bars.length;
  while (length > 0 && bars.time[length - 1]! >= time) length--;
  return sliceBars(bars, 0, length);
}

const last = (bars: BarColumns, count: number): BarColumns => sliceBars(bars, bars.length - count);

/** The newest bars joined to longer ones; the last one may not be whole yet. */
export function joinedCandles(bars: BarColumns, stepMs: number, count: number): Candles {
  const end = bars.length > 0 ? Math.floor(bars.time[bars.length - 1]! / stepMs) * stepMs : 0;
  const from = end - (count - 1) * stepMs;
  const candles: Candles = { stepMs, time: [], open: [], high: [], low: [], close: [], volume: [] };
  for (let i = 0; i < bars.length; i++) {
    const time = Math.floor(bars.time[i]! / stepMs) * stepMs;
    if (time < from) continue;
    const at = candles.time.length - 1;
    if (candles.time[at] === time) {
      candles.high[at] = Math.max(candles.high[at]!, bars.high[i]!);
      candles.low[at] = Math.min(candles.low[at]!, bars.low[i]!);
      candles.close[at] = bars.close[i]!;
      candles.volume[at]! += bars.volume[i]!;
    } else {
      candles.time.push(time);
      candles.open.push(bars.open[i]!);
      candles.high.push(bars.high[i]!);
      candles.low.push(bars.low[i]!);
      candles.close.push(bars.close[i]!);
      candles.volume.push(bars.volume[i]!);
    }
  }
  return candles;
}

/** @param orders of the last day, ascending in time */
export function forcedOf(orders: readonly ForcedOrderRow[], now: number): Forced {
  const usd = (order: ForcedOrderRow) => order.base * order.price;
  const venues = [...new Set(orders.map(({ venue }) => venue))];
  return {
    orders: orders
      .slice(-mostOrders)
      .reverse()
      .map((order) => ({
        time: order.time,
        side: order.side,
        venue: order.venue,
        price: order.price,
        usd: usd(order),
      })),
    totals: forcedHours.flatMap((hours) => {
      const within = orders.filter(({ time }) => time > now - hours * hourMs);
      return [null, ...venues].map((venue) => {
        const sum = { hours, venue, long: 0, short: 0 };
        for (const order of within)
          if (venue === null || order.venue === venue) sum[order.side] += usd(order);
        return sum;
      });
    }),
    since: orders[0]?.time ?? null,
  };
}
