import { paintEstimate } from '../../paint/estimate';
import { createCard } from './card';
import { extrasStyle } from './extras-style';
import { createPanel } from './panel';
import { tooltip } from './tooltip';

/** What a chart shows only once it is asked for: card, tooltip, panel, and the modes beside levels. */
export const extras = { createCard, createPanel, tooltip, paintEstimate, style: extrasStyle };
export type Extras = typeof extras;
