import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import english from '../../public/_locales/en/messages.json';
import { writeSnapshot } from '../../src/cli/snapshot';
import { venueFeeds as allVenues } from '../../src/feeds';
import { FeedError } from '../../src/feeds/feed';
import { createTransport, type Transport } from '../../src/feeds/net/http';
import { systemClock } from '../../src/feeds/net/pacing';
import type { Snapshot } from '../../src/protocol/snapshot';
import { createReplay, type ReplayExchange, replayFetch } from '../../src/tools/replay';
import { languageOf } from '../../src/ui/languages';
import { useTexts } from '../../src/ui/text';
import { load } from '../../src/widget/source';

/** A publisher with one job that writes files, a static server, and readers: what each costs the exchanges. */

useTexts(english);

const venues = allVenues.filter(({ id }) => id === 'binance' || id === 'bybit');
let folder: string;
let replay: ReplayExchange;
let transport: Transport;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'liqbands-publisher-'));
  replay = await createReplay();
  transport = createTransport({ fetch: replayFetch(replay.port), clock: systemClock, random: Math.random });
  await writeSnapshot('ETH', folder, { venues, transport, now: systemClock.now });
}, 120_000);
afterAll(async () => {
  await replay.close();
  await rm(folder, { recursive: true, force: true });
});

const requests = () => Object.values(replay.stats().venues).reduce((sum, venue) => sum + venue.requests, 0);
const path = () => join(folder, 'ETH.json');

test('a snapshot with a heatmap of 24 h and all windows weighs less than 150 kB', async () => {
  const text = await readFile(path(), 'utf8');
  expect(gzipSync(text).length).toBeLessThan(150_000);
  const { heatmap } = (JSON.parse(text) as Snapshot).windows['24h']!;
  expect(heatmap!.columns * heatmap!.columnMs).toBe(86_400_000);
});

test('10,000 readers cost the venues nothing', async () => {
  const body = await promisify(gzip)(await readFile(path()));
  const etag = '"1"';
  const server = createServer((request, response) => {
    response.setHeader('cache-control', 'public, max-age=60, stale-while-revalidate=300');
    response.setHeader('etag', etag);
    if (request.headers['if-none-match'] === etag) return response.writeHead(304).end();
    response.setHeader('content-encoding', 'gzip');
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ETH.json`;
  const before = requests();
  expect(before).toBeGreaterThan(10);

  // One reads as the widget does; what the others load is the same bytes.
  const attributes = {
    symbol: 'ETH-USDT',
    window: '24h',
    mode: 'heatmap',
    theme: 'auto',
    palette: 'viridis',
  } as const;
  const around = { fetch, live: () => Promise.reject(new Error('asked the venues')), now: systemClock.now };
  const { speak } = languageOf(['en']);
  const read = await load(
    { ...attributes, venues: [], src: url },
    speak,
    around,
    new AbortController().signal,
  );
  expect(read.heatmap?.rows).toBeGreaterThan(50);

  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const statuses = new Map<number, number>();
  const reader = (headers: Record<string, string>) =>
    new Promise<void>((resolve, reject) => {
      get(url, { agent, headers }, (response) => {
        const status = response.statusCode!;
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        response.on('end', resolve).resume();
      }).on('error', reject);
    });
  // Each comes once; every second one came before and asks whether there is something new.
  for (let k = 0; k < 10_000; k += 100)
    await Promise.all(Array.from({ length: 100 }, (_, i) => reader(i % 2 ? { 'if-none-match': etag } : {})));
  agent.destroy();
  server.close();
  expect(Object.fromEntries(statuses)).toEqual({ 200: 5000, 304: 5000 });
  expect(requests() - before).toBe(0);
}, 120_000);

test('the last good file stays while a venue of it does not answer, for a quarter of an hour', async () => {
  const good = await readFile(path(), 'utf8');
  const isBybit = (source: { id: string }) => source.id === 'bybit';
  const without: Transport = {
    ...transport,
    run: (source, call, options) =>
      isBybit(source)
        ? Promise.reject(new FeedError('down', 'bybit', 'no connection'))
        : transport.run(source, call, options),
  };
  const write = (now: number) => writeSnapshot('ETH', folder, { venues, transport: without, now: () => now });
  const made = (JSON.parse(good) as Snapshot).time;
  await expect(write(made + 5 * 60_000)).rejects.toThrow(
    /ETH\.json is kept as it was\nBybit does not answer/,
  );
  expect(await readFile(path(), 'utf8')).toBe(good);

  await write(made + 16 * 60_000);
  const { health } = JSON.parse(await readFile(path(), 'utf8')) as Snapshot;
  expect(health.map(({ venue, state }) => [venue, state])).toEqual([
    ['binance', 'ok'],
    ['bybit', 'down'],
  ]);
}, 120_000);

test('a reader at any moment has a whole file', async () => {
  await writeFile(path(), 'a file that is none');
  const inode = (await stat(path())).ino;
  const open = createReadStream(path(), 'utf8');
  await writeSnapshot('ETH', folder, { venues: venues.slice(0, 1), transport, now: systemClock.now });
  // Who had it open reads the old one; the new one is another file, and nothing unfinished lies beside it.
  expect((await open.toArray()).join('')).toBe('a file that is none');
  expect((await stat(path())).ino).not.toBe(inode);
  expect(await readdir(folder)).toEqual(['ETH.json']);
}, 120_000);
