import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Detail, Leaning } from '../protocol/detail';
import { ask } from '../ui/ask';
import { joinedLeaning } from './joined-leaning';

/** An hour that nothing was known of may be known once more history has come in. */
const againMs = 60_000;

/**
 * How a market's map leaned, hour by hour, ascending: as it was shown where this browser was open, and for the last day else
 * as it would have been.
 */
export function useLeaning(symbol: string, detail: Detail | undefined, isWhole: boolean): readonly Leaning[] {
  const [rebuilt, setRebuilt] = useState<readonly Leaning[]>([]);
  useEffect(() => setRebuilt([]), [symbol]);
  useEffect(() => {
    if (!isWhole) return undefined;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async () => {
      // A worker that is being replaced tells it the next time.
      const told = await ask('leaning', { symbol }).catch(() => null);
      if (isOver) return;
      if (told) setRebuilt(told);
      timer = setTimeout(() => void read(), againMs);
    };
    void read();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [symbol, isWhole]);
  return useMemo(() => joinedLeaning(rebuilt, detail?.leaning ?? []), [rebuilt, detail?.leaning]);
}
