import { describe, expect, test } from 'vitest';
import { densityAt, largeAccounts } from '../../../src/engine/map/large-accounts';

const seen = [
  { distance: -0.031, usd: 3e6 },
  { distance: 0.039, usd: 1e6 },
  { distance: 0.121, usd: 4e6 },
  { distance: -1.4, usd: 2e6 },
];

describe('large accounts', () => {
  test('are counted by distance, both sides together, and by what they make of open interest', () => {
    const profile = largeAccounts(seen, 20e6);
    expect(profile).toMatchObject({ beyond: 0.2, positions: 4, coverage: 0.25 });
    expect(profile.shares[3]).toBeCloseTo(0.4, 12);
    expect(profile.shares[12]).toBeCloseTo(0.4, 12);
    expect(profile.shares.reduce((sum, share) => sum + share, profile.beyond)).toBeCloseTo(1, 12);
    expect(densityAt(profile, -0.035)).toBeCloseTo(40, 9);
    expect(densityAt(profile, 0.035)).toBeCloseTo(40, 9);
    expect(densityAt(profile, 0.5)).toBe(0);
  });

  test('that were not seen say nothing', () => {
    const none = largeAccounts([], 0);
    expect(none).toMatchObject({ beyond: 0, positions: 0, coverage: 0 });
    expect(none.shares.every((share) => share === 0)).toBe(true);
  });

  test('with impossible numbers are refused by name', () => {
    for (const bad of [
      { distance: Number.NaN, usd: 1 },
      { distance: 0.1, usd: -1 },
    ])
      expect(() => largeAccounts([bad], 1)).toThrow('largeAccounts requires positions');
    expect(() => largeAccounts(seen, -1)).toThrow('largeAccounts requires open interest');
    expect(() => largeAccounts(seen, 1, { step: 0, count: 3 })).toThrow('largeAccounts requires a step');
    expect(() => largeAccounts(seen, 1, { step: 0.01, count: 0 })).toThrow('largeAccounts requires 1 to');
  });
});
