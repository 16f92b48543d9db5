import { useEffect, useState } from 'preact/hooks';
import type { AlertChoices } from '../protocol/alert-choices';
import { ask, wordsOf } from './ask';

/** A worker that failed to answer is asked again after this long. */
const againMs = 1000;
/** A message may be lost with a worker that ends, and nobody says so; one that waits for a silent database says that sooner. */
const answerMs = 16_000;

const answered = <T>(answer: Promise<T>): Promise<T> =>
  Promise.race([
    answer,
    new Promise<never>((_resolve, reject) => {
      setTimeout(() => reject(new Error('The worker does not answer')), answerMs);
    }),
  ]);

/** Parts of this page that show them. */
const shown = new Set<(choices: AlertChoices) => void>();

/**
 * What the user wants to be told of, and a way to change some of it, which resolves to what was refused, in words; `problem`
 * is the same.
 */
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
          setProblem(wordsOf(cause));
          await new Promise((resolve) => setTimeout(resolve, againMs));
        }
      }
    };
    void read();
    shown.add(setChoices);
    // Another page may have changed them meanwhile.
    window.addEventListener('focus', read);
    return () => {
      isShown = false;
      shown.delete(setChoices);
      window.removeEventListener('focus', read);
    };
  }, []);
  async function change(wanted: Partial<AlertChoices>): Promise<string> {
    if (!choices) return '';
    setChoices({ ...choices, ...wanted });
    let refused: string;
    try {
      refused = (await ask('saveAlertChoices', { choices: wanted })).problem;
      const stored = await ask('alertChoices', {});
      for (const show of shown) show(stored);
    } catch (cause) {
      refused = wordsOf(cause);
    }
    setProblem(refused);
    return refused;
  }
  return { choices, change, problem };
}
