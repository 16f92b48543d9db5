import {
  chance,
  enoughOrders,
  type LedgerEntry,
  ledgerMs,
  ledgerOf,
  type Standing,
} from '../../engine/forced/ledger';
import type { Venue } from '../../feeds/feed';
import type { Ledger } from '../../protocol/ledger';
import type { Store } from '../storage/store';
import { ledgerEntries, readHours } from '../venue/lesson-hours';

/** What the stored forced orders of a symbol say of its map, whether anybody watches it or not. */
export async function storedLedger(
  symbol: string,
  venues: readonly Venue[],
  store: Pick<Store, 'lessons'>,
  now: number,
): Promise<Ledger> {
  const hours = await Promise.all(venues.map(({ id }) => store.lessons(symbol, id, now - ledgerMs)));
  return ledgerView(
    symbol,
    hours.map((stored) => ledgerEntries(readHours(stored))),
    now,
  );
}

function ledgerView(symbol: string, entries: readonly (readonly LedgerEntry[])[], now: number): Ledger {
  const { since, lift, map, distanceOnly, ...rest } = ledgerOf(entries, now);
  return {
    ...rest,
    symbol,
    since: since ?? null,
    needed: enoughOrders,
    chance,
    map: standingView(map),
    distanceOnly: standingView(distanceOnly),
    lift: lift ?? null,
  };
}

const standingView = ({ share, shareLow, coverage }: Standing): Ledger['map'] => ({
  share: share ?? null,
  shareLow: shareLow ?? null,
  coverage: coverage ?? null,
});
