import browser, { type Runtime } from 'webextension-polyfill';
import { dataHosts, hostFamilies, socketSharing, venueFeeds } from '../feeds';
import { Hosts } from '../feeds/net/hosts';
import { createTransport } from '../feeds/net/http';
import { systemClock } from '../feeds/net/pacing';
import { sharedSockets } from '../feeds/net/shared-sockets';
import { selfTest } from '../feeds/self-test';
import { reportText } from '../feeds/self-test/report';
import { recordOf } from '../protocol/form';
import { overlayPort, scriptWanted, wantedScripts } from '../protocol/handshake';
import { positionLinesOf } from '../protocol/kept-position';
import { mendTexts } from '../protocol/mend-texts';
import type { OwnReply } from '../protocol/own-requests';
import { alertService } from './alert-service';
import { answerOr } from './browser/answers';
import { changeOf } from './browser/commands';
import { answerOpening } from './browser/own-tabs';
import {
  bringOverlay,
  bringScript,
  enterOpenTabs,
  sitesAmong,
  switchSites,
  syncSites,
} from './browser/sites';
import { texts } from './browser/texts';
import { answerOwnPages, outcome } from './own-pages';
import { PagePorts } from './page-ports';
import { answerSettings, beginWithSettings } from './page-settings';
import { OwnStore } from './storage/own-store';
import { servedHosts } from './storage/served-hosts';
import { changeSettings, choices, closeStorage } from './storage/settings-writer';
import { spentWeight } from './storage/spent-weight';
import { Store } from './storage/store';
import { storedLedger } from './symbol/accuracy-ledger';
import { Details } from './symbol/detail';
import { FearAndGreedIndex } from './symbol/fear-and-greed';
import { ObservedAccounts } from './symbol/observed-accounts';
import { Past } from './symbol/past';
import { BookTurns } from './venue/book-turns';
import { DroppedMessages } from './venue/dropped-messages';
import { Instruments } from './venue/instruments';

void mendTexts();

const pruneAlarm = 'prune';

const store = new Store(systemClock);
const own = new OwnStore(systemClock);
const dropped = new DroppedMessages();
const allowed = (host: string) => browser.permissions.contains({ origins: [`https://${host}/*`] });
/** What is asked for beyond the main hosts is left alone while the browser does not say that it may be read. */
const surelyAllowed = (host: string) => answerOr(false, allowed(host));
const hosts = new Hosts(hostFamilies, { clock: systemClock, memory: servedHosts, permitted: surelyAllowed });
const transport = createTransport({
  fetch: (input, init) => fetch(input, init),
  clock: systemClock,
  random: Math.random,
  spending: spentWeight,
  hosts,
  onLeftOut: (source, reason) => dropped.add(source, reason),
});
const Sockets = sharedSockets(WebSocket, socketSharing, systemClock);
const instruments = new Instruments(transport, store, systemClock);
const pages = new PagePorts(
  venueFeeds,
  {
    transport,
    WebSocket: Sockets,
    store,
    fearAndGreed: new FearAndGreedIndex(transport, systemClock),
    accounts: new ObservedAccounts({ transport, clock: systemClock, store, permittedHost: surelyAllowed }),
    clock: systemClock,
    random: Math.random,
    instrument: (venue, symbol, _signal, maxAgeMs) => instruments.find(venue, symbol, maxAgeMs),
    named: (venue, name) => instruments.named(venue, name),
    isUnlisted: (venues, symbol) => instruments.areLacking(venues, symbol),
    // Where the browser does not say, the venue is asked: what is forbidden fails by itself.
    permitted: (venue) => answerOr(true, allowed(venue.hosts[0]!)),
    hosts,
    bookTurns: new BookTurns(),
    dropped,
    withheld: () => [
      ...(choices.areHeld ? [] : [{ kind: 'choicesWithheld', text: texts.choicesWithheld() }]),
      ...(own.fault ? [{ kind: 'ownNotKept', text: texts.notKept(own.fault) }] : []),
    ],
  },
  // A broken profile may refuse to read; maps are drawn all the same.
  beginWithSettings((settings) => pages.apply(settings)),
  (frame) => bringScript('heat', frame),
  async (symbol) =>
    (await own.positions()).flatMap((kept) =>
      kept.drawn && kept.symbol === symbol ? [positionLinesOf(kept)] : [],
    ),
);

store.onAnswered = () => pages.reload();

const details = new Details(store, Date.now);
const past = new Past(store, Date.now);
const alerts = alertService(own, pages);

/** Hosts that are never drawn on. */
const reached = async () => [...dataHosts, ...(await alerts.hosts().catch(() => []))];

function positionsChanged(): Promise<void> {
  pages.positionsChanged();
  return alerts.sync();
}

/** The self-test under way: whoever asks meanwhile is told the same. */
let examined: Promise<OwnReply<'selfTest'>> | undefined;

browser.runtime.onConnect.addListener((port) => {
  // Whoever has a region's page open reaches that region's hosts.
  if (port.sender?.url) hosts.visit(new URL(port.sender.url).host);
  if (port.name === overlayPort)
    void bringOverlay(port.sender).then((isThere) => isThere || port.disconnect());
  else pages.connect(port);
});
browser.runtime.onMessage.addListener(
  answerOwnPages({
    detail: async ({ symbol, venue, stepMs, count }) => {
      const inside = pages.inside(symbol, venue);
      return inside ? details.of(symbol, inside, stepMs, count) : null;
    },
    ledger: ({ symbol }) => storedLedger(symbol, venueFeeds, store, Date.now()),
    replay: async (asked) => {
      const inside = pages.inside(asked.symbol, asked.venue);
      return inside ? past.replay(inside, asked) : null;
    },
    week: async ({ symbol, venue }) => {
      const inside = pages.inside(symbol, venue);
      return inside ? past.week(symbol, inside) : null;
    },
    leaning: async ({ symbol, venue }) => {
      const inside = pages.inside(symbol, venue);
      return inside ? past.leaning(symbol, inside) : null;
    },
    watchlist: alerts.watchlist,
    positions: () => own.positions(),
    keepPosition: ({ position }) => outcome(own.keep(position).then(positionsChanged)),
    removePosition: ({ id }) => outcome(own.remove(id).then(positionsChanged)),
    alertChoices: alerts.alertChoices,
    async saveAlertChoices(asked) {
      const saved = await alerts.saveAlertChoices(asked);
      await syncSites(reached);
      return saved;
    },
    toldAlerts: alerts.toldAlerts,
    testAlert: alerts.testAlert,
    wipe: () => outcome(Promise.all([own.wipe(), store.wipe()]).then(positionsChanged)),
    selfTest: () => {
      examined ??= selfTest({
        venues: venueFeeds,
        transport,
        WebSocket: Sockets,
        hosts,
        clock: systemClock,
        random: Math.random,
      })
        .then((reports) => ({ venues: reports, text: reportText(reports) }))
        .finally(() => {
          examined = undefined;
        });
      return examined;
    },
    retryVenue: async ({ venue }) => {
      pages.retryVenue(venue);
      return { problem: '' };
    },
  }),
);
browser.runtime.onMessage.addListener((message: unknown, sender: Runtime.MessageSender) => {
  // Only our own pages may ask.
  if (!sender.url?.startsWith(browser.runtime.getURL(''))) return undefined;
  if (recordOf(message).type !== 'symbols') return undefined;
  return instruments.known(venueFeeds).then((symbols) => ({ symbols }));
});
browser.permissions.onAdded.addListener(({ origins = [] }) => {
  pages.retry();
  void sitesAmong(origins, reached).then(async (sites) => {
    await switchSites(sites, true);
    await syncSites(reached);
    await enterOpenTabs(sites);
  });
});
browser.permissions.onRemoved.addListener(({ origins = [] }) => {
  void sitesAmong(origins, reached).then(async (sites) => {
    await switchSites(sites, false);
    await syncSites(reached);
  });
});
browser.runtime.onInstalled.addListener(({ reason }) => {
  if (reason === 'install')
    void browser.tabs.create({ url: browser.runtime.getURL('src/welcome/index.html') });
});
// A phone has no keys.
browser.commands?.onCommand.addListener((command, tab) => {
  // Where it is not kept the pages say so.
  changeSettings((settings) => changeOf(command, settings, tab)).catch(() => undefined);
});
// An update forgets what was registered, and permissions may change while the worker sleeps.
void syncSites(reached);
void closeStorage();
browser.runtime.onMessage.addListener((message: unknown, sender: Runtime.MessageSender) => {
  const { type, script } = recordOf(message);
  const wanted = type === scriptWanted && wantedScripts.find((each) => each === script);
  return wanted ? bringScript(wanted, sender) : undefined;
});
browser.runtime.onMessage.addListener(answerSettings);
browser.runtime.onMessage.addListener(answerOpening);
browser.alarms.onAlarm.addListener(({ name }) => {
  if (name === pruneAlarm) void store.prune(pages.watchedSymbols());
});
// Firefox forgets alarms when it closes, and Chrome may: each start of the worker sees to it that there is one.
void browser.alarms.get(pruneAlarm).then((alarm) => {
  if (!alarm) return browser.alarms.create(pruneAlarm, { delayInMinutes: 10, periodInMinutes: 720 });
});
// Alarms are lost with the browser's session in Firefox; a look at the start costs nothing.
void alerts.sync();
globalThis.addEventListener('online', () => pages.moved());
