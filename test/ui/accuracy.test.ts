import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rankCorrelation } from '../../src/ui/accuracy';

test('the range spans the map one hour ahead on every set, and no baseline nor another horizon', () => {
  const set = (rho: string) =>
    `### One hour ahead\n\n|  | ρ |\n| --- | --- |\n| the map as it stood | ${rho} | 0.9 |\n| distance only | 0.1 | 0 |\n
### Four hours ahead\n\n|  | ρ |\n| --- | --- |\n| the map as it stood | 0.999 | 0.9 |\n\n`;
  expect(rankCorrelation(set('0.802') + set('0.879'))).toEqual({ low: '0.80', high: '0.88' });
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
