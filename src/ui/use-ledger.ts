import { useEffect, useState } from 'preact/hooks';
import { minuteMs } from '../engine/time';
import type { Ledger } from '../protocol/ledger';
import { ask } from './ask';

/** How a symbol's map did on the forced orders heard here; undefined until it is told, and where no symbol is given. */
export function useLedger(symbol: string | undefined): Ledger | undefined {
  const [ledger, setLedger] = useState<Ledger>();
  useEffect(() => {
    setLedger(undefined);
    if (symbol === undefined) return undefined;
    let isOver = false;
    const read = () =>
      ask('ledger', { symbol }).then(
        (told) => isOver || setLedger(told),
        // The worker is being replaced: the next time.
        () => undefined,
      );
    void read();
    const timer = setInterval(() => void read(), minuteMs);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [symbol]);
  return ledger;
}
