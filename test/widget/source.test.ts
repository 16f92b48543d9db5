import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import english from '../../public/_locales/en/messages.json';
import { venues } from '../../src/feeds';
import { createTransport } from '../../src/feeds/net/http';
import { systemClock } from '../../src/feeds/net/pacing';
import { useTexts } from '../../src/ui/text';
import type { Attributes } from '../../src/widget/attributes';
import { load, SourceError } from '../../src/widget/source';

useTexts(english);

const src = 'https://blog.example/eth.json';
const committed = readFileSync('docs/snapshots/eth.json', 'utf8');
const eth: Attributes = { symbol: 'ETH-USDT', window: '24h', theme: 'auto', src };

/** Loads with a network that answers every request like this. */
function loadWith(answer: () => Promise<Response>, attributes = eth, signal = new AbortController().signal) {
  const fetch = () => answer();
  const transport = createTransport({ fetch, clock: systemClock, random: () => 0 });
  return load(attributes, { fetch, transport, venues, now: () => systemClock.now() }, signal);
}

const gives = (text: string) => () => Promise.resolve(new Response(text));

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
    expect(loaded.health.map(({ venue }) => venue)).toEqual(venues.map(({ id }) => id));
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
    ['has no candles', gives(changed(['windows', '24h', 'candles'], [])), /\(windows\.24h\.candles: /],
    ['lacks the window', gives(changed(['windows', '24h'], undefined)), /has no map for 24h/],
    ['is of another coin', gives(changed(['symbol'], 'BTC-USDT')), /holds BTC-USDT, not ETH-USDT/],
  ])('that %s is refused with the reason', async (_, answer, reason) => {
    const refused = loadWith(answer);
    await expect(refused).rejects.toBeInstanceOf(SourceError);
    await expect(refused).rejects.toThrow(reason);
    await expect(refused).rejects.toThrow(src);
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
