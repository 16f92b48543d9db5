import { useEffect, useState } from 'preact/hooks';
import type { WindowId } from '../engine/records';
import type { Replayed } from '../protocol/past';
import { ask } from '../ui/ask';

/** Bars shown of what came after, as a part of those before. */
const afterPart = 0.4;
/** A slider that is being moved is waited for. */
const settledMs = 120;

export interface PastReplay {
  /** The moment that is shown, ms; undefined: now. */
  at: number | undefined;
  set(at: number | undefined): void;
  /** What the worker told of it; undefined while it is asked, null where nothing is known. */
  told: Replayed | null | undefined;
}

/** The market as it stood at a moment that the user picks. */
export function useReplay(market: {
  symbol: string;
  window: WindowId;
  bars: { stepMs: number; count: number };
}): PastReplay {
  const [at, set] = useState<number>();
  const [told, setTold] = useState<Replayed | null>();
  const { symbol, window, bars } = market;
  useEffect(() => set(undefined), [symbol]);
  useEffect(() => {
    if (at === undefined) {
      setTold(undefined);
      return undefined;
    }
    let isOver = false;
    const before = Math.min(600, bars.count);
    const timer = setTimeout(() => {
      ask('replay', {
        symbol,
        time: at,
        window,
        stepMs: bars.stepMs,
        before,
        after: Math.ceil(before * afterPart),
      })
        .then((reply) => isOver || setTold(reply))
        // The worker went away while it was asked: moving the slider asks anew.
        .catch(() => isOver || setTold(null));
    }, settledMs);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [at, symbol, window, bars.stepMs]);
  return { at, set, told };
}
