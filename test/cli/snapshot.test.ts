import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import english from '../../public/_locales/en/messages.json';
import { writeSnapshot } from '../../src/cli/snapshot';
import { venues } from '../../src/feeds';
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
  test('writes one file that the widget can read, and prints its path', async () => {
    const { stdout } = await command('snapshot', '--symbol', 'ETH', '--out', join(folder, 'new'), '--replay');
    expect(stdout.trim()).toBe(join(folder, 'new', 'ETH.json'));
    expect(await readdir(join(folder, 'new'))).toEqual(['ETH.json']);
    const snapshot = Snapshot.parse(JSON.parse(await readFile(stdout.trim(), 'utf8')));
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
    await expect(writeSnapshot('ETH', folder, { venues, transport, now: systemClock.now })).rejects.toThrow(
      /^No exchange answered for ETH-USDT\nBinance does not serve this address.*\nBybit .*\nOKX .*\nBitget .*\nHyperliquid does not/,
    );
    expect(await readFile(path, 'utf8')).toBe('the last good one');
    expect(await readdir(folder)).toEqual(['ETH.json']);
  });

  test.each([
    [['snapshot', '--symbol', '../ETH', '--out', '.'], 1, /names no market/],
    [['snapshot', '--out', '.'], 2, /^liqbands snapshot --symbol/],
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
