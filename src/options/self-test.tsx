import { useState } from 'preact/hooks';
import type { OwnReply } from '../protocol/own-requests';
import { ask, wordsOf } from '../ui/ask';
import { Icon } from '../ui/icon';
import { Panel } from '../ui/panel';
import { t } from '../ui/text';
import { venueOf } from '../venues';

/** Tries everything that is asked of the exchanges, from here, and says what does not match. */
export function SelfTestPanel() {
  const [result, setResult] = useState<OwnReply<'selfTest'>>();
  const [said, setSaid] = useState('');
  const [isRunning, setIsRunning] = useState(false);
  const run = async () => {
    setIsRunning(true);
    setSaid(t('options_selfTesting'));
    try {
      setResult(await ask('selfTest', {}));
      setSaid('');
    } catch (cause) {
      setSaid(wordsOf(cause));
    }
    setIsRunning(false);
  };
  const copy = (text: string) =>
    void navigator.clipboard.writeText(text).then(
      () => setSaid(t('desk_copied')),
      () => setSaid(t('desk_notCopied')),
    );
  return (
    <Panel title={t('options_selfTest')} note={t('options_selfTestNote')}>
      <p class="line">
        <button type="button" class="button" disabled={isRunning} onClick={() => void run()}>
          <Icon name="retry" />
          {t('options_runSelfTest')}
        </button>
        {result && (
          <button type="button" class="button" onClick={() => copy(result.text)}>
            {t('options_copyReport')}
          </button>
        )}
        <span role="status">{said}</span>
      </p>
      {result?.venues.map(({ id, checks }) => {
        const bad = checks.filter(({ ok }) => !ok);
        return (
          <details key={id} class="log" open={bad.length > 0}>
            <summary>
              <b>{venueOf(id).name}</b>{' '}
              <span class={bad.length > 0 ? 'bad' : 'ok'}>
                {bad.length > 0
                  ? t('options_selfTestBad', String(bad.length), String(checks.length))
                  : t('options_selfTestGood', String(checks.length))}
              </span>
            </summary>
            <ul>
              {checks.map(({ name, ok, ms, note, address, fields }) => (
                <li key={name} class="check" title={[address, fields.join(' ')].filter(Boolean).join(': ')}>
                  <span class={ok ? 'ok' : 'bad'}>
                    <Icon name={ok ? 'check' : 'cross'} />
                    <span class="hidden">{t(ok ? 'position_grade_pass' : 'position_grade_fail')}</span>
                  </span>
                  {name} <span class="quiet number">{Math.round(ms)} ms</span>{' '}
                  <span class="muted">{note}</span>
                </li>
              ))}
            </ul>
          </details>
        );
      })}
    </Panel>
  );
}
