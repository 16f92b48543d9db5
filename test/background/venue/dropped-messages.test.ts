import { expect, it } from 'vitest';
import { DroppedMessages } from '../../../src/background/venue/dropped-messages';

it('messages left out are counted by source and reason, the most frequent first', () => {
  const dropped = new DroppedMessages();
  dropped.add('okx', 'not JSON');
  for (let i = 0; i < 3; i++) dropped.add('okx', 'data.0: too small');
  dropped.add('bybit', 'not text');
  expect(dropped.of('okx')).toEqual([
    { reason: 'data.0: too small', count: 3 },
    { reason: 'not JSON', count: 1 },
  ]);
  expect(dropped.of('binance')).toEqual([]);
});

it('reasons that a venue makes up cost no more than twenty, cut short, and none is uncounted', () => {
  const dropped = new DroppedMessages();
  for (let i = 0; i < 5000; i++) dropped.add('okx', `refused: ${i} ${'x'.repeat(10_000)}`);
  const told = dropped.of('okx');
  expect(told.length).toBeLessThanOrEqual(21);
  expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(5000);
  expect(Math.max(...told.map(({ reason }) => reason.length))).toBeLessThanOrEqual(120);
});
