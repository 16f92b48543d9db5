import { describe, expect, it } from 'vitest';
import type { AxisMessage, LibraryRange } from '../../../src/content/axis/axis-message';
import { yOf } from '../../../src/content/axis/fit';
import { ownRange, withLibrary } from '../../../src/content/axis/library-axis';
import { findPriceColumn } from '../../../src/content/axis/price-axis';

const height = 401;

/** A canvas with a label at each of the values, where the range has them. */
function canvas(library: LibraryRange, labels: { text: string; price: number }[]): AxisMessage {
  const g = library.mode === 1 ? Math.log : (price: number) => price;
  const toY = (price: number) =>
    ((g(library.to) - g(price)) / (g(library.to) - g(library.from))) * (height - 1);
  return {
    width: 60,
    height,
    labels: labels.map(({ text, price }) => ({
      text,
      x: 4,
      y: toY(price),
      anchor: toY(price),
      align: 0,
      width: 40,
      height: 9,
      style: 0,
      boxed: false,
    })),
    clips: [],
    lines: [],
    batch: 1,
    library,
  };
}

const options = (reference: number | undefined) => ({
  kx: 1,
  ky: 1,
  reference,
  previous: undefined,
  trusted: undefined,
  ruler: 'centre' as const,
});

function read(message: AxisMessage, reference: number | undefined) {
  const given = options(reference);
  return withLibrary(findPriceColumn(message, given), message, ownRange(message, given, height), given);
}

const prices = (list: number[]) => list.map((price) => ({ text: String(price), price }));

describe('withLibrary', () => {
  it('reads a log axis with two labels, which alone would say nothing', () => {
    const library: LibraryRange = { height, from: 20_000, to: 90_000, mode: 1 };
    const message = canvas(library, prices([30_000, 60_000]));
    expect(read({ ...message, library: undefined }, 64_000)).toBeTypeOf('string');
    const column = read(message, 64_000);
    if (typeof column === 'string') throw new Error(column);
    expect(column.fit.scale).toBe('log');
    expect(yOf(column.fit, 90_000)).toBeCloseTo(0, 9);
    expect(yOf(column.fit, 20_000)).toBeCloseTo(400, 9);
  });

  it('leaves the labels alone where it does not agree, or is of another pane', () => {
    const library: LibraryRange = { height, from: 60_000, to: 68_000, mode: 0 };
    const message = canvas(library, prices([61_000, 62_000, 63_000, 64_000, 65_000, 66_000, 67_000]));
    const alone = read({ ...message, library: undefined }, 64_000);
    expect(alone).toBeTypeOf('object');
    for (const other of [
      { from: 60_100, to: 68_100 },
      { from: 59_900, to: 68_100 },
      { from: 68_000, to: 60_000 },
      { height: 300 },
      // The same prices at the same places, and yet of a lower pane.
      { height: 201, from: 64_000 },
      { mode: 1 as const },
    ]) {
      expect(read({ ...message, library: { ...library, ...other } }, 64_000)).toEqual(alone);
    }
    // Labels that may be an index are prices nobody vouches for.
    expect(read({ ...message, library: { ...library, from: 59_000, mode: 3 } }, 64_000)).toBe('indexed');
  });

  it('reads percentages and an index counted from any price, near the market only', () => {
    for (const mode of [2, 3] as const) {
      const library: LibraryRange = { height, from: 50_000, to: 70_000, mode };
      const base = 57_123;
      const labels = [-10, -5, 0, 5, 10, 15, 12.04].map((percent) => ({
        text: mode === 2 ? `${percent.toFixed(2)}%` : (100 + percent).toFixed(2),
        price: base * (1 + percent / 100),
      }));
      const message = canvas(library, labels);
      const column = read(message, 64_000);
      if (typeof column === 'string') throw new Error(column);
      expect(yOf(column.fit, 60_000)).toBeCloseTo(200, 9);
      expect(read(message, 3_400)).toBe('implausible');
      // Another chart's range beside these labels.
      expect(read({ ...message, library: { ...library, from: 45_000 } }, 64_000)).toBeTypeOf('string');
      expect(read({ ...message, library: { ...library, mode: 0 } }, 64_000)).toBeTypeOf('string');
    }
  });

  it('needs labels that bear it out', () => {
    const library: LibraryRange = { height, from: 60_000, to: 68_000, mode: 0 };
    expect(read(canvas(library, prices([64_000])), 64_000)).toBe('none');
    expect(read(canvas(library, []), 64_000)).toBe('none');
    const log: LibraryRange = { height, from: 20_000, to: 90_000, mode: 1 };
    const strangers = [25_000, 40_000, 85_000].map((price, i) => ({ text: String(1_700 + 10 * i), price }));
    expect(read(canvas(log, [...prices([30_000, 60_000]), ...strangers]), 64_000)).toBe('none');
    const rounded = [60, 65].map((price) => ({ text: `${price}K`, price: price * 1000 }));
    expect(read(canvas(library, rounded), 64_000)).toBe('coarse');
  });

  it('of several charts takes the word on the one that the labels are of', () => {
    const own: LibraryRange = { height, from: 60_000, to: 68_000, mode: 0, symbol: 'BTCUSDT' };
    const other: LibraryRange = { height, from: 3_000, to: 3_400, mode: 0, symbol: 'ETHUSDT' };
    const message = canvas(own, prices([61_000, 63_000, 65_000, 67_000]));
    const layout = { ...message, library: other, layout: [other, own] };
    expect(ownRange(layout, options(64_000), height)).toBe(own);
    expect(read(layout, 64_000)).toMatchObject({ told: 'firmly', low: 61_000 });
    // Nobody's labels, though as high as both.
    expect(ownRange({ ...layout, labels: [] }, options(64_000), height)).toBeUndefined();
  });

  it('is told loosely by labels that could as well be of the paint before', () => {
    const log: LibraryRange = { height, from: 20_000, to: 90_000, mode: 1 };
    expect(read(canvas(log, prices([25_000, 80_000])), 64_000)).toMatchObject({ told: 'firmly' });
    expect(read(canvas(log, prices([60_000, 70_000])), 64_000)).toMatchObject({ told: 'loosely' });
  });

  it('knows the last price by the tag among percentages, as among prices', () => {
    const library: LibraryRange = { height, from: 50_000, to: 70_000, mode: 2 };
    const label = (percent: number) => ({
      text: `${percent.toFixed(2)}%`,
      price: 60_000 * (1 + percent / 100),
    });
    const message = canvas(library, [-15, -10, -5, 0, 5, 10, 15].map(label));
    const tag = { ...canvas(library, [label(6.5)]).labels[0]!, style: 1, boxed: true };
    const column = read({ ...message, labels: [...message.labels, tag] }, 64_000);
    if (typeof column === 'string') throw new Error(column);
    expect(column.tags).toHaveLength(1);
    expect(column.tags[0]! / 63_900).toBeCloseTo(1, 4);
  });
});
