import { paintEstimate } from '../../paint/estimate';
import { paintForced } from '../../paint/forced';
import { createCard } from './card';
import { extrasStyle } from './extras-style';
import { createPanel } from './panel';
import { createPositions } from './position-lines';
import { reasonOf } from './reason';
import { tell } from './tooltip';

/** What few charts need, or only once they are asked for it: card, tooltip, panel, why nothing is drawn, the modes beside levels. */
export const extras = {
  createCard,
  createPanel,
  tell,
  paintEstimate,
  createPositions,
  reasonOf,
  paintForced,
  style: extrasStyle,
};
export type Extras = typeof extras;
