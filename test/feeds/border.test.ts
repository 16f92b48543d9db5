import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import {
  amount,
  ascending,
  blank,
  decimal,
  price,
  query,
  readAs,
  recordIds,
  time,
  toBar,
  toTiers,
} from '../../src/feeds/border';
import { coin } from './fixture';

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

  it('amounts are not negative, prices not zero, times whole milliseconds', () => {
    expect(accepts(amount, '-0.1')).toBe(false);
    expect(accepts(amount, '0')).toBe(true);
    expect(accepts(price, '0')).toBe(false);
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
    expect(() => readAs('okx', z.object({ a: z.array(price) }), { a: ['1', 'x'] })).toThrow(/^a\.1: /);
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
    expect(toBar('bybit', coin('A', 'A-USDT'), raw).takerBuy).toBe(5);
    expect(() => toBar('bybit', coin('A', 'A-USDT'), { ...raw, high: 1.9 })).toThrow('do not enclose');
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

  it.each([
    ['two equal caps', [row(100, 0.01), row(100, 0.02)]],
    ['a rate that falls', [row(100, 0.02), row(300, 0.01)]],
    ['no size at all', [row(0, 0.01)]],
    ['a leverage below one', [row(100, 0.01, 0.5)]],
  ])('are refused with %s', (_name, rows) => {
    expect(() => toTiers('okx', rows)).toThrow(expect.objectContaining({ kind: 'malformed' }));
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
