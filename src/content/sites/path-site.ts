import type { VenueId } from '../../venues';
import { fromInstrument } from './instrument';
import { inPath, type Site } from './site';

/** A site whose addresses end in the instrument's name, behind a path of this pattern. */
export const pathSite = (
  pages: readonly string[],
  before: string,
  venue?: VenueId,
  optionalPages?: readonly string[],
): Site => ({
  pages,
  optionalPages,
  venue,
  symbol: ({ url }) => fromInstrument(inPath(url, `/${before}/([\\w/-]+?)/?$`)),
});
