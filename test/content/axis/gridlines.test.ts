import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AxisMessage } from '../../../src/content/axis/axis-message';
import { Gridlines } from '../../../src/content/axis/gridlines';
import type { Source } from '../../../src/content/axis/roots';

const canvas = { clientHeight: 400, getBoundingClientRect: () => ({ top: 10 }) } as unknown as Source;
const message = (batch: number, lines: number[]) => ({ batch, lines, height: 800 }) as AxisMessage;

describe('gridlines', () => {
  let asked: number;
  beforeEach(() => {
    asked = 0;
    vi.useFakeTimers();
    const window = new EventTarget();
    window.addEventListener('channel:lines', () => asked++);
    vi.stubGlobal('window', window);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  /** A chart that wants them is painted ten times a second. */
  function paint(lines: Gridlines, seconds: number): number {
    const before = asked;
    for (let i = 0; i < 10 * seconds; i++) {
      vi.advanceTimersByTime(100);
      lines.ask('channel');
    }
    return asked - before;
  }

  it('are asked for ever more seldom where none are seen, and soon again for a new chart', () => {
    const lines = new Gridlines();
    expect(paint(lines, 3)).toBe(2);
    expect(paint(lines, 600)).toBeLessThan(20);
    lines.expect();
    expect(paint(lines, 3)).toBe(2);
  });

  it('are asked for once a second where some are seen, those of one paint together', () => {
    const lines = new Gridlines();
    for (let i = 0; i < 5; i++) {
      lines.add(canvas, message(i, [100, 200]));
      expect(paint(lines, 2)).toBeGreaterThan(0);
    }
    lines.add(canvas, message(5, [100]));
    lines.add(canvas, message(5, [300]));
    expect(lines.ys).toEqual([60, 160]);
  });
});
