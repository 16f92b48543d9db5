import type { VenueId } from '../../protocol/settings';
import { fromInstrument } from './instrument';
import { inPath, type Site } from './site';

/** A site whose addresses end in the instrument's name, behind a path of this pattern. */
export const pathSite = (hosts: readonly string[], before: string, venue?: VenueId): Site => ({
  hosts,
  symbol: ({ url }) => fromInstrument(inPath(url, `/${before}/([\\w/-]+?)/?$`), venue),
});
