import { tierLeverages } from '../engine/records';
import { and, type Form, finite, like, list, type Of, object, oneOf, optional, text, within } from './form';
import { FeedHealth, HistoryView, MapView } from './view';

/**
 * What `liqbands snapshot` writes and the widget reads: one market at one moment, as JSON. Files come from anywhere, so the
 * bounds here are those of what a page can draw. docs/snapshot.md describes the file for everybody else.
 */

/** Bands of a map, and candles of a window, at most. */
const mostBands = 2000;
const mostCandles = 1000;

/** Opening time (ms since 1970), open, high, low, close; prices per coin. */
export type Candle = [time: number, open: number, high: number, low: number, close: number];

const Candle = and(
  list(within(0, 8.64e15), 5, 5) as Form<unknown> as Form<Candle>,
  '0 < low ≤ open, close ≤ high',
  ([, open, high, low, close]) => low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close),
);

/** Bands that lie where prices can be. */
const isSane = ({ lnLow, step }: { lnLow: number; step: number }, count: number): boolean =>
  Math.abs(lnLow) < 100 && count * step < 10;

/** As `MapView`, every list as long as the bands are many. */
const BoundedView = and(MapView, 'as many values as bands', (view) => {
  const { long, short, longAge, shortAge, longTiers, shortTiers, times, venues = [] } = view;
  const count = long.length;
  const tiers = count * tierLeverages.length;
  const even = [short, longAge, shortAge, times?.long, times?.short];
  for (const venue of venues) even.push(venue.long, venue.short);
  return (
    count > 0 &&
    count <= mostBands &&
    even.every((values) => !values || values.length === count) &&
    longTiers.length === tiers &&
    shortTiers.length === tiers &&
    isSane(view, count)
  );
});

const BoundedHistory = and(
  and(HistoryView, 'bands where prices are', (history) => isSane(history, history.rows)),
  'cells in base64',
  ({ cells }) => like(/^[A-Za-z0-9+/]+={0,2}$/)(cells) === undefined && cells.length % 4 === 0,
);

/** Candles ascending in time, the bands estimated after the last of them, and what the bands were until then. */
const WindowSnapshot = object({
  view: BoundedView,
  candles: and(list(Candle, mostCandles, 1), 'ascending in time', (candles) =>
    candles.every(([time], i) => i === 0 || time - candles[i - 1]![0] >= 1000),
  ),
  heatmap: optional(BoundedHistory),
});
export type WindowSnapshot = Of<typeof WindowSnapshot>;

export const Snapshot = object({
  format: oneOf('liqbands'),
  version: and(finite as Form<1>, '1', (version) => version === 1),
  /** Canonical, for example `ETH-USDT`. */
  symbol: text(100),
  /** When it was made, ms since 1970. */
  time: finite,
  /** Every venue asked, also those that did not answer. */
  health: list(FeedHealth, 50),
  windows: object({
    '12h': optional(WindowSnapshot),
    '24h': optional(WindowSnapshot),
    '7d': optional(WindowSnapshot),
    '30d': optional(WindowSnapshot),
  }),
});
export type Snapshot = Of<typeof Snapshot>;
