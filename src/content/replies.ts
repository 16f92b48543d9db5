import type { WatchReply } from '../protocol/messages';
import type { HistoryView, MapView } from '../protocol/view';
import {
  isAmount,
  isFiniteNumber,
  isFlag,
  isPositive,
  isText,
  listOf,
  oneOf,
  optional,
  orNull,
  withFields,
} from './shape';

const isSide = oneOf('long', 'short');
const isWindow = oneOf('12h', '24h', '7d', '30d');

const isCluster = withFields({
  side: isSide,
  low: isPositive,
  high: isPositive,
  peak: isPositive,
  usd: isAmount,
  distance: isFiniteNumber,
  depth: optional(withFields({ atRisk: isAmount, expected: isAmount, extrapolated: isFlag })),
});

const hasViewFields = withFields({
  symbol: isText,
  window: isWindow,
  price: isPositive,
  lnLow: isFiniteNumber,
  step: isPositive,
  long: listOf(isAmount),
  short: listOf(isAmount),
  longAge: listOf(isAmount),
  shortAge: listOf(isAmount),
  longTiers: listOf(isAmount),
  shortTiers: listOf(isAmount),
  q: withFields({ p10: isAmount, p50: isAmount, p90: isAmount }),
  ratio: withFields({
    within5: orNull(isFiniteNumber),
    within10: orNull(isFiniteNumber),
    longUsd5: isAmount,
    shortUsd5: isAmount,
  }),
  clusters: listOf(isCluster),
  venues: optional(listOf(withFields({ name: isText, long: listOf(isAmount), short: listOf(isAmount) }))),
  closes: optional(withFields({ from: isFiniteNumber, stepMs: isPositive, prices: listOf(isPositive) })),
  provisional: isFlag,
  historyFrom: isFiniteNumber,
  asOf: isFiniteNumber,
});

/** Both sides cover the same bands. */
const isEven = ({ long, short }: MapView): boolean => long.length === short.length;

const isTick = withFields({
  symbol: isText,
  price: orNull(isPositive),
  asOf: orNull(isFiniteNumber),
  health: listOf(
    withFields({ venue: isText, state: isText, since: isFiniteNumber, reason: isText, quality: isText }),
  ),
  banners: listOf(withFields({ kind: isText, text: isText })),
});

const isHistory = withFields({
  symbol: isText,
  window: isWindow,
  time: isFiniteNumber,
  columnMs: isPositive,
  lnLow: isFiniteNumber,
  step: isPositive,
  cells: isText,
  usdFrom: isPositive,
  usdStep: isPositive,
});

/** As many cells as it says, in base64. */
const isFilled = ({ columns, rows, cells }: HistoryView): boolean =>
  columns > 0 && columns <= 1000 && rows <= 2000 && cells.length === 4 * Math.ceil((columns * rows) / 3);

/** Whether the worker said something this script understands. */
export function isWatchReply(value: unknown): value is WatchReply {
  const { type, view, tick, history, symbol } = (value ?? {}) as Record<string, unknown>;
  if (type === 'map') return hasViewFields(view) && isEven(view as MapView);
  if (type === 'tick') return isTick(tick);
  if (type === 'history') return isHistory(history) && isFilled(history as HistoryView);
  return type === 'unknown' && isText(symbol);
}
