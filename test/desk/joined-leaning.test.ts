import { expect, test } from 'vitest';
import { joinedLeaning } from '../../src/desk/joined-leaning';
import { hourMs } from '../../src/engine/time';

const leaning = (time: number, ratio: number) => ({
  time,
  price: 100,
  ratio,
  fuelLong: null,
  fuelShort: null,
});

test('one an hour, oldest first: what was shown goes before what would have been', () => {
  const joined = joinedLeaning(
    [leaning(hourMs, 1.1), leaning(2 * hourMs, 1.2)],
    [leaning(2 * hourMs + 30_000, 1.5), leaning(0, 1)],
  );
  expect(joined.map(({ ratio }) => ratio)).toEqual([1, 1.1, 1.5]);
});
