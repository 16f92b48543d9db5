import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AxisMessage } from '../../../src/content/axis/axis-message';
import type { Chart } from '../../../src/content/axis/chart';
import { ChartClock } from '../../../src/content/axis/clock';
import { fitAxis } from '../../../src/content/axis/fit';

/** A pane of quarter-hour bars with a time axis below, each on a canvas of its own, as charting libraries paint them. */

const minute = 60_000;
const [width, height] = [900, 400];
const perMinute = 0.6;
const end = Date.UTC(2024, 8, 18, 12) / minute;

/** Closing prices five minutes apart, the last one at `end`. */
const prices: number[] = [];
for (let i = 0, price = 100, seed = 5; i < 288; i++) {
  seed = (seed * 16_807) % 2_147_483_647;
  price *= 1 + (seed / 2_147_483_647 - 0.5) * 0.008;
  prices.push(price);
}
const closes = { from: (end - 1440) * minute, stepMs: 5 * minute, prices };
const [low, high] = [Math.min(...prices) * 0.995, Math.max(...prices) * 1.005];
const b = -height / (high - low);
const axis = { scale: 'linear' as const, a: -b * high, b };

/** What the pane's canvas shows where the time `end` stands at `right`. */
function painted(right: number): Uint32Array {
  const pixels = new Uint32Array(width * height);
  for (let k = 2; k < prices.length - 3; k += 3) {
    const within = prices.slice(k, k + 4).map((price) => axis.a + b * price);
    const middle = right - (prices.length - 1 - k) * 5 * perMinute;
    for (let x = Math.ceil(middle - 3); x <= middle + 3; x++)
      for (let y = Math.floor(Math.min(...within)); y <= Math.max(...within); y++)
        if (x >= 0 && x < width) pixels[y * width + x] = 1;
  }
  return pixels;
}

/** Times every three hours; midnight as the day of the month. */
function message(right: number, day = '18'): AxisMessage {
  const labels = Array.from({ length: 9 }, (_, i) => {
    const hour = (12 + 24 - 3 * i) % 24;
    return { text: hour === 0 ? day : `${hour}:00`.padStart(5, '0'), x: right - 180 * i * perMinute };
  }).filter(({ x }) => x > 20 && x < width - 20);
  return {
    width,
    height: 28,
    labels: labels.map(({ text, x }) => ({
      text,
      x,
      y: 14,
      anchor: 14,
      align: 1,
      width: 30,
      height: 8,
      style: 0,
      boxed: false,
    })),
    clips: [],
    lines: [],
    batch: 1,
  };
}

let pixels = painted(800);

class Canvas {
  readonly width = width;
  readonly clientWidth = width;
  readonly offsetWidth = width;
  constructor(
    private readonly top: number,
    readonly height: number,
  ) {}
  get clientHeight(): number {
    return this.height;
  }
  getBoundingClientRect() {
    return { left: 0, top: this.top, width, height: this.height, bottom: this.top + this.height };
  }
}

class Copy {
  getContext() {
    return { drawImage() {}, getImageData: () => ({ data: new Uint8Array(pixels.buffer.slice(0)) }) };
  }
}

describe('the clock of a chart', () => {
  const pane = new Canvas(0, height);
  const times = new Canvas(height, 28);
  const chart = { pane: { element: pane, x: 0, y: 0, width, height, shift: 0 }, axis } as unknown as Chart;
  let clock: ChartClock;
  /** x that it gives the opening of the newest bar; undefined where it tells no time. */
  const read = (said: AxisMessage) => {
    const messages = new Map([[times as unknown as Element, said]]);
    const time = clock.read(chart, { closes, multiplier: 1 }, messages);
    return time && time.a + time.b * (end - 15);
  };

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('HTMLCanvasElement', Canvas);
    vi.stubGlobal('OffscreenCanvas', Copy);
    clock = new ChartClock(fitAxis);
    pixels = painted(800);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('tells times once the axis has rested', () => {
    const said = message(800);
    expect(read(said)).toBeUndefined();
    vi.advanceTimersByTime(250);
    expect(read(said)).toBeCloseTo(800 - 15 * perMinute, 1);
  });

  it('stays right where the pane is painted before its times, after a rest', () => {
    read(message(800));
    vi.advanceTimersByTime(300);
    // The first pan after the rest, by an hour: bars stand in the new place, times still in the old one.
    pixels = painted(764);
    read(message(800));
    expect(read(message(764))).toBeCloseTo(764 - 15 * perMinute, 1);
    vi.advanceTimersByTime(300);
    expect(read(message(764))).toBeCloseTo(764 - 15 * perMinute, 1);
  });

  it('looks at no ink of a later place than the times that it could read', () => {
    read(message(800));
    // Before it has looked the chart goes on by an hour, and its times cannot be read there.
    pixels = painted(764);
    read({ ...message(764), labels: [] });
    vi.advanceTimersByTime(1000);
    expect(read(message(764))).toBeUndefined();
    vi.advanceTimersByTime(1000);
    expect(read(message(764))).toBeCloseTo(764 - 15 * perMinute, 1);
  });

  it('looks once a pan has come to rest, and sets no timer anew in each of its frames', () => {
    const set = vi.spyOn(globalThis, 'setTimeout');
    for (let frame = 0; frame < 30; frame++) {
      read(message(800 - frame));
      vi.advanceTimersByTime(16);
    }
    expect(set.mock.calls.length).toBeLessThan(5);
    pixels = painted(771);
    expect(read(message(771))).toBeUndefined();
    vi.advanceTimersByTime(250);
    expect(read(message(771))).toBeCloseTo(771 - 15 * perMinute, 1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not lost for more than a frame that cannot be read', () => {
    read(message(800));
    vi.advanceTimersByTime(250);
    expect(read(message(800))).toBeDefined();
    expect(read({ ...message(799), labels: [] })).toBeUndefined();
    vi.advanceTimersByTime(16);
    expect(read({ ...message(798), labels: [] })).toBeUndefined();
    expect(read(message(797))).toBeCloseTo(797 - 15 * perMinute, 1);
  });

  it('searches a chart without times seldom, and finds them when they come', () => {
    const empty = { ...message(800), labels: [] };
    const asked = vi.spyOn(times, 'getBoundingClientRect');
    for (let frame = 0; frame < 200; frame++) {
      read({ ...empty });
      vi.advanceTimersByTime(16);
    }
    expect(asked.mock.calls.length).toBeLessThan(40);
    vi.advanceTimersByTime(1000);
    read(message(800));
    vi.advanceTimersByTime(250);
    expect(read(message(800))).toBeCloseTo(800 - 15 * perMinute, 1);
  });

  it('tells none on another day than the axis names, and looks again', () => {
    const otherDay = message(800, '25');
    read(otherDay);
    vi.advanceTimersByTime(250);
    expect(read(otherDay)).toBeUndefined();
    const said = message(800);
    read(said);
    vi.advanceTimersByTime(10_000);
    expect(read(said)).toBeCloseTo(800 - 15 * perMinute, 1);
  });
});
