import { describe, expect, it } from 'vitest';
import { type PaintOptions, rowStrengths } from '../../src/paint/bands';
import { strengthsOf } from '../../src/paint/side-bands';
import { visibleBands } from '../../src/paint/surface';
import { freshnessOf } from '../../src/paint/theme';
import type { MapView } from '../../src/protocol/view';

const count = 100;
const step = 0.001;
const price = 60_000;
const lnLow = Math.log(price) - (count / 2) * step;
const zeros = () => new Array<number>(count).fill(0);

function viewOf(long: Record<number, number>, short: Record<number, number>): MapView {
  const fill = (given: Record<number, number>) => zeros().map((_, i) => given[i] ?? 0);
  return {
    symbol: 'BTC-USDT',
    window: '24h',
    price,
    lnLow,
    step,
    long: fill(long),
    short: fill(short),
    longAge: zeros(),
    shortAge: zeros(),
    longTiers: [],
    shortTiers: [],
    q: { p10: 0, p50: 0, p90: 0 },
    ratio: { within5: null, within10: null, longUsd5: 0, shortUsd5: 0 },
    clusters: [],
    provisional: false,
    historyFrom: 0,
    asOf: 0,
  };
}

const options: PaintOptions = {
  pixelRatio: 1,
  palette: 'viridis',
  scheme: 'dark',
  opacity: 0.6,
  mode: 'bands',
  tiers: [true, true, true, true, true],
  freshness: 'fresh',
  multiplier: 1,
  price,
};
const low = price * 0.97;
const high = price * 1.03;
const box = { x: 0, y: 0, width: 800, height: 600 };
const scale = {
  priceToY: (p: number) => ((high - p) / (high - low)) * 600,
  yToPrice: (y: number) => high - (y / 600) * (high - low),
};
const edge = (i: number) => Math.exp(lnLow + i * step);

describe('rowStrengths', () => {
  it('puts a band on the rows of its prices, to the pixel, at every pixel ratio', () => {
    const view = viewOf({ 30: 5 }, { 70: 5 });
    for (const pixelRatio of [1, 1.5, 2, 3]) {
      const rows = rowStrengths(view, scale, box, { ...options, pixelRatio });
      for (const [side, i] of [
        ['long', 30],
        ['short', 70],
      ] as const) {
        const first = rows[side].findIndex((strength) => strength > 0);
        const last = rows[side].findLastIndex((strength) => strength > 0);
        expect(first).toBe(Math.round(scale.priceToY(edge(i + 1)) * pixelRatio));
        expect(last + 1).toBe(Math.round(scale.priceToY(edge(i)) * pixelRatio));
      }
    }
  });

  it('long liquidations lie below the price and short ones above it, on an inverted chart the other way up', () => {
    const view = viewOf({ 30: 5 }, { 70: 5 });
    const upright = rowStrengths(view, scale, box, options);
    expect(upright.long.findIndex(Boolean)).toBeGreaterThan(scale.priceToY(price));
    expect(upright.short.findIndex(Boolean)).toBeLessThan(scale.priceToY(price));
    const inverted = {
      priceToY: (p: number) => 600 - scale.priceToY(p),
      yToPrice: (y: number) => scale.yToPrice(600 - y),
    };
    const flipped = rowStrengths(view, inverted, box, options);
    expect(flipped.long.findIndex(Boolean)).toBeLessThan(inverted.priceToY(price));
    expect(flipped.short.findIndex(Boolean)).toBeGreaterThan(inverted.priceToY(price));
  });

  it('drops bands that price has passed since the map was made', () => {
    const view = viewOf({ 30: 5, 45: 5 }, {});
    const fallen = { ...options, price: edge(40) };
    const rows = rowStrengths(view, scale, box, fallen);
    expect(rows.long[Math.round(scale.priceToY(edge(45.5)))]).toBe(0);
    expect(rows.long[Math.round(scale.priceToY(edge(30.5)))]).toBeGreaterThan(0);
  });

  it('multiplies prices for symbols quoted by the thousand', () => {
    const view = viewOf({ 30: 5 }, {});
    const thousand = {
      priceToY: (p: number) => scale.priceToY(p / 1000),
      yToPrice: (y: number) => scale.yToPrice(y) * 1000,
    };
    const plain = rowStrengths(view, scale, box, options);
    const multiplied = rowStrengths(view, thousand, box, { ...options, multiplier: 1000 });
    expect(multiplied.long).toEqual(plain.long);
  });

  it('draws nothing where the chart shows other prices', () => {
    const elsewhere = { priceToY: (p: number) => p, yToPrice: (y: number) => 1 + y / 600 };
    expect(visibleBands(viewOf({ 30: 5 }, {}), 'long', elsewhere, box, options)).toEqual([0, 0]);
  });
});

describe('strengthsOf', () => {
  it('cuts a side at its own 50th, 75th, 90th and 97th percentile', () => {
    const usd = Float64Array.from({ length: 100 }, (_, i) => i + 1);
    const strengths = strengthsOf(usd);
    const classes = [49, 50, 74, 75, 89, 90, 96, 97].map((i) => Math.floor(strengths[i]!) + 1);
    expect(classes).toEqual([1, 2, 2, 3, 3, 4, 4, 5]);
    expect(strengths[99]).toBe(5);
  });

  it('leaves out what is below a quarter of the first threshold', () => {
    expect(strengthsOf(Float64Array.from([1, 100, 100, 100, 100, 100]))[0]).toBe(0);
  });

  it('an empty side has no strength', () => {
    expect([...strengthsOf(new Float64Array(3))]).toEqual([0, 0, 0]);
  });
});

describe('freshnessOf', () => {
  it('is late after a minute, stale after five, and stale where no age is known', () => {
    expect([0, 60_000, 60_001, 300_000, 300_001, Number.NaN].map((age) => freshnessOf(age))).toEqual([
      'fresh',
      'fresh',
      'late',
      'late',
      'stale',
      'stale',
    ]);
  });
});
