import { expect, test } from 'vitest';
import { SeenIds } from '../../../src/background/venue/seen-ids';

/** As venues without ids of their own have theirs made. */
const id = (i: number) => `${1795230600000 + Math.floor(i / 7)}:Sell:${66_000 + (i % 7) / 10}:0.0${i % 3}`;

test('each of many ids is new once', () => {
  const ids = new SeenIds(1_000_000);
  const many = Array.from({ length: 100_000 }, (_, i) => id(i));
  expect(many.filter((each) => ids.add(each))).toHaveLength(many.length);
  expect(many.filter((each) => ids.add(each))).toEqual([]);
  expect(ids.size).toBe(many.length);
});

test('texts that differ little are told apart', () => {
  const ids = new SeenIds(1_000_000);
  for (const text of ['', '0', '00', 'a', 'b', 'ab', 'ba', 'aa', '1:Buy', '1:Buy#2', '1:Buy#20'])
    expect(ids.add(text), text).toBe(true);
});

test('those seen first are forgotten, and half of what is kept at most', () => {
  const ids = new SeenIds(1000);
  for (let i = 0; i < 5000; i++) {
    ids.add(id(i));
    expect(ids.size).toBeLessThanOrEqual(1000);
  }
  for (let i = 4500; i < 5000; i++) expect(ids.add(id(i)), id(i)).toBe(false);
  expect(ids.add(id(0))).toBe(true);
});
