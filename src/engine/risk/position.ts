import { asymmetry } from '../map/asymmetry';
import type { Cluster } from '../map/clusters';
import { isAmount, isPositive, need } from '../need';
import type { BandMap, Side } from '../records';
import { hourMs } from '../time';
import { type Confluence, type ConfluenceInput, confluence, confluenceNeeds } from './confluence';
import { type Fuel, fuelRatio } from './fuel';
import { chainedStop, type Size, type Stop, sizeForBudget } from './stop';

/** A position as typed or pasted. */
export interface Position {
  side: Side;
  entry: number;
  leverage: number;
  /** Coins. */
  base: number;
  stop: number | null;
  target: number | null;
}

export interface PositionContext {
  map: BandMap;
  /** Of that map, as `clustersAt` returns them. */
  clusters: readonly Cluster[];
  /** Open interest of the map's venues together, USD. */
  openInterestUsd: number;
  /** As `overshootP80` returns it. */
  overshoot: number;
  /** As `averageTrueRange` returns it for an hour. */
  atr1h: number | null;
  /** What may be lost, USD; null where the user has not said. */
  budgetUsd: number | null;
  /** The venue's own rule. */
  liquidationPrice(position: Position): number;
  market: ConfluenceInput;
}

/** One line of the checklist. */
export interface ChecklistItem {
  kind: 'confluence' | 'distance' | 'recency' | 'asymmetry' | 'stop';
  /** null: cannot be told. */
  passed: boolean | null;
  /**
   * What was found: pieces of evidence; distance of the cluster aimed at, as a fraction of price; its age, ms; amounts in
   * favour ÷ against within 5 %; how far the stop lies beyond the run against it, as a fraction of the entry.
   */
  value: number | null;
  /** From and to where it passes. */
  least: number;
  most: number;
}

export interface PositionReport {
  time: number;
  price: number;
  position: Position;
  /** Own liquidation price, and its distance from price as a fraction of it; 0 once price has passed it. */
  liquidation: { price: number; distance: number };
  /** Clusters between the entry and each of them, nearest to the entry first. */
  between: { stop: Cluster[]; target: Cluster[]; liquidation: Cluster[] };
  fuel: Fuel;
  /** Where a stop would stand behind the clusters against the position; null where there are none near. */
  stop: Stop | null;
  /** That stop lies beyond the liquidation price: less leverage comes first. */
  stopBeyondLiquidation: boolean;
  /** Lost at that stop with the position as it is, USD. */
  riskUsd: number | null;
  /** The size that keeps to the budget at that stop; null without a budget or a stop. */
  size: Size | null;
  /** `riskUsd` is over the budget: reduce to `size`, do not tighten the stop. */
  reduceSize: boolean;
  /** Where to take part of the profit: before the largest cluster between price and target. */
  partialProfit: { price: number; cluster: Cluster } | null;
  /** The nearest cluster in the direction of the profit, which the first three checks are about, and what else lies there. */
  aim: Cluster | null;
  confluence: Confluence | null;
  checklist: ChecklistItem[];
}

/** Part of the profit is taken this far before a cluster, as a fraction of price. */
const beforeCluster = 0.001;
const checkReach = 0.05;

/**
 * What the map says about one position: its own liquidation price, clusters on its way, fuel, stop, size, a place for
 * partial profit, and a checklist of five. Estimates and rules of thumb, no advice.
 *
 * The checklist: at least two others lie where the cluster aimed at does; it is 0.5–3 % away; its positions are at most
 * 48 h old; at-risk USD in favour ÷ against within 5 % is at least 1.5; the stop lies on the far side of the run of
 * clusters against the position.
 *
 * @param position prices and size positive, leverage ≥ 1; stop and target on their sides of the entry
 * @throws RangeError for a position, budget or map out of range, or a liquidation price that is not finite
 * @example
 * reportPosition({ side: 'long', entry: 97_000, leverage: 25, base: 0.5, stop: 95_800, target: 99_500 }, context);
 */
export function reportPosition(position: Position, context: PositionContext): PositionReport {
  checkPosition(position);
  const { map, clusters, budgetUsd } = context;
  need(budgetUsd === null || isAmount(budgetUsd), 'reportPosition', 'a budget that is not negative');
  const { side, entry, base, target } = position;
  const liquidation = context.liquidationPrice(position);
  need(isAmount(liquidation), 'reportPosition', 'a liquidation price that is finite and not negative');

  const fuel = fuelRatio(map, { side, entry, openInterestUsd: context.openInterestUsd });
  const stop = chainedStop(clusters, { side, entry, overshoot: context.overshoot, atr1h: context.atr1h });
  const riskUsd = stop && base * Math.abs(entry - stop.price);
  const size = stop && budgetUsd !== null ? sizeForBudget(budgetUsd, entry, stop.price) : null;
  const aim = nearestAhead(clusters, side, map.price);
  const found = aim && confluence(aim, context.market);
  const left = side === 'long' ? 1 - liquidation / map.price : liquidation / map.price - 1;
  return {
    time: map.time,
    price: map.price,
    position,
    liquidation: { price: liquidation, distance: Math.max(0, left) },
    between: {
      stop: position.stop === null ? [] : clustersBetween(clusters, entry, position.stop),
      target: target === null ? [] : clustersBetween(clusters, entry, target),
      liquidation: clustersBetween(clusters, entry, liquidation),
    },
    fuel,
    stop,
    stopBeyondLiquidation:
      stop !== null && (side === 'long' ? stop.price <= liquidation : stop.price >= liquidation),
    riskUsd,
    size,
    reduceSize: riskUsd !== null && budgetUsd !== null && riskUsd > budgetUsd,
    partialProfit: target === null ? null : partialProfit(clusters, side, map.price, target),
    aim,
    confluence: found,
    checklist: checks(position, map, stop, aim, found),
  };
}

function checkPosition({ side, entry, leverage, base, stop, target }: Position): void {
  need(isPositive(entry), 'reportPosition', 'a positive entry price');
  need(leverage >= 1 && leverage <= 1000, 'reportPosition', 'a leverage between 1 and 1000');
  need(isPositive(base) && isPositive(base * entry), 'reportPosition', 'a positive size');
  const against = side === 'long' ? -1 : 1;
  need(
    stop === null || (isPositive(stop) && (stop - entry) * against > 0),
    'reportPosition',
    'a stop on the losing side of the entry',
  );
  need(
    target === null || (isPositive(target) && (target - entry) * against < 0),
    'reportPosition',
    'a target on the winning side of the entry',
  );
}

/** Clusters that overlap a stretch of price, nearest to its beginning first. */
function clustersBetween(clusters: readonly Cluster[], from: number, to: number): Cluster[] {
  const low = Math.min(from, to);
  const high = Math.max(from, to);
  return clusters
    .filter((cluster) => cluster.high > low && cluster.low < high)
    .sort((a, b) => Math.abs(a.peak - from) - Math.abs(b.peak - from));
}

/** The nearest cluster that price would meet on the way to a profit: shorts above for a long, longs below for a short. */
function nearestAhead(clusters: readonly Cluster[], side: Side, price: number): Cluster | null {
  let nearest: Cluster | null = null;
  for (const cluster of clusters) {
    const ahead = side === 'long' ? cluster.high > price : cluster.low < price;
    if (cluster.side === side || !ahead) continue;
    if (nearest === null || cluster.distance < nearest.distance) nearest = cluster;
  }
  return nearest;
}

function partialProfit(clusters: readonly Cluster[], side: Side, price: number, target: number) {
  let largest: Cluster | null = null;
  for (const cluster of clusters) {
    const near = side === 'long' ? cluster.low : cluster.high;
    const isBetween = side === 'long' ? near > price && near < target : near < price && near > target;
    if (cluster.side !== side && isBetween && cluster.usd > (largest?.usd ?? 0)) largest = cluster;
  }
  if (largest === null) return null;
  const at = side === 'long' ? largest.low * (1 - beforeCluster) : largest.high * (1 + beforeCluster);
  return { price: at, cluster: largest };
}

function checks(
  { side, entry, stop }: Position,
  map: BandMap,
  advised: Stop | null,
  aim: Cluster | null,
  found: Confluence | null,
): ChecklistItem[] {
  const check = (
    kind: ChecklistItem['kind'],
    value: number | null,
    least: number,
    most: number,
  ): ChecklistItem => ({
    kind,
    passed: value === null ? null : value >= least && value <= most,
    value,
    least,
    most,
  });
  const { longUsd, shortUsd } = asymmetry(map, checkReach);
  const inFavour = side === 'long' ? shortUsd / longUsd : longUsd / shortUsd;
  const edge = advised?.edge ?? null;
  const beyond = stop === null || edge === null ? null : ((edge - stop) / entry) * (side === 'long' ? 1 : -1);
  return [
    check('confluence', found?.count ?? null, confluenceNeeds, found?.evidence.length ?? confluenceNeeds),
    check('distance', aim?.distance ?? null, 0.005, 0.03),
    check('recency', aim?.age ?? null, 0, 48 * hourMs),
    check('asymmetry', Number.isFinite(inFavour) ? inFavour : null, 1.5, Number.MAX_VALUE),
    check('stop', beyond, 0, 1),
  ];
}

/** One number of a report, at entry and later. */
export interface Comparison {
  name:
    | 'fuel'
    | 'fuelWeighted'
    | 'fuelUsd'
    | 'riskUsd'
    | 'liquidationDistance'
    | 'aimDistance'
    | 'aimUsd'
    | 'asymmetry'
    | 'stop';
  atEntry: number | null;
  now: number | null;
  /** now − atEntry; null where either is unknown. */
  change: number | null;
}

/**
 * Then and now: the numbers of the report kept at entry beside those of today's.
 *
 * @param atEntry,now reports of the same position
 * @throws RangeError for reports of positions on different sides or with different entries
 * @example
 * compareReports(kept, reportPosition(kept.position, context))[0]; // { name: 'fuel', atEntry: 1.89, now: 0.94, change: -0.95 }
 */
export function compareReports(atEntry: PositionReport, now: PositionReport): Comparison[] {
  need(
    atEntry.position.side === now.position.side && atEntry.position.entry === now.position.entry,
    'compareReports',
    'two reports of one position',
  );
  const numbers = (report: PositionReport): [Comparison['name'], number | null][] => [
    ['fuel', report.fuel.ratio],
    ['fuelWeighted', report.fuel.weighted],
    ['fuelUsd', report.fuel.fuelUsd],
    ['riskUsd', report.fuel.riskUsd],
    ['liquidationDistance', report.liquidation.distance],
    ['aimDistance', report.aim?.distance ?? null],
    ['aimUsd', report.aim?.usd ?? null],
    ['asymmetry', report.checklist.find((check) => check.kind === 'asymmetry')?.value ?? null],
    ['stop', report.stop?.price ?? null],
  ];
  const later = new Map(numbers(now));
  return numbers(atEntry).map(([name, before]) => {
    const after = later.get(name) ?? null;
    return {
      name,
      atEntry: before,
      now: after,
      change: before === null || after === null ? null : after - before,
    };
  });
}
