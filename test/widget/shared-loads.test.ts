import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { languageOf } from '../../src/ui/languages';
import { venueIds } from '../../src/venues';
import type { Attributes } from '../../src/widget/attributes';
import { SharedLoads } from '../../src/widget/shared-loads';

const english = languageOf(['en']);
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
  const loads = new SharedLoads({ fetch: get, live: () => Promise.reject(), now: () => time });
  const pass = (ms: number) => {
    time += ms;
  };
  return { loads, asked, pass };
}

const staying = () => new AbortController().signal;

test('elements that show one market in their own ways load it once', async () => {
  const { loads, asked, pass } = pageOf();
  const both = [
    loads.load(eth, english, staying()),
    loads.load({ ...eth, mode: 'bands', theme: 'dark' }, english, staying()),
  ];
  expect(asked).toHaveLength(1);
  asked[0]!.answer(new Response(committed));
  const [one, other] = await Promise.all(both);
  expect(other).toBe(one);
  pass(29_000);
  expect(await loads.load(eth, english, staying())).toBe(one);
  pass(2000);
  void loads.load(eth, english, staying());
  expect(asked).toHaveLength(2);
});

test('one that leaves takes nothing from the others; when all have left, loading stops', async () => {
  const { loads, asked } = pageOf();
  const [first, second] = [new AbortController(), new AbortController()];
  const left = loads.load(eth, english, first.signal).catch(String);
  const stays = loads.load(eth, english, second.signal).catch(String);
  first.abort(new Error('gone'));
  expect(asked[0]!.signal.aborted).toBe(false);
  second.abort(new Error('gone too'));
  expect(asked[0]!.signal.aborted).toBe(true);
  expect(await stays).toMatch(/gone too/);
  expect(await left).toMatch(/gone/);
});

test('what failed is tried again by the next', async () => {
  const { loads, asked } = pageOf();
  const failed = loads.load(eth, english, staying()).catch(String);
  asked[0]!.answer(new Response('', { status: 503 }));
  expect(await failed).toMatch(/HTTP 503/);
  const again = loads.load(eth, english, staying());
  asked[1]!.answer(new Response(committed));
  expect((await again).view.symbol).toBe('ETH-USDT');
});
