import browser, { type Runtime } from 'webextension-polyfill';
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
    return (answers[name as OwnName] as (request: unknown) => Promise<unknown>)(asked.data);
  };
}

/** Runs what may fail for want of room or a database, and says in words whether it did. */
export async function outcome(work: Promise<unknown>): Promise<{ problem: string }> {
  try {
    await work;
    return { problem: '' };
  } catch (cause) {
    if (cause instanceof StoreError) return { problem: texts.notKept(cause.fault) };
    return { problem: cause instanceof Error && cause.message ? cause.message : String(cause) };
  }
}
