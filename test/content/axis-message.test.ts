import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAxisMessage } from '../../src/content/axis-message';

const label = ['64,000.0', 8, 100.5, 101, 0, 42, 9];
const message = (parts: Partial<Record<0 | 1 | 2 | 3 | 4 | 5, unknown>> = {}) => {
  const whole: unknown[] = [60, 400, [label], [[0, 0, 50, 380]], [100], 7];
  for (const [i, part] of Object.entries(parts)) whole[Number(i)] = part;
  return JSON.stringify(whole);
};

describe('readAxisMessage', () => {
  it('reads what the page-world reader sends', () => {
    expect(readAxisMessage(message())).toEqual({
      width: 60,
      height: 400,
      labels: [{ text: '64,000.0', x: 8, y: 100.5, anchor: 101, align: 0, width: 42, height: 9 }],
      clips: [[0, 0, 50, 380]],
      lines: [100],
      batch: 7,
    });
  });

  const forged: [string, unknown][] = [
    ['an object', { width: 1 }],
    ['no JSON', '[1,'],
    ['a number', 5],
    ['too long a text', `[${'1,'.repeat(20_000)}1]`],
    ['a canvas without size', message({ 0: 0 })],
    ['a canvas larger than any screen', message({ 1: 1e9 })],
    ['a hundred thousand labels', message({ 2: Array.from({ length: 1e5 }, () => label) })],
    ['161 labels', message({ 2: Array.from({ length: 161 }, () => ['1', 1, 1, 1, 0, 1, 1]) })],
    ['a label of an hour’s length', message({ 2: [['1'.repeat(25), 1, 1, 1, 0, 1, 1]] })],
    ['a label at infinity', message({ 2: [['1', 1, 'far', 1, 0, 1, 1]] }).replace('"far"', '1e400')],
    ['a label that is null', message({ 2: [null] })],
    ['an unknown alignment', message({ 2: [['1', 1, 1, 1, 7, 1, 1]] })],
    ['a clip of three numbers', message({ 3: [[1, 2, 3]] })],
    ['lines that are no numbers', message({ 4: ['1'] })],
    ['a fractional batch', message({ 5: 1.5 })],
    ['polluted prototypes', '{"__proto__":{"length":6},"0":60}'],
  ];
  for (const [what, detail] of forged) {
    it(`drops ${what}`, () => expect(readAxisMessage(detail)).toBeUndefined());
  }

  it('returns a message within bounds or nothing, whatever it is given (2,000 random values)', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), fc.anything()), (detail) => {
        const read = readAxisMessage(detail);
        if (read) expect(read.labels.every(({ y }) => Math.abs(y) < 1e6)).toBe(true);
      }),
      { seed: 7, numRuns: 2000 },
    );
  });
});
