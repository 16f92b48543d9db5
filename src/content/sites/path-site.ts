import type { VenueId } from '../../venues';
import { spotName } from '../../venues/symbols';
import { inPath, pageOfPair, type Site } from './site';

/** A venue's own site; given apart, so that a page's script carries nothing else of the venue's row. */
export const venueSite = (pages: readonly string[], venue: VenueId, symbol: Site['symbol']): Site => ({
  pages,
  venue,
  symbol,
});

const nameBehind = (url: URL, before: string) => inPath(url, `/${before}/([\\p{L}\\p{N}_/-]+?)/?$`);

/**
 * A site whose addresses end in the instrument's name, behind a path of this pattern.
 *
 * @param spot the pattern of a venue's pages of its spot market
 */
export const pathSite = (
  pages: readonly string[],
  before: string,
  venue?: VenueId,
  optionalPages?: readonly string[],
  spot?: string,
): Site => ({
  pages,
  optionalPages,
  venue,
  symbol({ url }) {
    const onSpot = spot === undefined ? undefined : pageOfPair(nameBehind(url, spot));
    return onSpot?.native
      ? { ...onSpot, native: spotName(onSpot.native) }
      : pageOfPair(nameBehind(url, before));
  },
});

/** The same of a site that is no venue of ours: the user allows the extension to run there. */
export const otherSite = (optionalPages: readonly string[], before: string): Site =>
  pathSite([], before, undefined, optionalPages);
