import { useEffect, useState } from 'preact/hooks';
import type { Detail } from '../protocol/detail';
import type { HistoryView, MapView, Tick } from '../protocol/view';
import type { WatchRequest } from '../protocol/watch-request';
import { ask } from './ask';
import { watchMarket } from './watch-market';

/** What a page knows of the market it watches. */
export interface Watched {
  view?: MapView;
  tick?: Tick;
  history?: HistoryView;
  detail?: Detail;
  /** Why there is nothing to draw from, in words; undefined where there is, or may be. */
  unknown?: string | undefined;
}

export type Wanted = Omit<WatchRequest, 'type'> & {
  /** Bars to bring along, where details are wanted. */
  bars?: { stepMs: number; count: number };
};

const detailMs = 5000;

/** Watches a market while the page is open, through any number of lives of the worker; nothing while nothing is wanted. */
export function useMarket(wanted: Wanted | undefined): Watched {
  const [watched, setWatched] = useState<Watched>({});
  const key = JSON.stringify(wanted);

  useEffect(() => {
    setWatched((before) => ({
      // Another window of the same market: what is on screen stands until the new map is there.
      ...(before.view?.symbol === wanted?.symbol && before),
    }));
    if (!wanted) return;
    const { bars, ...request } = wanted;
    let closed = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const add = (news: Partial<Watched>) => setWatched((before) => ({ ...before, ...news }));

    const leave = watchMarket({ type: 'watch', ...request }, (reply) => {
      if (reply.type === 'map') add({ view: reply.view, unknown: undefined });
      else if (reply.type === 'tick') add({ tick: reply.tick });
      else if (reply.type === 'history') add({ history: reply.history });
      else if (reply.type === 'unknown') add({ unknown: reply.reason });
    });
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
        // The worker went away while it was asked: it comes back, and so does this.
      }
      if (!closed) timer = setTimeout(() => void askDetail(), next);
    };
    void askDetail();
    return () => {
      closed = true;
      clearTimeout(timer);
      leave();
    };
  }, [key]);

  return watched;
}
