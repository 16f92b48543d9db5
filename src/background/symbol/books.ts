import { type Depth, joinBooks, type OrderBook } from '../../engine/flow/depth';
import type { Listing } from '../venue/listing';

/** The order books of these venues; undefined while one is missing, as less would seem to rest than does. */
export function freshBooks(listings: Iterable<Listing>): OrderBook[] | undefined {
  const all = [...listings];
  const books = all.flatMap((listing) => listing.book.fresh() ?? []);
  return books.length > 0 && books.length === all.length ? books : undefined;
}

/** What rests in the books together, at `price`; undefined while one is missing or has an empty side. */
export function depthAt(listings: Iterable<Listing>, price: number): Depth | undefined {
  const books = freshBooks(listings);
  try {
    return books && joinBooks(books, price);
  } catch {
    // An empty side, as when a venue is being wound down: no ratio rather than a wrong one.
    return undefined;
  }
}

/** How far the book of each venue reaches. */
export function reachesOf(listings: Iterable<Listing>): { name: string; reach: number }[] {
  return [...listings].flatMap(({ venue, book }) => {
    const reach = book.fresh()?.reach;
    return reach === undefined ? [] : [{ name: venue.name, reach }];
  });
}
