import { describe, expect, test } from 'vitest';
import { forward, survivors } from '../../../src/engine/map/forward';
import { cellsAround, passedBack, passedTiers, pathCells } from '../../../src/engine/map/passed';
import { priorProfile } from '../../../src/engine/map/profile';
import { Inventory } from '../../../src/engine/positions/inventory';
import { embeddedBars, firstBars } from '../recorded-bars';

const inventory = new Inventory();
inventory.addBars(firstBars(embeddedBars('binance-BTCUSDT-5m-2024-09'), 600));
const profile = priorProfile();
const { price } = inventory;

describe('what is passed on the way back', () => {
  test('is a quarter of what comes back within that way: shorts after a fall, longs after a rise', () => {
    const fall = pathCells(inventory, { low: price * 0.98, high: price });
    const rise = pathCells(inventory, { low: price, high: price * 1.02 });
    const stays = survivors(inventory, 4);
    for (const [there, back, side] of [
      [rise, fall, 'short'],
      [fall, rise, 'long'],
    ] as const) {
      const within = { below: there.below && back.above, above: there.above && back.below };
      const { cells, from } = cellsAround(inventory, within);
      const stands = passedTiers(cells, within)[side];
      forward(cells, inventory, profile, 4, from, 0);
      const ahead = passedTiers(cells, within)[side];
      const passed = passedBack(inventory, profile, 4, back)[side];
      passed.forEach((coins, t) => {
        expect(coins).toBeCloseTo((ahead[t]! - stays[t]! * stands[t]!) / 4, 6);
      });
      expect(Math.max(...passed)).toBeGreaterThan(1);
    }
  });

  test('is nothing where price went one way only, nor where nothing is turned over', () => {
    const fall = pathCells(inventory, { low: price * 0.98, high: price });
    expect(passedBack(inventory, profile, 1, fall).long.every((coins) => coins === 0)).toBe(true);
    expect(passedBack(inventory, profile, 0, fall).short.every((coins) => coins === 0)).toBe(true);
  });
});
