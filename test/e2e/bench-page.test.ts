import { expect, it } from 'vitest';
import { benchPage, measured } from '../../src/tools/bench-page';

it('the page benchmark pans both pages and gives finite figures in generous bounds', async () => {
  const { gzip, intervals, uncapped, ...figures } = await benchPage(2, 30);
  expect(figures.frames).toBe(60);
  const all = { ...figures, ...gzip, ...uncapped, addedMs: uncapped.addedMs.median };
  for (const [name, value] of Object.entries(all)) expect(value, name).toSatisfy(Number.isFinite);
  for (const [name, { median, low, high }] of Object.entries(intervals)) {
    expect(low, name).toBeLessThanOrEqual(median);
    expect(high, name).toBeGreaterThanOrEqual(median);
  }
  expect(figures.frameTimeRatio).toBeGreaterThan(0.2);
  expect(figures.frameTimeRatio).toBeLessThan(5);
  expect(figures.scriptMsPerFrame).toBeLessThan(5);
  expect(Math.abs(figures.heapMb)).toBeLessThan(20);
  // Without a GPU, where blending is dearest, three and a half times the page's own.
  expect(uncapped.frameMs).toBeLessThan(5 * uncapped.frameMsWithout);
  expect(gzip.pageWorld).toBeGreaterThan(1);
  expect(gzip.pageWorld).toBeLessThan(5);
}, 180_000);

it('a median comes with the interval that the sign test gives it', () => {
  const values = Array.from({ length: 36 }, (_, i) => i + 1);
  // 36 values: the true median lies between the 13th and the 24th, 95 times in 100.
  expect(measured(values)).toEqual({ median: 18.5, low: 13, high: 24 });
  expect(measured([7])).toEqual({ median: 7, low: 7, high: 7 });
});
