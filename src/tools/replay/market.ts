import type { Side } from '../../engine/records';
import type { Bucket } from './buckets';
import { seeded, seededSize, seedOf } from './random';
import type { RecordedBar, Recording } from './recording';
import { rounded, walkBar } from './walk';

/**
 * One coin on one venue: the recorded bars moved to the replay's time, and everything a venue publishes that the
 * recording does not hold, derived by the rules in README.md. All times are replay times in ms; a question about `now`
 * is answered from what has happened up to `now` and nothing later.
 */

/** How a venue's copy of the recorded Binance market differs from it. For Binance itself every factor is 1. */
export interface VenueProfile {
  id: string;
  /** Price relative to the recording. */
  price: number;
  /** Prices have no more digits than this, where the venue says so. */
  significantDigits?: number;
  /** How it lists what Binance lists by the thousand (1000PEPE): by the coin (PEPE) or as kPEPE. Absent: as Binance. */
  thousands?: 'coins' | 'k';
  /** Volume and one-sided open interest relative to the recording. */
  volume: number;
  openInterest: number;
  /** Forced orders published, relative to Binance's sampled feed, per coin of open interest. */
  forced: number;
  fundingIntervalMs: number;
}

export interface ReplayCandle {
  time: number;
  /** Opening time of the next candle. */
  end: number;
  open: number;
  high: number;
  low: number;
  close: number;
  /** Coins, and the same in USD. */
  volume: number;
  quote: number;
  takerBuy: number;
  takerBuyQuote: number;
  trades: number;
  closed: boolean;
}

export interface MarketTrade {
  id: number;
  time: number;
  price: number;
  base: number;
  taker: 'buy' | 'sell';
}

export interface MarketForcedOrder {
  time: number;
  /** Who is liquidated. */
  side: Side;
  base: number;
  /** Fill price: the market's price at that moment. */
  price: number;
  /** Price at which the position's margin is gone: 0.4 % beyond the fill. */
  bankruptcy: number;
}

export interface Day {
  open: number;
  high: number;
  low: number;
  last: number;
  volume: number;
  quote: number;
  trades: number;
}

const barMs = 300_000;
const seconds = 300;
const eightHours = 8 * 3_600_000;
const takers = ['buy', 'sell'] as const;
type Taker = (typeof takers)[number];
/** Of the prints of a recorded second this share comes within 10 ms of the one before (OKX BTC-USDT, May 2022). */
const joined = 0.43;

/** Prints of one side of a bar: running totals up to the end of each second. */
interface Flow {
  count: Int32Array;
  base: Float64Array;
}

interface Walk {
  seed: number;
  price: Float64Array;
  flow: Record<Taker, Flow>;
  forced: MarketForcedOrder[];
}

export class ReplayMarket {
  /** The venue's own name of the base. */
  readonly coin: string;
  /** Opening time of the first bar and closing time of the last. */
  readonly start: number;
  readonly end: number;
  readonly priceDecimals: number;
  readonly baseDecimals: number;
  readonly tick: number;
  /** Amounts are multiples of it. */
  readonly step: number;
  delisted = false;
  /** Forced orders beside the recorded ones, as in the biggest hours: so many a second within (from, to]. */
  burst: { from: number; to: number; perSecond: number } | undefined;
  /** What the recording itself does not hold. */
  readonly derived: string[];
  /** Prints in every bar. */
  readonly #prints: number;
  readonly #recorded: RecordedBar[];
  readonly #unit: number;
  #scaled: RecordedBar[] | undefined;
  readonly #walks = new Map<number, Walk>();
  #settled: { time: number; rate: number }[] | undefined;

  /**
   * @param bars the recording's `fiveMinuteBars`, shared by the venues.
   * @param shift added to recorded times, a multiple of 5 min.
   * @param tradesPerSecond prints a second on Binance, on average over a bar; other venues have fewer, as their volume.
   */
  constructor(
    readonly recording: Recording,
    bars: RecordedBar[],
    readonly profile: VenueProfile,
    readonly shift: number,
    tradesPerSecond: number,
  ) {
    this.#prints = 2 * Math.max(1, Math.round((tradesPerSecond * profile.volume * seconds) / 2));
    const [, rest] = /^1000([A-Z].*)$/.exec(recording.coin) ?? [];
    const unit = rest && profile.thousands === 'coins' ? 1000 : 1;
    this.coin = rest && profile.thousands ? (profile.thousands === 'k' ? `k${rest}` : rest) : recording.coin;
    const highest = Math.max(...recording.bars.map(({ high }) => high)) / unit;
    const digits = profile.significantDigits ?? Number.POSITIVE_INFINITY;
    this.priceDecimals = Math.max(
      0,
      Math.min(recording.priceDecimals + Math.log10(unit), digits - Math.floor(Math.log10(highest)) - 1),
    );
    this.baseDecimals = Math.max(0, recording.baseDecimals - Math.log10(unit));
    this.tick = 10 ** -this.priceDecimals;
    this.step = unit * 10 ** -recording.baseDecimals;
    this.#recorded = bars;
    this.#unit = unit;
    this.start = bars[0]!.time + shift;
    this.end = bars.at(-1)!.time + barMs + shift;
    this.derived = [
      ...(recording.derivedFrom ? [`the whole market, from ${recording.derivedFrom}`] : []),
      ...(profile.id === 'binance' ? [] : ['every amount and price, scaled from the Binance recording']),
      ...(recording.recordedMs === barMs ? [] : ['5m bars, cut from recorded 1h bars']),
      ...(recording.bars[0]!.takerBuy === undefined ? ['taker-buy volume'] : []),
      ...(recording.bars.some((bar) => bar.longShare !== undefined) ? [] : ['long/short ratios']),
      ...(recording.bars[0]!.longForced === undefined
        ? ['forced orders']
        : ['time and price of forced orders within a recorded bar (their totals are recorded)']),
      ...(recording.funding.length ? [] : ['funding']),
      'trades, books, mark and index price between bars',
    ];
  }

  /** The recording at this venue's scale and at the replay's time, made when first asked for. */
  get #bars(): RecordedBar[] {
    if (this.#scaled) return this.#scaled;
    const { profile, recording, shift } = this;
    const unit = this.#unit;
    const price = (value: number) => Number(((value / unit) * profile.price).toFixed(this.priceDecimals));
    const base = (value: number | undefined, factor: number) =>
      value === undefined ? undefined : Number((value * factor).toFixed(recording.baseDecimals)) * unit;
    this.#scaled = this.#recorded.map((bar) => ({
      time: bar.time + shift,
      open: price(bar.open),
      high: price(bar.high),
      low: price(bar.low),
      close: price(bar.close),
      volume: base(bar.volume, profile.volume)!,
      takerBuy: base(bar.takerBuy, profile.volume),
      openInterest: base(bar.openInterest, profile.openInterest),
      openInterestClose: base(bar.openInterestClose, profile.openInterest),
      longShare: bar.longShare,
      longForced: base(bar.longForced, profile.openInterest * profile.forced),
      shortForced: base(bar.shortForced, profile.openInterest * profile.forced),
    }));
    return this.#scaled;
  }

  /** An amount as the venue can write it: a multiple of `step`. */
  coins(value: number): number {
    return rounded(value / this.#unit, this.recording.baseDecimals) * this.#unit;
  }

  get #funding(): { time: number; rate: number }[] {
    this.#settled ??= this.#settledFunding();
    return this.#settled;
  }

  /** Index of the newest bar that opens at or before `time`; −1 before the first. */
  #indexAt(time: number): number {
    let low = 0;
    let high = this.#bars.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#bars[middle]!.time <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** False before the first bar, and while a fault has taken the listing away. */
  isListed(now: number): boolean {
    return now >= this.start && !this.delisted;
  }

  /** Forgets the walks of all bars. */
  forget(): void {
    this.#walks.clear();
  }

  #walk(i: number): Walk {
    const known = this.#walks.get(i);
    if (known) return known;
    const bar = this.#bars[i]!;
    const seed = seedOf(this.recording.coin, bar.time - this.shift);
    const price = walkBar(bar, seconds - 1, this.priceDecimals, seed);
    const weights = new Float64Array(seconds);
    const meanMove = Math.max(bar.high - bar.low, this.tick) / 50;
    for (let k = 0; k < seconds; k++) {
      const move = k === 0 ? 0 : Math.abs(price[k]! - price[k - 1]!);
      weights[k] = 0.3 + (0.5 + seeded(seed, 'volume', k)) * (move / meanMove);
    }
    const takerBuy = this.#takerBuy(bar);
    const flow = {
      buy: this.#flow(takerBuy, weights, seedOf(seed, 'buy')),
      sell: this.#flow(this.coins(bar.volume - takerBuy), weights, seedOf(seed, 'sell')),
    };
    const walk = { seed, price, flow, forced: this.#forcedWithin(i, price, seed) };
    if (this.#walks.size > 1000) this.#walks.delete(this.#walks.keys().next().value!);
    this.#walks.set(i, walk);
    return walk;
  }

  /**
   * Spreads one side's prints over the bar in bursts as recorded (the count of a second varies by 0.6 of its mean), and
   * its amount over the seconds that have any.
   */
  #flow(total: number, weights: Float64Array, seed: number): Flow {
    const count = new Int32Array(seconds);
    const base = new Float64Array(seconds);
    const bursts = weights.map((_, k) => [0, 1, 2].reduce((sum, n) => sum + seededSize(seed, k, n), 0));
    const mean = bursts.reduce((a, b) => a + b, 0) / (this.#prints / 2);
    let burst = 0;
    for (let k = 0; k < seconds; k++) {
      burst += bursts[k]!;
      count[k] = Math.round(burst / mean);
    }
    const weightOf = (k: number) => (count[k]! > (count[k - 1] ?? 0) ? weights[k]! : 0);
    let sum = 0;
    for (let k = 0; k < seconds; k++) sum += weightOf(k);
    let used = 0;
    for (let k = 0; k < seconds; k++) {
      used += weightOf(k);
      base[k] = this.coins(total * (used === sum ? 1 : used / sum));
    }
    return { count, base };
  }

  /** Recorded, or derived: half the volume, leaning towards the side price went, by up to 30 %. */
  #takerBuy(bar: RecordedBar): number {
    if (bar.takerBuy !== undefined) return Math.min(bar.takerBuy, bar.volume);
    const lean = bar.high > bar.low ? (bar.close - bar.open) / (bar.high - bar.low) : 0;
    return this.coins(bar.volume * (0.5 + 0.15 * lean));
  }

  /** Last traded price. */
  price(now: number): number {
    const i = this.#indexAt(now);
    if (i < 0) return this.#bars[0]!.open;
    const bar = this.#bars[i]!;
    const second = Math.floor((now - bar.time) / 1000);
    return second >= seconds ? bar.close : this.#walk(i).price[second]!;
  }

  /** Prints of second k of bar i, ascending in time; their ids count through all bars. */
  #second(i: number, k: number): MarketTrade[] {
    const bar = this.#bars[i]!;
    const { seed, price, flow } = this.#walk(i);
    const before = (totals: ArrayLike<number>) => (k ? totals[k - 1]! : 0);
    const prints = takers.flatMap((taker) => {
      const { count, base } = flow[taker];
      const own = seedOf(seed, taker, k);
      const length = count[k]! - before(count);
      const total = base[k]! - before(base);
      // hardly any is smaller than what can be traded at all
      const sizes = Array.from({ length }, (_, n) => 0.2 + seededSize(own, 'size', n));
      const sum = sizes.reduce((a, b) => a + b, 0);
      let at = 0;
      let used = 0;
      let given = 0;
      return sizes.map((size, n) => {
        const apart = seeded(own, 'at', n);
        at =
          n && seeded(own, 'joined', n) < joined
            ? Math.min(999, at + Math.floor(apart * 10))
            : Math.floor(apart * 1000);
        used += size;
        const upTo = this.coins(n === length - 1 ? total : (total * used) / sum);
        const part = this.coins(upTo - given);
        given = upTo;
        return { at, taker, base: part };
      });
    });
    const first =
      Math.round((bar.time - this.shift) / barMs) * this.#prints +
      takers.reduce((sum, taker) => sum + before(flow[taker].count), 0);
    const time = bar.time + k * 1000;
    return prints
      .sort((a, b) => a.at - b.at)
      .map(({ at, taker, base }, n) => ({ id: first + n, time: time + at, price: price[k]!, base, taker }));
  }

  /** Prints in (from, to], ascending; empty amounts are left out. */
  trades(from: number, to: number, limit = Number.POSITIVE_INFINITY): MarketTrade[] {
    const trades: MarketTrade[] = [];
    for (let i = Math.max(0, this.#indexAt(from)); i < this.#bars.length; i++) {
      const bar = this.#bars[i]!;
      if (bar.time > to) break;
      for (let k = Math.max(0, Math.floor((from - bar.time) / 1000)); k < seconds; k++) {
        if (bar.time + k * 1000 > to) return trades;
        for (const trade of this.#second(i, k)) {
          if (trade.time <= from || trade.time > to || trade.base <= 0) continue;
          trades.push(trade);
          if (trades.length >= limit) return trades;
        }
      }
    }
    return trades;
  }

  /** The newest prints up to `to`, ascending. */
  newestTrades(to: number, limit: number): MarketTrade[] {
    const second = 1000;
    for (let span = Math.ceil((limit * seconds) / this.#prints) * second; ; span *= 2) {
      const trades = this.trades(to - span, to);
      if (trades.length >= limit || to - span < this.start) return trades.slice(-limit);
    }
  }

  /** When the print with this id happened. */
  tradeTime(id: number): number {
    const time = Math.floor(id / this.#prints) * barMs + this.shift;
    const i = this.#indexAt(time);
    if (this.#bars[i]?.time !== time) return time;
    const { buy, sell } = this.#walk(i).flow;
    const n = id % this.#prints;
    const k = buy.count.findIndex((count, second) => count + sell.count[second]! > n);
    return this.#second(i, k).find((trade) => trade.id === id)!.time;
  }

  /** What traded within bar i from its second `first` up to (excluding) the moment `to`. */
  #part(i: number, from: number, to: number): Omit<ReplayCandle, 'time' | 'end' | 'closed'> {
    const bar = this.#bars[i]!;
    if (from <= bar.time && to >= bar.time + barMs) {
      const mean = (bar.open + bar.high + bar.low + bar.close) / 4;
      const takerBuy = this.#takerBuy(bar);
      return {
        open: bar.open,
        high: bar.high,
        low: bar.low,
        close: bar.close,
        volume: bar.volume,
        quote: bar.volume * mean,
        takerBuy,
        takerBuyQuote: takerBuy * mean,
        trades: bar.volume > 0 ? this.#prints : 0,
      };
    }
    const { price, flow } = this.#walk(i);
    const first = Math.max(0, Math.floor((from - bar.time) / 1000));
    const last = Math.min(seconds - 1, Math.floor((to - 1 - bar.time) / 1000));
    let high = Number.NEGATIVE_INFINITY;
    let low = Number.POSITIVE_INFINITY;
    for (let k = first; k <= last; k++) {
      high = Math.max(high, price[k]!);
      low = Math.min(low, price[k]!);
    }
    // whole seconds, and prints of the last one that have happened before `to`
    const upTo = (totals: ArrayLike<number>, k: number) => (k < 0 ? 0 : totals[k]!);
    const begun = this.#second(i, last).filter(({ time }) => time < to);
    const between = (totals: ArrayLike<number>) => upTo(totals, last - 1) - upTo(totals, first - 1);
    const sumOf = (taker: Taker) =>
      this.coins(
        begun.reduce(
          (sum, trade) => (trade.taker === taker ? sum + trade.base : sum),
          between(flow[taker].base),
        ),
      );
    const takerBuy = sumOf('buy');
    const takerSell = sumOf('sell');
    const mean = (price[first]! + high + low + price[last]!) / 4;
    const volume = this.coins(takerBuy + takerSell);
    return {
      open: price[first]!,
      high,
      low,
      close: price[last]!,
      volume,
      quote: volume * mean,
      takerBuy,
      takerBuyQuote: takerBuy * mean,
      trades: between(flow.buy.count) + between(flow.sell.count) + begun.length,
    };
  }

  /** The candle over [start, end) as it stands at `now`; undefined where nothing was recorded. */
  candle(start: number, end: number, now: number): ReplayCandle | undefined {
    const until = Math.min(end, now + 1);
    let candle: ReplayCandle | undefined;
    for (let i = Math.max(0, this.#indexAt(start)); i < this.#bars.length; i++) {
      const bar = this.#bars[i]!;
      if (bar.time >= until) break;
      if (bar.time + barMs <= start) continue;
      const part = this.#part(i, start, until);
      if (!candle) {
        candle = { time: start, end, ...part, closed: end <= now };
        continue;
      }
      candle.high = Math.max(candle.high, part.high);
      candle.low = Math.min(candle.low, part.low);
      candle.close = part.close;
      candle.volume = this.coins(candle.volume + part.volume);
      candle.quote += part.quote;
      candle.takerBuy = this.coins(candle.takerBuy + part.takerBuy);
      candle.takerBuyQuote += part.takerBuyQuote;
      candle.trades += part.trades;
    }
    return candle;
  }

  /**
   * Candles that open within [from, to], ascending, the newest possibly still forming.
   *
   * @param take `newest` keeps the last `limit` of them, `oldest` the first.
   */
  candles(
    bucket: Bucket,
    range: { from?: number; to?: number; limit: number; take: 'newest' | 'oldest' },
    now: number,
  ): ReplayCandle[] {
    const from = Math.max(range.from ?? this.start, bucket.start(this.start));
    const to = Math.min(range.to ?? now, now, this.end - 1);
    const candles: ReplayCandle[] = [];
    if (range.take === 'newest') {
      for (
        let start = bucket.start(to);
        start >= from && candles.length < range.limit;
        start = bucket.start(start - 1)
      ) {
        const candle = this.candle(start, bucket.next(start), now);
        if (candle) candles.push(candle);
      }
      return candles.reverse();
    }
    let start = bucket.start(from);
    if (start < from) start = bucket.next(start);
    for (; start <= to && candles.length < range.limit; start = bucket.next(start)) {
      const candle = this.candle(start, bucket.next(start), now);
      if (candle) candles.push(candle);
    }
    return candles;
  }

  /** The last 24 hours, to the 5m bar. */
  day(now: number): Day {
    const from = Math.floor((now - 86_400_000) / barMs) * barMs;
    const candle = this.candle(from, now + 1, now);
    const last = this.price(now);
    if (!candle) return { open: last, high: last, low: last, last, volume: 0, quote: 0, trades: 0 };
    const { open, high, low, volume, quote, trades } = candle;
    return { open, high, low, last, volume, quote, trades };
  }

  /** One-sided open interest: recorded at bar boundaries, straight in between; the last known value across holes. */
  openInterest(now: number): number {
    let i = this.#indexAt(now);
    while (i >= 0 && this.#bars[i]!.openInterest === undefined) i--;
    const bar = this.#bars[i];
    if (!bar) return 0;
    const start = bar.openInterest!;
    const close = bar.openInterestClose ?? this.#bars[i + 1]?.openInterest ?? start;
    const passed = Math.min(1, Math.max(0, (now - bar.time) / barMs));
    return this.coins(start + (close - start) * passed);
  }

  /** Open interest as recorded at multiples of a period within [from, to], ascending; moments without a record are left out. */
  openInterestHistory(
    bucket: Bucket,
    range: { from?: number; to?: number; limit: number; take: 'newest' | 'oldest' },
    now: number,
  ): { time: number; base: number; price: number }[] {
    return this.#points(bucket, range, now, (bar) =>
      bar.openInterest === undefined
        ? undefined
        : { time: bar.time, base: bar.openInterest, price: bar.open },
    );
  }

  /** Share of accounts that are long, at multiples of a period. Derived where no file tells: 0.55, leaning against the day's move. */
  longShares(
    bucket: Bucket,
    range: { from?: number; to?: number; limit: number; take: 'newest' | 'oldest' },
    now: number,
  ): { time: number; long: number }[] {
    const recorded = this.recording.bars.some((bar) => bar.longShare !== undefined);
    return this.#points(bucket, range, now, (bar) => {
      if (recorded) return bar.longShare === undefined ? undefined : { time: bar.time, long: bar.longShare };
      const move = Math.log(bar.open / this.price(Math.max(this.start, bar.time - 86_400_000)));
      return { time: bar.time, long: rounded(0.55 - 0.1 * Math.tanh(10 * move), 4) };
    });
  }

  #points<T>(
    bucket: Bucket,
    range: { from?: number; to?: number; limit: number; take: 'newest' | 'oldest' },
    now: number,
    pick: (bar: RecordedBar) => T | undefined,
  ): T[] {
    const from = Math.max(range.from ?? this.start, this.start);
    const to = Math.min(range.to ?? now, now, this.end - 1);
    const points: T[] = [];
    const at = (time: number) => {
      const bar = this.#bars[this.#indexAt(time)];
      return bar?.time === time ? pick(bar) : undefined;
    };
    if (range.take === 'newest') {
      for (
        let time = bucket.start(to);
        time >= from && points.length < range.limit;
        time = bucket.start(time - 1)
      ) {
        const point = at(time);
        if (point !== undefined) points.push(point);
      }
      return points.reverse();
    }
    let time = bucket.start(from);
    if (time < from) time = bucket.next(time);
    for (; time <= to && points.length < range.limit; time = bucket.next(time)) {
      const point = at(time);
      if (point !== undefined) points.push(point);
    }
    return points;
  }

  /**
   * Mark price: the last price with a premium of up to ±1 basis point that drifts from bar to bar.
   * The premium is interpolated between bar boundaries, so the mark never jumps on its own.
   */
  mark(now: number): number {
    return rounded(this.price(now) * this.markFactor(now), this.priceDecimals + 4);
  }

  /** Mark divided by last price. */
  markFactor(now: number): number {
    const bar = Math.floor((now - this.shift) / barMs);
    const passed = (now - this.shift) / barMs - bar;
    const at = (i: number) => (seeded(this.recording.coin, this.profile.id, 'mark', i) - 0.5) * 2e-4;
    return 1 + at(bar) + (at(bar + 1) - at(bar)) * passed;
  }

  /** Index price: the mark without the premium that the funding rate pays for. */
  index(now: number): number {
    return rounded(this.mark(now) / (1 + this.fundingRate(now)), this.priceDecimals + 4);
  }

  /**
   * Settled funding of this venue. Recorded where a file tells it, otherwise every 8 hours 0.01 % plus a hundredth of the
   * past 8 hours' return, within ±0.05 %. Other venues: the same with a little noise; an hourly venue pays an eighth.
   */
  #settledFunding(): { time: number; rate: number }[] {
    const first = Math.ceil(this.start / eightHours) * eightHours;
    const base = this.recording.funding.length
      ? this.recording.funding.map((point) => ({ time: point.time + this.shift, rate: point.rate }))
      : Array.from({ length: Math.max(0, Math.floor((this.end - first) / eightHours) + 1) }, (_, k) => {
          const time = first + k * eightHours;
          const move = Math.log(this.#openAt(time) / this.#openAt(time - eightHours));
          return { time, rate: rounded(Math.min(5e-4, Math.max(-5e-4, 1e-4 + move / 100)), 8) };
        });
    const { id, fundingIntervalMs } = this.profile;
    if (id === 'binance') return base;
    const noise = (time: number) =>
      (seeded(this.recording.coin, id, 'funding', time - this.shift) - 0.5) * 2e-5;
    if (fundingIntervalMs === eightHours) {
      return base.map(({ time, rate }) => ({ time, rate: rounded(rate + noise(time), 8) }));
    }
    const parts = eightHours / fundingIntervalMs;
    return base.flatMap(({ time, rate }) =>
      Array.from({ length: parts }, (_, k) => {
        const at = time + k * fundingIntervalMs;
        return { time: at, rate: rounded((rate + noise(at)) / parts, 10) };
      }),
    );
  }

  #openAt(time: number): number {
    return this.#bars[Math.max(0, this.#indexAt(time))]!.open;
  }

  /** Settlements within [from, to], ascending. */
  funding(from: number, to: number, now: number): { time: number; rate: number; mark: number }[] {
    return this.#funding
      .filter(({ time }) => time >= from && time <= Math.min(to, now))
      .map(({ time, rate }) => ({ time, rate, mark: this.mark(Math.max(time, this.start)) }));
  }

  /** Rate settled last: the venues' running estimate is not recorded. */
  fundingRate(now: number): number {
    return (
      this.#funding.findLast(({ time }) => time <= now)?.rate ??
      1e-4 * (this.profile.fundingIntervalMs / eightHours)
    );
  }

  nextFundingTime(now: number): number {
    const interval = this.profile.fundingIntervalMs;
    return this.#funding.find(({ time }) => time > now)?.time ?? (Math.floor(now / interval) + 1) * interval;
  }

  /**
   * Coins forced within bar i, by side: as recorded, otherwise open interest × 2.5 % per unit of log price fallen (longs)
   * or risen (shorts) past the extreme of the four hours before, growing with the size of that move, and a tenth of
   * that for movement inside the range.
   */
  #forcedAmount(i: number, side: Side): number {
    const bar = this.#bars[i]!;
    const recorded = side === 'long' ? bar.longForced : bar.shortForced;
    if (recorded !== undefined) return recorded;
    let before = bar.open;
    for (let j = Math.max(0, i - 48); j < i; j++) {
      const past = this.#bars[j]!;
      before = side === 'long' ? Math.min(before, past.low) : Math.max(before, past.high);
    }
    const moved = side === 'long' ? Math.log(bar.open / bar.low) : Math.log(bar.high / bar.open);
    const beyond = Math.max(0, side === 'long' ? Math.log(before / bar.low) : Math.log(bar.high / before));
    const amount =
      (0.1 * Math.max(0, moved - beyond) + beyond * (1 + beyond / 0.02)) *
      0.025 *
      this.openInterest(bar.time);
    return this.coins(
      amount * this.profile.forced * (0.5 + seeded(this.recording.coin, bar.time - this.shift, side)),
    );
  }

  /**
   * Forced orders of bar i: at most one a second, longs in seconds in which price falls and shorts in those in which it
   * rises, most where the bar makes a new extreme. Amounts add up to the bar's.
   */
  #forcedWithin(i: number, price: Float64Array, seed: number): MarketForcedOrder[] {
    const bar = this.#bars[i]!;
    const orders: MarketForcedOrder[] = [];
    for (const side of ['long', 'short'] as const) {
      const total = this.#forcedAmount(i, side);
      if (total <= 0) continue;
      const direction = side === 'long' ? -1 : 1;
      const candidates: { second: number; weight: number }[] = [];
      let extreme = price[0]!;
      for (let k = 1; k < seconds; k++) {
        const move = direction * (price[k]! - price[k - 1]!);
        if (move <= 0) continue;
        const beyond = direction * (price[k]! - extreme) > 0;
        if (beyond) extreme = price[k]!;
        const weight = move * (beyond ? 5 : 1) * seededSize(seed, side, this.profile.id, k);
        candidates.push({ second: k, weight });
      }
      if (candidates.length === 0) candidates.push({ second: seconds - 1, weight: 1 });
      const count = Math.min(40, Math.max(1, Math.round((total * bar.close) / 4_000)));
      const chosen = candidates.sort((a, b) => b.weight - a.weight).slice(0, count);
      chosen.sort((a, b) => a.second - b.second);
      const sum = chosen.reduce((all, { weight }) => all + weight, 0);
      let used = 0;
      let given = 0;
      for (const [n, { second, weight }] of chosen.entries()) {
        used += weight;
        const upTo = n === chosen.length - 1 ? total : this.coins((total * used) / sum);
        const base = this.coins(upTo - given);
        given = upTo;
        if (base <= 0) continue;
        const fill = price[second]!;
        orders.push({
          time: bar.time + second * 1000 + 1 + Math.floor(seeded(seed, 'ms', side, second) * 990),
          side,
          base,
          price: fill,
          bankruptcy: rounded(fill * (1 + direction * 0.004), this.priceDecimals),
        });
      }
    }
    return orders.sort((a, b) => a.time - b.time);
  }

  /** Forced orders in (from, to], ascending. */
  forcedOrders(from: number, to: number): MarketForcedOrder[] {
    const orders: MarketForcedOrder[] = [];
    for (let i = Math.max(0, this.#indexAt(from)); i < this.#bars.length && this.#bars[i]!.time <= to; i++) {
      for (const order of this.#walk(i).forced) if (order.time > from && order.time <= to) orders.push(order);
    }
    return this.burst
      ? [...orders, ...this.#burstWithin(this.burst, from, to)].sort((a, b) => a.time - b.time)
      : orders;
  }

  /** At even distances, longs and shorts in turn, none like another. */
  #burstWithin(burst: NonNullable<ReplayMarket['burst']>, from: number, to: number): MarketForcedOrder[] {
    const orders: MarketForcedOrder[] = [];
    const stepMs = 1000 / burst.perSecond;
    const last = Math.min(to, burst.to);
    for (let k = Math.max(1, Math.floor((from - burst.from) / stepMs)); ; k++) {
      const time = burst.from + Math.round(k * stepMs);
      if (time > last) return orders;
      if (time <= from) continue;
      const side = k % 2 ? 'long' : 'short';
      const fill = this.price(time);
      const bankruptcy = rounded(fill * (side === 'long' ? 0.996 : 1.004), this.priceDecimals);
      orders.push({ time, side, base: this.coins(this.step * (1 + (k % 997))), price: fill, bankruptcy });
    }
  }

  /** Mean volume of a bar over the past day, for the depth of the book. */
  typicalVolume(now: number): number {
    const i = this.#indexAt(now);
    let sum = 0;
    const first = Math.max(0, i - 48);
    for (let j = first; j < i; j++) sum += this.#bars[j]!.volume;
    return i > first ? sum / (i - first) : (this.#bars[0]?.volume ?? 0);
  }
}
