import { useEffect, useState } from 'preact/hooks';
import browser from 'webextension-polyfill';
import type { Detail } from '../protocol/detail';
import { fits } from '../protocol/form';
import { WatchReply, watchPort } from '../protocol/messages';
import type { HistoryView, MapView, Tick } from '../protocol/view';
import type { WatchRequest } from '../protocol/watch-request';
import { ask } from './ask';

/** What a page knows of the market it watches. */
export interface Watched {
  view?: MapView;
  tick?: Tick;
  history?: HistoryView;
  detail?: Detail;
  /** No venue lists the symbol. */
  isUnknown: boolean;
}

export type Wanted = Omit<WatchRequest, 'type'> & {
  /** Bars to bring along, where details are wanted. */
  bars?: { stepMs: number; count: number };
};

const reconnectMs = 500;
const detailMs = 5000;

/** Watches a market while the page is open, through any number of lives of the worker; nothing while nothing is wanted. */
export function useMarket(wanted: Wanted | undefined): Watched {
  const [watched, setWatched] = useState<Watched>({ isUnknown: false });
  const key = JSON.stringify(wanted);

  useEffect(() => {
    setWatched((before) => ({
      isUnknown: false,
      // Another window of the same market: what is on screen stands until the new map is there.
      ...(before.view?.symbol === wanted?.symbol && before),
    }));
    if (!wanted) return;
    const { bars, ...request } = wanted;
    let closed = false;
    let port: browser.Runtime.Port | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const add = (news: Partial<Watched>) => setWatched((before) => ({ ...before, ...news }));

    const connect = () => {
      if (closed) return;
      port = browser.runtime.connect({ name: watchPort });
      port.onMessage.addListener((message: unknown) => {
        if (!fits(WatchReply, message) || closed) return;
        if (message.type === 'map') add({ view: message.view, isUnknown: false });
        else if (message.type === 'tick') add({ tick: message.tick });
        else if (message.type === 'history') add({ history: message.history });
        else if (message.type === 'unknown') add({ isUnknown: true });
      });
      port.onDisconnect.addListener(() => setTimeout(connect, reconnectMs));
      port.postMessage({ type: 'watch', ...request });
    };
    const askDetail = async () => {
      if (!bars || closed) return;
      let next = 400;
      try {
        const { symbol, venue } = request;
        const detail = await ask('detail', { symbol, ...bars, ...(venue && { venue }) });
        if (detail && !closed) {
          add({ detail });
          next = detailMs;
        }
      } catch {
        // The worker went away while it was asked: the port comes back, and so does this.
      }
      if (!closed) timer = setTimeout(() => void askDetail(), next);
    };
    connect();
    void askDetail();
    return () => {
      closed = true;
      clearTimeout(timer);
      port?.disconnect();
    };
  }, [key]);

  return watched;
}
