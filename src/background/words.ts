import type messages from '../../public/_locales/en/messages.json';
import type { Side } from '../engine/records';
import type { Banner } from '../engine/regime';
import type { Venue } from '../feeds/feed';

/** Keys of what the worker says, without their place. */
type Key = keyof typeof messages extends infer K ? (K extends `worker_${infer Name}` ? Name : never) : never;

const say = (key: Key, ...values: string[]): string => chrome.i18n.getMessage(`worker_${key}`, values);

/** What the worker says to the user, in the user's language. */
export const words = {
  starting: (venue: Venue) => say('starting', venue.name),
  late: (venue: Venue, ms: number) =>
    Number.isFinite(ms) ? say('late', venue.name, duration(ms)) : say('lateClock', venue.name),
  silent: (venue: Venue) => say('quiet', venue.name),
  limited: (venue: Venue, ms: number) => say('limited', venue.name, duration(ms)),
  blocked: (venue: Venue, ms: number) => say('blocked', venue.name, duration(ms)),
  down: (venue: Venue) => say('down', venue.name),
  malformed: (venue: Venue) => say('malformed', venue.name),
  unlisted: (venue: Venue, symbol: string) => say('unlisted', venue.name, symbol),
  permission: (venue: Venue) => say('permission', venue.name),
  off: (venue: Venue) => say('off', venue.name),
  drift: (ratio: number) => say('drift', ratio.toFixed(1)),
  divergence: (side: Side, usd: number) =>
    say(side === 'long' ? 'absorbedLong' : 'absorbedShort', dollars(Math.abs(usd))),
  forced: (hours: number, { long, short }: Record<Side, number>): [string, string] => [
    say('forced', String(hours)),
    say('sides', dollars(long), dollars(short)),
  ],
  lately: (ratio: number): [string, string] => [say('lately'), `${ratio.toFixed(1)}×`],
  banner: (banner: Banner) => bannerWords[banner.kind](banner),
};

const dollars = (usd: number) => (usd < 1e6 ? `$${Math.round(usd / 1e3)}k` : `$${(usd / 1e6).toFixed(1)}M`);
const percent = (share: number, digits = 0) => `${(100 * share).toFixed(digits)} %`;

const minuteMs = 60_000;
const hourMs = 3_600_000;

const bannerWords: Record<Banner['kind'], (banner: Banner) => string> = {
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

function duration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 120) return say('seconds', String(seconds));
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? say('minutes', String(minutes)) : say('hours', String(Math.round(minutes / 60)));
}
