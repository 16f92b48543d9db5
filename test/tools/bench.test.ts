import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rounds } from '../../src/tools/bench-faults';
import { steadinessByBars, steadinessInWorker } from '../../src/tools/bench-levels';
import { faultKinds } from '../../src/tools/replay';

const root = resolve(import.meta.dirname, '../..');
function bench(...options: string[]) {
  const command = [join(root, 'node_modules/tsx/dist/cli.mjs'), 'src/tools/bench.ts', ...options];
  return spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
}

describe('npm run bench', { timeout: 120_000 }, () => {
  test('engine --json: 43,200 bars within the budget of a worker, and a heap that stays flat', () => {
    const { stdout, status } = bench('engine', '--json');
    expect(status).toBe(0);
    const { engine } = JSON.parse(stdout);
    expect(engine.bars).toBe(43_200);
    // Twice and more of what an idle machine needs: other tests run beside this one.
    expect(engine.buildMs).toBeLessThan(250);
    expect(engine.ratioToAdditions).toBeLessThan(6);
    expect(engine.newBarMs).toBeLessThan(0.1);
    expect(engine.metricsMs).toBeLessThan(5);
    expect(engine.shownMs).toBeGreaterThan(engine.forwardMs);
    expect(engine.shownMs).toBeLessThan(10);
    expect(engine.heapGrowthBytes).toBeLessThan(100_000);
    for (const row of engine.scaling) {
      expect(row).toMatchObject({
        bars: expect.any(Number),
        venues: expect.any(Number),
        tiers: expect.any(Number),
      });
      expect(row.ms).toBeGreaterThan(0);
    }
  });

  test('levels: over a replayed day, built anew with each bar, nine of ten that price did not reach are there an hour later', () => {
    const day = steadinessByBars('XRP');
    expect(day.levels).toBeGreaterThan(2);
    expect(day.stillThere).toBeGreaterThanOrEqual(0.9);
    expect(day.changesPerHour).toBeLessThan(1);
  });

  test('levels: as the worker tells them to a page, they do not come and go', async () => {
    const minutes = await steadinessInWorker(10 * 60_000);
    expect(minutes.times).toBeGreaterThan(2);
    expect(minutes.levels).toBeGreaterThan(1);
    expect(minutes.changesPerHour).toBeLessThan(4);
  });

  test('faults: makes every fault the replay can make', () => {
    const made = rounds.flatMap(({ cases }) => Object.values(cases).flatMap(({ parts }) => parts));
    expect(new Set(made.map(({ kind }) => kind))).toEqual(new Set(faultKinds));
    const statuses = made.flatMap(({ status }) => status ?? []);
    for (const status of [403, 418, 429, 451, 503]) expect(statuses).toContain(status);
  });

  test('an unknown name lists the known ones', () => {
    const { stderr, status } = bench('nothing');
    expect(status).toBe(1);
    expect(stderr).toContain('engine|');
  });
});
