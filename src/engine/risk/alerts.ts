import { type Cluster, nearestClusters } from '../map/clusters';
import { isAmount, isPositive, need } from '../need';
import { type AlertKind, alertKinds, type Side, sides } from '../records';
import type { Banner } from '../regime/regime';
import { dayMs, hourMs, minuteMs } from '../time';
import type { Flip } from './flips';
import type { Fuel } from './fuel';
import type { Squeeze } from './squeeze';

export interface Alert {
  kind: AlertKind;
  symbol: string;
  time: number;
  /** Side of the cluster, the heavier side, or who would be squeezed. */
  side?: Side;
  /** Price of the cluster's edge, or of the last look. */
  price?: number;
  /**
   * Distance to the edge (fraction of price), USD of the swept cluster, the flip's new ratio, funding per 8 h, forced USD,
   * fall of open interest, fuel ratio, move since the last look (fraction), hours the position has been kept.
   */
  value: number;
}

type Watched = Pick<Cluster, 'side' | 'low' | 'high' | 'usd'>;

/** What is remembered between two calls; plain data, to be stored. */
export interface AlertState {
  /** Alerts of the last 24 h, oldest first. */
  sent: { kind: AlertKind; symbol: string; time: number }[];
  /** By symbol: the clusters that were nearest at the last call, and those that price had entered, as they were then. */
  watched: Record<string, Watched[]>;
}

export interface AlertInput {
  now: number;
  symbol: string;
  /** Price now, and its lowest and highest since the call before. */
  price: number;
  low: number;
  high: number;
  /** Of the map now, as `clustersAt` returns them. */
  clusters: readonly Cluster[];
  /** The newest, as `findFlips` returns it. */
  flip: Flip | null;
  squeeze: Squeeze | null;
  banners: readonly Banner[];
  /** A position that is kept: since when, and its fuel ratio now. */
  kept: { since: number; fuel: Fuel } | null;
  /** Price when the user last looked; null when never. */
  lastLook: number | null;
  /** Minutes since midnight by the user's clock, 0–1439. */
  minuteOfDay: number;
}

export interface AlertSettings {
  /** Kinds the user wants. */
  kinds: readonly AlertKind[];
  /** No alerts between these minutes of the day; past midnight where `from` is later than `to`. */
  quiet: { from: number; to: number } | null;
}

const cooldownMs = 60 * minuteMs;
const perDay = 10;
const reminderMs = 4 * hourMs;
/** Clusters watched on each side, and how near price has to come to one, as a fraction of price. */
const watchedPerSide = 2;
const edgeNearness = 0.003;
const notableMove = 0.03;

/**
 * Which alerts are due: at most one of a kind and symbol in 60 minutes, ten in 24 hours, none in quiet hours. What is
 * held back is not made up for later, unless it still holds then.
 *
 * - `edge`: price within 0.3 % of the near edge of one of the two nearest clusters a side
 * - `swept`: price went through all of a cluster that was one of those at the call before; one that price is inside of is
 *   remembered as it was, since the map forgets what price has taken of it
 * - `flip`, `squeeze`, `cascade`, `openInterestDrop`: as found by their functions; a flip for an hour
 * - `fuel`: the fuel ratio of a kept position is below 1
 * - `move`: 3 % up or down since the last look
 * - `reminder`: each 4 h while a position is kept
 *
 * @param state of the call before; not changed
 * @returns alerts to show, most important first, and the state for the next call
 * @throws RangeError for a time, price, range or minute of the day out of range
 * @example
 * const { alerts, state } = dueAlerts(before, input, settings);
 */
export function dueAlerts(
  state: AlertState,
  input: AlertInput,
  settings: AlertSettings,
): { alerts: Alert[]; state: AlertState } {
  const { now, symbol, price, low, high, clusters, minuteOfDay } = input;
  need(Number.isFinite(now), 'dueAlerts', 'a time');
  need(
    isPositive(low) && low <= price && price <= high && isPositive(high),
    'dueAlerts',
    '0 < low ≤ price ≤ high',
  );
  for (const minute of [minuteOfDay, settings.quiet?.from ?? 0, settings.quiet?.to ?? 0])
    need(minute >= 0 && minute < 1440, 'dueAlerts', 'minutes of the day from 0 to 1439');
  for (const { low: from, high: to, usd } of clusters)
    need(
      isPositive(from) && isPositive(to) && isAmount(usd),
      'dueAlerts',
      'clusters with prices and amounts',
    );
  const nearest = sides.flatMap((side) => nearestClusters(clusters, side, watchedPerSide));
  const sent = state.sent.filter(({ time }) => now - time < dayMs);
  const alerts: Alert[] = [];
  if (!isQuiet(minuteOfDay, settings.quiet)) {
    const candidates = findAlerts(input, nearest, state).filter(({ kind }) => settings.kinds.includes(kind));
    candidates.sort((a, b) => alertKinds.indexOf(a.kind) - alertKinds.indexOf(b.kind));
    for (const alert of candidates) {
      if (sent.length >= perDay) break;
      const wait = alert.kind === 'reminder' ? reminderMs : cooldownMs;
      const isRecent = sent.some(
        (one) => one.kind === alert.kind && one.symbol === symbol && now - one.time < wait,
      );
      if (isRecent) continue;
      alerts.push(alert);
      sent.push({ kind: alert.kind, symbol, time: now });
    }
  }
  const watched = entered(input, state);
  for (const { side, low: from, high: to, usd } of nearest) {
    const isKnown = watched.some((other) => other.side === side && other.low < to && other.high > from);
    if (!isKnown) watched.push({ side, low: from, high: to, usd });
  }
  return { alerts, state: { sent, watched: { ...state.watched, [symbol]: watched } } };
}

/** Watched clusters that price is inside of, and has not gone through. */
const entered = ({ symbol, price, low, high }: AlertInput, state: AlertState): Watched[] =>
  (state.watched[symbol] ?? []).filter((cluster) =>
    cluster.side === 'long'
      ? low > cluster.low && price < cluster.high
      : high < cluster.high && price > cluster.low,
  );

/** Everything that holds now; of one kind the most pressing first. */
function findAlerts(input: AlertInput, nearest: readonly Cluster[], state: AlertState): Alert[] {
  const { now, symbol, price, low, high, flip, squeeze, banners, kept, lastLook } = input;
  const found: Alert[] = [];
  const add = (kind: AlertKind, value: number, rest: Pick<Alert, 'side' | 'price'> = {}) =>
    found.push({ kind, symbol, time: now, value, ...rest });

  for (const banner of banners) {
    if (banner.kind === 'cascade' || banner.kind === 'openInterestDrop') add(banner.kind, banner.value);
  }
  const swept = (state.watched[symbol] ?? []).filter((cluster) =>
    cluster.side === 'long' ? low <= cluster.low : high >= cluster.high,
  );
  for (const { side, low: from, high: to, usd } of swept.sort((a, b) => b.usd - a.usd)) {
    add('swept', usd, { side, price: side === 'long' ? from : to });
  }
  if (kept && kept.fuel.ratio !== null && kept.fuel.ratio < 1) add('fuel', kept.fuel.ratio);
  const edges = nearest.map((cluster) => {
    const edge = cluster.side === 'long' ? cluster.high : cluster.low;
    return { side: cluster.side, edge, distance: Math.abs(edge / price - 1) };
  });
  for (const { side, edge, distance } of edges.sort((a, b) => a.distance - b.distance)) {
    if (distance <= edgeNearness) add('edge', distance, { side, price: edge });
  }
  if (flip && flip.confirmed <= now && now - flip.confirmed < cooldownMs) {
    add('flip', flip.to, { side: flip.heavier });
  }
  if (squeeze) add('squeeze', squeeze.funding, { side: squeeze.side });
  if (lastLook !== null) {
    need(isPositive(lastLook), 'dueAlerts', 'a positive price of the last look');
    const move = price / lastLook - 1;
    if (Math.abs(move) >= notableMove - 1e-12) add('move', move, { price: lastLook });
  }
  if (kept && now - kept.since >= reminderMs) add('reminder', (now - kept.since) / hourMs);
  return found;
}

function isQuiet(minute: number, quiet: AlertSettings['quiet']): boolean {
  if (quiet === null) return false;
  const { from, to } = quiet;
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}
