import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { displaySteps, rebin, sideRange, windowStep } from '../../../src/engine/map/bands';
import { sides, tierLeverages } from '../../../src/engine/records';
import { emptyMap, fillBand, mapWith, randomMap, spoiledMaps } from '../random-map';

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
const hour = 3_600_000;

test('windows are shown at 0.1, 0.1, 0.2 and 0.5 %', () => {
  expect(windowStep).toEqual({ '12h': 0.001, '24h': 0.001, '7d': 0.002, '30d': 0.005 });
});

describe('another width of bands', () => {
  test('joins ten bands of 0.1 % into one of 1 %', () => {
    const map = emptyMap(Math.exp(4.605), 0.001, 0.05);
    const band = Math.round((4.58 - map.lnLow) / map.step);
    for (let k = 0; k < 10; k++) fillBand(map, 'long', band + k, k + 1, 2);
    const wide = rebin(map, 0.01);
    const joined = Math.round((4.58 - wide.lnLow) / wide.step);
    expect(wide.long[joined]).toBeCloseTo(55, 9);
    expect(wide.longAge[joined]).toBeCloseTo(2 * hour, 3);
    expect(wide.longTiers[wide.count + joined]).toBeCloseTo(55, 9);
  });

  test('splits a band in proportion to what lies in each of the new ones', () => {
    const map = emptyMap(100, 0.002, 0.05);
    const band = Math.round((4.552 - map.lnLow) / map.step);
    fillBand(map, 'long', band + 1, 8);
    // [4.554, 4.556) against bands of 0.25 % that meet at 4.555.
    const other = rebin(map, 0.0025);
    const edge = Math.round((4.555 - other.lnLow) / other.step);
    expect(other.long[edge - 1]).toBeCloseTo(4, 6);
    expect(other.long[edge]).toBeCloseTo(4, 6);
  });

  test('leaves what price is inside of on its own side of price', () => {
    // Price at 4.6045 in the band [4.604, 4.606), and bands of 0.25 % that meet at 4.605.
    const map = emptyMap(Math.exp(4.6045), 0.002, 0.05);
    const band = Math.round((4.604 - map.lnLow) / map.step);
    fillBand(map, 'long', band, 8);
    fillBand(map, 'short', band, 9);
    const other = rebin(map, 0.0025);
    const edge = Math.round((4.605 - other.lnLow) / other.step);
    expect([other.long[edge - 1], other.long[edge]]).toEqual([8, 0]);
    // Of 0.0015 above price, 0.0005 lie below the edge.
    expect(other.short[edge - 1]).toBeCloseTo(3, 6);
    expect(other.short[edge]).toBeCloseTo(6, 6);
  });

  test('keeps longs below price and shorts above it', () => {
    fc.assert(
      fc.property(randomMap, fc.constantFrom(...displaySteps), (map, step) => {
        fc.pre(step >= map.step);
        const other = rebin(map, step);
        const [, end] = sideRange(other, 'long');
        const [start] = sideRange(other, 'short');
        expect(sum(other.long.subarray(end))).toBeLessThanOrEqual(sum(map.long) * 1e-5);
        expect(sum(other.short.subarray(0, start))).toBeLessThanOrEqual(sum(map.short) * 1e-5);
      }),
    );
  });

  test('keeps every dollar, by side, tier and age', () => {
    fc.assert(
      fc.property(randomMap, fc.constantFrom(...displaySteps), (map, step) => {
        fc.pre(step >= map.step);
        const other = rebin(map, step);
        for (const side of sides) {
          const total = sum(map[side]);
          expect(Math.abs(sum(other[side]) - total)).toBeLessThanOrEqual(total * 1e-9);
          expect(Math.min(...other[side], ...other[`${side}Age`])).toBeGreaterThanOrEqual(0);
          const moment = (of: typeof map) =>
            of[side].reduce((m, usd, i) => m + usd * of[`${side}Age`][i]!, 0);
          expect(Math.abs(moment(other) - moment(map))).toBeLessThanOrEqual(moment(map) * 1e-9);
          tierLeverages.forEach((_, t) => {
            const tier = (of: typeof map) =>
              sum(of[`${side}Tiers`].subarray(t * of.count, (t + 1) * of.count));
            expect(Math.abs(tier(other) - tier(map))).toBeLessThanOrEqual(total * 1e-9);
          });
        }
      }),
    );
  });

  test('cannot be finer than the map', () => {
    const map = mapWith([[-0.05, 30]], { step: 0.002 });
    for (const step of [0.001, 0, -1, Number.NaN, 0.06])
      expect(() => rebin(map, step)).toThrow(/^rebin requires/);
    for (const [, bad] of spoiledMaps(map)) expect(() => rebin(bad, 0.005)).toThrow(/^rebin requires/);
  });
});
