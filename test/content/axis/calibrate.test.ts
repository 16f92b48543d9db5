import { describe, expect, it } from 'vitest';
import { Calibration, guessRuler } from '../../../src/content/axis/calibrate';

const centres = [60.5, 117.5, 173.5, 230.5];

describe('which point of a label marks its price', () => {
  it('is its middle where gridlines cross it there', () => {
    const lines = centres.map((y) => y + 0.25);
    const anchors = centres.map((y) => y + 1.4);
    expect(new Calibration('anchor', 'canvas').add({ centres, anchors, lines })).toBe('centre');
  });

  it('is the point it was drawn at where gridlines cross that', () => {
    const anchors = centres.map((y) => y + 1.2);
    expect(new Calibration('anchor', 'canvas').add({ centres, anchors, lines: anchors })).toBe('anchor');
  });

  it('is the line below labels that stand on theirs, though both were rounded to whole pixels', () => {
    const lines = [66.5, 123.5, 180.5, 237.5];
    expect(new Calibration('anchor', 'canvas').add({ centres, anchors: centres, lines })).toBeCloseTo(
      6.25,
      6,
    );
  });

  it('is unknown where lines are at no constant distance', () => {
    const lines = [62.5, 124.5, 173.5, 236.5];
    expect(new Calibration('anchor', 'canvas').add({ centres, anchors: centres, lines })).toBeUndefined();
  });

  /** Labels at the true places; the chart's lines on whole pixels of a screen, half a pixel below the price. */
  const paintOf = (from: number, gap: number) => {
    const prices = Array.from({ length: 8 }, (_, i) => from + i * 40);
    return {
      centres: prices,
      anchors: prices.map((y) => y + gap),
      lines: prices.map((y) => Math.round(y * 1.5) / 1.5 + 0.5),
    };
  };

  it('is not turned over by lines that were all rounded the same way', () => {
    const calibration = new Calibration('centre', 'strip');
    // 40 px are a whole number of device pixels: every line of this paint is a third of a pixel low.
    expect(calibration.add(paintOf(10.34, 0.69))).toBe('centre');
    expect(calibration.settled).toBe(false);
  });

  it('on a fine screen is told for charts that draw on its pixels, and for those that draw on CSS pixels', () => {
    const prices = [10.3, 52.1, 93.9, 135.7];
    // Text that is centred on the price, whose lines are two device pixels wide and stand where these meet.
    const centred = { centres: prices, anchors: prices.map((y) => y - 0.5), lines: prices };
    expect(new Calibration('centre', 'strip', 0.5).add(centred)).toBe('centre');
    // Text at the price by its middle, which is not that of its ink; lines half a CSS pixel lower.
    const drawnAt = prices.map(Math.round);
    const plain = {
      centres: drawnAt.map((y) => y - 0.84),
      anchors: drawnAt,
      lines: drawnAt.map((y) => y + 0.5),
    };
    expect(new Calibration('anchor', 'strip', 0.5).add(plain)).toBe('anchor');
    expect(new Calibration('centre', 'strip', 0.5).add(plain)).toBe('anchor');
    const labels = (ys: number[]) => ys.map((anchor) => ({ anchor }));
    expect(guessRuler(labels(drawnAt), true, 0.5)).toBe('anchor');
    expect(guessRuler(labels([10.5, 52, 94, 135.5]), true, 0.5)).toBe('centre');
    expect(guessRuler(labels([10.5, 52, 94, 135.5]), true, 1)).toBe('anchor');
  });

  it('is settled by paints that differ, not by the same one again', () => {
    const calibration = new Calibration('centre', 'strip');
    for (let i = 0; i < 4; i++) calibration.add(paintOf(10, 0.69));
    expect(calibration.settled).toBe(false);
    for (const from of [11.1, 12.2, 13.4]) calibration.add(paintOf(from, 0.69));
    expect(calibration.settled).toBe(true);
  });

  it('is above labels that a chart draws as bitmaps at whole pixels', () => {
    const calibration = new Calibration('anchor', 'strip');
    let ruler: unknown;
    for (const from of [10, 11.1, 12.3, 13.2]) {
      const { centres, lines } = paintOf(from, 0);
      const low = centres.map((y) => y + 0.75);
      ruler = calibration.add({ centres: low, anchors: low, lines }) ?? ruler;
    }
    expect(ruler).toBeCloseTo(-0.75, 1);
  });

  /** Lines at an even pitch, as a grid of orders has them, over and under the labels. */
  const orders = (from: number, pitch: number) => Array.from({ length: 40 }, (_, i) => from + i * pitch);

  it('is told by its gridlines among forty lines of orders', () => {
    const labels = [50.5, 112.5, 175.5, 237.5];
    const lines = [...labels.map((y) => y + 7), ...orders(41.3, 6.7)];
    const calibration = new Calibration('anchor', 'canvas');
    expect(calibration.add({ centres: labels, anchors: labels, lines })).toBeCloseTo(6.75, 1);
  });

  it('is not turned over by one paint whose lines stand elsewhere', () => {
    const calibration = new Calibration('anchor', 'canvas');
    const paint = (from: number, offset: number) => {
      const labels = centres.map((y) => y + from);
      return { centres: labels, anchors: labels, lines: labels.map((y) => y + offset) };
    };
    for (const from of [0, 3]) expect(calibration.add(paint(from, 7))).toBeCloseTo(6.75);
    expect(calibration.add(paint(5, 1))).toBeUndefined();
    expect(calibration.add(paint(9, 7))).toBeCloseTo(6.75);
  });
});
