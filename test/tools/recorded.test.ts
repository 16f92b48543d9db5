import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BadFile, readBars, readSet } from '../../src/tools/recorded';

const folder = mkdtempSync(join(tmpdir(), 'liqbands-'));
let files = 0;
function file(...lines: string[]): string {
  const path = join(folder, `${files++}.csv`);
  writeFileSync(path, lines.join('\n'));
  return path;
}

const header = 'time,open,high,low,close,volume,open_interest';
const hour = (k: number) => 1_700_000_000_000 + k * 3_600_000;

describe('bars', () => {
  test('without open_interest_close, open interest at the close is that of the next open', () => {
    const bars = readBars(file(header, `${hour(0)},1,2,1,2,5,100`, `${hour(1)},2,2,1,1,5,110`));
    expect([...bars.openInterest]).toEqual([100, 110]);
    expect([...bars.openInterestClose]).toEqual([110, 110]);
  });

  test('an empty open interest is the last known one, never 0', () => {
    const bars = readBars(
      file(
        `${header},open_interest_close`,
        `${hour(0)},1,2,1,2,5,,104`,
        `${hour(1)},2,2,1,1,5,106,`,
        `${hour(2)},1,1,1,1,0,,`,
      ),
    );
    expect([...bars.openInterest]).toEqual([106, 106, 106]);
    expect([...bars.openInterestClose]).toEqual([104, 106, 106]);
  });

  test('a bar with an empty price is a missing bar', () => {
    const bars = readBars(
      file(header, `${hour(0)},1,2,1,2,5,100`, `${hour(1)},,2,1,1,5,110`, `${hour(2)},2,2,1,1,5,120`),
    );
    expect([...bars.time]).toEqual([hour(0), hour(2)]);
  });
});

describe('a file that cannot be used says what is wrong with it and where', () => {
  test.each([
    ['no such file', () => join(folder, 'none.csv'), 'no such file'],
    ['an empty file', () => file(''), 'no rows'],
    ['a column missing', () => file('time,open', `${hour(0)},1`), 'no column high'],
    [
      'words for numbers',
      () => file(header, `${hour(0)},1,2,1,2,much,100`),
      'line 2, volume: "much" is not a number',
    ],
    ['seconds for milliseconds', () => file(header, '1700000000,1,2,1,2,5,100'), 'milliseconds'],
    [
      'times out of order',
      () => file(header, `${hour(1)},1,2,1,2,5,1`, `${hour(0)},1,2,1,2,5,1`),
      'line 3, time: not ascending',
    ],
    ['a high below the low', () => file(header, `${hour(0)},1,0.5,1,2,5,1`), 'line 2: prices'],
    [
      'open interest that is never known',
      () => file(header, `${hour(0)},1,2,1,2,5,`),
      'open_interest is empty',
    ],
  ])('%s', (_, make, what) => {
    expect(() => readBars(make())).toThrow(BadFile);
    expect(() => readBars(make())).toThrow(what);
  });

  test('no liquidations in either file', () => {
    const bars = file(header, `${hour(0)},1,2,1,2,5,100`);
    expect(() => readSet({ bars, bucketMs: 1, warmupMs: 1 })).toThrow('neither long_liquidated');
  });

  test('a negative liquidation', () => {
    const bars = file(header, `${hour(0)},1,2,1,2,5,100`);
    const liquidations = file('time,long_usd,short_usd', `${hour(0)},-1,0`);
    expect(() => readSet({ bars, liquidations, bucketMs: 1, warmupMs: 1 })).toThrow('negative liquidation');
  });
});

test('liquidations in USD or in coins are told by their columns, empty ones stay unknown', () => {
  const bars = file(header, `${hour(0)},1,2,1,2,5,100`);
  const usd = readSet({
    bars,
    liquidations: file('time,long_usd,short_usd', `${hour(0)},,3`),
    bucketMs: 1,
    warmupMs: 1,
  });
  expect(usd.unit).toBe('usd');
  expect(usd.longForced[0]).toBeNaN();
  expect(usd.shortForced[0]).toBe(3);
  const coins = file('time,long_liquidated,short_liquidated', `${hour(0)},1,2`);
  expect(readSet({ bars, liquidations: coins, bucketMs: 1, warmupMs: 1 }).unit).toBe('coins');
});
