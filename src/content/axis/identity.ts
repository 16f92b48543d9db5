/**
 * Whether a chart is the symbol's own. Another coin's chart, or the same one in another currency, can stand anywhere near
 * the symbol's price; what tells them apart is the tag of the last price.
 */

export type Identity =
  /** A tag repeats the symbol's price, or did once. */
  | 'own'
  /** There are or were tags, and none of them has been the symbol's price. */
  | 'other'
  /** The chart never had tags. */
  | 'untold';

/** What the page's charts should show. */
export interface Reference {
  /** Canonical name of the symbol. */
  symbol: string;
  /** In the chart's unit. */
  price: number;
}

/**
 * Last prices of one coin, on any venue and contract, differ by less than this: .1–.3 % is usual, .5 % was seen in falls
 * that last seconds. Charts of other coins are 1 % away or more, or will be.
 */
const same = 0.007;
/** Each of several tags is an occasion to match by chance: they share what one may be off, but for this. */
const sharedFrom = 3;
const closest = 0.002;

export class IdentityCheck {
  #known: Identity = 'untold';
  #symbol: string | undefined;

  /**
   * @param tags prices on the axis that are no ticks
   */
  read(tags: readonly number[], { symbol, price }: Reference): Identity {
    if (symbol !== this.#symbol) this.#known = 'untold';
    this.#symbol = symbol;
    // Tags out of view tell no less than they did; only the price itself tells otherwise.
    if (this.#known === 'own' || tags.length === 0) return this.#known;
    const within = Math.max(closest, same * Math.min(1, sharedFrom / tags.length));
    this.#known = tags.some((tag) => Math.abs(tag / price - 1) < within) ? 'own' : 'other';
    return this.#known;
  }
}
