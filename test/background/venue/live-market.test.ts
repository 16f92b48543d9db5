import { expect, it } from 'vitest';
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
