import { describe, expect, it } from 'vitest';
import { venueFeeds } from '../../src/feeds';
import type { FeedEvent, Instrument, Venue } from '../../src/feeds/feed';
import { coin, fixture } from './fixture';

/**
 * Every record of every venue, read once for a listing of single coins and once for the same listing by the thousand (and
 * of ten coins a contract where contracts are counted): prices must be a thousandth, amounts a thousandfold, times, rates
 * and shares the same.
 */

const now = 1_700_000_000_000;
const everything = { from: 1_000_000_000_000 };
/** The native names that a venue's payloads speak of. */
const natives: Record<string, string[]> = {
  binance: ['BTCUSDT', 'CTKUSDT', 'SUSHIUSDT'],
  bybit: ['BTCUSDT', 'ROSEUSDT'],
  okx: ['BTC-USDT-SWAP', 'IOST-USDT-SWAP', 'UNI-USD-SWAP'],
  bitget: ['BTCUSDT'],
  hyperliquid: ['BTC'],
};
const sockets: Record<string, string[]> = {
  binance: ['forceOrder', 'markPrice', 'kline', 'aggTrade', 'depth'],
  bybit: ['liquidation', 'tickers', 'kline', 'trade', 'book-snapshot', 'book'],
  okx: ['liquidation', 'mark-price', 'funding-rate', 'open-interest', 'trades', 'books5', 'candle'],
  bitget: ['liquidation', 'v3-ticker', 'v3-kline', 'v3-trade', 'v3-book'],
  hyperliquid: ['activeAssetCtx', 'trades', 'candle', 'l2Book'],
};
type Reader = (venue: Venue, instrument: Instrument) => unknown;
const replies: Record<string, Reader> = {
  candles: (venue, instrument) =>
    venue.candles(instrument, '5m').parse(fixture(venue.id, names[venue.id]!.candles!), now),
  openInterest: (venue, instrument) =>
    venue.openInterest(instrument).parse(fixture(venue.id, names[venue.id]!.openInterest!), now),
  history: (venue, instrument) =>
    venue.openInterestHistory?.(instrument, '5m').parse(fixture(venue.id, names[venue.id]!.history!), now),
  mark: (venue, instrument) => venue.mark(instrument).parse(fixture(venue.id, names[venue.id]!.mark!), now),
  funding: (venue, instrument) =>
    venue.funding(instrument, everything).parse(fixture(venue.id, names[venue.id]!.funding!), now),
  book: (venue, instrument) => venue.book(instrument).parse(fixture(venue.id, names[venue.id]!.book!), now),
  forcedOrders: (venue, instrument) =>
    venue.forcedOrders?.(instrument).parse(fixture(venue.id, 'liquidations'), now),
};
const names: Record<string, Partial<Record<keyof typeof replies, string>>> = {
  binance: {
    candles: 'klines',
    openInterest: 'openInterest',
    history: 'openInterestHist',
    mark: 'premiumIndex',
    funding: 'fundingRate',
    book: 'depth',
  },
  bybit: {
    candles: 'kline',
    openInterest: 'tickers',
    history: 'open-interest',
    mark: 'tickers',
    funding: 'funding',
    book: 'orderbook',
  },
  okx: {
    candles: 'candles',
    openInterest: 'open-interest',
    history: 'open-interest-history',
    mark: 'mark-price',
    funding: 'funding-rate-history',
    book: 'books',
  },
  bitget: {
    candles: 'candles',
    openInterest: 'v3-open-interest',
    mark: 'v3-tickers',
    funding: 'v3-history-fund-rate',
    book: 'v3-orderbook',
  },
  hyperliquid: {
    candles: 'candleSnapshot',
    openInterest: 'metaAndAssetCtxs',
    mark: 'metaAndAssetCtxs',
    funding: 'fundingHistory',
    book: 'l2Book',
  },
};

const prices = new Set(['open', 'high', 'low', 'close', 'price', 'mark', 'index']);
const amounts = new Set(['base', 'volume', 'takerBuy']);

/** The record as it must read for lots of `lot` coins whose price is quoted for `per` of them. */
function scaled(value: unknown, per: number, lot: number, name = ''): unknown {
  if (name === 'bids' || name === 'asks')
    return (value as [number, number][]).map(([price, base]) => [near(price / per), near(base * lot)]);
  if (typeof value === 'number' && prices.has(name)) return near(value / per);
  if (typeof value === 'number' && amounts.has(name)) return near(value * lot);
  if (Array.isArray(value)) return value.map((each) => scaled(each, per, lot));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, scaled(each, per, lot, key)]));
}

/** Equal but for rounding. */
const near = (value: number) => ({
  asymmetricMatch: (other: unknown) =>
    typeof other === 'number' && Math.abs(other - value) <= 1e-12 * Math.abs(value),
});

function heard(venue: Venue, fields: Partial<Instrument>): FeedEvent[] {
  const [plan] = venue.sockets(natives[venue.id]!.map((native) => coin(native, `${native}-USDT`, fields)));
  return sockets[venue.id]!.flatMap(
    (name) => plan!.read(JSON.stringify(fixture(venue.id, `socket-${name}`)), now) ?? [],
  );
}

describe.each(venueFeeds.map((venue) => [venue.id, venue] as const))('%s by the thousand', (id, venue) => {
  const one = coin(natives[id]![0]!, 'BTC-USDT');

  it.each(Object.keys(replies))('%s: prices per coin, amounts in coins', (kind) => {
    const single = replies[kind]!(venue, one);
    if (single === undefined) {
      expect(names[id]![kind]).toBeUndefined();
      return;
    }
    expect(JSON.stringify(single)).toMatch(/\d{2}/);
    expect(replies[kind]!(venue, { ...one, multiplier: 1000 })).toEqual(scaled(single, 1000, 1000));
    // Volume in coins is taken as the venue gives it, whatever a contract holds today.
    const lot = id === 'okx' && kind === 'candles' ? 1 : 10;
    expect(replies[kind]!(venue, { ...one, contractSize: 10 })).toEqual(scaled(single, 1, lot));
  });

  it('its sockets: prices per coin, amounts in coins', () => {
    const single = heard(venue, {});
    expect(single.length).toBeGreaterThanOrEqual(sockets[id]!.length);
    expect(heard(venue, { multiplier: 1000 })).toEqual(scaled(single, 1000, 1000));
    expect(heard(venue, { contractSize: 10 })).toEqual(scaled(single, 1, 10));
  });

  it('reads times of whole milliseconds in this century, whatever it reads', () => {
    const times = JSON.stringify([
      heard(venue, {}),
      ...Object.values(replies).map((read) => read(venue, one)),
    ])
      .match(/"(time|nextFundingTime|nextTime)":\d+/g)!
      .map((text) => Number(text.split(':')[1]));
    expect(times.length).toBeGreaterThan(8);
    for (const time of times) expect(time).toBeGreaterThan(1e12);
  });
});
