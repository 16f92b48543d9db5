import { expect, test } from 'vitest';
import { setupsAt } from '../../../src/engine/risk/setups';

const long = { side: 'long', target: 61_800 } as const;
const below = { side: 'long', low: 59_000, high: 59_576 } as const;
const above = { side: 'short', low: 61_267, high: 61_500 } as const;
const found = (present: (boolean | null)[]) => ({
  evidence: present.map((each) => ({ kind: 'level' as const, present: each, value: null })),
  count: present.filter((each) => each === true).length,
  enough: present.filter((each) => each === true).length >= 2,
});
const nothing = found([false, false, false, false, false]);

test('own side within 3 % against it: a sweep', () => {
  expect(setupsAt(below, long, 59_805, nothing)).toEqual({ sweep: true, confluence: false, inTheWay: false });
  expect(setupsAt(below, long, 62_000, nothing).sweep).toBe(false);
  expect(setupsAt(above, long, 59_805, nothing).sweep).toBe(false);
});

test('between price and target: in the way, on the side of the target alone', () => {
  expect(setupsAt(above, long, 59_805, nothing).inTheWay).toBe(true);
  expect(setupsAt(above, { side: 'long', target: 61_000 }, 59_805, nothing).inTheWay).toBe(false);
  expect(setupsAt(above, { side: 'long', target: null }, 59_805, nothing).inTheWay).toBe(false);
  expect(setupsAt(below, { side: 'short', target: 58_000 }, 59_805, nothing).inTheWay).toBe(true);
});

test('confluence is told only where what is missing cannot change it', () => {
  const told = (present: (boolean | null)[]) => setupsAt(below, long, 59_805, found(present)).confluence;
  expect(told([true, true, false, null, null])).toBe(true);
  expect(told([true, false, false, null, false])).toBe(null);
  expect(told([false, false, false, null, false])).toBe(false);
});

test('a price has to be positive', () => {
  expect(() => setupsAt(below, long, 0, nothing)).toThrow('setupsAt requires a positive price');
});
