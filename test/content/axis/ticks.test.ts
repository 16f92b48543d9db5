import { describe, expect, it } from 'vitest';
import { fitAxis, yOf } from '../../../src/content/axis/fit';
import type { AxisLabel } from '../../../src/content/axis/labels';
import { findTicks } from '../../../src/content/axis/ticks';

const height = 480;
const fitLine = (labels: AxisLabel[]) => fitAxis(labels, { slack: 0.5, top: 0, bottom: height });

interface Look {
  style: number;
  boxed: boolean;
}

let order = 0;
const label = (value: number, y: number, look: Look): AxisLabel => ({
  value,
  half: 0.05,
  percent: false,
  abbreviated: false,
  foreign: false,
  y,
  centre: y,
  anchor: y,
  x: 8,
  align: 0,
  width: 50,
  tall: 9,
  order: order++,
  ...look,
});

const tickLook: Look = { style: 1, boxed: false };
/** 64,000 at the middle of the pane, 20 px for each 100. */
const toY = (price: number) => height / 2 - (price - 64_000) / 5;
const ticks = (look = tickLook) =>
  [63_000, 63_200, 63_400, 63_600, 63_800, 64_000, 64_200, 64_400, 64_600, 64_800].map((price) =>
    label(price, toY(price), look),
  );
/** Lines at even steps of price, whose tags were pushed to an even pitch about the middle. */
const stack = (look: Look, count = 20, step = 32, pitch = 18) =>
  Array.from({ length: count }, (_, i) =>
    label(64_000 + (count / 2 - i) * step, height / 2 + (i - count / 2) * pitch, look),
  );

const read = (...parts: AxisLabel[][]) => {
  order = 0;
  return findTicks(
    parts.flat().toSorted((one, other) => one.y - other.y),
    fitLine,
  );
};

/** px between where the found ticks have the ends of the pane and where they are. */
function miss(found: ReturnType<typeof read>): number {
  if (typeof found !== 'object') return Number.NaN;
  return Math.max(...[62_800, 65_200].map((price) => Math.abs(yOf(found.fit, price) - toY(price))));
}

describe('ticks among a stack of tags that the chart has pushed to an even pitch', () => {
  for (const [what, look] of [
    ['in another ink', { style: 2, boxed: false }],
    ['in boxes, in the same ink', { style: 1, boxed: true }],
    ['in the same ink, told by the order of painting alone', tickLook],
  ] as const) {
    for (const count of [3, 12, 20]) {
      it(`${count} ${what}`, () => {
        const found = read(ticks(), stack(look, count));
        expect(miss(found)).toBeLessThan(1);
        expect(found).toMatchObject({ certain: true });
      });
    }
  }

  it('as high as two rows of text, and apart from each other', () => {
    expect(miss(read(ticks(), stack({ style: 2, boxed: false }, 12, 32, 38)))).toBeLessThan(1);
  });

  it('at round steps as ticks are', () => {
    expect(miss(read(ticks(), stack({ style: 2, boxed: false }, 20, 50)))).toBeLessThan(1);
  });

  it('painted before the ticks', () => {
    const tags = stack({ style: 2, boxed: false });
    expect(miss(read(tags, ticks()))).toBeLessThan(1);
  });

  it('are none where nothing but tags is on the axis', () => {
    expect(read(stack({ style: 1, boxed: true }))).toBe('tags');
    expect(read(stack(tickLook))).toBe('tags');
    // Boxes with a countdown below the price, at round prices.
    expect(read(stack({ style: 1, boxed: true }, 8, 50, 34))).toBe('tags');
  });

  it('are none where two ticks that were painted first gainsay the stack', () => {
    const two = () => [63_000, 64_800].map((price) => label(price, toY(price), tickLook));
    expect(read(two(), stack({ style: 2, boxed: false }, 9, 50, 34))).toBe('tags');
    expect(read(two(), stack(tickLook, 9, 37.3, 34))).toBe('tags');
    const round = [63_000, 64_000].map((price) => label(price, toY(price), tickLook));
    const lower = stack(tickLook, 8, 10, 34).map((tag) => ({ ...tag, y: tag.y + 10 }));
    expect(read(round, lower)).toBe('tags');
  });

  it('in the ink of the ticks, and more of them', () => {
    const uneven = [63_030, 63_230, 63_430, 63_630, 63_830].map((price) =>
      label(price, toY(price), tickLook),
    );
    const tags = stack(tickLook, 8, 10, 34).map((tag) => ({ ...tag, y: tag.y - 92 }));
    expect(read(uneven, tags)).toBe('tags');
  });

  it('painted after one in a box and before ticks that are not round', () => {
    const uneven = [63_037, 63_237, 63_437, 63_637, 63_837, 64_037].map((price) =>
      label(price, toY(price), tickLook),
    );
    const [box] = stack({ style: 2, boxed: true }, 1);
    expect(miss(read([{ ...box!, order: -1 }], uneven))).toBeLessThan(1);
  });

  it('are none where three of many tags lie on a line by chance', () => {
    const tags = [
      51_565.3, 51_567, 51_569.7, 51_580.7, 51_584.4, 51_589.8, 51_596.5, 51_599.9, 51_608.9, 51_612.4,
      51_629.3, 51_630.4, 51_635.2, 51_639.5, 51_641.1,
    ].map((value, i) => ({ value, y: 11 + 20 * i }));
    const chance = [3, 6, 9].map((i) => tags[i]!);
    const others = tags.filter((tag) => !chance.includes(tag)).reverse();
    const painted = [...others, ...chance].map(({ value, y }) => label(value, y, { style: 2, boxed: false }));
    expect(read(painted)).toBe('tags');
  });

  it('are none where two sets of labels could be them', () => {
    const first = ticks({ style: 2, boxed: false }).map((tick) => ({ ...tick, value: tick.value + 33 }));
    expect(read(first, ticks())).toBe('tags');
  });
});

describe('ticks without tags that were pushed', () => {
  it('are all labels where they lie on one line', () => {
    expect(read(ticks())).toMatchObject({ fit: { marks: { length: 10 } }, certain: true });
  });

  it('may have two inks', () => {
    const mixed = ticks().map((tick, i) => ({ ...tick, style: i % 2 }));
    expect(miss(read(mixed))).toBeLessThan(1);
  });

  it('may be close at one end of a log axis, and have labels at the ends of the pane', () => {
    const prices = [
      61_234.5, 62_000, 63_000, 64_000, 65_000, 66_000, 67_000, 68_000, 70_000, 75_000, 79_876.5,
    ];
    const log = prices.map((price) => label(price, 380 - 1_000 * Math.log(price / 61_234.5), tickLook));
    expect(read(log)).toMatchObject({ fit: { scale: 'log', marks: { length: 11 } } });
  });

  it('stand above those of a volume, which reach nought', () => {
    const volume = [6_000, 4_000, 2_000, 0].map((value, i) => label(value, 510 + 30 * i, tickLook));
    const ends = [63_937.5, 64_873].map((price) => label(price, toY(price), tickLook));
    expect(miss(read([...ticks(), ...ends].slice(3), volume))).toBeLessThan(1);
  });

  it('may stand close on a log axis, with ends beside the last ones', () => {
    const prices = [
      0.10521828, 0.1052, 0.1053, 0.1054, 0.1055, 0.1056, 0.1057, 0.1058, 0.106, 0.1065, 0.10788742,
    ];
    const log = prices.map((price) => ({
      ...label(price, 300 - 12_040 * Math.log(price / 0.1052), tickLook),
      half: 5e-9,
    }));
    expect(read(log)).toMatchObject({ fit: { scale: 'log', marks: { length: 11 } } });
  });

  it('may stand as close as tags that were pushed aside, at steps of 3, 6 and 8', () => {
    // Of KLineChart 9, whose text is a little higher for its commas.
    const ys = [22, 47, 72, 98, 123, 148, 174, 199];
    for (const step of [3, 6, 8]) {
      const close = ys.map((y, i) => ({ ...label((333 - i) * step, y, tickLook), tall: 10.5 }));
      const last = { ...label(328.6 * step, 132, { style: 2, boxed: true }), x: 4 };
      expect(read(close, [last]), `${step}`).toMatchObject({ certain: false, fit: { marks: { length: 8 } } });
    }
  });

  it('may all have boxes, where they stand apart at round prices', () => {
    const found = read(ticks({ style: 1, boxed: true }));
    expect(found === 'tags' || miss(found) < 1).toBe(true);
  });

  it('are made surer by a tag that stands where it should', () => {
    const two = [63_200, 64_800].map((price) => label(price, toY(price), tickLook));
    const found = read(two, [label(64_120.5, toY(64_120.5), { style: 2, boxed: true })]);
    expect(miss(found)).toBeLessThan(2);
  });
});
