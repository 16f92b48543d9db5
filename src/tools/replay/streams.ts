import type { Bucket } from './buckets';
import type { ReplayCandle, ReplayMarket } from './market';
import type { Stream } from './venue';

/** What the venues' subscriptions have in common. */

/** True when a multiple of `period` lies in (from, to]. */
export function crosses(period: number, from: number, to: number): boolean {
  return Math.floor(to / period) > Math.floor(from / period);
}

/** The stream of a market, silent while the market is not listed. */
export function whileListed(market: ReplayMarket, stream: Stream): Stream {
  return (from, to) => (market.isListed(to) ? stream(from, to) : []);
}

/** The newest state, once in every `everyMs`. */
export function every(everyMs: number, make: (now: number) => unknown): Stream {
  return (from, to) => (crosses(everyMs, from, to) ? [make(to)] : []);
}

/** The state at once, and again in every `everyMs`. */
export function atOnceAndEvery(everyMs: number, make: (now: number) => unknown): Stream {
  let started = false;
  return (from, to) => {
    if (started && !crosses(everyMs, from, to)) return [];
    started = true;
    return [make(to)];
  };
}

/** Each candle once as it closes, and the forming one every `everyMs`. */
export function candleStream(
  market: ReplayMarket,
  bucket: Bucket,
  everyMs: number,
  make: (candle: ReplayCandle, now: number) => unknown,
): Stream {
  return (from, to) => {
    const events: unknown[] = [];
    let start = bucket.start(from);
    for (let end = bucket.next(start); end <= to; start = end, end = bucket.next(start)) {
      if (end <= from) continue;
      const candle = market.candle(start, end, end);
      if (candle) events.push(make(candle, end));
    }
    const forming = crosses(everyMs, from, to) ? market.candle(start, bucket.next(start), to) : undefined;
    if (forming && forming.time < market.end) events.push(make(forming, to));
    return events;
  };
}
