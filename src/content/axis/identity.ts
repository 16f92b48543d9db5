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
  /** What the page's title says that its chart's last price is: the readings of one number, none where it says nothing. */
  titled: readonly number[];
}

/**
 * Last prices of one coin, on any venue and contract, differ by less than this: .1–.3 % is usual, .5 % was seen in falls
 * that last seconds. Charts of other coins are 1 % away or more, or will be.
 */
const same = 0.007;
/** Each of several tags is an occasion to match by chance: they share what one may be off, but for this. */
const sharedFrom = 3;
const closest = 0.002;
/** Some charts tag the last bar in view: while one scrolls through its past, another coin's chart can pass the price by chance. */
const passingMs = 1000;
/** A title is up to some seconds behind the price; farther off it is in another currency, or another market's. */
const sameTitle = 0.03;

/** Whether the title tells a last price that is not the symbol's. */
export const isTitledOtherwise = ({ titled, price }: Reference): boolean =>
  titled.length > 0 && titled.every((each) => Math.abs(each / price - 1) > sameTitle);

export class IdentityCheck {
  #known: Identity = 'untold';
  #symbol: string | undefined;
  /** A chart that was another's has the symbol's price among its tags since then. */
  #matchesSince: number | undefined;

  /**
   * @param tags prices on the axis that are no ticks
   * @param now ms
   */
  read(tags: readonly number[], { symbol, price }: Reference, now: number): Identity {
    if (symbol !== this.#symbol) {
      this.#known = 'untold';
      this.#matchesSince = undefined;
    }
    this.#symbol = symbol;
    // Tags out of view tell no less than they did; only the price itself tells otherwise.
    if (this.#known === 'own' || tags.length === 0) return this.#known;
    const within = Math.max(closest, same * Math.min(1, sharedFrom / tags.length));
    const isMatch = tags.some((tag) => Math.abs(tag / price - 1) < within);
    this.#matchesSince = isMatch ? (this.#matchesSince ?? now) : undefined;
    if (!isMatch) this.#known = 'other';
    else if (this.#known === 'untold' || now - this.#matchesSince! >= passingMs) this.#known = 'own';
    return this.#known;
  }

  /** Time until a chart that was another's may be the symbol's, ms; undefined where nothing speaks for that. */
  turnsIn(now: number): number | undefined {
    if (this.#known !== 'other' || this.#matchesSince === undefined) return undefined;
    return Math.max(0, this.#matchesSince + passingMs - now);
  }
}
