import { need } from './need';

/**
 * Value below which a share of the values lies, interpolated between the two nearest ranks (type 7 of Hyndman & Fan,
 * "Sample Quantiles in Statistical Packages", 1996: the one of R and NumPy).
 *
 * @param values any order, finite, at least one; not changed
 * @param share 0–1; 0.5 is the median
 * @throws RangeError without values, for a value that is not finite, or a share outside 0–1
 * @example
 * quantile([1, 2, 3, 10], 0.5); // 2.5
 */
export function quantile(values: ArrayLike<number>, share: number): number {
  need(values.length > 0, 'quantile', 'at least one value');
  need(share >= 0 && share <= 1, 'quantile', 'a share between 0 and 1');
  const ascending = Float64Array.from(values).sort();
  // NaN is sorted to the end, so the ends tell about all.
  need(
    Number.isFinite(ascending[0]) && Number.isFinite(ascending[ascending.length - 1]),
    'quantile',
    'finite values',
  );
  const at = share * (ascending.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, ascending.length - 1);
  return ascending[low]! * (1 - (at - low)) + ascending[high]! * (at - low);
}
