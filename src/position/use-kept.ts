import { useEffect, useState } from 'preact/hooks';
import type { KeptPosition } from '../protocol/kept-position';
import { ask, wordsOf } from '../ui/ask';

/** Positions that could not be read are asked for again after this long. */
const againMs = 5000;

/** The kept positions, and ways to keep and delete one; `problem` says in words what the browser refused. */
export function useKept() {
  const [kept, setKept] = useState<KeptPosition[]>([]);
  const [problem, setProblem] = useState('');
  const read = async () => setKept(await ask('positions', {}));
  const run = async (work: Promise<{ problem: string }>) => {
    try {
      setProblem((await work).problem);
      await read();
    } catch (cause) {
      setProblem(wordsOf(cause));
    }
  };
  useEffect(() => {
    let isShown = true;
    const begin = (): Promise<void> =>
      read().catch(async (cause: unknown) => {
        setProblem(wordsOf(cause));
        await new Promise((resolve) => setTimeout(resolve, againMs));
        if (!isShown) return;
        await begin();
        setProblem('');
      });
    void begin();
    // What another page kept or deleted meanwhile.
    const look = () => {
      if (!document.hidden) void read().catch(() => undefined);
    };
    document.addEventListener('visibilitychange', look);
    return () => {
      isShown = false;
      document.removeEventListener('visibilitychange', look);
    };
  }, []);
  return {
    kept,
    problem,
    keep: (position: KeptPosition) => run(ask('keepPosition', { position })),
    remove: (id: string) => run(ask('removePosition', { id })),
  };
}
