import { describe, expect, it } from 'vitest';
import { FeedActivity } from '../../../src/background/venue/feed-health';
import { LiveMarket } from '../../../src/background/venue/live-market';
import { VenueClock } from '../../../src/background/venue/venue-clock';
import { minuteMs, secondMs } from '../../../src/engine/time';

it('open interest is remembered from when it last changed, by the user’s clock, also where that was set back', () => {
  let now = 1_700_000_000_000;
  const clock = { now: () => now, after: () => () => undefined };
  const live = new LiveMarket(clock, new VenueClock(clock, false), new FeedActivity());
  let venueTime = now;
  const tell = (base: number) => {
    now += secondMs;
    venueTime += secondMs;
    live.setOpenInterest({ time: venueTime, base });
  };
  tell(100);
  const first = now;
  tell(100);
  tell(100);
  expect(live.changedOpenInterest).toEqual({ time: first, base: 100 });
  tell(101);
  expect(live.changedOpenInterest).toEqual({ time: now, base: 101 });
  now -= 40 * minuteMs;
  tell(102);
  expect(live.changedOpenInterest).toEqual({ time: now, base: 102 });
  live.forget();
  expect(live.changedOpenInterest).toBeUndefined();
});

describe('the extremes of the mark', () => {
  const start = 1_700_000_100_000;
  const slot = start - (start % (5 * minuteMs));
  const wick = (time: number) => ({ time, open: 100, high: 100, low: 50, close: 100, volume: 1 });

  function follow() {
    let now = slot;
    const clock = { now: () => now, after: () => () => undefined };
    const live = new LiveMarket(clock, new VenueClock(clock, false), new FeedActivity());
    const mark = (ms: number, price: number) => {
      now = slot + ms;
      live.setMark({ time: now, mark: price });
    };
    return { live, mark };
  }
  const next = slot + 5 * minuteMs;

  it('since a bar closed are those heard until it is known to have closed', () => {
    const { live, mark } = follow();
    mark(4 * minuteMs, 90);
    mark(5 * minuteMs + secondMs, 101);
    mark(5 * minuteMs + 3 * secondMs, 99);
    live.beginBar(next, false);
    live.form(wick(next));
    expect([live.low, live.high]).toEqual([99, 101]);
  });

  it('are not all where some were missed: then the bar’s own prices tell', () => {
    for (const missedAt of [5 * minuteMs - secondMs, 5 * minuteMs + 2 * secondMs]) {
      const { live, mark } = follow();
      mark(4 * minuteMs, 100);
      if (missedAt < 5 * minuteMs) live.miss();
      mark(5 * minuteMs + secondMs, 101);
      if (missedAt > 5 * minuteMs) live.miss();
      mark(5 * minuteMs + 3 * secondMs, 99);
      live.beginBar(next, true);
      live.form(wick(next));
      expect([live.low, live.high]).toEqual([50, 101]);
    }
    // Nothing was heard in the whole bar before.
    const { live, mark } = follow();
    mark(0, 100);
    mark(11 * minuteMs, 101);
    live.beginBar(next + 5 * minuteMs, true);
    live.form(wick(next + 5 * minuteMs));
    expect(live.low).toBe(50);
  });
});
