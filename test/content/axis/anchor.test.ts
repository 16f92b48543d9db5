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

type Look = 'line' | 'area' | 'hollow' | 'heikin';

/** The same prices drawn in another way, bars of `bar` minutes. */
function paintAs(look: Look, bar: number, perMinute: number, right: number): Ink {
  const end = now / minute;
  const step = bar / 5;
  const closeAt = (open: number) => prices[Math.round((open + bar - (end - 1440)) / 5) - 1];
  const xOf = (open: number) => right - (end - open) * perMinute;
  const openAt = (x: number) => Math.floor((end - (right - x) / perMinute) / bar) * bar;
  const lineAt = (x: number) => {
    const [one, other] = [closeAt(openAt(x)), closeAt(openAt(x) + bar)];
    if (one === undefined || other === undefined) return undefined;
    const share = (x - xOf(openAt(x))) / (bar * perMinute);
    return yOf(one) + share * (yOf(other) - yOf(one));
  };
  if (look === 'line' || look === 'area')
    return (x, y) => {
      const at = lineAt(x);
      return at !== undefined && y >= at - 1 && (look === 'area' || y <= at + 1);
    };
  return (x, y) => {
    const open = Math.round((end - (right - x) / perMinute) / bar) * bar;
    const [last, close] = [closeAt(open - bar), closeAt(open)];
    if (last === undefined || close === undefined) return false;
    const at = Math.round((open - (end - 1440)) / 5);
    const inner = prices.slice(at, at + step).map(yOf);
    const side = Math.abs(x - xOf(open)) / (bar * perMinute);
    // Averages instead of prices: a body from the middle of the one before.
    const from = look === 'heikin' ? yOf((last + (closeAt(open - 2 * bar) ?? last)) / 2) : yOf(last);
    const to =
      look === 'heikin'
        ? yOf((last + close + Math.max(...prices.slice(at, at + step)) + last) / 4)
        : yOf(close);
    const [top, bottom] = [Math.min(from, to), Math.max(from, to)];
    const isWick =
      side * bar * perMinute < 0.6 &&
      (y < top || y > bottom) &&
      y >= Math.min(...inner) &&
      y <= Math.max(...inner);
    const isEdge = side < 0.3 && (Math.abs(y - top) < 1 || Math.abs(y - bottom) < 1);
    return isWick || isEdge || (look === 'heikin' && side < 0.3 && y > top && y < bottom);
  };
}

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
    grid: 0,
    date: undefined,
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

  for (const look of ['line', 'area', 'hollow'] as const) {
    it.each([
      [5, 1.4],
      [15, 0.6],
    ])(`${look}: bars of %d min`, (bar, perMinute) => {
      const { line, offset } = axis(120, perMinute, 800);
      expect(findAnchor(paintAs(look, bar, perMinute, 800), line, { width, height }, closes, yOf)).toEqual({
        offset,
        bar,
      });
    });
  }

  describe('of a month, whose prices at hand are an hour apart', () => {
    // It is 40 minutes past: the fourth price is the first to close at a whole hour.
    const onTheHour = prices.filter((_, k) => k % 12 === 3);
    const hourly = { from: closes.from - 40 * minute, stepMs: 60 * minute, prices: onTheHour };

    it('lines of 15 minutes: no clock is a quarter of an hour off', () => {
      const { line, offset } = axis(0, 0.6, 800);
      const ink = paintAs('line', 15, 0.6, 800);
      const grid = { ...line, grid: 180 };
      expect(findAnchor(ink, grid, { width, height }, hourly, yOf)).toEqual({ offset, bar: 15 });
    });

    it('bars of an hour, as wide as their place', () => {
      const { line, offset } = axis(0, 0.55, 800);
      const narrow = paint(60, 0.55, 800);
      const middleOf = (x: number) => 778 - Math.round((778 - x) / 33) * 33;
      const ink: Ink = (x, y) => narrow(middleOf(x) + (x - middleOf(x)) / 2, y);
      expect(findAnchor(ink, line, { width, height }, hourly, yOf)).toEqual({ offset, bar: 60 });
    });
  });

  it('right, or none, where bars are averages of several', () => {
    for (const bar of [5, 15]) {
      const { line, offset } = axis(0, bar === 5 ? 1.4 : 0.6, 800);
      const ink = paintAs('heikin', bar, line.b, 800);
      const found = findAnchor(ink, line, { width, height }, closes, yOf);
      expect(found?.offset ?? offset).toBe(offset);
    }
  });

  it('bars of four hours and of a day, of a month of hourly prices', () => {
    const end = Math.floor(now / minute / 60) * 60;
    const hourly = { from: (end - 288 * 60) * minute, stepMs: 60 * minute, prices };
    for (const bar of [240, 1440]) {
      const perMinute = bar === 240 ? 0.045 : 0.03;
      const bodies = new Map<number, number[]>();
      const ink: Ink = (x, y) => {
        const open = Math.round((end - (800 - x) / perMinute) / bar) * bar;
        const at = Math.round((open - (end - 288 * 60)) / 60);
        const isBody = Math.abs(x - (800 - (end - open) * perMinute)) < 0.35 * bar * perMinute;
        const within = bodies.get(open) ?? prices.slice(Math.max(0, at - 1), at + bar / 60).map(yOf);
        bodies.set(open, within);
        return within.length > 1 && isBody && y >= Math.min(...within) && y <= Math.max(...within);
      };
      const { line } = axis(0, perMinute, 800 + (now / minute - end) * perMinute);
      const offset = Math.round((800 - line.a) / perMinute - end);
      expect(findAnchor(ink, line, { width, height }, hourly, yOf)).toEqual({ offset, bar });
    }
  }, 60_000);

  it.each([
    [24, 0],
    [32, 1],
  ])('%d bars, ten of which run far the same way and %d is older than the chart', (bars, older) => {
    const bar = 240;
    const perMinute = 0.1;
    const end = Math.floor(now / minute / bar) * bar;
    // Prices are places in the pane: quiet, ten bars down, quiet.
    const falling = { from: 7 * 4, to: 17 * 4, perHour: 7 };
    const hours = Array.from({ length: bars * 4 }, (_, k) => {
      const fallen = Math.min(Math.max(k - falling.from + 1, 0), falling.to - falling.from);
      return 70 + fallen * falling.perHour + 3 * ((k >> 2) % 2);
    });
    // The first bar has wicks both ways.
    hours.splice(1, 2, 40, 110);
    const young = { from: (end - hours.length * 60) * minute, stepMs: 60 * minute, prices: hours };
    const { line } = axis(0, perMinute, 800 + (now / minute - end) * perMinute);
    const ink: Ink = (x, y) => {
      const open = Math.round((end - (800 - x) / perMinute) / bar) * bar;
      const at = (open - end) / 60 + hours.length;
      const within = hours.slice(Math.max(0, at - 1), Math.max(0, at + bar / 60));
      const isBody = Math.abs(x - (800 - (end - open) * perMinute)) < 0.35 * bar * perMinute;
      const isKnown = open >= end - hours.length * 60 + older * bar;
      return isKnown && isBody && y >= Math.min(...within) && y <= Math.max(...within);
    };
    const offset = Math.round((800 - line.a) / perMinute - end);
    expect(findAnchor(ink, line, { width, height }, young, (price) => price)).toEqual({ offset, bar });
  });

  it('none below twenty bars in sight of many', () => {
    const found = (bars: number) => {
      const { line, offset } = axis(0, 0.6, 9 * bars);
      const narrow = { width: 9 * bars + 5, height };
      return [findAnchor(paint(15, 0.6, 9 * bars), line, narrow, closes, yOf), { offset, bar: 15 }];
    };
    expect(found(18)[0]).toBeUndefined();
    const [read, right] = found(24);
    expect(read).toEqual(right);
  });

  it('none where bars fit in part and a line fits wholly', () => {
    const { line } = axis(0, 0.6, 800);
    const own = paintAs('line', 15, 0.6, 800);
    // Candles of ten hours before on the same pane, some of them left out.
    const early = paint(15, 0.6, 440);
    const ink: Ink = (x, y) => own(x, y) || (Math.round((440 - x) / 9) % 16 !== 3 && early(x, y));
    expect(findAnchor(ink, line, { width, height }, closes, yOf)).toBeUndefined();
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

  it('stays where a dozen of the bars at hand are in sight, whatever they seem to fit', () => {
    const { line, offset } = axis(0, 0.6, 800);
    const before = { offset, bar: 15 };
    const older = { ...line, a: line.a + 850 };
    const eightHours = 480;
    const ink = paint(15, 0.6, 1650 - eightHours * 0.6);
    const found = (known?: typeof before) => findAnchor(ink, older, { width, height }, closes, yOf, known);
    expect(found()).toEqual({ offset: offset - eightHours, bar: 15 });
    expect(found(before)).toBe(before);
  });

  it('stays where the pane shows a few prices only', () => {
    const { line, offset } = axis(0, 0.6, 800);
    const before = { offset, bar: 15 };
    const near = (price: number) => 200 + 40 * (yOf(price) - yOf(prices.at(-1)!));
    const quarters = prices.filter((_, k) => k % 3 === 2 && Math.abs(near(prices[k]!) - 200) < 199);
    expect(quarters.length).toBeLessThan(12);
    expect(findAnchor(() => false, line, { width, height }, closes, near, before)).toBe(before);
  });

  it('none where every six hours look alike, but what was clear before stays so', () => {
    const { line, offset } = axis(0, 0.6, 800);
    const again = (k: number) => prices[((k % 72) + 72) % 72]!;
    const alike = { ...closes, prices: prices.map((_, k) => again(k)) };
    const end = now / minute;
    const ink: Ink = (x, y) => {
      const open = Math.round((end - (800 - x) / 0.6) / 15) * 15;
      const at = Math.round((open - (end - 1440)) / 5);
      const within = [at - 1, at, at + 1, at + 2].map((k) => yOf(again(k)));
      const isBody = Math.abs(x - (800 - (end - open) * 0.6)) < 0.3 * 15 * 0.6;
      return isBody && y >= Math.min(...within) && y <= Math.max(...within);
    };
    const found = (before?: { offset: number; bar: number }) =>
      findAnchor(ink, line, { width, height }, alike, yOf, before);
    expect(found()).toBeUndefined();
    const before = { offset, bar: 15 };
    expect(found(before)).toBe(before);
    // A reading that is not among those the ink bears out is not kept.
    expect(found({ offset: offset + 60, bar: 15 })).toBeUndefined();
  });

  it('an axis that moved keeps its days', () => {
    const { line } = axis(0, 0.6, 800);
    const moved = { ...line, a: line.a + 30 + 3 * 1440 * 0.6 };
    expect(continued(moved, line, 450).a).toBeCloseTo(line.a + 30);
  });
});
