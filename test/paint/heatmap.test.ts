import { beforeAll, describe, expect, it } from 'vitest';
import { paintHistory, readHeat } from '../../src/paint/heatmap';
import type { PaintOptions } from '../../src/paint/surface';
import type { HistoryView } from '../../src/protocol/view';

const view = (cells: number[], rows: number): HistoryView => ({
  symbol: 'BTC-USDT',
  window: '24h',
  time: 0,
  columnMs: 300_000,
  columns: cells.length / rows,
  rows,
  lnLow: 11,
  step: 0.001,
  cells: btoa(String.fromCharCode(...cells)),
  usdFrom: 100,
  usdStep: 0.146,
});
/** Longs of 1–100, shorts of 1–20. */
const longs = Array.from({ length: 100 }, (_, i) => i + 1);
const shorts = Array.from({ length: 20 }, (_, i) => 129 + i);

describe('a history as it is drawn', () => {
  it('has its cells unpacked, and leaves empty ones out', () => {
    const cells = [0, 5, 0, 200, 128, 7];
    const heat = readHeat(view(cells, 3));
    expect([...heat.cells]).toEqual(cells);
    expect(heat.strengths[0]).toBe(0);
    expect(heat.strengths[128]).toBe(0);
  });

  it('draws more stronger, each side by its own amounts, most of them hardly seen', () => {
    const { strengths } = readHeat(view([...longs, ...shorts], 10));
    for (let k = 2; k <= 100; k++) expect(strengths[k]).toBeGreaterThan(strengths[k - 1]!);
    expect(strengths[51]).toBeLessThan(0.5);
    expect(strengths[100]).toBeGreaterThan(4.5);
    expect(strengths[148]).toBeGreaterThan(3.5);
    // What is larger than anything seen so far is drawn as the largest.
    expect(strengths[120]).toBeGreaterThanOrEqual(strengths[100]!);
  });

  it('keeps the shades of what was drawn before', () => {
    const first = readHeat(view(longs, 10));
    const next = readHeat(view([...longs.slice(10), ...new Array<number>(10).fill(100)], 10), first);
    expect(next.strengths).toEqual(first.strengths);
    expect(next.cells).not.toEqual(first.cells);
  });
});

describe('a history of thousands of columns', () => {
  const columns = 6000;
  const rows = 8;
  const width = 300;

  /** Pictures as far as they are used: pixels that are put, and read again. */
  class Picture {
    image: { data: Uint8ClampedArray } | undefined;
    constructor(
      readonly width: number,
      readonly height: number,
    ) {}
    getContext() {
      return {
        putImageData: (image: { data: Uint8ClampedArray }) => {
          this.image = image;
        },
      };
    }
  }
  class Pixels {
    readonly data: Uint8ClampedArray;
    constructor(w: number, h: number) {
      this.data = new Uint8ClampedArray(4 * w * h);
    }
  }
  beforeAll(() => void Object.assign(globalThis, { OffscreenCanvas: Picture, ImageData: Pixels }));

  const options: PaintOptions = {
    pixelRatio: 1,
    palette: 'viridis',
    scheme: 'light',
    opacity: 1,
    mode: 'bands',
    tiers: [true, true, true, true, true],
    freshness: 'fresh',
    multiplier: 1,
    price: Math.exp(11.02),
  };

  /** Where on the canvas something is drawn, with the history's first and last column at these x. */
  function drawnBetween(
    heat: ReturnType<typeof readHeat>,
    from: number,
    to: number,
    threshold = 0,
  ): [number, number][] {
    const drawn: [number, number][] = [];
    const drawImage = (
      picture: Picture,
      sx: number,
      sy: number,
      sw: number,
      sh: number,
      dx: number,
      _: number,
      dw: number,
    ) => {
      for (let x = sx; x < sx + sw; x++)
        for (let y = sy; y < sy + sh; y++)
          if (picture.image!.data[4 * (y * picture.width + x) + 3]! > 0)
            drawn.push([dx + ((x - sx) / sw) * dw, dx + ((x + 1 - sx) / sw) * dw]);
    };
    const xOf = (time: number) => from + (time / (columns * heat.columnMs)) * (to - from);
    const scale = {
      priceToY: (price: number) => (rows - (Math.log(price) - 11) / 0.001) * 10,
      yToPrice: (y: number) => Math.exp(11 + (rows - y / 10) * 0.001),
    };
    const box = { x: 0, y: 0, width, height: rows * 10 };
    const context = { drawImage, clearRect: () => undefined } as unknown as CanvasRenderingContext2D;
    paintHistory(context, { heat, xOf }, scale, box, { ...options, threshold });
    return drawn;
  }

  /** Nothing but one cell. */
  const lone = (column: number) => {
    const cells = new Array<number>(columns * rows).fill(0);
    cells[column * rows + 4] = 100;
    const heat = readHeat({
      ...view([0], 1),
      columns,
      rows,
      cells: btoa(String.fromCharCode(...new Uint8Array(0))),
    });
    return {
      ...heat,
      cells: Uint8Array.from(cells),
      strengths: Float32Array.from({ length: 256 }, (_, i) => (i === 100 ? 5 : 0)),
    };
  };

  it.each([0, 1, 1234, 3001, 5998])(
    'shows a moment that is one of them, column %d, where it was',
    (column) => {
      const heat = lone(column);
      const place = (column / columns) * 200;
      const [[left, right], ...others] = drawnBetween(heat, 0, 200) as [[number, number]];
      expect(others).toEqual([]);
      // Never narrower than most of a pixel, so that it cannot fall between two.
      expect(right - left).toBeGreaterThan(0.5);
      expect(left).toBeLessThanOrEqual(place + 1e-6);
      expect(right).toBeGreaterThan(place);
      // Zoomed in it is as wide as it was long.
      const before = (column / columns) * 60_000;
      const [[near, end]] = drawnBetween(heat, 150 - before, 60_150 - before) as [[number, number]];
      expect(near).toBeCloseTo(150, 6);
      expect(end).toBeCloseTo(160, 6);
    },
  );

  it('leaves out what is less than a part of the largest that stands now, in the past too', () => {
    const heat = lone(1234);
    // Now the largest is four steps, times 1.8, above what was then.
    heat.cells[(columns - 1) * rows] = 104;
    heat.strengths[104] = 5;
    const { length: whole } = drawnBetween(heat, 0, 200);
    expect(drawnBetween(heat, 0, 200, 0.5)).toHaveLength(whole);
    expect(drawnBetween(heat, 0, 200, 0.6)).toHaveLength(whole - 1);
  });
});
