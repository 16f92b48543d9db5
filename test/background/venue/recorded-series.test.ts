import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { Store } from '../../../src/background/storage/store';
import { RecordedSeries } from '../../../src/background/venue/recorded-series';
import { VenueClock } from '../../../src/background/venue/venue-clock';
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

it('takes a bar that it asked for as closed once its time is over, and one that is said to have closed a moment before', () => {
  let time = end - 1500;
  const user = { now: () => time, after: () => () => undefined };
  const clock = new VenueClock(user, false);
  const venue = venueFeeds.find(({ id }) => id === 'hyperliquid')!;
  const recorded = new RecordedSeries('BTC-USDT', venue, new Store(user), clock);
  const closes = () => [...recorded.series.columns(start, 1).close];
  clock.advance(time);

  expect(recorded.addBars([bar(60_192)], '5m')).toEqual({ changed: false, forming: bar(60_192) });
  expect(closes()).toEqual([]);
  time = end - 500;
  expect(recorded.addBars([bar(60_190)], '5m', true)).toEqual({ changed: true, forming: undefined });
  expect(closes()).toEqual([60_190]);
  time = end;
  expect(recorded.addBars([bar(60_191)], '5m')).toEqual({ changed: true, forming: undefined });
  expect(closes()).toEqual([60_191]);
});
