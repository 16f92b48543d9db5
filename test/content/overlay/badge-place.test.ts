import { describe, expect, it } from 'vitest';
import type { Area } from '../../../src/content/overlay/area';
import {
  findPlace,
  isClear,
  openedPlace,
  type Surroundings,
  tipPlace,
} from '../../../src/content/overlay/badge-place';
import { size } from '../../../src/paint/theme';
import type { Corner } from '../../../src/protocol/settings';

const corners: Corner[] = ['top-left', 'top-right', 'bottom-left', 'bottom-right'];
const badge = { width: 380, height: 24 };

const overlap = (one: Area, other: Area): boolean =>
  one.left < other.left + other.width &&
  other.left < one.left + one.width &&
  one.top < other.top + other.height &&
  other.top < one.top + one.height;

function pane(words: Area[] = [], more: Partial<Surroundings> = {}): Surroundings {
  const word = (area: Area) => words.find((each) => overlap(area, each));
  return {
    width: 900,
    height: 600,
    obstacles: { word, hit: word },
    ink: { shareOf: () => 0, ground: [0, 0, 0], isPlain: true },
    labels: [],
    priceY: undefined,
    ...more,
  };
}

/** A legend at the top left of so many rows. */
const legend = (rows: number): Area[] =>
  Array.from({ length: rows }, (_, i) => ({ left: 8, top: 4 + 24 * i, width: 200, height: 20 }));

describe('the badge', () => {
  it.each(corners)('stands at the corner the user chose: %s', (corner) => {
    const place = findPlace(badge, corner, pane())!;
    expect(place.corner).toBe(corner);
    expect(place.area.left).toBe(corner.endsWith('left') ? 8 : 900 - 8 - badge.width);
    expect(place.area.top).toBe(corner.startsWith('top') ? 8 : 600 - 8 - badge.height);
  });

  it.each([1, 2, 3, 4, 5, 6])('goes below a legend of %d rows', (rows) => {
    const { area, corner } = findPlace(badge, undefined, pane(legend(rows)))!;
    expect(corner).toBe('top-left');
    expect(area.top).toBeGreaterThanOrEqual(4 + 24 * (rows - 1) + 20);
    expect(area.top).toBeLessThan(4 + 24 * rows + 30);
  });

  it('without a choice goes where the chart has drawn least', () => {
    const onLeft: Surroundings['ink'] = {
      shareOf: (left) => (left < 300 ? 0.3 : 0),
      ground: [0, 0, 0],
      isPlain: true,
    };
    expect(findPlace(badge, undefined, pane([], { ink: onLeft }))!.corner).toBe('top-right');
    const everywhere: Surroundings['ink'] = {
      shareOf: (left, top) => (left > 300 && top > 300 ? 0.1 : 0.4),
      ground: [0, 0, 0],
      isPlain: true,
    };
    expect(findPlace(badge, undefined, pane([], { ink: everywhere }))!.corner).toBe('bottom-right');
    // A choice wins over candles, though.
    expect(findPlace(badge, 'top-left', pane([], { ink: onLeft }))!.corner).toBe('top-left');
  });

  it('goes to another corner where the page’s words leave no room at the chosen one', () => {
    const wall = { left: 0, top: 0, width: 420, height: 590 };
    expect(findPlace(badge, 'top-left', pane([wall]))!.corner).toBe('top-right');
  });

  it('stands nowhere rather than on words', () => {
    expect(findPlace(badge, undefined, pane([{ left: 0, top: 0, width: 900, height: 600 }]))).toBeUndefined();
    expect(findPlace(badge, undefined, pane([], { width: 300 }))).toBeUndefined();
  });

  it('is never on words, labels or the row of the last price (random panes, seed 11)', () => {
    let state = 11;
    const random = (most: number) => {
      state = (state * 16_807) % 2_147_483_647;
      return (state / 2_147_483_647) * most;
    };
    let fitted = 0;
    for (let round = 0; round < 2000; round++) {
      const [width, height] = [320 + random(3500), 200 + random(1900)];
      const some = (count: number): Area[] =>
        Array.from({ length: count }, () => ({
          left: random(width),
          top: random(height),
          width: random(300),
          height: 10 + random(30),
        }));
      const words = [...legend(Math.floor(random(7))), ...some(Math.floor(random(8)))];
      const labels = some(Math.floor(random(6)));
      const priceY = random(height);
      const around = pane(words, { width, height, labels, priceY });
      const chosen = [undefined, ...corners][Math.floor(random(5))];
      const place = findPlace({ width: 60 + random(340), height: 24 }, chosen, around);
      if (!place) continue;
      fitted++;
      expect(isClear(place.area, around)).toBe(true);
      for (const other of [...words, ...labels]) expect(overlap(place.area, other)).toBe(false);
      const { top, left } = place.area;
      expect(top >= priceY + size.priceRow || top + place.area.height <= priceY - size.priceRow).toBe(true);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left + place.area.width).toBeLessThanOrEqual(width);
    }
    expect(fitted).toBeGreaterThan(1500);
  });

  it('opened it keeps off the last price, and scrolls where there is no room', () => {
    for (let priceY = 0; priceY <= 600; priceY += 7) {
      for (const from of [8, 200, 560]) {
        const { top, most } = openedPlace(from, 420, 600, priceY);
        const height = Math.min(420, most);
        expect(top).toBeGreaterThanOrEqual(0);
        expect(top + height).toBeLessThanOrEqual(600);
        expect(top >= priceY + size.priceRow || top + height <= priceY - size.priceRow).toBe(true);
        expect(most).toBeGreaterThan(250);
      }
    }
  });
});

it('opened on a low chart the badge takes all of it, rather than a strip in which nothing can be chosen', () => {
  for (const priceY of [60, 100, 140])
    expect(openedPlace(20, 420, 200, priceY)).toEqual({ top: 8, most: 184 });
});

it('the tooltip stays inside the pane and off the pointer’s row while there is room', () => {
  const tip = { width: 200, height: 90 };
  const room = { width: 800, height: 400 };
  for (let x = 0; x <= 800; x += 20) {
    for (let y = 0; y <= 400; y += 10) {
      const { left, top } = tipPlace({ x, y }, tip, room);
      expect(left).toBeGreaterThanOrEqual(4);
      expect(left + tip.width).toBeLessThanOrEqual(796);
      expect(top).toBeGreaterThanOrEqual(4);
      expect(top + tip.height).toBeLessThanOrEqual(396);
      expect(y < top - 8 || y > top + tip.height + 8).toBe(true);
    }
  }
});
