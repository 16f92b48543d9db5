import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import {
  amount,
  ascending,
  blank,
  decimal,
  level,
  query,
  quotedPrice,
  readAs,
  readIf,
  readRows,
  recordIds,
  shapeOf,
  time,
  toBar,
  toLevels,
  toTiers,
} from '../../src/feeds/border';
import type { FeedError } from '../../src/feeds/feed';
import { coin } from './fixture';

it('a reply is known by its field, and is none where that is there with something else in it', () => {
  const Reply = z.object({ op: z.string() });
  expect(readIf(Reply, 'op', { op: 'ping', more: 1 })).toEqual({ op: 'ping' });
  for (const other of [{ topic: 'tickers' }, { op: 7 }, 'op', null, undefined, []])
    expect(readIf(Reply, 'op', other)).toBeUndefined();
});

const accepts = (schema: z.core.$ZodType, value: unknown) => z.safeParse(schema, value).success;

describe('numbers at the border', () => {
  it.each(['1', '-1.5', '.5', '1.', '1e-7', '+2', 3, -0.25])('%j is a decimal', (value) => {
    expect(z.parse(decimal, value)).toBe(Number(value));
  });

  it.each([
    '',
    ' 1',
    '1 ',
    '0x10',
    'NaN',
    'Infinity',
    '1e999',
    '1,5',
    '١',
    null,
    true,
    [],
    Number.NaN,
    1e300,
  ])('%j is not', (value) => {
    expect(accepts(decimal, value)).toBe(false);
  });

  it('is the nearest to what its digits say, however many there are and wherever its point stands', () => {
    const digits = fc.string({
      unit: fc.constantFrom(...'0123456789'),
      minLength: 1,
      maxLength: 19,
      size: 'max',
    });
    fc.assert(
      fc.property(digits, fc.nat({ max: 20 }), (all, point) => {
        const text = `${all.slice(0, point)}.${all.slice(point)}`;
        for (const each of [all, text])
          if (Number(each) <= 1e18) expect(z.parse(decimal, each)).toBe(Number(each));
      }),
    );
  });

  it('a lonely point, or two, are no number', () => {
    for (const text of ['.', '1.2.3', '..1', '']) expect(accepts(decimal, text)).toBe(false);
  });

  it('amounts are not negative, prices not zero, times whole milliseconds', () => {
    expect(accepts(amount, '-0.1')).toBe(false);
    expect(accepts(amount, '0')).toBe(true);
    expect(accepts(quotedPrice, '0')).toBe(false);
    expect(accepts(time, 1_700_000_000)).toBe(false);
    expect(accepts(time, 1_700_000_000_000_000)).toBe(false);
    expect(accepts(time, '1700000000000.5')).toBe(false);
    expect(accepts(time, '1700000000000')).toBe(true);
  });

  it('a blank field may be missing, null or empty, yet not wrong', () => {
    const schema = z.object({ rate: blank(decimal) });
    for (const value of [{}, { rate: '' }, { rate: null }, { rate: undefined }])
      expect(z.parse(schema, value).rate).toBeUndefined();
    expect(z.parse(schema, { rate: '0' }).rate).toBe(0);
    expect(accepts(schema, { rate: 'NaN' })).toBe(false);
  });

  it('what does not fit is named', () => {
    expect(() => readAs('okx', z.object({ a: z.array(quotedPrice) }), { a: ['1', 'x'] })).toThrow(/^a\.1: /);
  });
});

describe('rows', () => {
  it('leave ascending, once a time, within the range', () => {
    const rows = [{ time: 3 }, { time: 1, first: true }, { time: 2 }, { time: 1, first: false }, { time: 4 }];
    expect(ascending(rows, { from: 1, to: 3 })).toEqual([
      { time: 1, first: false },
      { time: 2 },
      { time: 3 },
    ]);
  });

  it('of bars enclose open and close, and takers buy no more than was traded', () => {
    const raw = { time: 0, open: 2, high: 3, low: 1, close: 2, volume: 5, takerBuy: 5.000001 };
    const left: string[] = [];
    const notes = { leftOut: (reason: string) => void left.push(reason) };
    expect(toBar(coin('A', 'A-USDT'), raw, notes)[0]!.takerBuy).toBe(5);
    expect(left).toEqual([]);
    expect(toBar(coin('A', 'A-USDT'), { ...raw, high: 1.9 }, notes)).toEqual([]);
    expect(left).toEqual(['candle: high and low do not enclose open and close']);
  });

  it('that cannot be read cost themselves and are told, until none can be read', () => {
    const left: string[] = [];
    const notes = { leftOut: (reason: string) => void left.push(reason) };
    const Row = z.object({ px: quotedPrice });
    const odd = [{ px: '0' }, { px: 'NaN' }, { px: null }, {}, null, 7];
    expect(readRows('okx', 'level', Row, [...odd, { px: '1.5' }], notes)).toEqual([{ px: 1.5 }]);
    expect(left).toHaveLength(odd.length);
    expect(left[1]).toMatch(/^level px: Invalid input/);
    expect(left[4]).toMatch(/^level row: Invalid input/);
    expect(readRows('okx', 'level', Row, [], notes)).toEqual([]);
    expect(() => readRows('okx', 'level', Row, odd)).toThrow(
      expect.objectContaining({ kind: 'malformed', message: expect.stringMatching(/^level px/) }),
    );
  });
});

describe('the shape of what came', () => {
  it('has names and types, and no value', () => {
    const reply = {
      code: 0,
      msg: 'secret',
      data: [
        ['1700000000000', '42.5', '', null],
        { symbol: 'BTCUSDT', 'BTC-USDT': true, '0xabc': { px: 1.25 } },
      ],
    };
    const shape = shapeOf(reply);
    expect(shape).toBe(
      '{code: number, msg: text, data: [[number text, number text, empty text, null] | {symbol: text, …: boolean, …: {px: number}}]}',
    );
    expect(shape).not.toMatch(/secret|42|BTC|1700|0x/);
  });

  it('stays short for long and deep values', () => {
    const deep = (n: number): unknown => (n === 0 ? 1 : { a: deep(n - 1) });
    expect(shapeOf(deep(100)).length).toBeLessThan(80);
    const wide = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`name${i}`, [deep(3)]]));
    expect(shapeOf(wide).length).toBeLessThan(610);
  });

  it('is told by the error', () => {
    const shaped = (run: () => unknown) => {
      try {
        run();
      } catch (error) {
        return (error as FeedError).shape;
      }
      return 'nothing thrown';
    };
    expect(shaped(() => readAs('okx', z.object({ a: quotedPrice }), { b: ['x'] }))).toBe('{b: [text]}');
    expect(shaped(() => readRows('okx', 'level', z.object({ px: quotedPrice }), [{ p: '1' }]))).toBe(
      '[{p: number text}]',
    );
  });
});

describe('margin tables', () => {
  const row = (cap: number, maintenanceRate: number, maxLeverage = 10) => ({
    cap,
    maintenanceRate,
    maxLeverage,
  });

  it('leave sorted, each tier beginning where the one before ends', () => {
    expect(toTiers('okx', [row(300, 0.02), row(100, 0.01)])).toEqual([
      { floor: 0, ...row(100, 0.01) },
      { floor: 100, ...row(300, 0.02) },
    ]);
  });

  const odd: [string, ReturnType<typeof row>][] = [
    ['a cap that is there already', row(100, 0.02)],
    ['a rate that falls', row(300, 0.001)],
    ['no size at all', row(0, 0.01)],
    ['a leverage below one', row(300, 0.03, 0.5)],
  ];
  it.each(odd)('leave a row out that has %s, and are refused with more of them', (_name, strange) => {
    const left: string[] = [];
    const notes = { leftOut: (reason: string) => void left.push(reason) };
    expect(toTiers('okx', [row(100, 0.01), strange, row(500, 0.04)], notes)).toEqual([
      { floor: 0, ...row(100, 0.01) },
      { floor: 100, ...row(500, 0.04) },
    ]);
    expect(left).toEqual(['tier: does not follow the one before']);
    expect(() => toTiers('okx', [strange, row(100, 0.01), row(100, 0.5), row(101, 0.001)])).toThrow(
      expect.objectContaining({ kind: 'malformed' }),
    );
  });
});

it('record ids repeat for repeated messages and differ within one', () => {
  const first = recordIds();
  const again = recordIds();
  expect([first(1, 'a'), first(1, 'a'), first(2, 'a')]).toEqual(['1:a', '1:a#2', '2:a']);
  expect(again(1, 'a')).toBe('1:a');
});

it('queries hold what is set', () => {
  expect(query({ symbol: 'BTC-USDT', limit: 0, end: undefined })).toBe('?symbol=BTC-USDT&limit=0');
  expect(query({ end: undefined })).toBe('');
});

describe('levels of a book', () => {
  const thousands = coin('1000PEPEUSDT', 'PEPE-USDT', { multiplier: 1000, contractSize: 2 });

  it('are read per coin, whatever else a row holds', () => {
    const rows = [
      ['0.01', '3'],
      [0.02, 4, '0', 7],
    ];
    expect(toLevels('okx', thousands, rows)).toEqual([
      [0.00001, 6000],
      [0.00002, 8000],
    ]);
  });

  it('are those that the schema reads, and the same are told to be left out', () => {
    const odd = fc.constantFrom<unknown>(
      ...['', ' 1', '0x10', 'NaN', null, -1, '-0.5', '1e16', '1e19', [], {}],
    );
    const cell = fc.oneof({ weight: 8, arbitrary: fc.double({ min: 1e-3, max: 1e6, noNaN: true }) }, odd);
    const text = fc.oneof(cell, cell.map(String));
    const row = fc.oneof(
      { weight: 8, arbitrary: fc.array(text, { minLength: 2, maxLength: 4 }) },
      odd,
      fc.tuple(text),
    );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 6 }), (rows) => {
        const read = (by: (leftOut: (reason: string) => void) => [number, number][]) => {
          const left: string[] = [];
          try {
            return { read: by((reason) => left.push(reason)), left };
          } catch (error) {
            return (error as FeedError).message;
          }
        };
        const one = coin('BTCUSDT', 'BTC-USDT');
        const levels = read((leftOut) => toLevels('okx', one, rows, { leftOut }));
        const bySchema = read((leftOut) =>
          readRows('okx', 'level', level, rows, { leftOut }).map(([at, raw]): [number, number] => [at, raw]),
        );
        expect(levels).toEqual(bySchema);
      }),
    );
  });
});
