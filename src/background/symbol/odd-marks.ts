import type { VenueId } from '../../feeds/feed';

/** Marks of one coin lie within this factor of each other on all venues, but for moments. */
const mostApart = 1.05;
/** A venue that was odd is taken back within this factor: nothing swings to and fro between the two. */
const nearAgain = 1.03;

/** What one venue says of a symbol now. */
export interface Quote {
  venue: VenueId;
  /** Mark price per coin. */
  mark: number;
  openInterestUsd: number;
  /** A page that shows the venue's own chart is watching. */
  isShown: boolean;
  /** It was odd a moment ago. */
  wasOdd: boolean;
}

/**
 * Venues on which the same letters stand for something else: their mark is not that of the others. Who agrees is the
 * majority; where as many say one thing as another (two venues), those whose chart a page shows, then those with more
 * open interest, then those that come first.
 *
 * @returns how many times the others' price each odd venue's mark is
 * @example
 * oddMarks([binance at 100, okx at 101, bitget at 1]); // bitget → 0.01
 */
export function oddMarks(quotes: readonly Quote[]): Map<VenueId, number> {
  const groups = quotes.map((quote) => quotes.filter((other) => quote === other || isNear(quote, other)));
  const rank = (group: readonly Quote[]) => [
    group.length,
    group.filter(({ isShown }) => isShown).length,
    group.reduce((sum, { openInterestUsd }) => sum + openInterestUsd, 0),
  ];
  const best = groups.reduce<readonly Quote[]>(
    (found, group) => (isMore(rank(group), rank(found)) ? group : found),
    [],
  );
  const price = best[Math.floor(best.length / 2)]?.mark ?? 0;
  return new Map(
    quotes.filter((quote) => !best.includes(quote)).map(({ venue, mark }) => [venue, mark / price]),
  );
}

function isNear(one: Quote, other: Quote): boolean {
  const most = one.wasOdd || other.wasOdd ? nearAgain : mostApart;
  return Math.max(one.mark / other.mark, other.mark / one.mark) <= most;
}

/** Whether the first number in which two ranks differ is greater in the first one. */
function isMore(rank: readonly number[], other: readonly number[]): boolean {
  const at = rank.findIndex((value, i) => value !== other[i]);
  return at >= 0 && rank[at]! > other[at]!;
}
