import browser from 'webextension-polyfill';
import * as z from 'zod/mini';
import { symbolPattern } from '../venues/symbols';
import { VenueId } from './settings';

/**
 * Positions the user keeps an eye on, with what the map said at entry. They are the user's own words, so they live beside
 * the settings in `storage.local`: a market database that has to be made anew does not touch them.
 */

const price = z.number().check(z.positive());
const amount = z.number().check(z.minimum(0));

export const KeptPosition = z.object({
  id: z.string().check(z.minLength(1), z.maxLength(64)),
  symbol: z.string().check(z.regex(symbolPattern)),
  venue: VenueId,
  side: z.enum(['long', 'short']),
  entry: price,
  leverage: z.number().check(z.minimum(1), z.maximum(1000)),
  /** Coins. */
  base: price,
  stop: z.optional(price),
  target: z.optional(price),
  /** When it was kept, ms since 1970. */
  keptAt: amount,
  /** What the map said at entry; null where it could not tell. */
  atEntry: z.object({
    price,
    liquidationPrice: price,
    fuelRatio: z.nullable(amount),
    asymmetry: z.nullable(amount),
    longUsd5: amount,
    shortUsd5: amount,
    openInterestUsd: amount,
  }),
});
export type KeptPosition = z.infer<typeof KeptPosition>;

const key = 'positions';
const mostPositions = 100;

/** Kept positions, oldest first. One that cannot be read is left out here and stays where it is. */
export async function loadPositions(): Promise<KeptPosition[]> {
  return (await stored()).flatMap((each) => {
    const parsed = KeptPosition.safeParse(each);
    return parsed.success ? [parsed.data] : [];
  });
}

/**
 * Keeps a position, in place of an earlier one of the same id. Resolves once the browser has it; rejects when it cannot
 * store it, and with a RangeError beyond a hundred.
 */
export function keepPosition(position: KeptPosition): Promise<void> {
  const checked = KeptPosition.parse(position);
  return change((positions) => {
    const others = positions.filter((each) => idOf(each) !== checked.id);
    if (others.length >= mostPositions)
      throw new RangeError(`keepPosition: at most ${mostPositions} positions; remove one first`);
    return [...others, checked];
  });
}

/** Forgets a position; an unknown id changes nothing. */
export function removePosition(id: string): Promise<void> {
  return change((positions) => positions.filter((each) => idOf(each) !== id));
}

const idOf = (value: unknown): unknown => (value as { id?: unknown } | null)?.id;

async function stored(): Promise<unknown[]> {
  const value = (await browser.storage.local.get(key))[key];
  return Array.isArray(value) ? value : [];
}

let pending: Promise<unknown> = Promise.resolve();

/** One change after the other, each on what the one before left. */
function change(edit: (positions: unknown[]) => unknown[]): Promise<void> {
  const done = pending.then(async () => {
    await browser.storage.local.set({ [key]: edit(await stored()) });
  });
  pending = done.catch(() => undefined);
  return done;
}
