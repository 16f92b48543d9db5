import { useEffect, useState } from 'preact/hooks';
import type { AlertChoices } from '../protocol/alert-choices';
import { ask } from './ask';

/** What the user wants to be told of, and a way to change it; `problem` says in words what was refused. */
export function useAlertChoices() {
  const [choices, setChoices] = useState<AlertChoices>();
  const [problem, setProblem] = useState('');
  useEffect(() => {
    ask('alertChoices', {}).then(setChoices, (cause: unknown) => setProblem(String(cause)));
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
