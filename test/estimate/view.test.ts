import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../src/engine/map/clusters';
import type { Level } from '../../src/engine/map/levels';
import { type BandMap, type BarColumns, tierLeverages } from '../../src/engine/records';
import { atRiskNear, closesOf, joinedQ, venueShares, viewOf } from '../../src/estimate/view';
import { MapView } from '../../src/protocol/view';

const count = 40;
const step = 0.01;

/** A map around 100: 1000 USD in every band a side can hold, all of it in the first tier. */
function mapAround100(): BandMap {
  const lnLow = Math.log(100) - (count / 2) * step;
  const long = new Float64Array(count).fill(1000, 0, count / 2);
  const short = new Float64Array(count).fill(1000, count / 2);
  const tiers = (side: Float64Array) => {
    const all = new Float64Array(count * tierLeverages.length);
    all.set(side);
    return all;
  };
  return {
    time: 0,
    price: 100,
    lnLow,
    step,
    count,
    long,
    short,
    longAge: long.map((usd) => (usd > 0 ? 3_600_000 : 0)),
    shortAge: short.map((usd) => (usd > 0 ? 3_600_000 : 0)),
    longTiers: tiers(long),
    shortTiers: tiers(short),
  };
}

const facts = {
  symbol: 'BTC-USDT',
  window: '24h' as const,
  provisional: false,
  historyFrom: 0,
  asOf: 0,
  q: { p10: 0.001, p50: 0.002, p90: 0.005 },
};

describe('the view of a map', () => {
  it('leaves bands where they are while the mark moves, and the map as it was', () => {
    const map = mapAround100();
    const view = viewOf(map, [], { ratio: 1, price: 103 }, facts);
    expect(view.lnLow).toBe(map.lnLow);
    expect(view.price).toBe(103);
    expect(map.short[count / 2]).toBe(1000);
  });

  it('has no short liquidation left below a price that has gone up through them, and no long above', () => {
    const view = viewOf(mapAround100(), [], { ratio: 1, price: 103 }, facts);
    const at = Math.floor((Math.log(103) - view.lnLow) / view.step);
    expect(view.short.slice(0, at).every((usd) => usd === 0)).toBe(true);
    expect(view.short.slice(at + 1).every((usd) => usd === 1000)).toBe(true);
    expect(view.long.slice(at + 1).every((usd) => usd === 0)).toBe(true);
    expect(view.shortTiers.slice(0, at).every((usd) => usd === 0)).toBe(true);
  });

  it('on a venue that trades 1 % higher lies 1 % higher', () => {
    const map = mapAround100();
    const view = viewOf(map, [], { ratio: 1.01, price: 101 }, facts);
    expect(view.lnLow).toBeCloseTo(map.lnLow + Math.log(1.01), 12);
    expect(view.ratio.within5).toBeCloseTo(
      viewOf(map, [], { ratio: 1, price: 100 }, facts).ratio.within5!,
      9,
    );
  });

  it('gives ages in minutes and amounts in whole dollars', () => {
    const view = viewOf(mapAround100(), [], { ratio: 1, price: 100 }, facts);
    expect(view.longAge[0]).toBe(60);
    expect(view.long.every(Number.isInteger)).toBe(true);
  });
});

describe('its levels', () => {
  const cluster = (low: number, high: number): Cluster => ({
    side: low < 100 ? 'long' : 'short',
    kind: 'isolated',
    low,
    high,
    peak: (low + high) / 2,
    usd: 5e6,
    peakUsd: 2e6,
    times: 1,
    distance: low < 100 ? 1 - high / 100 : low / 100 - 1,
    width: high / low - 1,
    age: 3_600_000,
    tiers: [5e6, 0, 0, 0, 0],
    gap: null,
  });
  const level = (low: number, high: number, more: Partial<Level> = {}): Level => ({
    side: low < 100 ? 'long' : 'short',
    kind: 'excess',
    low,
    high,
    edge: low < 100 ? high : low,
    since: 7,
    times: 2.1,
    expected: { p10: 5e3, p50: 1e4, p90: 3e4 },
    share: 0.01,
    cluster: cluster(low - 0.1, high + 0.1),
    ...more,
  });
  const levels = [
    level(94, 94.3),
    level(97, 97.3, { kind: 'swing', extreme: '24h', crossedAt: 5 }),
    level(102, 102.3),
    level(104, 104.3),
  ];
  const seen = (ratio: number, price: number) => viewOf(mapAround100(), levels, { ratio, price }, facts);

  it('stand nearest first on each side, with the edge that is nearer and what was found of them', () => {
    const { levels: shown } = seen(1, 100);
    expect(shown!.map(({ side, edge }) => [side, edge])).toEqual([
      ['long', 97.3],
      ['long', 94.3],
      ['short', 102],
      ['short', 104],
    ]);
    expect(shown![0]).toEqual({
      side: 'long',
      kind: 'swing',
      extreme: '24h',
      low: 97,
      high: 97.3,
      edge: 97.3,
      since: 7,
      crossedAt: 5,
      times: 2.1,
      usd: 5e6,
      forced: { p10: 5e3, p50: 1e4, p90: 3e4 },
      share: 0.01,
      ageMs: 3_600_000,
    });
  });

  it('move to the scale of the page’s own venue, and their clusters with them', () => {
    const { levels: shown, clusters } = seen(1.01, 101);
    expect(shown![0]!.edge).toBeCloseTo(97.3 * 1.01, 9);
    expect(clusters.map(({ distance }) => distance)).toEqual(
      levels.map(({ cluster: { distance } }) => expect.closeTo(distance, 9)),
    );
  });

  it('are cut at price while it is inside, and gone once it is through the middle', () => {
    expect(seen(1, 97.2).levels!.find(({ low }) => low === 97)).toMatchObject({ high: 97.2, edge: 97.2 });
    expect(seen(1, 97.1).levels!.some(({ low }) => low === 97)).toBe(false);
    expect(seen(1, 103).levels!.map(({ edge }) => edge)).toEqual([97.3, 94.3, 104]);
  });

  it('pass the border they are made for', () => {
    const view = seen(1, 100);
    expect(MapView(JSON.parse(JSON.stringify(view)))).toBeUndefined();
  });
});

describe('q of all venues', () => {
  const q = (p50: number) => ({ p10: p50 / 2, p50, p90: p50 * 3 });

  it('forces as much as the venues do one by one, by what each has at risk near price', () => {
    const joined = joinedQ([
      { q: q(0.002), atRisk: 90e6, openInterest: 10 },
      { q: q(0.01), atRisk: 10e6, openInterest: 990 },
    ]);
    expect(joined.p50 * 100e6).toBeCloseTo(0.002 * 90e6 + 0.01 * 10e6, 0);
    expect(joined.p10 * 2).toBeCloseTo(joined.p50, 9);
    expect(joined.p90 / 3).toBeCloseTo(joined.p50, 9);
  });

  it('goes by open interest where nothing is at risk, and is nothing without a venue', () => {
    const none = [q(0.002), q(0.004)].map((each) => ({ q: each, atRisk: 0, openInterest: 5 }));
    expect(joinedQ(none).p50).toBeCloseTo(0.003, 9);
    expect(joinedQ([])).toEqual({ p10: 0, p50: 0, p90: 0 });
  });

  it('counts what a venue has within 5 % of price and price has not swept', () => {
    const map = mapAround100();
    map.venues = [{ venue: 'okx', long: map.long.slice(), short: map.short.slice() }];
    // Five bands of 1 % a side.
    expect(atRiskNear(map, 'okx')).toBe(10_000);
    map.long[count / 2 - 1] = 0;
    expect(atRiskNear(map, 'okx')).toBe(9000);
    expect(atRiskNear(map, 'bybit')).toBe(0);
  });
});

describe('the closing prices of a window', () => {
  const minutes = 60_000;
  const bar = 5 * minutes;
  const barsAt = (times: number[]): BarColumns => {
    const time = Float64Array.from(times, (slot) => slot * bar);
    const close = Float64Array.from(times, (slot) => 100 + slot);
    const rest = { open: close, high: close, low: close, volume: close };
    return { length: times.length, time, close, ...rest, openInterest: close, openInterestClose: close };
  };
  const upTo = (count: number) => barsAt(Array.from({ length: count }, (_, i) => i));

  it.each([
    ['12 h', 144, 1],
    ['24 h', 288, 1],
    ['7 d', 2016, 3],
    ['30 d', 8640, 12],
  ])('%s come at 720 points at most, the last of them now', (_, slots, perPoint) => {
    const { from, stepMs, prices } = closesOf(upTo(9000), bar, slots * bar)!;
    expect(stepMs).toBe(perPoint * bar);
    expect(prices.length).toBe(Math.floor(slots / perPoint));
    expect(from + prices.length * stepMs).toBe(9000 * bar);
    expect(prices.at(-1)).toBe(100 + 8999);
    expect(prices[0]).toBe(100 + 9000 - prices.length * perPoint + perPoint - 1);
  });

  it('a gap repeats the price before it, and a young market has fewer', () => {
    const { prices } = closesOf(barsAt([0, 1, 2, 9, 10, 11]), bar, 1440 * bar)!;
    expect(prices).toEqual([101, 102, 102, 102, 109, 111]);
    expect(closesOf(upTo(0), bar, 144 * bar)).toBeUndefined();
  });
});

it('each band is split among the venues that hold it', () => {
  const venues = [
    { venue: 'okx', long: Float64Array.of(10, 0), short: Float64Array.of(0, -1e-12) },
    { venue: 'binance', long: Float64Array.of(30, 0), short: Float64Array.of(0, 5) },
  ];
  expect(venueShares({ venues }, (id) => id.toUpperCase())).toEqual([
    { name: 'BINANCE', long: [75, 0], short: [0, 100] },
    { name: 'OKX', long: [25, 0], short: [0, 0] },
  ]);
  expect(venueShares({}, String)).toEqual([]);
});
