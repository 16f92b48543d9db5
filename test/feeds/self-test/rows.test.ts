import { expect, it } from 'vitest';
import { oddOrder } from '../../../src/feeds/self-test/rows';

const rows = (times: number[]) => ({
  code: 0,
  data: { list: times.map((at) => [String(1.7e12 + at), '1', '2']) },
});

it.each([
  ['ascending', [1, 2, 3, 4, 5]],
  ['descending', [5, 4, 3, 2, 1]],
  ['a few', [1, 3, 2]],
])('rows that come %s are in order', (_name, times) => {
  expect(oddOrder(rows(times))).toBeUndefined();
});

it('names rows that come twice, and rows that go back and forth', () => {
  expect(oddOrder(rows([1, 2, 2, 3, 3, 4]))).toBe('2 of 6 rows come twice');
  expect(oddOrder(rows([1, 3, 2, 4, 5]))).toBe('rows are not in the order of time');
  const named = [3, 1, 2, 5, 4].map((at) => ({ symbol: 'A', timestamp: 1.7e12 + at }));
  expect(oddOrder(named)).toBe('rows are not in the order of time');
});

it('says nothing of rows without a time, such as levels and listings', () => {
  expect(
    oddOrder({
      bids: [
        ['9', '1'],
        ['7', '1'],
        ['8', '1'],
        ['5', '1'],
      ],
    }),
  ).toBeUndefined();
  expect(oddOrder(null)).toBeUndefined();
});
