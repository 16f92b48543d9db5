import browser from 'webextension-polyfill';
import type { Alert } from '../engine/risk/alerts';
import { postJson } from '../feeds/net/post';
import { type AlertChoices, alertHosts } from '../protocol/alert-choices';
import { alertText } from './browser/alert-texts';
import { answerOf, answerOr, BrowserSilent } from './browser/answers';
import { Outlets } from './browser/outlets';
import { openDesk } from './browser/own-tabs';
import { texts } from './browser/texts';
import type { OwnAnswers } from './own-pages';
import { outcome } from './own-pages';
import type { PagePorts } from './page-ports';
import type { OwnStore } from './storage/own-store';
import { AlertWatch } from './symbol/alert-watch';

const alarmName = 'alerts';
/** Notifications carry their symbol in their id, so that a click finds it in whatever life of the worker. */
const prefix = 'liqbands ';

/** Alerts as the browser and the user's own addresses get them: an alarm each minute while there is anything to look at. */
export function alertService(
  own: OwnStore,
  pages: PagePorts,
): Pick<OwnAnswers, 'alertChoices' | 'saveAlertChoices' | 'toldAlerts' | 'testAlert' | 'watchlist'> & {
  /** Hosts that alerts are sent to. */
  hosts(): Promise<string[]>;
  /** Sees to it that there is an alarm while something is to be looked at, and none otherwise. */
  sync(): Promise<void>;
} {
  const outlets = new Outlets(postJson, Date.now, texts.outlet);
  const watch = new AlertWatch({
    own,
    now: Date.now,
    minuteOfDay: () => new Date().getHours() * 60 + new Date().getMinutes(),
    glance: (symbol) => pages.glance(symbol),
    textOf: alertText,
    tell: async (alert: Alert, text: string, choices: AlertChoices) => {
      const shown = await outcome(notify(alert.symbol, alert.kind, text, choices.sound));
      const sent = await outlets.send({ ...alert, text }, choices);
      return [shown.problem, sent].filter(Boolean).join(' · ');
    },
  });

  async function sync(): Promise<void> {
    // What cannot be read now may be read at the next alarm.
    const symbols = await watch.symbols().catch(() => undefined);
    // Each start of the worker and each change tries again: what was kept is kept meanwhile.
    await answerOr(undefined, setAlarm(symbols?.length !== 0));
  }

  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name === alarmName) void watch.minute().then(sync);
  });
  // Safari gives extensions no notifications: there the log and the user's own address tell.
  browser.notifications?.onClicked.addListener((id) => {
    if (id.startsWith(prefix)) void openDesk(id.slice(prefix.length).split(' ')[0] ?? '');
  });

  return {
    hosts: async () => alertHosts(await watch.choices()),
    sync,
    alertChoices: () => watch.choices(),
    saveAlertChoices: ({ choices }) =>
      outcome(
        watch
          .choose(choices)
          .then(sync)
          // What was just pinned does not wait for its turn.
          .then(() => void watch.lookAtNew()),
      ),
    watchlist: () => watch.list(),
    toldAlerts: () => watch.told(),
    testAlert: async () => {
      const choices = await watch.choices();
      const text = browser.i18n.getMessage('alert_test');
      const shown = await outcome(notify('BTC-USDT', 'test', text, choices.sound));
      const message = { time: Date.now(), symbol: 'BTC-USDT', kind: 'reminder', text } as const;
      const sent = await outlets.send(message, choices, true);
      return { problem: [shown.problem, sent].filter(Boolean).join(' · ') };
    },
  };
}

async function setAlarm(isWanted: boolean): Promise<void> {
  if (!isWanted) await browser.alarms.clear(alarmName);
  else if (!(await browser.alarms.get(alarmName)))
    await browser.alarms.create(alarmName, { delayInMinutes: 1, periodInMinutes: 1 });
}

/** @throws Error that says in words why nothing is shown */
async function notify(symbol: string, kind: string, message: string, hasSound: boolean): Promise<void> {
  const asked = browser.notifications?.create(`${prefix}${symbol} ${kind} ${Date.now()}`, {
    type: 'basic',
    iconUrl: browser.runtime.getURL('icons/128.png'),
    title: `Liqbands · ${symbol}`,
    message,
    // Firefox knows no silence, and says so by refusing the whole.
    ...(browser.runtime.getURL('').startsWith('chrome') && { silent: !hasSound }),
  });
  await answerOf(Promise.resolve(asked)).catch((cause) => {
    throw cause instanceof BrowserSilent ? new Error(texts.notShown()) : cause;
  });
}
