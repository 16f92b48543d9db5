import { describe, expect, test } from 'vitest';
import { sliceBars } from '../../../src/engine/bar-columns';
import { levelPassages, zoneKinds } from '../../../src/engine/evaluation/level-lift';
import { type EvaluationSet, poolBuckets } from '../../../src/engine/evaluation/pool';
import { standingOf } from '../../../src/engine/evaluation/standing';
import { hourMs } from '../../../src/engine/time';
import { standardSets } from '../../../src/tools/recorded';

const whole = standardSets().find(({ name }) => name.startsWith('ETH'))!;

/** The first hours of the set, and what is known of them when the last is over. */
function firstHours(count: number): EvaluationSet {
  const cut = (values: Float64Array) => values.slice(0, count);
  return {
    ...whole,
    warmupMs: 120 * hourMs,
    bars: sliceBars(whole.bars, 0, count),
    times: cut(whole.times),
    longForced: cut(whole.longForced),
    shortForced: cut(whole.shortForced),
  };
}

describe('the map as it stood', { timeout: 60_000 }, () => {
  test('is the same whatever comes later: at risk, typical, activity, levels and what was passed of them', () => {
    const [short, long] = [firstHours(180), firstHours(240)];
    const pools = [poolBuckets(short), poolBuckets(long)] as const;
    const n = pools[0].actual.length;
    expect(n).toBeGreaterThan(100);
    expect(pools[1].actual.length).toBeGreaterThan(n);

    const [before, after] = [standingOf(short, pools[0], {}), standingOf(long, pools[1], {})];
    for (const [column, values] of Object.entries(before))
      expect(after[column as keyof typeof after].slice(0, n), column).toEqual(values);

    const [left, right] = [levelPassages(short, pools[0]), levelPassages(long, pools[1])];
    expect(right.counts.slice(0, n)).toEqual(left.counts);
    expect(right.passed.slice(0, n)).toEqual(left.passed);
    for (const kind of zoneKinds) expect(right.inside[kind].slice(0, n), kind).toEqual(left.inside[kind]);
  });

  test('does not know the volume and open interest of the hour that it is asked for', () => {
    const set = firstHours(180);
    const pool = poolBuckets(set);
    const last = pool.first.at(-1)!;
    const changed = {
      ...set,
      bars: {
        ...set.bars,
        volume: set.bars.volume.map((value, i) => (i === last ? 100 * value : value)),
        openInterestClose: set.bars.openInterestClose.map((value, i) => (i === last ? 2 * value : value)),
      },
    };
    expect(standingOf(changed, pool, {})).toEqual(standingOf(set, pool, {}));
  });
});
