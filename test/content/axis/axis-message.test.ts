import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAxisMessage } from '../../../src/content/axis/axis-message';

const label = ['64,000.0', 8, 100.5, 101, 42, 9, 3, 3];
const message = (parts: Partial<Record<0 | 1 | 2 | 3 | 4 | 5 | 6, unknown>> = {}) => {
  const whole: unknown[] = [60, 400, label, [[0, 0, 50, 380]], [100], 7];
  for (const [i, part] of Object.entries(parts)) whole[Number(i)] = part;
  return JSON.stringify(whole);
};

describe('readAxisMessage', () => {
  it('reads what the page-world reader sends', () => {
    expect(readAxisMessage(message())).toEqual({
      width: 60,
      height: 400,
      labels: [
        {
          text: '64,000.0',
          x: 8,
          y: 100.5,
          anchor: 101,
          align: 0,
          width: 42,
          height: 9,
          style: 3,
          boxed: true,
        },
      ],
      clips: [[0, 0, 50, 380]],
      lines: [100],
      batch: 7,
    });
  });

  it('tells alignment and box by one number', () => {
    const labels = [0, 1, 2, 3, 4, 5].flatMap((kind) => ['1', 1, 1, 1, 1, 1, 1, kind]);
    const read = readAxisMessage(message({ 2: labels }))!.labels;
    expect(read.map(({ align, boxed }) => [align, boxed])).toEqual([
      [0, false],
      [1, false],
      [2, false],
      [0, true],
      [1, true],
      [2, true],
    ]);
  });

  const forged: [string, unknown][] = [
    ['an object', { width: 1 }],
    ['no JSON', '[1,'],
    ['a number', 5],
    ['too long a text', `[${'1,'.repeat(20_000)}1]`],
    ['a canvas without size', message({ 0: 0 })],
    ['a canvas larger than any screen', message({ 1: 1e9 })],
    ['a hundred thousand labels', message({ 2: Array.from({ length: 1e5 }, () => label).flat() })],
    ['161 labels', message({ 2: Array.from({ length: 161 }, () => ['1', 1, 1, 1, 1, 1, 1, 0]).flat() })],
    ['a label of an hour’s length', message({ 2: ['1'.repeat(25), 1, 1, 1, 1, 1, 1, 0] })],
    ['a label at infinity', message({ 2: ['1', 1, 'far', 1, 1, 1, 1, 0] }).replace('"far"', '1e400')],
    ['a label far beyond any canvas', message({ 2: ['1', 1, 131_073, 1, 1, 1, 1, 0] })],
    ['a label that is null', message({ 2: [null, 1, 1, 1, 1, 1, 1, 0] })],
    ['a label and a half', message({ 2: [...label, '1', 1, 1] })],
    ['an alignment between two', message({ 2: ['1', 1, 1, 1, 1, 1, 1, 0.5] })],
    ['an unknown alignment', message({ 2: ['1', 1, 1, 1, 1, 1, 1, 7] })],
    ['a clip of three numbers', message({ 3: [[1, 2, 3]] })],
    ['lines that are no numbers', message({ 4: ['1'] })],
    ['a fractional batch', message({ 5: 1.5 })],
    ['polluted prototypes', '{"__proto__":{"length":6},"0":60}'],
  ];
  for (const [what, detail] of forged) {
    it(`drops ${what}`, () => expect(readAxisMessage(detail)).toBeUndefined());
  }

  it('reads what a charting library says of its pane', () => {
    const range = (value: unknown) => readAxisMessage(message({ 6: value }))?.library;
    expect(range([400, 60_000, 68_000, 1])).toEqual({ height: 400, from: 60_000, to: 68_000, mode: 1 });
    expect(range([400, 68_000, 60_000, 0])?.from).toBe(68_000);
  });

  const unsound: [string, unknown][] = [
    ['no list', 1],
    ['a list of three', [400, 1, 2]],
    ['text', [400, '1', 2, 0]],
    ['equal ends', [400, 5, 5, 0]],
    ['ends a rounding apart', [400, 5, 5 + 1e-14, 0]],
    ['nothing above zero', [400, -5, -1, 0]],
    ['a log axis from zero', [400, 0, 5, 1]],
    ['more than there is', [400, 1, 1e300, 0]],
    ['another mode', [400, 1, 2, 4]],
    ['half a mode', [400, 1, 2, 0.5]],
    ['no height', [0, 1, 2, 0]],
    ['a height beyond any screen', [1e9, 1, 2, 0]],
  ];
  for (const [what, value] of unsound) {
    it(`keeps the labels and drops a library's ${what}`, () => {
      const read = readAxisMessage(message({ 6: value }));
      expect(read?.labels).toHaveLength(1);
      expect(read?.library).toBeUndefined();
    });
  }

  it('reads what a charting library says of each chart of a layout, as far as it is sound', () => {
    const range = '[400,60000,68000,0,"BTCUSDT"]';
    const read = readAxisMessage(message().replace(/]$/, `,${range},[300,1,2,1,"ETHUSDT"],0,${range}]`));
    expect(read?.library).toMatchObject({ symbol: 'BTCUSDT' });
    expect(read?.layout?.map(({ symbol }) => symbol)).toEqual(['ETHUSDT', 'BTCUSDT']);
  });

  it('drops a message of more charts than a layout has', () => {
    const ranges = Array.from({ length: 10 }, () => ',[400,1,2,0]').join('');
    expect(readAxisMessage(message().replace(/]$/, `${ranges}]`))).toBeUndefined();
  });

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
