import { describe, expect, it } from 'vitest';
import { KnownLevels } from '../../../src/background/symbol/known-levels';
import type { KnownLevel } from '../../../src/engine/map/levels';

const excess: KnownLevel = { side: 'long', kind: 'excess', low: 97, high: 97.3, since: 5 };
const swing: KnownLevel = { side: 'short', kind: 'swing', low: 102, high: 102.3, since: 5 };

function storeOf(facts: Map<string, unknown> = new Map()) {
  const saved: unknown[] = [];
  return {
    saved,
    fact: async (name: string) => facts.get(name),
    saveFact: async (name: string, value: unknown) => {
      saved.push(value);
      facts.set(name, value);
      return true;
    },
  };
}

describe('the levels that were shown', () => {
  it('outlive the worker where only the map tells of them; swings are found again in the bars', async () => {
    const facts = new Map<string, unknown>();
    new KnownLevels('ETH-USDT', storeOf(facts)).set([excess, swing]);
    const next = new KnownLevels('ETH-USDT', storeOf(facts));
    await next.load();
    expect(next.all).toEqual([excess]);
  });

  it('are stored when they change and not before', () => {
    const store = storeOf();
    const levels = new KnownLevels('ETH-USDT', store);
    levels.set([excess]);
    levels.set([excess, swing]);
    levels.set([]);
    expect(store.saved).toEqual([[excess], []]);
  });

  it('do not give way to older ones, nor to what is none', async () => {
    const stored = [excess, { ...excess, low: -1 }, { ...excess, since: 'now' }, null, 'level'];
    const store = storeOf(new Map([['levels ETH-USDT', stored]]));
    const levels = new KnownLevels('ETH-USDT', store);
    await levels.load();
    expect(levels.all).toEqual([excess]);
    levels.set([swing]);
    await levels.load();
    expect(levels.all).toEqual([swing]);
  });
});
