import browser from 'webextension-polyfill';
import { fits } from '../protocol/form';
import { lookAgainMs } from '../protocol/limits';
import { WatchReply, watchPort } from '../protocol/messages';
import type { WatchRequest } from '../protocol/watch-request';

const reconnectMs = 500;

/**
 * Has the worker follow a market, through any number of its lives. What is listed nowhere is asked for again after a while: it
 * may be listed by then, or a venue that lists it be switched on.
 *
 * @returns ends it
 */
export function watchMarket(request: WatchRequest, hear: (reply: WatchReply) => void): () => void {
  let isOver = false;
  let port: browser.Runtime.Port | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  const connect = () => {
    if (isOver) return;
    const current = browser.runtime.connect({ name: watchPort });
    port = current;
    current.onMessage.addListener((message: unknown) => {
      if (!fits(WatchReply, message) || isOver) return;
      clearTimeout(again);
      if (message.type === 'unknown') again = setTimeout(() => current.postMessage(request), lookAgainMs);
      hear(message);
    });
    current.onDisconnect.addListener(() => {
      clearTimeout(again);
      again = setTimeout(connect, reconnectMs);
    });
    current.postMessage(request);
  };
  connect();
  return () => {
    isOver = true;
    clearTimeout(again);
    port?.disconnect();
  };
}
