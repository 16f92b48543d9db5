import { paintEstimate } from '../../paint/estimate';
import { paintForced } from '../../paint/forced';
import { followElements } from '../axis/element-axis';
import { createCard } from './card';
import { extrasStyle } from './extras-style';
import { createPanel } from './panel';
import { createPositions } from './position-lines';
import { tooltip } from './tooltip';

/** What few charts need, or only once they are asked for it: card, tooltip, panel, the modes beside levels, axes that are elements. */
export const extras = {
  createCard,
  createPanel,
  tooltip,
  paintEstimate,
  followElements,
  createPositions,
  paintForced,
  style: extrasStyle,
};
export type Extras = typeof extras;
