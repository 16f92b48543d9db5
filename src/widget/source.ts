import type { Snapshot, WindowSnapshot } from '../protocol/snapshot';
import type { Speak } from '../ui/languages';
import type { Attributes } from './attributes';
import type { Live } from './live';
import { readSnapshot } from './read-snapshot';

/** Everything outside that the widget uses. */
export interface WidgetEnvironment {
  /** Loads the snapshot. */
  fetch: typeof fetch;
  /** Loads what asks the venues. Rejects where its script is not there. */
  live: () => Promise<Live>;
  /** ms since 1970. */
  now: () => number;
}

/** A market to draw: one window of a snapshot and what is known of the venues. */
export interface Loaded extends WindowSnapshot {
  health: Snapshot['health'];
}

/** Why there is nothing to draw, in a sentence for the page's reader. */
export class SourceError extends Error {}

/**
 * Loads the snapshot that the attributes name, or without one asks the venues. Rejects with SourceError.
 *
 * @param signal stops the loading
 * @param until aborts when no element shows the market any more
 */
export async function load(
  attributes: Attributes,
  speak: Speak,
  around: WidgetEnvironment,
  signal: AbortSignal,
  until: AbortSignal = signal,
): Promise<Loaded> {
  const { symbol, window, src } = attributes;
  const snapshot =
    src === undefined
      ? await ask(attributes, speak, around, signal, until)
      : await readSnapshot(src, speak, around.fetch, signal);
  if (typeof snapshot === 'string') throw new SourceError(snapshot);
  if (snapshot.symbol !== symbol)
    throw new SourceError(speak('widget_otherSymbol', src!, snapshot.symbol, symbol));
  const found = snapshot.windows[window];
  if (found) return { ...found, health: snapshot.health };
  if (src !== undefined) throw new SourceError(speak('widget_windowMissing', src, window));
  const unlisted = snapshot.health.every(({ state }) => state === 'unlisted');
  throw new SourceError(speak(unlisted ? 'widget_unlisted' : 'widget_noVenue', symbol));
}

async function ask(
  { symbol, window, venues, mode }: Attributes,
  speak: Speak,
  { live }: WidgetEnvironment,
  signal: AbortSignal,
  until: AbortSignal,
): Promise<Snapshot | string> {
  const read = await live().catch(() => undefined);
  signal.throwIfAborted();
  const heatmaps = mode === 'heatmap' ? [window] : [];
  return (
    (await read?.({ symbol, windows: [window], heatmaps, venues, say: speak, signal, until })) ??
    speak('widget_noLive', 'liquidation-map.live.js')
  );
}
