import { expect, test } from 'vitest';
import { type Corrections, draftOf, missingOf, wrongOf } from '../../src/position/draft';
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

test('a stop and a target told as distances lie on their side of the entry, and go with it', () => {
  const away = { stop: { percent: 2 }, target: { percent: 5 } };
  const of = (...[change, side]: [Corrections, ('long' | 'short')?]) =>
    draftOf({ ...row, ...(side && { side }), base: 1, entry: 60_000, away }, change, []);
  expect(of({})).toMatchObject({ stop: 58_800, target: 63_000, away });
  expect(of({}, 'short')).toMatchObject({ stop: 61_200, target: 57_000 });
  expect(of({ side: 'short', entry: 50_000 })).toMatchObject({ stop: 51_000, target: 47_500 });
  // What was corrected is a price.
  expect(of({ stop: 59_000 })).toMatchObject({
    stop: 59_000,
    target: 63_000,
    away: { target: { percent: 5 } },
  });
  expect(of({ ['stop' as string]: undefined }).stop).toBeUndefined();
});

test('distances of 1000PEPE are of its entry per coin', () => {
  const draft = draftOf(
    { ...row, coin: '1000PEPE', entry: 0.01, base: 50, away: { stop: { percent: 10 } } },
    {},
    [],
  );
  expect(draft.stop).toBeCloseTo(0.000009, 15);
});

test('a distance waits for the side and the entry', () => {
  const { side: _, ...sideless } = row;
  const draft = draftOf({ ...sideless, away: { stop: { percent: 2 } } }, {}, []);
  expect(draft.stop).toBeUndefined();
  expect(draft.away).toEqual({ stop: { percent: 2 } });
});

test.each([
  ['none at all', 'long', { stop: { percent: 0 } }, ['stop']],
  ['more than all of a long', 'long', { stop: { percent: 120 } }, ['stop']],
  ['more than all of a short’s way down', 'short', { target: { percent: 100 } }, ['target']],
  [
    'a sign against the side',
    'long',
    { stop: { percent: 2, sign: '+' }, target: { percent: 4, sign: '-' } },
    ['stop', 'target'],
  ],
  ['a minus that a short’s stop cannot have', 'short', { stop: { percent: 2, sign: '-' } }, ['stop']],
  ['what can be', 'long', { stop: { percent: 2, sign: '-' }, target: { percent: 120 } }, []],
] as const)('distances that make no sense are named: %s', (_, side, away, wrong) => {
  expect(wrongOf(draftOf({ ...row, side, base: 1, away }, {}, []))).toEqual(wrong);
});
