import { windowIds } from '../engine/records';
import type { venueIds } from '../venues';
import { symbolPattern } from '../venues/symbols';
import { type Form, like, oneOf } from './form';

/** Names that stand in what a page is told: read without the venues' own data, which pages need not carry. */

export const WindowId = oneOf(...windowIds);
export const CanonicalSymbol = like(symbolPattern);
/** A venue by its id, as the worker tells it. */
export const VenueName = like(/^[a-z]{2,20}$/) as Form<(typeof venueIds)[number]>;
