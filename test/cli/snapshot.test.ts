import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PNG } from 'pngjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import english from '../../public/_locales/en/messages.json';
import { writeSnapshot } from '../../src/cli/snapshot';
import { venueFeeds } from '../../src/feeds';
import { createTransport } from '../../src/feeds/net/http';
import { systemClock } from '../../src/feeds/net/pacing';
import { Snapshot } from '../../src/protocol/snapshot';
import { useTexts } from '../../src/ui/text';

useTexts(english);

const run = promisify(execFile);
const command = (...given: string[]) => run(process.execPath, ['src/cli/liqbands.mjs', ...given]);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'liqbands-snapshot-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('liqbands snapshot', () => {
  test('writes a file a market that the widget can read, prints its path, and goes on after one that is none', async () => {
    const out = join(folder, 'new');
    const given = [
      '--symbol',
      'ETH,ETH/USDT,BTC',
      '--out',
      out,
      '--venues',
      'hyperliquid,binance',
      '--lang',
      'en,ru',
      '--replay',
    ];
    const told = await command('snapshot', ...given).catch((error: unknown) => error);
    expect(told).toMatchObject({
      code: 1,
      stdout: `${join(out, 'ETH.json')}\n${join(out, 'BTC.json')}\n`,
      stderr: expect.stringMatching(/^"ETH\/USDT" names no market that a file can be named after/),
    });
    const pictures = ['-dark.png', '-dark.svg', '.png', '.svg', '.txt'];
    const files = ['.json', ...pictures, ...pictures.map((file) => `.ru${file}`)];
    expect((await readdir(out)).sort()).toEqual(
      ['BTC', 'ETH'].flatMap((symbol) => files.map((file) => symbol + file)).sort(),
    );
    const words = (await readFile(join(out, 'ETH.txt'), 'utf8')).trim();
    expect(words).toMatch(
      /^Estimated liquidations of ETH-USDT by price: [\d,.]+, .* UTC\. Positions of the last 24 hours: Binance, Hyperliquid\. (Longs|Shorts) /,
    );
    expect(await readFile(join(out, 'ETH.ru.txt'), 'utf8')).toMatch(/ликвидац.*(Лонги|Шорты) /);
    expect(await readFile(join(out, 'ETH.ru.png'))).not.toEqual(await readFile(join(out, 'ETH.png')));
    const [, title] = /<title>(.*)<\/title>/.exec(await readFile(join(out, 'ETH.svg'), 'utf8'))!;
    expect(title).toBe(words);
    const { width, height, data } = PNG.sync.read(await readFile(join(out, 'ETH.png')));
    expect([width, height]).toEqual([1200, 630]);
    const colors = new Set(new Uint32Array(data.buffer, data.byteOffset, width * height));
    expect(colors.size).toBeGreaterThan(100);
    const snapshot = JSON.parse(await readFile(join(out, 'ETH.json'), 'utf8')) as Snapshot;
    expect(Snapshot(snapshot)).toBeUndefined();
    expect(snapshot.health.map(({ venue }) => venue)).toEqual(['binance', 'hyperliquid']);
    expect(snapshot.symbol).toBe('ETH-USDT');
    expect(Object.keys(snapshot.windows)).toEqual(['12h', '24h', '7d', '30d']);
  }, 120_000);

  test('leaves the last good file alone when no venue answers, and says why for each', async () => {
    const path = join(folder, 'ETH.json');
    await writeFile(path, 'the last good one');
    const transport = createTransport({
      fetch: async () => new Response('no', { status: 451 }),
      clock: systemClock,
      random: () => 0,
    });
    await expect(
      writeSnapshot('ETH', folder, { venues: venueFeeds, transport, now: systemClock.now }),
    ).rejects.toThrow(
      /^No exchange answered for ETH-USDT\nBinance does not serve this address.*\nBybit .*\nOKX .*\nBitget .*\nHyperliquid does not/,
    );
    expect(await readFile(path, 'utf8')).toBe('the last good one');
    expect(await readdir(folder)).toEqual(['ETH.json']);
  });

  test.each([
    [['snapshot', '--symbol', '../ETH', '--out', '.'], 1, /names no market/],
    [['snapshot', '--out', '.'], 2, /^liqbands snapshot --symbol/],
    [
      ['snapshot', '--symbol', 'ETH', '--out', '.', '--venues', 'nyse'],
      1,
      /^--venues nyse is none of binance, /,
    ],
    [['map', '--symbol', 'ETH', '--window', '2h', '--replay'], 1, /^--window 2h is none of 12h, 24h/],
    [
      ['snapshot', '--symbol', 'ETH', '--out', '.', '--every', '5s'],
      1,
      /^--every 5s is no length of time from 1m to 24h/,
    ],
    [['snapshot', '--symbol', 'ETH', '--out', '.', '--lang', 'tlh'], 1, /^--lang tlh is none of en, es, ja/],
    [['map'], 2, /^liqbands snapshot --symbol/],
    [['draw'], 2, /^liqbands snapshot --symbol/],
    [['snapshot', '--sybmol', 'ETH'], 1, /sybmol/],
  ])(
    'with %j ends with status %i and says what it expects',
    async (given, code, words) => {
      await expect(command(...given)).rejects.toMatchObject({ code, stderr: expect.stringMatching(words) });
    },
    30_000,
  );
});

describe('liqbands map', () => {
  const given = ['map', '--symbol', 'ETH', '--venues', 'binance', '--replay'];

  test('tells the levels of a market in lines, and all of it as JSON', async () => {
    const [lines, json] = await Promise.all([
      command(...given),
      command(...given, '--window', '7d', '--json'),
    ]);
    expect(lines.stdout).toMatch(/^ETH-USDT [\d,.]+, estimate of positions of the last 24h, from Binance\n/);
    expect(lines.stdout).toMatch(
      /within 5 %: \$[\d.]+[MB] of longs at risk below, \$[\d.]+[MB] of shorts above/,
    );
    expect(lines.stdout).toMatch(/^(Longs|Shorts) [\d,.]+ · [−+][\d.]+\s%/m);
    const { symbol, view, health } = JSON.parse(json.stdout);
    expect(symbol).toBe('ETH-USDT');
    expect(health).toMatchObject([{ venue: 'binance', state: 'ok' }]);
    expect(view).toMatchObject({ window: '7d', levels: expect.any(Array) });
  }, 120_000);
});
