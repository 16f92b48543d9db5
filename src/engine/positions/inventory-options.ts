import { need } from '../need';
import { tierLeverages } from '../records';

/** How positions are assumed to be opened and closed. The defaults are measured: docs/model.md. */
export interface InventoryOptions {
  /** Highest leverage the venue offers for the symbol; higher tiers are opened at it. Default 125. */
  maxLeverage?: number;
  /** Maintenance rate as a fraction of notional. Default 1 / (2 · maxLeverage), the rule of every venue's first tier. */
  maintenanceRate?: number;
  /** Share of the traded volume that opens positions: each contract replaces an old entry by a new one. */
  kappa?: number;
  /** How far, as a fraction of price, entries are spread beyond the stretch the bar walked: at least this … */
  widening?: number;
  /** … plus this many times the bars' mean range, because the path inside a bar is not known. */
  wideningPerRange?: number;
  /** Moves every liquidation price by this much in ln(price): a placebo for the accuracy report. */
  displacement?: number;
  /** Share of the positions opened in each of `tierLeverages`; sums to 1. */
  tierWeights?: readonly number[];
}

const defaults = {
  maxLeverage: 125,
  kappa: 0.6,
  widening: 0.0005,
  wideningPerRange: 0.35,
  tierWeights: [0.05, 0.1, 0.2, 0.3, 0.35],
} as const;

const tiers = tierLeverages.length;

/** @throws RangeError naming the option that is out of range */
export function checkedOptions(options: InventoryOptions) {
  const maxLeverage = options.maxLeverage ?? defaults.maxLeverage;
  const maintenance = options.maintenanceRate ?? 1 / (2 * maxLeverage);
  const tierWeights = options.tierWeights ?? defaults.tierWeights;
  const kappa = options.kappa ?? defaults.kappa;
  const widening = options.widening ?? defaults.widening;
  const wideningPerRange = options.wideningPerRange ?? defaults.wideningPerRange;
  const displacement = options.displacement ?? 0;
  const within = (value: number, low: number, high: number) => value >= low && value <= high;
  need(within(maxLeverage, 1, 1000), 'Inventory', 'a maximum leverage between 1 and 1000');
  need(
    maintenance >= 0 && maintenance < 1 / maxLeverage,
    'Inventory',
    'a maintenance rate from 0 to below 1 / maxLeverage',
  );
  need(within(kappa, 0, 10), 'Inventory', 'kappa between 0 and 10');
  need(within(widening, 0, 0.1), 'Inventory', 'a widening between 0 and 0.1');
  need(within(wideningPerRange, 0, 10), 'Inventory', 'a widening per range between 0 and 10');
  need(within(displacement, -0.1, 0.1), 'Inventory', 'a displacement within ±0.1');
  need(tierWeights.length === tiers, 'Inventory', `${tiers} tier weights`);
  const sum = tierWeights.reduce((total, weight) => total + weight, 0);
  need(
    tierWeights.every((weight) => weight >= 0) && Math.abs(sum - 1) < 1e-6,
    'Inventory',
    'tier weights that are not negative and sum to 1',
  );
  return { maxLeverage, maintenance, kappa, widening, wideningPerRange, displacement, tierWeights };
}
