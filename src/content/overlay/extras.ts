import { paintEstimate } from '../../paint/estimate';
import { paintForced } from '../../paint/forced';
import { openedPlace } from './badge-place';
import { createCard } from './card';
import { DockedPanel } from './docked-panel';
import { extrasStyle } from './extras-style';
import { createPositions } from './position-lines';
import { statusOf } from './reason';
import { tell } from './tooltip';

/** What few charts need, or only once they are asked for it: card, tooltip, panel, why nothing is drawn, the modes beside levels. */
export const extras = {
  createCard,
  openedPlace,
  DockedPanel,
  tell,
  paintEstimate,
  createPositions,
  statusOf,
  paintForced,
  style: extrasStyle,
};
export type Extras = typeof extras;
