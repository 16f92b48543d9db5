import { readMarket } from '../estimate/read-market';
import type { Venue } from '../feeds/feed';
import type { Transport } from '../feeds/net/http';
import type { Snapshot, WindowSnapshot } from '../protocol/snapshot';
import { t } from '../ui/text';
import type { Attributes } from './attributes';
import { readSnapshot } from './read-snapshot';

/** Everything outside that the widget uses. */
export interface Surroundings {
  /** Loads the snapshot. */
  fetch: typeof fetch;
  transport: Transport;
  venues: readonly Venue[];
  /** ms since 1970. */
  now: () => number;
}

/** A market to draw: one window of a snapshot and what is known of the venues. */
export interface Loaded extends WindowSnapshot {
  health: Snapshot['health'];
}

/** Why there is nothing to draw, in a sentence for the page's reader. */
export class SourceError extends Error {}

/** Loads the snapshot that the attributes name, or without one asks the venues. Rejects with SourceError. */
export async function load(
  attributes: Attributes,
  around: Surroundings,
  signal: AbortSignal,
): Promise<Loaded> {
  const { symbol, window, src } = attributes;
  const snapshot =
    src === undefined ? await ask(attributes, around, signal) : await read(src, around, signal);
  if (snapshot.symbol !== symbol)
    throw new SourceError(t('widget_otherSymbol', src!, snapshot.symbol, symbol));
  const found = snapshot.windows[window];
  if (found) return { ...found, health: snapshot.health };
  if (src !== undefined) throw new SourceError(t('widget_windowMissing', src, window));
  const unlisted = snapshot.health.every(({ state }) => state === 'unlisted');
  throw new SourceError(t(unlisted ? 'widget_unlisted' : 'widget_noVenue', symbol));
}

function ask(
  { symbol, window, venues: ids }: Attributes,
  around: Surroundings,
  signal: AbortSignal,
): Promise<Snapshot> {
  const { transport, now } = around;
  const venues = around.venues.filter(({ id }) => ids.includes(id));
  return readMarket({ symbol, windows: [window], venues, transport, now, say: t, signal });
}

async function read(src: string, around: Surroundings, signal: AbortSignal): Promise<Snapshot> {
  const snapshot = await readSnapshot(src, around.fetch, signal);
  if (typeof snapshot === 'string') throw new SourceError(snapshot);
  return snapshot;
}
