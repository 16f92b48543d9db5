import browser from 'webextension-polyfill';
import type { Spent } from '../feeds/pacing';
import type { Spending } from '../feeds/transport';

const prefix = 'spent ';

/**
 * What was spent of each venue's limits, in the browser's memory: it outlives a worker that is killed, and is gone with
 * the browser. Written before each request goes out; the browser need not have confirmed it by then.
 */
export const spending: Spending = {
  async load() {
    // A browser that does not keep it lets us start from nothing.
    const stored = await browser.storage.session.get().catch(() => ({}));
    return new Map(
      Object.entries(stored).flatMap(([name, value]) => {
        const known = name.startsWith(prefix) && Array.isArray(value) && value.every(isSpent);
        return known ? [[name.slice(prefix.length), value]] : [];
      }),
    );
  },
  save(pool, spent) {
    browser.storage.session.set({ [prefix + pool]: spent }).catch(() => undefined);
  },
};

function isSpent(value: unknown): value is Spent {
  if (typeof value !== 'object' || value === null) return false;
  const { weight, until } = value as Record<string, unknown>;
  return Number.isFinite(weight) && Number(weight) > 0 && (until === null || Number.isFinite(until));
}
