import { describe, expect, it } from 'vitest';
import { continued, findAnchor, type Ink } from '../../../src/content/axis/anchor';

const width = 900;
const height = 400;
const minute = 60_000;
const now = 1_725_000_000_000;

/** Closing prices that walk, five minutes apart, the last one now; the same in every run. */
const prices: number[] = [];
for (let i = 0, price = 100, seed = 3; i < 288; i++) {
  seed = (seed * 16_807) % 2_147_483_647;
  price *= 1 + (seed / 2_147_483_647 - 0.5) * 0.008;
  prices.push(price);
}
const closes = { from: now - 288 * 5 * minute, stepMs: 5 * minute, prices };
const low = Math.min(...prices) * 0.995;
const high = Math.max(...prices) * 1.005;
const yOf = (price: number) => ((high - price) / (high - low)) * height;

/** What a chart of `bar` minutes paints: each bar from the close before to its own, three fifths of its place wide. */
function paint(bar: number, perMinute: number, right: number): Ink {
  const bodies = new Map<number, [top: number, bottom: number]>();
  const step = bar / 5;
  const end = now / minute;
  for (let open = Math.floor(end / bar) * bar - 1440; open < end; open += bar) {
    const at = Math.round((open - (end - 1440)) / 5);
    const within = prices.slice(Math.max(0, at - 1), at + step);
    if (within.length < 2) continue;
    bodies.set(open, [yOf(Math.max(...within)), yOf(Math.min(...within))]);
  }
  return (x, y) => {
    const open = Math.round((end - (right - x) / perMinute) / bar) * bar;
    const body = bodies.get(open);
    const middle = right - (end - open) * perMinute;
    return body !== undefined && Math.abs(x - middle) < 0.3 * bar * perMinute && y >= body[0] && y <= body[1];
  };
}

/** The chart's labels run `zone` minutes ahead of world time, and count from the midnight before the first. */
function axis(zone: number, perMinute: number, right: number) {
  const local = now / minute + zone;
  const midnight = Math.floor((local - right / perMinute) / 1440) * 1440;
  const line = {
    a: right - (local - midnight) * perMinute,
    b: perMinute,
    label: 0,
    date: { x: Number.NaN, day: Number.NaN },
  };
  return { line, offset: zone - midnight };
}

describe('the anchor of a time axis', () => {
  it.each([
    [5, 0, 1.2],
    [5, 345, 1.2],
    [15, 0, 0.6],
    [15, 330, 0.6],
    [15, -480, 0.6],
    [60, 120, 0.55],
  ])('bars of %d min, %d min ahead of world time', (bar, zone, perMinute) => {
    const { line, offset } = axis(zone, perMinute, 800);
    expect(findAnchor(paint(bar, perMinute, 800), line, { width, height }, closes, yOf)).toEqual({
      offset,
      bar,
    });
  });

  it.each<[string, Ink]>([
    ['nothing drawn', () => false],
    ['a picture behind it', () => true],
    ['a flat line', (_, y) => Math.abs(y - 200) < 2],
    ['stripes', (x) => x % 6 < 4],
  ])('none: %s', (_, ink) => {
    const { line } = axis(0, 0.6, 800);
    expect(findAnchor(ink, line, { width, height }, closes, yOf)).toBeUndefined();
  });

  it('none for another coin’s bars', () => {
    const { line } = axis(0, 0.6, 800);
    const other = { ...closes, prices: prices.toReversed() };
    expect(findAnchor(paint(15, 0.6, 800), line, { width, height }, other, yOf)).toBeUndefined();
  });

  it('stays where the chart shows older bars than there are prices, and goes where they gainsay it', () => {
    const { line, offset } = axis(0, 0.6, 800);
    const before = { offset, bar: 15 };
    const older = { ...line, a: line.a + 2000 };
    expect(findAnchor(() => false, older, { width, height }, closes, yOf, before)).toBe(before);
    expect(findAnchor(() => false, line, { width, height }, closes, yOf, before)).toBeUndefined();
  });

  it('an axis that moved keeps its days', () => {
    const { line } = axis(0, 0.6, 800);
    const moved = { ...line, a: line.a + 30 + 3 * 1440 * 0.6 };
    expect(continued(moved, line, 450).a).toBeCloseTo(line.a + 30);
  });
});
