import type { BandMap } from '../engine/records';
import { minuteMs } from '../engine/time';
import type { MapView } from './view';

/** What a view says beside the bands. */
export type ViewFacts = Pick<
  MapView,
  | 'symbol'
  | 'window'
  | 'provisional'
  | 'historyFrom'
  | 'asOf'
  | 'q'
  | 'ratio'
  | 'clusters'
  | 'levels'
  | 'isTypicalYoung'
  | 'observed'
  | 'closes'
  | 'venues'
>;

/**
 * A map as it crosses to where it is drawn. Amounts are whole dollars and ages whole minutes, which is finer than the
 * estimate.
 */
export function mapView(map: BandMap, facts: ViewFacts): MapView {
  return {
    ...facts,
    price: map.price,
    lnLow: map.lnLow,
    step: map.step,
    long: whole(map.long),
    short: whole(map.short),
    longAge: whole(map.longAge, minuteMs),
    shortAge: whole(map.shortAge, minuteMs),
    ...(map.times && { times: { long: hundredths(map.times.long), short: hundredths(map.times.short) } }),
    longTiers: whole(map.longTiers),
    shortTiers: whole(map.shortTiers),
  };
}

const whole = (values: Float64Array, unit = 1): number[] =>
  Array.from(values, (value) => Math.round(value / unit));

const hundredths = (values: Float64Array): number[] =>
  Array.from(values, (value) => Math.round(100 * value) / 100);
