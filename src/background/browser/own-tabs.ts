import browser, { type Runtime } from 'webextension-polyfill';
import { isWithin } from '../../engine/time';
import { fits, recordOf } from '../../protocol/form';
import { CanonicalSymbol } from '../../protocol/names';

/** The extension's own pages, opened for the user. */

/** The desk that is open, brought to the front, or a new one. */
export async function openDesk(symbol: string): Promise<void> {
  const url = browser.runtime.getURL(`src/desk/index.html?symbol=${encodeURIComponent(symbol)}`);
  const [open] = await browser.tabs.query({ url: browser.runtime.getURL('src/desk/index.html*') });
  if (open?.id === undefined) await browser.tabs.create({ url });
  else await browser.tabs.update(open.id, { active: true, url });
}

/** A new one each time: what was typed in another is not lost. */
async function openNew(page: 'position' | 'accuracy', symbol: string): Promise<void> {
  const path = `src/${page}/index.html?symbol=${encodeURIComponent(symbol)}`;
  await browser.tabs.create({ url: browser.runtime.getURL(path) });
}

/** A page may ask once in so long: more is none of the user's presses. */
const leastMs = 1000;
let openedAt = Number.NEGATIVE_INFINITY;

/**
 * Opens the desk, the position page or that on accuracy for a press on the card, which is all that a content script may ask for.
 *
 * @returns for `runtime.onMessage`: undefined where the message is somebody else's to answer
 */
export function answerOpening(message: unknown, sender: Runtime.MessageSender): Promise<unknown> | undefined {
  const { type, page, symbol } = recordOf(message);
  if (type !== 'openPage' || sender.id !== browser.runtime.id) return undefined;
  const now = Date.now();
  if (!fits(CanonicalSymbol, symbol) || isWithin(leastMs, openedAt, now)) return Promise.resolve({});
  openedAt = now;
  if (page === 'desk') return openDesk(symbol).then(() => ({}));
  if (page === 'position' || page === 'accuracy') return openNew(page, symbol).then(() => ({}));
  return Promise.resolve({});
}
