import { sideRange } from '../../src/engine/map/bands';
import { type Cluster, chainGap } from '../../src/engine/map/clusters';
import { type BandMap, sides, tierLeverages } from '../../src/engine/records';

/**
 * Clusters of a made map, as narrow as they were made: each peak of a side that holds more than its emptiest bands, with
 * the bands beside it above half its height. For tests of what is done with clusters.
 */
export function clustersOf(map: BandMap): Cluster[] {
  return sides.flatMap((side) => {
    const [from, to] = sideRange(map, side);
    const amounts = map[side];
    const filled = amounts
      .slice(from, to)
      .filter((usd) => usd > 0)
      .sort();
    const isSparse = filled.length < 8;
    const taken = new Set<number>();
    const found: Cluster[] = [];
    const peaks = Array.from({ length: to - from }, (_, k) => from + k)
      .filter((i) => amounts[i]! > (isSparse ? 0 : filled[0]!))
      .sort((a, b) => amounts[b]! - amounts[a]!);
    for (const peak of peaks) {
      const belongs = (i: number) => i >= from && i < to && !taken.has(i) && amounts[i]! > amounts[peak]! / 2;
      if (!belongs(peak)) continue;
      let low = peak;
      let high = peak + 1;
      while (belongs(low - 1)) low--;
      while (belongs(high)) high++;
      for (let i = low; i < high; i++) taken.add(i);
      found.push(clusterOf(map, side, low, high, peak));
    }
    const outwards = found.sort((a, b) => a.distance - b.distance);
    outwards.slice(1).forEach((far, i) => {
      const near = outwards[i]!;
      near.gap = Math.max(0, (side === 'long' ? near.low - far.high : far.low - near.high) / map.price);
      if (near.gap < chainGap) [near.kind, far.kind] = ['stack', 'stack'];
    });
    return side === 'long' ? outwards.reverse() : outwards;
  });
}

function clusterOf(map: BandMap, side: 'long' | 'short', from: number, to: number, peak: number): Cluster {
  const price = (band: number) => Math.exp(map.lnLow + band * map.step);
  const low = side === 'short' ? Math.max(price(from), map.price) : price(from);
  const high = side === 'long' ? Math.min(price(to), map.price) : price(to);
  const sum = (values: Float64Array) => values.slice(from, to).reduce((total, value) => total + value, 0);
  const usd = sum(map[side]);
  const moments = map[`${side}Age`].map((age, i) => age * map[side][i]!);
  return {
    side,
    kind: Math.log(high / low) <= 0.003 + 1e-9 ? 'wall' : 'isolated',
    low,
    high,
    peak: Math.min(high, Math.max(low, price(peak + 0.5))),
    usd,
    peakUsd: map[side][peak]!,
    times: 2,
    distance: Math.max(0, side === 'long' ? 1 - high / map.price : low / map.price - 1),
    width: Math.max(0, high / low - 1),
    age: sum(moments) / usd,
    tiers: tierLeverages.map((_, t) => sum(map[`${side}Tiers`].subarray(t * map.count, (t + 1) * map.count))),
    gap: null,
  };
}
