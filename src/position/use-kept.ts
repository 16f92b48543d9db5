import { useEffect, useState } from 'preact/hooks';
import type { KeptPosition } from '../protocol/kept-position';
import { ask } from '../ui/ask';

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
      setProblem(String(cause));
    }
  };
  useEffect(() => {
    void read().catch((cause: unknown) => setProblem(String(cause)));
    // What another page kept or deleted meanwhile.
    const look = () => {
      if (!document.hidden) void read().catch(() => undefined);
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return {
    kept,
    problem,
    keep: (position: KeptPosition) => run(ask('keepPosition', { position })),
    remove: (id: string) => run(ask('removePosition', { id })),
  };
}
