import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { PNG } from 'pngjs';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'liqbands-'));
/** The first three weeks of a set that ships: what is asked here does not need all of it. */
function weeksOf(file: string): string {
  const short = join(folder, basename(file));
  const lines = readFileSync(join(root, 'src/tools/replay/data', file), 'utf8').split('\n');
  writeFileSync(short, lines.slice(0, 1 + 21 * 24).join('\n'));
  return short;
}
const bars = weeksOf('binance-ETHUSDT-1h-2024.csv');
function evaluate(...options: string[]) {
  const command = [join(root, 'node_modules/tsx/dist/cli.mjs'), 'src/tools/evaluate.ts', ...options];
  return spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
}

describe('npm run evaluate', { timeout: 240_000 }, () => {
  test('--json on a named file prints the promised keys and nothing else; --png a picture', () => {
    const picture = join(folder, 'picture.png');
    const { stdout, status } = evaluate(
      '--bars',
      bars,
      '--bucket',
      '1h',
      '--warmup',
      '240h',
      '--json',
      '--png',
      picture,
    );
    expect(status).toBe(0);
    const { sets } = JSON.parse(stdout);
    expect(sets).toHaveLength(1);
    for (const key of ['n', 'rho', 'deviance', 'lift', 'total', 'q'])
      expect(sets[0][key]).toBeTypeOf('number');
    expect(sets[0].name).toBe('binance-ETHUSDT-1h-2024');
    expect(sets[0].baselines.move).toMatchObject({ rho: expect.any(Number), deviance: expect.any(Number) });
    const [hour, four] = sets[0].forward;
    expect([hour.buckets, four.buckets]).toEqual([1, 4]);
    for (const key of ['rho', 'deviance', 'total', 'coverage']) {
      expect(hour[key]).toBeTypeOf('number');
      expect(sets[0].nowcast[key]).toBeTypeOf('number');
    }
    expect(hour.distanceOnly).toMatchObject({ rho: expect.any(Number), deviance: expect.any(Number) });
    for (const three of [hour.deltaRho, hour.deltaDeviance, sets[0].levels.lift, sets[0].levels.liftAway]) {
      expect(three).toHaveLength(3);
      expect(three[0]).toBeLessThanOrEqual(three[1]);
      expect(three[1]).toBeLessThanOrEqual(three[2]);
    }
    for (const key of ['perSide', 'widthPct', 'persistence', 'placebo'])
      expect(sets[0].levels[key]).toBeTypeOf('number');
    const { width, height } = PNG.sync.read(readFileSync(picture));
    expect([width, height]).toEqual([420, 420]);
  });

  test('several sets in one run come in their order, the same each time', () => {
    const sol = weeksOf('binance-SOLUSDT-1h-2024.csv');
    const options = [
      '--bars',
      bars,
      '--bars',
      sol,
      '--name',
      'one',
      '--name',
      'two',
      '--warmup',
      '240h',
      '--json',
    ];
    const { stdout } = evaluate(...options);
    const { sets, pooled } = JSON.parse(stdout);
    expect(sets.map(({ name }: { name: string }) => name)).toEqual(['one', 'two']);
    expect(pooled.lift).toHaveLength(3);
    // The same as folders of data, each time the same.
    const folders = [bars, sol].map((file, k) => {
      const data = join(folder, `data${k}`);
      mkdirSync(join(data, 'bars'), { recursive: true });
      copyFileSync(file, join(data, 'bars', basename(file)));
      return ['--data', data];
    });
    const again = JSON.parse(evaluate(...folders.flat(), '--json').stdout);
    expect(again.sets.map(({ name }: { name: string }) => name)).toEqual(['ETH 1h, 2024', 'SOL 1h, 2024']);
    expect(again.pooled).toEqual(pooled);
  });

  test.each([
    [['--bars', 'package.json'], 'package.json: not a CSV file'],
    [['--bars', bars, '--bucket', 'soon'], '--bucket soon: a duration'],
    [['--bars', bars, '--warmup', '90d'], 'at least 40 buckets'],
    [['--liquidations', bars], '--liquidations needs --bars'],
    [['--bars', bars, '--liquidations', '-', '--liquidations', '-'], '--liquidations: 2 for 1 --bars'],
    [
      ['--bars', bars, '--bars', bars, '--bars', bars, '--bucket', '1h', '--bucket', '2h'],
      '--bucket: one for all',
    ],
    [['--data', 'docs'], 'docs: no bars with forced liquidations'],
    [['--colour'], "Unknown option '--colour'"],
  ])('%j ends with one sentence', (options, what) => {
    const { stderr, stdout, status } = evaluate(...options);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(what);
    expect(stderr).not.toContain('    at ');
  });
});
