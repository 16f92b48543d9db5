import { inTime, systemClock } from '../../feeds/net/pacing';

/** Functions of the browser may never answer, and never say so: what waits for one would wait for good. */

/** The browser said nothing in time. */
export class BrowserSilent extends Error {}

/** An answer that is not there by then, ms, is gone without. */
const patienceMs = 5000;

/**
 * What the browser answers.
 *
 * @throws BrowserSilent where it does not, and whatever it refuses with
 */
export const answerOf = <T>(asked: Promise<T>): Promise<T> =>
  inTime(systemClock, patienceMs, asked, () => new BrowserSilent('the browser does not answer'));

/** The same, or `otherwise` where there is no answer. */
export const answerOr = <T>(otherwise: T, asked: Promise<T>): Promise<T> =>
  answerOf(asked).catch(() => otherwise);
