import browser from 'webextension-polyfill';

/** How often, and after how long, ms, a message that nobody heard is sent anew: a worker that begins is there by then. */
const mostTries = 40;
const againMs = 250;

/** What browsers say where no worker listens yet; nothing has been done for the message. */
const isUnheard = (cause: unknown): boolean => /Receiving end does not exist/.test(String(cause));

/**
 * Sends the worker a message from one of the extension's own pages. Just after the extension was installed, updated or
 * loaded anew a page may be there before the worker listens: then it is sent again.
 *
 * @throws Error as the browser says it where nobody hears it for ten seconds, or the worker failed
 */
export async function sendToWorker(message: { type: string; [field: string]: unknown }): Promise<unknown> {
  for (let tries = 1; ; tries++) {
    try {
      return await browser.runtime.sendMessage(message);
    } catch (cause) {
      if (tries === mostTries || !isUnheard(cause)) throw cause;
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  }
}
