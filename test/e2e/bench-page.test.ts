import { expect, it } from 'vitest';
import { benchPage } from '../../src/cli/bench-page';

it('the page benchmark pans both pages and gives finite figures in generous bounds', async () => {
  const { gzip, frames, ...figures } = await benchPage(1, 30);
  expect(frames).toBe(60);
  for (const [name, value] of Object.entries({ ...figures, ...gzip }))
    expect(value, name).toBeTypeOf('number');
  expect(figures.frameTimeRatio).toBeGreaterThan(0.2);
  expect(figures.frameTimeRatio).toBeLessThan(5);
  expect(figures.scriptMsPerFrame).toBeLessThan(50);
  expect(Math.abs(figures.heapMb)).toBeLessThan(20);
  expect(gzip.pageWorld).toBeGreaterThan(1);
  expect(gzip.pageWorld).toBeLessThan(5);
}, 180_000);
