import { fits } from '../../protocol/form';
import { WatchReply, watchPort } from '../../protocol/messages';
import type { WatchRequest } from '../../protocol/watch-request';

export interface WatchHandlers {
  reply(reply: WatchReply): void;
  /** The port closed; it is being opened again. */
  lost(): void;
  /** The extension was updated or removed: this script is an orphan and should leave. */
  orphaned(): void;
}

const retryFromMs = 250;
const retryUpToMs = 10_000;

/** Watches one symbol until the signal aborts, through any number of lives of the worker. */
export function watchSymbol(request: WatchRequest, handlers: WatchHandlers, signal: AbortSignal): void {
  let port: chrome.runtime.Port | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let wait = retryFromMs;

  function connect(): void {
    if (signal.aborted) return;
    try {
      port = chrome.runtime.connect({ name: watchPort });
    } catch {
      // "Extension context invalidated", or no `runtime` any more.
      handlers.orphaned();
      return;
    }
    port.onMessage.addListener((message: unknown) => {
      if (!fits(WatchReply, message) || signal.aborted) return;
      wait = retryFromMs;
      handlers.reply(message);
    });
    port.onDisconnect.addListener(() => {
      port = undefined;
      if (signal.aborted) return;
      handlers.lost();
      retry = setTimeout(connect, wait);
      wait = Math.min(2 * wait, retryUpToMs);
    });
    port.postMessage(request);
  }

  signal.addEventListener('abort', () => {
    clearTimeout(retry);
    port?.disconnect();
  });
  connect();
}
