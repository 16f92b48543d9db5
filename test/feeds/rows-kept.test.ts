import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { venueFeeds } from '../../src/feeds';
import { FeedError } from '../../src/feeds/feed';
import { coin, fixture } from './fixture';
import { bitcoin, btc, replies, swap } from './replies';

/**
 * Whatever becomes of some rows of a list, the others are read as they were, and each that is left out is told once, with
 * the reason and without a value of it.
 */

const now = 1_700_000_000_000;
const options = { seed: 20_261_126, numRuns: Number(process.env.FUZZ_RUNS ?? 40) };

type List = unknown[];
// biome-ignore lint/suspicious/noExplicitAny: payloads are foreign data that tests change at will.
type Payload = any;

/** The lists of rows in a payload; what a row itself holds is part of it. */
function listsIn(json: unknown): List[] {
  if (typeof json !== 'object' || json === null) return [];
  const isObject = (row: unknown) => typeof row === 'object' && row !== null;
  const isList = Array.isArray(json) && json.some(isObject);
  // Both sides of a book.
  const isPair = isList && json.every((row) => Array.isArray(row) && row.some(isObject));
  return isList && !isPair ? [json] : Object.values(json).flatMap(listsIn);
}

const odd = fc.constantFrom<unknown>(
  null,
  '',
  'NaN',
  'Infinity',
  '-1',
  -1,
  '1,5',
  'new_value',
  true,
  [],
  {},
  1e300,
  '0x10',
  ' ',
);

/** Which cells of a row become what; a row may also be none at all. */
const spoiling = fc.oneof(
  fc.constantFrom<unknown>(null, 7, 'row', [], {}).map((row) => () => row),
  fc
    .array(fc.tuple(fc.nat(30), fc.option(odd, { nil: undefined })), { minLength: 1, maxLength: 4 })
    .map((cells) => (row: unknown) => {
      const copy = structuredClone(row) as Payload;
      for (const [at, value] of cells) {
        const keys = Object.keys(copy);
        const key = keys[at % keys.length];
        if (key === undefined) continue;
        if (value === undefined && !Array.isArray(copy)) delete copy[key];
        else copy[key] = value ?? null;
      }
      return copy;
    }),
);
const changes = fc.array(fc.tuple(spoiling, fc.nat(50)), { minLength: 1, maxLength: 5 });

/** Reads a payload; what was left out goes to `left`. Undefined where it is refused as a whole. */
type Read = (payload: Payload, left: string[]) => unknown;

function reads(read: Read, payload: Payload): { value: unknown; left: string[] } | undefined {
  const left: string[] = [];
  try {
    return { value: read(payload, left), left };
  } catch (error) {
    if (error instanceof FeedError && error.kind === 'malformed') return undefined;
    // A row of another symbol: none that is left out.
    if (error instanceof FeedError) return { value: undefined, left: [] };
    throw error;
  }
}

/** For list `i` of a payload: odd rows between its own cost themselves alone. */
function check(read: Read, make: () => Payload, i: number, isTold: boolean): void {
  const expected = read(make(), []);
  let tried = 0;
  fc.assert(
    fc.property(changes, (spoilt) => {
      const payload = make();
      const list = listsIn(payload)[i]!;
      const own = list.slice();
      let count = 0;
      for (const [spoil, at] of spoilt) {
        const row = spoil(own[at % own.length]);
        const alone = make();
        listsIn(alone)[i]!.splice(0, own.length, row);
        // A row that can be read by itself is none that is left out.
        const single = reads(read, alone);
        if (single && single.left.length === 0) continue;
        list.splice(at % (list.length + 1), 0, row);
        count += 1;
      }
      tried += count;
      const result = reads(read, payload);
      expect(result?.value).toEqual(expected);
      if (isTold) expect(result!.left).toHaveLength(count);
      for (const reason of result!.left) expect(reason).toMatch(/^[a-z][a-z ]+\b.*: ./);
    }),
    options,
  );
  expect(tried).toBeGreaterThan(0);
}

/** Lists of which some rows are none of ours, and one whose rows belong to those of another list. */
const ofOthers = new Set(['exchangeInfo', 'instruments', 'contracts', 'v3-instruments']);
const untried = new Set(['metaAndAssetCtxs']);

describe('replies', () => {
  const lists = replies.flatMap(([venue, name, call]) =>
    untried.has(name) ? [] : listsIn(fixture(venue, name)).map((_, i) => ({ venue, name, call, i })),
  );
  it.each(lists)('of $venue $name, list $i', ({ venue, name, call, i }) => {
    const list = listsIn(fixture(venue, name))[i]!;
    const read: Read = (payload, left) =>
      call.parse(payload, now, { leftOut: (reason) => void left.push(reason) });
    // Not every list of a reply is read.
    const without = fixture(venue, name);
    listsIn(without)[i]!.splice(0, list.length, null, null);
    const result = reads(read, without);
    if (result && result.left.length === 0) return;
    check(read, () => fixture(venue, name), i, !ofOthers.has(name));
  });
});

const watched: Record<string, ReturnType<typeof coin>[]> = {
  bybit: [btc, coin('ROSEUSDT', 'ROSE-USDT')],
  okx: [swap, coin('IOST-USDT-SWAP', 'IOST-USDT', { contractSize: 1e7 }), coin('UNI-USD-SWAP', 'UNI-USDT')],
  bitget: [btc],
  hyperliquid: [bitcoin],
};
const messages: [venue: string, name: string][] = [
  ['bybit', 'liquidation'],
  ['bybit', 'kline'],
  ['bybit', 'trade'],
  ['okx', 'mark-price'],
  ['okx', 'trades'],
  ['okx', 'candle'],
  ['bitget', 'liquidation'],
  ['bitget', 'v3-kline'],
  ['bitget', 'v3-trade'],
  ['hyperliquid', 'trades'],
];

describe('messages', () => {
  it.each(messages)('of %s %s', (id, name) => {
    const venue = venueFeeds.find((each) => each.id === id)!;
    const read: Read = (payload, left) => {
      const [plan] = venue.sockets(watched[id]!);
      return plan!.read(JSON.stringify(payload), now, { leftOut: (reason) => void left.push(reason) });
    };
    // Rows of other symbols are none of ours.
    check(read, () => fixture(id, `socket-${name}`), 0, name !== 'liquidation' || id === 'bybit');
  });
});
