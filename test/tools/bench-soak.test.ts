import { expect, test } from 'vitest';
import { minuteMs } from '../../src/engine/time';
import { benchSoak } from '../../src/tools/bench-soak';

/** Half an hour of what `npm run bench -- soak` does for two days, on one venue. */

test('half an hour in which everything goes wrong in turn ends with what an undisturbed one knows', async () => {
  const soak = await benchSoak({
    hours: 0.6,
    on: ['binance'],
    seed: 190,
    roundMs: 5 * minuteMs,
    recoverMs: 14 * minuteMs,
  });
  expect(soak).toMatchObject({ deaths: 3, sleeps: 1, offline: 1, faults: { 503: 1 } });
  expect(soak.bars).toMatchObject({ missing: 0, differing: 0 });
  expect(soak.bars.compared).toBeGreaterThan(12);
  expect(soak.openInterest).toMatchObject({ missing: 0, differing: 0 });
  expect(soak.heardInterest.astray).toBe(0);
  expect(soak.forcedOrders).toMatchObject({ missingInHeard: [], invented: 0 });
  expect(soak.mapDiffers).toBeLessThan(0.001);
  // What has ended is not held.
  expect(soak.samples.map(({ workers }) => workers)).toEqual(soak.samples.map(() => 1));
  expect(soak).toMatchObject({ unwell: [], limited: 0, brokenMaps: 0 });
}, 600_000);
