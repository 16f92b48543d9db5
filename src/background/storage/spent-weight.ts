import type { Pause, Spending } from '../../feeds/net/http';
import type { Spent } from '../../feeds/net/pacing';
import { readStored, writeStored } from '../../protocol/browser-storage';
import {
  type Form,
  finite,
  fits,
  list,
  nullable,
  object,
  oneOf,
  positive,
  text,
  whole,
} from '../../protocol/form';

const spentPrefix = 'spent ';
const pausePrefix = 'pause ';

const Spendings: Form<Spent[]> = list(object({ weight: positive, until: nullable(finite) }));
const StoredPause: Form<Pause> = object({
  until: finite,
  trips: whole(0, 1e9),
  kind: oneOf('limited', 'blocked'),
  message: text(),
});

/** What waits for the write that is under way, and the write that will take it along. */
let waiting: Record<string, unknown> = {};
let writing: Promise<void> = Promise.resolve();
let next: Promise<void> | undefined;
/** The last write was not stored: until one is, nobody waits for them. */
let isUnkept = false;

/** Resolves when the browser has it, or is known to keep nothing. What is kept meanwhile goes along in one write. */
function keep(name: string, value: unknown): Promise<void> {
  waiting[name] = value;
  next ??= writing.then(() => {
    const values = waiting;
    waiting = {};
    next = undefined;
    writing = writeStored('session', values).then(
      () => {
        isUnkept = false;
      },
      () => {
        isUnkept = true;
        waiting = { ...values, ...waiting };
      },
    );
    return writing;
  });
  return isUnkept ? Promise.resolve() : next;
}

/**
 * What was spent of each venue's limits and which hosts asked for a pause, in the browser's memory: it outlives a worker
 * that is killed, and is gone with the browser.
 */
export const spentWeight: Spending = {
  async load() {
    const stored = await readStored('session').catch(() => ({}));
    const spent = new Map<string, Spent[]>();
    const pauses = new Map<string, Pause>();
    for (const [name, value] of Object.entries(stored)) {
      if (name.startsWith(spentPrefix) && fits(Spendings, value))
        spent.set(name.slice(spentPrefix.length), value);
      if (name.startsWith(pausePrefix) && fits(StoredPause, value))
        pauses.set(name.slice(pausePrefix.length), value);
    }
    return { spent, pauses };
  },
  save: (pool, spent) => keep(spentPrefix + pool, spent),
  pause: (host, pause) => keep(pausePrefix + host, pause),
};
