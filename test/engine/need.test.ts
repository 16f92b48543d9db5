import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { walkCascade } from '../../src/engine/flow/cascade';
import { bookWalls, depthRatio, depthTo, joinBooks } from '../../src/engine/flow/depth';
import { rebin } from '../../src/engine/map/bands';
import { clustersAt, nearestClusters } from '../../src/engine/map/clusters';
import { isAmount, isPositive, need, needBars, needMap } from '../../src/engine/need';
import { quantile } from '../../src/engine/quantile';
import { type BandMap, type Side, sides } from '../../src/engine/records';
import { averageTrueRange } from '../../src/engine/regime/atr';
import { fundingPer8h } from '../../src/engine/regime/funding';
import {
  cascadeBanner,
  frozenBanner,
  fundingBanner,
  openInterestDrop,
  quietHours,
  thinBanner,
} from '../../src/engine/regime/regime';
import { fuelRatio, fuelVerdict } from '../../src/engine/risk/fuel';
import { measureOvershoots, overshootP80 } from '../../src/engine/risk/overshoot';
import { checkSqueeze } from '../../src/engine/risk/squeeze';
import { chainedStop, sizeForBudget } from '../../src/engine/risk/stop';
import { roundNumber } from '../../src/engine/risk/support-resistance';
import { clustersOf } from './clusters-of';
import { quietBars, toColumns } from './random-bars';
import { mapWith, randomMap, spoiledMaps } from './random-map';

test('what does not hold is said with who needs it', () => {
  expect(() => need(false, 'fuelRatio', 'a positive price')).toThrow(
    new RangeError('fuelRatio requires a positive price'),
  );
  expect(() => need(true, 'fuelRatio', 'a positive price')).not.toThrow();
});

test('prices are above zero, amounts may be zero, both are finite', () => {
  const values = [-1, 0, 1, Number.NaN, Number.POSITIVE_INFINITY];
  expect(values.map(isPositive)).toEqual([false, false, true, false, false]);
  expect(values.map(isAmount)).toEqual([false, true, true, false, false]);
});

test('a whole map passes, price at either end of it included', () => {
  const map = mapWith([[-0.05, 30]]);
  expect(() => needMap(map, 'someone')).not.toThrow();
  expect(() => needMap({ ...map, price: Math.exp(map.lnLow) }, 'someone')).not.toThrow();
  for (const [, bad] of spoiledMaps(map)) expect(() => needMap(bad, 'someone')).toThrow(/^someone requires/);
});

describe('bars', () => {
  const good = quietBars([100, 99, 98]);
  test.each([
    ['time', Number.NaN, 'bars with a time'],
    ['time', 0, 'ascending order'],
    ['low', 0, 'positive prices'],
    ['high', Number.POSITIVE_INFINITY, 'positive prices'],
    ['low', 99.5, 'low is not above'],
    ['high', 98.5, 'high is not below'],
    ['volume', -1, 'volume is not negative'],
  ] as const)('with a %s of %s are refused', (name, value, what) => {
    const bars = toColumns(good.map((row, i) => (i === 1 ? { ...row, [name]: value } : row)));
    expect(() => needBars(bars, 'someone')).toThrow(new RegExp(`^someone requires .*${what}`));
  });

  test('that hold pass, none at all do not', () => {
    expect(() => needBars(toColumns(good), 'someone')).not.toThrow();
    expect(() => needBars(toColumns([]), 'someone')).toThrow(/^someone requires at least one bar/);
  });
});

type Four = [number, number, number, number];

/** Calls with four numbers that may be anything, on a map that is sound. */
function calls(map: BandMap, side: Side, [a, b, c, d]: Four): (() => unknown)[] {
  const clusters = clustersAt(map, clustersOf(map));
  const bars = () => toColumns(quietBars([100, a, b]));
  const depth = () => joinBooks([{ mark: a, bids: [[b, c]], asks: [[c, d]] }], d);
  const sound = joinBooks(
    [{ mark: map.price, bids: [[map.price * 0.9, 5]], asks: [[map.price * 1.1, 5]] }],
    map.price,
  );
  return [
    () => rebin(map, a),
    () => fuelRatio(map, { side, entry: a, openInterestUsd: b, within: c }),
    () => fuelVerdict(a),
    () => fundingPer8h({ time: 0, rate: a, intervalMs: b }),
    () => checkSqueeze(clusters, { time: a, rate: b, intervalMs: c }, null),
    () => chainedStop(clusters, { side, entry: a, overshoot: b, atr1h: c }),
    () => sizeForBudget(a, b, c),
    () => depthTo(depth(), a),
    () => bookWalls(depth()),
    () => clusters.map((cluster) => depthRatio(cluster, sound, a)),
    () => walkCascade(map, clusters, sound, { side, q: a, to: b }),
    () => nearestClusters(clusters, side, a),
    () => quantile([a, b, c], d),
    () => roundNumber(a),
    () => overshootP80([a, b, c]),
    () => measureOvershoots(bars(), [{ side, price: c, time: d }]),
    () => averageTrueRange(bars(), { intervalMs: c, count: d }),
    () =>
      openInterestDrop(
        [a, b].map((base, i) => ({ time: i + 1, base })),
        c,
      ),
    () =>
      cascadeBanner(
        [a, b].map((usd, i) => ({ time: i + 1, usd })),
        [c],
        d,
      ),
    () => frozenBanner({ venue: 'okx', lastMessage: 1, openInterest: [{ time: a, base: b }] }, c),
    () => fundingBanner({ time: a, rate: b, intervalMs: c }, [], d),
    () => quietHours(bars(), c),
    () => thinBanner([{ time: a, usd: b }], c),
  ];
}

/** Every number in an answer, however deep. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return value && typeof value === 'object' ? Object.values(value).flatMap(numbersIn) : [];
}

test('whatever numbers come in, they are refused by name or only finite ones come out', () => {
  const any = fc.oneof(
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 0, 0.5, 1, 2),
    fc.constantFrom(Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, 1e-300, 1e300, 1e15),
  );
  const four = fc.tuple(any, any, any, any);
  fc.assert(
    fc.property(randomMap, fc.constantFrom(...sides), four, (map, side, numbers) => {
      for (const call of calls(map, side, numbers)) {
        let answer: unknown = null;
        try {
          answer = call();
        } catch (error) {
          if (!(error instanceof RangeError && / requires /.test(error.message))) throw error;
        }
        const wrong = numbersIn(answer).filter((value) => !Number.isFinite(value));
        expect(wrong, String(call)).toEqual([]);
      }
    }),
    { numRuns: 200 },
  );
});
