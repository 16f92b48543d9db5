import { describe, expect, it } from 'vitest';
import type { AxisMessage } from '../../../src/content/axis/axis-message';
import { difference } from '../../../src/content/axis/fit';
import { follow } from '../../../src/content/axis/follow';
import { type ColumnOptions, findPriceColumn, type PriceColumn } from '../../../src/content/axis/price-axis';

/** An axis that merely moves is not searched for in every frame; whatever else happens to it is left to the search. */

const height = 700;
const reference = 60_000;
type Labels = AxisMessage['labels'];

const options: ColumnOptions = {
  kx: 1,
  ky: 1,
  reference,
  previous: 'linear',
  trusted: undefined,
  ruler: 'centre',
};

const label = (text: string, y: number, more: Partial<Labels[number]> = {}): Labels[number] => ({
  text,
  x: 10,
  y,
  anchor: y + 1,
  align: 0,
  width: 43,
  height: 9,
  style: 1,
  boxed: false,
  ...more,
});

interface View {
  /** Price in the middle, and per pixel. */
  middle: number;
  perPx: number;
  step?: number;
  isUpsideDown?: boolean;
  isLog?: boolean;
  digits?: number;
}

/** Ticks from the bottom up, on the nearest pixel, and a tag of the last price. */
function axisAt(view: View): Labels {
  const { middle, perPx, step = 200, isUpsideDown, isLog, digits = 1 } = view;
  const place = (price: number) => (isLog ? Math.log(price / middle) * middle : price - middle) / perPx;
  const yOf = (price: number) => height / 2 + (isUpsideDown ? 1 : -1) * place(price);
  const found: Labels = [];
  const low = middle - (height / 2) * perPx;
  for (let price = Math.ceil(low / step) * step; ; price += step) {
    const y = yOf(price);
    if (y < 5 || y > height - 5) {
      if (found.length > 0) break;
      continue;
    }
    found.push(label(price.toFixed(digits), Math.round(y)));
  }
  const y = yOf(reference);
  if (y > 5 && y < height - 5)
    found.push(label(reference.toFixed(digits), Math.round(y), { style: 2, boxed: true }));
  return found;
}

const message = (labels: Labels, more: Partial<AxisMessage> = {}): AxisMessage => ({
  width: 70,
  height,
  labels,
  clips: [],
  lines: [],
  batch: 1,
  ...more,
});

const view: View = { middle: 60_100, perPx: 4 };
const moved: View = { middle: 60_370, perPx: 4.1 };

function searched(of: View, more?: Partial<ColumnOptions>): PriceColumn {
  const found = findPriceColumn(message(axisAt(of)), { ...options, ...more });
  if (typeof found === 'string') throw new Error(found);
  return found;
}
const before = searched(view);
const followed = (labels: Labels, more?: Partial<AxisMessage>) =>
  follow(before, message(labels, more), options);

describe('an axis that has merely moved', () => {
  it('is where a search would have it, within half a pixel', () => {
    let count = 0;
    for (let i = 0; i < 200; i++) {
      const of = { middle: 60_100 + 13.7 * i, perPx: 4 + 0.01 * i };
      const said = message(axisAt(of));
      const found = follow(before, said, options);
      const search = findPriceColumn(said, options) as PriceColumn;
      // Where rounding is at its worst a search has to tell.
      if (!found) continue;
      count++;
      expect(found, `moved ${i}`).toMatchObject({ low: search.low, high: search.high });
      expect(difference(found.fit, search.fit, { top: 0, bottom: height })).toBeLessThan(0.5);
      expect(found.fit.spread).toBeGreaterThan(search.fit.spread - 0.05);
    }
    expect(count).toBeGreaterThan(150);
  });

  it('may be upside down', () => {
    const upside = searched({ ...view, isUpsideDown: true });
    const said = message(axisAt({ ...moved, isUpsideDown: true }));
    expect(follow(upside, said, options)!.fit.b).toBeGreaterThan(0);
    // Turned from one frame to the next it still lies on a line, and that line is the one that is told.
    expect(followed(said.labels)).toBeUndefined();
  });

  it('may have a tick where the last tag has left its box', () => {
    const labels = axisAt(moved);
    labels[5] = { ...labels[5]!, boxed: true };
    expect(followed(labels)!.labels).toHaveLength(labels.length - 1);
  });

  it('may have lost its tag, or have a few', () => {
    const labels = axisAt(moved);
    expect(followed(labels.filter(({ boxed }) => !boxed))!.tags).toEqual([]);
    expect(followed([...labels, label('60,511.3', 200, { style: 3, boxed: true })])!.tags).toHaveLength(2);
  });
});

describe('what is left to the search', () => {
  const labels = axisAt(moved);
  const change = (at: number, more: Partial<Labels[number]>) =>
    labels.map((each, i) => (i === at ? { ...each, ...more } : each));
  const last = labels.length - 1;
  /** Ticks without their first, and what is put in its place. */
  const cases: Record<string, Labels> = {
    'a label that left the line by a pixel': change(4, { y: labels[4]!.y + 1.2 }),
    'a tag in the ink of the ticks, among them': [...labels, label('60,355.0', 351)],
    'a tag painted before the ticks': [labels[last]!, ...labels.slice(0, last)],
    'a tag without a box': change(last, { boxed: false }),
    'as many tags as ticks': [
      ...labels,
      ...Array.from({ length: 8 }, (_, i) =>
        label(`${60_111 + 20 * i}.0`, 100 + 30 * i, { style: 3, boxed: true }),
      ),
    ],
    'a label in another column': change(3, { x: 25 }),
    'a second column': [...labels, ...labels.slice(0, last).map((each) => ({ ...each, x: 50, align: 2 }))],
    'another ink': labels.map((each) => ({ ...each, style: each.style + 7 })),
    'other digits': axisAt({ ...moved, digits: 2 }),
    'another step': axisAt({ ...moved, perPx: 3, step: 100 }),
    'a tick that is missing': labels.filter((_, i) => i !== 3),
    'few ticks': [10, 350, 690].map((y, i) => label(`${60_400 - 200 * i}.0`, y)),
    'ticks that touch': axisAt({ ...moved, perPx: 10 }),
    'another alignment': labels.map((each) => ({ ...each, align: 1 })),
    'a scale that labels at one end do not tell from a logarithmic one': axisAt({
      ...moved,
      perPx: 2.2,
    }).filter(({ y }) => y > 205),
    'ticks at one end alone': [...labels.slice(0, 5), labels[last]!],
    percentages: labels.map((each) => ({ ...each, text: `${each.text}%` })),
    volumes: labels.map((each) => ({ ...each, text: `${each.text}K` })),
    euros: labels.map((each) => ({ ...each, text: `€${each.text}` })),
    'prices of something else': labels.map((each) => ({
      ...each,
      text: (Number(each.text) - 50_000).toFixed(1),
    })),
    'a logarithmic scale': axisAt({ middle: 60_000, perPx: 40, step: 2000, isLog: true }),
    nothing: [],
  };
  it.each(Object.keys(cases))('%s', (name) => {
    expect(followed(labels)).toBeDefined();
    expect(followed(cases[name]!)).toBeUndefined();
  });

  it('clips, and what a library tells', () => {
    expect(followed(labels, { clips: [[0, 0, 70, 700]] })).toBeUndefined();
    expect(followed(labels, { library: { height, from: 1, to: 2, mode: 0 } })).toBeUndefined();
    expect(followed(labels, { layout: [] })).toBeUndefined();
  });

  it('an axis that was told by a library, cut at a plot, not certain, logarithmic or never held against a price', () => {
    const said = message(labels);
    const doubtful: Partial<PriceColumn>[] = [
      { told: 'firmly' },
      { plot: [0, 0, 70, 700] },
      { certain: false },
      { fit: { ...before.fit, scale: 'log' } },
      { checked: false },
    ];
    for (const each of doubtful) expect(follow({ ...before, ...each }, said, options)).toBeUndefined();
    expect(follow(before, said, { ...options, reference: undefined })).toBeUndefined();
    expect(follow(before, said, { ...options, reference: 20_000 })).toBeUndefined();
  });

  it('what may be an index', () => {
    const price = { middle: 101, perPx: 0.02, step: 1, digits: 2 };
    const near = { ...options, reference: 102 };
    const told = axisAt(price).map((each) => (each.boxed ? { ...each, text: '102.00' } : each));
    const own = findPriceColumn(message([...told, label('102.03', 300, { style: 2, boxed: true })]), near);
    expect(own).toMatchObject({ certain: true });
    expect(follow(own as PriceColumn, message(told), near)).toBeUndefined();
  });
});
