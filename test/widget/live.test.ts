import { afterAll, beforeAll, expect, test } from 'vitest';
import { venueFeeds } from '../../src/feeds';
import { createReplay, type ReplayExchange, replayFetch, replayWebSocket } from '../../src/tools/replay';
import { languageOf } from '../../src/ui/languages';
import { type VenueId, venueIds } from '../../src/venues';
import { createLive, type LiveSurroundings } from '../../src/widget/live';

let replay: ReplayExchange;
beforeAll(async () => {
  replay = await createReplay({ speed: 1 });
});
afterAll(() => replay.close());

/** A page's own network, led to the replay; `refused` hosts are not to be read from other sites' pages. */
function page({ refused = [] as string[], WebSocket = replayWebSocket(replay.port) as never } = {}) {
  const asked: string[] = [];
  const get = replayFetch(replay.port);
  const fetch: LiveSurroundings['fetch'] = (input, init) => {
    const url = String(input);
    asked.push(url);
    if (!refused.includes(new URL(url).host)) return get(input, init);
    return init?.mode === 'no-cors'
      ? Promise.resolve(new Response())
      : Promise.reject(new TypeError('fetch'));
  };
  const live = createLive({ fetch, WebSocket });
  const read = (venues: readonly VenueId[], until: AbortSignal) =>
    live({
      symbol: 'ETH-USDT',
      windows: ['24h'],
      venues,
      say: languageOf(['en']).speak,
      signal: new AbortController().signal,
      until,
    });
  return { read, asked };
}

const open = () => Object.values(replay.stats().venues).reduce((sum, { sockets }) => sum + sockets, 0);

test('what is now comes by sockets: asked once more, hardly anything is requested; with the last element they close', async () => {
  const { read, asked } = page();
  const shown = new AbortController();
  const first = await read(venueIds, shown.signal);
  expect(first.health.map(({ state }) => state)).toEqual(venueIds.map(() => 'ok'));
  expect(asked.length).toBeGreaterThan(20);

  // On a busy machine a socket may take a while to say something.
  let again = first;
  const requests = async () => {
    asked.length = 0;
    again = await read(venueIds, shown.signal);
    return asked.length;
  };
  await expect.poll(requests, { timeout: 90_000 }).toBeLessThanOrEqual(venueIds.length);
  expect(open()).toBeGreaterThanOrEqual(venueIds.length);
  expect(again.health.map(({ state }) => state)).toEqual(venueIds.map(() => 'ok'));
  expect(again.windows['24h']!.candles.length).toBeGreaterThan(280);
  expect(again.windows['24h']!.view.asOf).toBeGreaterThanOrEqual(first.windows['24h']!.view.asOf);

  shown.abort();
  await expect.poll(open, { timeout: 60_000 }).toBe(0);
});

test('where no socket opens, as under a strict policy, all is asked for', async () => {
  class Closed extends EventTarget {
    constructor() {
      super();
      queueMicrotask(() => this.dispatchEvent(new Event('close')));
    }
    send() {}
    close() {}
  }
  const { read } = page({ WebSocket: Closed as never });
  const shown = new AbortController();
  const { health, windows } = await read(['binance'], shown.signal);
  expect(health).toMatchObject([{ state: 'ok' }]);
  expect(windows['24h']!.view.price).toBeGreaterThan(0);
  shown.abort();
});

test('a venue that answers but may not be read is left out and named as such; one that is away is not', async () => {
  const { read } = page({ refused: venueFeeds.find(({ id }) => id === 'okx')!.hosts });
  const shown = new AbortController();
  const { health, windows } = await read(['okx', 'bybit'], shown.signal);
  expect(windows['24h']).toBeDefined();
  expect(health.find(({ venue }) => venue === 'okx')).toMatchObject({
    state: 'down',
    reason: 'OKX does not let other sites’ pages read its data.',
  });
  expect(health.find(({ venue }) => venue === 'bybit')).toMatchObject({ state: 'ok', reason: '' });
  shown.abort();
});
