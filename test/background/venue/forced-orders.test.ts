import { describe, expect, it } from 'vitest';
import { FeedActivity } from '../../../src/background/venue/feed-health';
import { ForcedOrderFeed } from '../../../src/background/venue/forced-orders';
import type { Requests } from '../../../src/background/venue/requests';
import type { VenueServices } from '../../../src/background/venue/services';
import { VenueClock } from '../../../src/background/venue/venue-clock';
import type { ForcedOrder } from '../../../src/engine/records';
import { binance } from '../../../src/feeds/binance';
import { bitget } from '../../../src/feeds/bitget';
import type { Instrument, Venue } from '../../../src/feeds/feed';

const start = Date.UTC(2026, 9, 10, 21, 16);
const order = (time: number): ForcedOrder => ({ time, side: 'long', base: 1, price: 100, priceKind: 'fill' });

/** A feed whose store takes a turn of the event loop for each write. */
function feed(stores = true, venue: Venue = binance) {
  const written: string[][] = [];
  const told: string[] = [];
  const store = {
    saveForcedOrders: async (_symbol: string, _venue: string, orders: readonly { id: string }[]) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      written.push(orders.map(({ id }) => id));
      return stores;
    },
    fact: async () => undefined,
    lessons: async () => [],
    saveFact: async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      written.push(['heard']);
      return true;
    },
  };
  let now = start;
  const clock = { now: () => now, after: () => () => undefined };
  const services = { store, clock } as unknown as VenueServices;
  const venueClock = new VenueClock(clock, false);
  venueClock.advance(start);
  const forced = new ForcedOrderFeed('BTC-USDT', venue, services, new FeedActivity(), venueClock, (orders) =>
    told.push(...orders.map(({ id }) => id)),
  );
  const send = (id: string, time: number) =>
    forced.accept({ kind: 'forcedOrder', symbol: 'BTC-USDT', id, order: order(time) });
  const listen = () => forced.listen(true, start);
  /** Time passes, with or without a word from the venue. */
  const pass = (ms: number, isTold: boolean) => {
    now += ms;
    if (isTold) venueClock.advance(now);
  };
  return { send, listen, pass, forced, written, told };
}

describe('the time in which they are heard', () => {
  it('begins, after a sleep, once the venue has told its time', () => {
    const { listen, pass, forced } = feed();
    const heard = (minutes: number) => forced.learning.heardMs(start, start + minutes * 60_000) / 60_000;
    for (let i = 0; i < 4; i++) {
      pass(30_000, true);
      listen();
    }
    expect(heard(60)).toBe(1.5);
    forced.cut();
    pass(8 * 60_000, false);
    listen();
    pass(1000, true);
    listen();
    pass(59_000, true);
    listen();
    expect(heard(60)).toBeCloseTo(1.5 + 59 / 60, 9);
  });
});

describe('a burst of forced orders', () => {
  it('is stored and told whole and in order, in far fewer writes than it has orders', async () => {
    const { send, written, told } = feed();
    const ids = Array.from({ length: 5000 }, (_, i) => String(i));
    for (const [i, id] of ids.entries()) {
      send(id, start + 2 * i);
      if (i % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    while (told.length < ids.length) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(written.flat()).toEqual(ids);
    expect(told).toEqual(ids);
    expect(written.length).toBeLessThan(200);
  });

  it('is not told before it is stored', async () => {
    const { send, written, told } = feed();
    send('a', start);
    send('b', start);
    expect(told).toEqual([]);
    while (told.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(written).toEqual([['a'], ['b']]);
  });

  it('is stored before it is said that its time was heard: the worker may end between two writes', async () => {
    const { send, listen, written } = feed();
    send('a', start);
    send('b', start);
    listen();
    while (written.length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(written).toEqual([['a'], ['b'], ['heard']]);
  });
});

describe('those that a venue tells again', () => {
  it('are asked for once a break, and once more where the stream had not begun when they were', async () => {
    const { listen, forced } = feed(true, bitget);
    let asked = 0;
    let during = () => {};
    const requests = {
      async ask() {
        asked += 1;
        during();
        return [];
      },
    } as unknown as Requests;
    const fill = () => forced.fill(requests, {} as Instrument, undefined, new AbortController().signal);
    // The stream begins between their answer and the next look.
    await fill();
    expect(listen()).toBe(true);
    await fill();
    await fill();
    expect(listen()).toBe(false);
    await fill();
    expect(asked).toBe(2);
    // It breaks, and they are asked for while it opens.
    forced.askMissed();
    during = listen;
    await fill();
    await fill();
    expect(asked).toBe(4);
    // As it should be: they are asked for once it is open.
    forced.askMissed();
    expect(listen()).toBe(false);
    await fill();
    await fill();
    expect(asked).toBe(5);
  });
});
