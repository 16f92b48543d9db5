import type { InventoryOptions } from '../positions/inventory-options';
import { quantile } from '../quantile';
import { type ConfidenceInterval, type Score, sum } from './fit';
import { type ForwardScore, scoreForward } from './forward-score';
import { type LevelPassages, type Lift, levelPassages, liftOf, type ZoneKind } from './level-lift';
import { type NowcastScore, scoreNowcast } from './nowcast';
import { type EvaluationSet, poolBuckets } from './pool';

/** How much more is force-closed at levels than elsewhere, see `liftOf`. */
export interface PooledLevels {
  lift: Lift | null;
  /** Of levels at least 0.5 % from price. */
  liftAway: Lift | null;
  byKind: Record<'swing' | 'excess' | '24h' | '7d', Lift | null>;
  /** Of zones of two days before, at the same distances: about 1 where levels know something. */
  placebo: number | null;
}

/** How the levels of a set did. */
export interface LevelScore extends PooledLevels {
  /** Levels a side, mean, and the 10th and 90th percentile. */
  perSide: number;
  perSideRange: ConfidenceInterval;
  widthPct: number;
  /** Share still there an hour later of those that price did not reach. */
  persistence: number;
}

/** All that is measured on a set. */
export interface Evaluation extends NowcastScore {
  /** The nowcast's scores under their own name. */
  nowcast: Score & { coverage: number };
  /** The map as it stood when a bucket began: one and four buckets ahead. */
  forward: ForwardScore[];
  levels: LevelScore;
  /** What price passed of the levels, to be pooled over sets. */
  passages: LevelPassages;
}

/**
 * How well the model knows what is force-closed: the map as it stood (`scoreForward`), its levels (`liftOf`), and the nowcast
 * (`scoreNowcast`).
 *
 * @param random uniform numbers in [0, 1) for the bootstrap
 * @throws RangeError as `scoreNowcast`
 */
export function evaluate(set: EvaluationSet, random: () => number, model: InventoryOptions = {}): Evaluation {
  const nowcast = scoreNowcast(set, random, model);
  const { rho, deviance, total, coverage } = nowcast;
  const passages = levelPassages(set, poolBuckets(set), model);
  return {
    ...nowcast,
    nowcast: { rho, deviance, total, coverage: coverage.share },
    forward: [1, 4].map((ahead) => scoreForward(set, ahead, random, model)),
    levels: scoreLevels(passages, random),
    passages,
  };
}

function scoreLevels(passages: LevelPassages, random: () => number): LevelScore {
  const { counts, widths, left, stayed } = passages;
  return {
    perSide: sum(counts) / counts.length,
    perSideRange: [quantile(counts, 0.1), quantile(counts, 0.9)],
    widthPct: widths.length > 0 ? (sum(widths) / widths.length) * 100 : 0,
    persistence: left > 0 ? stayed / left : 0,
    ...liftsOf([passages], random),
  };
}

function liftsOf(passages: readonly LevelPassages[], random: () => number): PooledLevels {
  const of = (kind: ZoneKind) => liftOf(passages, kind, random);
  return {
    lift: of('all'),
    liftAway: of('away'),
    byKind: { swing: of('swing'), excess: of('excess'), '24h': of('24h'), '7d': of('7d') },
    placebo: of('placebo')?.[1] ?? null,
  };
}

/** The lift of levels over all sets together. */
export function poolLevels(results: readonly Evaluation[], random: () => number): PooledLevels {
  return liftsOf(
    results.map(({ passages }) => passages),
    random,
  );
}
