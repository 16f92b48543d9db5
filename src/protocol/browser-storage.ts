import browser from 'webextension-polyfill';
import { recordOf } from './form';

/** The only door to the browser's own storage: it may never answer, and is then not waited for. */

/** How long it is waited for, ms. */
export const storageMs = 5000;

type Area = keyof typeof calls;

/** Written out, so that each call can be held against the browser versions that have it. */
const calls = {
  local: {
    get: (name?: string) => browser.storage.local.get(name),
    set: (items: Record<string, unknown>) => browser.storage.local.set(items),
  },
  session: {
    get: (name?: string) => browser.storage.session.get(name),
    set: (items: Record<string, unknown>) => browser.storage.session.set(items),
  },
};

/** The browser was asked and did not answer. */
export class StorageSilent extends Error {
  override readonly message = 'the browser’s storage does not answer';
}

/** What is stored under a name, or under all; anything may be. Rejects where it is not told in time. */
export function readStored(area: Area, name?: string): Promise<Record<string, unknown>> {
  return inTime(async () => recordOf(await calls[area].get(name)));
}

/**
 * Resolves once it is stored; rejects where that is not told in time.
 *
 * @param onLate it is stored after all, and nobody believed it any more
 */
export function writeStored(area: Area, items: Record<string, unknown>, onLate?: () => void): Promise<void> {
  return inTime(() => calls[area].set(items), onLate);
}

/** Forgets everything that is kept between runs; rejects where that is not told in time. */
export function clearStored(): Promise<void> {
  return inTime(() => browser.storage.local.clear());
}

/** Waits for a turn that others may hold; rejects where it does not come in time. */
export const storageTurn = (turn: Promise<unknown>): Promise<void> =>
  inTime(async () => {
    await turn;
  });

function inTime<T>(work: () => Promise<T>, onLate?: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      reject(new StorageSilent());
    }, storageMs);
    work()
      .finally(() => clearTimeout(timer))
      .then((answer) => {
        if (isLate) onLate?.();
        else resolve(answer);
      }, reject);
  });
}
