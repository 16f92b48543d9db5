import { describe, expect, it } from 'vitest';
import { sleep, WeightLedger } from '../../../src/feeds/net/pacing';
import { SteppedClock, settle } from '../clock';
import { heldBy } from './held-by';

describe('WeightLedger', () => {
  it('lets through what the budget holds and makes the rest wait until the first replies are a period old', async () => {
    const clock = new SteppedClock();
    const start = clock.now();
    const ledger = new WeightLedger({ limit: 10, perMs: 1_000 }, clock, 0.8);
    const sent: number[] = [];
    const run = async () => {
      for (let i = 0; i < 20; i++) {
        const reply = await ledger.reserve(2);
        sent.push(clock.now() - start);
        clock.after(100, () => reply());
      }
    };
    await clock.until(run());
    expect(sent.slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(sent.slice(4, 9)).toEqual([1100, 1100, 1100, 1100, 2200]);
  });

  it('goes on from what an earlier run had spent, an unanswered request counting for a whole period', async () => {
    const clock = new SteppedClock();
    const start = clock.now();
    const pool = { limit: 10, perMs: 1_000 };
    const first = new WeightLedger(pool, clock, 1);
    (await first.reserve(4))();
    await first.reserve(6);
    await clock.until(sleep(clock, 300));
    const left = first.spent;
    expect(left).toEqual([
      { weight: 4, until: start + 1_000 },
      { weight: 6, until: null },
    ]);
    const second = new WeightLedger(pool, clock, 1, left);
    expect(second.used).toBe(10);
    await clock.until(second.reserve(4));
    expect(clock.now() - start).toBe(1_000);
    await clock.until(second.reserve(1));
    expect(clock.now() - start).toBe(1_300);
  });

  it('leaves nothing behind with the signal of who waits', async () => {
    const clock = new SteppedClock();
    const { signal } = new AbortController();
    const ledger = new WeightLedger({ limit: 10, perMs: 1_000 }, clock, 1);
    const run = async () => {
      for (let i = 0; i < 20; i++) (await ledger.reserve(10, signal))();
    };
    await clock.until(run());
    expect(heldBy(signal)).toBe(0);
  });

  it('is not held up longer than a period by what an earlier run left, whatever the clock did since', () => {
    const clock = new SteppedClock();
    const spent = [{ weight: 10, until: clock.now() + 86_400_000 }];
    const ledger = new WeightLedger({ limit: 10, perMs: 1_000 }, clock, 1, spent);
    expect(ledger.spent).toEqual([{ weight: 10, until: clock.now() + 1_000 }]);
  });

  it('never exceeds the limit in any window, however long replies take', async () => {
    const clock = new SteppedClock();
    const ledger = new WeightLedger({ limit: 10, perMs: 1_000 }, clock, 1);
    // When the venue saw each request: at some point between sending and reply.
    const seen: number[] = [];
    let seed = 7;
    const random = () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    const run = async () => {
      for (let i = 0; i < 200; i++) {
        const reply = await ledger.reserve(1);
        const ms = Math.floor(random() * 900);
        seen.push(clock.now() + Math.floor(random() * ms));
        clock.after(ms, () => reply());
      }
    };
    await clock.until(run());
    seen.sort((a, b) => a - b);
    for (let i = 10; i < seen.length; i++) expect(seen[i]! - seen[i - 10]!).toBeGreaterThanOrEqual(1_000);
  });

  it('books what others at the address have spent', async () => {
    const clock = new SteppedClock();
    const ledger = new WeightLedger({ limit: 100, perMs: 60_000 }, clock, 1);
    ledger.observe(95);
    expect(ledger.used).toBe(95);
    (await ledger.reserve(5))();
    const waiting = ledger.reserve(1);
    let through = false;
    void waiting.then(() => {
      through = true;
    });
    await clock.advance(59_000);
    expect(through).toBe(false);
    await clock.advance(1_000);
    expect(through).toBe(true);
  });

  it('waits no longer than a period when the clock is set back', async () => {
    let now = 1_700_000_000_000;
    const ledger = new WeightLedger(
      { limit: 10, perMs: 1_000 },
      { now: () => now, after: () => () => {} },
      1,
    );
    (await ledger.reserve(10))();
    now -= 86_400_000;
    expect(ledger.used).toBe(10);
    now += 1_000;
    expect(ledger.used).toBe(0);
  });

  it('forgets a booking that was never sent', async () => {
    const clock = new SteppedClock();
    const ledger = new WeightLedger({ limit: 10, perMs: 1_000 }, clock, 1);
    (await ledger.reserve(10))(false);
    expect(ledger.used).toBe(0);
  });

  it('stops waiting when aborted', async () => {
    const clock = new SteppedClock();
    const ledger = new WeightLedger({ limit: 1, perMs: 1_000 }, clock, 1);
    await ledger.reserve(1);
    const controller = new AbortController();
    const waiting = ledger.reserve(1, controller.signal);
    await settle();
    controller.abort(new Error('navigated away'));
    await expect(waiting).rejects.toThrow('navigated away');
    expect(clock.waiting).toBe(0);
  });
});

describe('sleep', () => {
  it('leaves no timer behind when aborted', async () => {
    const clock = new SteppedClock();
    const controller = new AbortController();
    const sleeping = sleep(clock, 1_000, controller.signal);
    controller.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
    expect(clock.waiting).toBe(0);
    await expect(sleep(clock, 1_000, controller.signal)).rejects.toThrow('enough');
  });
});
