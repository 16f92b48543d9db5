import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWatchReply } from '../../src/content/frame/replies';
import { readSettings, siteOf } from '../../src/content/frame/stored-settings';
import { WatchReply } from '../../src/protocol/messages';
import { defaultSettings, Settings, siteSettings } from '../../src/protocol/settings';

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
  map: { type: 'map', view },
  tick: { type: 'tick', tick },
  history: { type: 'history', history },
  unknown: { type: 'unknown', symbol: 'X-USDT' },
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

describe('replies of the worker as the page checks them', () => {
  for (const [name, reply] of Object.entries(replies)) {
    it(`${name}: accepted as it is, like the schema does`, () => {
      expect(isWatchReply(reply)).toBe(true);
      expect(WatchReply.safeParse(reply).success).toBe(true);
    });

    it(`${name}: whatever breaks a number, list or object in the schema’s eyes is refused`, () => {
      for (const path of paths(reply)) {
        for (const put of [undefined, null, 'x', -1, Number.NaN, Number.POSITIVE_INFINITY, {}, [null]]) {
          const broken = withValue(reply, path, put);
          // Words may grow with the protocol: a page shows states it does not know yet.
          if (typeof put === 'string') continue;
          if (isWatchReply(broken)) {
            expect(WatchReply.safeParse(broken).success, `${path.join('.')} = ${String(put)}`).toBe(true);
          }
        }
      }
    });
  }

  it('sides of different length are refused', () => {
    expect(isWatchReply({ type: 'map', view: { ...view, short: [1] } })).toBe(false);
  });
});

describe('settings as the page reads them', () => {
  it('are the protocol’s defaults where nothing is stored', () => {
    for (const stored of [undefined, null, 5, 'x', [], {}])
      expect(readSettings(stored)).toEqual(defaultSettings);
    expect(siteOf(readSettings({}), 'x')).toEqual({
      ...siteSettings(defaultSettings, 'x'),
      symbol: undefined,
    });
  });

  it('agree with the protocol on whatever is stored (1,000 random objects)', () => {
    const settings = fc.record(
      {
        window: fc.constantFrom('12h', '30d', 'x', 5),
        opacity: fc.oneof(fc.double(), fc.constant('x')),
        palette: fc.constantFrom('classic', 'x', null),
        mode: fc.constantFrom('profile', 'heatmap', 'x'),
        tiers: fc.oneof(fc.array(fc.boolean(), { maxLength: 6 }), fc.constant('x')),
        venues: fc.oneof(
          fc.constant(defaultSettings.venues),
          fc.constant({ binance: false }),
          fc.constant(5),
        ),
        sites: fc.constantFrom({}, [], 5, { a: { enabled: false } }, { a: 5 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(settings, (stored) => {
        const { sites, ...mine } = readSettings(stored);
        const { sites: theirSites, ...theirs } = Settings.parse(stored);
        expect(mine).toEqual(theirs);
        expect(siteOf({ ...mine, sites }, 'a').enabled).toBe(
          siteSettings({ ...theirs, sites: theirSites }, 'a').enabled,
        );
      }),
      { seed: 11, numRuns: 1000 },
    );
  });
});
