import type messages from '../../../public/_locales/en/messages.json';
import type { Side } from '../../engine/records';
import type { Banner } from '../../engine/regime/regime';
import { hourMs, minuteMs } from '../../engine/time';
import { lengthOfTime, type Refused, refusalText, type Say } from '../../estimate/refusal';
import type { EconomicEvent } from '../../feeds/calendar';
import type { Venue } from '../../feeds/feed';
import type { FeedId, Tick } from '../../protocol/view';
import type { StoreFault } from '../storage/patience';
import type { OutletProblem } from './outlets';

/** Keys of what the worker says, without their place. */
type Key = keyof typeof messages extends infer K ? (K extends `worker_${infer Name}` ? Name : never) : never;

const say = (key: Key, ...values: string[]): string => chrome.i18n.getMessage(`worker_${key}`, values);

/** The same with the place. */
const sayWhole: Say = (key, ...values) => chrome.i18n.getMessage(key, values);

/** What the worker says to the user, in the user's language. */
export const texts = {
  starting: (venue: Venue) => say('starting', venue.name),
  late: (venue: Venue, ms: number) =>
    Number.isFinite(ms) ? say('late', venue.name, duration(ms)) : say('lateClock', venue.name),
  silent: (venue: Venue) => say('quiet', venue.name),
  feedLate: (venue: Venue, ms: number) => say('feedLate', venue.name, duration(ms)),
  feedAsked: (venue: Venue, ms: number) => say('feedAsked', venue.name, duration(ms)),
  noForcedOrders: (venue: Venue) => say('noForcedOrders', venue.name),
  /** What one refused or failed request means. */
  refusal: (venue: Venue, refused: Refused): string => refusalText(sayWhole, venue, refused),
  unlisted: (venue: Venue, symbol: string) => say('unlisted', venue.name, symbol),
  ended: (venue: Venue, symbol: string) => say('ended', venue.name, symbol),
  unlistedEverywhere: (symbol: string) => say('unlistedEverywhere', symbol),
  endedEverywhere: (symbol: string) => say('endedEverywhere', symbol),
  /** The venue has the page's market, but no perpetual of it in USDT. */
  noPerpetual: (venue: Venue, name: string) => say('noPerpetual', venue.name, name),
  /** A page whose own contract is not the one that the map counts. */
  contract: (shown: string, counted: string): [string, string] => [
    say('contract'),
    say('contractOf', shown, counted),
  ],
  permission: (venue: Venue) => say('permission', venue.name),
  off: (venue: Venue) => say('off', venue.name),
  /** `times` the others' price. */
  oddMark: (venue: Venue, times: number) => say('oddMark', venue.name, timesText(times)),
  oddPage: (venue: Venue, times: number) => say('oddPage', venue.name, timesText(times)),
  unfit: (venue: Venue) => say('unfit', venue.name),
  absurdBars: () => say('absurdBars'),
  doubtedInterest: () => say('doubtedInterest'),
  /** Why an alert did not get to one of the user's own addresses. */
  outlet: (problem: OutletProblem): string => {
    if (problem.kind === 'status') return say('outletStatus', String(problem.status));
    if (problem.kind === 'timeout') return say('outletTimeout');
    return say(problem.kind === 'paused' ? 'outletPaused' : 'outletUnreached');
  },
  /** Why a notification is not to be seen. */
  notShown: () => say('notShown'),
  /** Something in the worker failed; `cause` is what the browser says of it. */
  fault: (cause: string) => say('fault', cause),
  /** The browser does not tell, or not keep, what the user chose. */
  choicesWithheld: () => say('choicesWithheld'),
  notKept(fault: StoreFault): string {
    if (fault.kind === 'full') return say('diskFull');
    if (fault.kind === 'silent') return say(fault.isOwn ? 'ownSilent' : 'storeSilent');
    return say('notKept', fault.cause);
  },
  feedSilent: (venue: Venue, feed: FeedId, ms: number) =>
    say('feedSilent', chrome.i18n.getMessage(`feed_${feed}`), venue.name, duration(ms)),
  unstableWall: (venue: Venue, usd: number, price: number, times: number) =>
    say('unstableWall', dollars(usd), priceText(price), venue.name, String(times)),
  drift: (ratio: number) => say('drift', ratio.toFixed(1)),
  /** The map did no better than chance on so many forced orders. */
  doubtful: (orders: number) => say('doubtful', String(orders)),
  divergence: (side: Side, usd: number) =>
    say(side === 'long' ? 'absorbedLong' : 'absorbedShort', dollars(Math.abs(usd))),
  /** With the publisher of the date, such as `FOMC (federalreserve.gov)`. */
  event: ({ kind, source, tentative }: EconomicEvent) =>
    say(tentative ? 'eventTentative' : 'event', kind, new URL(source).hostname.replace(/^www\./, '')),
  forced: (hours: number, { long, short }: Record<Side, number>): [string, string] => [
    say('forced', String(hours)),
    say('sides', dollars(long), dollars(short)),
  ],
  /** `sampled`: venues that publish a part of their forced orders. */
  heard: (ms: number, ofMs: number, sampled: readonly string[]): [string, string] => [
    say('heard'),
    sampled.length > 0
      ? say('heardSampled', duration(ms), duration(ofMs), sampled.join(', '))
      : say('heardOf', duration(ms), duration(ofMs)),
  ],
  partlyLive: ({ venues, of, share }: NonNullable<Tick['live']>) =>
    say('partlyLive', String(venues), String(of), percent(share)),
  observed: (venue: Pick<Venue, 'name'>, accounts: number, coverage: number): [string, string] => [
    say('observed', venue.name),
    say('covers', String(accounts), percent(coverage, 1)),
  ],
  /** How the map did on the forced orders heard here; `share` of them in the densest tenth, `low` its lower bound. */
  accuracy: (orders: number, needed: number, share: number, low: number): [string, string] => [
    say('accuracyHere'),
    orders < needed
      ? say('accuracyEarly', String(orders), String(needed))
      : say('accuracyTold', String(orders), percent(share), percent(low)),
  ],
  lately: (ratio: number): [string, string] => [say('lately'), `${ratio.toFixed(1)}×`],
  banner: (banner: Banner) => bannerTexts[banner.kind](banner),
};

const timesText = (times: number) => times.toLocaleString('en-US', { maximumSignificantDigits: 2 });
const priceText = (price: number) => price.toLocaleString('en-US', { maximumSignificantDigits: 6 });
const dollars = (usd: number) => (usd < 1e6 ? `$${Math.round(usd / 1e3)}k` : `$${(usd / 1e6).toFixed(1)}M`);
const percent = (share: number, digits = 0) => `${(100 * share).toFixed(digits)} %`;

const bannerTexts: Record<Banner['kind'], (banner: Banner) => string> = {
  cascade: ({ value }) => say('cascade', `$${Math.round(value / 1e6)}M`),
  openInterestDrop: ({ value }) => say('openInterestDrop', percent(value)),
  silent: ({ subject = '', value }) => say('silent', subject, duration(value * 1000)),
  frozen: ({ subject = '', value }) => say('frozen', subject, duration(value * minuteMs)),
  event: ({ subject = '', value }) =>
    say(value >= 0 ? 'eventSoon' : 'eventPast', subject, duration(Math.abs(value) * hourMs)),
  funding: ({ value }) => say('funding', percent(value, 3)),
  weekend: () => say('weekend'),
  quietHours: ({ value }) => say('quietHours', percent(value)),
  thin: () => say('thin', '$100M'),
};

const duration = (ms: number): string => lengthOfTime(sayWhole, ms);
