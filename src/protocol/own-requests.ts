import * as z from 'zod/mini';
import { dayMs, minuteMs } from '../engine/time';
import { AlertChoices, ToldAlert } from './alert-choices';
import { Detail, Leaning } from './detail';
import { KeptPosition } from './kept-position';
import { Ledger } from './ledger';
import { CanonicalSymbol, WindowId } from './names';
import { Replayed, StoodLevel, WatchedSymbol } from './past';
import { SelfTest } from './self-test';
import { VenueId } from './settings';
import { zodOf } from './zod-of';

/**
 * What only the extension's own pages may ask of the worker: name → request and reply. Content scripts are refused,
 * whatever they send.
 */

const symbol = zodOf(CanonicalSymbol);
const done = z.object({
  /** Why not, in words; empty when it is done. */
  problem: z.string(),
});

export const ownRequests = {
  /** A market that a page watches, beside its map; null while there is nothing to tell. */
  detail: {
    request: z.object({
      type: z.literal('detail'),
      symbol,
      venue: z.optional(zodOf(VenueId)),
      /** Length of the bars wanted, a whole multiple of five minutes, and how many at most. */
      stepMs: z.number().check(z.minimum(5 * minuteMs), z.maximum(dayMs), z.multipleOf(5 * minuteMs)),
      count: z.int().check(z.minimum(1), z.maximum(1000)),
    }),
    reply: z.nullable(Detail),
  },
  /** How the map of a symbol did on the forced orders that this browser recorded. */
  ledger: {
    request: z.object({ type: z.literal('ledger'), symbol }),
    reply: Ledger,
  },
  /** The map of a watched market as it stood at a moment, and what followed; null where nothing is known of it. */
  replay: {
    request: z.object({
      type: z.literal('replay'),
      symbol,
      venue: z.optional(zodOf(VenueId)),
      time: z.number(),
      window: zodOf(WindowId),
      /** Length of the bars wanted, how many before the moment and after it. */
      stepMs: z.number().check(z.minimum(5 * minuteMs), z.maximum(dayMs), z.multipleOf(5 * minuteMs)),
      before: z.int().check(z.minimum(1), z.maximum(600)),
      after: z.int().check(z.minimum(1), z.maximum(400)),
    }),
    reply: z.nullable(Replayed),
  },
  /** Levels of a watched market that stood over the last week, oldest first, and which of them price went through. */
  week: {
    request: z.object({ type: z.literal('week'), symbol, venue: z.optional(zodOf(VenueId)) }),
    reply: z.nullable(z.array(StoodLevel)),
  },
  /** How a watched market's map leaned at each whole hour of the last day, as it stood then; null where it is not watched. */
  leaning: {
    request: z.object({ type: z.literal('leaning'), symbol, venue: z.optional(zodOf(VenueId)) }),
    reply: z.nullable(z.array(Leaning)),
  },
  /** Pinned markets and those of kept positions, as they were looked at last. */
  watchlist: {
    request: z.object({ type: z.literal('watchlist') }),
    reply: z.array(WatchedSymbol),
  },
  /** Kept positions, oldest first. */
  positions: {
    request: z.object({ type: z.literal('positions') }),
    reply: z.array(KeptPosition),
  },
  /** Keeps a position, in place of an earlier one of the same id. */
  keepPosition: {
    request: z.object({ type: z.literal('keepPosition'), position: KeptPosition }),
    reply: done,
  },
  /** Deletes a position; an unknown id changes nothing. */
  removePosition: {
    request: z.object({ type: z.literal('removePosition'), id: z.string() }),
    reply: done,
  },
  /** Tries every address, stream and field that is used of the venues, from here; takes up to a minute. */
  selfTest: {
    request: z.object({ type: z.literal('selfTest') }),
    reply: SelfTest,
  },
  /** Asks a venue again at once that refused or did not answer, on all markets that are watched. */
  retryVenue: {
    request: z.object({ type: z.literal('retryVenue'), venue: zodOf(VenueId) }),
    reply: done,
  },
  alertChoices: {
    request: z.object({ type: z.literal('alertChoices') }),
    reply: AlertChoices,
  },
  saveAlertChoices: {
    /** Some of the choices; the others stay as they are. */
    request: z.object({ type: z.literal('saveAlertChoices'), choices: z.record(z.string(), z.unknown()) }),
    reply: done,
  },
  /** Alerts that were told, oldest first. */
  toldAlerts: {
    request: z.object({ type: z.literal('toldAlerts') }),
    reply: z.array(ToldAlert),
  },
  /** Sends a test to everything that is chosen. */
  testAlert: {
    request: z.object({ type: z.literal('testAlert') }),
    reply: done,
  },
  /** Forgets everything that is stored: the market's data, positions, alerts. Settings are the page's to forget. */
  wipe: {
    request: z.object({ type: z.literal('wipe') }),
    reply: done,
  },
} as const;

export type OwnName = keyof typeof ownRequests;
export type OwnRequest<N extends OwnName> = z.infer<(typeof ownRequests)[N]['request']>;
export type OwnReply<N extends OwnName> = z.infer<(typeof ownRequests)[N]['reply']>;
