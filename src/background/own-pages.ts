import browser, { type Runtime } from 'webextension-polyfill';
import { StorageSilent } from '../protocol/browser-storage';
import { causeOf } from '../protocol/cause';
import { type OwnName, type OwnReply, type OwnRequest, ownRequests } from '../protocol/own-requests';
import { texts } from './browser/texts';
import { StoreError } from './storage/patience';

/** One answer for each request of own pages. */
export type OwnAnswers = { [N in OwnName]: (request: OwnRequest<N>) => Promise<OwnReply<N>> };

/**
 * Answers the extension's own pages, and nobody else: a message whose sender's page is not one of them is not even
 * looked at.
 *
 * @returns for `runtime.onMessage`: undefined where the message is somebody else's to answer
 */
export function answerOwnPages(
  answers: OwnAnswers,
): (message: unknown, sender: Runtime.MessageSender) => Promise<unknown> | undefined {
  const own = browser.runtime.getURL('');
  return (message, sender) => {
    if (sender.id !== browser.runtime.id || !sender.url?.startsWith(own)) return undefined;
    const name = (message as { type?: unknown } | null)?.type;
    if (typeof name !== 'string' || !Object.hasOwn(ownRequests, name)) return undefined;
    const asked = ownRequests[name as OwnName].request.safeParse(message);
    if (!asked.success) return Promise.reject(new TypeError(`${name}: ${asked.error.issues[0]?.message}`));
    return (answers[name as OwnName] as (request: unknown) => Promise<unknown>)(asked.data).catch((cause) => {
      throw new Error(inWords(cause), { cause });
    });
  };
}

/** Runs what may fail for want of room or a database, and says in words whether it did. */
export async function outcome(work: Promise<unknown>): Promise<{ problem: string }> {
  try {
    await work;
    return { problem: '' };
  } catch (cause) {
    return { problem: inWords(cause) };
  }
}

/** What went wrong, in the user's words where it is known. */
function inWords(cause: unknown): string {
  if (cause instanceof StoreError) return texts.notKept(cause.fault);
  if (cause instanceof StorageSilent) return texts.choicesWithheld();
  return causeOf(cause);
}
