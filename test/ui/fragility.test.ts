import { expect, test } from 'vitest';
import english from '../../public/_locales/en/messages.json';
import { fragility } from '../../src/ui/fragility';
import { useTexts } from '../../src/ui/text';

useTexts(english);

test.each([
  [1, 'none', 0],
  [1.49, 'none', 0],
  [1.5, 'down', 1],
  [2.5, 'down', 2],
  [3, 'down', 3],
  [1 / 1.49, 'none', 0],
  [1 / 1.51, 'up', 1],
  [0.4, 'up', 2],
  [0.2, 'up', 3],
] as const)('long ÷ short of %d is fragile to: %s, level %d', (ratio, direction, level) => {
  expect(fragility(ratio)).toMatchObject({ direction, level });
});

test('more longs at risk below the price read as downside, never as upside', () => {
  expect(fragility(1.89).text).toBe('Fragile to the downside');
  expect(fragility(0.5).text).toBe('Fragile to the upside');
});

test('without a ratio nothing is claimed', () => {
  for (const none of [null, Number.NaN, Number.POSITIVE_INFINITY, 0, -1]) {
    expect(fragility(none)).toEqual({ direction: 'none', level: 0, text: 'No positions to compare' });
  }
});
