import { describe, expect, it } from 'vitest';
import { venueFeeds } from '../../src/feeds';
import { type Instrument, pages } from '../../src/feeds/feed';
import { coin } from './fixture';

const natives: Record<string, Instrument> = {
  binance: coin('BTCUSDT', 'BTC-USDT'),
  bybit: coin('BTCUSDT', 'BTC-USDT'),
  okx: coin('BTC-USDT-SWAP', 'BTC-USDT', { contractSize: 0.01 }),
  bitget: coin('BTCUSDT', 'BTC-USDT'),
  hyperliquid: coin('BTC', 'BTC-USDT'),
};

describe.each(venueFeeds.map((venue) => [venue.id, venue] as const))(
  '%s has the shape of a venue',
  (id, venue) => {
    const instrument = natives[id]!;
    const range = { from: 1_700_000_000_000, to: 1_700_003_600_000 };
    const calls = [
      ...venue.instruments(),
      venue.candles(instrument, '5m'),
      venue.candles(instrument, '1h', range, 10),
      venue.openInterest(instrument),
      venue.mark(instrument),
      venue.funding(instrument, range),
      venue.book(instrument),
      venue.tiers(instrument, 50_000),
      ...(venue.openInterestHistory ? [venue.openInterestHistory(instrument, '5m', range)] : []),
      ...(venue.fundingState ? [venue.fundingState(instrument)] : []),
      ...(venue.fundingIntervals ? [venue.fundingIntervals()] : []),
      ...(venue.forcedOrders ? [venue.forcedOrders(instrument)] : []),
      ...venue.ratioKinds.map((kind) => venue.ratios!(instrument, kind, '1h', range)),
    ];

    it('asks over https, within a pool it declares, at a positive weight', () => {
      for (const call of calls) {
        expect(call.url).toMatch(/^https:\/\//);
        expect(venue.pools).toHaveProperty(call.pool);
        expect(call.weight).toBeGreaterThan(0);
        expect(call.weight).toBeLessThanOrEqual(venue.pools[call.pool]!.limit);
        expect(call.url + (call.body ?? '')).not.toMatch(/undefined|NaN|null/);
      }
      for (const host of venue.hosts)
        expect(calls.some((call) => new URL(call.url).host === host)).toBe(true);
    });

    it.each([null, [], {}, 'text', 1, '<html>', { code: 'x' }, [[]], [null], { data: null }])(
      'answers %j with FeedError or nothing, never with another error',
      (reply) => {
        for (const call of calls) {
          try {
            expect(call.parse(reply, 1_700_000_000_000)).toBeDefined();
          } catch (error) {
            expect(error).toMatchObject({ name: 'FeedError', venue: id });
          }
        }
      },
    );

    it('pings in its own way at least every 25 s, except where the browser answers', () => {
      const plans = venue.sockets([instrument]);
      expect(plans.length).toBeGreaterThan(0);
      for (const plan of plans) {
        expect(plan.url).toMatch(/^wss:\/\//);
        if (id === 'binance') expect(plan.ping).toBeUndefined();
        else expect(plan.ping!.everyMs).toBeLessThanOrEqual(25_000);
      }
    });

    it('says whether open interest has a history exactly where it offers one', () => {
      expect(venue.limits.openInterestHistory).toBe(venue.openInterestHistory !== undefined);
      expect(venue.maxOpenInterest !== undefined).toBe(venue.openInterestHistory !== undefined);
      expect(venue.ratios !== undefined).toBe(venue.ratioKinds.length > 0);
    });
  },
);

describe('pages', () => {
  it('cut a range newest first without overlap or hole', () => {
    const list = pages({ from: 1, to: 3_000_001 }, 300_000, 4);
    expect(list).toEqual([
      { from: 2_100_000, to: 3_000_000 },
      { from: 900_000, to: 1_800_000 },
      { from: 300_000, to: 600_000 },
    ]);
  });

  it('are none where the range holds no point', () => {
    expect(pages({ from: 1, to: 299_999 }, 300_000, 4)).toEqual([]);
  });
});
