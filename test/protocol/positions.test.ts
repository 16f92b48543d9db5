import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { KeptPosition } from '../../src/protocol/positions';

/** The part of `storage.local` that positions use: copies in and out, can be made to refuse. */
let values: Record<string, unknown> = {};
let full = false;
const local = {
  get: async (key: string) => (key in values ? { [key]: structuredClone(values[key]) } : {}),
  set: async (items: Record<string, unknown>) => {
    if (full) throw new Error('QUOTA_BYTES quota exceeded');
    Object.assign(values, structuredClone(items));
  },
};
vi.stubGlobal('chrome', { runtime: { id: 'test' } });
vi.stubGlobal('browser', { runtime: { id: 'test' }, storage: { local } });
const { keepPosition, loadPositions, removePosition } = await import('../../src/protocol/positions');

const position = (id: string, entry = 97_000): KeptPosition => ({
  id,
  symbol: 'BTC-USDT',
  venue: 'binance',
  side: 'long',
  entry,
  leverage: 25,
  base: 0.5,
  stop: 95_800,
  keptAt: 1_764_000_000_000,
  atEntry: {
    price: 97_010,
    liquidationPrice: 93_508,
    fuelRatio: 1.89,
    asymmetry: null,
    longUsd5: 1e9,
    shortUsd5: 8e8,
    openInterestUsd: 9e9,
  },
});

beforeEach(() => {
  values = {};
  full = false;
});

describe('kept positions', () => {
  it('come back as they were kept, oldest first', async () => {
    await Promise.all([keepPosition(position('a')), keepPosition(position('b'))]);
    expect(await loadPositions()).toEqual([position('a'), position('b')]);
  });

  it('are kept once per id, the newest words', async () => {
    await keepPosition(position('a'));
    await keepPosition(position('a', 98_000));
    expect((await loadPositions()).map(({ entry }) => entry)).toEqual([98_000]);
  });

  it('go when removed, and only those', async () => {
    await keepPosition(position('a'));
    await keepPosition(position('b'));
    await removePosition('a');
    await removePosition('unknown');
    expect((await loadPositions()).map(({ id }) => id)).toEqual(['b']);
  });

  it('leave what they cannot read where it is', async () => {
    const foreign = { id: 'later version', shape: 'unknown' };
    values.positions = [foreign, position('a')];
    expect(await loadPositions()).toEqual([position('a')]);
    await keepPosition(position('b'));
    expect(values.positions).toEqual([foreign, position('a'), position('b')]);
  });

  it('are not lost where the browser has no room for one more', async () => {
    await keepPosition(position('a'));
    full = true;
    await expect(keepPosition(position('b'))).rejects.toThrow(/QUOTA/);
    full = false;
    expect(await loadPositions()).toEqual([position('a')]);
  });

  it.each([
    ['no entry', { entry: Number.NaN }],
    ['no size', { base: 0 }],
    ['a leverage below one', { leverage: 0.5 }],
    ['a symbol of another shape', { symbol: '<b>BTC</b>' }],
  ])('refuse %s', (_, part) => {
    expect(() => keepPosition({ ...position('a'), ...part })).toThrow();
  });
});
