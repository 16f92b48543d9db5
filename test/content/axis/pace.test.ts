import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { everySecond } from '../../../src/content/axis/every-second';
import { oncePerFrame } from '../../../src/content/axis/once-per-frame';

/** A page can make anything expensive, and change anything without pause: how often we look at it then. */

let frames: (() => void)[];
/** What the page does in a frame, beside our own; tasks run when it is over. */
function frame(painting: () => void = () => {}): void {
  const before = frames;
  frames = [];
  for (const run of before) run();
  painting();
  vi.advanceTimersByTime(0);
}

beforeEach(() => {
  vi.useFakeTimers();
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => frames.push(run));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a task that runs every second', () => {
  const runsIn = (ms: number, takesMs: number): number => {
    const end = new AbortController();
    const startedAt = performance.now();
    let runs = 0;
    everySecond(() => {
      runs += 1;
      vi.advanceTimersByTime(takesMs);
    }, end.signal);
    vi.advanceTimersByTime(ms - (performance.now() - startedAt));
    end.abort();
    expect(vi.getTimerCount()).toBe(0);
    return runs;
  };

  it('does so where it is cheap, and rests where a page makes it expensive', () => {
    expect(runsIn(60_000, 0)).toBe(60);
    expect(runsIn(60_000, 40)).toBeGreaterThan(50);
    const runs = runsIn(60_000, 150);
    expect(runs).toBeGreaterThan(15);
    expect((runs * 150) / 60_000).toBeLessThan(0.06);
  });

  it('goes on after an error', () => {
    const end = new AbortController();
    let runs = 0;
    everySecond(() => {
      runs += 1;
      throw new Error('once');
    }, end.signal);
    expect(() => vi.advanceTimersByTime(1000)).toThrow('once');
    expect(() => vi.advanceTimersByTime(1000)).toThrow('once');
    expect(runs).toBe(2);
    end.abort();
  });
});

describe('what follows a drawing', () => {
  const follow = () => {
    const end = new AbortController();
    const read = vi.fn();
    return { read, changed: oncePerFrame(read, end.signal), end };
  };

  it('looks at once at a change after a pause, and rests afterwards', () => {
    const { read, changed } = follow();
    for (let i = 1; i <= 3; i++) {
      changed();
      expect(read).toHaveBeenCalledTimes(i);
      vi.advanceTimersByTime(0);
      frame();
      frame();
      expect(frames).toHaveLength(0);
    }
  });

  it('looks at every change within a frame, whoever paints first', () => {
    const { read, changed } = follow();
    for (let i = 0; i < 5; i++) {
      read.mockClear();
      frame(() => {
        changed();
        changed();
        changed();
      });
      expect(read).toHaveBeenCalledTimes(3);
    }
  });

  it('looks once a frame at changes between frames, at the last of them', () => {
    const { read, changed } = follow();
    changed();
    vi.advanceTimersByTime(0);
    for (let i = 0; i < 5; i++) {
      read.mockClear();
      for (let n = 0; n < 10; n++) {
        changed();
        vi.advanceTimersByTime(1);
      }
      expect(read).not.toHaveBeenCalled();
      frame();
      expect(read).toHaveBeenCalledTimes(1);
    }
  });

  it('looks no more once it has ended', () => {
    const { read, changed, end } = follow();
    changed();
    vi.advanceTimersByTime(0);
    changed();
    end.abort();
    frame();
    expect(read).toHaveBeenCalledTimes(1);
  });
});
