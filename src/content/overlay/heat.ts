import { paintHistory, readHeat } from '../../paint/heatmap';
import { ChartClock } from '../axis/clock';

/** What a heatmap takes beyond bands. Most pages never need it: its script comes only where one is wanted. */
export const heatParts = { ChartClock, paintHistory, readHeat };
export type HeatParts = typeof heatParts;
