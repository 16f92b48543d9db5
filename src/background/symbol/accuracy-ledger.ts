import { chance, enoughOrders, ledgerMs, ledgerOf, type TrackRecord } from '../../engine/forced/ledger';
import type { Venue } from '../../feeds/feed';
import type { Ledger } from '../../protocol/ledger';
import type { Store } from '../storage/store';
import { driftOf, joinedDrift, ledgerEntries, readHours } from '../venue/lesson-hours';

/** What the stored forced orders of a symbol say of its map, whether anybody watches it or not. */
export async function storedLedger(
  symbol: string,
  venues: readonly Venue[],
  store: Pick<Store, 'lessons'>,
  now: number,
): Promise<Ledger> {
  const stored = await Promise.all(venues.map(({ id }) => store.lessons(symbol, id, now - ledgerMs)));
  const hours = stored.map(readHours);
  const { since, lift, map, distanceOnly, ...rest } = ledgerOf(hours.map(ledgerEntries), now);
  return {
    ...rest,
    symbol,
    since: since ?? null,
    needed: enoughOrders,
    chance,
    map: standingView(map),
    distanceOnly: standingView(distanceOnly),
    lift: lift ?? null,
    drift: joinedDrift(hours.map(driftOf)) ?? null,
  };
}

const standingView = ({ share, shareLow, coverage }: TrackRecord): Ledger['map'] => ({
  share: share ?? null,
  shareLow: shareLow ?? null,
  coverage: coverage ?? null,
});
