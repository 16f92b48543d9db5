import { followElements } from '../axis/element-axis';
import { paintShapes } from './svg-shapes';

/** For charts whose axis, or whose drawing, is elements. Most charts are canvases: its script comes only where one is not. */
export const elementParts = { followElements, paintShapes };
export type ElementParts = typeof elementParts;
