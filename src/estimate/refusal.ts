import { minuteMs } from '../engine/time';
import type { FeedError, Venue } from '../feeds/feed';

/** Keys of the texts below, and of the words for lengths of time. */
type Key = `worker_${
  | 'limited'
  | 'blocked'
  | 'malformed'
  | 'down'
  | 'unlisted'
  | 'notOffered'
  | 'seconds'
  | 'minutes'
  | 'hours'}`;

/** Looks a text up, with what stands for $1, $2 and so on. */
export type Say = (key: Key, ...values: string[]) => string;

/** Why a request failed, and after how many ms it may be tried again where the venue says so. */
export type Refused = { kind: FeedError['kind']; retryAfterMs?: number | undefined };

/** A venue that does not say for how long it refuses is taken to do so for this long, at first. */
export const blockedMs = 2 * minuteMs;

/** What one refused or failed request means, in a sentence for the user; `symbol` where it is the market itself that was asked for. */
export function refusalText(
  say: Say,
  venue: Pick<Venue, 'name' | 'pauseMs'>,
  { kind, retryAfterMs }: Refused,
  symbol?: string,
): string {
  if (kind === 'limited')
    return say('worker_limited', venue.name, lengthOfTime(say, retryAfterMs ?? venue.pauseMs));
  if (kind === 'blocked')
    return say('worker_blocked', venue.name, lengthOfTime(say, retryAfterMs ?? blockedMs));
  if (kind === 'malformed') return say('worker_malformed', venue.name);
  if (kind === 'unlisted' && symbol !== undefined) return say('worker_unlisted', venue.name, symbol);
  return kind === 'down' ? say('worker_down', venue.name) : say('worker_notOffered', venue.name);
}

/** A length of time as it is told: seconds up to two minutes, minutes up to two hours, hours. */
export function lengthOfTime(say: Say, ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 120) return say('worker_seconds', String(seconds));
  const minutes = Math.round(seconds / 60);
  return minutes < 120
    ? say('worker_minutes', String(minutes))
    : say('worker_hours', String(Math.round(minutes / 60)));
}
