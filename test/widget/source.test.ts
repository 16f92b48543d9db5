import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { languageOf } from '../../src/ui/languages';
import { venueIds } from '../../src/venues';
import type { Attributes } from '../../src/widget/attributes';
import { createLive } from '../../src/widget/live';
import { load, SourceError } from '../../src/widget/source';

const src = 'https://blog.example/eth.json';
const committed = readFileSync('docs/snapshots/eth.json', 'utf8');
const eth: Attributes = {
  symbol: 'ETH-USDT',
  window: '24h',
  mode: 'levels',
  theme: 'auto',
  palette: 'viridis',
  venues: [...venueIds],
  src,
};

/** Loads with a network that answers every request like this. */
function loadWith(answer: () => Promise<Response>, attributes = eth, signal = new AbortController().signal) {
  const fetch = () => answer();
  return load(
    attributes,
    languageOf(['en']).speak,
    {
      fetch,
      live: async () => createLive({ fetch, WebSocket: EventTarget as never }),
      now: () => Date.now(),
    },
    signal,
  );
}

/** The venues that a snapshot tells of: those there were when it was made. */
const venuesOf = (text: string): string[] =>
  JSON.parse(text).health.map(({ venue }: { venue: string }) => venue);

const gives = (text: string) => () => Promise.resolve(new Response(text));

/** A reply that goes on for ever. */
const endless = () =>
  new ReadableStream<Uint8Array>({ pull: (stream) => stream.enqueue(new Uint8Array(65_536).fill(32)) });

/** The committed snapshot with one part replaced. */
const changed = (path: string[], value: unknown) => {
  const json = JSON.parse(committed);
  const owner = path.slice(0, -1).reduce((part, key) => part[key], json);
  owner[path.at(-1)!] = value;
  return JSON.stringify(json);
};

describe('a snapshot', () => {
  test('that is whole gives its window, candles and venues', async () => {
    const loaded = await loadWith(gives(committed));
    expect(loaded.view).toMatchObject({ symbol: 'ETH-USDT', window: '24h' });
    expect(loaded.candles.length).toBeGreaterThan(200);
    expect(loaded.health.map(({ venue }) => venue)).toEqual(venuesOf(committed));
  });

  test.each([
    [
      'cannot be reached',
      () => Promise.reject(new TypeError('Failed to fetch')),
      /could not be loaded \(no connection\)/,
    ],
    ['is a page of HTML', gives('<!doctype html>'), /is no snapshot of this version \(JSON\)/],
    ['is of another version', gives(changed(['version'], 2)), /is no snapshot of this version \(version: /],
    [
      'has a price below zero',
      gives(changed(['windows', '24h', 'view', 'price'], -1)),
      /\(windows\.24h\.view\.price: /,
    ],
    [
      'has null for an amount',
      gives(changed(['windows', '24h', 'view', 'long', '3'], null)),
      /\(windows\.24h\.view\.long\.3: /,
    ],
    [
      'has candles that go back in time',
      gives(changed(['windows', '24h', 'candles', '5'], [1, 2, 2, 2, 2])),
      /\(windows\.24h\.candles: ascending in time expected\)/,
    ],
    [
      'has a candle whose high is below its low',
      gives(changed(['windows', '24h', 'candles', '5', '2'], 1)),
      /\(windows\.24h\.candles\.5: 0 < low/,
    ],
    [
      'has fewer ages than bands',
      gives(changed(['windows', '24h', 'view', 'longAge'], [1, 2])),
      /\(windows\.24h\.view: as many values as bands expected\)/,
    ],
    [
      'has bands without end',
      gives(changed(['windows', '24h', 'view', 'step'], 1e308)),
      /\(windows\.24h\.view: as many values as bands expected\)/,
    ],
    ['is a hundred thousand lists deep', gives('['.repeat(1e5)), /\(lists too deep in each other\)/],
    [
      'is deep in objects too, with brackets in names',
      gives(`${'{"]":'.repeat(50)}1${'}'.repeat(50)}`),
      /\(lists too deep in each other\)/,
    ],
    ['never ends', () => Promise.resolve(new Response(endless())), /\(too large\)/],
    ['has a number that is none', gives(committed.replace(/"time":\d+/, '"time":NaN')), /\(JSON\)/],
    ['has no candles', gives(changed(['windows', '24h', 'candles'], [])), /\(windows\.24h\.candles: /],
    ['lacks the window', gives(changed(['windows', '24h'], undefined)), /has no map for 24h/],
    ['is of another coin', gives(changed(['symbol'], 'BTC-USDT')), /holds BTC-USDT, not ETH-USDT/],
  ])('that %s is refused with the reason', async (_, answer, reason) => {
    const refused = loadWith(answer);
    await expect(refused).rejects.toBeInstanceOf(SourceError);
    await expect(refused).rejects.toThrow(reason);
    await expect(refused).rejects.toThrow(src);
  });

  test('with names of prototypes and markup in its words is taken for what it is: words', async () => {
    const hostile = JSON.parse(committed);
    hostile.health[0].reason = '<img src=x onerror=alert(1)>';
    const text = JSON.stringify(hostile).replace('{', '{"__proto__":{"polluted":true},"constructor":1,');
    const loaded = await loadWith(gives(text));
    expect(loaded.health[0]!.reason).toBe('<img src=x onerror=alert(1)>');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect((loaded as unknown as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('is not waited for once the element is gone', async () => {
    const left = AbortSignal.abort(new Error('left'));
    await expect(loadWith(() => Promise.reject(new TypeError('aborted')), eth, left)).rejects.toThrow('left');
  });
});

test('without a snapshot, venues that all refuse end in advice for the page’s author', async () => {
  const { src: _, ...direct } = eth;
  const answer = () => Promise.resolve(new Response('', { status: 451 }));
  await expect(loadWith(answer, direct)).rejects.toThrow(/^No exchange answered .* src="…"\.$/);
});
