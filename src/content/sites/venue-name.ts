import { type VenueId, venueIds } from '../../venues';

/** The venue a site calls by this name in whatever case, where it is one of ours. */
export function venueCalled(name: string | null | undefined): VenueId | undefined {
  const lower = name?.toLowerCase() ?? '';
  return venueIds.find((id) => id === lower);
}
