import { paintHistory, readHeat } from '../../paint/heatmap';
import { Clock } from '../axis/clock';

/** What a heatmap takes beyond bands. Most pages never need it: its script comes only where one is wanted. */
export const heatParts = { Clock, paintHistory, readHeat };
export type HeatParts = typeof heatParts;
