import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  afterFunding,
  bankruptcyPrice,
  deductions,
  inverseLiquidationPrice,
  liquidationPrice,
  type MarginRule,
  type MarginTier,
  maintenanceMargin,
  smallestPosition,
} from '../../../src/engine/positions/margin';
import { recordedTiers, type VenueId, venues } from '../../../src/venues';

const rules = Object.fromEntries(venues.map(({ id, margin }) => [id, margin])) as Record<VenueId, MarginRule>;

/** A table of one step. */
const flat = (maintenanceRate: number): MarginTier[] => [
  { floor: 0, cap: Number.POSITIVE_INFINITY, maintenanceRate, maxLeverage: 1 / (2 * maintenanceRate) },
];

/** A table whose last step has the given rate and deduction: the first step's rate is 0.1 % and ends where it must. */
function withDeduction(rate: number, deduction: number): MarginTier[] {
  const cap = deduction / (rate - 0.001);
  return [
    { floor: 0, cap, maintenanceRate: 0.001, maxLeverage: 100 },
    { floor: cap, cap: Number.POSITIVE_INFINITY, maintenanceRate: rate, maxLeverage: 100 },
  ];
}

describe("liquidation prices the venues' own documents and clients give", () => {
  test('Binance long, API sample: 20 at 6563.665 with 13200.70726908, rate 0.5 %, cum 50', () => {
    const price = liquidationPrice(
      { side: 'long', size: 20, entry: 6563.665, margin: 15517.54150468 - 2316.8342356 },
      withDeduction(0.005, 50),
      rules.binance,
    );
    expect(price).toBeCloseTo(5930.783554, 5);
  });

  test("Binance FAQ: the third step's deduction is 250,000 × 0.5 % + 50", () => {
    const steps: MarginTier[] = [
      { floor: 0, cap: 50_000, maintenanceRate: 0.004, maxLeverage: 125 },
      { floor: 50_000, cap: 250_000, maintenanceRate: 0.005, maxLeverage: 100 },
      { floor: 250_000, cap: 1_000_000, maintenanceRate: 0.01, maxLeverage: 50 },
    ];
    expect(deductions(steps)[2]).toBeCloseTo(1300, 9);
  });

  test('Binance short and long of 1 at 10 with margin 2, rate 1 %, cum 0.01', () => {
    const tiers = withDeduction(0.01, 0.01);
    const position = { size: 1, entry: 10, margin: 2 };
    expect(liquidationPrice({ side: 'short', ...position }, tiers, rules.binance)).toBeCloseTo(
      11.89108910891089,
      12,
    );
    expect(liquidationPrice({ side: 'long', ...position }, tiers, rules.binance)).toBeCloseTo(
      8.070707070707071,
      12,
    );
  });

  test('Bybit long of 1 at 40,000, 50x, 3,000 added, rate 0.5 %', () => {
    // Added margin first pays the fee of closing: X / (1 − t).
    const margin = 40_000 / 50 + 3000 / (1 - rules.bybit.takerFee);
    const price = liquidationPrice(
      { side: 'long', size: 1, entry: 40_000, margin },
      flat(0.005),
      rules.bybit,
    );
    expect(price).toBeCloseTo(36_380.25, 2);
  });

  test('Bybit short of 1 at 40,000, 50x, rate 0.5 %', () => {
    const price = liquidationPrice(
      { side: 'short', size: 1, entry: 40_000, margin: 800 },
      flat(0.005),
      rules.bybit,
    );
    expect(price).toBeCloseTo(40_597.014925, 6);
  });

  test('Bybit bankruptcy of a 50x long at 60,000', () => {
    expect(bankruptcyPrice('long', 60_000, 50)).toBe(58_800);
    expect(bankruptcyPrice('short', 60_000, 50)).toBe(61_200);
  });

  test('OKX long and short of 1 at 10 with margin 3.33…, rate 1 %, fee 0.06 %', () => {
    const rule = { ...rules.okx, takerFee: 0.0006 };
    const position = { size: 1, entry: 10, margin: 10 / 3 };
    expect(liquidationPrice({ side: 'long', ...position }, flat(0.01), rule)).toBeCloseTo(
      6.738090425173506,
      12,
    );
    expect(liquidationPrice({ side: 'short', ...position }, flat(0.01), rule)).toBeCloseTo(
      13.193482419684678,
      12,
    );
  });

  test('OKX shows it a tick nearer to the market', () => {
    const position = { size: 1, entry: 10, margin: 2 };
    for (const [side, shift] of [
      ['long', 0.1],
      ['short', -0.1],
    ] as const) {
      const exact = liquidationPrice({ side, ...position }, flat(0.01), rules.okx)!;
      expect(liquidationPrice({ side, ...position }, flat(0.01), rules.okx, 0.1)! - exact).toBeCloseTo(
        shift,
        12,
      );
    }
  });

  test('OKX inverse long, API sample: one ETH-USD contract of 10 USD at 2566.31', () => {
    const price = inverseLiquidationPrice(
      { side: 'long', valueUsd: 10, entry: 2566.31, marginCoins: 0.0003896645377994 },
      0.008,
      0.0005,
      0.01,
    );
    expect(price).toBeCloseTo(2352.849668, 6);
  });

  test('Bitget maintenance of 330,000 with 0.4 % below 200,000 and 0.5 % above, fee 0.06 %', () => {
    const tiers: MarginTier[] = [
      { floor: 0, cap: 200_000, maintenanceRate: 0.004, maxLeverage: 125 },
      { floor: 200_000, cap: 1_000_000, maintenanceRate: 0.005, maxLeverage: 100 },
    ];
    expect(maintenanceMargin(330_000, tiers, rules.bitget)).toBeCloseTo(1648, 9);
    const beforeNovember2025 = { ...rules.bitget, progressive: false };
    expect(maintenanceMargin(330_000, tiers, beforeNovember2025)).toBeCloseTo(1848, 9);
  });

  test('Bitget long and short of 1 at 100,000, 10x, rate 0.4 %', () => {
    const position = { size: 1, entry: 100_000, margin: 10_000 };
    expect(liquidationPrice({ side: 'long', ...position }, flat(0.004), rules.bitget)).toBeCloseTo(
      90_415.913201,
      6,
    );
    expect(liquidationPrice({ side: 'short', ...position }, flat(0.004), rules.bitget)).toBeCloseTo(
      109_496.316942,
      6,
    );
  });

  test.each([
    ['0.0335 ETH', 0.0335, 95.059824, 2866.26936529, 2e-5],
    ['0.2259 ETH', 0.2259, 475.23904, 2125.00856238, 1e-6],
  ])('Hyperliquid long of %s at 50x, API sample', (_, size, debt, expected, within) => {
    // rawUsd is minus what the position cost beyond its margin, so any entry with margin = entry·size − debt does.
    const entry = (debt / size) * 1.1;
    const price = liquidationPrice(
      { side: 'long', size, entry, margin: entry * size - debt },
      flat(1 / 100),
      rules.hyperliquid,
    );
    expect(Math.abs(price! - expected)).toBeLessThan(within);
  });
});

interface Observed {
  coin: string;
  direction: 'Long' | 'Short';
  size: number;
  positionValue: number;
  entryPx: string;
  marginUsed: string;
  unrealizedPnl: string;
  liquidationPx: string;
  maxLeverage: number;
}

function observedPrice(position: Observed): number {
  const margin = Number(position.marginUsed) - Number(position.unrealizedPnl);
  const { size, entryPx, direction, maxLeverage } = position;
  const side = direction === 'Long' ? 'long' : 'short';
  const held = { side, size, entry: Number(entryPx), margin } as const;
  return liquidationPrice(held, flat(1 / (2 * maxLeverage)), rules.hyperliquid)!;
}

// Entries are printed rounded; value and profit say what the position really cost.
function exactEntry(position: Observed): Observed {
  const s = position.direction === 'Long' ? 1 : -1;
  const entry = (position.positionValue - s * Number(position.unrealizedPnl)) / position.size;
  return { ...position, entryPx: String(entry) };
}

const recorded = join(
  import.meta.dirname,
  '../../../../shared/data/positions/hyperliquid-isolated-exact.json',
);

test('Hyperliquid, a real position: short of 876 LIT at 1.524158 with 5x allowed', () => {
  const position: Observed = {
    coin: 'LIT',
    direction: 'Short',
    size: 876,
    entryPx: '1.524158',
    positionValue: 1423.2372,
    marginUsed: '1506.154231',
    unrealizedPnl: '-88.074516',
    liquidationPx: '3.0400492227',
    maxLeverage: 5,
  };
  expect(observedPrice(exactEntry(position)) / 3.0400492227).toBeCloseTo(1, 7);
});

test.skipIf(!existsSync(recorded))(
  'Hyperliquid, 60 real isolated positions to the last digit printed (needs ../shared/data)',
  () => {
    const positions: Observed[] = JSON.parse(readFileSync(recorded, 'utf8'));
    expect(positions).toHaveLength(60);
    for (const position of positions) {
      const price = observedPrice(exactEntry(position));
      const printed = Number(position.liquidationPx);
      // Printed with ten decimals; double precision leaves less of a large price.
      expect(Math.abs(price - printed)).toBeLessThan(Math.max(5.01e-11, printed * 1e-14));
    }
  },
);

describe('tier tables', () => {
  test("deductions reproduce Binance's maintenance amounts", () => {
    expect(deductions(recordedTiers('binance', 'BTC-USDT')!).map(Math.round)).toEqual([
      0, 50, 950, 11450, 131450, 481450, 2981450, 14481450, 26481450, 41481450, 121481450, 421481450,
    ]);
    expect(Math.round(deductions(recordedTiers('binance', 'SOL-USDT')!)[9]!)).toBe(66_728_380);
  });

  test('Bitget BTC: 200 and 2200; Hyperliquid BTC above 150M: 1,875,000', () => {
    expect(deductions(recordedTiers('bitget', 'BTC-USDT')!)[1]).toBeCloseTo(200, 9);
    expect(deductions(recordedTiers('bitget', 'BTC-USDT')!)[2]).toBeCloseTo(2200, 9);
    expect(deductions(recordedTiers('hyperliquid', 'BTC-USDT')!)[1]).toBeCloseTo(1_875_000, 6);
  });

  test('a position that crosses a step is liquidated where equity meets maintenance (seed 5)', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('long', 'short'),
        fc.double({ min: 0.01, max: 3000, noNaN: true }),
        fc.double({ min: 2, max: 50, noNaN: true }),
        (side, size, leverage) => {
          const entry = 100_000;
          const tiers = recordedTiers('binance', 'BTC-USDT')!;
          const position = { side, size, entry, margin: (entry * size) / leverage } as const;
          const price = liquidationPrice(position, tiers, rules.binance);
          if (price === undefined) return;
          const profit = (side === 'long' ? 1 : -1) * (price - entry) * size;
          const maintenance = maintenanceMargin(price * size, tiers, rules.binance);
          expect(Math.abs(position.margin + profit - maintenance)).toBeLessThan(1e-7 * entry * size);
        },
      ),
      { seed: 5, numRuns: 300 },
    );
  });

  test('a long with all its cost as margin has no liquidation price', () => {
    const position = { side: 'long', size: 1, entry: 100, margin: 100 } as const;
    expect(liquidationPrice(position, flat(0.01), rules.binance)).toBeUndefined();
  });

  test('a table with a hole, an overlap, a falling rate or nothing in it is refused', () => {
    const step = (floor: number, cap: number, maintenanceRate = 0.01): MarginTier => ({
      floor,
      cap,
      maintenanceRate,
      maxLeverage: 50,
    });
    for (const tiers of [
      [],
      [step(10, 20)],
      [step(0, 10), step(11, 20)],
      [step(0, 10), step(9, 20)],
      [step(0, 10, 0.02), step(10, 20, 0.01)],
      [step(0, 0)],
      [step(0, 10, Number.NaN)],
    ]) {
      expect(() => deductions(tiers)).toThrow(RangeError);
      expect(() => maintenanceMargin(1, tiers, rules.okx)).toThrow(RangeError);
    }
    expect(() => deductions([step(0, 10), step(11, 20)])).toThrow(
      'deductions requires a tier table without holes',
    );
  });
});

test('funding that longs pay brings their liquidation price up by rate × mark', () => {
  expect(afterFunding(90_000, 'long', 0.0001, 100_000, 0.004)).toBeCloseTo(90_010.04016, 5);
  expect(afterFunding(110_000, 'short', 0.0001, 100_000, 0.004)).toBeCloseTo(110_009.96016, 5);
  expect(afterFunding(90_000, 'long', -0.0001, 100_000, 0.004)).toBeLessThan(90_000);
});

test('any input gives a finite positive price, none, or a RangeError (seed 6)', () => {
  const number = fc.oneof(fc.double(), fc.constantFrom(0, -1, 1, Number.NaN, Number.POSITIVE_INFINITY));
  fc.assert(
    fc.property(
      number,
      number,
      number,
      number,
      fc.constantFrom('long', 'short'),
      (size, entry, margin, tick, side) => {
        for (const rule of Object.values(rules)) {
          try {
            const price = liquidationPrice(
              { side, size, entry, margin },
              recordedTiers('bitget', 'BTC-USDT')!,
              rule,
              0,
            );
            if (price !== undefined) expect(price > 0).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        }
        for (const compute of [
          () =>
            inverseLiquidationPrice({ side, valueUsd: size, entry, marginCoins: margin }, 0.01, 0.0005, tick),
          () => bankruptcyPrice(side, entry, margin),
          () => afterFunding(entry, side, margin, size, 0.01),
        ]) {
          try {
            expect(Number.isNaN(compute() ?? 0)).toBe(false);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        }
      },
    ),
    { seed: 6, numRuns: 400 },
  );
});

test('the smallest position of a venue tells a map its leverage and rate, with the fee where the venue counts it in', () => {
  expect(smallestPosition(recordedTiers('binance', 'SOL-USDT')!, rules.binance)).toEqual({
    maxLeverage: 100,
    maintenanceRate: 0.005,
  });
  expect(smallestPosition(recordedTiers('bitget', 'BTC-USDT')!, rules.bitget)).toEqual({
    maxLeverage: 150,
    maintenanceRate: 0.0046,
  });
  const absurd = [{ floor: 0, cap: 1, maintenanceRate: 0.02, maxLeverage: 50 }];
  expect(smallestPosition(absurd, rules.binance)).toBeUndefined();
  expect(() => smallestPosition([], rules.binance)).toThrow(RangeError);
});
