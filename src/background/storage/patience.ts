import type { DBSchema, IDBPTransaction, StoreNames } from 'idb';
import { type Clock, inTime } from '../../feeds/net/pacing';

/** How long a database is waited for, whatever is asked of it: browsers may never answer, and never say so. */

/**
 * Why nothing can be kept: there is no room, the database (of market data, or of what is the user's own) does not answer, or the cause as
 * the browser names it.
 */
export type StoreFault =
  | { kind: 'full' }
  | { kind: 'silent'; isOwn?: true }
  | { kind: 'refused'; cause: string };

/** What was asked of a database and could not be done. */
export class StoreError extends Error {
  constructor(
    message: string,
    readonly fault: StoreFault,
  ) {
    super(message);
  }
}

/** What a failure says of the database. */
export function faultOf(cause: unknown): StoreFault {
  const name = cause instanceof Error ? cause.name : String(cause);
  return name === 'QuotaExceededError' ? { kind: 'full' } : { kind: 'refused', cause: name };
}

/** A database that is not open by then, ms, is gone without. */
export const patienceMs = 5000;
/** A transaction that has not ended by then, ms, is given up. It may wait for others, and clear away a year. */
export const transactionMs = 10_000;

/** The outcome of `work`; rejects with a StoreError where there is none within `ms`. */
export const databaseInTime = <T>(clock: Clock, ms: number, work: Promise<T>): Promise<T> =>
  inTime(clock, ms, work, () => new StoreError('the database does not answer', { kind: 'silent' }));

/**
 * What `use` makes of a transaction, once the browser has ended it. One that fails or does not end in time is aborted: all
 * of it is done or nothing, now and later.
 *
 * @throws StoreError where it does not end in time
 */
export async function inTransaction<
  D extends DBSchema,
  N extends ArrayLike<StoreNames<D>>,
  M extends IDBTransactionMode,
  T,
>(
  clock: Clock,
  transaction: IDBPTransaction<D, N, M>,
  use: (transaction: IDBPTransaction<D, N, M>) => Promise<T>,
): Promise<T> {
  const work = Promise.all([use(transaction), transaction.done]);
  try {
    const [value] = await databaseInTime(clock, transactionMs, work);
    return value;
  } catch (cause) {
    try {
      transaction.abort();
    } catch {
      // It has ended by itself.
    }
    throw cause;
  }
}
