import { IDBFactory, IDBTransaction } from 'fake-indexeddb';
import { vi } from 'vitest';

/** Databases that are opened do not answer until the function returned is called. */
export function holdOpening(): () => void {
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const open = IDBFactory.prototype.open;
  vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(function (this: IDBFactory, ...asked) {
    const request = open.apply(this, asked);
    const dispatch = request.dispatchEvent.bind(request);
    request.dispatchEvent = (event) => {
      void answered.then(() => dispatch(event));
      return true;
    };
    return request;
  });
  return answer;
}

/** Transactions that begin from now on do not go on until the function returned is called; they can be aborted. */
export function holdTransactions(): () => void {
  let answer: () => void = () => undefined;
  let isHeld = true;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  /** As the database in memory has it: begins the transaction, and goes on with it. */
  interface Inside extends IDBTransaction {
    _start(): void;
    _started: boolean;
    _state: string;
  }
  const inside = IDBTransaction.prototype as unknown as Inside;
  const start = inside._start;
  vi.spyOn(inside, '_start').mockImplementation(function (this: Inside) {
    if (!isHeld || this._started || this.mode === 'versionchange') return start.call(this);
    // Those behind it wait for it.
    this._started = true;
    void answered.then(() => this._state === 'finished' || start.call(this));
  });
  return () => {
    isHeld = false;
    answer();
  };
}
