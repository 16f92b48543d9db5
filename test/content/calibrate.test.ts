import { describe, expect, it } from 'vitest';
import { Calibration } from '../../src/content/calibrate';

const centres = [60.5, 117.5, 173.5, 230.5];

describe('which point of a label marks its price', () => {
  it('is its middle where gridlines cross it there', () => {
    const lines = centres.map((y) => y + 0.25);
    const anchors = centres.map((y) => y + 1.4);
    expect(new Calibration().add({ centres, anchors, lines })).toBe('centre');
  });

  it('is the point it was drawn at where gridlines cross that', () => {
    const anchors = centres.map((y) => y + 1.2);
    expect(new Calibration().add({ centres, anchors, lines: anchors })).toBe('anchor');
  });

  it('is the line below labels that stand on theirs, though both were rounded to whole pixels', () => {
    const lines = [66.5, 123.5, 180.5, 237.5];
    expect(new Calibration().add({ centres, anchors: centres, lines })).toBeCloseTo(6.25, 6);
  });

  it('is unknown where lines are at no constant distance', () => {
    const lines = [62.5, 124.5, 173.5, 236.5];
    expect(new Calibration().add({ centres, anchors: centres, lines })).toBeUndefined();
  });
});
