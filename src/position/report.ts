import { type Cluster, chainGap, clustersAt } from '../engine/map/clusters';
import { liquidationPrice } from '../engine/positions/margin';
import type { BandMap } from '../engine/records';
import { fundingPer8h } from '../engine/regime/funding';
import { type ConfluenceInput, confluence } from '../engine/risk/confluence';
import { type PositionReport, reportPosition } from '../engine/risk/position';
import { type Setups, setupsAt } from '../engine/risk/setups';
import { checkSqueeze, type SqueezeCheck } from '../engine/risk/squeeze';
import { bandMap } from '../protocol/band-map';
import { barColumns, type Detail } from '../protocol/detail';
import type { PositionFigures } from '../protocol/kept-position';
import type { MapView, Tick } from '../protocol/view';
import { depthOf } from '../ui/depth-of';
import { venueOf } from '../venues';
import type { Draft } from './draft';

/** A draft with all that a report needs. */
export type Whole = Draft & Required<Pick<Draft, 'side' | 'entry' | 'base' | 'leverage'>>;

/** Where the own liquidation price comes from. */
export type LiquidationSource =
  /** Computed by the venue's own rule and table. */
  | 'rule'
  /** As the venue printed it: the position shares its margin with others. */
  | 'told'
  /** By the rule, as if it were isolated: what else stands behind it is not known. */
  | 'asIsolated';

export interface Report extends PositionReport {
  liquidationSource: LiquidationSource;
  /** The clusters that matter to the position, with what they make for it, nearest to price first. */
  setups: { cluster: Cluster; setups: Setups }[];
  squeeze: SqueezeCheck | null;
  /** Against and in favour within the reach of the gaps: whether the run against it is chained. */
  chained: { count: number; gap: number } | null;
  /** Reward ÷ risk: to the target against the stop by the rule, and with half taken at the partial exit. */
  rewardToRisk: { whole: number; withPartial: number | null } | null;
  map: BandMap;
  clusters: readonly Cluster[];
}

/**
 * Everything the page says of a position, from what it is told of the market.
 *
 * @throws RangeError for numbers that cannot be
 */
export function reportOf(
  draft: Whole,
  view: MapView,
  tick: Tick | undefined,
  detail: Detail,
  now: number,
): Report {
  const map = bandMap(view);
  const clusters = clustersAt(map, view.levels ?? []);
  const market: ConfluenceInput = {
    now,
    levels: detail.turns,
    funding: detail.funding.settled,
    depth: detail.depth && depthOf(detail.depth),
    bars: barColumns(detail.candles),
  };
  const { price: liquidation, source } = liquidationOf(draft, detail);
  const position = { ...draft, stop: draft.stop ?? null, target: draft.target ?? null };
  const { side, entry, target } = position;
  const report = reportPosition(position, {
    map,
    clusters,
    openInterestUsd: tick?.context?.openInterestUsd ?? 0,
    overshoot: detail.overshoot,
    atr1h: detail.atr1h,
    budgetUsd: draft.budgetUsd ?? null,
    liquidationPrice: () => liquidation,
    market,
  });
  const relevant = [
    ...new Set([...report.between.stop, ...report.between.liquidation, ...report.between.target]),
  ];
  if (report.aim && !relevant.includes(report.aim)) relevant.push(report.aim);
  const { running, usual } = detail.funding;
  return {
    ...report,
    liquidationSource: source,
    setups: relevant
      .sort((a, b) => a.distance - b.distance)
      .map((cluster) => ({
        cluster,
        setups: setupsAt(cluster, { side, target }, map.price, confluence(cluster, market)),
      })),
    squeeze: running && checkSqueeze(clusters, running, usual),
    chained: chainOf(report.between.liquidation.filter((cluster) => cluster.side === side)),
    rewardToRisk: rewardOf(report, side === 'long' ? 1 : -1, entry, target),
    map,
    clusters,
  };
}

function liquidationOf(draft: Whole, detail: Detail): { price: number; source: LiquidationSource } {
  const { side, entry, base, leverage, venue, margin, told } = draft;
  if (margin === 'cross' && told !== undefined) return { price: told, source: 'told' };
  const terms = detail.venues.find((each) => each.venue === venue);
  const tiers = (terms?.tiers ?? []).map((tier) => ({ ...tier, cap: tier.cap ?? Number.POSITIVE_INFINITY }));
  if (tiers.length === 0) throw new RangeError('terms');
  const price = liquidationPrice(
    { side, size: base, entry, margin: (entry * base) / leverage },
    tiers,
    venueOf(venue).margin,
    terms?.tickSize,
  );
  return { price: price ?? 0, source: margin === 'cross' ? 'asIsolated' : 'rule' };
}

/** How many clusters a run has, and the widest gap in it; null where they do not hang together. */
function chainOf(run: readonly Cluster[]): { count: number; gap: number } | null {
  if (run.length < 2) return null;
  const gaps = run.slice(0, -1).map(({ gap }) => gap ?? Number.POSITIVE_INFINITY);
  const gap = Math.max(...gaps);
  return gap < chainGap ? { count: run.length, gap } : null;
}

function rewardOf(
  { stop, partialProfit }: PositionReport,
  sign: 1 | -1,
  entry: number,
  target: number | null,
): Report['rewardToRisk'] {
  if (stop === null || target === null) return null;
  const risk = Math.abs(entry - stop.price);
  const whole = (sign * (target - entry)) / risk;
  const half = partialProfit && (sign * (partialProfit.price - entry)) / risk;
  return { whole, withPartial: half === null ? null : (whole + half) / 2 };
}

/** The numbers that are kept, and compared later. */
export function positionFigures(
  report: Report,
  view: MapView,
  tick: Tick | undefined,
  detail: Detail,
  now: number,
): PositionFigures {
  const nearest = (side: 'long' | 'short') =>
    report.clusters
      .filter((cluster) => cluster.side === side)
      .sort((a, b) => a.distance - b.distance)
      .map(({ low, high }) => (side === 'long' ? high : low))[0] ?? null;
  const { running } = detail.funding;
  return {
    time: now,
    price: tick?.price ?? view.price,
    fuel: report.fuel.ratio,
    ratio: view.ratio.within5,
    longsBelow: nearest('long'),
    shortsAbove: nearest('short'),
    fundingPer8h: running && fundingPer8h(running),
    openInterestUsd: tick?.context?.openInterestUsd ?? 0,
  };
}
