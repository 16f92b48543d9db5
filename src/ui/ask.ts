import { StorageSilent } from '../protocol/browser-storage';
import { causeOf } from '../protocol/cause';
import { type OwnName, type OwnReply, type OwnRequest, ownRequests } from '../protocol/own-requests';
import { sendToWorker } from '../protocol/send-to-worker';
import { t } from './text';

/** What went wrong in the user's words where it is known, else as the worker or the browser says it. */
export const wordsOf = (cause: unknown): string =>
  cause instanceof StorageSilent ? t('worker_choicesWithheld') : causeOf(cause);

/**
 * Asks the worker, which only the extension's own pages may.
 *
 * @throws Error where the worker gives no answer, or one that is not as agreed
 * @example
 * await ask('removePosition', { id });
 */
export async function ask<N extends OwnName>(
  name: N,
  request: Omit<OwnRequest<N>, 'type'>,
): Promise<OwnReply<N>> {
  const answer = await sendToWorker({ type: name, ...request });
  return ownRequests[name].reply.parse(answer) as OwnReply<N>;
}
