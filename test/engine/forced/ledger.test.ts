import { describe, expect, it } from 'vitest';
import { enoughOrders, type LedgerEntry, ledgerOf, wilsonLow } from '../../../src/engine/forced/ledger';
import { dayMs, hourMs } from '../../../src/engine/time';

const now = Date.UTC(2026, 10, 26);
const forecast = (p50: number) => ({ p10: p50 / 2, p50, p90: p50 * 2 });

/** One hour and side: ten orders, so many of them in the densest tenth and in levels that hold a fifth of the way. */
const entry = (hoursAgo: number, dense: number, inLevels = 2, forced = 1): LedgerEntry => ({
  time: now - hoursAgo * hourMs,
  forced,
  tally: { orders: 10, dense, denseTypical: 1, inLevels, levelShare: 0.2, typical: 100 },
  expected: forecast(1),
  expectedTypical: forecast(3),
});
const hours = (count: number, make: (hour: number) => LedgerEntry) =>
  Array.from({ length: count }, (_, hour) => make(hour));

describe('the accuracy ledger', () => {
  it("has Wilson's lower bound: 81 of 263 are at least 25.5 %", () => {
    // Newcombe, Statistics in Medicine 17 (1998), table I.
    expect(wilsonLow(81, 263)).toBeCloseTo(0.2553, 4);
    expect(wilsonLow(0, 20)).toBe(0);
    expect(wilsonLow(20, 20)).toBeCloseTo(0.8389, 4);
    expect(() => wilsonLow(2, 1)).toThrow('wilsonLow requires hits among at least one');
    expect(() => wilsonLow(0, 0)).toThrow(RangeError);
  });

  it('says nothing of shares without orders, and not enough below five hundred', () => {
    expect(ledgerOf([], now)).toMatchObject({
      orders: 0,
      isEnough: false,
      since: undefined,
      isDoubtful: false,
    });
    expect(ledgerOf([[]], now).map).toEqual({ share: undefined, shareLow: undefined, coverage: undefined });
    expect(ledgerOf([hours(49, (hour) => entry(hour, 3))], now)).toMatchObject({
      orders: 490,
      isEnough: false,
    });
    expect(ledgerOf([hours(50, (hour) => entry(hour, 3))], now)).toMatchObject({
      orders: enoughOrders,
      isEnough: true,
    });
  });

  it('counts orders in the densest tenth beside distance only, of all venues together', () => {
    const ledger = ledgerOf([hours(60, (hour) => entry(hour, 4)), hours(60, (hour) => entry(hour, 2))], now);
    expect(ledger.map.share).toBeCloseTo(0.3, 12);
    expect(ledger.map.shareLow).toBeCloseTo(wilsonLow(360, 1200), 12);
    expect(ledger.distanceOnly.share).toBeCloseTo(0.1, 12);
  });

  it('forgets what is older than thirty days', () => {
    const old = entry(31 * 24, 10);
    expect(ledgerOf([[old, entry(1, 1)]], now)).toMatchObject({ orders: 10, since: now - hourMs });
  });

  it("counts how often an hour's amount lay in the interval, in hours above the venue's own median", () => {
    const quiet = hours(40, (hour) => ({ ...entry(hour, 1, 2, 99), expected: forecast(0.1) }));
    const busy = hours(40, (hour) => entry(hour, 1, 2, hour % 4 === 0 ? 5 : 1));
    const ledger = ledgerOf([[...quiet, ...busy]], now);
    expect(ledger.map.coverage).toBeCloseTo(0.75, 12);
    // By distance only 1.5 to 6 was expected.
    expect(ledgerOf([hours(30, (hour) => entry(hour, 1, 2, 5))], now).distanceOnly.coverage).toBe(1);
    expect(ledgerOf([hours(10, (hour) => entry(hour, 1))], now).map.coverage).toBeUndefined();
  });

  it('tells the lift of levels: as many orders as typical amounts is 1, half of the orders on a fifth is 4', () => {
    expect(ledgerOf([hours(60, (hour) => entry(hour, 1, 2))], now).lift).toBeCloseTo(1, 6);
    expect(ledgerOf([hours(60, (hour) => entry(hour, 1, 5))], now).lift).toBeCloseTo(4, 6);
    expect(ledgerOf([hours(5, (hour) => entry(hour, 1, 5))], now).lift).toBeUndefined();
  });

  it('doubts the map once it was no better than chance for a week', () => {
    const poor = (hour: number) => entry(hour, 1);
    expect(ledgerOf([hours(300, poor)], now).isDoubtful).toBe(true);
    // Of the first day there were too few.
    expect(ledgerOf([hours(6 * 24 + 10, poor)], now).isDoubtful).toBe(false);
    // Six days ago it still was better.
    const lately = (hour: number) => entry(hour, hour * hourMs < 5.5 * dayMs ? 0 : 3);
    expect(ledgerOf([hours(300, lately)], now).isDoubtful).toBe(false);
    expect(ledgerOf([hours(300, (hour) => entry(hour, 3))], now).isDoubtful).toBe(false);
  });
});
