import type { BandMap } from '../engine/records';
import { minuteMs } from '../engine/time';
import type { MapView } from './view';

/** The map of a view as the engine reads it. */
export function bandMap(view: MapView): BandMap {
  return {
    time: view.asOf,
    price: view.price,
    lnLow: view.lnLow,
    step: view.step,
    count: view.long.length,
    long: Float64Array.from(view.long),
    short: Float64Array.from(view.short),
    longAge: Float64Array.from(view.longAge, (minutes) => minutes * minuteMs),
    shortAge: Float64Array.from(view.shortAge, (minutes) => minutes * minuteMs),
    longTiers: Float64Array.from(view.longTiers),
    shortTiers: Float64Array.from(view.shortTiers),
  };
}
