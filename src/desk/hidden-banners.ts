import { dayMs } from '../engine/time';

/** Warnings that the user has read and put away for a while, on this machine's desk alone. */

const storageKey = 'hiddenBanners';
type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** A kind of warning of one symbol. */
export const bannerKey = (symbol: string, kind: string): string => `${symbol} ${kind}`;

/** Those that are still away at `now` (ms). What is stored and cannot be read hides nothing. */
export function hiddenBanners(storage: Storage, now: number): Set<string> {
  return new Set([...stored(storage)].flatMap(([key, until]) => (until > now ? [key] : [])));
}

/** Puts a warning away until a time (ms); those that are long past are forgotten. */
export function hideBanner(storage: Storage, key: string, until: number): void {
  const kept = [...stored(storage)].filter(([, time]) => time > until - dayMs);
  storage.setItem(storageKey, JSON.stringify(Object.fromEntries([...kept, [key, until]])));
}

/** All are shown again. */
export function unhideBanners(storage: Storage): void {
  storage.removeItem(storageKey);
}

function stored(storage: Storage): Map<string, number> {
  try {
    const read: unknown = JSON.parse(storage.getItem(storageKey) ?? '{}');
    if (typeof read !== 'object' || read === null) return new Map();
    return new Map(
      Object.entries(read).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
    );
  } catch {
    return new Map();
  }
}
