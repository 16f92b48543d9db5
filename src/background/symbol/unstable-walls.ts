import { joinBooks } from '../../engine/flow/depth';
import { type UnstableWall, WallWatch } from '../../engine/flow/walls';
import type { Cluster } from '../../engine/map/clusters';
import type { Listing } from '../venue/listing';

interface Watched {
  watch: WallWatch;
  /** When the newest book that was looked at came. */
  at: number;
  found: UnstableWall[];
}

/**
 * Walls that come and go near clusters, venue by venue: whoever shows one to be seen shows it on one venue, and the books
 * of all together reach only as far as the shortest.
 */
export class UnstableWalls {
  private readonly watched = new WeakMap<Listing, Watched>();

  /**
   * Looks at the books that have come since.
   *
   * @param price on the scale of the clusters
   * @param now ms by the user's clock
   * @returns unstable walls of the last ten minutes, the largest first
   */
  look(
    listings: Iterable<Listing>,
    price: number,
    clusters: readonly Cluster[],
    now: number,
  ): { listing: Listing; wall: UnstableWall }[] {
    return [...listings]
      .flatMap((listing) => this.lookAt(listing, price, clusters, now).map((wall) => ({ listing, wall })))
      .sort((a, b) => b.wall.usd - a.wall.usd);
  }

  private lookAt(
    listing: Listing,
    price: number,
    clusters: readonly Cluster[],
    now: number,
  ): readonly UnstableWall[] {
    const book = listing.book.fresh();
    if (!book) return [];
    const watched = this.watched.get(listing) ?? { watch: new WallWatch(), at: 0, found: [] };
    this.watched.set(listing, watched);
    if (book.at <= watched.at) return watched.found;
    watched.at = book.at;
    try {
      watched.found = watched.watch.observe(now, joinBooks([book], price), clusters);
    } catch {
      // An empty side, or a clock that was set back: nothing is known, and watching begins anew.
      this.watched.delete(listing);
      return [];
    }
    return watched.found;
  }
}
