import { describe, expect, test } from 'vitest';
import { Heatmap } from '../../../src/engine/history/heatmap';
import { recordHistory } from '../../../src/engine/history/history';
import { buildMap } from '../../../src/engine/map/map';
import { learnProfile } from '../../../src/engine/map/profile';
import { quietBars, toColumns } from '../random-bars';
import { embeddedBars, firstBars } from '../recorded-bars';

const bars = embeddedBars('binance-BTCUSDT-5m-2024-09');
const sizes = { step: 0.002, columnMs: 1_800_000, columns: 240, reach: 0.15 };
const begin = bars.time[0]! + 12 * 3_600_000;
const end = bars.time[bars.length - 1]!;

describe('history from recorded bars', () => {
  const heatmap = new Heatmap(sizes);
  const written = recordHistory(heatmap, [{ bars, maxLeverage: 125 }], { from: begin, to: end });
  const whole = heatmap.read(begin, end, 1, 1e6);

  test('has a column for each step of time', () => {
    expect(written).toBe(Math.floor(end / 1_800_000) - Math.ceil(begin / 1_800_000) + 1);
    expect(whole.columns).toBe(written);
    expect(whole.known.every((known) => known === 1)).toBe(true);
  });

  test('says at each moment what the map said then', () => {
    const column = 100;
    const time = whole.time + column * whole.columnMs;
    const known = firstBars(
      bars,
      bars.time.findIndex((opening) => opening >= time),
    );
    const price = known.close[known.length - 1]!;
    const openInterest = known.openInterestClose[known.length - 1]!;
    const profile = learnProfile(known);
    const venue = { venue: 'binance', bars: known, mark: price, openInterest, maxLeverage: 125, profile };
    const map = buildMap([venue], { window: '30d', step: whole.step, price });
    expect(whole.price[column]).toBe(price);
    for (const side of ['long', 'short'] as const) {
      const total = map[side].reduce((a, b) => a + b, 0);
      for (let row = 0; row < whole.rows; row++) {
        const band = Math.round((whole.lnLow - map.lnLow) / map.step) + row;
        if (Math.abs((band + 0.5) * map.step + map.lnLow - Math.log(price)) > 0.149) continue;
        expect(Math.abs(whole[side][column * whole.rows + row]! - map[side][band]!)).toBeLessThan(
          total * 1e-6,
        );
      }
    }
  });

  test('is the same whatever comes later', () => {
    const shorter = new Heatmap(sizes);
    const half = begin + Math.floor((end - begin) / 2);
    recordHistory(shorter, [{ bars: firstBars(bars, 700), maxLeverage: 125 }], { from: begin, to: half });
    const part = shorter.read(begin, half, 40_000, 90_000);
    const same = heatmap.read(begin, part.time + (part.columns - 1) * part.columnMs, 40_000, 90_000);
    const row = Math.round((part.lnLow - same.lnLow) / part.step);
    for (let column = 0; column < part.columns; column++) {
      const mine = part.long.subarray(column * part.rows, (column + 1) * part.rows);
      const from = column * same.rows + row;
      expect(mine).toEqual(same.long.subarray(from, from + part.rows));
    }
  });

  test('goes on live after it was recorded', () => {
    const shorter = new Heatmap(sizes);
    const half = begin + 24 * 3_600_000;
    const first = recordHistory(shorter, [{ bars, maxLeverage: 125 }], { from: begin, to: half });
    const rest = recordHistory(shorter, [{ bars, maxLeverage: 125 }], { from: half + 1, to: end });
    expect(first + rest).toBe(written);
    expect(shorter.read(begin, end, 1, 1e6).long).toEqual(whole.long);
  });
});

test('hours without bars of the first venue are a gap', () => {
  const rows = quietBars(Array.from({ length: 100 }, () => 100)).map((row) => ({ ...row, volume: 10 }));
  const late = rows.map((row, i) => (i < 50 ? row : { ...row, time: row.time + 6 * 3_600_000 }));
  const heatmap = new Heatmap({ ...sizes, columns: 100 });
  recordHistory(heatmap, [{ bars: toColumns(late), maxLeverage: 100 }], {
    from: 0 + late[0]!.time,
    to: late[99]!.time,
  });
  const { known } = heatmap.read(late[0]!.time, late[99]!.time, 50, 200);
  expect(known.filter((value) => value === 0).length).toBeGreaterThanOrEqual(11);
  expect(known[0]).toBe(1);
  expect(known[known.length - 1]).toBe(1);
});

test('bad input is refused by name', () => {
  const heatmap = new Heatmap(sizes);
  const good = { from: begin, to: end };
  expect(() => recordHistory(heatmap, [], good)).toThrow(/^recordHistory requires a venue/);
  expect(() => recordHistory(heatmap, [{ bars, maxLeverage: 0 }], good)).toThrow(/^recordHistory requires/);
  expect(() => recordHistory(heatmap, [{ bars, maxLeverage: 125 }], { from: end, to: begin })).toThrow(
    RangeError,
  );
  const bad = firstBars(bars, 10);
  for (const column of ['low', 'time', 'close'] as const) {
    const spoiled = { ...bad, [column]: bad[column].map(() => Number.NaN) };
    expect(() => recordHistory(heatmap, [{ bars: spoiled, maxLeverage: 125 }], good)).toThrow(
      /^recordHistory requires/,
    );
  }
  expect(heatmap.length).toBe(0);
});
