import { describe, expect, it } from 'vitest';
import { FeedError } from '../../src/feeds/feed';
import { fixture } from './fixture';
import { replies } from './replies';

const now = 1_700_000_000_000;

type List = unknown[];

/** Every list of rows in a reply. */
function listsIn(json: unknown): List[] {
  if (typeof json !== 'object' || json === null) return [];
  const inner = Object.values(json).flatMap(listsIn);
  const isRows = Array.isArray(json) && json.some((row) => typeof row === 'object' && row !== null);
  return isRows ? [json, ...inner] : inner;
}

/** Each number, as text or not, replaced. */
function spoil(value: unknown, by: unknown): unknown {
  if (typeof value === 'number') return by;
  if (typeof value === 'string') return value !== '' && Number.isFinite(Number(value)) ? by : value;
  if (Array.isArray(value)) return value.map((cell) => spoil(cell, by));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, cell]) => [name, spoil(cell, by)]));
}

const oddities: [name: string, make: (row: unknown) => unknown][] = [
  ['not a number', (row) => spoil(row, 'NaN')],
  ['null', (row) => spoil(row, null)],
  ['below zero', (row) => spoil(row, '-1e30')],
  ['a missing row', () => null],
  ['cells missing', (row) => (Array.isArray(row) ? row.slice(0, 1) : {})],
];

/** Lists of which some rows are none of ours: what they hold is not looked at, and so not told. */
const ofOthers = new Set(['exchangeInfo', 'instruments', 'contracts', 'v3-instruments', 'metaAndAssetCtxs']);
/** Replies of one figure, not of rows. */
const single = new Set(['binance openInterest', 'binance premiumIndex']);

describe.each(oddities)('a row that is %s', (_name, make) => {
  it.each(replies.filter(([venue, name]) => !single.has(`${venue} ${name}`)))(
    'of %s %s costs itself and is told',
    (venue, name, call) => {
      const expected = call.parse(fixture(venue, name), now);
      const count = listsIn(fixture(venue, name)).length;
      const left: string[] = [];
      let kept = 0;
      for (let i = 0; i < count; i++) {
        const json = fixture(venue, name);
        const list = listsIn(json)[i]!;
        // Two lists of the same order stay so.
        list.push(make(list[0]));
        try {
          expect(call.parse(json, now, { leftOut: (reason) => void left.push(reason) })).toEqual(expected);
          kept++;
        } catch (error) {
          if (!(error instanceof FeedError)) throw error;
        }
      }
      expect(kept).toBeGreaterThan(0);
      if (!ofOthers.has(name)) expect(left.length).toBeGreaterThan(0);
    },
  );
});
