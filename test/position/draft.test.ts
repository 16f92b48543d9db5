import { expect, test } from 'vitest';
import { draftOf, missingOf, wrongOf } from '../../src/position/draft';
import type { ReadRow } from '../../src/position/read';
import type { VenueTerms } from '../../src/protocol/detail';

const row: ReadRow = {
  coin: 'BTC',
  venue: 'okx',
  side: 'long',
  entry: 59_800,
  leverage: 25,
  margin: 'isolated',
  assumed: ['margin'],
};
const terms: VenueTerms[] = [
  {
    venue: 'okx',
    name: 'OKX',
    mark: 59_805,
    openInterestUsd: 1e9,
    tickSize: 0.1,
    contractSize: 0.01,
    tiers: [],
  },
];

test('a size in contracts waits for the size of one', () => {
  const contracts = { ...row, contracts: 50 };
  expect(missingOf(draftOf(contracts, {}, []))).toEqual(['base']);
  expect(draftOf(contracts, {}, terms).base).toBeCloseTo(0.5, 12);
});

test('a size in USD is taken at the mark that was copied along, else at the entry', () => {
  expect(draftOf({ ...row, usd: 29_902.5, mark: 59_805 }, {}, terms).base).toBeCloseTo(0.5, 12);
  expect(draftOf({ ...row, usd: 29_900 }, {}, terms).base).toBeCloseTo(0.5, 12);
});

test('prices and sizes of 1000PEPE and kPEPE are told per coin', () => {
  for (const coin of ['1000PEPE', 'kPEPE']) {
    const draft = draftOf({ ...row, coin, entry: 0.0123, base: 50, stop: 0.012 }, {}, []);
    expect(draft).toMatchObject({ symbol: 'PEPE-USDT', base: 50_000 });
    expect(draft.entry).toBeCloseTo(0.0000123, 15);
    expect(draft.stop).toBeCloseTo(0.000012, 15);
  }
});

test('a correction wins, and what was corrected is assumed no more', () => {
  const draft = draftOf({ ...row, base: 1 }, { margin: 'cross', entry: 60_000 }, []);
  expect(draft).toMatchObject({ margin: 'cross', entry: 60_000 });
  expect([...draft.assumed]).toEqual([]);
});

test('a stop on the winning side and a target on the losing one are named', () => {
  const of = (stop: number, target: number, side: 'long' | 'short' = 'long') =>
    wrongOf(draftOf({ ...row, side, base: 1, stop, target }, {}, []));
  expect(of(59_000, 61_000)).toEqual([]);
  expect(of(60_000, 59_000)).toEqual(['stop', 'target']);
  expect(of(61_000, 59_000, 'short')).toEqual([]);
});
