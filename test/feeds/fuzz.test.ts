import { describe, expect, it } from 'vitest';
import { venueFeeds } from '../../src/feeds';
import { FeedError } from '../../src/feeds/feed';
import { coin, fixtureText } from './fixture';
import { bitcoin, btc, replies, swap } from './replies';

/** Mutated messages in all; `FUZZ_MESSAGES=1000000` for the full run. */
const total = Number(process.env.FUZZ_MESSAGES ?? 50_000);
const seed = 20_261_121;
const now = 1_700_000_000_000;

const messages: Record<string, string[]> = {
  binance: ['forceOrder', 'markPrice', 'kline', 'aggTrade', 'depth', 'reply'],
  bybit: ['liquidation', 'tickers', 'tickers-delta', 'kline', 'trade', 'book-snapshot', 'book', 'pong'],
  okx: [
    'liquidation',
    'liquidation-net',
    'mark-price',
    'funding-rate',
    'open-interest',
    'trades',
    'books5',
    'candle',
    'reply',
  ],
  bitget: [
    'liquidation',
    'v3-ticker',
    'v3-kline',
    'v3-trade',
    'v3-book',
    'ticker',
    'candle',
    'trade',
    'book',
    'reply',
  ],
  hyperliquid: ['activeAssetCtx', 'trades', 'candle', 'l2Book', 'reply'],
};
/** The instruments that the messages speak of, so that no mutation is merely filtered out. */
const watched: Record<string, ReturnType<typeof coin>[]> = {
  binance: [btc, coin('CTKUSDT', 'CTK-USDT'), coin('SUSHIUSDT', 'SUSHI-USDT', { multiplier: 1000 })],
  bybit: [btc, coin('ROSEUSDT', 'ROSE-USDT')],
  okx: [swap, coin('IOST-USDT-SWAP', 'IOST-USDT', { contractSize: 1e7 }), coin('UNI-USD-SWAP', 'UNI-USDT')],
  bitget: [btc],
  hyperliquid: [bitcoin],
};

/** Uniform in [0, 1), the same sequence for a seed (mulberry32). */
function sequence(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const odd = [
  null,
  true,
  '',
  'NaN',
  'Infinity',
  '-Infinity',
  '1e999',
  '1e17',
  '-1',
  '0',
  '0x10',
  ' 1 ',
  '1,5',
  '５',
  0,
  -0,
  -1,
  1e308,
  5e-324,
  Number.MAX_SAFE_INTEGER,
  1_700_000_000_000,
  [],
  {},
  [[]],
  JSON.parse('{"__proto__":{"px":1}}'),
  'BTCUSDT',
  'BTC',
  'Buy',
  'sell',
  '__proto__',
  'constructor',
];

const tokens = [...odd.map((each) => JSON.stringify(each)), 'NaN', 'Infinity', 'undefined', '<', '\\u0000'];

/** A copy with one to three places replaced, removed, doubled, swapped or moved. */
function mutateValue(value: unknown, random: () => number): unknown {
  const copy = structuredClone(value);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  for (let n = 1 + Math.floor(random() * 3); n > 0; n--) {
    // biome-ignore lint/suspicious/noExplicitAny: any part of any payload.
    let at: any = copy;
    for (;;) {
      if (at === null || typeof at !== 'object' || Object.keys(at).length === 0) break;
      const key = pick(Object.keys(at));
      const inner = at[key];
      if (inner !== null && typeof inner === 'object' && Object.keys(inner).length > 0 && random() < 0.85) {
        at = inner;
        continue;
      }
      const kind = Math.floor(random() * 6);
      if (kind === 0) delete at[key];
      else if (kind === 1) at[key] = at[pick(Object.keys(at))];
      else if (kind === 2 && Array.isArray(at)) at.push(structuredClone(inner));
      else if (kind === 3 && !Number.isNaN(Number(inner)))
        at[key] = Number(inner) * 10 ** Math.floor(random() * 40 - 20);
      else at[key] = structuredClone(pick(odd));
      break;
    }
  }
  return copy;
}

/** A text with characters changed, cut, or repeated. */
function mutateText(text: string, random: () => number): string {
  const at = Math.floor(random() * text.length);
  const length = Math.floor(random() * 12);
  switch (Math.floor(random() * 5)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(at + length);
    case 2:
      return text.slice(0, at) + text.slice(at, at + length).repeat(2) + text.slice(at + length);
    case 3:
      return text.slice(0, at) + String.fromCharCode(32 + Math.floor(random() * 95)) + text.slice(at + 1);
    default:
      return text.slice(0, at) + tokens[Math.floor(random() * tokens.length)]! + text.slice(at + length);
  }
}

/** Throws when a number anywhere inside is not finite. */
function mustBeFinite(value: unknown): void {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${value} inside`);
  if (value !== null && typeof value === 'object')
    for (const each of Object.values(value)) mustBeFinite(each);
}

interface Outcome {
  read: number;
  refused: number;
}

/** Runs the reader; anything but records of finite numbers or FeedError fails with what caused it. */
function attempt(outcome: Outcome, input: () => string, read: () => unknown): void {
  try {
    const result = read();
    mustBeFinite(result);
    outcome.read += 1;
  } catch (error) {
    if (!(error instanceof FeedError)) throw new Error(`after ${input()}`, { cause: error });
    outcome.refused += 1;
  }
}

const parts = replies.length + Object.values(messages).flat().length;
const share = Math.ceil(total / parts);

describe(`mutated payloads, seed ${seed}`, () => {
  it.each(replies)('%s %s: records of finite numbers or FeedError', (venue, name, call) => {
    const random = sequence(seed);
    const original = JSON.parse(fixtureText(venue, name));
    const outcome: Outcome = { read: 0, refused: 0 };
    for (let i = 0; i < share; i++) {
      const value = mutateValue(original, random);
      attempt(
        outcome,
        () => JSON.stringify(value),
        () => [call.parse(value, now), call.next?.(value)?.url],
      );
    }
    // Some mutations hit fields nobody reads, the rest must be refused: both must have happened.
    expect(outcome.read).toBeGreaterThan(0);
    expect(outcome.refused).toBeGreaterThan(0);
  });

  it.each(venueFeeds.flatMap((venue) => messages[venue.id]!.map((name) => [venue.id, name, venue] as const)))(
    '%s socket %s: events of finite numbers or FeedError',
    (id, name, venue) => {
      const random = sequence(seed);
      const text = fixtureText(id, `socket-${name}`).trim();
      const original = JSON.parse(text);
      const [plan] = venue.sockets(watched[id]!);
      const { read } = /^v3-|^liq/.test(name) ? plan! : (plan!.otherwise ?? plan!);
      // Changes of a book need one to change.
      if (name === 'book' && id === 'bybit') read(fixtureText(id, 'socket-book-snapshot'), now);
      const outcome: Outcome = { read: 0, refused: 0 };
      for (let i = 0; i < share; i++) {
        const mutated =
          random() < 0.5 ? mutateText(text, random) : JSON.stringify(mutateValue(original, random));
        attempt(
          outcome,
          () => mutated,
          () => read(mutated, now),
        );
      }
      expect(outcome.read).toBeGreaterThan(0);
      expect(outcome.refused).toBeGreaterThan(0);
    },
  );
});
