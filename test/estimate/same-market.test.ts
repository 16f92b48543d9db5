import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import english from '../../public/_locales/en/messages.json';
import { writeSnapshot } from '../../src/cli/snapshot';
import { venueFeeds as allVenues } from '../../src/feeds';
import type { MapView } from '../../src/protocol/view';
import { MarketStage, StagePage } from '../../src/tools/market-stage';
import { languageOf } from '../../src/ui/languages';
import { useTexts } from '../../src/ui/text';
import { load } from '../../src/widget/source';

useTexts(english);

/**
 * One recorded market, standing still: as the worker has it after it has followed it live and filled its history, as the
 * command line reads it in one go, and as the widget loads what that wrote. One venue keeps open interest, one does not
 * and keeps less of its five-minute bars than the map counts.
 */
const ids = ['binance', 'hyperliquid'] as const;
const venues = allVenues.filter(({ id }) => ids.some((each) => each === id));
const stage = new MarketStage(Date.UTC(2026, 10, 21, 3, 1));
let folder: string;
let worker: MapView;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'liqbands-same-'));
  await stage.open({ speed: 0 });
  const market = stage.market('ETH-USDT', [...ids]);
  const page = new StagePage('binance');
  market.watch(page);
  await stage.until('the whole history', () => page.map?.provisional === false, 120_000);
  await stage.pass(5000);
  market.stop();
  worker = page.map!;
  const { transport } = stage.services;
  await writeSnapshot('ETH', folder, { venues, transport, now: () => stage.clock.now() });
}, 120_000);
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

test('worker, command line and widget show one market as the same map, to the last bit', async () => {
  const widget = await load(
    {
      symbol: 'ETH-USDT',
      window: '24h',
      mode: 'levels',
      theme: 'auto',
      palette: 'viridis',
      venues: [...ids],
      src: 'https://blog.example/ETH.json',
    },
    languageOf(['en']).speak,
    {
      fetch: async () => new Response(await readFile(join(folder, 'ETH.json'))),
      live: () => Promise.reject(new Error('not wanted')),
      now: () => stage.clock.now(),
    },
    new AbortController().signal,
  );
  // What differs: when the newest figure came, closing prices (candles tell them), and the books, which only live pages ask.
  const estimateOf = ({ asOf: _, closes: __, clusters, ...rest }: MapView) => ({
    ...rest,
    clusters: clusters.map(({ depth: ___, ...cluster }) => cluster),
  });
  expect(estimateOf(widget.view)).toEqual(estimateOf(worker));
});
