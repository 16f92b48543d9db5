import { describe, expect, it } from 'vitest';
import { fits } from '../../src/protocol/form';
import { WatchReply } from '../../src/protocol/messages';
import { WatchRequest } from '../../src/protocol/watch-request';

const count = 4;
const view = {
  symbol: 'BTC-USDT',
  window: '24h',
  price: 60_000,
  lnLow: 10.9,
  step: 0.001,
  long: [1, 2, 0, 0],
  short: [0, 0, 3, 4],
  longAge: [5, 5, 0, 0],
  shortAge: [0, 0, 5, 5],
  longTiers: new Array(5 * count).fill(0),
  shortTiers: new Array(5 * count).fill(0),
  q: { p10: 0.01, p50: 0.02, p90: 0.04 },
  ratio: { within5: null, within10: 1.2, longUsd5: 3, shortUsd5: 7 },
  clusters: [{ side: 'long', low: 59_000, high: 59_100, peak: 59_050, usd: 2, distance: 0.015 }],
  levels: [
    {
      side: 'long',
      low: 59_000,
      high: 59_100,
      edge: 59_100,
      kind: 'swing',
      extreme: '24h',
      since: 1,
      times: 2.1,
      usd: 2,
      forced: { p10: 0.1, p50: 0.2, p90: 0.4 },
      share: 0.01,
      ageMs: 5,
      crossedAt: 1,
    },
  ],
  observed: { venue: 'hyperliquid', accounts: 3, coverage: 0.1, long: [[0, 12]], short: [] },
  venues: [{ name: 'Binance', long: [100, 60, 0, 0], short: [0, 0, 1, 2] }],
  closes: { from: 0, stepMs: 900_000, prices: [59_900, 60_000] },
  provisional: false,
  historyFrom: 0,
  asOf: 1,
};
const tick = {
  symbol: 'BTC-USDT',
  price: null,
  asOf: null,
  health: [{ venue: 'okx', name: 'OKX', state: 'late', since: 1, reason: 'late', quality: 'stale' }],
  banners: [{ kind: 'weekend', text: 'Weekend' }],
  facts: [['Force-closed in 1 h', 'longs $1k, shorts $2k']],
};
const history = {
  symbol: 'BTC-USDT',
  window: '24h',
  time: 1.7e12,
  columnMs: 300_000,
  columns: 2,
  rows: 3,
  lnLow: 10.9,
  step: 0.001,
  cells: btoa(String.fromCharCode(0, 50, 178, 0, 60, 188)),
  usdFrom: 100,
  usdStep: 0.1,
};
const replies: Record<string, object> = {
  market: { type: 'market', symbol: 'PEPE-USDT', multiplier: 1000 },
  map: { type: 'map', view },
  tick: { type: 'tick', tick },
  history: { type: 'history', history },
  unknown: { type: 'unknown', symbol: 'X-USDT', reason: 'No venue lists it' },
};

/** All paths to a leaf or branch of a value. */
function paths(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => paths(inner, [...path, name]))];
}

function withValue(value: unknown, [name, ...rest]: string[], put: unknown): unknown {
  if (name === undefined) return put;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
  copy[name] = withValue(copy[name], rest, put);
  return copy;
}

const leaves = (value: unknown): string[][] =>
  paths(value).filter(
    (path) => typeof path.reduce((at: unknown, key) => at![key as never], value) !== 'object',
  );

describe('replies of the worker', () => {
  for (const [name, reply] of Object.entries(replies)) {
    it(`${name}: as agreed`, () => {
      expect(WatchReply(reply)).toBeUndefined();
    });

    it(`${name}: refused with any value of another type, with its place`, () => {
      for (const path of leaves(reply)) {
        for (const put of [{}, [null], Number.NaN, () => 0]) {
          const wrong = WatchReply(withValue(reply, path, put));
          expect(wrong, path.join('.')).toMatch(/^\..+ expected$/);
          expect(wrong).toContain(path[0]);
        }
      }
    });

    it(`${name}: refused where a list or an object is something else`, () => {
      for (const path of paths(reply).filter(([first]) => first !== 'type')) {
        for (const put of ['x', -1, Number.POSITIVE_INFINITY]) {
          const before = path.reduce((at: unknown, key) => at![key as never], reply as unknown);
          if (typeof before !== 'object' || before === null) continue;
          expect(fits(WatchReply, withValue(reply, path, put)), `${path.join('.')} = ${put}`).toBe(false);
        }
      }
    });
  }

  it('name what was expected, and where', () => {
    expect(WatchReply({ type: 'map', view: { ...view, long: [1, -2, 0, 0] } })).toBe(
      '.view.long.1: amount expected',
    );
    expect(WatchReply({ type: 'map', view: { ...view, short: [1] } })).toBe(
      '.view: as many longs as shorts expected',
    );
    expect(WatchReply({ type: 'history', history: { ...history, rows: 4 } })).toMatch(
      /^\.history: as many cells/,
    );
    expect(WatchReply({ type: 'toString' })).toMatch(/^\.type: market\|map/);
    expect(WatchReply(null)).toMatch(/^\.type: /);
  });
});

describe('requests of pages', () => {
  const request = { type: 'watch', symbol: 'BTC-USDT', window: '24h' };

  it('are as agreed', () => {
    expect(WatchRequest(request)).toBeUndefined();
    expect(
      WatchRequest({ ...request, venue: 'okx', native: 'BTC-USDT-SWAP', observed: true, history: false }),
    ).toBeUndefined();
    expect(WatchRequest({ ...request, symbol: '币安人生-USDT' })).toBeUndefined();
  });

  it.each([
    { symbol: 'btc-usdt' },
    { symbol: 'BTC-EUR' },
    { symbol: `${'A'.repeat(21)}-USDT` },
    { window: '1h' },
    { venue: 'nowhere' },
    { native: 5 },
    { native: 'x'.repeat(61) },
    { observed: 'yes' },
    { type: 'map' },
  ])('refuse %j', (part) => {
    expect(WatchRequest({ ...request, ...part })).toMatch(
      new RegExp(`^\\.${Object.keys(part)[0]}: .+ expected$`),
    );
  });
});
