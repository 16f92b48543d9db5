import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deltaDivergence, TakerFlow } from '../../../src/engine/flow/delta';
import { clustersOf } from '../clusters-of';
import { mapWith } from '../random-map';

const minute = 60_000;
const start = 1_700_000_040_000;
const at = (minutes: number) => start + minutes * minute;

/** Net USD bought by takers in each minute. */
function flowOf(perMinute: readonly number[]): TakerFlow {
  const flow = new TakerFlow();
  for (const [i, net] of perMinute.entries()) flow.add(at(i), Math.abs(net), net < 0 ? 'sell' : 'buy');
  return flow;
}

describe('taker flow', () => {
  test('is bought minus sold over the minutes asked for', () => {
    const flow = new TakerFlow();
    flow.add(at(0), 100, 'buy');
    flow.add(at(1), 30, 'sell');
    flow.add(at(1) + 500, 5, 'buy');
    expect(flow.delta(at(1), 1)).toBe(-25);
    expect(flow.delta(at(1), 2)).toBe(75);
    expect(flow.delta(at(2), 1, 1)).toBe(-25);
    expect(flow.delta(at(2), 1)).toBe(0);
  });

  test('is unknown for minutes before the first trade', () => {
    const flow = new TakerFlow();
    expect(flow.delta(at(0), 1)).toBeNull();
    flow.add(at(0), 100, 'buy');
    expect(flow.delta(at(14), 15)).toBe(100);
    expect(flow.delta(at(13), 15)).toBeNull();
  });

  test('forgets minutes that are long over', () => {
    const flow = flowOf([100, 0, 0]);
    flow.add(at(40), 7, 'sell');
    expect(flow.delta(at(40), 20)).toBe(-7);
    flow.add(at(19), 1000, 'buy');
    expect(flow.delta(at(40), 20)).toBe(-7);
  });

  test('equals a sum over the trades themselves', () => {
    const trade = fc.record({
      second: fc.integer({ min: 0, max: 1500 }),
      usd: fc.integer({ min: 0, max: 1e9 }),
      taker: fc.constantFrom('buy' as const, 'sell' as const),
    });
    fc.assert(
      fc.property(fc.array(trade), fc.integer({ min: 1, max: 20 }), (trades, minutes) => {
        const flow = new TakerFlow();
        trades.sort((a, b) => a.second - b.second);
        flow.add(start, 0, 'buy');
        for (const { second, usd, taker } of trades) flow.add(start + second * 1000, usd, taker);
        const now = at(25);
        const from = at(25 - minutes + 1);
        const expected = trades
          .filter(({ second }) => start + second * 1000 >= from)
          .reduce((sum, { usd, taker }) => sum + (taker === 'buy' ? usd : -usd), 0);
        expect(flow.delta(now, minutes)).toBe(expected);
      }),
    );
  });

  test('refuses what is no trade and no span', () => {
    const flow = new TakerFlow();
    expect(() => flow.add(Number.NaN, 1, 'buy')).toThrow(/^TakerFlow.add requires/);
    expect(() => flow.add(start, -1, 'buy')).toThrow(/^TakerFlow.add requires/);
    expect(() => flow.add(start, Number.NaN, 'buy')).toThrow(/^TakerFlow.add requires/);
    for (const [minutes, ago] of [
      [0, 0],
      [1.5, 0],
      [21, 0],
      [15, 6],
      [1, -1],
    ] as const)
      expect(() => flow.delta(start, minutes, ago)).toThrow(/^TakerFlow.delta requires/);
    expect(() => flow.delta(0, 1)).toThrow(/^TakerFlow.delta requires/);
  });
});

describe('delta divergence', () => {
  const clusters = clustersOf(
    mapWith([
      [-0.004, 10],
      [0.004, 10],
    ]),
  );
  const rising = [...Array(15).fill(1), ...Array(5).fill(10)];

  test('is buying that rises at a long cluster', () => {
    // 10 · 1 + 5 · 10 now, 15 · 1 five minutes ago.
    expect(deltaDivergence(clusters, 100, flowOf(rising), at(19))).toMatchObject({
      side: 'long',
      delta: 60,
      before: 15,
    });
  });

  test('is selling that grows at a short cluster', () => {
    const falling = rising.map((net) => -net);
    expect(deltaDivergence(clusters, 100, flowOf(falling), at(19))).toMatchObject({
      side: 'short',
      delta: -60,
    });
  });

  test('is buying: selling that slows is none', () => {
    const slowing = [...Array(15).fill(-10), ...Array(5).fill(-1)];
    expect(deltaDivergence(clusters, 100, flowOf(slowing), at(19))).toBeNull();
    expect(deltaDivergence(clusters, 100, flowOf(slowing.map((net) => -net)), at(19))).toBeNull();
  });

  test('looks at 15 minutes', () => {
    // Minutes 5 to 19 count now, 0 to 14 before.
    const flow = flowOf([0, 0, 0, 0, 0, 7, ...Array(13).fill(0), 1]);
    expect(deltaDivergence(clusters, 100, flow, at(19))).toMatchObject({ delta: 8, before: 7 });
  });

  test('is not there while buying ebbs, without a cluster within 0.5 %, or without 20 minutes of trades', () => {
    expect(deltaDivergence(clusters, 100, flowOf(rising.toReversed()), at(19))).toBeNull();
    expect(deltaDivergence(clusters, 100.2, flowOf(rising), at(19))).toBeNull();
    expect(deltaDivergence([], 100, flowOf(rising), at(19))).toBeNull();
    expect(deltaDivergence(clusters, 100, flowOf(rising.slice(1)), at(18))).toBeNull();
  });

  test('is not about a cluster that price has gone through', () => {
    expect(deltaDivergence(clusters, 99.3, flowOf(rising), at(19))).toBeNull();
  });

  test('refuses prices and times that are none', () => {
    expect(() => deltaDivergence(clusters, 0, flowOf(rising), at(19))).toThrow(/^deltaDivergence requires/);
    expect(() => deltaDivergence(clusters, 100, flowOf(rising), Number.NaN)).toThrow(
      /^deltaDivergence requires/,
    );
  });
});
