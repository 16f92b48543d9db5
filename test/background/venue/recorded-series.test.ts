import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { Store } from '../../../src/background/storage/store';
import { RecordedSeries } from '../../../src/background/venue/recorded-series';
import { VenueClock } from '../../../src/background/venue/venue-clock';
import { dayMs } from '../../../src/engine/time';
import { venueFeeds } from '../../../src/feeds';

const minute = 60_000;
const start = Date.UTC(2026, 10, 22, 18, 40);
const end = start + 5 * minute;
const bar = (close: number) => ({
  time: start,
  open: 60_208,
  high: 60_208,
  low: 60_152,
  close,
  volume: 32.315,
});

it('takes bars as closed whose time was over when they were told, not when they came', () => {
  const user = { now: () => end + 10_000, after: () => () => undefined };
  const clock = new VenueClock(user, false);
  const venue = venueFeeds.find(({ id }) => id === 'hyperliquid')!;
  const recorded = new RecordedSeries('BTC-USDT', venue, new Store(user), clock);
  const closes = () => [...recorded.series.columns(start, 1).close];

  expect(recorded.addBars([bar(60_188)], '5m', 0)).toEqual({ changed: false, forming: bar(60_188) });
  clock.advance(end + 10_000);
  expect(recorded.addBars([bar(60_190)], '5m', end - 1)).toEqual({ changed: false, forming: bar(60_190) });
  expect(closes()).toEqual([]);
  expect(recorded.addBars([bar(60_192)], '5m', end)).toEqual({ changed: true, forming: undefined });
  expect(closes()).toEqual([60_192]);
});

it('leaves out a bar that lies ahead of the venue’s clock, wherever in a page it stands', () => {
  const user = { now: () => end, after: () => () => undefined };
  const clock = new VenueClock(user, false);
  const venue = venueFeeds.find(({ id }) => id === 'binance')!;
  const recorded = new RecordedSeries('BTC-USDT', venue, new Store(user), clock);
  clock.advance(end);
  const later = { ...bar(60_190), time: start + dayMs };
  recorded.addBars([bar(60_192), later, { ...later, time: later.time + 5 * minute }], '5m', 0);
  expect([...recorded.series.columns(start, 1).time]).toEqual([start]);
});
