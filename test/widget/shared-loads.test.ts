import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import english from '../../public/_locales/en/messages.json';
import { createTransport } from '../../src/feeds/net/http';
import { systemClock } from '../../src/feeds/net/pacing';
import { useTexts } from '../../src/ui/text';
import { venueIds } from '../../src/venues';
import type { Attributes } from '../../src/widget/attributes';
import { SharedLoads } from '../../src/widget/shared-loads';

useTexts(english);

const committed = readFileSync('docs/snapshots/eth.json', 'utf8');
const eth: Attributes = {
  symbol: 'ETH-USDT',
  window: '24h',
  mode: 'levels',
  theme: 'auto',
  palette: 'viridis',
  venues: [...venueIds],
  src: 'https://blog.example/eth.json',
};

/** Loads of a page whose replies come when they are let. */
function pageOf() {
  let time = 0;
  const asked: { answer(response: Response): void; signal: AbortSignal }[] = [];
  const get = (_: unknown, { signal }: RequestInit = {}) =>
    new Promise<Response>((answer, refuse) => {
      asked.push({ answer, signal: signal! });
      signal!.addEventListener('abort', () => refuse(signal!.reason as Error));
    });
  const transport = createTransport({ fetch: get, clock: systemClock, random: () => 0 });
  const loads = new SharedLoads({ fetch: get, transport, venues: [], now: () => time });
  const pass = (ms: number) => {
    time += ms;
  };
  return { loads, asked, pass };
}

const staying = () => new AbortController().signal;

test('elements that show one market in their own ways load it once', async () => {
  const { loads, asked, pass } = pageOf();
  const both = [loads.load(eth, staying()), loads.load({ ...eth, mode: 'bands', theme: 'dark' }, staying())];
  expect(asked).toHaveLength(1);
  asked[0]!.answer(new Response(committed));
  const [one, other] = await Promise.all(both);
  expect(other).toBe(one);
  pass(29_000);
  expect(await loads.load(eth, staying())).toBe(one);
  pass(2000);
  void loads.load(eth, staying());
  expect(asked).toHaveLength(2);
});

test('one that leaves takes nothing from the others; when all have left, loading stops', async () => {
  const { loads, asked } = pageOf();
  const [first, second] = [new AbortController(), new AbortController()];
  const left = loads.load(eth, first.signal).catch(String);
  const stays = loads.load(eth, second.signal).catch(String);
  first.abort(new Error('gone'));
  expect(asked[0]!.signal.aborted).toBe(false);
  second.abort(new Error('gone too'));
  expect(asked[0]!.signal.aborted).toBe(true);
  expect(await stays).toMatch(/gone too/);
  expect(await left).toMatch(/gone/);
});

test('what failed is tried again by the next', async () => {
  const { loads, asked } = pageOf();
  const failed = loads.load(eth, staying()).catch(String);
  asked[0]!.answer(new Response('', { status: 503 }));
  expect(await failed).toMatch(/HTTP 503/);
  const again = loads.load(eth, staying());
  asked[1]!.answer(new Response(committed));
  expect((await again).view.symbol).toBe('ETH-USDT');
});
