import { describe, expect, it } from 'vitest';
import { tipPlace, topOf } from '../../../src/content/overlay/badge-place';
import type { Corner } from '../../../src/protocol/settings';

const corners: Corner[] = ['top-left', 'top-right', 'bottom-left', 'bottom-right'];

describe('the badge', () => {
  it('stands at the corner the user chose', () => {
    expect(topOf('top-left', undefined, 80, 400)).toBe(8);
    expect(topOf('bottom-right', 20, 80, 400)).toBe(312);
  });

  it('leaves its corner while the last price runs through it, and comes back after', () => {
    const moved = topOf('top-left', 50, 80, 400);
    expect(moved).toBe(312);
    expect(topOf('top-left', 104, 80, 400, moved)).toBe(moved);
    expect(topOf('top-left', 130, 80, 400, moved)).toBe(8);
  });

  it('stands beside the price where neither end of a low pane is free', () => {
    expect(topOf('top-left', 60, 80, 160)).toBe(75);
  });

  it('ignores a price that is out of sight', () => {
    expect(topOf('top-left', -200, 80, 400)).toBe(8);
  });

  it.each(corners)('never covers the row of the last price, wherever that is: %s', (corner) => {
    let fitted = 0;
    for (let pane = 40; pane < 700; pane += 13) {
      for (let y = 0; y <= pane; y += 3) {
        for (const current of [undefined, 8, pane - 88]) {
          const top = topOf(corner, y, 80, pane, current);
          if (top === undefined) continue;
          fitted++;
          expect(top).toBeGreaterThanOrEqual(0);
          expect(top + 80).toBeLessThanOrEqual(pane);
          expect(y > top + 80 + 9 || y < top - 9).toBe(true);
        }
      }
    }
    expect(fitted).toBeGreaterThan(10_000);
  });
});

it('the tooltip stays inside the pane and off the pointer’s row while there is room', () => {
  const tip = { width: 200, height: 90 };
  const pane = { width: 800, height: 400 };
  for (let x = 0; x <= 800; x += 20) {
    for (let y = 0; y <= 400; y += 10) {
      const { left, top } = tipPlace({ x, y }, tip, pane);
      expect(left).toBeGreaterThanOrEqual(4);
      expect(left + tip.width).toBeLessThanOrEqual(796);
      expect(top).toBeGreaterThanOrEqual(4);
      expect(top + tip.height).toBeLessThanOrEqual(396);
      expect(y < top - 8 || y > top + tip.height + 8).toBe(true);
    }
  }
});
