import { learnQ, type QEstimate } from '../engine/forced/learn';
import type { VenueId } from '../feeds/feed';
import { venueOf } from '../venues';

/** What is believed of a venue's q where nothing was learned. */
export const priorQ = (venue: VenueId): QEstimate => learnQ([], venueOf(venue).prior);
