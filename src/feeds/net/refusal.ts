import { hourMs } from '../../engine/time';
import { FeedError, type Provider } from '../feed';

/** What a status other than 2xx means. */

/** Binance bans for up to three days. */
export const longestPauseMs = 72 * hourMs;

/**
 * `Retry-After` in ms: seconds, or an HTTP date, which is by the venue's clock and so read against the reply's own
 * `Date`. Nothing, or a moment that is over, says nothing; no venue means more than its longest ban.
 */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const header = headers.get('retry-after');
  if (header === null) return undefined;
  const sent = Date.parse(headers.get('date') ?? '');
  const ms = /^\d+$/.test(header)
    ? Number(header) * 1000
    : Date.parse(header) - (Number.isFinite(sent) ? sent : now);
  return ms > 0 ? Math.min(ms, longestPauseMs) : undefined;
}

/**
 * Why a status other than 2xx came. 403 is ambiguous: a firewall that counts, or a region that is refused; the body
 * tells where it can.
 */
export function refusal(
  venue: Provider,
  status: number,
  body: string,
  waitMs: number | undefined,
): FeedError | undefined {
  if (status === 429) return new FeedError('limited', venue.id, 'too many requests (429)', waitMs);
  if (status === 418)
    return new FeedError(
      'limited',
      venue.id,
      'address banned for too many requests (418)',
      waitMs ?? 120_000,
    );
  if (status === 451) return new FeedError('blocked', venue.id, 'not served in this region (451)', waitMs);
  if (status === 403) {
    if (/frequent|rate limit|too many/i.test(body))
      return new FeedError('limited', venue.id, 'too many requests (403)', waitMs ?? 600_000);
    const regional = /countr|region|restricted|location|jurisdiction/i.test(body);
    // A region is told at once; a firewall that counts wants its ten minutes.
    return new FeedError('blocked', venue.id, 'refused for this address (403)', regional ? waitMs : 600_000);
  }
  if (status === 401) return new FeedError('unavailable', venue.id, 'wants a key (401)');
  if (status >= 500) return new FeedError('down', venue.id, `server error (${status})`);
  return undefined;
}
