import type { MapView } from '../protocol/view';

/**
 * A map with bands joined to wider ones. One of their edges lies at the price, so that none is on both sides; amounts stay
 * what they were, ages are their means by amount.
 *
 * @param width of the wider bands, as a fraction of price; a map that is as coarse comes back as it is
 */
export function coarseView(view: MapView, width: number): MapView {
  const joined = Math.max(1, Math.round(Math.log1p(width) / view.step));
  if (joined === 1) return view;
  const price = Math.round((Math.log(view.price) - view.lnLow) / view.step);
  const offset = Math.ceil(price / joined) * joined - price;
  const bandOf = (i: number) => Math.floor((i + offset) / joined);
  const bands = view.long.length;
  const count = bandOf(bands - 1) + 1;
  const sum = (values: readonly number[], from = 0) => {
    const sums = new Array<number>(count).fill(0);
    for (let i = 0; i < bands; i++) sums[bandOf(i)]! += values[from + i]!;
    return sums;
  };
  const long = sum(view.long);
  const short = sum(view.short);
  const mean = (ages: readonly number[], usd: readonly number[], sums: readonly number[]) =>
    sum(ages.map((age, i) => age * usd[i]!)).map((total, i) => (sums[i]! > 0 ? total / sums[i]! : 0));
  const byTier = (tiers: readonly number[]) =>
    Array.from({ length: tiers.length / bands }, (_, tier) => sum(tiers, tier * bands)).flat();
  const { times: _, venues: __, observed, ...rest } = view;
  const seen = (side: readonly [number, number][]) => {
    const sums = new Map<number, number>();
    for (const [band, usd] of side) sums.set(bandOf(band), (sums.get(bandOf(band)) ?? 0) + usd);
    return [...sums];
  };
  return {
    ...rest,
    lnLow: view.lnLow - offset * view.step,
    step: view.step * joined,
    long,
    short,
    longAge: mean(view.longAge, view.long, long),
    shortAge: mean(view.shortAge, view.short, short),
    longTiers: byTier(view.longTiers),
    shortTiers: byTier(view.shortTiers),
    ...(observed && { observed: { ...observed, long: seen(observed.long), short: seen(observed.short) } }),
  };
}
