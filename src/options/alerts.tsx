import { useEffect, useState } from 'preact/hooks';
import browser from 'webextension-polyfill';
import { AlertChoices, alertHosts, alertKinds, mostPinned, type ToldAlert } from '../protocol/alert-choices';
import { ask, wordsOf } from '../ui/ask';
import { clock } from '../ui/format';
import { Icon } from '../ui/icon';
import { Panel } from '../ui/panel';
import { keyOf, t } from '../ui/text';
import { Toggle } from '../ui/toggle';
import { useAlertChoices } from '../ui/use-alert-choices';
import { typedSymbol } from '../venues/symbols';

/** What the user is told of, of which markets, when not, and where. */
export function Alerts() {
  const { choices, change, problem } = useAlertChoices();
  const [typed, setTyped] = useState('');
  const refusal = problem && (
    <p class="problem" role="alert">
      {problem}
    </p>
  );
  if (!choices) return refusal ? <Panel title={t('options_alerts')}>{refusal}</Panel> : null;
  const pin = (event: Event) => {
    event.preventDefault();
    const symbol = typedSymbol(typed);
    if (!symbol || choices.pinned.includes(symbol) || choices.pinned.length >= mostPinned) return;
    void change({ pinned: [...choices.pinned, symbol] });
    setTyped('');
  };
  return (
    <Panel title={t('options_alerts')} note={t('options_alertsNote')}>
      {refusal}
      <form class="line" onSubmit={pin}>
        <span>{t('options_pinned')}</span>
        <ul class="chips">
          {choices.pinned.map((symbol) => (
            <li key={symbol} class="chip">
              {symbol}
              <button
                type="button"
                class="text-button"
                aria-label={t('options_unpin', symbol)}
                onClick={() => void change({ pinned: choices.pinned.filter((each) => each !== symbol) })}
              >
                <Icon name="cross" />
              </button>
            </li>
          ))}
        </ul>
        <input
          class="field"
          aria-label={t('options_pin')}
          placeholder="ETH"
          size={10}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <button type="submit" class="button">
          <Icon name="plus" />
          {t('options_pin')}
        </button>
      </form>
      <div class="grid">
        {alertKinds.map((kind) => (
          <Toggle
            key={kind}
            checked={choices.kinds.includes(kind)}
            onChange={(on) =>
              void change({
                kinds: on ? [...choices.kinds, kind] : choices.kinds.filter((each) => each !== kind),
              })
            }
          >
            {t(keyOf('options_kind', kind))}
          </Toggle>
        ))}
        <Toggle checked={choices.sound} onChange={(sound) => void change({ sound })}>
          {t('options_sound')}
        </Toggle>
        <Quiet quiet={choices.quiet} change={(quiet) => void change({ quiet })} />
      </div>
      <p class="label">{t('options_cooldown')}</p>
      <Outlets choices={choices} change={change} />
      <Log />
    </Panel>
  );
}

const written = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const minuteOf = (text: string): number | undefined => {
  const [, hours, minutes] = /^(\d\d):(\d\d)/.exec(text) ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
};

function Quiet(props: { quiet: AlertChoices['quiet']; change(quiet: AlertChoices['quiet']): void }) {
  const { quiet, change } = props;
  const set = (part: 'from' | 'to', text: string) => {
    const minute = minuteOf(text);
    if (quiet && minute !== undefined) change({ ...quiet, [part]: minute });
  };
  return (
    <div class="quiet-hours">
      <Toggle checked={quiet !== null} onChange={(on) => change(on ? { from: 22 * 60, to: 7 * 60 } : null)}>
        {t('options_quiet')}
      </Toggle>
      {quiet && (
        <p class="line">
          {(['from', 'to'] as const).map((part) => (
            <label key={part}>
              {t(keyOf('options_quiet', part))}{' '}
              <input
                class="field"
                type="time"
                value={written(quiet[part])}
                onChange={(event) => set(part, event.currentTarget.value)}
              />
            </label>
          ))}
        </p>
      )}
    </div>
  );
}

/** The user's own addresses: leave to reach them is asked for when they are saved. */
function Outlets(props: { choices: AlertChoices; change(wanted: Partial<AlertChoices>): Promise<string> }) {
  const { choices, change } = props;
  const [url, setUrl] = useState(choices.webhook?.url ?? '');
  const [format, setFormat] = useState(choices.webhook?.format ?? 'json');
  const [token, setToken] = useState(choices.telegram?.token ?? '');
  const [chat, setChat] = useState(choices.telegram?.chat ?? '');
  const [said, setSaid] = useState('');

  /** @param then what is done once it is saved */
  const save = (then: () => void) => {
    const webhook = url.trim() === '' ? null : { url: url.trim(), format };
    const telegram = token.trim() === '' ? null : { token: token.trim(), chat: chat.trim() };
    const parsed = AlertChoices.parse({ ...choices, webhook, telegram });
    if (webhook && !parsed.webhook) return setSaid(t('options_badWebhook'));
    if (telegram && !parsed.telegram) return setSaid(t('options_badTelegram'));
    const origins = originsOf({ webhook, telegram });
    // Asked straight from the click, or the browser refuses to ask at all.
    const asked = origins.length > 0 ? browser.permissions.request({ origins }) : Promise.resolve(true);
    const before = { webhook: choices.webhook, telegram: choices.telegram };
    // Saved before the browser allows it: the worker has to know by then that these are no sites to draw on.
    const saved = change({ webhook, telegram });
    const withdraw = (words: string) => saved.then(() => change(before)).then(() => setSaid(words));
    void asked.then(
      async (granted) => {
        if (!granted) return withdraw(t('options_notAllowed'));
        if (await saved) return setSaid('');
        const left = originsOf(before).filter((origin) => !origins.includes(origin));
        if (left.length > 0) await browser.permissions.remove({ origins: left }).catch(() => false);
        then();
      },
      (cause: unknown) => withdraw(wordsOf(cause)),
    );
  };
  return (
    <form
      class="outlets"
      onSubmit={(event) => {
        event.preventDefault();
        save(() => setSaid(t('options_saved')));
      }}
    >
      <h3>{t('options_outlets')}</h3>
      <p class="label">{t('options_outletsNote')}</p>
      <label>
        {t('options_webhook')}
        <input type="url" placeholder="https://" {...holding(url, setUrl)} />
      </label>
      <label>
        {t('options_format')}
        <select
          class="field"
          value={format}
          onChange={(event) => setFormat(event.currentTarget.value as typeof format)}
        >
          <option value="json">JSON</option>
          <option value="discord">Discord</option>
          <option value="slack">Slack</option>
        </select>
      </label>
      <label>
        {t('options_token')}
        <input type="password" {...holding(token, setToken)} />
      </label>
      <label>
        {t('options_chat')}
        <input {...holding(chat, setChat)} />
      </label>
      <p class="line">
        <button type="submit" class="button main">
          {t('options_save')}
        </button>
        <button type="button" class="button" onClick={() => save(() => sendTest(setSaid))}>
          {t('options_test')}
        </button>
        <span role="status">{said}</span>
      </p>
    </form>
  );
}

/** Sends one alert to the addresses that have just been saved and tells how it went. */
function sendTest(say: (words: string) => void): void {
  say(t('options_testing'));
  void ask('testAlert', {}).then(
    ({ problem }) => say(problem || t('options_tested')),
    (cause: unknown) => say(wordsOf(cause)),
  );
}

/** Where the browser must let us reach for these outlets to work. */
function originsOf(choices: Pick<AlertChoices, 'webhook' | 'telegram'>): string[] {
  // Firefox takes no ports; without one all of a host are meant.
  return alertHosts(choices).map((host) => `https://${host}/*`);
}

/** Of an input for text: what stands in it, and where what is typed goes. */
const holding = (value: string, set: (value: string) => void) => ({
  class: 'field',
  autocomplete: 'off' as const,
  value,
  onInput: (event: InputEvent & { currentTarget: HTMLInputElement }) => set(event.currentTarget.value),
});

function Log() {
  const [told, setTold] = useState<ToldAlert[]>([]);
  useEffect(() => {
    ask('toldAlerts', {}).then(setTold, () => undefined);
  }, []);
  return (
    <details class="log">
      <summary>{t('options_log', String(told.length))}</summary>
      <ol>
        {told
          .toReversed()
          .slice(0, 50)
          .map((alert, i) => (
            <li key={`${alert.time} ${i}`}>
              <span class="quiet number">{clock(alert.time)}</span> <b>{alert.symbol}</b> {alert.text}
              {alert.problem && <span class="bad"> {alert.problem}</span>}
            </li>
          ))}
      </ol>
    </details>
  );
}
