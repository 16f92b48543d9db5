import { expect, test } from 'vitest';
import { BookTurns } from '../../../src/background/venue/book-turns';
import { staleMs } from '../../../src/background/venue/venue-clock';
import { binance } from '../../../src/feeds/binance';
import { okx } from '../../../src/feeds/okx';

test('the books of many symbols are asked for less often, and before those that came before are of no use', () => {
  const turns = new BookTurns();
  const follow = (count: number) => {
    for (let i = 0; i < count; i++) turns.count('binance', 1);
  };
  follow(1);
  expect(turns.everyMs(binance)).toBe(15_000);
  expect(turns.everyMs(okx)).toBe(30_000);
  follow(19);
  expect(turns.everyMs(binance)).toBe(40_000);
  expect(turns.everyMs(okx)).toBe(30_000);
  follow(80);
  expect(turns.everyMs(binance)).toBeLessThan(staleMs - 10_000);
  for (let i = 0; i < 99; i++) turns.count('binance', -1);
  expect(turns.everyMs(binance)).toBe(15_000);
});
