import type { KnownLevel } from '../../engine/map/levels';
import { and, type Form, finite, fits, object, oneOf, positive } from '../../protocol/form';
import type { Store } from '../storage/store';

/** Swings are found anew from the bars. */
const StoredLevel: Form<KnownLevel> = and(
  object({
    side: oneOf('long', 'short'),
    kind: oneOf('excess'),
    low: positive,
    high: positive,
    since: finite,
  }),
  'low ≤ high',
  ({ low, high }) => low <= high,
);

/** The levels that the map of a symbol shows, kept across the worker's lives, so that they do not come and go with it. */
export class KnownLevels {
  all: readonly KnownLevel[] = [];
  private readonly name: string;
  private saved = '';

  constructor(
    symbol: string,
    private readonly store: Pick<Store, 'fact' | 'saveFact'>,
  ) {
    this.name = `levels ${symbol}`;
  }

  /** Takes over what an earlier run found, unless there is something newer. */
  async load(): Promise<void> {
    const stored = await this.store.fact(this.name);
    if (this.all.length === 0 && Array.isArray(stored))
      this.all = stored.filter((each) => fits(StoredLevel, each));
  }

  set(levels: readonly KnownLevel[]): void {
    this.all = levels;
    const kept = levels
      .filter(({ kind }) => kind === 'excess')
      .map(({ side, kind, low, high, since }): KnownLevel => ({ side, kind, low, high, since }));
    const text = JSON.stringify(kept);
    if (text === this.saved) return;
    this.saved = text;
    void this.store.saveFact(this.name, kept);
  }
}
