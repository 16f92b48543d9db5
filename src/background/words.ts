import type { Side } from '../engine/records';
import type { Banner } from '../engine/regime';
import type { Venue } from '../feeds/feed';

/** What the worker says to the user, in one place. */
export const words = {
  starting: (venue: Venue) => `Waiting for ${venue.name}’s first data`,
  late: (venue: Venue, ms: number) =>
    Number.isFinite(ms)
      ? `No new data from ${venue.name} for ${duration(ms)}`
      : `No new data from ${venue.name} since the clock was set`,
  silent: (venue: Venue) => `${venue.name}’s live stream is silent; asking it now and then instead`,
  limited: (venue: Venue, ms: number) =>
    `${venue.name} asks for fewer requests; trying again in ${duration(ms)}`,
  blocked: (venue: Venue, ms: number) =>
    `${venue.name} does not serve this address; trying again in ${duration(ms)}`,
  down: (venue: Venue) => `${venue.name} does not answer`,
  malformed: (venue: Venue) => `${venue.name} sent something that cannot be read`,
  unlisted: (venue: Venue, symbol: string) => `${venue.name} does not list ${symbol}`,
  permission: (venue: Venue) => `Liqbands is not allowed to ask ${venue.name}: allow it in the popup`,
  off: (venue: Venue) => `${venue.name} is switched off`,
  drift: (ratio: number) =>
    `Over the last hours ${ratio.toFixed(1)} times as much was force-closed as learned before: expected amounts are doubtful`,
  divergence: (side: Side, usd: number) =>
    side === 'long'
      ? `Takers bought $${millions(usd)} net in 15 min just above a cluster of longs: the fall is being absorbed`
      : `Takers sold $${millions(-usd)} net in 15 min just below a cluster of shorts: the rise is being absorbed`,
  banner: (banner: Banner) => bannerWords[banner.kind](banner),
};

const millions = (usd: number) => (usd < 1e6 ? `${Math.round(usd / 1e3)}k` : `${(usd / 1e6).toFixed(1)}M`);
const percent = (share: number, digits = 0) => `${(100 * share).toFixed(digits)} %`;

const bannerWords: Record<Banner['kind'], (banner: Banner) => string> = {
  cascade: ({ value }) =>
    `$${Math.round(value / 1e6)}M was force-closed within the hour: the map is used up faster than it updates`,
  openInterestDrop: ({ value }) =>
    `Open interest fell by ${percent(value)} in four hours: much of the map is gone`,
  silent: ({ subject, value }) => `No new data from ${subject} for ${duration(value * 1000)}`,
  frozen: ({ subject, value }) => `${subject}’s open interest has not changed for ${Math.round(value)} min`,
  event: ({ subject, value }) =>
    value >= 0 ? `${subject} in ${duration(value * hourMs)}` : `${subject} ${duration(-value * hourMs)} ago`,
  funding: ({ value }) => `Funding is extreme: ${percent(value, 3)} per 8 h`,
  weekend: () => 'Weekend: less volume, so levels are reached with less force',
  quietHours: ({ value }) => `Quiet hours: volume is ${percent(value)} of what is usual`,
  thin: () => 'Open interest below $100M: the estimate is noisier',
};

const hourMs = 3_600_000;

function duration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
