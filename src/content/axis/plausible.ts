/** Whether numbers on an axis can be the prices of a symbol. */

/**
 * A chart may show prices this many times away from the last one: history is long. Not at first, when ratios and rates
 * on a page can look like the prices of a coin.
 */
export const plausible = { first: 1.5, later: 4 };

/** Whether a price is within, or so many times above or below, those from `low` to `high`. */
export const isInReach = (low: number, high: number, price: number, times: number): boolean =>
  price <= times * high && low <= times * price;

/** Whether an axis from `low` to `high` can show a symbol that trades at `reference`. */
export const isPlausible = (low: number, high: number, reference: number, times: number): boolean =>
  isInReach(low, high, reference, times) && high <= 20 * reference;
