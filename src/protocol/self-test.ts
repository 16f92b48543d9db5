import * as z from 'zod/mini';
import { VenueId } from './settings';
import { zodOf } from './zod-of';

/** What came of trying all that is asked of the venues. */
export const SelfTest = z.object({
  venues: z.array(
    z.object({
      id: zodOf(VenueId),
      checks: z.array(
        z.object({
          name: z.string(),
          ok: z.boolean(),
          /** How long the answer took; until the first data, where it is a stream. */
          ms: z.number(),
          /** What did not match, or is worth knowing; empty where there is nothing to say. */
          note: z.string(),
          /** What was asked, or listened to: hosts and paths. */
          address: z.string(),
          /** Names of the fields that were read of it. */
          fields: z.array(z.string()),
        }),
      ),
    }),
  ),
  /** The same as text to copy, with nothing in it of the user. */
  text: z.string(),
});
