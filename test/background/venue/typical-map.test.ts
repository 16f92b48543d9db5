import { describe, expect, it } from 'vitest';
import { TypicalMap } from '../../../src/background/venue/typical-map';
import type { BarColumns } from '../../../src/engine/records';
import { slotMs } from '../../../src/estimate/day-cells';

const start = Date.UTC(2026, 0, 5);
const hourMs = 3_600_000;
const margin = { maxLeverage: 125, maintenanceRate: 0.004 };

/** A market that goes up and down by 1 % every six hours. */
function barsOf(hours: number): BarColumns {
  const length = (hours * hourMs) / slotMs;
  const at = (i: number) => 100 + Math.sin((i * slotMs * Math.PI) / (3 * hourMs));
  const column = (value: (i: number) => number) => Float64Array.from({ length }, (_, i) => value(i));
  return {
    length,
    time: column((i) => start + i * slotMs),
    open: column(at),
    close: column((i) => at(i + 1)),
    high: column((i) => Math.max(at(i), at(i + 1)) + 0.1),
    low: column((i) => Math.min(at(i), at(i + 1)) - 0.1),
    volume: column(() => 50),
    openInterest: column(() => 1000),
    openInterestClose: column(() => 1000),
  };
}

/** What outlives a worker. */
function storeOf(facts: Map<string, unknown> = new Map()) {
  return {
    facts,
    fact: async (name: string) => structuredClone(facts.get(name)),
    saveFact: async (name: string, value: unknown) => {
      facts.set(name, structuredClone(value));
      return true;
    },
  };
}

describe('the typical map of a market on a venue', () => {
  it('is learned from hourly maps after the first day, and anew only when an hour is new', () => {
    const typical = new TypicalMap('ETH-USDT', 'okx', storeOf());
    expect(typical.learn(barsOf(20), margin)).toBe(false);
    expect(typical.learn(barsOf(60), margin)).toBe(true);
    expect(typical.under(margin)!.hours).toBe(37);
    expect(typical.learn(barsOf(60), margin)).toBe(false);
    expect(typical.learn(barsOf(61), margin)).toBe(true);
    expect(typical.under(margin)!.hours).toBe(38);
  });

  it('goes on in the worker’s next life from where it was', async () => {
    const store = storeOf();
    new TypicalMap('ETH-USDT', 'okx', store).learn(barsOf(60), margin);
    const next = new TypicalMap('ETH-USDT', 'okx', store);
    await next.load(start + 60 * hourMs);
    expect(next.under(margin)!.hours).toBe(37);
    expect(next.learn(barsOf(60), margin)).toBe(false);
    expect(next.learn(barsOf(62), margin)).toBe(true);
    expect(next.under(margin)!.hours).toBe(39);
    const other = new TypicalMap('ETH-USDT', 'bybit', store);
    await other.load(start + 60 * hourMs);
    expect(other.under(margin)).toBeUndefined();
  });

  it('begins anew under other margin terms, which put positions elsewhere', () => {
    const typical = new TypicalMap('ETH-USDT', 'okx', storeOf());
    typical.learn(barsOf(60), margin);
    const tight = { maxLeverage: 20, maintenanceRate: 0.01 };
    expect(typical.under(tight)).toBeUndefined();
    expect(typical.learn(barsOf(60), tight)).toBe(true);
    expect(typical.under(tight)!.hours).toBe(37);
    expect(typical.under(margin)).toBeUndefined();
  });

  it('is not taken from what cannot be one', async () => {
    const store = storeOf(
      new Map([['profile ETH-USDT okx', { margin, profile: { hours: 3, time: start, shares: [1] } }]]),
    );
    const typical = new TypicalMap('ETH-USDT', 'okx', store);
    await typical.load(start);
    expect(typical.under(margin)).toBeUndefined();
    expect(typical.learn(barsOf(60), margin)).toBe(true);
  });
});
