import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rankCorrelation } from '../../src/ui/accuracy';

test('the range spans the model’s rows and no baseline’s', () => {
  const report =
    '| | ρ |\n|---|---|\n| model | 0.802 | 0.9 |\n| size of the move | 0.1 |\n\n| model | 0.879 | 0.7 |\n';
  expect(rankCorrelation(report)).toEqual({ low: '0.80', high: '0.88' });
});

test('the report that ships can be read', () => {
  const { low, high } = rankCorrelation(readFileSync('docs/accuracy.md', 'utf8'));
  expect(Number(low)).toBeGreaterThan(0);
  expect(Number(high)).toBeGreaterThanOrEqual(Number(low));
  expect(Number(high)).toBeLessThan(1);
});

test('a report without the model’s score is refused', () => {
  expect(() => rankCorrelation('nothing')).toThrow(RangeError);
});
