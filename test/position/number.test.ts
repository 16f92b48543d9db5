import { expect, test } from 'vitest';
import { typedNumber } from '../../src/position/read/number';

test.each([
  ['59800', 59_800],
  ['59,800', 59_800],
  ['59,800.5', 59_800.5],
  ['59.800,5', 59_800.5],
  ['59 800', 59_800],
  ['0,5', 0.5],
  ['0.5 BTC', 0.5],
  ['25x', 25],
  ['$400', 400],
  ['５９８００', 59_800],
])('%s typed into a field is %d', (text, value) => expect(typedNumber(text)).toBe(value));

test.each(['', 'abc', '1e5!', '5-6'])('%s is no number', (text) => expect(typedNumber(text)).toBeUndefined());
