import { describe, expect, it } from 'vitest';
import { pairLines } from '../../../src/content/axis/calibrate';
import { type ColumnSeat, seat } from '../../../src/content/axis/seat';

const column = (ys: number[], x: number, align: number) =>
  ys.map((y) => ({
    text: '1',
    x,
    y,
    anchor: y,
    align,
    width: 39,
    height: 9,
    style: 2,
    boxed: false,
    adrift: false,
  }));

const seated = (labels: { anchor: number }[]) => labels.map(({ anchor }) => anchor);

/** Ticks that stand on their gridlines, and three tags that are centred on theirs, all at whole pixels. */
describe('texts of a drawing beside its lines', () => {
  const gridlines = [482.5, 427.5, 372.5, 317.5, 262.5, 208.5, 153.5, 98.5];
  const ticks = () => column([476.5, 420.5, 365.5, 311.5, 256.5, 201.5, 146.5, 92.5], 1008, 0);
  const tags = () => column([466.5, 262.5, 44.5], 1070, 2);
  const lines = [gridlines, [466.5, 262.5, 44.5]];

  it('belong to lines by column: ticks stand on theirs, tags beside theirs', () => {
    const labels = [...tags(), ...ticks()];
    const known = new Map<string, ColumnSeat>();
    for (let paint = 0; paint < 2; paint++) {
      seat(labels, lines, 1096, 1, known, pairLines);
      expect(seated(labels.slice(0, 3))).toEqual([466.5, 262.5, 44.5]);
      for (const [i, y] of seated(labels.slice(3)).entries())
        expect(Math.abs(y - gridlines[i]!)).toBeLessThan(0.6);
    }
  });

  it('are adrift where two distances from the lines explain them as well', () => {
    const labels = column([100.5, 150.5, 200.5], 60, 2);
    seat(labels, [[97.5, 104.5, 147.5, 154.5, 197.5, 204.5]], 800, 1, new Map(), pairLines);
    expect(labels.every(({ adrift }) => adrift)).toBe(true);
  });

  it('are where they were seen before in that case, though the chart is wider now', () => {
    const known = new Map<string, ColumnSeat>();
    seat(column([100.5, 150.5, 200.5], 740, 2), [[107.5, 157.5, 207.5]], 800, 1, known, pairLines);
    const labels = column([100.5, 150.5], 840, 2);
    seat(labels, [[97.5, 107.5, 147.5, 157.5]], 900, 1, known, pairLines);
    expect(seated(labels)).toEqual([107.5, 157.5]);
  });

  it('stand as far from their lines as they are shown, where the page scales them', () => {
    const labels = column([100.5, 200.5, 300.5], 60, 2);
    seat(labels, [[113.5, 213.5, 313.5]], 1600, 0.5, new Map(), pairLines);
    expect(seated(labels)).toEqual([113.5, 213.5, 313.5]);
  });

  it('are adrift where but a few of many lines stand beside them, as those of orders do', () => {
    const labels = column([30.7, 117.1, 203.5, 290, 376.4, 462.9], 551, 0);
    const orders = Array.from({ length: 56 }, (_, i) => 36.1 + 7.86 * i);
    seat(labels, [orders], 603, 1, new Map(), pairLines);
    expect(labels.every(({ adrift }) => adrift)).toBe(true);
  });

  it('tell a place together with them where both were put on whole pixels, from then on', () => {
    const seats = new Map<string, ColumnSeat>();
    // Of Highcharts 13, with the places that it reckons with.
    const states = [
      {
        texts: [125.5, 186.5, 248.5, 309.5],
        lines: [125.5, 187.5, 248.5, 310.5],
        own: [126, 187.36, 248.73, 310.1],
      },
      { texts: [137.5, 220.5, 303.5], lines: [137.5, 220.5, 303.5], own: [137.81, 220.82, 303.84] },
    ];
    for (const { texts, lines, own } of states) {
      const labels = column(texts, 903, 0);
      seat(labels, [lines], 991, 1, seats, pairLines);
      for (const [i, y] of seated(labels).entries()) expect(Math.abs(y - own[i]!)).toBeLessThan(0.26);
    }
  });

  it('say where they are by themselves where they are put anywhere, and only the lines on whole pixels', () => {
    const labels = column([116.87, 214.13, 311.4, 408.66], 595, 0);
    seat(labels, [[116.5, 213.5, 311.5, 408.5]], 683, 1, new Map(), pairLines);
    expect(seated(labels)).toEqual([116.87, 214.13, 311.4, 408.66]);
  });

  it('stay as far apart as they are put where they all stand beside lines on whole pixels', () => {
    // Of ECharts 4, with the ends of its axis.
    const texts = [19.172, 40.54, 93.713, 146.887, 200.06, 253.233, 277.272];
    const labels = column(texts, 614, 0);
    seat(labels, [[20.5, 41.5, 94.5, 147.5, 201.5, 254.5, 278.5]], 696, 1, new Map(), pairLines);
    for (const [i, y] of seated(labels).entries()) expect(y - texts[i]!).toBeCloseTo(1.089, 2);
  });

  it('tell a place together with their lines where all but one were put on whole pixels', () => {
    const labels = column([116, 213, 310, 408, 505.4], 595, 0);
    seat(labels, [[117.5, 215.5, 312.5, 409.5, 507.5]], 683, 1, new Map(), pairLines);
    const [first, second] = seated(labels);
    // Twice half of what their lines are more apart than they.
    expect(second! - first!).toBeCloseTo(97.5);
  });

  it('are where they are without gridlines: edges, the last price and what lies above the drawing are none', () => {
    const labels = column([29.67, 158.72, 287.77, 416.82, 545.87], 940.2, 0);
    seat(labels, [[-8, -8, -8, 546.2], [546.2], [30, 30]], 1012, 1, new Map(), pairLines);
    expect(labels.some(({ adrift }) => adrift)).toBe(false);
  });
});
