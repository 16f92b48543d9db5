import { useEffect, useState } from 'preact/hooks';
import type { AlertChoices } from '../protocol/alert-choices';
import { ask } from './ask';

/** A worker that failed to answer is asked again after this long. */
const againMs = 1000;
/** A message may be lost with a worker that ends, and nobody says so. */
const answerMs = 5000;

const answered = <T>(answer: Promise<T>): Promise<T> =>
  Promise.race([
    answer,
    new Promise<never>((_resolve, reject) => {
      setTimeout(() => reject(new Error('The worker does not answer')), answerMs);
    }),
  ]);

/** What the user wants to be told of, and a way to change it; `problem` says in words what was refused. */
export function useAlertChoices() {
  const [choices, setChoices] = useState<AlertChoices>();
  const [problem, setProblem] = useState('');
  useEffect(() => {
    let isShown = true;
    // A page without them shows nothing to change: it asks until it has them.
    const read = async (): Promise<void> => {
      while (isShown) {
        try {
          setChoices(await answered(ask('alertChoices', {})));
          return setProblem('');
        } catch (cause) {
          setProblem(String(cause));
          await new Promise((resolve) => setTimeout(resolve, againMs));
        }
      }
    };
    void read();
    return () => {
      isShown = false;
    };
  }, []);
  async function change(wanted: Partial<AlertChoices>): Promise<void> {
    if (!choices) return;
    const next = { ...choices, ...wanted };
    setChoices(next);
    try {
      setProblem((await ask('saveAlertChoices', { choices: next })).problem);
    } catch (cause) {
      setProblem(String(cause));
      setChoices(await ask('alertChoices', {}));
    }
  }
  return { choices, change, problem };
}
